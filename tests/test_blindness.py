"""A run whose history ends early does not change by a bit when the years after are others.

The whole project is copied, every number that was not known then is multiplied by chance in
the tables themselves, and the copy runs in a process of its own: no reader of a table, known or
forgotten, can see the true ones.
"""

import csv
import os
import shutil
import subprocess
import sys
from math import floor
from pathlib import Path

import numpy as np
import pytest

from simulator.reading.known import TABLE, UNCHANGED, load_rules, rule_of

ROOT = Path(__file__).resolve().parents[1]
CUT = 2021
RULES = load_rules(ROOT / "simulator" / "data" / TABLE)

RUN = """
import hashlib, sys
import numpy as np
from calibration.drivers import KINDS, with_drivers
from simulator.reading.scenario import load
from simulator.results.simulation import simulate
for question in sys.argv[1:]:
    end, drivers = question.split()
    scenario = load("frozen").replace({"history_end": int(end), "horizon.end": 2025})
    resolved = with_drivers(scenario.resolved, KINDS if drivers == "observed" else ())
    for engine in ("reference", "batch"):
        found, total = simulate(resolved, engine).dataset, hashlib.sha256()
        for name in sorted(found.data_vars):
            total.update(np.ascontiguousarray(found[name].values).tobytes())
        print(total.hexdigest())
"""

EXPECTED, LONGER, OBSERVED = f"{CUT} expected", f"{CUT + 1} expected", f"{CUT} observed"
"""End of history, and whose drivers come after it."""


def runs_in(folder: Path, *questions: str) -> dict[str, list[str]]:
    """Digests of what both engines find for each question, in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", RUN, *questions],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    digests = done.stdout.split()
    assert len(digests) == 2 * len(questions)
    return {one: digests[2 * i : 2 * i + 2] for i, one in enumerate(questions)}


def unknown(path: str, year: str) -> bool:
    """Whether a row of a table was not known before the cut."""
    rule = rule_of(RULES, path)
    if rule is None or rule.rule in UNCHANGED or not year:
        return False
    time = float(year)
    return (time if rule.rule == "trend_of_day" else floor(time) + 1) > CUT


def is_driver(path: str) -> bool:
    """Whether a run with observed drivers may read a number."""
    rule = rule_of(RULES, path)
    sources = {rule.source for rule in RULES if rule.driver and rule.source}
    return path in sources or (rule is not None and bool(rule.driver))


def shake(table: Path, random: np.random.Generator, *, drivers: bool) -> int:
    """Multiply what was not known by chance, and widen its range; count the rows."""
    with table.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    count = 0
    for cells in rows:
        path = f"{table.parent.name}.{cells[0]}" if cells else ""
        if cells and unknown(path, cells[1]) and (drivers or not is_driver(path)):
            cells[2] = repr(float(cells[2]) * random.uniform(0.95, 1.05))
            if cells[4]:
                cells[4:6] = ["-1e9", "1e9"]
            count += 1
    if count:
        with table.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    return count


def shaken_copy(folder: Path, *, drivers: bool) -> Path:
    """The project with what was not known shaken, drivers too or all but them."""
    for part in ("simulator", "calibration", "scenarios"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    random = np.random.default_rng(1)
    tables = sorted((folder / "simulator/data").glob("*/*.csv"))
    count = sum(shake(table, random, drivers=drivers) for table in tables)
    assert count > 1300
    return folder


@pytest.fixture(scope="module")
def true() -> dict[str, list[str]]:
    """What the project itself finds."""
    return runs_in(ROOT, EXPECTED, LONGER, OBSERVED)


@pytest.fixture(scope="module")
def shaken(tmp_path_factory) -> dict[str, list[str]]:
    """What a copy finds in which all that was not known is shaken."""
    folder = shaken_copy(tmp_path_factory.mktemp("project"), drivers=True)
    return runs_in(folder, EXPECTED, LONGER, OBSERVED)


@pytest.fixture(scope="module")
def shaken_but_drivers(tmp_path_factory) -> dict[str, list[str]]:
    """What a copy finds in which all of that but the drivers is shaken."""
    folder = shaken_copy(tmp_path_factory.mktemp("given"), drivers=False)
    return runs_in(folder, OBSERVED)


def test_years_after_the_end_of_history_leave_no_trace(true, shaken):
    assert shaken[EXPECTED] == true[EXPECTED]


def test_the_same_years_leave_a_trace_where_they_are_history(true, shaken):
    """The test above could fail: with one more year of history the copy runs otherwise."""
    for mine, its in zip(shaken[LONGER], true[LONGER], strict=True):
        assert mine != its


def test_with_observed_drivers_nothing_else_of_the_years_after_leaves_a_trace(
    true, shaken_but_drivers, shaken
):
    assert shaken_but_drivers[OBSERVED] == true[OBSERVED]
    for mine, its in zip(shaken[OBSERVED], true[OBSERVED], strict=True):
        assert mine != its
