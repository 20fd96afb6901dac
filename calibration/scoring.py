"""What a hindcast is worth: errors of each series beside those of two yardsticks."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from calibration.drivers import Drivers
from calibration.heldout import HeldOut, Point, by_series, load_heldout
from calibration.yardsticks import Errors, errors

TOTAL: Final = "co2.total"
PARTS: Final = ("co2.coal", "co2.oil", "co2.gas", "co2.process")
"""National CO2 and what it is made of."""
JUDGED: Final[Mapping[Drivers, str]] = {
    "expected": "model",
    "observed": "model_with_drivers",
}
"""Which run of a point is judged."""
YARDSTICKS: Final = ("last_value", "linear_trend")
"""What the model is held against."""


class Score(NamedTuple):
    """One series over all the years that the model did not see."""

    until: int
    name: str
    en: str
    zh: str
    unit: str
    first: int
    last: int
    """First and last year that is scored."""
    model: Errors
    model_with_drivers: Errors
    last_value: Errors
    linear_trend: Errors
    worst: float
    """Largest error of a year, with its sign, of the run that is judged [1]."""
    bar: float | None
    met: bool | None
    """Whether every year is within the bar; None without a bar."""
    better: bool | None
    """Whether the model is better than both yardsticks; None where there are none."""
    missing_en: str
    """What the model lacks; empty where nothing explains an error of this sign."""
    missing_zh: str

    def judged(self, drivers: Drivers) -> Errors:
        """Errors of one of the two runs."""
        return getattr(self, JUDGED[drivers])  # type: ignore[no-any-return]


def value(point: Point, drivers: Drivers) -> float:
    """What one of the two runs says of a point."""
    return float(getattr(point, JUDGED[drivers]))


def scores(found: Sequence[Point], drivers: Drivers = "expected") -> tuple[Score, ...]:
    """Sum up the years of each series and each cut, and judge one of the two runs."""
    declared = {item.name: item for item in load_heldout()}
    cuts = sorted({point.until for point in found})
    return tuple(
        _score(declared[name], own, drivers)
        for cut in cuts
        for name, own in by_series([point for point in found if point.until == cut])
    )


def offsetting(
    found: Sequence[Point], until: int, drivers: Drivers = "expected"
) -> tuple[float, float]:
    """Mean absolute error of the parts of national CO2 added up, and of their total [Mt/yr]."""

    def error(name: str) -> float:
        own = [p for p in found if (p.until, p.name) == (until, name)]
        return sum(abs(value(p, drivers) - p.observed) for p in own) / len(own)

    return sum(map(error, PARTS)), error(TOTAL)


def share_better(found: Sequence[Score]) -> tuple[int, int]:
    """Count the series in which the model beats both yardsticks, and those that have any."""
    judged = [score.better for score in found if score.better is not None]
    return sum(judged), len(judged)


def _score(item: HeldOut, own: Sequence[Point], drivers: Drivers) -> Score:
    observed = np.array([point.observed for point in own])
    found = {
        name: errors(np.array([getattr(point, name) for point in own]), observed)
        for name in (*JUDGED.values(), *YARDSTICKS)
    }
    judged = found[JUDGED[drivers]]
    worst = max((value(p, drivers) / p.observed - 1.0 for p in own), key=abs)
    yardstick = min(
        (found[name].absolute for name in YARDSTICKS if np.isfinite(found[name].absolute)),
        default=None,
    )
    side = "over" if judged.bias > 0.0 else "under"
    explained = item.where in (side, "either")
    return Score(
        until=own[0].until, name=item.name, en=item.en, zh=item.zh, unit=own[0].unit,
        first=own[0].year, last=own[-1].year,
        **found,
        worst=worst, bar=item.bar,
        met=None if item.bar is None else abs(worst) <= item.bar,
        better=None if yardstick is None else judged.absolute < yardstick,
        missing_en=item.missing_en if explained else "",
        missing_zh=item.missing_zh if explained else "",
    )  # fmt: skip
