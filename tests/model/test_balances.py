"""The ledger closes on a real run, and notices when any flow is not what the stocks say."""

from dataclasses import is_dataclass, replace
from functools import reduce
from typing import Any

import numpy as np
import pytest

from simulator.errors import BalanceError
from simulator.model.balances import TOLERANCE, check, demand, electricity, ledger, orders
from simulator.model.national import NationalModel
from simulator.model.record import Record, annual, integral, record_of
from simulator.reading.scenario import load
from simulator.solvers.reference import solve

LAWS = {
    "capacity", "retrofits within a fleet", "goods in use", "scrap pool", "steel", "cement",
    "clinker", "aluminium", "alumina", "electricity", "electricity by generator",
    "electricity by sector", "purchased heat", "hydrogen", "carbon", "biogenic carbon",
    "national emissions", "carbon stored", "scope 2", "forest", "storage", "no negative stock",
    "allowances", "heavy machinery", "efficient furnaces", "batteries in use",
    "batteries in second life",
    "worn batteries", "landfills", "waste tipped", "landfill gas", "methane of waste",
    "chemicals",
    "carbon payments", "border charge",
    "flue gas cleaned", "limestone",
}  # fmt: skip

BREAKS = [
    ("flows.fleets.additions", "capacity"),
    ("flows.fleets.natural", "capacity"),
    ("flows.fleets.early", "capacity"),
    ("flows.fleets.retrofits", "capacity"),
    ("flows.generators.additions", "capacity"),
    ("flows.chemicals.additions", "capacity"),
    ("flows.chemicals.output", "chemicals"),
    ("flows.chemical_demand", "chemicals"),
    ("flows.materials.inflow", "goods in use"),
    ("flows.heavy_machinery.additions", "heavy machinery"),
    ("flows.heavy_machinery.retirements", "heavy machinery"),
    ("flows.efficient_furnaces", "efficient furnaces"),
    ("flows.batteries.made", "batteries in use"),
    ("flows.batteries.out", "worn batteries"),
    ("flows.batteries.to_second_life", "batteries in second life"),
    ("flows.batteries.recycled", "worn batteries"),
    ("flows.materials.outflow", "goods in use"),
    ("flows.materials.scrap_supply", "scrap pool"),
    ("flows.materials.scrap_use", "scrap pool"),
    ("flows.materials.net_export_steel", "steel"),
    ("flows.materials.cement", "cement"),
    ("flows.materials.clinker", "clinker"),
    ("flows.materials.recycled_aluminium", "aluminium"),
    ("flows.fleets.output", "clinker"),
    ("flows.power.losses", "electricity"),
    ("flows.power.generation", "electricity by generator"),
    ("flows.power.final", "electricity by sector"),
    ("flows.energy", "purchased heat"),
    ("flows.energy", "hydrogen"),
    ("flows.power.fuel", "biogenic carbon"),
    ("flows.emissions_by_carrier", "carbon"),
    ("flows.emissions_process", "national emissions"),
    ("flows.captured", "carbon stored"),
    ("flows.injected", "storage"),
    ("bounds.sinks.area", "forest"),
    ("flows.market.covered", "allowances"),
    ("flows.environment.deposited", "landfills"),
    ("flows.environment.decayed", "landfill gas"),
    ("flows.volumes.waste", "waste tipped"),
    ("flows.environment.sewage_methane", "methane of waste"),
    ("flows.market.offsets", "allowances"),
    ("flows.market.revenue", "carbon payments"),
    ("flows.costs.carbon", "carbon payments"),
    ("flows.flue_gas.electricity", "flue gas cleaned"),
    ("flows.flue_gas.limestone", "limestone"),
]
"""A flow or stock, and the law that notices when it is one percent too small."""


@pytest.fixture(scope="module")
def run() -> tuple[NationalModel, Record]:
    resolved = load("national_targets").replace({"horizon.end": 2031}).resolved
    model = NationalModel([resolved])
    return model, record_of(solve(model))


def changed(tree: Any, path: list[str], change: Any) -> Any:
    """The tree with one of its arrays changed."""
    if not path:
        return change(tree)
    head, *rest = path
    part = {head: changed(getattr(tree, head), rest, change)}
    return replace(tree, **part) if is_dataclass(tree) else tree._replace(**part)


def test_every_law_closes_to_rounding(run):
    found = ledger(*run)
    assert set(found) == LAWS
    assert max(item.relative for item in found.values()) < 1e-10
    check(found)


@pytest.mark.parametrize(("path", "law"), BREAKS)
def test_a_broken_flow_is_noticed(run, path, law):
    model, record = run
    broken = changed(record, path.split("."), lambda array: 0.99 * array)
    found = ledger(model, broken)
    assert found[law].relative > TOLERANCE
    with pytest.raises(BalanceError, match=law):
        check(found)


def test_every_parameterised_break_changes_something(run):
    for path, _ in BREAKS:
        assert np.abs(reduce(getattr, path.split("."), run[1])).max() > 0, path


def test_a_border_that_pays_exporters_is_noticed(run):
    model, record = run
    broken = changed(record, ["flows", "border"], np.negative)
    item = ledger(model, broken)["border charge"]
    assert item.year >= 2026
    assert item.relative > 0.1


def test_the_message_names_law_year_place_and_gap(run):
    model, record = run
    row = [fleet.name for fleet in model.layout.fleets].index("steelmaking")

    def lose_half(additions: np.ndarray) -> np.ndarray:
        lost = additions.copy()
        lost[3, row, 2] *= 0.5
        return lost

    broken = changed(record, ["flows", "fleets", "additions"], lose_half)
    gap = 0.5 * record.flows.fleets.additions[3, row, 2, 0]
    with pytest.raises(BalanceError) as error:
        check(ledger(model, broken))
    for word in ("capacity", "2018", "steelmaking", "scrap_eaf", "sector steel", f"{gap:.6g}"):
        assert word in str(error.value)


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("bounds.scrap", "scrap"), ("bounds.batteries.second_life", "second life"),
        ("bounds.adoption.chargers", "chargers"), ("bounds.sinks.area", "forest"),
    ],
)  # fmt: skip
def test_any_stock_below_zero_is_named(run, path, where):
    model, record = run
    item = ledger(model, changed(record, path.split("."), lambda array: -array))[
        "no negative stock"
    ]
    assert item.where == where
    assert item.relative > TOLERANCE


def test_a_stock_below_zero_is_noticed(run):
    model, record = run

    def sink_below(capacity: np.ndarray) -> np.ndarray:
        low = capacity.copy()
        low[-1, 0, 0, 0] = -1.0
        return low

    broken = changed(record, ["bounds", "fleets", "capacity"], sink_below)
    item = ledger(model, broken)["no negative stock"]
    assert item.gap == -1.0
    assert (item.year, item.where) == (2031, "steelmaking")


def test_a_value_that_is_not_a_number_breaks_its_law(run):
    model, record = run
    broken = changed(
        record, ["flows", "power", "losses"], lambda array: np.where(array > 0, np.nan, array)
    )
    assert ledger(model, broken)["electricity"].relative == np.inf


def test_unmet_demand_is_reported_and_no_error(run):
    model, record = run
    missing = changed(record, ["flows", "unmet"], lambda array: array + 1.0)
    made = record.flows.fleets.output.sum(axis=2)[:, 0, 0]
    assert demand(record).share[:, 0].max() < 1e-9
    np.testing.assert_allclose(demand(missing).share[:, 0, 0], 1.0 / (made + 1.0))
    assert electricity(record).share.max() < 1e-9
    assert model.layout.fleets[0].name == "steelmaking"


def test_integral_of_a_schedule_matches_a_fine_quadrature(run):
    model, record = run
    p = model.parameters
    exact = integral(p.economy.population, p.grid, record)
    middles = (np.arange(200) + 0.5) / 200
    fine = np.mean([annual(p.economy.population, p.grid, record, m) for m in middles], axis=0)
    np.testing.assert_allclose(exact, fine, rtol=1e-6)
    assert exact.shape == (17, 1)


def test_orders_that_found_nothing_are_a_share_of_those_after_history(run):
    _, record = run
    flows = record.flows
    lost = flows._replace(unmet_orders=flows.fleets.additions.sum(axis=2))
    found = orders(replace(record, flows=lost)).share[:, : flows.unmet_orders.shape[1]]
    late = record.years >= 2025
    bought = flows.fleets.additions.sum(axis=2) > 1e-6
    np.testing.assert_allclose(found[late][bought[late]], 0.5)
    assert not found[~late].any()
