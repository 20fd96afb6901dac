"""Series keep their integral and their range on a grid that does not hold their knots."""

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.model.series import SAME_TIME, Knots, SeriesSpec, grid_of, with_crossings

GRID = np.array([2015.0, 2015.25, 2016.0, 2018.0, 2018.5, 2020.0])
LENGTHS = np.diff(GRID)


@st.composite
def knots(draw: st.DrawFn) -> Knots:
    """A few knots, two of which may be a jump."""
    count = draw(st.integers(1, 6))
    moments = st.one_of(st.floats(2010.0, 2025.0), st.sampled_from(GRID.tolist()))
    times = sorted(draw(st.lists(moments, min_size=count, max_size=count)))
    values = draw(st.lists(st.floats(-100.0, 100.0), min_size=count, max_size=count))
    return np.array(times), np.array(values)


def area(series: Knots) -> float:
    """Integral over the grid, between knots and ends one trapezoid after the other."""
    times, values = series
    inside = (times > GRID[0]) & (times < GRID[-1])
    first, last = (
        values[0] if when < times[0] else values[-1] if when > times[-1] else None
        for when in (GRID[0], GRID[-1])
    )
    at_start = _after(series, GRID[0]) if first is None else first
    at_end = _before(series, GRID[-1]) if last is None else last
    x = np.concatenate([GRID[:1], times[inside], GRID[-1:]])
    y = np.concatenate([[at_start], values[inside], [at_end]])
    return float(np.trapezoid(y, x))


def _after(series: Knots, when: float) -> float:
    """Value just after a time, which is no jump's first half."""
    times, values = series
    last = int(np.flatnonzero(times <= when)[-1])
    if last + 1 == len(times):
        return float(values[last])
    part = (when - times[last]) / (times[last + 1] - times[last])
    return float(values[last] + part * (values[last + 1] - values[last]))


def _before(series: Knots, when: float) -> float:
    times, values = series
    return _after((-times[::-1], values[::-1]), -when)


@given(st.lists(knots(), min_size=1, max_size=4))
def test_integral_and_range_are_kept(series: list[Knots]) -> None:
    placed = SeriesSpec((tuple(series),), ()).on_grid(GRID)
    ends = placed.start + placed.slope * LENGTHS[:, np.newaxis]
    found = (0.5 * (placed.start + ends) * LENGTHS[:, np.newaxis]).sum(axis=0)
    for column, (times, values) in enumerate(series):
        assert_allclose(found[column], area((times, values)), rtol=1e-9, atol=1e-7)
        for each in (placed.start[:, column], ends[:, column]):
            assert each.min() >= values.min() - 1e-9
            assert each.max() <= values.max() + 1e-9


@given(st.lists(knots(), min_size=2, max_size=4))
def test_a_series_does_not_depend_on_those_beside_it(series: list[Knots]) -> None:
    together = SeriesSpec((tuple(series),), ()).on_grid(GRID)
    for column, one in enumerate(series):
        alone = SeriesSpec(((one,),), ()).on_grid(GRID)
        for part, whole in zip(alone, together, strict=True):
            assert part[:, 0].tobytes() == whole[:, column].tobytes()


@given(knots())
def test_on_its_own_grid_a_series_without_jumps_is_that_of_numpy(series: Knots) -> None:
    times, values = series
    assume((np.diff(times) > 2 * SAME_TIME).all())
    spec = SeriesSpec(((series,),), ())
    grid = grid_of((spec,), 2015.0, 2020.0)
    placed = spec.on_grid(grid)
    assert_allclose(placed.start[:, 0], np.interp(grid[:-1], times, values), atol=1e-4)


def test_a_series_gets_a_knot_where_it_crosses_another() -> None:
    rising = SeriesSpec((((np.array([2020.0, 2030.0]), np.array([0.0, 1.0])),),), ())
    others = (
        (np.array([2015.0]), np.array([0.25])),
        (np.array([2020.0, 2025.0, 2025.0, 2035.0]), np.array([1.0, 1.0, 0.0, 3.0])),
        (np.array([2015.0]), np.array([2.0])),
    )
    (found,) = with_crossings(rising, SeriesSpec((others,), ())).knots
    expected = [
        ([2020.0, 2022.5, 2030.0], [0.0, 0.25, 1.0]),
        ([2020.0, 2027.5, 2030.0], [0.0, 0.75, 1.0]),
        ([2020.0, 2030.0], [0.0, 1.0]),
    ]
    for pair, known in zip(found, expected, strict=True):
        for one, other in zip(pair, known, strict=True):
            assert_allclose(one, other)
