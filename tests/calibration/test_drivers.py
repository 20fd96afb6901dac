"""Drivers of projections: which they are, and how a run comes to have the observed ones."""

import numpy as np
import pytest

from calibration.drivers import KINDS, driver_rules, with_drivers
from calibration.heldout import blind, by_driver, held_out, load_heldout
from calibration.hindcast import load_comparisons
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load

EARLY = blind(load("frozen"), 2020).resolved


def level(resolved, path, time):
    one = resolved.parameters.find(path)
    return float(np.interp(time, one.times or (time,), one.values))


def test_every_kind_has_a_driver_and_none_is_scored_or_closes_what_is():
    assert {rule.driver for rule in driver_rules()} == set(KINDS)
    comparisons = {item.name: item for item in load_comparisons()}
    scored = {comparisons[part].driver for item in load_heldout() for part in item.series} - {
        ""
    }
    assert len(scored) > 20
    touched = {rule.path for rule in driver_rules()} | {rule.source for rule in driver_rules()}
    assert not scored & touched


def test_what_contains_a_scored_series_is_no_driver():
    paths = {rule.path for rule in driver_rules()}
    for contaminated in (
        "coal_mining.import_share", "coal_mining.energy_per_tonne", "making.exports.*",
        "vehicles.fleets.*.travel", "power.technologies.*.capacity_factor",
    ):  # fmt: skip
        assert contaminated not in paths


def test_observed_drivers_are_those_of_the_statistics():
    given = with_drivers(EARLY)
    assert level(given, "common.gdp_growth", 2021.0) == 0.084
    assert level(EARLY, "common.gdp_growth", 2021.0) != 0.084
    coal = load_parameters()["common.price.coal"]
    assert level(given, "common.price.coal", 2022.0) == pytest.approx(
        float(np.interp(2022.0, coal.times, coal.values))
    )


def test_trade_of_a_year_stands_in_its_middle():
    given = with_drivers(EARLY)
    trade = load_parameters()["steel.observed.net_export"]
    for year in (2021, 2022, 2023, 2024):
        observed = trade.values[trade.times.index(year)]
        assert level(given, "steel.net_export", year + 0.5) == observed
    assert level(EARLY, "steel.net_export", 2024.5) == trade.values[trade.times.index(2020)]


def test_a_kind_moves_its_own_drivers_only():
    given = with_drivers(EARLY, ("price",))
    assert level(given, "common.gdp_growth", 2021.0) == level(
        EARLY, "common.gdp_growth", 2021.0
    )
    assert level(given, "common.price.coal", 2022.0) != level(
        EARLY, "common.price.coal", 2022.0
    )
    assert with_drivers(EARLY, ()).parameters.overrides == EARLY.parameters.overrides


@pytest.mark.slow
def test_what_each_kind_changes_is_told_by_series():
    found = held_out(2020, engine="batch")
    moved = by_driver(2020, found, engine="batch")
    assert moved.keys() == {point.name for point in found}
    assert all(one.keys() == set(KINDS) for one in moved.values())
    assert abs(moved["generation.gas"]["price"]) > 0.1
    assert moved["generation.hydro"]["price"] == pytest.approx(0.0, abs=1e-6)
