"""Why a scenario emits less than another, in worlds whose answer is known and in the model."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr
from matplotlib.text import Annotation

from simulator.analysis import attribute as dividing
from simulator.analysis.attribute import attribute, groups_of, mixed
from simulator.errors import ScenarioError, SolverError
from simulator.export import plot
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario, load
from simulator.results.simulation import simulate
from tests.worlds import World, at, capture, price

PRICE, CAPTURE = "policies.carbon_price_floor", "policies.carbon_sinks"
BASE, GOAL = load("current_policies"), load("national_targets")
FEW = BASE.replace({
    f"{PRICE}.schedule": {2024: 0, 2025: 70, 2030: 300, 2060: 1250},
    f"{CAPTURE}.direct_air_capture": {2025: 0, 2060: 100},
    "cement.in_use.saturation": 47,
    "policies.coal_power_ban.from": 2027,
    "policies.coal_power_phase_out.strength": 0.5,
})  # fmt: skip


def divided(
    patch: pytest.MonkeyPatch, law: Callable[[Resolved], float], other: Scenario, **options: Any
) -> tuple[xr.Dataset, World]:
    world = World(law).installed(patch, dividing)
    return attribute(BASE, other, **options), world


def whole(found: xr.Dataset) -> xr.DataArray:
    net = found["emissions_net"]
    return net.sel(side="second", drop=True) - net.sel(side="first", drop=True)


def test_groups_are_policies_in_the_order_of_the_catalogue_and_parameters() -> None:
    groups = groups_of(BASE, FEW)
    assert [(group.lever, group.key) for group in groups] == [
        ("L01", PRICE),
        ("L04", "policies.coal_power_ban"),
        ("L05", "policies.coal_power_phase_out"),
        ("L33", CAPTURE),
        ("", "cement.in_use.saturation"),
    ]
    assert len(groups[1].paths) == 2
    assert all(group.label.zh for group in groups)


def test_what_the_second_leaves_to_the_data_belongs_to_the_policy_of_the_first() -> None:
    bare = load("frozen")
    keys = [group.key for group in groups_of(BASE, bare)]
    assert keys == [group.key for group in groups_of(bare, BASE)]
    assert "policies.kiln_benchmark" in keys


@pytest.mark.parametrize(("one", "two"), [(BASE, FEW), (BASE, GOAL), (GOAL, load("frozen"))])
def test_all_groups_together_are_the_second_scenario(one: Scenario, two: Scenario) -> None:
    groups = groups_of(one, two)
    assert mixed(one.resolved, two.resolved, groups).digest == two.resolved.digest
    assert mixed(one.resolved, two.resolved, []).digest == one.resolved.digest
    half = mixed(one.resolved, two.resolved, groups[:2])
    assert {group.key for group in groups_of(one, two)} == {g.key for g in groups}
    for group in groups:
        theirs = (two if group in groups[:2] else one).resolved
        for path in group.paths:
            assert half.parameters.series(path) == theirs.parameters.series(path)


def test_where_nothing_interacts_each_has_what_it_does(monkeypatch) -> None:
    found, world = divided(monkeypatch, lambda one: 3000 - price(one) - 2 * capture(one), FEW)
    part = found["contribution"].sel(time=2060)
    assert part.sel(group=PRICE) == pytest.approx(-1000.0)
    assert part.sel(group=CAPTURE) == pytest.approx(-200.0)
    assert part.drop_sel(group=[PRICE, CAPTURE]).values == pytest.approx(0.0)
    assert (found["contribution_error"] == 0.0).all()
    assert found.attrs["runs"] == world.together == 2**5
    assert found["contribution_cumulative"].sel(group=PRICE) == pytest.approx(-1.0)


def test_what_two_do_together_is_halved(monkeypatch) -> None:
    found, _ = divided(
        monkeypatch, lambda one: 3000 - (price(one) - 250) * capture(one) / 100, FEW
    )
    part = found["contribution"].sel(time=2060)
    assert part.sel(group=PRICE) == pytest.approx(part.sel(group=CAPTURE).item())
    assert part.sel(group=PRICE) == pytest.approx(-500.0)


@pytest.mark.parametrize("other", [FEW, GOAL])
def test_parts_add_up_in_every_year_and_sector(other, monkeypatch) -> None:
    def law(one: Resolved) -> float:
        ban = at(one, "power.technologies.coal_supercritical.ban", 2060.0)
        return 3000 - price(one) ** 1.3 * (1 + capture(one) / 500) + np.sin(ban)

    found, _ = divided(monkeypatch, law, other, orders=6)
    np.testing.assert_allclose(found["contribution"].sum("group"), whole(found), atol=1e-9)
    steel = found["contribution_sector"].sel(sector="steel").sum("group")
    np.testing.assert_allclose(steel, 0.25 * whole(found), atol=1e-9)
    cost = found["contribution_cost"].sum("group")
    np.testing.assert_allclose(cost, -0.5 * whole(found), atol=1e-9)
    total = found["contribution_cumulative"].sum()
    assert total == pytest.approx(whole(found).sel(time=slice(2025, None)).sum().item() / 1000)


def test_the_two_ways_round_are_the_same_with_the_other_sign(monkeypatch) -> None:
    world = World(lambda one: 3000 - price(one) ** 1.2 - capture(one) * price(one) / 90)
    world.installed(monkeypatch, dividing)
    there, back = attribute(BASE, FEW), attribute(FEW, BASE)
    np.testing.assert_allclose(there["contribution"], -back["contribution"], atol=1e-9)


def test_everything_has_units_and_names_in_both_languages(monkeypatch) -> None:
    found, _ = divided(monkeypatch, lambda one: 3000 - price(one), FEW)
    for item in found.data_vars.values():
        assert item.attrs["units"]
        assert item.attrs["long_name"]
        assert item.attrs["long_name_zh"]
    assert found["contribution"].dims == ("time", "group")
    assert found["contribution_sector"].dims == ("time", "sector", "group")
    assert (found.attrs["baseline"], found.attrs["scenario"]) == (BASE.name, FEW.name)


def test_scenarios_that_do_not_differ_are_told() -> None:
    with pytest.raises(ScenarioError, match="set nothing otherwise"):
        attribute(BASE, BASE.replace({"name": "other"}))


def test_a_horizon_is_no_policy() -> None:
    with pytest.raises(ScenarioError, match=r"another horizon\.end"):
        attribute(BASE, FEW.replace({"horizon.end": 2050}))


@pytest.mark.parametrize("orders", [2, 5, -4])
def test_orders_come_in_pairs(orders: int) -> None:
    with pytest.raises(ScenarioError, match="even and at least 4"):
        attribute(BASE, FEW, orders=orders)


def test_a_run_that_fails_is_named(monkeypatch) -> None:
    world = World(lambda _: 1.0).installed(monkeypatch, dividing)
    world.failures = {1: "captured is not finite in 2040"}
    with pytest.raises(SolverError, match="carbon_price_floor: captured is not finite"):
        attribute(BASE, FEW)


@pytest.mark.parametrize(("turned", "word"), [(False, "less"), (True, "more")])
def test_the_title_names_who_has_most_of_the_gap_whichever_way_it_goes(
    turned, word, monkeypatch
) -> None:
    """The price has more than the whole of it, and capture works against it."""
    World(lambda one: 3000 - 2 * price(one) + capture(one)).installed(monkeypatch, dividing)
    pair = (FEW, BASE) if turned else (BASE, FEW)
    found = attribute(*pair)
    part = found["contribution_cumulative"]
    share = 100 * float(abs(part).max() / abs(part.sum()))
    assert share > 100
    texts = plot.wedges(found).findobj(lambda x: hasattr(x, "get_text"))
    said = " ".join(text.get_text() for text in texts)
    assert f"Gt {word} than" in said
    assert f"Carbon price floor has {share:.0f} % of it" in said


@pytest.mark.parametrize("pair", [(FEW, BASE), (BASE, FEW)])
def test_names_of_the_two_lines_lie_outside_the_wedges(pair, monkeypatch) -> None:
    World(lambda one: 3000 - price(one)).installed(monkeypatch, dividing)
    found = attribute(*pair)
    found["emissions_net"] = found["emissions_net"] + found["emissions_net"].isel(time=-1)
    drawn = plot.wedges(found).findobj(Annotation)
    heights = {text.get_ha(): text.xy[1] for text in drawn if text.xy[0] < 2040}
    assert heights["left"] > heights["right"] + 100


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("other", [FEW, GOAL])
def test_figures_are_drawn_in_both_languages(other, language, monkeypatch) -> None:
    found, _ = divided(
        monkeypatch, lambda one: 3000 - price(one) + capture(one), other, orders=4
    )
    told = []
    for figure in (plot.wedges(found, language), plot.policy_steps(found, 2060, language)):
        texts = [text.get_text() for text in figure.findobj(lambda x: hasattr(x, "get_text"))]
        told.append(" ".join(texts))
    names = {"en": ("Current policies", "Mt"), "zh": ("现行政策", "百万吨")}[language]
    for text in told:
        assert all(name in text for name in names)
    with pytest.raises(ScenarioError, match="no year 2070"):
        plot.policy_steps(found, 2070)


def test_in_the_model_the_parts_of_two_policies_follow_from_four_runs() -> None:
    """By hand: a policy's part is the mean of what it does alone and what it does last."""
    changes = {
        f"{PRICE}.schedule": {2024: 0, 2025: 70, 2030: 300, 2060: 1500},
        "policies.coal_power_ban.from": 2026,
    }
    sides = [{}, *({key: value} for key, value in changes.items()), changes]
    runs = [BASE.replace(side).resolved if side else BASE.resolved for side in sides]
    none, one, two, both = (
        simulate(run, "batch").dataset["emissions_net"].values for run in runs
    )
    found = attribute(BASE, BASE.replace(changes))
    expected = 0.5 * ((one - none) + (both - two))
    np.testing.assert_allclose(
        found["contribution"].sel(group=PRICE), expected, rtol=1e-6, atol=1e-4
    )
    np.testing.assert_allclose(found["contribution"].sum("group"), both - none, atol=1e-4)
    assert (found["contribution"].sel(time=slice(2015, 2024)) == 0.0).all()
    assert float(found["contribution"].sel(time=2060, group=PRICE)) < -100.0
