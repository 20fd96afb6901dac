"""A warm model gives what a cold one gives."""

import gc

import numpy as np
import pytest

import simulator
from simulator.errors import ScenarioError
from simulator.model.national import NationalModel
from simulator.model.parameters import leaves_of
from simulator.model.recording import differing_leaves
from simulator.reading.scenario import load
from simulator.results.dataset import variables
from simulator.results.session import Session

PRICE = {"policies.carbon_price_floor.schedule": {2025: 75, 2030: 300, 2060: 900}}


@pytest.fixture(scope="module")
def session() -> Session:
    return Session("national_targets")


@pytest.mark.parametrize(
    "changes",
    [
        None,
        PRICE,
        {"policies.coal_power_phase_out.start": 2036},
        {"policies.material_efficiency.schedule": {2025: 0, 2050: 0.05}},
        {"steel.technologies.scrap_eaf.lifetime": 31},
        {"horizon.end": 2040},
        {"history": "endogenous"},
    ],
)
def test_a_variant_is_what_a_run_of_its_own_gives(session, changes):
    found = session.run(changes)
    scenario = load("national_targets")
    alone = simulator.run(scenario.replace(changes) if changes else scenario, engine="batch")
    assert found.attrs["scenario_hash"] == alone.attrs["scenario_hash"]
    for name in ("emissions_net", "generation", "cost_energy", "capacity"):
        scale = float(np.abs(alone[name]).max())
        np.testing.assert_allclose(found[name], alone[name], atol=2e-4 * scale, err_msg=name)


def test_order_of_calls_makes_no_difference(session):
    first = session.run(PRICE)
    session.run({"policies.coal_power_phase_out.start": 2036})
    assert session.run(PRICE).identical(first)


def test_what_is_done_to_a_result_does_not_reach_the_next(session):
    first = session.run(PRICE)
    spoilt = session.run(PRICE)
    spoilt["emissions_net"][:] = 0.0
    spoilt["emissions_net"].attrs.clear()
    spoilt.attrs.clear()
    spoilt["generation"] = spoilt["generation"] * 2.0
    assert session.run(PRICE).identical(first)


def test_nothing_of_a_run_waits_for_the_garbage_collector(session):
    """Cycles would hold the arrays of every batch of a sweep until Python looks for them."""
    scenario = load("national_targets").replace(PRICE).resolved

    def work() -> None:
        (batch,) = session._runner.run([scenario])
        variables(batch.model, batch.record)

    work()
    gc.collect()
    gc.disable()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        work()
        gc.collect()
        ours = {type(item) for item in gc.garbage if type(item).__module__[:9] == "simulator"}
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()
    assert not ours


def test_two_values_give_two_results(session):
    other = {"policies.carbon_price_floor.schedule": {2025: 75, 2030: 301, 2060: 900}}
    gap = np.abs(session.run(PRICE)["emissions_net"] - session.run(other)["emissions_net"])
    assert float(gap.sel(time=slice(2015, 2024)).max()) == 0.0
    assert float(gap.max()) > 0.0


def test_a_wrong_change_is_explained(session):
    with pytest.raises(ScenarioError, match="carbon_price_floor"):
        session.run({"policies.carbon_price_flor.schedule": {2030: 300}})
    with pytest.raises(ScenarioError, match="outside the range"):
        session.run({"policies.carbon_price_floor.schedule": {2030: -300}})


@pytest.mark.parametrize(
    "changes",
    [
        PRICE,
        {"steel.technologies.scrap_eaf.lifetime": 31},
        {"policies.motor_standard.ie3": 2031},
    ],
)
def test_what_is_taken_over_is_what_would_be_made(changes):
    scenario = load("national_targets")
    base = NationalModel([scenario.resolved])
    changed = scenario.replace(changes).resolved
    quick = NationalModel([changed], base.grid, base)
    whole = NationalModel([changed], base.grid)
    assert quick.sections.taken_over
    mine, its, first = (leaves_of(model.parameters) for model in (whole, quick, base))
    assert not differing_leaves(mine, its)
    assert differing_leaves(first, its)


def test_prices_of_fuels_are_taken_over_where_only_carbon_is_dearer_and_made_anew_else():
    scenario = load("national_targets")
    base = NationalModel([scenario.resolved])
    dearer = {"policies.carbon_price_floor.schedule": {2025: 75, 2030: 400}}
    coal = {"common.price.coal": {2024: 20, 2060: 31}}
    kept, other = (
        NationalModel([scenario.replace(changes).resolved], base.grid, base)
        for changes in (dearer, coal)
    )
    assert kept.parameters.prices.fuels is base.parameters.prices.fuels
    assert other.parameters.prices.fuels is not base.parameters.prices.fuels
    own = NationalModel([scenario.replace(coal).resolved], base.grid)
    np.testing.assert_array_equal(
        own.parameters.prices.fuels.start, other.parameters.prices.fuels.start
    )
