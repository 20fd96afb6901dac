"""How well each member of an ensemble tells the past, as its weight.

Importance weights: what `calibrate` fits is drawn from its posterior q, the rest from the
ranges of the sources, and members count by the likelihood of what was observed, each running
through history on its own decisions, times prior p over q:

    weight ~ (exp(-1/2 sum over series of r' C^-1 r) p/q)^power,   r = log model - log observed

`C` is the covariance of `calibration.evidence`, with the misfit of the median member as the
size of what the model cannot do. History so counts once: where the fit is normal and linear the
ratio is the same for all, and weights mend what it is not, and what stages do to each other.
Inputs that do not act before 2025 keep their ranges. The
effective number of members is 1 / sum of squares of the weights (Kong 1992). The power is the
largest up to one that leaves a fifth of them: errors of a model that is simpler than the world
go together across series, so that their product says too much, and a power below one errs
towards bands that are too wide (Bissiri, Holmes and Walker 2016, doi:10.1111/rssb.12158).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from calibration.evidence import Series, errors, evidence, misfit, weighted
from calibration.observations import LAST_YEAR
from calibration.past import read_off
from calibration.stages import load_knobs, load_stages
from simulator.model.national import START
from simulator.reading.joint import Joint
from simulator.reading.resolution import Resolved
from simulator.reading.sweep import Sweep
from simulator.results.batches import BatchRunner

FloatArray = NDArray[np.float64]

THIN: Final = 50.0
"""Effective members below which a band is drawn from too few."""

KEPT: Final = 0.2
"""Part of the members that the weights leave at least [1]."""

HALVINGS: Final = 50
"""Steps of the search for the power; they find it to the last digit."""


class Weights(NamedTuple):
    """How much each member counts."""

    values: FloatArray
    """Sum to one, (member)."""
    log_likelihood: FloatArray
    """Relative to the best member, at full power, (member)."""
    power: float
    """How much of the likelihood counts [1]."""
    series: tuple[str, ...]
    """What the members were held against."""

    @property
    def effective(self) -> float:
        """Members of equal weight that would tell as much."""
        return effective(self.values)


def weigh(sweep: Sweep, joint: Joint | None = None) -> Weights:
    """Weigh the members of a sweep over one base by their own history.

    Parameters
    ----------
    sweep
        The members.
    joint
        The posterior that some of their inputs were drawn from.
    """
    comparisons = [
        item
        for stage in load_stages().values()
        if stage.method == "fitted"
        for item in stage.comparisons
    ]
    until = sweep.bases[0].resolved.history_end - 1
    known = [(item, evidence(item, int(START), until)) for item in comparisons]
    comparisons = [item for item, one in known if one.years.size]
    series = [one for _, one in known if one.years.size]
    middle = sweep.overlays[0].resolved(np.median(sweep.table, axis=0).tolist())
    members = [own_past(middle), *(own_past(sweep.resolved(i)) for i in range(len(sweep)))]
    runner = BatchRunner(own_past(sweep.bases[0].resolved), _extremes(sweep, members[1:]))
    tables, years = read_off(runner, members, comparisons)
    found = errors(series, tables, int(years[0]))
    return weights_of(series, found, 0.0 if joint is None else _prior_over(sweep, joint))


def _prior_over(sweep: Sweep, joint: Joint) -> FloatArray:
    """Logarithm of prior over posterior of what was drawn together, (member)."""
    known = {knob.path: knob for knob in load_knobs()}
    knobs = [known[path] for path in joint.paths]
    keys = [item.key for item in sweep.inputs]
    values = sweep.table[:, [keys.index(path) for path in joint.paths]]
    centre = np.array([knob.inner(knob.centre) for knob in knobs])
    spread = np.array([knob.spread for knob in knobs])
    away = (joint.inner(values) - centre) / spread
    return np.asarray(-0.5 * np.sum(away**2, axis=1) - joint.log_density(values))


def weights_of(
    series: Sequence[Series], found: Sequence[FloatArray], before: FloatArray | float = 0.0
) -> Weights:
    """Weights from the errors of the members.

    Parameters
    ----------
    found
        Errors, one table (run, year) a series, of the median member first.
    before
        Logarithm of prior over the density that they were drawn from, (member).
    """
    sizes = [misfit(error[:1]) for error in found]
    residuals = weighted(series, [error[1:] for error in found], sizes)
    log = before - 0.5 * np.sum(residuals**2, axis=1)
    log = np.where(np.isfinite(log), log, -np.inf)
    log -= log.max()
    power = _power(log)
    return Weights(_shares(log, power), log, power, tuple(item.name for item in series))


def effective(values: FloatArray) -> float:
    """Members of equal weight that would tell as much."""
    return float(1.0 / np.sum(values**2))


def _shares(log: FloatArray, power: float) -> FloatArray:
    """Weights of logarithms of likelihood."""
    values = np.where(np.isfinite(log), np.exp(power * np.maximum(log, -1e6)), 0.0)
    return np.asarray(values / values.sum())


def _power(log: FloatArray) -> float:
    """The largest power up to one that leaves enough members."""
    wanted = KEPT * np.isfinite(log).sum()
    if effective(_shares(log, 1.0)) >= wanted:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if effective(_shares(log, middle)) >= wanted:
            low = middle
        else:
            high = middle
    return low


def own_past(resolved: Resolved) -> Resolved:
    """The scenario with its history modelled, and nothing after it."""
    return replace(resolved, history="endogenous", end=LAST_YEAR + 1)


def _extremes(sweep: Sweep, members: Sequence[Resolved]) -> list[Resolved]:
    """Members that between them hold the extremes of every input."""
    places = {
        int(place) for column in sweep.table.T for place in (column.argmin(), column.argmax())
    }
    return [members[place] for place in sorted(places)]
