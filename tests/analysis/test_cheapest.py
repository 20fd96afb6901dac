"""The mix with least, where the answer is known."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.analysis.cheapest import PARTS, Finder, cheapest
from simulator.analysis.reach import Judged, reach


def finder(gain: np.ndarray, need: float) -> Finder:
    """Each thing adds so much in proportion, and so much is needed."""

    def find(lines: Sequence[np.ndarray]) -> list:
        def outcome(points: Sequence) -> Judged:
            room = np.array([lines[p.line] @ gain * p.step - need for p in points])
            return Judged(room, room >= 0.0)

        return reach(outcome, len(lines), PARTS)

    return find


def filled(gain: np.ndarray, cost: np.ndarray, need: float) -> float:
    """Least cost by taking the cheapest gain first."""
    total, left = 0.0, need
    for thing in np.argsort(cost / gain):
        part = min(1.0, left / gain[thing])
        total, left = total + part * cost[thing], left - part * gain[thing]
    return total


def problem(seed: int, things: int, share: float) -> tuple[float, float, float]:
    """Price of the mix that is found, of the cheapest there is, and of all things alike."""
    gain, cost = np.random.default_rng(seed).uniform(0.2, 1.0, (2, things))
    need = share * gain.sum()
    found = cheapest(
        finder(gain, need), lambda places: np.array([place @ cost for place in places]), things
    )
    assert found is not None
    assert found.direction.max() == 1.0
    return found.price, filled(gain, cost, need), share * cost.sum()


@given(seed=st.integers(0, 500), things=st.integers(2, 5), share=st.floats(0.1, 0.9))
@settings(max_examples=25, deadline=None)
def test_no_mix_is_cheaper_than_can_be_nor_dearer_than_all_alike(
    seed: int, things: int, share: float
) -> None:
    found, least, even = problem(seed, things, share)
    cut = 1.0 / math.prod(PARTS)  # of a line, in the search
    assert least - 1e-9 <= found <= even * (1.0 + cut / share) + 1e-9


def test_the_cheapest_gain_is_nearly_found() -> None:
    """Where that is known, the search pays 1 % more in the mean and 17 % at most."""
    shares = np.random.default_rng(1).uniform(0.1, 0.9, 60)
    excess = [
        found / least - 1.0
        for seed, share in enumerate(shares.tolist())
        for found, least, _ in [problem(seed, 2 + seed % 4, share)]
    ]
    assert np.mean(excess) < 0.02
    assert max(excess) < 0.20


def test_costs_that_rise_ask_for_a_mix() -> None:
    """With squares to pay and equal gains, things go as far as their weights are small."""
    weight, gain = np.array([1.0, 2.0, 4.0]), np.ones(3)
    found = cheapest(
        finder(gain, 0.8), lambda places: np.array([weight @ place**2 for place in places]), 3
    )
    assert found is not None
    expected = (1 / weight) / (1 / weight).sum() * 0.8
    np.testing.assert_allclose(found.direction, expected / expected.max(), atol=0.08)
    assert found.price == pytest.approx(weight @ expected**2, rel=0.02)


def test_what_no_mix_meets_has_no_answer() -> None:
    assert cheapest(finder(np.ones(2), 3.0), lambda _: np.zeros(1), 2) is None


def test_the_same_is_found_again() -> None:
    gain, cost = np.array([1.0, 0.5, 0.7]), np.array([1.0, 0.3, 0.9])
    first, second = (
        cheapest(finder(gain, 1.0), lambda p: np.array([x @ cost for x in p]), 3)
        for _ in range(2)
    )
    assert first is not None
    assert second is not None
    np.testing.assert_array_equal(first.direction, second.direction)
