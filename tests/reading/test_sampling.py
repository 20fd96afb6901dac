"""Designs and distributions, against their definitions and against scipy's own integrals."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate

from simulator.reading.sampling import (
    Distribution,
    choose,
    every_combination,
    powers_around,
    repeated_rows,
    unit_cube,
)

SPREADS = (
    Distribution("uniform", -2.0, 5.0),
    Distribution("loguniform", 0.5, 50.0),
    Distribution("triangular", 1.0, 4.0, mode=1.5),
    Distribution("triangular", 1.0, 4.0, mode=1.0),
    Distribution("triangular", 1.0, 4.0, mode=4.0),
    Distribution("normal", 0.0, 3.0, mean=1.0, sd=0.8),
    Distribution("normal", 0.0, 3.0, mean=0.0, sd=40.0),
)


def density(spread: Distribution, value: float) -> float:
    """Density up to a factor, written down from the definition."""
    if spread.name == "uniform":
        return 1.0
    if spread.name == "loguniform":
        return 1.0 / value
    if spread.name == "normal":
        return math.exp(-0.5 * ((value - spread.mean) / spread.sd) ** 2)
    rising = value < spread.mode
    reach = (spread.mode - spread.low) if rising else (spread.high - spread.mode)
    end = spread.low if rising else spread.high
    return abs(value - end) / reach if reach else 1.0


@pytest.mark.parametrize("spread", SPREADS, ids=lambda one: f"{one.name}-{one.mode}-{one.sd}")
@pytest.mark.parametrize("probability", [0.05, 0.3, 0.5, 0.9])
def test_the_share_below_a_quantile_is_its_probability(
    spread: Distribution, probability: float
) -> None:
    value = float(spread.quantile(np.array([probability]))[0])
    kinks = sorted({spread.low, min(max(spread.mode, spread.low), spread.high), spread.high})

    def area(upper: float) -> float:
        ends = [*[kink for kink in kinks if kink < upper], upper]
        pieces = pairwise(ends)
        return sum(
            integrate.quad(lambda at: density(spread, at), start, end)[0]
            for start, end in pieces
        )

    assert area(value) / area(spread.high) == pytest.approx(probability, abs=1e-8)


@pytest.mark.parametrize("spread", SPREADS, ids=lambda one: f"{one.name}-{one.mode}-{one.sd}")
def test_quantiles_rise_from_one_end_of_the_range_to_the_other(spread: Distribution) -> None:
    values = spread.quantile(np.linspace(0.0, 1.0, 101))
    assert values[0] == pytest.approx(spread.low)
    assert values[-1] == pytest.approx(spread.high)
    assert np.all(np.diff(values) > 0)
    assert values.min() >= spread.low
    assert values.max() <= spread.high


@given(st.integers(1, 200), st.integers(1, 12), st.integers(0, 2**40))
def test_a_latin_hypercube_has_one_point_in_each_stratum(
    rows: int, inputs: int, seed: int
) -> None:
    cube = unit_cube("latin_hypercube", rows, inputs, seed)
    assert cube.shape == (rows, inputs)
    for column in cube.T:
        strata = np.minimum(np.floor(column * rows), rows - 1)
        assert sorted(strata) == list(range(rows))


@given(st.integers(1, 9), st.integers(1, 10), st.integers(0, 2**40))
def test_a_sobol_sequence_is_balanced(power: int, inputs: int, seed: int) -> None:
    rows = 2**power
    cube = unit_cube("sobol", rows, inputs, seed)
    assert cube.shape == (rows, inputs)
    for column in cube.T:
        assert sorted(np.floor(column * rows)) == list(range(rows))


def test_two_dimensions_of_a_sobol_sequence_fill_every_box() -> None:
    cube = unit_cube("sobol", 64, 2, 7)
    boxes = np.floor(cube * [4, 16])  # every elementary box of 64 has one point
    assert len({tuple(box) for box in boxes}) == 64


@pytest.mark.parametrize("design", ["latin_hypercube", "sobol"])
def test_the_seed_decides_every_bit(design: str) -> None:
    first = unit_cube(design, 32, 5, 11)
    assert first.tobytes() == unit_cube(design, 32, 5, 11).tobytes()
    assert first.tobytes() != unit_cube(design, 32, 5, 12).tobytes()


@given(st.integers(1, 40), st.integers(0, 1000))
def test_choices_are_taken_equally_often(count: int, seed: int) -> None:
    cube = unit_cube("latin_hypercube", 6 * count, 1, seed)
    taken = choose(cube[:, 0], count)
    assert np.bincount(taken.astype(int), minlength=count).tolist() == [6] * count


def test_the_very_end_of_the_unit_interval_is_the_last_choice() -> None:
    assert choose(np.array([0.0, 0.999, 1.0]), 3).tolist() == [0, 2, 2]


@given(st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_a_grid_has_every_combination_once_and_the_last_is_fastest(counts: list[int]) -> None:
    places = every_combination(counts)
    assert len(places) == math.prod(counts)
    assert [tuple(row) for row in places] == list(np.ndindex(*counts))


def test_a_grid_may_have_more_inputs_than_an_array_has_dimensions() -> None:
    assert every_combination([1] * 70 + [3]).shape == (3, 71)


@given(st.integers(1, 10**6))
def test_the_powers_of_two_around_a_number(number: int) -> None:
    near = powers_around(number)
    assert all(power & (power - 1) == 0 for power in near)
    assert near == (number,) if len(near) == 1 else near[0] < number < near[1] == 2 * near[0]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=30))
def test_equal_rows_are_found(numbers: list[int]) -> None:
    table = np.array([[number, -number] for number in numbers], dtype=np.float64)
    groups = repeated_rows(table)
    named = [row for group in groups for row in group]
    assert all(len({numbers[row] for row in group}) == 1 for group in groups)
    assert sorted(named) == [
        row for row, number in enumerate(numbers) if numbers.count(number) > 1
    ]
    assert len(groups) == len({n for n in numbers if numbers.count(n) > 1})
