"""The command ``calibrate``: parameters fitted to history, and what history leaves open."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.results.wording import plain

if TYPE_CHECKING:
    from calibration.calibrate import Calibration, Line

FOLDER: Final = "calibration"
"""Folder of the results inside that of ``--out``."""

TOGETHER: Final = 0.5
"""Correlation from which on two parameters are named together."""

WORDS: Final = {
    "closed": ("closes a total", "闭合总量"),
    "constrained": ("constrained", "数据有约束"),
    "at the end of its range": ("at the end of its range", "已到范围端点"),
    "not constrained": ("not constrained by the data", "数据无约束"),
}
"""Verdicts in both languages."""


def calibrate_command(output: Output, until: int | None, stage: str | None, out: str) -> int:
    """Fit, write the parameter set, and print what is known of each parameter."""
    from calibration.calibrate import calibrate  # noqa: PLC0415 - the model and scipy
    from calibration.observations import LAST_YEAR  # noqa: PLC0415
    from calibration.parameter_set import summary, write_parameter_set  # noqa: PLC0415
    from calibration.stages import Stage  # noqa: PLC0415

    zh, folder = output.language == "zh", Path(out) / FOLDER

    def tell(item: Stage, turn: int, cost: float) -> None:
        name = item.zh if zh else item.en
        output.line("calibrate_round", stage=name, round=turn, cost=f"{cost:.3f}")

    found = calibrate(until or LAST_YEAR, stage, tell)
    write_parameter_set(found, folder)
    _print(found, output)
    output.line("written", folder=folder)
    output.json(summary(found))
    return 0


def _print(found: "Calibration", output: Output) -> None:
    """Print the fitted parameters and how well the closing factors stay what they were."""
    fitted = [line for line in found.lines if line.year is None]
    closed = [line for line in found.lines if line.year is not None]
    if closed:
        largest = max(abs(line.value - line.shipped) for line in closed)
        output.line("calibrate_closed", count=len(closed), change=f"{largest:.2g}")
    if not fitted:
        return
    head = ("parameter", "unit", "shipped", "fitted", "interval", "narrowing", "verdict")
    output.table(
        [say(word, output.language) for word in head],
        [_cells(line, output) for line in fitted],
    )
    open_ones = [line.key for line in fitted if line.verdict == "not constrained"]
    output.line("calibrate_open", count=len(open_ones), total=len(fitted))
    for key in open_ones:
        output.text(f"  {key}")
    pairs = [pair for pair in found.correlations if abs(pair.correlation) > TOGETHER]
    if pairs:
        output.line("calibrate_together")
    for pair in pairs:
        output.text(f"  {pair.first}, {pair.second}: {pair.correlation:+.2f}")


def _cells(line: "Line", output: Output) -> list[str]:
    """One row of the table."""
    place = 1 if output.language == "zh" else 0
    low, high = (f"{value:.4g}" for value in (line.lower, line.upper))
    return [
        line.key,
        line.unit,
        f"{line.shipped:.4g}",
        f"{line.value:.4g}",
        f"{low}…{high}",
        "" if line.narrowing is None else plain(line.narrowing, 2),
        WORDS[line.verdict][place],
    ]
