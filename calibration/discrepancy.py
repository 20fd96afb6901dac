"""What the model cannot know, from how it fared at earlier cuts.

Parameters drawn from their ranges leave out what no parameter holds: programmes, subsidies,
downturns. How much that is, the model's own earlier forecasts tell (rolling origin, Tashman
2000, doi:10.1016/S0169-2070(00)00065-0): it is run from every earlier year in which history may
end, and its errors in the years known since are squared and averaged by series,

    s^2 = (sum over e^2 / h^(2 g) + m f^2) / (n + m),     e = log model - log observed

at lead h [yr], together with m errors of the size f that is usual in the family of the series,
since n is small. How errors grow with the lead, g, is fitted to all series at once. A forecast
from a few errors has the tails of Student's t with as many degrees of freedom as there are
origins. Nothing observed after the cut is read: errors end with it. Bias counts as spread.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.drivers import Drivers
from calibration.heldout import SCENARIO, Point, held_out
from calibration.scoring import value
from simulator.errors import ScenarioError
from simulator.reading.scenario import Scenario, load

FloatArray = NDArray[np.float64]

FIRST_ORIGIN: Final = 2016
"""First year in which history may end: two years are known."""
POOLED: Final = 2.0
"""Errors of the usual size of the family that stand beside those of a series."""
FASTEST: Final = 1.0
"""Largest power of the lead that errors grow with: a drift that was missed altogether."""
NOUGHT: Final = 1e-9
"""Errors below which a logarithm says nothing."""


class PastError(NamedTuple):
    """One series, forecast from one origin, in one known year."""

    name: str
    origin: int
    lead: int
    """Years from the origin [yr]."""
    error: float
    """Logarithm of model over observed [1]."""


@dataclass(frozen=True)
class _Same:
    """A scenario that is told from others by its hash."""

    digest: str
    scenario: Scenario = field(compare=False)


class Discrepancy(NamedTuple):
    """Spread of what the model cannot know."""

    size: Mapping[str, float]
    """By series, at a lead of one year, of the logarithm [1]."""
    usual: float
    """That of a series without errors of its own or its family [1]."""
    growth: float
    """Power of the lead that it grows with [1]."""
    freedom: int
    """Degrees of freedom of Student's t."""

    def spread(self, name: str, lead: float) -> float:
        """Spread of the logarithm at a lead [1]."""
        return self.size.get(name, self.usual) * float(lead**self.growth)


def discrepancy(
    until: int, scenario: Scenario | None = None, drivers: Drivers = "expected"
) -> Discrepancy:
    """What the errors up to a cut say of those after it."""
    return estimate(past_errors(until, scenario, drivers))


def past_errors(
    until: int, scenario: Scenario | None = None, drivers: Drivers = "expected"
) -> tuple[PastError, ...]:
    """Errors of forecasts from earlier years, in the years up to a cut."""
    if until <= FIRST_ORIGIN:
        message = f"the errors of earlier forecasts are known from {FIRST_ORIGIN + 1} on"
        raise ScenarioError(message)
    chosen = scenario or load(SCENARIO)
    same, found = _Same(chosen.resolved.digest, chosen), []
    for origin in range(FIRST_ORIGIN, until):
        for point in _forecast(origin, same):
            model = value(point, drivers)
            if point.year <= until and min(point.observed, model) > 0.0:
                lead, error = point.year - origin, float(np.log(model / point.observed))
                found.append(PastError(point.name, origin, lead, error))
    return tuple(found)


@lru_cache(maxsize=32)
def _forecast(origin: int, same: _Same) -> tuple[Point, ...]:
    return held_out(origin, same.scenario)


def estimate(errors: Sequence[PastError]) -> Discrepancy:
    """Pool errors by series and family."""
    power = growth(errors)
    by_name: dict[str, list[float]] = {}
    by_family: dict[str, list[float]] = {}
    for one in errors:
        square = (one.error / one.lead**power) ** 2
        by_name.setdefault(one.name, []).append(square)
        by_family.setdefault(_family(one.name), []).append(square)
    size = {}
    for name, squares in by_name.items():
        # The usual size is a median, since one odd series is not usual.
        usual = float(np.median(by_family[_family(name)]))
        size[name] = float(np.sqrt((sum(squares) + POOLED * usual) / (len(squares) + POOLED)))
    everywhere = [square for squares in by_name.values() for square in squares]
    freedom = len({one.origin for one in errors})
    return Discrepancy(size, float(np.sqrt(np.median(everywhere))), power, freedom)


def growth(errors: Sequence[PastError]) -> float:
    """Power of the lead, by least squares over logarithms, each series at its own level."""
    above = below = 0.0
    for name in dict.fromkeys(one.name for one in errors):
        own = [one for one in errors if one.name == name and abs(one.error) > NOUGHT]
        leads = np.log([one.lead for one in own])
        sizes = np.log([abs(one.error) for one in own])
        if own:
            above += float(((leads - leads.mean()) * (sizes - sizes.mean())).sum())
            below += float(((leads - leads.mean()) ** 2).sum())
    return min(max(above / below, 0.0), FASTEST) if below else FASTEST


def widened(
    column: FloatArray, name: str, lead: int, lacking: Discrepancy, draws: FloatArray
) -> FloatArray:
    """Members with what the model cannot know; their own spread counts towards it.

    Parameters
    ----------
    column
        What each member says of a point, (member).
    draws
        Of Student's t, (member).
    """
    own = float(np.log(column[column > 0.0]).std()) if (column > 0.0).any() else 0.0
    left = max(lacking.spread(name, lead) ** 2 - own**2, 0.0)
    return np.asarray(column * np.exp(np.sqrt(left) * draws))


def _family(name: str) -> str:
    """What stands before the dot of a name."""
    return name.split(".", maxsplit=1)[0]
