"""Choice: shares add up, allocation keeps its limits, mandates are filled as far as they go."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from numpy.typing import NDArray

from simulator.equations.choice import logit_weights, mandate, raise_to, shares, waterfill

Array = NDArray[np.float64]
SHAPE = (3, 5, 2)
amounts = arrays(np.float64, SHAPE, elements=st.just(0.0) | st.floats(1e-3, 100))
totals = arrays(np.float64, (3, 2), elements=st.floats(0, 300, allow_subnormal=False))


def by_rounds(weights: Array, total: float, limits: Array) -> Array:
    """Allocate in rounds: the textbook procedure, for one column."""
    placed, rest = np.zeros_like(weights), total
    for _ in range(len(weights) + 1):
        active = (placed < limits - 1e-12) & (weights > 0)
        if not active.any() or rest <= 1e-12:
            break
        share = np.where(active, rest * weights / weights[active].sum(), 0.0)
        grown = np.minimum(placed + share, limits)
        rest -= (grown - placed).sum()
        placed = grown
    return placed


@settings(max_examples=50)
@given(amounts, totals, amounts)
def test_waterfill_equals_the_rounds(weights: Array, total: Array, limits: Array) -> None:
    result = waterfill(np, weights, total, limits)
    for fleet in range(3):
        for column in range(2):
            expected = by_rounds(
                weights[fleet, :, column], total[fleet, column], limits[fleet, :, column]
            )
            assert_allclose(result.amount[fleet, :, column], expected, atol=1e-7)


@settings(max_examples=50)
@given(amounts, totals, amounts)
def test_waterfill_keeps_limits_and_loses_nothing(
    weights: Array, total: Array, limits: Array
) -> None:
    result = waterfill(np, weights, total, limits)
    assert np.all(result.amount <= limits * (1 + 1e-12))
    assert np.all(result.amount >= 0)
    assert_allclose(result.amount.sum(axis=1) + result.unmet, total, atol=1e-9)


def test_nothing_on_sale_leaves_everything_unmet() -> None:
    result = waterfill(np, np.zeros((2, 1)), np.full(1, 7.0), np.ones((2, 1)))
    assert_allclose(result.unmet, 7.0)


@pytest.mark.parametrize("exponent", [0.0, 3.0, 6.0])
def test_equal_costs_share_by_weight(exponent: float) -> None:
    preference = np.array([[1.0], [2.0], [5.0]])
    weights = logit_weights(
        np,
        cost=np.full((3, 1), 400.0),
        log_share_weight=np.log(preference),
        availability=np.ones((3, 1)),
        exponent=np.full((1, 1), exponent),
    )
    assert_allclose(shares(np, weights), preference / 8)


def test_two_technologies_follow_their_cost_ratio() -> None:
    weights = logit_weights(
        np,
        cost=np.array([[300.0], [200.0]]),
        log_share_weight=np.log(np.array([[0.4], [0.9]])),
        availability=np.ones((2, 1)),
        exponent=np.full((1, 1), 4.0),
    )
    share = shares(np, weights)
    assert_allclose(share[0] / share[1], (0.4 / 0.9) * 1.5**-4)


def test_a_high_exponent_lets_the_cheapest_take_all() -> None:
    weights = logit_weights(
        np,
        cost=np.array([[1.0], [0.9], [2.0]]),
        log_share_weight=np.zeros((3, 1)),
        availability=np.ones((3, 1)),
        exponent=np.full((1, 1), 500.0),
    )
    assert_allclose(shares(np, weights)[:, 0], [0, 1, 0], atol=1e-12)


def test_a_banned_technology_gets_nothing_and_all_banned_is_finite() -> None:
    for availability in ([0.0, 1.0], [0.0, 0.0]):
        weights = logit_weights(
            np,
            cost=np.array([[1.0], [9.0]]),
            log_share_weight=np.zeros((2, 1)),
            availability=np.array(availability)[:, None],
            exponent=np.full((1, 1), 5.0),
        )
        assert weights[0, 0] == 0
        assert np.all(np.isfinite(shares(np, weights)))


WHOLE = np.ones((5, 1))
SET = np.array([1.0, 0, 1, 0, 0])[:, None]
PART = np.array([1.0, 0, 1, 1, 0])[:, None]


@pytest.mark.parametrize("part", [WHOLE, PART])
@settings(max_examples=50)
@given(amounts, arrays(np.float64, (3, 2), elements=st.floats(0, 1)), amounts)
def test_a_mandate_keeps_the_total_the_limits_and_what_is_outside_its_part(
    part: Array, amount: Array, share: Array, room: Array
) -> None:
    limits = amount + room
    result = mandate(np, amount, member=SET, part=part, share=share, limits=limits)
    total = (part * amount).sum(axis=1)
    assert_allclose((part * result).sum(axis=1), total, rtol=1e-9, atol=1e-9)
    assert_allclose((1 - part) * result, (1 - part) * amount)
    assert np.all((result * SET) <= limits * (1 + 1e-9) + 1e-9)
    inside = (result * SET).sum(axis=1)
    wanted = np.minimum(share * total, (limits * SET).sum(axis=1))
    assert np.all(inside >= wanted * (1 - 1e-9) - 1e-9)


def test_a_mandate_that_holds_changes_nothing() -> None:
    amount = np.array([[6.0], [4.0]])
    member = np.array([[1.0], [0.0]])
    result = mandate(
        np,
        amount,
        member=member,
        part=np.ones((2, 1)),
        share=np.full(1, 0.5),
        limits=amount * 9,
    )
    assert_allclose(result, amount)


@pytest.mark.parametrize(
    ("target", "amount", "beyond"),
    [
        (1.0, [4.0, 3.0, 2.0], 0.0),
        (4.0, [4.0, 1.0, 4.0], 0.0),
        (9.0, [4.0, 0.0, 9.0], 4.0),
        (99.0, [4.0, 0.0, 20.0], 15.0),
    ],
)
def test_what_others_of_the_part_cannot_give_comes_on_top(
    target: float, amount: list[float], beyond: float
) -> None:
    result = raise_to(
        np,
        np.array([[4.0], [3.0], [2.0]]),
        member=np.array([[0.0], [0.0], [1.0]]),
        part=np.array([[0.0], [1.0], [1.0]]),
        target=np.array([target]),
        limits=np.full((3, 1), 20.0),
    )
    assert_allclose(result.amount[:, 0], amount)
    assert_allclose(result.beyond, beyond)
