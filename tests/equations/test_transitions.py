"""Transitions of plain groups are paid when bought: annuity, growth, renewal, capture."""

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import quad

from simulator.equations import activity
from simulator.equations.activity import GroupParameters, GroupState
from simulator.equations.cost import capital_recovery
from simulator.equations.transitions import (
    TransitionCosts,
    TransitionParameters,
    transition_costs,
)

LIFE, RATE = 18.0, 0.08
RECOVERY = float(capital_recovery(np, np.array(RATE), np.array(LIFE)))
PLAIN = TransitionParameters(
    recovery=np.array([RECOVERY]),
    lifetime=np.array([LIFE]),
    booked_elsewhere=np.array([300.0]),
    capital_share=np.array([0.6]),
)
FUEL, CARBON = 100.0, 8.0
ELECTRIC, HYDROGEN, CAPTURE = 15.0, 5.0, 700.0


def cell(value: float) -> np.ndarray:
    return np.array([[value]])


def group_parameters(capture: float = CAPTURE) -> GroupParameters:
    """Only what the costs read."""
    way = dict.fromkeys(activity.Substitution._fields)
    known = dict.fromkeys(GroupParameters._fields)
    known["electric"] = activity.Substitution(**{**way, "premium": cell(ELECTRIC)})
    known["hydrogen"] = activity.Substitution(**{**way, "premium": cell(HYDROGEN)})
    empty = dict.fromkeys(activity.Capture._fields)
    known["capture"] = activity.Capture(**{**empty, "cost": cell(capture)})
    return cast("GroupParameters", GroupParameters(**known))


def shares(
    electrified: float = 0.0, hydrogen: float = 0.0, captured: float = 0.0
) -> GroupState:
    one, none = cell(1.0), cell(0.0)
    return GroupState(none, one, cell(electrified), cell(hydrogen), cell(captured))


def paid(
    state: GroupState, change: GroupState, p: TransitionParameters = PLAIN, **other: Any
) -> TransitionCosts:
    return transition_costs(
        np, p, group_parameters(**other), state=state, change=change,
        fuel=cell(FUEL), carbon=cell(CARBON),
    )  # fmt: skip


def test_nothing_moved_costs_nothing():
    found = paid(shares(), shares())
    assert float(found.investment[0, 0]) == 0.0
    assert float(found.operation[0, 0]) == 0.0


def test_a_unit_costs_the_capital_whose_annuity_is_the_payment():
    """A pulse that moves a tenth of the fuel buys once what pays itself back over its life."""
    found = paid(shares(), shares(electrified=0.1))
    worth = quad(lambda t: ELECTRIC * 0.1 * FUEL / (1.0 + RATE) ** t, 0.0, LIFE)[0]
    per_year = np.log(1.0 + RATE) / RATE  # payments at the end of years, not all along
    assert_allclose(float(found.investment[0, 0]), worth * per_year, rtol=1e-9)


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_constant_share_renews_itself_once_in_a_life(electrified: float, hydrogen: float):
    found = paid(shares(electrified, hydrogen), shares())
    payment = (ELECTRIC * electrified + HYDROGEN * hydrogen) * FUEL
    assert_allclose(float(found.investment[0, 0]), payment / (RECOVERY * LIFE), atol=1e-9)
    assert float(found.operation[0, 0]) == 0.0


def test_a_falling_share_sells_nothing_back():
    falling = paid(shares(0.5, 0.2, 0.3), shares(-0.1, -0.1, -0.1))
    still = paid(shares(0.5, 0.2, 0.3), shares())
    assert_allclose(falling.investment, still.investment)


def test_capture_is_split_between_capital_and_operation():
    found = paid(shares(captured=0.5), shares())
    own = (CAPTURE - 300.0) * CARBON * 0.5
    assert_allclose(float(found.operation[0, 0]), 0.4 * own)
    assert_allclose(float(found.investment[0, 0]), 0.6 * own / (RECOVERY * LIFE))


def test_capture_that_costs_less_than_its_storage_costs_nothing_more():
    found = paid(shares(captured=0.5), shares(captured=0.1), capture=250.0)
    assert float(found.investment[0, 0]) == 0.0


@pytest.mark.parametrize("name", TransitionParameters._fields)
def test_every_parameter_moves_a_cost(name: str):
    state, change = shares(0.4, 0.1, 0.3), shares(0.02, 0.01, 0.02)
    before = paid(state, change)
    after = paid(state, change, PLAIN._replace(**{name: 1.1 * getattr(PLAIN, name)}))
    assert abs(float(after.investment[0, 0]) - float(before.investment[0, 0])) > 1e-6
