"""Flue-gas cleaning: gross demand closes, nothing is counted twice, less coal cleans less."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations import flue_gas
from simulator.equations.flue_gas import FlueGasParameters
from simulator.equations.schedule import Schedule

ONE = np.array([1.0])
share = st.floats(0.0, 0.1)
power = st.floats(0.0, 6000.0)


def plain() -> FlueGasParameters:
    level = np.array([[0.007]])
    return FlueGasParameters(
        electricity=0.0135 * ONE,
        limestone=0.0044 * ONE,
        in_own_use=Schedule(level, 0.0 * level),
        following_time=0.5 * ONE,
        member=np.ones((1, 1)),
    )


def gross(history: float, final: float, cleaned: float, **shares: float) -> np.ndarray:
    known = {"grid_loss": 0.056, "own_use": 0.0465, "in_own_use": 0.007} | shares
    found: np.ndarray = flue_gas.gross_demand(
        final=final * ONE,
        cleaning_electricity=cleaned * ONE,
        history=history * ONE,
        **{name: value * ONE for name, value in known.items()},
    )
    return found


def test_cleaning_of_2020_by_hand() -> None:
    """4630 TWh of coal power: 62.5 TWh and 20.4 Mt."""
    found = flue_gas.cleaning(plain(), 4630.0 * ONE)
    assert_allclose(found.electricity, 62.505)
    assert_allclose(found.limestone, 20.372)


def test_gross_demand_of_2020_closes() -> None:
    found = gross(1.0, 6859.0 + 62.5, 62.5)
    assert_allclose(found, 7620, rtol=1e-3)
    assert_allclose(found * (1 - 0.056) * (1 - 0.0465), 6859.0)


@given(final=st.floats(100.0, 20000.0), cleaned=st.floats(0.0, 90.0))
def test_observed_years_do_not_notice_who_pays_for_cleaning(
    final: float, cleaned: float
) -> None:
    assert_allclose(gross(1.0, final + cleaned, cleaned), gross(1.0, final, 0.0))


@given(final=st.floats(100.0, 20000.0), loss=share, own=share, inside=st.floats(0.0, 0.02))
def test_generation_is_used_lost_or_cleans(
    final: float, loss: float, own: float, inside: float
) -> None:
    """What plants take themselves is the same with cleaning inside or apart."""
    shares = {"grid_loss": loss, "own_use": own + inside, "in_own_use": inside}
    whole = gross(1.0, final, 0.0, **shares)
    cleaned = float(inside * whole[0])
    apart = gross(0.0, final + cleaned, cleaned, **shares)
    assert_allclose(apart, whole)
    delivered = (apart - cleaned - own * apart) * (1.0 - loss)
    assert_allclose(delivered, final)


@given(more=power, less=power)
def test_less_coal_power_is_less_cleaning_and_less_generation(more: float, less: float) -> None:
    low, high = sorted((less, more))
    here, there = (flue_gas.cleaning(plain(), coal * ONE) for coal in (low, high))
    assert float(here.electricity[0]) <= float(there.electricity[0])
    assert float(here.limestone[0]) <= float(there.limestone[0])
    made = [
        gross(0.0, 9000.0 + float(c.electricity[0]), float(c.electricity[0]))
        for c in (here, there)
    ]
    assert float(made[0][0]) <= float(made[1][0]) + 1e-9
