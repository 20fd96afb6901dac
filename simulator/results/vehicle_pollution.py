"""What the engines of vehicles give off, from their fuel and the standards in use.

No decision in the model depends on it, so it is read off a run and is no part of the
equations: fuel by class of vehicle is a flow, sales and the ageing chain say under which
standard the fuel is burnt. Old vehicles drive as much as new ones here.
"""

from typing import Final

import numpy as np

from simulator.dimensions import CARRIERS, ENGINE_FUELS, POLLUTANTS
from simulator.equations import emission_standards
from simulator.model.layout import VEHICLE_FLEETS, family
from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.results.axes import FloatArray, ratio

STANDARDS: Final = ("china_2", "china_3", "china_4", "china_5", "china_6")
"""Emission standards, old ones first; what came before the first counts with it."""

DATA: Final = "vehicles.pollution"


def vehicle_pollutants(model: NationalModel, record: Record) -> FloatArray:
    """Hydrocarbons, nitrogen oxides and particles of vehicles, (time, pollutant, S) [kt/yr]."""
    values, found = model.values, []
    for place, fuel in enumerate(ENGINE_FUELS):
        content = values.number(f"{DATA}.{fuel}.heating_value", "GJ/t")
        burnt = record.flows.vehicle_fuel[:, place] / content
        factor = [
            values.table(
                [f"{DATA}.{fuel}.{name}.{gas.lower()}" for name in STANDARDS], f"g {gas}/kg"
            )
            for gas in POLLUTANTS
        ]
        mix = standards_in_use(model, record, fuel)
        under = (mix * burnt[:, np.newaxis]).sum(axis=2)
        found.append(
            np.stack([(under * each).sum(axis=1) for each in factor], axis=1),
        )
    return np.asarray(sum(found))


def standards_in_use(model: NationalModel, record: Record, fuel: str) -> FloatArray:
    """Part of a fuel that engines of each standard burn, (time, standard, class, S) [1]."""
    rows, p, values = family(VEHICLE_FLEETS), model.parameters.fleets, model.values
    takes = p.technique.energy[CARRIERS.index(fuel), rows]
    rate = p.chain.transfer[rows]
    growth = values.table(
        [f"vehicles.fleets.{name}.past_growth" for name in VEHICLE_FLEETS], "1/yr"
    )
    begins = values.table([f"{DATA}.{fuel}.{name}.from" for name in STANDARDS[1:]], "year")
    standing = emission_standards.at_start(
        np,
        standing=record.before.fleets.capacity[0][:, rows],
        rate=rate + growth[:, np.newaxis],
        begun=np.maximum(record.years[0] - begins, 0.0),
    )
    mixes = []
    for year, sales in zip(record.years, record.flows.fleets.additions, strict=True):
        after = emission_standards.a_year_on(
            np,
            standing=standing,
            sold=_sold_under(float(year), begins)[:, np.newaxis, np.newaxis] * sales[rows],
            rate=rate,
        )
        burning = ((standing + after).sum(axis=1) * takes).sum(axis=2)
        mixes.append(ratio(burning, burning.sum(axis=0) + 0.0 * burning))
        standing = after
    return np.stack(mixes)


def _sold_under(year: float, begins: FloatArray) -> FloatArray:
    """Part of a year in which each standard is sold, (standard, S) [1]."""
    begun = np.clip(year + 1.0 - begins, 0.0, 1.0)
    begun = np.concatenate([np.ones_like(begun[:1]), begun, np.zeros_like(begun[:1])])
    return np.asarray(begun[:-1] - begun[1:])
