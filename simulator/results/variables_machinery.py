"""Variables of the makers of machines and of the heavy machines at work."""

from typing import Final

import numpy as np

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import equipment, hot_working
from simulator.equations.heavy_machinery import class_shares
from simulator.model.assembly.machine_makers import BATTERY_STAGES, MACHINE_STAGES
from simulator.model.assembly.making import GOODS
from simulator.model.layout import EQUIPMENT_FLEETS, MACHINE_FLEETS, VEHICLE_FLEETS, family
from simulator.model.national import NationalModel
from simulator.model.record import Record, annual
from simulator.results.axes import FloatArray, ratio

AGES: Final = 3
"""Axis of the ages of heavy machines in a record, (time, family, class, age, scenario)."""

MID_YEAR: Final = 0.5
MACHINES, BATTERIES = (GOODS.index(name) for name in ("machines", "batteries"))

FEEDSTOCK: Final = CARRIERS.index("feedstock")


def heavy_machinery_variables(_: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Classes at work and in sales, and what they do to the energy of their users."""
    flows, means = record.flows, record.flows.means
    machines = record.after.heavy_machinery.machines
    bought = flows.heavy_machinery.additions
    whole = bought.sum(axis=2, keepdims=True)
    share = [class_shares(np, year) for year in machines]
    return {
        "heavy_machinery_class_share": np.stack(share),
        "heavy_machinery_sales_share": ratio(bought, whole + 0.0 * bought),
        "heavy_machinery_service": machines.sum(axis=(2, AGES)),
        "heavy_machinery_electricity": means.heavy_machinery_electricity,
        "heavy_machinery_diesel": means.heavy_machinery_diesel,
    }


def maker_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Energy of the stages of making machines, and what the makers sell."""
    p, flows = model.parameters, record.flows
    block, value = p.hot_working, model.values
    energy = _making(record, "machinery")
    stage = block.stage_share * annual(block.stage_intensity, p.grid, record, MID_YEAR)
    hot = hot_working.stage_energy(
        energy=energy,
        share=block.share,
        hot=flows.means.hot_working,
        weight=np.moveaxis(stage, 1, 0),
    )
    cut = [
        value.number(f"construction_machinery.manufacturing_stage.{n}", "1")
        for n in MACHINE_STAGES
    ]
    parts = np.stack(np.broadcast_arrays(*cut))
    machines = _making(record, "construction_machinery")
    rows = family(EQUIPMENT_FLEETS)
    sold = flows.fleets.additions[:, rows, : p.equipment.quality.shape[1]]
    price = p.fleets.economics.capital[rows, : sold.shape[2]]
    efficient = [
        equipment.efficient_market_share(
            np, additions=year, price=price, efficient_product=p.equipment.efficient_product
        )
        for year in sold
    ]
    return {
        "hot_working_energy": np.moveaxis(hot, 0, 1),
        "efficient_furnace_share": record.after.hot_working.efficient,
        "machinery_plateau_margin": _plateau(record, energy),
        "high_efficiency_market_share": np.stack(efficient),
        "construction_machinery_stage_energy": machines[:, np.newaxis]
        * parts
        / parts.sum(axis=0),
        "remanufactured_parts": _reused(model, record),
    }


def _making(record: Record, sector: str) -> FloatArray:
    """Energy of making goods, without feedstock and machines in use, (time, S) [PJ/yr]."""
    flows, place = record.flows, SECTORS.index(sector)
    used = flows.energy[:, :, place].sum(axis=1) - flows.energy[:, FEEDSTOCK, place]
    return np.asarray(used - flows.energy_in_use[:, place])


def _plateau(record: Record, energy: FloatArray) -> FloatArray:
    """Fall of energy per output beyond what holds energy level, 0 in the first year, [1]."""
    output = record.flows.group_index[:, SECTORS.index("machinery")]
    growth = output[1:] / output[:-1] - 1.0
    intensity = energy / output
    cut = 1.0 - intensity[1:] / intensity[:-1]
    margin = cut - hot_working.plateau_cut(growth)
    return np.concatenate([0.0 * energy[:1], margin])


def _reused(model: NationalModel, record: Record) -> FloatArray:
    """Machines' worth of parts that remanufacture uses again, (time, scenario) [million/yr]."""
    p = model.parameters
    sold = record.flows.fleets.additions[:, family(MACHINE_FLEETS)].sum(axis=(1, 2))
    share = annual(p.machines.renewal.remanufacture_share, p.grid, record, MID_YEAR)
    reuse = model.values.number("construction_machinery.remanufacture_reuse", "1")
    return np.asarray(sold * share * reuse)


def making_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """What makers turn out, with what they sell abroad, and what making takes."""
    p, flows = model.parameters.making, record.flows
    abroad = annual(p.exports, model.parameters.grid, record, MID_YEAR)[:, MACHINES]
    at_home = flows.costs.investment[:, SECTORS.index("construction_machinery")]
    return {
        "machinery_market": model.values.number("making.machinery_turnover", "1") * at_home
        + abroad,
        "battery_output": flows.making.asked[:, BATTERIES],
        "construction_machinery_making_energy": flows.making.machines,
    }


def battery_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Traction batteries made, worn out, used again and recycled; vehicles scrapped."""
    flows, moved = record.flows, record.flows.batteries
    steps = [
        model.values.number(f"vehicles.battery_stage.{name}", "1") for name in BATTERY_STAGES
    ]
    part = np.stack(np.broadcast_arrays(*steps))
    rows = family(VEHICLE_FLEETS)
    left = flows.fleets.natural[:, rows] + flows.fleets.early[:, rows]
    before, after = record.before.fleets.capacity, record.after.fleets.capacity
    stood = 0.5 * (before[:, :, rows] + after[:, :, rows]).sum(axis=(1, 3))
    return {
        "batteries_made": moved.made,
        "battery_scrap": moved.out,
        "recycled_battery_capacity": moved.regained,
        "second_life_batteries": record.after.batteries.second_life,
        "batteries_in_use": record.after.batteries.in_use.sum(axis=1),
        "battery_manufacturing_electricity": flows.making.battery_electricity[:, np.newaxis]
        * part
        / part.sum(axis=0),
        "vehicle_scrappage_rate": ratio(left.sum(axis=2), stood),
    }
