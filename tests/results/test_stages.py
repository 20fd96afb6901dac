"""Stage boundaries of trajectories that were drawn so that the answer is known."""

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.results.expression import MissingDataError
from simulator.results.stages import StageRules, find_stages, stages
from simulator.results.trajectory import smoothed

YEARS = np.arange(2015, 2061)
GDP = 100.0 * 1.04 ** (YEARS - 2015)


def piecewise(knots: dict[int, float]) -> np.ndarray:
    """Return straight lines through the knots."""
    return np.interp(YEARS, list(knots), list(knots.values()))


DRAWN = {2015: 9000.0, 2025: 12000.0, 2030: 12000.0, 2036: 11000.0, 2056: 1000.0, 2060: 1000.0}
"""Growth to 2025, a plateau to 2030, slow decline to 2036, then 500 a year to 2056."""
SINK = 1200.0


def test_a_drawn_trajectory() -> None:
    gross = piecewise(DRAWN)
    found = find_stages(YEARS, gross, gross - SINK, GDP)
    assert found.peak_year == 2026  # the first year whose neighbours are at the top
    assert found.peak == pytest.approx(12000.0)
    assert found.t1 == 2031  # 11 833 is still within 2 %, 11 667 is not
    assert found.t2 == 2036  # 333 a year across the kink, 222 the year before
    assert found.t3 == 2050  # 4000 - 1200 <= 3000
    assert found.t4 == 2056
    assert found.peaked_by_2030
    assert found.neutral_by_2060
    by_stage = [int((found.stage == number).sum()) for number in (1, 2, 3, 4)]
    assert by_stage == [2031 - 2015 + 1, 2035 - 2031, 2049 - 2035, 2060 - 2049]


def test_stage_four_needs_net_and_not_gross_emissions() -> None:
    gross = piecewise(DRAWN)
    without, with_sink = (find_stages(YEARS, gross, gross - s, GDP) for s in (0.0, SINK))
    assert without.t3 == 2052
    assert with_sink.t3 == 2050
    assert math.isnan(without.t4)
    assert not without.neutral_by_2060


def test_neutrality_must_last() -> None:
    gross = piecewise(DRAWN)
    net = np.where(YEARS == 2052, -10.0, gross - SINK + 500.0)  # 300 in the end
    assert math.isnan(find_stages(YEARS, gross, net, GDP).t4)
    back = np.where(YEARS >= 2052, 200.0, gross)  # within 2 % of 12 000
    back[YEARS == 2052] = 0.0
    assert find_stages(YEARS, gross, back, GDP).t4 == 2052
    back[YEARS == 2058] = 300.0  # more than 2 %
    assert math.isnan(find_stages(YEARS, gross, back, GDP).t4)


def test_endless_growth_never_leaves_the_first_stage() -> None:
    gross = piecewise({2015: 9000.0, 2060: 18000.0})
    found = find_stages(YEARS, gross, gross, GDP)
    assert found.peak_year == 2060
    assert all(math.isnan(edge) for edge in (found.t1, found.t2, found.t3, found.t4))
    assert not found.peaked_by_2030
    assert set(found.stage) == {1}


def test_a_slow_decline_never_reaches_the_third_stage() -> None:
    gross = piecewise({2015: 10000.0, 2060: 10000.0 - 45 * 200.0})
    found = find_stages(YEARS, gross, gross, GDP)
    assert found.t1 == 2016
    assert found.t2 == found.t3 == 2053  # a quarter of the smoothed peak, and never steep
    assert set(found.stage) == {1, 2, 4}


def test_two_steep_years_are_not_enough() -> None:
    gross = piecewise({2015: 10000.0, 2030: 10000.0, 2033: 9100.0, 2060: 8000.0})
    assert math.isnan(find_stages(YEARS, gross, gross, GDP).t2)
    patient = StageRules(steep_years=2)
    assert find_stages(YEARS, gross, gross, GDP, patient).t2 == 2031


def test_a_late_peak_is_late() -> None:
    gross = piecewise({2015: 9000.0, 2031: 12000.0, 2047: 9000.0, 2060: 0.0})
    found = find_stages(YEARS, gross, gross, GDP)
    assert found.peak_year == 2031
    assert not found.peaked_by_2030


def test_relative_reduction_is_growth_slower_than_output() -> None:
    gross = piecewise({2015: 10000.0, 2025: 11000.0, 2060: 3000.0})
    found = find_stages(YEARS, gross, gross, GDP)
    assert found.relative_reduction[YEARS == 2020].all()
    assert not found.relative_reduction[YEARS == 2040].any()
    fast = find_stages(YEARS, gross, gross, 100.0 * 1.001 ** (YEARS - 2015))
    assert not fast.relative_reduction[YEARS == 2020].any()


def test_what_never_emits_has_no_stages() -> None:
    found = find_stages(YEARS, -np.ones(YEARS.size), -np.ones(YEARS.size), GDP)
    assert math.isnan(found.peak_year)
    assert set(found.stage) == {0}


def test_smoothing_uses_two_years_at_the_ends() -> None:
    assert smoothed([1.0, 3.0, 8.0, 4.0]).tolist() == [2.0, 4.0, 5.0, 6.0]


def test_smoothing_hides_one_odd_year() -> None:
    gross = piecewise({2015: 9000.0, 2028: 12000.0, 2060: 0.0})
    gross[YEARS == 2022] += 1500.0
    assert find_stages(YEARS, gross, gross, GDP).peak_year == 2028


@settings(max_examples=50)
@given(st.floats(1e-3, 1e6), st.integers(2017, 2045), st.floats(0.0, 2000.0))
def test_units_do_not_matter_and_stages_are_in_order(
    scale: float, top: int, sink: float
) -> None:
    gross = piecewise({2015: 8000.0, top: 12000.0, 2060: 500.0})
    plain = find_stages(YEARS, gross, gross - sink, GDP)
    scaled = find_stages(YEARS, scale * gross, scale * (gross - sink), scale * GDP)
    assert np.array_equal(plain.stage, scaled.stage)
    assert np.all(np.diff(plain.stage) >= 0)
    assert abs(plain.peak_year - top) <= 1  # smoothing leans to the flatter side
    reached = [edge for edge in (plain.t1, plain.t2, plain.t3, plain.t4) if np.isfinite(edge)]
    assert reached == sorted(reached)


@pytest.mark.parametrize(
    ("years", "values"),
    [(YEARS[:2], [1.0, 2.0]), (YEARS[::2], YEARS[::2]), (YEARS, np.full(YEARS.size, np.nan))],
)
def test_series_that_cannot_be_judged_are_refused(
    years: np.ndarray, values: np.ndarray
) -> None:
    with pytest.raises(ValueError, match="stages need"):
        find_stages(years, values, values, np.ones(len(years)))


# --- on a data set --------------------------------------------------------------------------


@pytest.fixture
def run() -> xr.Dataset:
    gross = piecewise(DRAWN)
    late = piecewise({2015: 10.0, 2035: 20.0, 2060: 0.0})
    return xr.Dataset(
        {
            "emissions_gross": ("time", gross),
            "emissions_net": ("time", gross - SINK),
            "gdp": ("time", GDP),
            "emissions": (("time", "sector"), np.stack([gross, late / 2], axis=1)),
            "emissions_scope2": (
                ("time", "sector"),
                np.stack([gross * np.nan, late / 2], axis=1),
            ),
        },
        coords={"time": YEARS, "sector": ["power", "steel"]},
    )


def test_the_nation_on_a_data_set(run: xr.Dataset) -> None:
    direct = find_stages(YEARS, run["emissions_gross"], run["emissions_net"], GDP)
    assert stages(run).t4 == direct.t4 == 2056
    assert np.array_equal(stages(run.expand_dims(scenario=["a"])).stage, direct.stage)


def test_a_sector_is_judged_with_what_it_buys(run: xr.Dataset) -> None:
    steel = stages(run, "steel")
    assert steel.peak_year == 2035
    assert steel.peak == pytest.approx(smoothed(piecewise({2015: 10, 2035: 20, 2060: 0})).max())
    assert stages(run, "power").t1 == stages(run).t1  # nothing bought counts as nothing


def test_what_is_missing_is_named(run: xr.Dataset) -> None:
    with pytest.raises(MissingDataError, match="no variable gdp"):
        stages(run.drop_vars("gdp"))
    with pytest.raises(MissingDataError, match='no sector "paper"; there are power, steel'):
        stages(run, "paper")
    with pytest.raises(MissingDataError, match="choose one"):
        stages(run.expand_dims(scenario=["a", "b"]))
