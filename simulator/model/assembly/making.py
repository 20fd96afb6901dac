"""What makers turn out: parameters of vehicles, machines, batteries and aluminium products."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.equations.making import MakingParameters
from simulator.model.assembly.heat import heat_feeds
from simulator.model.layout import GENERATORS, HEAT_FLEETS, MACHINE_FLEETS, VEHICLE_FLEETS
from simulator.model.series import SeriesSpec, later
from simulator.model.values import Values, at_end_of_history, stack
from simulator.reading.fleets import load_fleets

FloatArray = NDArray[np.float64]

EXPORTED: Final = {"vehicles": "million/yr", "machines": "bn CNY/yr", "batteries": "GWh/yr"}
"""Goods whose makers also sell abroad, and the unit of exports."""

GOODS: Final = (*EXPORTED, "aluminium")
"""Goods whose makers follow sales, in the order of their axis."""

MAKERS: Final = {"vehicles": "automotive", "machines": "construction_machinery"}
"""Sectors whose part in heat is that of the makers of a good."""

USUAL: Final = "stage_4"
"""Kind of machine whose price stands for the size of its fleet's machines."""


METALWORKING: Final = "metalworking_heat"

STORAGE: Final = "battery"
"""What of the power system is made by makers of batteries."""


def making_parameters(values: Values, group: FloatArray) -> MakingParameters:
    """Look up what makers of goods need; series still have to be placed on the grid.

    `group` is 1 for the plain group that makes a good, (good, G, 1).
    """
    vehicle = [f"making.vehicle.{fleet}.electricity" for fleet in VEHICLE_FLEETS]
    machine = [
        f"construction_machinery.fleets.{fleet}.technologies.{USUAL}.capital_cost"
        for fleet in MACHINE_FLEETS
    ]
    heat = [f"heat.demand.{fleet}.index" for fleet in HEAT_FLEETS]
    generators = load_fleets()[GENERATORS].declaration.technologies
    exports = [values.knots(f"making.exports.{good}", unit) for good, unit in EXPORTED.items()]
    return MakingParameters(
        vehicle=values.table(vehicle, "MWh/vehicle"),
        exported_vehicle=values.number("making.vehicle.exported.electricity", "MWh/vehicle"),
        machine=values.table(machine, "CNY/vehicle"),
        power_battery=np.array([[float(name == STORAGE)] for name in generators]),
        storage_hours=later(values.series("making.storage_hours", "h")),
        exports=later(SeriesSpec(tuple(exports), (len(exports),))),
        group=group,
        heat_share=_heat_share(values),
        last_heat=stack([at_end_of_history(values, path, "1") for path in heat]),
        perception_time=values.number("making.perception_time", "yr"),
    )


def _heat_share(values: Values) -> FloatArray:
    """Part of makers in the heat for metalworking, 0 in other heat, ``(good, heat, S)``."""
    feeds = heat_feeds(values)
    metal = np.array([[float(name == METALWORKING)] for name in HEAT_FLEETS])
    none = 0.0 * metal * feeds[:, 0]
    return np.stack(
        [
            metal * feeds[:, SECTORS.index(MAKERS[good])] if good in MAKERS else none
            for good in GOODS
        ]
    )
