"""Hindcast: compares what it says, is honest about inputs, and finds an error put in."""

from types import MappingProxyType

import pytest
import xarray as xr
from numpy.testing import assert_allclose

from calibration.closure import residuals
from calibration.hindcast import ROLES, hindcast, load_comparisons, missed
from calibration.observations import load_observations
from simulator.reading.parameters import load_parameters
from tests.synthetic import dataset

YEARS = list(range(2015, 2025))


@pytest.fixture
def drawn() -> xr.Dataset:
    """A drawn data set whose national total and steel are those observed."""
    run = dataset()
    observed = load_observations()
    for year in YEARS:
        run["emissions_gross"].loc[{"time": year}] = observed["co2.total"].at(year)
        steel = {"time": year, "sector": "steel"}
        run["activity"].loc[steel] = observed["output.crude_steel"].at(year)
    return run


def test_what_agrees_has_no_error_and_what_does_not_is_missed(drawn: xr.Dataset) -> None:
    lines = hindcast(drawn)
    total = [line for line in lines if line.name == "co2.total"]
    assert [line.year for line in total] == YEARS
    assert_allclose([line.error for line in total], 0.0, atol=1e-12)
    assert all(line.met for line in total)
    drawn["emissions_gross"].loc[{"time": 2019}] *= 1.03
    off = [line for line in missed(hindcast(drawn)) if line.name == "co2.total"]
    assert [line.year for line in off] == [2019]
    assert_allclose(off[0].error, 0.03)


def test_an_error_on_the_bar_is_met_and_one_beyond_is_not(drawn: xr.Dataset) -> None:
    steel = {"time": 2020, "sector": "steel"}
    for factor, met in ((0.9701, True), (0.9699, False)):
        run = drawn.copy(deep=True)
        run["activity"].loc[steel] *= factor
        (line,) = [
            line for line in hindcast(run)
            if line.name == "output.crude_steel" and line.year == 2020
        ]  # fmt: skip
        assert line.met is met


def test_years_outside_the_run_are_left_out(drawn: xr.Dataset) -> None:
    short = drawn.sel(time=slice(2018, 2021))
    assert {line.year for line in hindcast(short)} == {2018, 2019, 2020, 2021}


def test_parts_are_added_up(drawn: xr.Dataset) -> None:
    observed = load_observations()
    (line,) = [
        line for line in hindcast(drawn) if line.name == "co2.process" and line.year == 2020
    ]
    parts = ("co2.cement", "co2.other_process", "co2.flaring")
    assert_allclose(line.observed, sum(observed[part].at(2020) for part in parts))


def test_every_comparison_owns_up_to_what_drives_it() -> None:
    known, seen = load_parameters(), set()
    for item in load_comparisons():
        assert item.role in ROLES
        assert (item.driver in known) is (item.role != "outcome"), item.name
        assert not item.factor or item.factor in known
        assert item.en
        assert item.zh
        assert item.name not in seen
        seen.add(item.name)
        assert all(name in load_observations() for name in item.observed)
        if item.role == "closed":
            assert known[item.driver].standing == "calibrated"
    assert {"co2.total", "co2.coal", "generation.total", "output.clinker"} <= seen


def test_the_bars_are_the_promised_ones() -> None:
    bars = {item.name: item.bar for item in load_comparisons()}
    assert bars["co2.total"] == 0.025
    assert {bars[f"co2.{fuel}"] for fuel in ("coal", "oil", "gas", "process")} == {0.05}
    assert bars["generation.total"] == bars["grid_intensity"] == 0.02
    assert bars["thermal_intensity"] == 0.01
    outputs = {bar for name, bar in bars.items() if name.startswith("output.")}
    assert outputs == {0.03}


def test_residuals_are_factor_times_energy_times_carbon() -> None:
    known = dict(load_parameters())
    found = {(r.fuel, r.year): r for r in residuals()}
    coal = known["groups.observed.unallocated_coal.coal_factor"]
    index = known["groups.observed.unallocated_coal.activity"]
    expected = coal.values[0] * index.values[0] * 1000 * 0.0946
    assert_allclose(found["coal", 2015].unallocated, expected, rtol=1e-9)
    assert_allclose(found["coal", 2015].share, expected / found["coal", 2015].total)


def test_residuals_cover_every_balance_and_year() -> None:
    found = residuals()
    assert {r.fuel for r in found} == {"coal", "oil", "gas", "process", "electricity"}
    for fuel in {r.fuel for r in found}:
        assert [r.year for r in found if r.fuel == fuel] == YEARS


def test_a_factor_of_one_moves_nothing() -> None:
    from dataclasses import replace  # noqa: PLC0415

    known = dict(load_parameters())
    for path, parameter in known.items():
        if path.startswith("groups.observed.") and path.endswith("_factor"):
            neutral = 0.0 if ".unallocated_" in path else 1.0
            known[path] = replace(parameter, values=tuple(neutral for _ in parameter.values))
    for item in residuals(MappingProxyType(known)):
        assert item.unallocated == item.adjusted == 0.0
