"""Scopes: supply is spread in full, a life of use is the integral of its rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations.emissions import purchased_electricity, share_of_supply, use_phase

amounts = st.lists(st.floats(0.01, 1e4), min_size=2, max_size=6)


@given(use=amounts, supplied=st.floats(0.0, 1e4))
def test_supply_is_spread_in_full_and_by_use(use, supplied):
    found = share_of_supply(np, np.array(use)[:, None], np.array([supplied]))[:, 0]
    assert found.sum() == pytest.approx(supplied, rel=1e-9)
    assert_allclose(found * use[0], found[0] * np.array(use), rtol=1e-9, atol=1e-12)


@given(rate=st.floats(0.0, 50.0), life=st.floats(0.0, 80.0))
def test_at_a_constant_rate_a_life_is_rate_times_years(rate, life):
    found = use_phase(np, rate=np.full((10, 1), rate), lifetime=np.array([life]))
    assert_allclose(found, rate * life, rtol=1e-9, atol=1e-12)


@given(
    rates=st.lists(st.floats(0.0, 9.0), min_size=3, max_size=12),
    first=st.floats(0.0, 5.0),
    second=st.floats(0.0, 20.0),
)
def test_two_lives_one_after_the_other_are_one_long_life(rates, first, second):
    rate = np.array(rates)[:, None]

    def lived(years: float) -> float:
        return float(use_phase(np, rate=rate, lifetime=np.array([years]))[0, 0])

    # The integral from the middle of the first year, with the last rate held on.
    fine = np.linspace(0.5 + first, 0.5 + first + second, 20001)
    steps = np.minimum(fine.astype(int), len(rates) - 1)
    middle = 0.5 * (rate[steps[1:], 0] + rate[steps[:-1], 0])
    rest = float((middle * np.diff(fine)).sum())
    assert lived(first + second) == pytest.approx(lived(first) + rest, abs=0.02)
    assert lived(first + second) >= lived(first) - 1e-12


def test_a_life_by_hand():
    rate = np.array([[8.0], [4.0], [2.0]])
    found = use_phase(np, rate=rate, lifetime=np.array([2.0]))[:, 0]
    assert_allclose(found, [0.5 * 8 + 4 + 0.5 * 2, 0.5 * 4 + 1.5 * 2, 2 * 2])


def test_own_electricity_is_not_bought():
    scope2 = np.array([[10.0], [6.0]])
    use = np.array([[4.0], [1.0]])
    found = purchased_electricity(
        np,
        scope2_all=scope2,
        electricity=use,
        power_emissions=np.array([5.0]),
        share=np.array([[0.25], [1.0]]),
    )
    assert_allclose(found[:, 0], [10.0 - 0.75 * 4.0, 6.0])
