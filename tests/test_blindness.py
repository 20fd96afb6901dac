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
from simulator.reading.scenario import load
from simulator.results.simulation import simulate
scenario = load("frozen").replace({"history_end": int(sys.argv[1]), "horizon.end": 2025})
for engine in ("reference", "batch"):
    found, total = simulate(scenario.resolved, engine).dataset, hashlib.sha256()
    for name in sorted(found.data_vars):
        total.update(np.ascontiguousarray(found[name].values).tobytes())
    print(total.hexdigest())
"""


def run_in(folder: Path, end: int) -> list[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(end)],
        cwd=folder, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def unknown(path: str, year: str) -> bool:
    """Whether a row of a table was not known before the cut."""
    rule = rule_of(RULES, path)
    if rule is None or rule.rule in UNCHANGED or not year:
        return False
    time = float(year)
    return (time if rule.rule == "trend_of_day" else floor(time) + 1) > CUT


def shake(table: Path, random: np.random.Generator) -> int:
    """Multiply what was not known by chance, and widen its range; count the rows."""
    with table.open(encoding="utf-8", newline="") as stream:
        header, *rows = list(csv.reader(stream))
    count = 0
    for cells in rows:
        if cells and unknown(f"{table.parent.name}.{cells[0]}", cells[1]):
            cells[2] = repr(float(cells[2]) * random.uniform(0.95, 1.05))
            if cells[4]:
                cells[4:6] = ["-1e9", "1e9"]
            count += 1
    if count:
        with table.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *rows])
    return count


@pytest.fixture(scope="module")
def shaken(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    for part in ("simulator", "calibration", "scenarios"):
        shutil.copytree(
            ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", folder)
    random = np.random.default_rng(1)
    count = sum(
        shake(table, random) for table in sorted((folder / "simulator/data").glob("*/*.csv"))
    )
    assert count > 1300
    return folder


def test_years_after_the_end_of_history_leave_no_trace(shaken):
    assert run_in(shaken, CUT) == run_in(ROOT, CUT)


def test_the_same_years_leave_a_trace_where_they_are_history(shaken):
    """The test above could fail: with one more year of history the copy runs otherwise."""
    assert run_in(shaken, CUT + 1) != run_in(ROOT, CUT + 1)
