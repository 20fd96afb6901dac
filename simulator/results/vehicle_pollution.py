"""What the engines of vehicles give off, from their fuel and the standards in use.

No decision in the model depends on it, so it is read off a run and is no part of the
equations: fuel by class of vehicle is a flow, sales and the ageing chain say under which
standard the fuel is burnt. Old vehicles drive as much as new ones here.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

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
    in_use = standards_in_use(model, record)
    for place, fuel in enumerate(ENGINE_FUELS):
        content = values.number(f"{DATA}.{fuel}.heating_value", "GJ/t")
        burnt = record.flows.vehicle_fuel[:, place] / content
        under = (in_use[:, place] * burnt[:, np.newaxis]).sum(axis=2)
        factor = [
            values.table(
                [f"{DATA}.{fuel}.{name}.{gas.lower()}" for name in STANDARDS], f"g {gas}/kg"
            )
            for gas in POLLUTANTS
        ]
        found.append(np.stack([(under * each).sum(axis=1) for each in factor], axis=1))
    return np.asarray(sum(found))


def standards_in_use(model: NationalModel, record: Record) -> FloatArray:
    """Part of a fuel that engines of a standard burn, (time, fuel, standard, class, S) [1]."""
    rows, p, values = family(VEHICLE_FLEETS), model.parameters.fleets, model.values
    takes = p.technique.energy[[CARRIERS.index(fuel) for fuel in ENGINE_FUELS], rows]
    engines = np.flatnonzero(takes.max(axis=(0, 1, 3)) > 0.0)
    first = record.before.fleets.capacity[0][:, rows, engines]
    rate, fuels = p.chain.transfer[rows, engines], len(ENGINE_FUELS)
    growth = values.table(
        [f"vehicles.fleets.{name}.past_growth" for name in VEHICLE_FLEETS], "1/yr"
    )[:, np.newaxis]
    begins = np.broadcast_arrays(
        *(
            values.table([f"{DATA}.{fuel}.{name}.from" for name in STANDARDS[1:]], "year")
            for fuel in ENGINE_FUELS
        )
    )
    standing = np.concatenate(
        [
            emission_standards.at_start(
                np,
                standing=first,
                rate=rate + growth,
                begun=np.maximum(record.years[0] - each, 0.0),
            )
            for each in begins
        ]
    )
    under = np.concatenate([_sold_under(record.years, each) for each in begins], axis=1)
    sales = record.flows.fleets.additions[:, rows, engines]
    ends = emission_standards.at_ends(
        np,
        standing=standing,
        sold=under[:, :, np.newaxis, np.newaxis] * sales[:, np.newaxis],
        rate=rate,
    )
    starts = np.concatenate([standing.sum(axis=1)[np.newaxis], ends[:-1]])
    each = starts + ends
    split = each.reshape(len(each), fuels, len(STANDARDS), *each.shape[2:])
    burning = (split * takes[:, np.newaxis][:, :, :, engines]).sum(axis=4)
    return ratio(burning, burning.sum(axis=2, keepdims=True) + 0.0 * burning)


def _sold_under(years: NDArray[np.int64], begins: FloatArray) -> FloatArray:
    """Part of each year in which each standard is sold, (time, standard, S) [1]."""
    begun = np.clip(years[:, np.newaxis, np.newaxis] + 1.0 - begins, 0.0, 1.0)
    ends = np.ones_like(begun[:, :1]), np.zeros_like(begun[:, :1])
    begun = np.concatenate([ends[0], begun, ends[1]], axis=1)
    return np.asarray(begun[:, :-1] - begun[:, 1:])
