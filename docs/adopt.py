"""Ship what ``shuangtan calibrate`` finds: ``python docs/adopt.py``.

Values go to the data tables and, as most likely ones, to the sweep ``uncertainty``; the tables
of the set itself go to ``calibration/fitted``. Run this when equations, data or observations
have changed, again until it says that nothing has moved: factors that close totals depend a
little on what is fitted, and the other way round.
"""

import csv
import io
import re
import sys
import tempfile
from pathlib import Path
from typing import Final

from calibration.calibrate import Calibration, Line, calibrate
from calibration.factors import rows
from calibration.parameter_set import (
    CORRELATIONS,
    FITTED,
    PARAMETERS,
    adopted,
    write_parameter_set,
)
from simulator.reading.library import shipped
from simulator.reading.parameters import COLUMNS, Parameter, load_parameters
from simulator.reading.sweep import UNCERTAINTY

KEY, YEAR, VALUE, SOURCE, WHERE, STANDING = (
    COLUMNS.index(name) for name in ("key", "year", "value", "source", "where", "standing")
)
FITTED_TO: Final = "fitted to the years to {until} by calibrate, stage {stage}"
SAYS_LITTLE: Final = "centre of the prior; history says too little of it to move it"


def main() -> None:
    """Fit, write and say what has moved."""
    found = calibrate()
    count = sum(_shipped(line, found.until) for line in found.lines)
    FITTED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write_parameter_set(_without_closing(found), Path(folder) / "set")
        for name in (PARAMETERS, CORRELATIONS):
            text = (Path(folder) / "set" / name).read_text(encoding="utf-8-sig")
            (FITTED / name).write_text(text, encoding="utf-8")
    _most_likely(found)
    sys.stdout.write(f"{count} numbers moved\n" if count else "nothing moved\n")


def _without_closing(found: Calibration) -> Calibration:
    """The set without the factors that only close totals."""
    lines = [line for line in found.lines if line.year is None]
    known = load_parameters()
    return found._replace(
        lines=tuple(line._replace(shipped=known[line.key].values[0]) for line in lines)
    )


def _most_likely(found: Calibration) -> None:
    """Put fitted values where the sweep has its most likely ones."""
    file = shipped().scenarios / "sweeps" / f"{UNCERTAINTY}.yaml"
    text = file.read_text(encoding="utf-8")
    for line in found.lines:
        block = rf"({re.escape(line.key)}:\s+{{distribution: triangular, mode: )[^,]+"
        text = re.sub(block, rf"\g<1>{adopted(line):.12g}", text)
    file.write_text(text, encoding="utf-8")


def _shipped(line: Line, until: int) -> bool:
    """Write one number to the table that declares it; whether it moved."""
    parameter = load_parameters()[line.key]
    file = _file(parameter)
    text = file.read_text(encoding="utf-8").split("\n")
    place = parameter.line - 1
    if line.year is not None:
        place += parameter.times.index(line.year)
    cells = next(csv.reader([text[place]]))
    before = list(cells)
    cells[VALUE] = f"{adopted(line):.12g}"
    if line.year is None and line.verdict != "not constrained":
        source = next(row["source"] for row in rows("stages.csv") if row["stage"] == line.stage)
        cells[SOURCE], cells[STANDING] = source, "calibrated"
        cells[WHERE] = FITTED_TO.format(until=until, stage=line.stage)
    elif line.year is None and cells[WHERE].startswith(FITTED_TO.split(" {")[0]):
        cells[SOURCE], cells[WHERE], cells[STANDING] = "assumption", SAYS_LITTLE, "assumption"
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(cells)
    text[place] = stream.getvalue()
    file.write_text("\n".join(text), encoding="utf-8")
    return cells != before


def _file(parameter: Parameter) -> Path:
    """The table that declares a parameter."""
    return shipped().data / Path(parameter.file).relative_to(Path(parameter.file).parents[1])


if __name__ == "__main__":
    main()
