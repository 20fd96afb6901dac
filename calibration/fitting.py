"""Least squares with priors, and what it leaves uncertain.

    minimise  r' C^-1 r + sum ((x - centre) / spread)^2,   r = log model - log observed

over coordinates inside their ranges (trust region reflective, Branch, Coleman and Li 1999,
doi:10.1137/S1064827595289108). How far each series stays from the model enters its covariance
`C` and is found by turns with the fit (iterated generalised least squares). The posterior is
normal, with the covariance of the fit linearised at its end, by central differences.

A knob whose interval history hardly narrows stays at the centre of its prior, where its source
has it, and the others are fitted again: it was moved by errors of the model that it happened to
lessen, not by evidence of its own. It is part of the posterior as the others are.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.evidence import Series, errors, misfit, weighted
from calibration.knobs import Knob
from calibration.past import Past

FloatArray = NDArray[np.float64]

STEP: Final = 0.1
"""Half width of a difference, in standard deviations of the prior."""

ROUNDS: Final = 4
"""How often the size of the misfit is renewed; it settles in three."""

EVALUATIONS: Final = 25
"""Most points that one round looks at."""

TOLERANCE: Final = 1e-5
"""Relative change of the sum of squares at which a round ends."""

NARROWED: Final = 0.9
"""Width of an interval relative to its prior from which on the data say nothing [1]."""

NORMAL_95: Final = 1.6448536269514722
"""Standard deviations from the middle of a normal distribution to the end of its 90 % band."""


class Fit(NamedTuple):
    """What a stage found."""

    knobs: tuple[Knob, ...]
    coordinates: FloatArray
    """Best coordinates, (knob)."""
    covariance: FloatArray
    """Of the coordinates, (knob, knob)."""
    prior: FloatArray
    """Standard deviations before history was looked at, (knob)."""
    informed: NDArray[np.bool_]
    """Whether history tells of a knob; else it stays at the centre of its prior, (knob)."""
    series: tuple[Series, ...]
    before: tuple[FloatArray, ...]
    """Errors at the centre of the priors, one a series."""
    after: tuple[FloatArray, ...]
    """Errors of the best fit, one a series."""
    sizes: tuple[float, ...]
    """How far the model stays from each series [1]."""
    cost: float
    """Half the sum of squares at the end."""

    @property
    def values(self) -> tuple[float, ...]:
        """Best values, in the units of the knobs."""
        pairs = zip(self.knobs, self.coordinates.tolist(), strict=True)
        return tuple(knob.outer(x) for knob, x in pairs)

    @property
    def spread(self) -> FloatArray:
        """Standard deviations of the coordinates, (knob)."""
        return np.sqrt(np.diag(self.covariance))

    @property
    def correlation(self) -> FloatArray:
        """Correlation of the coordinates, (knob, knob)."""
        return self.covariance / np.outer(self.spread, self.spread)

    def interval(self, place: int) -> tuple[float, float]:
        """Ends of the 90 % band of a knob, inside its range."""
        knob, middle = self.knobs[place], float(self.coordinates[place])
        reach = NORMAL_95 * float(self.spread[place])
        return knob.outer(middle - reach), knob.outer(middle + reach)


class _Problem:
    """Residuals and derivatives of one point, worked out together and once."""

    def __init__(self, past: Past, series: Sequence[Series]) -> None:
        self.past = past
        self.series = series
        self.centre = np.array([knob.inner(knob.centre) for knob in past.knobs])
        self.spread = np.array([knob.spread for knob in past.knobs])
        self.sizes: tuple[float, ...] = (1.0,) * len(series)
        self._point: FloatArray | None = None
        self._errors: list[FloatArray] = []

    def at(self, point: FloatArray) -> list[FloatArray]:
        """Errors at a point and at both sides of it along every knob, a table a series."""
        if self._point is None or not np.array_equal(point, self._point):
            around = np.diag(STEP * self.spread)
            runs = np.concatenate([point[None], point + around, point - around])
            tables = self.past.tables(runs)
            self._errors = errors(self.series, tables, int(self.past.years[0]))
            self._point = point.copy()
        return self._errors

    def residuals(self, point: FloatArray) -> FloatArray:
        """Weighted residuals of history, then of the priors."""
        seen = weighted(self.series, [one[:1] for one in self.at(point)], self.sizes)[0]
        return np.concatenate([seen, (point - self.centre) / self.spread])

    def jacobian(self, point: FloatArray) -> FloatArray:
        """Derivatives of the residuals, (residual, knob)."""
        count = len(point)
        table = weighted(self.series, self.at(point), self.sizes)
        above, below = table[1 : 1 + count], table[1 + count :]
        slope = ((above - below) / (2.0 * STEP * self.spread[:, None])).T
        return np.concatenate([slope, np.diag(1.0 / self.spread)])

    def misfits(self, point: FloatArray) -> tuple[float, ...]:
        """How far every series stays from the model."""
        return tuple(misfit(one[:1]) for one in self.at(point))


def fit(
    past: Past, series: Sequence[Series], report: Callable[[int, float], None] | None = None
) -> Fit:
    """Fit the knobs of some history to the series.

    Parameters
    ----------
    past
        What runs the model.
    series
        What was observed, one for each comparison of `past`.
    report
        Called after every round with its number and half the sum of squares.
    """
    problem = _Problem(past, series)
    before = tuple(one[0] for one in problem.at(problem.centre))
    everything = np.ones(len(problem.centre), dtype=np.bool_)
    search = _search(problem, problem.centre, everything, 0, report)
    informed = np.sqrt(np.diag(_covariance(problem, search.point))) < NARROWED * problem.spread
    start = np.where(informed, search.point, problem.centre)
    search = _search(problem, start, informed, ROUNDS, report)
    return Fit(
        knobs=past.knobs,
        coordinates=search.point,
        covariance=_covariance(problem, search.point),
        prior=problem.spread,
        informed=informed,
        series=tuple(series),
        before=before,
        after=tuple(one[0] for one in problem.at(search.point)),
        sizes=problem.sizes,
        cost=search.cost,
    )


class _Search(NamedTuple):
    """Where a search ended."""

    point: FloatArray
    cost: float


def _search(
    problem: _Problem,
    start: FloatArray,
    free: NDArray[np.bool_],
    turns: int,
    report: Callable[[int, float], None] | None,
) -> _Search:
    """Find the best coordinates of the free knobs, the others as they are.

    Parameters
    ----------
    turns
        Rounds that were reported before.
    """
    from scipy.optimize import least_squares  # noqa: PLC0415 - slow to import

    knobs = problem.past.knobs
    inside = 1e-6 * problem.spread
    low = np.array([knob.inner(knob.low) for knob in knobs])
    high = np.array([knob.inner(knob.high) for knob in knobs])

    def whole(part: FloatArray) -> FloatArray:
        point = start.copy()
        point[free] = part
        return point

    point, cost = start, 0.0
    for turn in range(ROUNDS):
        problem.sizes = problem.misfits(point)
        if not free.any():
            break
        found = least_squares(
            lambda part: problem.residuals(whole(part)),
            np.clip(point, low + inside, high - inside)[free],
            lambda part: problem.jacobian(whole(part))[:, free],
            (low[free], high[free]),
            method="trf",
            x_scale=problem.spread[free],
            ftol=TOLERANCE,
            xtol=TOLERANCE,
            max_nfev=EVALUATIONS,
        )
        point, cost = whole(found.x), float(found.cost)
        if report:
            report(turns + turn + 1, cost)
    return _Search(point, cost)


def _covariance(problem: _Problem, point: FloatArray) -> FloatArray:
    """Covariance of all coordinates, linearised at a point."""
    slope = problem.jacobian(point)
    return np.asarray(np.linalg.inv(slope.T @ slope), dtype=np.float64)
