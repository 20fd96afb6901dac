"""The carbon market inside the model: its price holds emissions near the cap (loop B3)."""

from functools import cache

import numpy as np
import pytest
import xarray as xr

import simulator
from simulator.reading.scenario import load

CAP = {2027.5: 1.0, 2030: 0.85, 2035: 0.65, 2050: 0.4, 2060: 0.3}


@cache
def run(response: float | None, **changes: float) -> xr.Dataset:
    scenario = load("frozen").replace({"policies.carbon_market_cap.schedule": CAP})
    if response is not None:
        scenario = scenario.replace({"parameters.carbon_market.response": response, **changes})
    return simulator.run(scenario, engine="batch")


def test_a_deaf_price_leaves_the_cap_broken() -> None:
    heard, deaf = run(None), run(0.0)
    gap = [float(found["compliance_gap"].sum()) for found in (heard, deaf)]
    assert gap[0] < 0.5 * gap[1]
    net = [float(found["emissions_net"].sel(time=2060)) for found in (heard, deaf)]
    assert net[0] < net[1]
    price = heard["allowance_price"].sel(time=slice(2031, None))
    assert float(price.max()) > 2.0 * float(deaf["allowance_price"].sel(time=2035))


def test_sectors_pay_what_the_market_asks() -> None:
    found = run(None)
    late = found.sel(time=slice(2032, None))
    np.testing.assert_allclose(late["carbon_price"], late["allowance_price"], rtol=1e-9)


def test_the_price_stays_in_its_corridor_and_the_bank_in_credit() -> None:
    found = run(None).sel(time=slice(2026, None))
    assert float(found["allowance_price"].min()) > 35.0
    assert float(found["allowance_price"].max()) < 2600.0
    assert float(found["allowance_bank"].min()) > -1e-6


def test_a_scenario_without_a_cap_pays_what_it_says() -> None:
    """Traders still form a price from the benchmarks; nobody has to pay it."""
    found = simulator.run(load("frozen"), engine="batch").sel(time=slice(2026, None))
    assert float(found["carbon_price"].max()) == 0.0
    assert float(found["allowance_price"].min()) > 35.0


def test_before_the_cap_benchmarks_give_the_allowances() -> None:
    """A little less than what is emitted, or more where intensities fall faster."""
    found = run(None).sel(time=slice(2025, 2026))
    share = found["allowances"] / found["emissions_covered"]
    assert 0.9 < float(share.min()) < float(share.max()) < 1.1
    np.testing.assert_allclose(found["offsets"], 0.01 * found["emissions_covered"], rtol=1e-9)
    np.testing.assert_allclose(found["carbon_price"], found["allowance_price"], rtol=1e-9)


@pytest.mark.parametrize(("mode", "says"), [(0, "path"), (1, "market"), (2, "higher")])
def test_a_scenario_says_who_makes_the_price(mode: int, says: str) -> None:
    level = 150.0
    scenario = load("frozen").replace(
        {
            "policies.carbon_market_cap.schedule": CAP,
            "policies.carbon_price_floor.schedule": {2024: 0, 2025: level, 2060: level},
            "policies.carbon_market_cap.mode": mode,
        }
    )
    found = simulator.run(scenario, engine="batch").sel(time=slice(2026, None))
    paid, market = found["carbon_price"], found["allowance_price"]
    assert float(market.min()) < level < float(market.max())
    expected = {"path": level, "market": market}.get(says, np.maximum(market, level))
    np.testing.assert_allclose(paid, expected + 0.0 * paid, rtol=0.01)


FOR_GOOD = {
    "parameters.carbon_market.auction.withholding": 0,
    "parameters.carbon_market.carry_over.limited": 0,
}


def test_allowances_that_pile_up_keep_a_cap_from_binding() -> None:
    """What nobody needs is cancelled or expires, so that a cap that falls faster is felt."""
    scenario = load("national_targets")
    found, piled = (
        simulator.run(each, engine="batch").sel(time=slice(2026, None))
        for each in (scenario, scenario.replace(FOR_GOOD))
    )
    assert float(piled["allowance_bank"].max()) > 10.0 * float(piled["allowances"][-1])
    share = found["allowance_bank"] / found["emissions_covered"]
    assert float(share.max()) < 0.35
    lost = found["allowances_withheld"] + found["allowances_expired"]
    assert float(lost.sum()) > 0.95 * float(piled["allowance_bank"].max())
    assert float(piled["allowances_withheld"].max()) == 0.0
    assert float(piled["allowances_expired"].max()) == 0.0
    above = found["carbon_price"] > 1.01 * piled["carbon_price"]
    binds = found["time"].values[above.values]
    assert 2050 < binds[0] < 2057
    np.testing.assert_array_equal(binds, np.arange(binds[0], 2061))
    kept = found.sel(time=slice(None, 2050))["emissions_net"]
    np.testing.assert_allclose(kept, piled["emissions_net"].sel(time=kept["time"]), rtol=1e-3)
    last = [float(each["emissions_net"][-1]) for each in (found, piled)]
    assert last[0] < last[1] - 50.0


def test_an_allowance_costs_no_less_than_what_policy_sets() -> None:
    """It follows the floor of policy within the time in which the corridor draws it there."""
    scenario = load("national_targets")
    apart = {"parameters.carbon_market.auction.reserve_follows_floor": 0}
    found, free = (
        simulator.run(each, engine="batch").sel(time=slice(2030, 2050))
        for each in (scenario, scenario.replace(apart))
    )
    ratio = found["allowance_price"] / found["carbon_price"]
    assert 0.75 < float(ratio.min()) <= float(ratio.max()) <= 1.0
    assert float((free["allowance_price"] / free["carbon_price"]).max()) < 0.5


def test_what_was_paid_at_home_is_deducted_unless_a_scenario_says_no() -> None:
    def charged(deduction: float) -> float:
        scenario = load("national_targets").replace(
            {"policies.border_adjustment.deduction": deduction, "horizon.end": 2040}
        )
        return float(simulator.run(scenario, engine="batch")["cbam_cost"].sum())

    assert charged(0.0) > 1.1 * charged(1.0) > 0.0
