"""Measure anew what reports tell of the model: ``python docs/measure.py``.

A report comes at once because it does not run the model again: what the uncertain assumptions
do comes from tables that are shipped. Run this when equations or data have changed.
"""

import shutil
import tempfile
from pathlib import Path
from typing import Final

import calibration
from simulator.errors import SimulatorError
from simulator.interface.cli import invoke
from simulator.results.effects import FILE as EFFECTS

HERE: Final = Path(calibration.__file__).parent / "measured"
SCENARIO: Final = "national_targets"


def main() -> None:
    """Run the commands and keep their tables."""
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        _run("run", SCENARIO, "--assumptions", "--no-report", "--quiet", "--out", folder)
        shutil.copy(Path(folder) / SCENARIO / EFFECTS, HERE / EFFECTS)


def _run(*words: str) -> None:
    """Run one command, or say that it failed."""
    if code := invoke(words):
        message = f"shuangtan {' '.join(words)} ended with {code}"
        raise SimulatorError(message)


if __name__ == "__main__":
    main()
