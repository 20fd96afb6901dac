"""Bands around a hindcast: what was not known at its start, drawn many times.

A member has other behaviour, within the ranges that `knobs.csv` fits in, and another outlook:
trends that stop or double, prices, trade and weather that are not those of the last known year
(`outlooks.csv`). History up to the cut is observed in every member and tells none apart, so all
count alike. Draws are a Latin hypercube; ranges are two standard deviations to either side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.factors import rows
from calibration.heldout import SCENARIO, Point, blind, load_heldout, uncertainty_of
from calibration.hindcast import Comparison, load_comparisons
from calibration.knobs import ORIGIN, SIGMAS, Knob
from calibration.stages import load_knobs
from simulator.reading.known import TABLE as KNOWN
from simulator.reading.known import UNCHANGED, load_rules, rule_of
from simulator.reading.library import shipped
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.resolution import Entries, Entry, Resolved, origin_of
from simulator.reading.scenario import Scenario, load
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
    coverage_as_observed: float
    """The same for bands of what would be observed, errors of the statistics included [1]."""


def load_outlooks() -> tuple[Outlook, ...]:
    """Read the outlooks."""
    return tuple(
        Outlook(row["path"], row["kind"], float(row["low"]), float(row["high"]), row["why"])
        for row in rows(TABLE.name)
    )


def knobs_of_behaviour() -> tuple[Knob, ...]:
    """Knobs whose ranges do not rest on a number that was read off later years."""
    rules = load_rules(shipped().data / KNOWN)
    found = []
    for knob in load_knobs():
        rule = rule_of(rules, knob.path)
        if rule is None or rule.rule in UNCHANGED:
            found.append(knob)
    return tuple(found)


def bands(
    until: int,
    found: Sequence[Point],
    members: int,
    scenario: Scenario | None = None,
    seed: int = 1,
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
    """
    base = blind(scenario or load(SCENARIO), until).resolved
    drawn = _drawn(members, seed)
    declared = {item.name: item for item in load_heldout()}
    comparisons = {item.name: item for item in load_comparisons()}
    needed = [comparisons[part] for item in declared.values() for part in item.series]
    years, tables = _run(base, drawn, list(dict.fromkeys(needed)))
    own = [point for point in found if point.until == until]
    noise = np.random.default_rng(seed).standard_normal((len(own), members))
    ends: dict[Key, tuple[float, float]] = {}
    inside = np.zeros((2, len(own)))
    for place, point in enumerate(own):
        total = sum(tables[part] for part in declared[point.name].series)
        column = np.asarray(total)[:, years.index(point.year)]
        ends[until, point.name, point.year] = _ends(column)
        inside[0, place] = _inside(point.observed, _ends(column))
        spread = 1.0 + uncertainty_of(point.name, point.year) * noise[place]
        inside[1, place] = _inside(point.observed, _ends(column * spread))
    alone, as_observed = inside.mean(axis=1).tolist()
    return Bands(members, ends, alone, as_observed)


def _ends(values: FloatArray) -> tuple[float, float]:
    low, high = np.quantile(values, QUANTILES)
    return float(low), float(high)


def _inside(observed: float, ends: tuple[float, float]) -> bool:
    return ends[0] <= observed <= ends[1]


def _drawn(members: int, seed: int) -> FloatArray:
    """Standard normal draws, (member, knob or outlook)."""
    from scipy.stats import norm, qmc  # noqa: PLC0415 - a help page needs no scipy

    count = len(knobs_of_behaviour()) + len(load_outlooks())
    sample = qmc.LatinHypercube(count, rng=np.random.default_rng(seed)).random(members)
    return np.asarray(norm.ppf(sample))


def _member(base: Resolved, draws: Sequence[float]) -> Resolved:
    """The scenario with its behaviour and its outlook drawn anew."""
    knobs, outlooks = knobs_of_behaviour(), load_outlooks()
    over = dict(base.parameters.overrides)
    for knob, normal in zip(knobs, draws[: len(knobs)], strict=True):
        inner = knob.inner(knob.centre) + normal * knob.spread
        over[knob.path] = knob.entry(base, knob.outer(inner))
    for outlook, normal in zip(outlooks, draws[len(knobs) :], strict=True):
        for entry in outlook.entries(base, outlook.factor(normal)):
            over[entry.path] = entry
    return replace(base, parameters=Entries(base.parameters.base, over))


def _run(
    base: Resolved, drawn: FloatArray, comparisons: Sequence[Comparison]
) -> tuple[list[int], dict[str, FloatArray]]:
    """Series of every member, one table (member, year) a comparison."""
    scenarios = [_member(base, row.tolist()) for row in drawn]
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
