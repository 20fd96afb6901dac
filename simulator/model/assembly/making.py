"""What makers turn out: parameters of vehicles, construction machinery and batteries."""

from typing import Final

import numpy as np

from simulator.equations.making import MakingParameters
from simulator.model.layout import GENERATORS, MACHINE_FLEETS, VEHICLE_FLEETS
from simulator.model.values import SeriesSpec, Values, later
from simulator.reading.fleets import load_fleets

GOODS: Final = {"vehicles": "million/yr", "machines": "bn CNY/yr", "batteries": "GWh/yr"}
"""Goods whose makers follow sales, in the order of their axis, and the unit of exports."""

USUAL: Final = "stage_4"
"""Kind of machine whose price stands for the size of its fleet's machines."""


STORAGE: Final = "battery"
"""What of the power system is made by makers of batteries."""


def making_parameters(values: Values) -> MakingParameters:
    """Look up what makers of goods need; series still have to be placed on the grid."""
    vehicle = [f"making.vehicle.{fleet}.electricity" for fleet in VEHICLE_FLEETS]
    machine = [
        f"construction_machinery.fleets.{fleet}.technologies.{USUAL}.capital_cost"
        for fleet in MACHINE_FLEETS
    ]
    generators = load_fleets()[GENERATORS].declaration.technologies
    exports = [values.knots(f"making.exports.{good}", unit) for good, unit in GOODS.items()]
    return MakingParameters(
        vehicle=values.table(vehicle, "MWh/vehicle"),
        exported_vehicle=values.number("making.vehicle.exported.electricity", "MWh/vehicle"),
        machine=values.table(machine, "CNY/vehicle"),
        power_battery=np.array([[float(name == STORAGE)] for name in generators]),
        storage_hours=later(values.series("making.storage_hours", "h")),
        exports=later(SeriesSpec(tuple(exports), (len(exports),))),
        perception_time=values.number("making.perception_time", "yr"),
    )
