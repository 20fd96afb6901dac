"""Conservation laws: gaps that should be zero, and the turnover that they are measured against.

Gaps come from the stocks and flows of the trajectory alone, so that a flow that is reported is
checked against the stock that it fills or empties.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations.materials import CATEGORIES, CEMENT, STEEL
from simulator.model.assembly.border import CHARGED
from simulator.model.assembly.heavy_machinery import CLASSES as HEAVY_CLASSES
from simulator.model.assembly.heavy_machinery import FAMILIES as HEAVY_FAMILIES
from simulator.model.layout import CHEMICALS, FLEETS, Layout
from simulator.model.national import NationalModel
from simulator.model.record import (
    SUPPLIERS,
    Record,
    integral,
)
from simulator.model.state import FleetFlows

FloatArray = NDArray[np.float64]

FAINT: Final = 1e-6
"""Part of a whole (fleet, country) under which a part is measured against the whole [1]."""

PJ_PER_TWH: Final = 3.6

MILLIONS_PER_BILLION: Final = 1e3


class Law(NamedTuple):
    """One conservation law over the years."""

    name: str
    gap: FloatArray
    """(time, ..., scenario)."""
    turnover: FloatArray
    """What the gap is measured against, same shape."""
    axes: tuple[Sequence[str], ...]
    """Names of the places on each axis between time and scenario."""


def laws(model: NationalModel, record: Record) -> Iterator[Law]:
    """Every law, with its gap over the years."""
    flows = record.flows
    blocks = (
        (model.layout, flows.fleets),
        (model.generators, flows.generators),
        (model.chemicals, flows.chemicals),
    )
    ends = zip(record.standing_before, record.standing, strict=True)
    for (layout, turned), (start, end) in zip(blocks, ends, strict=True):
        yield from _turnover(layout, start, end, turned)
    yield from _stocks_of_materials(record)
    yield from _heavy_machinery(record)
    yield from _makers(model, record)
    yield from _outputs(model, record)
    yield from _energy(record)
    yield from _carbon(model, record)
    yield from _nature(model, record)
    yield from _waste(model, record)
    yield from _payments(record)
    yield from _flue_gas(model, record)
    yield from _not_negative(model, record)


def _law(name: str, left: FloatArray, right: FloatArray, *axes: Sequence[str]) -> Law:
    """Two sides that are equal; measured against the larger, or a faint part of the whole."""
    size = np.maximum(np.abs(left), np.abs(right))
    inner = tuple(range(1, size.ndim - 1))
    whole = size.sum(axis=inner, keepdims=True) if inner else size
    return Law(name, left - right, np.maximum(size, FAINT * whole), axes)


def _turnover(
    layout: Layout, start: FloatArray, end: FloatArray, flows: FleetFlows
) -> Iterator[Law]:
    """Capacity changes by additions less retirements plus net retrofits."""
    retired = flows.natural + flows.early
    gap = end - start - (flows.additions - retired + flows.retrofits)
    own = np.abs(start) + np.abs(end) + np.abs(flows.additions) + np.abs(retired)
    whole = own.sum(axis=2, keepdims=True)
    rows, places, fleets_of, names = zip(*layout.slots(), strict=True)
    there = (slice(None), rows, places)
    size = np.maximum(own, FAINT * whole)[there]
    where = [
        f"{fleet.name}, {name} (sector {fleet.declaration.sector})"
        for fleet, name in zip(fleets_of, names, strict=True)
    ]
    yield Law("capacity", gap[there], size, (where,))
    moved = flows.retrofits.sum(axis=2)
    fleets = [fleet.name for fleet in layout.fleets]
    yield Law("retrofits within a fleet", moved, own.sum(axis=2), (fleets,))


def _stocks_of_materials(record: Record) -> Iterator[Law]:
    """Goods in use and the scrap pool."""
    before, after, flows = record.before, record.after, record.flows.materials
    change = after.in_use.sum(axis=1) - before.in_use.sum(axis=1)
    held = np.abs(after.in_use.sum(axis=1))
    yield Law("goods in use", change - (flows.inflow - flows.outflow), held, (CATEGORIES,))
    supplied = flows.scrap_supply.sum(axis=1)
    pool = after.scrap[:, 0] - before.scrap[:, 0]
    yield Law("scrap pool", pool - (supplied - flows.scrap_use), supplied + flows.scrap_use, ())


def _heavy_machinery(record: Record) -> Iterator[Law]:
    """Heavy machines change by what is bought less what retires."""
    start = record.before.heavy_machinery.machines.sum(axis=3)
    end = record.after.heavy_machinery.machines.sum(axis=3)
    flows = record.flows.heavy_machinery
    gap = end - start - (flows.additions - flows.retirements)
    yield Law("heavy machinery", gap, start + end, (HEAVY_FAMILIES, HEAVY_CLASSES))


def _makers(model: NationalModel, record: Record) -> Iterator[Law]:
    """Efficient furnaces, batteries in use and in second life, and where worn ones go."""
    before, after, moved = record.before, record.after, record.flows.batteries
    adopted = after.hot_working.efficient - before.hot_working.efficient
    yield _law("efficient furnaces", adopted, record.flows.efficient_furnaces)
    held = after.batteries.in_use.sum(axis=1)
    change = held - before.batteries.in_use.sum(axis=1) - (moved.made - moved.out)
    yield Law("batteries in use", change, held + moved.made, ())
    left = model.parameters.battery_life.capacity_left
    again = after.batteries.second_life - before.batteries.second_life
    gap = again - left * (moved.to_second_life - moved.from_second_life)
    yield Law("batteries in second life", gap, after.batteries.second_life + moved.out, ())
    ends = moved.lost + moved.to_second_life + moved.recycled - moved.from_second_life
    yield _law("worn batteries", moved.out, ends)


def _outputs(model: NationalModel, record: Record) -> Iterator[Law]:
    """Compare what the material fleets make with what goods, trade and later stages take."""
    flows, materials = record.flows, record.flows.materials
    p = model.parameters
    made = flows.fleets.output.sum(axis=2)[:, : flows.unmet.shape[1]] + flows.unmet
    steel, clinker, primary, alumina = (
        made[:, FLEETS.index(name)]
        for name in ("steelmaking", "clinker", "smelting", "alumina")
    )
    yields = p.in_use.finishing_yield * p.in_use.fabrication_yield
    in_goods = materials.inflow[:, STEEL].sum(axis=1)
    yield _law("steel", (steel - materials.net_export_steel) * yields, in_goods)
    yield _law("cement", materials.cement, materials.inflow[:, CEMENT])
    yield _law("clinker", clinker, materials.clinker)
    supplied = primary + materials.recycled_aluminium + materials.imported_aluminium
    yield _law("aluminium", supplied, materials.aluminium_demand)
    per_metal = p.aluminium.alumina_per_metal * (1.0 - p.aluminium.alumina_import_share)
    yield _law("alumina", alumina, primary * per_metal)
    served = flows.chemicals.output.sum(axis=2) + flows.chemicals_unmet
    yield _law("chemicals", served, flows.chemical_demand, CHEMICALS)


def _energy(record: Record) -> Iterator[Law]:
    """Compare electricity, heat and hydrogen made with what is used and lost."""
    flows = record.flows
    grid, taken = flows.power, record.taken
    used = {name: taken[:, CARRIERS.index(name)].sum(axis=1) for name in SUPPLIERS}
    yield _law("electricity", grid.gross + grid.unmet, grid.final + grid.losses)
    yield _law("electricity by generator", grid.generation.sum(axis=1), grid.gross)
    yield _law("electricity by sector", used["electricity"], PJ_PER_TWH * grid.final)
    output = flows.fleets.output.sum(axis=2)
    heat = output[:, FLEETS.index("network_heat")]
    yield _law("purchased heat", heat, used["heat"])
    place = FLEETS.index("hydrogen_production")
    yield _law("hydrogen", output[:, place] + flows.unmet[:, place], used["hydrogen"])


def _carbon(model: NationalModel, record: Record) -> Iterator[Law]:
    """Compare carbon emitted and captured with carbon generated, and the scopes."""
    flows, carbon = record.flows, model.parameters.carbon
    direct, captured = record.direct, flows.captured
    yield _law("carbon", direct + captured, flows.generated - flows.biogenic, SECTORS)
    biogenic = carbon.content - carbon.emission_factor
    burnt = (record.taken * biogenic[:, np.newaxis]).sum(axis=1)
    yield _law("biogenic carbon", burnt, flows.biogenic, SECTORS)
    gross = flows.emissions_by_carrier.sum(axis=(1, 2)) + flows.emissions_process.sum(axis=1)
    generated = (flows.generated - flows.biogenic).sum(axis=1)
    yield _law("national emissions", gross + captured.sum(axis=1), generated)
    yield _law("carbon stored", captured.sum(axis=1) + flows.sink[:, 1], flows.injected)
    supply = direct[:, [SECTORS.index(name) for name in SUPPLIERS.values()]]
    scope2 = record.indirect.sum(axis=1)
    turnover = np.abs(supply).sum(axis=1)
    yield Law("scope 2", scope2 - supply.sum(axis=1), turnover, ())


def _nature(model: NationalModel, record: Record) -> Iterator[Law]:
    """Forest grows by afforestation, storage fills by injection."""
    before, after = record.before, record.after
    p = model.parameters
    planted = integral(p.sinks.afforestation, p.grid, record)
    area = after.sinks.area.sum(axis=1)
    yield Law("forest", area - before.sinks.area.sum(axis=1) - planted, area, ())
    filled = after.storage.stored - before.storage.stored
    yield _law("storage", filled, record.flows.injected)
    market = record.flows.market
    banked = after.market.bank - before.market.bank
    served = market.allowances + market.offsets + market.gap
    turnover = np.maximum(np.abs(market.covered), np.abs(served))
    cancelled = market.withheld + market.expired
    yield Law("allowances", served - market.covered - banked - cancelled, turnover, ())


def _waste(model: NationalModel, record: Record) -> Iterator[Law]:
    """Landfills fill and decay, their gas goes three ways, and methane is what is emitted."""
    before, after, gas = record.before, record.after, record.flows.environment
    change = after.environment.landfill - before.environment.landfill
    gap = change - (gas.deposited - gas.decayed)
    yield Law("landfills", gap, after.environment.landfill + gas.decayed, ())
    tipped = record.flows.volumes.waste[:, 0]
    potential = model.parameters.environment.methane_potential
    yield _law("waste tipped", gas.deposited, potential * tipped)
    ways = gas.landfill_captured + gas.landfill_oxidised + gas.landfill_methane
    yield _law("landfill gas", gas.decayed, ways)
    emitted = record.flows.methane[:, SECTORS.index("environmental_protection")]
    yield _law("methane of waste", emitted, gas.landfill_methane + gas.sewage_methane)


def _payments(record: Record) -> Iterator[Law]:
    """What sectors pay for carbon is what the state takes; no border pays exporters."""
    paid = record.flows.costs.carbon
    taken = record.flows.market.revenue / MILLIONS_PER_BILLION
    turnover = np.maximum(np.abs(paid).sum(axis=1), np.abs(taken))
    yield Law("carbon payments", paid.sum(axis=1) - taken, turnover, ())
    charged = record.flows.border
    whole = np.abs(charged).sum(axis=1, keepdims=True)
    yield Law("border charge", np.minimum(charged, 0.0), whole, (CHARGED,))


def _flue_gas(model: NationalModel, record: Record) -> Iterator[Law]:
    """Cleaning follows coal power, but for what the stock between them takes up."""
    p = model.parameters.power.flue_gas
    made = (p.member * record.flows.power.generation).sum(axis=1)
    change = record.after.society.coal_power - record.before.society.coal_power
    cleaned = p.electricity * (made - p.following_time * change)
    yield _law("flue gas cleaned", record.flows.flue_gas.electricity, cleaned)
    used = record.flows.flue_gas.electricity * p.limestone
    yield _law("limestone", record.flows.flue_gas.limestone * p.electricity, used)


def _not_negative(model: NationalModel, record: Record) -> Iterator[Law]:
    """No stock falls below zero, apart from rounding of the solver."""
    after = record.after
    for layout, state in (
        (model.layout, after.fleets),
        (model.generators, after.generators),
        (model.chemicals, after.chemicals),
    ):
        fleets = [fleet.name for fleet in layout.fleets]
        least = state.capacity.min(axis=(1, 3))
        size = state.capacity if least.min() >= 0.0 else np.abs(state.capacity)
        total = size.sum(axis=(1, 3))
        lowest = np.minimum(least, state.pipeline.min(axis=2))
        yield Law("no negative stock", np.minimum(lowest, 0.0), total, (fleets,))
    store = after.storage
    plain = {
        "goods in use": after.in_use.reshape(len(record.years), -1, record.scenarios),
        "scrap": after.scrap,
        "coal mines": after.coal_mining.capacity.reshape(
            len(record.years), -1, record.scenarios
        ),
        "landfills": after.environment.landfill[:, np.newaxis],
        "heavy machinery": after.heavy_machinery.machines.reshape(
            len(record.years), -1, record.scenarios
        ),
        "batteries": after.batteries.in_use,
        "makers": after.makers.planned,
        "second life": after.batteries.second_life[:, np.newaxis],
        "carbon storage": np.stack([store.injection, store.construction, store.stored], axis=1),
        "forest": after.sinks.area,
        "chargers": after.adoption.chargers[:, np.newaxis],
    }
    lowest = np.stack([stock.min(axis=1) for stock in plain.values()], axis=1)
    total = np.stack([np.abs(stock).sum(axis=1) for stock in plain.values()], axis=1)
    yield Law("no negative stock", np.minimum(lowest, 0.0), total, (list(plain),))
    # A bank that is used up holds nothing to measure by, nor does a cap of nothing: the
    # emissions that need allowances do.
    bank = after.market.bank
    total = np.abs(bank) + np.abs(record.flows.market.covered)
    yield Law(
        "no negative stock",
        np.minimum(bank, 0.0)[:, np.newaxis],
        total[:, np.newaxis],
        (["allowance bank"],),
    )
