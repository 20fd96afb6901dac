"""The carbon market inside the model: its price holds emissions near the cap (loop B3)."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import xarray as xr

from simulator.reading.scenario import load
from tests.together import results_together

CAP = {2027.5: 1.0, 2030: 0.85, 2035: 0.65, 2050: 0.4, 2060: 0.3}


MODES = {0: "path", 1: "market", 2: "higher"}
LEVEL = 150.0
"""Price that a scenario sets beside the market, CNY/t."""

FOR_GOOD = {
    "parameters.carbon_market.auction.withholding": 0,
    "parameters.carbon_market.carry_over.limited": 0,
}

FROZEN = {
    "cap": {},
    "deaf": {"parameters.carbon_market.response": 0.0},
    "no cap": {"policies.carbon_market_cap": None},
} | {
    says: {
        "policies.carbon_price_floor.schedule": {2024: 0, 2025: LEVEL, 2060: LEVEL},
        "policies.carbon_market_cap.mode": mode,
    }
    for mode, says in MODES.items()
}
"""What is changed in `frozen` with a cap."""

TARGETS = {
    "as it is": {},
    "for good": FOR_GOOD,
    "apart": {"parameters.carbon_market.auction.reserve_follows_floor": 0},
    "deducted": {"policies.border_adjustment.deduction": 1.0},
    "not deducted": {"policies.border_adjustment.deduction": 0.0},
}
"""What is changed in `national_targets`."""


@cache
def frozen() -> Mapping[str, xr.Dataset]:
    base = load("frozen").replace({"policies.carbon_market_cap.schedule": CAP})
    scenarios = [base.replace(changes) if changes else base for changes in FROZEN.values()]
    return dict(zip(FROZEN, results_together(scenarios), strict=True))


@cache
def targets() -> Mapping[str, xr.Dataset]:
    base = load("national_targets")
    scenarios = [base.replace(changes) if changes else base for changes in TARGETS.values()]
    return dict(zip(TARGETS, results_together(scenarios), strict=True))


def test_a_deaf_price_leaves_the_cap_broken() -> None:
    heard, deaf = frozen()["cap"], frozen()["deaf"]
    gap = [float(found["compliance_gap"].sum()) for found in (heard, deaf)]
    assert gap[0] < 0.5 * gap[1]
    net = [float(found["emissions_net"].sel(time=2060)) for found in (heard, deaf)]
    assert net[0] < net[1]
    price = heard["allowance_price"].sel(time=slice(2031, None))
    assert float(price.max()) > 2.0 * float(deaf["allowance_price"].sel(time=2035))


def test_sectors_pay_what_the_market_asks() -> None:
    found = frozen()["cap"]
    late = found.sel(time=slice(2032, None))
    np.testing.assert_allclose(late["carbon_price"], late["allowance_price"], rtol=1e-9)


def test_the_price_stays_in_its_corridor_and_the_bank_in_credit() -> None:
    found = frozen()["cap"].sel(time=slice(2026, None))
    assert float(found["allowance_price"].min()) > 35.0
    assert float(found["allowance_price"].max()) < 2600.0
    assert float(found["allowance_bank"].min()) > -1e-6


def test_a_scenario_without_a_cap_pays_what_it_says() -> None:
    """Traders still form a price from the benchmarks; nobody has to pay it."""
    found = frozen()["no cap"].sel(time=slice(2026, None))
    assert float(found["carbon_price"].max()) == 0.0
    assert float(found["allowance_price"].min()) > 35.0


def test_before_the_cap_benchmarks_give_the_allowances() -> None:
    """A little less than what is emitted, or more where intensities fall faster."""
    found = frozen()["cap"].sel(time=slice(2025, 2026))
    share = found["allowances"] / found["emissions_covered"]
    assert 0.9 < float(share.min()) < float(share.max()) < 1.1
    np.testing.assert_allclose(found["offsets"], 0.01 * found["emissions_covered"], rtol=1e-9)
    np.testing.assert_allclose(found["carbon_price"], found["allowance_price"], rtol=1e-9)


@pytest.mark.parametrize("says", MODES.values())
def test_a_scenario_says_who_makes_the_price(says: str) -> None:
    found = frozen()[says].sel(time=slice(2026, None))
    paid, market = found["carbon_price"], found["allowance_price"]
    assert float(market.min()) < LEVEL < float(market.max())
    expected = {"path": LEVEL, "market": market}.get(says, np.maximum(market, LEVEL))
    np.testing.assert_allclose(paid, expected + 0.0 * paid, rtol=0.01)


def test_allowances_that_pile_up_keep_a_cap_from_binding() -> None:
    """What nobody needs is cancelled or expires, so that a cap that falls faster is felt."""
    found, piled = (
        targets()[name].sel(time=slice(2026, None)) for name in ("as it is", "for good")
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
    found, free = (
        targets()[name].sel(time=slice(2030, 2050)) for name in ("as it is", "apart")
    )
    ratio = found["allowance_price"] / found["carbon_price"]
    assert 0.75 < float(ratio.min()) <= float(ratio.max()) <= 1.0
    assert float((free["allowance_price"] / free["carbon_price"]).max()) < 0.5


def test_what_was_paid_at_home_is_deducted_unless_a_scenario_says_no() -> None:
    whole, less = (
        float(targets()[name]["cbam_cost"].sel(time=slice(None, 2040)).sum())
        for name in ("not deducted", "deducted")
    )
    assert whole > 1.1 * less > 0.0
