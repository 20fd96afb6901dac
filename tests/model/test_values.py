"""Parameters become arrays and schedules without losing a jump or a scenario."""

from typing import NamedTuple

import numpy as np
import pytest
from numpy.testing import assert_allclose

from simulator.equations.schedule import Schedule, at, read_clock
from simulator.errors import AssemblyError
from simulator.model.series import SeriesSpec, grid_of, place_on_grid
from simulator.model.values import Values
from simulator.reading.scenario import load


class Row(NamedTuple):
    times: tuple[float, ...]
    values: tuple[float, ...]
    unit: str


HOT = Row((2020.0, 2030.0), (10.0, 30.0), "CNY/t")
COLD = Row((2020.0, 2030.0), (10.0, 50.0), "CNY/t")
FLOW = Row((2015.0, 2016.0), (4.0, 7.0), "Mt/yr")


def read(schedule: Schedule, grid: np.ndarray, time: float) -> np.ndarray:
    return at(schedule, read_clock(np, grid, np.float64(time)))


def schedule_of(spec: SeriesSpec) -> tuple[Schedule, np.ndarray]:
    grid = grid_of((spec,), 2015.0, 2061.0)
    return place_on_grid((spec,), grid)[0], grid


@pytest.mark.parametrize(
    ("time", "value"), [(2015.2, 10), (2025, 20), (2027.5, 25), (2050, 30)]
)
def test_a_series_is_linear_between_knots_and_constant_outside(
    time: float, value: float
) -> None:
    series, grid = schedule_of(Values([{"a": HOT}]).series("a", "CNY/t"))
    assert_allclose(read(series, grid, time), value)


def test_an_observed_flow_is_constant_within_its_year_and_jumps_between() -> None:
    series, grid = schedule_of(Values([{"a": FLOW}]).annual(["a"], "Mt/yr"))
    assert_allclose(read(series, grid, 2015.999), [[4.0]])
    assert_allclose(read(series, grid, 2016.0), [[7.0]])
    assert_allclose(read(series, grid, 2040.0), [[7.0]])


def test_an_observed_stock_is_reached_at_the_end_of_its_year() -> None:
    series, grid = schedule_of(Values([{"a": FLOW}]).year_end(["a"], "Mt/yr"))
    assert_allclose(read(series, grid, 2016.5), [[5.5]])
    assert_allclose(read(series, grid, 2017.0), [[7.0]])


def test_scenarios_that_agree_share_one_column() -> None:
    same = Values([{"a": HOT}, {"a": HOT}])
    different = Values([{"a": HOT}, {"a": COLD}])
    assert schedule_of(same.series("a", "CNY/t"))[0].start.shape[-1] == 1
    series, grid = schedule_of(different.series("a", "CNY/t"))
    assert_allclose(read(series, grid, 2030.0), [30.0, 50.0])


def test_units_are_converted_at_the_door() -> None:
    values = Values([{"a": Row((), (2.0,), "MWh/t"), "b": Row((), (0.5,), "kt/yr")}])
    assert_allclose(values.number("a", "GJ/t"), 7.2)
    assert_allclose(values.table(["b", "b"], "Mt/yr"), [[0.0005], [0.0005]])


def test_what_is_missing_is_named() -> None:
    with pytest.raises(AssemblyError, match=r"steel\.nothing"):
        Values([{}]).number("steel.nothing", "1")
    with pytest.raises(AssemblyError, match="time series"):
        Values([{"a": HOT}]).number("a", "CNY/t")


def test_the_grid_holds_every_bend_once() -> None:
    grid = grid_of(
        (Values([{"a": Row((2021.5, 2030.0), (0.0, 1.0), "1")}]).series("a", "1"),), 2015, 2061
    )
    assert 2021.5 in grid
    assert len(grid) == len(set(grid)) == 48


def test_an_array_is_made_again_only_where_something_changed() -> None:
    scenario = load("national_targets")
    changed = scenario.replace({"steel.technologies.scrap_eaf.lifetime": 31})
    first, second = (Values([item.resolved.parameters]) for item in (scenario, changed))
    paths = [f"steel.technologies.{name}.lifetime" for name in ("scrap_eaf", "blast_furnace")]

    def asked(values: Values) -> list[np.ndarray]:
        return [values.shared(path, lambda p=path: values.number(p, "yr")) for path in paths]

    known = asked(first)
    second.recall(first)
    found = asked(second)
    assert found[0].tolist() == [31.0] != known[0].tolist()
    assert found[1] is known[1]
    assert second.read.issuperset(paths)  # also what was not read again
    with pytest.raises(ValueError, match="read-only"):
        found[1][:] = 5.0
