"""The smallest step along a line, on outcomes whose answer is known."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.analysis.reach import PARTS, RESOLUTION, Judged, Outcome, Point, reach

Line = Callable[[float], float]


def game(*lines: Line, asked: list[Point] | None = None) -> Outcome:
    """An outcome of given functions, which notes what it was asked."""

    def outcome(points: list[Point]) -> Judged:
        if asked is not None:
            asked.extend(points)
        room = np.array([lines[point.line](point.step) for point in points])
        return Judged(room, room >= 0.0)

    return outcome


@given(st.floats(1e-6, 1.0))
def test_a_rising_line_is_met_at_its_root_from_above(root: float) -> None:
    (found,) = reach(game(lambda step: step - root), 1)
    assert found.met
    assert found.below < root <= found.step
    assert found.step - found.below <= RESOLUTION * (1 + 1e-9)
    assert found.room == pytest.approx(found.step - root)
    assert (found.best, found.end) == (1.0, pytest.approx(1.0 - root))
    assert math.isnan(found.lost)


def test_a_line_that_falls_short_says_by_how_much_and_where_it_is_nearest() -> None:
    (found,) = reach(game(lambda step: -1.0 - (step - 0.5) ** 2), 1)
    assert not found.met
    assert found.best == 0.5
    assert found.room == -1.0
    assert found.end == pytest.approx(-1.25)


def test_what_holds_already_needs_no_step_and_no_more_runs() -> None:
    asked: list[Point] = []
    found = reach(game(lambda _: 0.0, lambda step: -step, asked=asked), 2)
    assert [one.step for one in found] == [0.0, 0.0]
    assert asked == [Point(0, 0.0)]


def test_the_first_of_two_stretches_is_taken_and_its_end_is_told() -> None:
    (found,) = reach(game(lambda step: math.sin(4.0 * math.pi * (step - 0.1))), 1)
    assert found.step == pytest.approx(0.1, abs=RESOLUTION)
    assert 0.35 < found.lost <= 0.35 + 1.0 / PARTS[0]


def test_a_margin_that_jumps_is_met_where_it_jumps() -> None:
    (found,) = reach(game(lambda step: math.floor(10.0 * step) - 7.0), 1)
    assert found.below < 0.7 <= found.step <= found.below + RESOLUTION * (1 + 1e-9)


def test_steps_without_a_value_are_no_answer() -> None:
    (found,) = reach(game(lambda step: math.nan if step < 0.4 else step - 0.5), 1)
    assert found.step == pytest.approx(0.5, abs=RESOLUTION)
    (found,) = reach(game(lambda _: math.nan), 1)
    assert not found.met
    assert math.isnan(found.room)


def test_lines_are_looked_at_together_and_do_not_disturb_each_other() -> None:
    turns: list[int] = []
    one, two = (lambda step: step - 0.3), (lambda step: step - 0.8)

    def outcome(points: list[Point]) -> Judged:
        turns.append(len(points))
        return game(one, two, lambda _: -1.0)(points)

    found = reach(outcome, 3)
    alone = [reach(game(line), 1)[0] for line in (one, two)]
    np.testing.assert_equal(found[:2], alone)
    assert not found[2].met
    assert len(turns) == 4
    assert turns[1] == 3 * PARTS[0]
