"""Bands around a hindcast: what was not known at its start, drawn many times.

Three things were not: how people and firms behave, what would come, and what the model lacks. A
member has other behaviour, within the ranges that `knobs.csv` fits in, and another outlook:
trends that stop or double, prices, trade and weather that are not those of the last known year
(`outlooks.csv`). History up to the cut is observed in every member and tells none apart, so all
count alike. Draws are a Latin hypercube; ranges are two standard deviations to either side; a
fit of the years before the cut, if there is one, gives its joint posterior instead. What the
model lacks is as large as its errors at earlier cuts (`calibration.discrepancy`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.discrepancy import discrepancy, widened
from calibration.drivers import Drivers, with_drivers
from calibration.factors import rows
from calibration.heldout import Point, load_heldout, start
from calibration.hindcast import Comparison, load_comparisons
from calibration.knobs import ORIGIN, SIGMAS
from calibration.refit import Posterior
from calibration.stages import load_knobs, not_of_later_years
from simulator.reading.known import TABLE as KNOWN
from simulator.reading.known import load_rules, rule_of
from simulator.reading.library import shipped
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.resolution import Entries, Entry, Resolved, origin_of
from simulator.reading.scenario import Scenario
from simulator.results.batches import BatchRunner
from simulator.results.dataset import side_by_side, variables
from simulator.results.expression import Evaluation, parse

FloatArray = NDArray[np.float64]
Key = tuple[int, str, int]
"""Last known year, series, and year."""

TABLE: Final = Path(__file__).resolve().parent / "outlooks.csv"
QUANTILES: Final = (0.05, 0.95)
"""Parts of the members below the two ends of a band."""
COVERAGE: Final = (0.80, 0.98)
"""Part of the observed points that a sound band holds."""


@dataclass(frozen=True)
class Outlook:
    """A factor on what comes after the cut."""

    path: str
    """Patterns of the paths that it moves, all alike, with ``;`` between them."""
    kind: str
    """``level`` multiplies the values, ``rate`` the growth."""
    low: float
    high: float
    why: str

    @property
    def of_drivers(self) -> bool:
        """Whether all that it moves are drivers."""
        rules = load_rules(shipped().data / KNOWN)
        found = [rule_of(rules, pattern) for pattern in self.path.split(";")]
        return all(rule is not None and rule.driver for rule in found)

    def factor(self, normal: float) -> float:
        """The factor of a standard normal draw, inside its range."""
        middle, half = 0.5 * (self.low + self.high), 0.5 * (self.high - self.low)
        return float(np.clip(middle + normal * half / SIGMAS, self.low, self.high))

    def entries(self, base: Resolved, factor: float) -> Iterator[Entry]:
        """The parameters that it moves, with what comes after the cut changed."""
        for path in base.parameters.base.parameters:
            if any(fnmatchcase(path, pattern) for pattern in self.path.split(";")):
                known = base.parameters.find(path)
                yield _entry(known, *self._later(known, float(base.history_end), factor))

    def _later(
        self, known: Parameter, end: float, factor: float
    ) -> tuple[tuple[float, ...], tuple[float, ...]]:
        times = np.array(known.times or (end - 1.0,))
        values = np.array(known.values)
        at_end = float(np.interp(end, times, values))
        before, after = times < end, times > end
        if self.kind == "level":
            start, later = at_end * factor, values[after] * factor
        else:
            start, later = at_end, at_end * (values[after] / at_end) ** factor
        return (
            (*times[before].tolist(), end, end, *times[after].tolist()),
            (*values[before].tolist(), at_end, start, *later.tolist()),
        )


class Bands(NamedTuple):
    """Bands of the scored series."""

    members: int
    ends: dict[Key, tuple[float, float]]
    """Lower and upper end of what the model says."""
    coverage: float
    """Part of the observed points inside [1]."""
    coverage_of_members: float
    """The same for behaviour and outlooks alone, without what the model lacks [1]."""


def load_outlooks() -> tuple[Outlook, ...]:
    """Read the outlooks."""
    return tuple(
        Outlook(row["path"], row["kind"], float(row["low"]), float(row["high"]), row["why"])
        for row in rows(TABLE.name)
    )


def bands(
    until: int,
    found: Sequence[Point],
    members: int,
    scenario: Scenario | None = None,
    seed: int = 1,
    *,
    drivers: Drivers = "expected",
    fitted: Posterior | None = None,
) -> Bands:
    """Run members and hold the points of a hindcast against their bands.

    Parameters
    ----------
    until
        Last known year.
    found
        Points of that hindcast, `calibration.heldout.held_out`.
    members
        How many runs.
    scenario
        As for the hindcast.
    seed
        Where the draws start.
    drivers
        With observed ones no outlook on them is drawn.
    fitted
        What behaviour is drawn from; the ranges of the sources unless given.
    """
    base = start(until, scenario, fitted)
    base = with_drivers(base) if drivers == "observed" else base
    draws = _Draws(drivers, fitted, members, seed)
    declared = {item.name: item for item in load_heldout()}
    comparisons = {item.name: item for item in load_comparisons()}
    needed = [comparisons[part] for item in declared.values() for part in item.series]
    years, tables = _run(draws.members(base), base, list(dict.fromkeys(needed)))
    lacking = discrepancy(until, scenario, drivers)
    random = np.random.default_rng(seed)
    noise = {name: random.standard_t(lacking.freedom, members) for name in declared}
    own = [point for point in found if point.until == until]
    ends: dict[Key, tuple[float, float]] = {}
    inside = np.zeros((2, len(own)))
    for place, point in enumerate(own):
        total = sum(tables[part] for part in declared[point.name].series)
        column = np.asarray(total)[:, years.index(point.year)]
        lead = point.year - until
        whole = _ends(widened(column, point.name, lead, lacking, noise[point.name]))
        ends[until, point.name, point.year] = whole
        inside[:, place] = [_inside(point.observed, band) for band in (whole, _ends(column))]
    return Bands(members, ends, *inside.mean(axis=1).tolist())


def _ends(values: FloatArray) -> tuple[float, float]:
    low, high = np.quantile(values, QUANTILES)
    return float(low), float(high)


def _inside(observed: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= observed <= ends[1]


class _Draws:
    """Behaviour and outlooks of the members."""

    def __init__(
        self, drivers: Drivers, fitted: Posterior | None, members: int, seed: int
    ) -> None:
        from scipy.stats import norm, qmc  # noqa: PLC0415 - a help page needs no scipy

        self.fitted = fitted
        self.knobs = not_of_later_years(load_knobs()) if fitted is None else fitted.knobs
        known = drivers == "observed"
        self.outlooks = [one for one in load_outlooks() if not (known and one.of_drivers)]
        count = len(self.knobs) + len(self.outlooks)
        sample = qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(members)
        self.normal: FloatArray = np.asarray(norm.ppf(sample))

    def members(self, base: Resolved) -> list[Resolved]:
        """The scenario with its behaviour and its outlook drawn anew."""
        return [self._member(base, row) for row in self.normal]

    def _member(self, base: Resolved, normal: FloatArray) -> Resolved:
        over = dict(base.parameters.overrides)
        for knob, inner in zip(self.knobs, self._behaviour(normal), strict=True):
            over[knob.path] = knob.entry(base, knob.outer(float(inner)))
        later = normal[len(self.knobs) :]
        for outlook, one in zip(self.outlooks, later, strict=True):
            for entry in outlook.entries(base, outlook.factor(float(one))):
                over[entry.path] = entry
        return replace(base, parameters=Entries(base.parameters.base, over))

    def _behaviour(self, normal: FloatArray) -> FloatArray:
        """Coordinates of the knobs."""
        own = normal[: len(self.knobs)]
        if self.fitted is not None:
            return self.fitted.coordinates(own)
        centre = [knob.inner(knob.centre) for knob in self.knobs]
        spread = [knob.spread for knob in self.knobs]
        return np.asarray(np.array(centre) + own * np.array(spread))


def _run(
    scenarios: Sequence[Resolved], base: Resolved, comparisons: Sequence[Comparison]
) -> tuple[list[int], dict[str, FloatArray]]:
    """Series of every member, one table (member, year) a comparison."""
    runner = BatchRunner(base, scenarios[:2])
    expressions = [parse(item.model) for item in comparisons]
    wanted = frozenset().union(*(one.variables for one in expressions))
    parts: dict[str, list[FloatArray]] = {item.name: [] for item in comparisons}
    years: list[int] = []
    for batch in runner.run(scenarios):
        made = variables(batch.model, batch.record, wanted)
        own = {name: array[..., : len(batch.scenarios)] for name, array in made.items()}
        years = [int(year) for year in batch.record.years]
        evaluation = Evaluation(side_by_side(batch.model, batch.record.years, own))
        for item, one in zip(comparisons, expressions, strict=True):
            scale = load_parameters()[item.factor].values[0] if item.factor else 1.0
            parts[item.name].append(evaluation.table(one) * scale)
    return years, {name: np.concatenate(tables) for name, tables in parts.items()}


def _entry(known: Parameter, times: tuple[float, ...], values: tuple[float, ...]) -> Entry:
    chain = getattr(known, "chain", (origin_of(known),))
    return Entry(**{**vars(known), "times": times, "values": values, "chain": (*chain, ORIGIN)})
