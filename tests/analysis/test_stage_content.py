"""What a stage consists of: groups of policies left out in turn."""

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from simulator.analysis.stage_content import (
    GROUPS,
    NAMES,
    judge,
    left_out,
    parameters_of,
    shares_of,
    stage_content,
)
from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.library import shipped
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import load

YEARS = np.arange(2015, 2061)
PEAK = 12000.0
SIZES = {"efficiency": 4.0, "equipment": 3.0, "removal": 0.5, "price": 6.0, "demand": 2.0}
"""What a group of the world below avoids, Mt for every year since 2025."""


def world(*absent: str) -> xr.Dataset:
    """Emissions that fall by what each group avoids; none overlaps another."""
    since = np.maximum(YEARS - 2024.0, 0.0)
    fall = sum(size for name, size in SIZES.items() if name not in absent)
    net = PEAK - fall * since * np.where(YEARS > 2035, 10.0, 1.0)
    gdp = np.linspace(1.0, 5.0, YEARS.size)
    series = {"emissions_net": net, "emissions_gross": np.maximum(net, 1.0), "gdp": gdp}
    return xr.Dataset(
        {name: (("time",), values) for name, values in series.items()}, {"time": YEARS}
    )


def content_of_world() -> xr.Dataset:
    def run(resolved: Resolved) -> xr.Dataset:
        if resolved.name == "frozen":
            return world(*NAMES)
        return world(resolved.name.removeprefix("national_targets").removeprefix("_"))

    return stage_content("national_targets", run=run)


def test_groups_hold_every_policy_once() -> None:
    listed = [number for numbers in GROUPS.values() for number in numbers]
    known = {policy.id for policy in load_policies(shipped()).values()}
    assert len(listed) == len(set(listed))
    assert set(listed) < known
    paths = [parameters_of(name) for name in NAMES]
    assert sum(map(len, paths)) == len(frozenset().union(*paths))


def test_a_group_is_left_out_and_nothing_else() -> None:
    one, base = load("national_targets").resolved, load("frozen").resolved
    without = left_out(one, base, "efficiency")
    own = parameters_of("efficiency")
    changed = {
        path
        for path in one.parameters
        if one.parameters[path].values != without.parameters[path].values
    }
    assert changed
    assert changed <= own
    for path in changed:
        assert without.parameters[path].values == base.parameters[path].values


def test_shares_of_groups_that_do_not_overlap_are_their_sizes() -> None:
    found = content_of_world()
    expected = np.array([SIZES[name] for name in NAMES])
    for boundary in ("declared", "computed"):
        share = found["share"].sel(boundary=boundary)
        there = share.dropna("stage")
        assert there.sizes["stage"] >= 2
        assert_allclose(there, np.tile(expected / expected.sum(), (len(there), 1)))
    increment = found["increment"].sel(boundary="declared", stage="reduction")
    assert_allclose(increment, expected / expected.sum())
    assert_allclose(found["overlap"], 0.0, atol=1e-9)
    since = np.maximum(found["time"] - 2024, 0) * xr.where(found["time"] > 2035, 10, 1)
    assert_allclose(found["avoided"].sel(group="removal"), 0.5 * since)


def test_a_group_whose_part_shrinks_adds_nothing() -> None:
    avoided = np.array([[1.0, 8.0, 0.0], [2.0, 4.0, 1.0], [4.0, 2.0, 1.0]])
    share, increment = shares_of(avoided, np.ones(3, dtype=bool))
    assert_allclose(share, [7 / 23, 14 / 23, 2 / 23])
    assert_allclose(increment, [0.75, 0.0, 0.25])
    assert np.isnan(shares_of(avoided, np.zeros(3, dtype=bool))).all()


def test_a_part_is_also_said_without_the_price() -> None:
    found = content_of_world()
    for item in judge(found):
        here = found[item.expected.measure].sel(stage=item.expected.stage, boundary="declared")
        price = float(here.sel(group="price"))
        assert_allclose(item.named, item.value / (1.0 - price))


def test_expectations_can_be_met_and_missed() -> None:
    found = content_of_world()
    met = {item.expected.stage: item.met for item in judge(found)}
    assert met == {
        "peaking": False, "transition": False, "reduction": False, "neutrality": False,
    }  # fmt: skip
    better = found.copy(deep=True)
    better["share"].loc[{"group": "efficiency", "stage": "peaking"}] = 0.4
    better["share"].loc[{"group": "equipment", "stage": ["transition", "reduction"]}] = 0.5
    better["increment"].loc[{"group": "removal", "stage": "neutrality"}] = 0.41
    assert all(item.met for item in judge(better))


def test_two_horizons_cannot_be_compared() -> None:
    short = load("frozen").replace({"horizon.end": 2040})
    with pytest.raises(ScenarioError, match="horizon"):
        stage_content("national_targets", short)
