r"""What a stage of the roadmap consists of: which kind of policy avoids how much in it.

Policies come in five groups: saving energy, new-energy and low-carbon equipment, capture and
sinks, prices of carbon, and materials with all other demand. A group is left out by giving
every parameter that its policies set the value of the baseline, all else as it is; what net
emissions then rise by is what the group avoids:

.. math::
    a_g(y) = E_{without\,g}(y) - E(y), \qquad
    s_g = \frac{\sum_{y} a_g(y)}{\sum_h \sum_{y} a_h(y)}, \qquad
    i_g = \frac{[a_g(y_1) - a_g(y_0)]_+}{\sum_h [a_h(y_1) - a_h(y_0)]_+}

with the years of a stage, of which :math:`y_0` and :math:`y_1` are the first and the last;
groups whose part shrinks add nothing. Groups act on the same tonnes: what one leaves undone
another does, so the :math:`a_g` add up to less than what all of them avoid together. The
difference is given as `overlap`, and shares are of the sum of the groups, as in [1]_. A group
that raises emissions in a stage has a negative share. Prices name no technology: where a stage
is to be led by one group, the others are those that do.

References
----------
.. [1] Energy Innovation, Energy Policy Simulator: wedge diagrams by disabling policies in turn.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.library import shipped
from simulator.reading.resolution import Entries, Resolved
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario, load
from simulator.results.quantities import label
from simulator.results.simulation import simulate
from simulator.results.stages import stages

FloatArray = NDArray[np.float64]

BASELINE: Final = "frozen"
"""Scenario whose policies stand in for a group that is left out."""

GROUPS: Final = {
    "efficiency": ("L17", "L20", "L21", "L22", "L31"),
    "equipment": (
        "L04", "L05", "L06", "L07", "L08", "L12", "L13", "L14",
        "L23", "L24", "L25", "L26", "L27", "L28",
    ),
    "removal": ("L15", "L33"),
    "price": ("L01", "L02", "L03", "L34"),
}  # fmt: skip
"""Groups of policies by their numbers; all other policies are about materials and demand."""

REST: Final = "demand"
NAMES: Final = (*GROUPS, REST)
LEADING: Final = tuple(name for name in NAMES if name != "price")
"""Groups that name a technology or a demand."""


class Expectation(NamedTuple):
    """What the founding documents say that a stage consists of."""

    stage: str
    group: str
    """Group whose share is looked at."""
    measure: str
    """`share` of what is avoided in the stage, `increment` of what is added in it."""
    least: float
    """Share that it has at least; 0 where it only has to lead [1]."""


EXPECTED: Final = (
    Expectation("peaking", "efficiency", "share", 0.35),
    Expectation("transition", "equipment", "share", 0.0),
    Expectation("reduction", "equipment", "share", 0.0),
    Expectation("neutrality", "removal", "increment", 0.40),
)


class Judged(NamedTuple):
    """An expectation and what came out."""

    expected: Expectation
    value: float
    """Share that was found, not-a-number where the stage has no year [1]."""
    met: bool
    named: float
    """The same among the groups that name a technology or a demand, without the price [1]."""


def stage_content(
    scenario: str | Scenario,
    baseline: str | Scenario = BASELINE,
    *,
    run: Callable[[Resolved], xr.Dataset] | None = None,
) -> xr.Dataset:
    """Leave out each group of policies in turn and see what every stage consists of.

    Takes a run for the scenario, for the baseline and for every group.

    Parameters
    ----------
    scenario
        Name, file or scenario.
    baseline
        The scenario whose settings stand in for those of a group.
    run
        Runs a resolved scenario; the reference engine unless given.

    Returns
    -------
    xarray.Dataset
        By year and group what is avoided; by stage, as the roadmap declares it and as the run
        reaches it, the share of each group in it and in what is added.

    Raises
    ------
    ScenarioError
        The two scenarios have another horizon or end of history.
    """
    one, base = (
        item.resolved if isinstance(item, Scenario) else load(item).resolved
        for item in (scenario, baseline)
    )
    if (one.start, one.end, one.history_end) != (base.start, base.end, base.history_end):
        message = f"{one.name} and {base.name} have another horizon or end of history"
        raise ScenarioError(message)
    solve = run or (lambda resolved: simulate(resolved).dataset)
    whole, bare = solve(one), solve(base)
    net = {name: _net(solve(left_out(one, base, name))) for name in NAMES}
    years = np.asarray(whole["time"].values)
    avoided = np.stack([net[name] - _net(whole) for name in NAMES], axis=1)
    declared = load_roadmap(one.roadmap).stages
    names = [stage.id for stage in declared]
    found = stages(whole)
    windows = {
        "declared": np.stack(
            [(years >= s.window.start) & (years <= s.window.end) for s in declared]
        ),
        "computed": np.stack([found.stage == 1 + place for place in range(len(names))]),
    }
    free = years >= HISTORY_END
    shares = {
        kind: np.stack([shares_of(avoided, chosen & free) for chosen in inside])
        for kind, inside in windows.items()
    }
    both = np.stack([shares[kind] for kind in windows])
    result = xr.Dataset(
        {
            "avoided": (("time", "group"), avoided),
            "overlap": (("time",), avoided.sum(axis=1) - (_net(bare) - _net(whole))),
            "share": (("boundary", "stage", "group"), both[:, :, 0]),
            "increment": (("boundary", "stage", "group"), both[:, :, 1]),
        },
        coords={
            "time": years,
            "group": list(NAMES),
            "stage": names,
            "boundary": list(windows),
            "stage_label_en": ("stage", [s.label.en for s in declared]),
            "stage_label_zh": ("stage", [s.label.zh for s in declared]),
            "group_label_en": ("group", [label("policy_group", n, "en") for n in NAMES]),
            "group_label_zh": ("group", [label("policy_group", n, "zh") for n in NAMES]),
        },
        attrs={"scenario": one.name, "baseline": base.name},
    )
    for name, unit in (("avoided", "Mt CO2/yr"), ("overlap", "Mt CO2/yr")):
        result[name].attrs["units"] = unit
    for name in ("share", "increment"):
        result[name].attrs["units"] = "1"
    return result


def left_out(one: Resolved, base: Resolved, group: str) -> Resolved:
    """Give every parameter that the policies of a group set the value of the baseline."""
    paths = parameters_of(group)
    over = {path: e for path, e in one.parameters.overrides.items() if path not in paths}
    over |= {path: base.parameters[path] for path in paths if path in base.parameters}
    return replace(
        one, name=f"{one.name}_{group}", parameters=Entries(one.parameters.base, over)
    )


def parameters_of(group: str) -> frozenset[str]:
    """Paths that the policies of a group act on."""
    listed = {number for numbers in GROUPS.values() for number in numbers}
    policies = load_policies(shipped()).values()
    chosen = [
        policy
        for policy in policies
        if (policy.id in GROUPS[group] if group in GROUPS else policy.id not in listed)
    ]
    return frozenset(
        path
        for policy in chosen
        for setting in policy.settings.values()
        for path in setting.acts_on
    )


def shares_of(avoided: FloatArray, inside: NDArray[np.bool_]) -> FloatArray:
    """Share of each group in what is avoided in some years and in what is added, (2, group).

    Parameters
    ----------
    avoided
        (time, group), any unit.
    inside
        Whether a year belongs to the stage, (time,).
    """
    none = np.full(avoided.shape[1], np.nan)
    places = np.flatnonzero(inside)
    if not places.size:
        return np.stack([none, none])
    there = avoided[places]
    added = np.maximum(there[-1] - there[0], 0.0)
    return np.stack([_parts(there.sum(axis=0)), _parts(added) if places.size > 1 else none])


def _parts(amounts: FloatArray) -> FloatArray:
    total = amounts.sum()
    found: FloatArray = amounts / total if total > 0.0 else np.full(amounts.shape, np.nan)
    return found


def judge(content: xr.Dataset, boundary: str = "declared") -> tuple[Judged, ...]:
    """Hold the content of the stages against what the founding documents expect."""
    found = []
    for expected in EXPECTED:
        here = content[expected.measure].sel(boundary=boundary, stage=expected.stage)
        value = float(here.sel(group=expected.group))
        leads = value >= float(here.sel(group=list(LEADING)).max())
        met = leads if expected.least == 0.0 else value > expected.least
        whole = float(here.sel(group=list(LEADING)).sum())
        named = value / whole if whole > 0.0 else math.nan
        found.append(Judged(expected, value, bool(met), named))
    return tuple(found)


def _net(dataset: xr.Dataset) -> FloatArray:
    """Net carbon dioxide of every year [Mt CO2/yr]."""
    return np.asarray(dataset["emissions_net"].squeeze().values, dtype=float)
