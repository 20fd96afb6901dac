"""Who pays the carbon price that policy sets, and from when."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.dimensions import SECTORS
from simulator.equations.schedule import at, read_clock
from simulator.model.assembly.economy import joining
from simulator.model.national import NationalModel
from simulator.reading.scenario import load

years = st.floats(2020.0, 2040.0).map(lambda year: round(year, 1))


@pytest.fixture(scope="module")
def model():
    return NationalModel([load("accelerated").resolved])


def coverage(model, year: float, name: str = "carbon_coverage") -> dict[str, float]:
    clock = read_clock(np, model.parameters.grid, np.float64(year))
    shares = np.ravel(at(getattr(model.parameters.prices, name), clock))
    return dict(zip(SECTORS, shares, strict=True))


@given(years, st.sampled_from([0.0, 0.3, 0.97, 1.0]), years, st.floats(0.5, 12.0), years)
def test_the_share_that_pays_is_the_larger_of_step_and_ramp(date, share, start, span, year):
    times, values = joining(date, share, start, start + span)
    assert np.all(np.diff(times) >= 0.0)
    assert np.all(np.diff(values) >= -1e-12)
    if np.abs(year - date) < 0.05:
        return
    ramp = np.clip((year - start) / span, 0.0, 1.0)
    expected = max(ramp, share * (year > date))
    assert np.interp(year, times, values, left=0.0) == pytest.approx(expected, abs=1e-9)


def test_nobody_outside_the_market_pays_before_others_join(model):
    for year in (2022.5, 2024.5, 2025.5, 2026.9):
        paying = {name for name, share in coverage(model, year).items() if share > 0.0}
        market = {"power"} if year < 2024 else {"power", "steel", "cement", "aluminium"}
        assert paying == market, year
    first = coverage(model, 2025.5)
    assert (first["power"], first["aluminium"]) == pytest.approx((0.97, 1.0))


def test_all_pay_at_the_end_and_the_rest_joins_step_by_step(model):
    shares = [coverage(model, year)["buildings"] for year in (2027.0, 2028.5, 2030.0, 2050.0)]
    assert shares == pytest.approx([0.0, 0.5, 1.0, 1.0])
    assert coverage(model, 2027.5)["petrochemicals"] == pytest.approx(0.8)
    assert min(coverage(model, 2030.5).values()) == 1.0


def test_those_who_pay_count_as_a_whole(model):
    payers = coverage(model, 2027.5, "carbon_payers")
    assert (payers["petrochemicals"], payers["steel"]) == pytest.approx((1.0, 1.0))
    assert payers["automotive"] == pytest.approx(1.0 / 6.0)
