"""Measure anew what reports tell of the model: ``python docs/measure.py``.

A report comes at once because it does not run the model again: what the uncertain assumptions
do, and how the model does on history, comes from tables that are shipped. Run this when
equations or data have changed; it takes some minutes.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any, Final

import calibration
from calibration.stages import load_stages
from simulator.errors import SimulatorError
from simulator.interface.cli import invoke
from simulator.results.effects import FILE as EFFECTS
from simulator.results.history import FILE as HISTORY
from simulator.results.history import Fitted, Held, History, write_history
from simulator.version import code_version

HERE: Final = Path(calibration.__file__).parent / "measured"
SCENARIO: Final = "national_targets"
UNTIL: Final = 2020
HINDCAST: Final = ("hindcast", "--until", str(UNTIL), "--members", "100")
CALIBRATE: Final = ("calibrate",)


def main() -> None:
    """Run the commands and keep their tables."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _run("run", SCENARIO, "--assumptions", "--no-report", "--out", folder)
        shutil.copy(Path(folder) / SCENARIO / EFFECTS, HERE / EFFECTS)
        found = history(_run(*HINDCAST), _run(*CALIBRATE, "--out", folder))
    write_history(found, HERE / HISTORY)


def history(hindcast: Mapping[str, Any], fitted: Mapping[str, Any]) -> History:
    """Keep what a report tells of what two commands print."""
    bands = hindcast["bands"][str(UNTIL)]
    commands = (" ".join(("shuangtan", *words)) for words in (HINDCAST, CALIBRATE))
    return History(
        hindcast["scenario"], hindcast["hash"], code_version(), UNTIL, bands["members"],
        bands["coverage"], tuple(commands), tuple(map(_held, hindcast["scores"])),
        tuple(_fitted(fitted)),
    )  # fmt: skip


def _held(score: Mapping[str, Any]) -> Held:
    """Take the errors of one series over."""
    errors = ("model", "model_with_drivers", "last_value", "linear_trend")
    found = {name: _number(score[name]["absolute"]) for name in errors}
    rest = {name: score[name] for name in Held._fields if name not in found}
    return Held(**found, **rest)


def _number(value: float | None) -> float:
    """A number, or not-a-number, which JSON does not have."""
    return float("nan") if value is None else value


def _fitted(found: Mapping[str, Any]) -> Iterator[Fitted]:
    """Take over what the fit did to each parameter, but for what only closes a total."""
    stages = load_stages()
    for item in found["parameters"]:
        stage = stages[item["stage"]]
        if stage.method == "fitted":
            yield Fitted(stage.en, stage.zh, item["key"], item["verdict"], item["narrowing"])


def _run(*words: str) -> Any:  # noqa: ANN401 - what the command prints
    """Run one command and read what it prints, or say that it failed."""
    said = StringIO()
    with redirect_stdout(said):
        code = invoke([*words, "--json"])
    if code:
        message = f"shuangtan {' '.join(words)} ended with {code}"
        raise SimulatorError(message)
    return json.loads(said.getvalue())


if __name__ == "__main__":
    main()
