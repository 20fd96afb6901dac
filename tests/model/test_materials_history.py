"""The shipped data of materials, run over history and on: published totals, no breaks."""

import csv
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from simulator.equations import aluminium, cement, materials, scrap
from simulator.equations.schedule import read_clock
from simulator.model.assembly.materials import initial_materials
from simulator.model.assembly.materials import materials as assemble
from simulator.model.series import grid_of, place_on_grid
from simulator.model.values import Values

Array = NDArray[np.float64]
DATA = Path(materials.__file__).parents[1] / "data"
STEP = 1 / 8
POPULATION = (
    [2015, 2020, 2025, 2030, 2040, 2050, 2060],
    [1383, 1411, 1407, 1393, 1344, 1268, 1170],
)
ELECTRIC = ([2015, 2017, 2020, 2024, 2030, 2040, 2050], [0.06, 0.09, 0.1, 0.1, 0.15, 0.3, 0.45])
FLOWS = (
    "steel",
    "cement",
    "clinker",
    "primary",
    "scrap_supply",
    "scrap_use",
    "price",
    "worn_steel",
)


class Year(NamedTuple):
    """Integrals over a year and the stocks at its end."""

    flow: dict[str, float]
    stock: Array


def read_values() -> Values:
    entries: dict[str, Any] = {}
    for folder in ("steel", "cement", "aluminium"):
        for path in sorted((DATA / folder).glob("*.csv")):
            with path.open(encoding="utf-8", newline="") as stream:
                for row in csv.DictReader(stream):
                    times, numbers, _ = entries.setdefault(
                        f"{folder}.{row['key']}", ([], [], row["unit"])
                    )
                    numbers.append(float(row["value"]))
                    if row["year"]:
                        times.append(float(row["year"]))
    return Values(
        [
            {
                path: SimpleNamespace(times=tuple(t), values=tuple(v), unit=unit)
                for path, (t, v, unit) in entries.items()
            }
        ]
    )


@pytest.fixture(scope="module")
def run() -> dict[int, Year]:
    """Materials alone, with a given share of electric furnaces."""
    values = read_values()
    p = assemble(values)
    start = initial_materials(values)
    grid = grid_of(tuple(p), 2015, 2061)
    p = place_on_grid(p, grid)
    collection = np.array([0.87])

    def rates(time: float, y: Array) -> Array:
        clock = read_clock(np, grid, time)
        weight = np.array([float(time < 2025)])
        stock, pool, use, shares = y[:24].reshape(4, 6, 1), y[24:25], y[25:26], y[26:29, None]
        asked = materials.demand(
            np,
            stock,
            np.array([np.interp(time, *POPULATION)]),
            p.in_use,
            clock,
            history=weight,
            material_efficiency=np.zeros(1),
            aluminium_collection=aluminium.old_metal_share(np, collection, p.aluminium),
        )
        goods = {"inflow": asked.inflow, "outflow": asked.outflow, "collection": collection}
        cover = scrap.pool_cover(np, pool, use, p.scrap)
        supplied = scrap.supply(np, cover, p.scrap, clock, **goods)
        traded = scrap.market(np, pool, cover, supplied.total, p.scrap)
        electric = np.interp(time, *ELECTRIC) * asked.steel_output
        melted = scrap.balance(
            np,
            use,
            supplied.total,
            traded,
            p.scrap,
            converter_output=asked.steel_output - electric,
            furnace_output=electric,
            reduced_iron_output=np.zeros(1),
        )
        mixed = cement.mix(
            np,
            shares,
            p.cement,
            clock,
            cement_output=asked.cement_output,
            carbon_price=np.zeros(1),
            history=weight,
        )
        metal = aluminium.balance(
            np, asked.aluminium_demand, p.aluminium, clock, history=weight, **goods
        )
        flows = (asked.steel_output, asked.cement_output, mixed.clinker_output, metal.primary)
        worn = asked.outflow[:4].sum(axis=0)
        return np.concatenate(
            [
                asked.change.ravel(),
                melted.pool_change,
                melted.expected_use_change,
                mixed.change.ravel(),
                *flows,
                supplied.total,
                melted.use,
                traded.price,
                worn,
            ]
        )

    y = np.concatenate(
        [start.in_use.ravel(), start.scrap.ravel(), start.cement_shares.ravel(), np.zeros(8)]
    )
    years = {}
    for year in range(2015, 2051):
        before = y[29:].copy()
        for step in range(round(1 / STEP)):
            # One evaluation past the end of a year would read the next year's record.
            first = year + step * STEP
            middle, last = first + STEP / 2, first + STEP - 1e-9
            a = rates(first, y)
            b = rates(middle, y + STEP / 2 * a)
            c = rates(middle, y + STEP / 2 * b)
            y = y + STEP / 6 * (a + 2 * b + 2 * c + rates(last, y + STEP * c))
        years[year] = Year(dict(zip(FLOWS, y[29:] - before, strict=True)), y.copy())
    return years


def test_history_is_reproduced(run: dict[int, Year]) -> None:
    assert run[2020].flow["steel"] == pytest.approx(1064.7668, rel=1e-6)
    assert run[2020].flow["cement"] == pytest.approx(2394.7083, rel=1e-6)
    assert run[2020].flow["clinker"] * 0.525 == pytest.approx(828.71, rel=1e-6)
    assert run[2020].flow["primary"] == pytest.approx(37.08, rel=1e-6)


def test_scrap_melted_is_what_recyclers_report(run: dict[int, Year]) -> None:
    # Bureau of International Recycling: 226.2 Mt in 2021, 2.8 % less than in 2020.
    assert run[2020].flow["scrap_use"] == pytest.approx(233, rel=0.05)
    assert run[2021].flow["scrap_use"] == pytest.approx(226.2, rel=0.08)
    assert run[2020].flow["worn_steel"] == pytest.approx(183, rel=0.03)


def test_clinker_ratio_enters_the_projection_where_history_left_it(
    run: dict[int, Year],
) -> None:
    assert run[2015].stock[26] == pytest.approx(0.570, abs=0.005)
    assert run[2024].stock[26] == pytest.approx(617.75 / 0.525 / 1825, abs=0.005)


@pytest.mark.parametrize(
    ("material", "fall"), [("steel", 0.05), ("cement", 0.09), ("primary", 0.03)]
)
def test_no_break_where_history_ends(run: dict[int, Year], material: str, fall: float) -> None:
    change = run[2025].flow[material] / run[2024].flow[material] - 1
    assert -fall < change < 0.03


def test_projection_lies_where_the_literature_lies(run: dict[int, Year]) -> None:
    assert 710 < run[2030].flow["steel"] < 950
    assert 568 < run[2050].flow["steel"] < 850
    assert 1150 < run[2030].flow["cement"] < 1600
    assert 700 < run[2050].flow["cement"] < 950


def test_price_of_scrap_stays_between_its_bounds_and_pool_positive(
    run: dict[int, Year],
) -> None:
    for year in run.values():
        assert 1500 <= year.flow["price"] <= 3200
        assert year.stock[24] > 0
