"""Plain groups as shipped: they cover what the energy statistics count, and start right."""

from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import activity
from simulator.equations.schedule import read_clock
from simulator.errors import AssemblyError
from simulator.model.assembly.coal_mining import assemble_coal_mining
from simulator.model.assembly.groups import GroupBlock, assemble_groups, load_groups
from simulator.model.series import SeriesSpec, grid_of
from simulator.model.values import Values
from simulator.reading.parameters import load_parameters

OBSERVED, ENDOGENOUS = np.array([0.0]), np.array([1.0])


@pytest.fixture(scope="module")
def values() -> Values:
    return Values([load_parameters()])


@pytest.fixture(scope="module")
def block(values: Values) -> GroupBlock:
    return assemble_groups(values, OBSERVED)


def energy(block: GroupBlock, group: str, carrier: str) -> float:
    column = block.groups.names.index(group)
    return float(block.parameters.base_energy[CARRIERS.index(carrier), column, 0])


def test_every_group_sits_in_one_sector(block: GroupBlock) -> None:
    assert_allclose(block.membership.sum(axis=0), 1.0)
    assert block.membership.shape == (len(SECTORS), len(block.groups.names))


# China Energy Statistical Yearbook 2021, table 4-2 and balance (2020): chemicals and chemical
# fibres with 400 PJ lost in making gas and liquids, and the electricity of medicines too.
CHEMISTRY = (
    "coal_chemicals",
    "petroleum_olefins",
    "ammonia",
    "phosphate",
    "chlor_alkali_soda",
    "calcium_carbide",
    "other_chemicals",
)


@pytest.mark.parametrize(
    ("groups", "carriers", "expected", "tolerance"),
    [
        (CHEMISTRY, ("electricity",), 3.6 * (478 + 43 + 41), 0.01),
        (CHEMISTRY, ("coal", "gas", "other_oil", "feedstock"), 9517 + 400, 0.01),
        (("refining",), ("electricity",), 3.6 * 136, 0.01),
        (("refining",), ("coal",), 354 + 16 + 330 + 38 + 2 + 1 + 31, 0.01),
        (("coal_mining",), ("coal",), 368, 0.01),
        (("oil_gas_extraction",), ("gas",), 479, 0.01),
        (("residential",), ("electricity",), 3.6 * 1095, 0.001),
        (("farm_energy",), ("diesel",), 639.3, 0.01),
    ],
)
def test_groups_add_up_to_the_energy_statistics(
    block: GroupBlock,
    groups: tuple[str, ...],
    carriers: tuple[str, ...],
    expected: float,
    tolerance: float,
) -> None:
    total = sum(energy(block, group, carrier) for group in groups for carrier in carriers)
    assert_allclose(total, expected, rtol=tolerance)


def on_grid(tree: object, grid: np.ndarray) -> object:
    if isinstance(tree, SeriesSpec):
        return tree.on_grid(grid)
    if hasattr(tree, "_fields"):
        return type(tree)(*[on_grid(part, grid) for part in tree])
    return tree


@pytest.mark.parametrize("year", [2015, 2020, 2024])
def test_an_observed_year_integrates_to_the_index(values: Values, year: int) -> None:
    block = assemble_groups(values, OBSERVED)
    grid = grid_of(block.parameters, 2015.0, 2061.0)
    parameters = on_grid(block.parameters, grid)
    column = block.groups.names.index("residential")
    times = year + (np.arange(8) + 0.5) / 8
    mean = np.mean(
        [
            activity.group_activity(
                np, parameters, block.initial, read_clock(np, grid, t), np.ones(1)
            )[column, 0]
            for t in times
        ]
    )
    path = "groups.observed.residential.activity"
    entry = values.entries(path)[0]
    assert_allclose(mean, entry.values[entry.times.index(year)], rtol=1e-12)


def test_the_stock_of_activity_waits_where_history_ends(values: Values) -> None:
    observed = assemble_groups(values, OBSERVED)
    column = observed.groups.names.index("residential")
    last = values.entries("groups.observed.residential.activity")[0].values[-1]
    level = np.exp(observed.initial.log_activity[column, 0])
    assert last < level < 1.05 * last
    free = assemble_groups(values, ENDOGENOUS)
    assert free.initial.log_activity[column, 0] < -0.3
    coal = observed.groups.names.index("coal_mining")
    output = values.entries("groups.observed.coal_mining.activity")[0].values[-1]
    assert_allclose(np.exp(observed.initial.log_activity[coal, 0]), output)


def test_potentials_leave_room_for_each_other(block: GroupBlock) -> None:
    parameters = block.parameters
    assert (parameters.electric.potential + parameters.hydrogen.potential <= 1.0).all()
    assert_allclose(parameters.fuel_share.sum(axis=0).max(), 1.0)


def test_methane_of_other_sectors_is_where_it_belongs(values: Values) -> None:
    mining = assemble_coal_mining(values)
    grid = np.array([2020.0, 2021.0])
    other = mining.other_methane.on_grid(grid).start[0, :, 0]
    assert other[SECTORS.index("agriculture")] > 20.0
    assert other[SECTORS.index("coal_mining")] == 0.0
    assert mining.parameters.gas_content.shape == (2, 1)


def test_a_declaration_that_does_not_fit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "groups.yaml"
    body = (
        "looms:\n  sector: {sector}\n  label: {{en: Looms, zh: 织机}}\n  follows: {follows}\n"
    )
    for sector, follows in (
        ("weaving", "{}"),
        ("textiles", "{peat: 1}"),
        ("textiles", "{coal: 0.5}"),
    ):
        path.write_text(body.format(sector=sector, follows=follows), encoding="utf-8")
        load_groups.cache_clear()
        with pytest.raises(AssemblyError, match="looms"):
            load_groups(path)
    load_groups.cache_clear()
