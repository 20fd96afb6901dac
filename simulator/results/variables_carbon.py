"""Variables of carbon, methane and pollutants."""

import numpy as np

from simulator.dimensions import SECTORS
from simulator.model.assembly.border import CHARGED
from simulator.model.laws import MILLIONS_PER_BILLION
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.results.axes import MATERIALS, FloatArray, ratio
from simulator.results.variables_energy import burns_fuel
from simulator.results.vehicle_pollution import vehicle_pollutants

GRAMS_PER_KWH = 1000.0
"""g/kWh in one Mt/TWh."""


def carbon_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Emissions by sector, fuel and scope, what is captured and taken up."""
    flows = record.flows
    by_fuel = flows.emissions_by_carrier.sum(axis=2)
    process = flows.emissions_process.sum(axis=1)
    gross, sink = by_fuel.sum(axis=1) + process, flows.sink.sum(axis=1)
    direct = record.direct
    power = direct[:, SECTORS.index("power")]
    thermal = (flows.power.generation * burns_fuel(model)).sum(axis=1)
    return {
        "emissions": direct,
        "emissions_scope2": record.indirect,
        "emissions_gross": gross,
        "emissions_net": gross - sink,
        "emissions_process": process,
        "emissions_by_fuel": by_fuel,
        "carbon_captured": flows.captured.sum(axis=1),
        "carbon_stored": record.after.storage.stored,
        "direct_air_capture": flows.sink[:, 1],
        "sink": sink,
        "methane": flows.methane,
        "grid_carbon_intensity": GRAMS_PER_KWH * ratio(power, flows.power.gross),
        "thermal_carbon_intensity": GRAMS_PER_KWH * ratio(power, thermal),
        "carbon_price": flows.means.carbon_price,
        "allowance_price": flows.means.market_price,
        "allowance_bank": record.after.market.bank,
        "allowances": flows.market.allowances,
        "allowances_withheld": flows.market.withheld,
        "allowances_expired": flows.market.expired,
        "offsets": flows.market.offsets,
        "emissions_covered": flows.market.covered,
        "carbon_revenue": flows.market.revenue / MILLIONS_PER_BILLION,
        "compliance_gap": flows.market.gap,
        **_border(record),
    }


def pollution_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """What engines of machines and of vehicles give off."""
    found: FloatArray = np.swapaxes(record.flows.pollutants, 1, 2).copy()
    found[:, SECTORS.index("automotive")] += vehicle_pollutants(model, record)
    return {"pollutants": found}


def _border(record: Record) -> dict[str, FloatArray]:
    """What exporters pay at the European border, and what they still sell there."""
    paid, sold = record.flows.border, record.after.border_exports
    cost = np.zeros((len(paid), len(SECTORS), paid.shape[-1]))
    exports = np.zeros((len(sold), len(MATERIALS), sold.shape[-1]))
    for place, name in enumerate(CHARGED):
        cost[:, SECTORS.index(name)] = paid[:, place] / MILLIONS_PER_BILLION
        exports[:, MATERIALS.index(name)] = sold[:, place]
    return {"cbam_cost": cost, "exports_eu": exports}
