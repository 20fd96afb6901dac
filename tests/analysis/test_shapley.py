"""Shapley values: the axioms that define them, and that samples agree with the whole."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.analysis.shapley import EXACT, Worth, divide, exact, sampled


def table(values: np.ndarray) -> Worth:
    """A game given by the worth of every coalition."""
    return lambda masks: values[np.asarray(masks, dtype=int)]


def drawn(players: int, seed: int, quantities: int = 3) -> np.ndarray:
    """A game with no rule in it."""
    return np.random.default_rng(seed).normal(0, 1000, (1 << players, quantities))


@pytest.mark.parametrize("way", ["exact", "sampled"])
@given(players=st.integers(1, 7), seed=st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_parts_add_up_to_what_all_achieve(way: str, players: int, seed: int) -> None:
    values = drawn(players, seed)
    game = table(values)
    found = exact(game, players) if way == "exact" else sampled(game, players, 6, seed)
    np.testing.assert_allclose(
        found.parts.sum(axis=0), values[-1] - values[0], rtol=1e-12, atol=1e-9
    )


@pytest.mark.parametrize("way", ["exact", "sampled"])
def test_a_player_who_changes_nothing_gets_nothing(way: str) -> None:
    values = drawn(5, 3)
    values = values[np.arange(32) & ~0b00100]
    found = exact(table(values), 5) if way == "exact" else sampled(table(values), 5, 8, 1)
    assert (found.parts[2] == 0.0).all()
    assert (found.error[2] == 0.0).all()
    assert (found.parts[[0, 1, 3, 4]] != 0.0).all()


def test_players_who_do_the_same_get_the_same() -> None:
    """Of three, the first two may stand for each other; any two of them build all there is."""
    worth = np.array([0.0, 10, 10, 50, 0, 30, 30, 90])[:, np.newaxis]
    found = exact(table(worth), 3).parts[:, 0]
    assert found[0] == pytest.approx(found[1])
    assert found[2] == pytest.approx(90 - 2 * found[0])
    assert found[2] == pytest.approx((0 + 20 / 2 + 20 / 2 + 40) / 3)


def test_the_known_division_of_a_runway() -> None:
    """A runway as long as the largest plane needs: each stretch is shared by who uses it."""
    need = [1.0, 2.0, 4.0]
    costs = [max([0.0, *(n for p, n in enumerate(need) if mask >> p & 1)]) for mask in range(8)]
    found = exact(table(np.array(costs)[:, np.newaxis]), 3).parts[:, 0]
    np.testing.assert_allclose(found, [1 / 3, 1 / 3 + 1 / 2, 1 / 3 + 1 / 2 + 2])


@pytest.mark.parametrize("way", ["exact", "sampled"])
def test_where_nothing_interacts_each_gets_its_own(way: str) -> None:
    own = np.array([3.0, -1.0, 0.5, 10.0])

    def worth(masks: Sequence[int]) -> np.ndarray:
        return np.array([[7 + sum(own[p] for p in range(4) if m >> p & 1)] for m in masks])

    found = exact(worth, 4) if way == "exact" else sampled(worth, 4, 4, 9)
    np.testing.assert_allclose(found.parts[:, 0], own, atol=1e-12)
    np.testing.assert_allclose(found.error, 0.0, atol=1e-12)


def test_games_add_up() -> None:
    one, two = drawn(4, 1), drawn(4, 2)
    both = exact(table(one + two), 4).parts
    np.testing.assert_allclose(both, exact(table(one), 4).parts + exact(table(two), 4).parts)


def test_samples_come_as_near_as_their_errors_say() -> None:
    values = drawn(7, 11, quantities=40)
    true, found = exact(table(values), 7), sampled(table(values), 7, 400, 1)
    apart = (found.parts - true.parts) / found.error
    assert 0.8 < np.sqrt((apart**2).mean()) < 1.25
    assert np.abs(apart).max() < 5.0
    more = sampled(table(values), 7, 6400, 1)
    assert np.median(more.error / found.error) == pytest.approx(0.25, rel=0.15)


def test_an_order_and_its_reverse_leave_no_error_where_only_pairs_interact() -> None:
    """What two players add together is then halved between them in every pair of orders."""
    strength = np.random.default_rng(4).normal(size=(6, 6))

    def worth(masks: Sequence[int]) -> np.ndarray:
        inside = [[mask >> p & 1 for p in range(6)] for mask in masks]
        return np.array([[row @ strength @ row] for row in np.array(inside, dtype=float)])

    np.testing.assert_allclose(sampled(worth, 6, 4, 5).parts, exact(worth, 6).parts, atol=1e-12)


def test_no_coalition_is_asked_for_twice_and_the_same_seed_gives_the_same() -> None:
    values, asked = drawn(6, 8), []

    def worth(masks: Sequence[int]) -> np.ndarray:
        asked.append(list(masks))
        return table(values)(masks)

    first, second = (sampled(worth, 6, 40, 3) for _ in range(2))
    assert asked[0] == asked[1]
    assert len(set(asked[0])) == len(asked[0]) == first.coalitions <= 64
    np.testing.assert_array_equal(first.parts, second.parts)
    assert (sampled(worth, 6, 40, 4).parts != first.parts).any()


def test_few_players_are_worked_out_and_many_are_sampled() -> None:
    few = divide(table(drawn(EXACT, 1)), EXACT, 4, 1)
    assert few.coalitions == 1 << EXACT
    assert (few.error == 0.0).all()
    many = divide(table(drawn(EXACT + 1, 1)), EXACT + 1, 4, 1)
    assert many.coalitions < 4 * (EXACT + 2)
    assert (many.error > 0.0).all()


def test_more_than_sixty_three_players_are_no_trouble() -> None:
    def worth(masks: Sequence[int]) -> np.ndarray:
        return np.array([[float(mask.bit_count())] for mask in masks])

    found = sampled(worth, 80, 4, 1)
    np.testing.assert_allclose(found.parts, 1.0)
