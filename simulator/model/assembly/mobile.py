"""Parameters and initial states of road vehicles and construction machinery.

Arrays are padded on the technology axis to the `places` of the block of fleets that they meet,
with values that change nothing: no battery, no familiarity to gain, no emission.
"""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import BASE_YEAR, POLLUTANTS
from simulator.equations.construction_machinery import (
    MachineryParameters,
    MachineStock,
    Pollution,
    Renewal,
    Work,
)
from simulator.equations.learning import learning_exponent
from simulator.equations.schedule import Schedule
from simulator.equations.vehicles import (
    Adoption,
    Batteries,
    Ownership,
    Travel,
    VehicleParameters,
)
from simulator.model.layout import MACHINE_FLEETS, VEHICLE_FLEETS
from simulator.model.series import Knots, SeriesSpec, later
from simulator.model.values import Values, stack
from simulator.reading.fleets import load_fleets

FloatArray = NDArray[np.float64]

OLD_STAGES: Final = ("stage_0", "stage_1", "stage_2")
"""Emission stages that the exit of old machines removes: stage II and what came before."""


WITHOUT_EXHAUST: Final = ("battery_electric", "fuel_cell")
"""Machines that burn nothing."""


class MobileStart(NamedTuple):
    """Initial states that are special to vehicles and machines."""

    familiarity: FloatArray
    """Share of buyers who consider new vehicles, ``(fleet, scenario)`` [1]."""
    chargers: FloatArray
    """Public chargers, ``(scenario,)`` [million]."""
    battery_experience: FloatArray
    """Batteries made so far, ``(scenario,)`` [GWh]."""


def vehicle_parameters(
    values: Values, places: int = 5, reference_income: FloatArray | None = None
) -> VehicleParameters:
    """Assemble vehicles; series are specifications, still to be placed on the grid.

    `reference_income` is income per person at the end of history, ``(scenario,)`` [CNY/yr]:
    give what the model itself has there, so that ownership goes on without a jump.
    """
    technologies = _technologies("cars")
    new = load_fleets()["cars"].declaration.floors["new_energy"].members
    return VehicleParameters(
        ownership=_ownership(values, reference_income),
        travel=_travel(values),
        adoption=_adoption(values, technologies, new, places),
        batteries=_batteries(values, technologies, places),
    )


def machinery_parameters(values: Values, places: int = 8) -> MachineryParameters:
    """Assemble construction machinery; series still have to be placed on the grid."""
    technologies = _technologies("excavators")
    return MachineryParameters(
        stock=_machine_stock(values),
        work=Work(
            observed_hours=_shared(
                values.annual_knots("construction_machinery.observed.working_hours", "1")
            ),
            hours=_shared(values.knots("construction_machinery.working_hours", "1")),
        ),
        pollution=_pollution(values, technologies, places),
        renewal=Renewal(
            is_old=_marks(technologies, OLD_STAGES, places),
            old_stage_exit=_series(values, "construction_machinery.old_stage_exit", "1/yr"),
            remanufacture_share=_series(
                values, "construction_machinery.remanufacture_share", "1"
            ),
            remanufacture_saving=values.number(
                "construction_machinery.remanufacture_saving", "1"
            ),
        ),
        battery_capacity=_battery_capacity(
            values, "construction_machinery", MACHINE_FLEETS, technologies, places
        ),
    )


def mobile_start(values: Values) -> MobileStart:
    """States at the start of the horizon."""
    familiarity = [f"vehicles.adoption.initial_familiarity.{f}" for f in VEHICLE_FLEETS]
    chargers = values.year_end_knots("vehicles.observed.chargers.year_end_total", "million")
    return MobileStart(
        familiarity=values.table(familiarity, "1"),
        chargers=np.array([stock[0] for _, stock in chargers]),
        battery_experience=values.number("vehicles.battery.initial_experience", "GWh"),
    )


def _technologies(fleet: str) -> tuple[str, ...]:
    return tuple(load_fleets()[fleet].declaration.technologies)


def _series(values: Values, path: str, unit: str) -> Schedule:
    """One series; a specification now, a schedule once it is placed on the grid."""
    return later(values.series(path, unit))


def _shared(knots: tuple[Knots, ...]) -> Schedule:
    """One series for every fleet of machines."""
    return later(SeriesSpec((knots,) * len(MACHINE_FLEETS), (len(MACHINE_FLEETS),)))


def _marks(technologies: tuple[str, ...], chosen: tuple[str, ...], places: int) -> FloatArray:
    """1 for the chosen technologies, ``(technology, 1)``."""
    marks = np.zeros((places, 1))
    marks[: len(technologies), 0] = [float(name in chosen) for name in technologies]
    return marks


def _padded(table: FloatArray, axis: int, places: int) -> FloatArray:
    """Fill the technology axis with zeros up to `places`."""
    width = [(0, 0)] * table.ndim
    width[axis] = (0, places - table.shape[axis])
    return np.pad(table, width)


def _ownership(values: Values, reference_income: FloatArray | None) -> Ownership:
    income = reference_income
    if income is None:
        income = values.number("vehicles.ownership.reference_income", "CNY/person/yr")
    recorded = [f"vehicles.observed.{fleet}.year_end_total" for fleet in VEHICLE_FLEETS]
    shares = [f"vehicles.ownership.fleet_share.{fleet}" for fleet in VEHICLE_FLEETS]
    return Ownership(
        observed=later(values.year_end(recorded, "million")),
        fleet_share=later(values.series_table(shares, "1")),
        saturation=values.number("vehicles.ownership.saturation", "vehicle/person"),
        reference_ownership=values.number(
            "vehicles.ownership.reference_ownership", "vehicle/person"
        ),
        reference_income=income,
        income_response=values.number("vehicles.ownership.income_response", "person*yr/CNY"),
        look_ahead=values.number("vehicles.fleets.cars.adjustment_time", "yr"),
    )


def _travel(values: Values) -> Travel:
    recorded = [f"vehicles.observed.{fleet}.travel" for fleet in VEHICLE_FLEETS]
    expected = [f"vehicles.fleets.{fleet}.travel" for fleet in VEHICLE_FLEETS]
    reference = [_base_travel(values, fleet) for fleet in VEHICLE_FLEETS]
    return Travel(
        observed=later(values.annual(recorded, "km/yr")),
        distance=later(values.series_table(expected, "km/yr")),
        reference=stack(reference),
        price_elasticity=values.number("vehicles.travel.price_elasticity", "1"),
    )


def _base_travel(values: Values, fleet: str) -> FloatArray:
    """Distance in the base year, to which energy per vehicle refers, ``(scenario,)`` [km/yr].

    Where history ends before that year its distance is no record but a part of the energy per
    kilometre, which people knew.
    """
    knots = values.knots(f"vehicles.observed.{fleet}.travel", "km/yr")
    if all((years == BASE_YEAR).any() for years, _ in knots):
        return np.array([km[years == BASE_YEAR][0] for years, km in knots])
    return values.number(f"vehicles.travel.reference.{fleet}", "km/yr")


def _adoption(
    values: Values, technologies: tuple[str, ...], new: tuple[str, ...], places: int
) -> Adoption:
    plugs = tuple(
        name
        for name in technologies
        if values.has(f"vehicles.fleets.cars.technologies.{name}.energy.electricity")
    )
    dependence = values.table(
        [f"vehicles.adoption.charging_dependence.{name}" for name in technologies], "1"
    )
    chargers = "vehicles.observed.chargers.year_end_total"
    change = SeriesSpec((_yearly_change(values, chargers, "million"),), ())
    return Adoption(
        is_new=_marks(technologies, new, places),
        plugs_in=_marks(technologies, plugs, places),
        charging_dependence=_padded(dependence, 0, places),
        advertising=values.number("vehicles.adoption.advertising", "1/yr"),
        word_of_mouth=values.number("vehicles.adoption.word_of_mouth", "1/yr"),
        forgetting=values.number("vehicles.adoption.forgetting", "1/yr"),
        vehicles_per_charger=_series(values, "vehicles.adoption.vehicles_per_charger", "1"),
        crowding=values.number("vehicles.adoption.crowding", "1"),
        charger_time=values.number("vehicles.adoption.charger_time", "yr"),
        charger_lifetime=values.number("vehicles.adoption.charger_lifetime", "yr"),
        charger_funding=_series(values, "vehicles.charger_funding", "1"),
        observed_charger_change=later(change),
    )


def _yearly_change(values: Values, path: str, unit: str) -> tuple[Knots, ...]:
    """Change of an observed year-end stock: constant within each year, 0 outside."""
    found = []
    for ends, stock in values.year_end_knots(path, unit):
        rate = np.diff(stock) / np.diff(ends)
        found.append((np.repeat(ends, 2), np.concatenate([[0.0], np.repeat(rate, 2), [0.0]])))
    return tuple(found)


def _batteries(values: Values, technologies: tuple[str, ...], places: int) -> Batteries:
    ratio = values.number("vehicles.battery.rest_of_world_ratio", "1")
    return Batteries(
        capacity=_battery_capacity(values, "vehicles", VEHICLE_FLEETS, technologies, places),
        initial_price=values.number("vehicles.battery.initial_price", "CNY/kWh"),
        price_floor=values.number("vehicles.battery.price_floor", "CNY/kWh"),
        learning_exponent=learning_exponent(
            np, values.number("vehicles.battery.learning_rate", "1")
        ),
        initial_experience=values.number("vehicles.battery.initial_experience", "GWh"),
        spill_over=ratio * values.number("common.learning_spill_over", "1"),
    )


def _battery_capacity(
    values: Values,
    folder: str,
    fleets: tuple[str, ...],
    technologies: tuple[str, ...],
    places: int,
) -> FloatArray:
    """Battery of a new machine, 0 where none is stated, ``(fleet, technology, scenario)``."""
    paths = [
        f"{folder}.fleets.{fleet}.technologies.{name}.battery_capacity"
        for fleet in fleets
        for name in technologies
    ]
    table = values.table(paths, "kWh/vehicle", default=0.0)
    return _padded(table.reshape(len(fleets), len(technologies), -1), 1, places)


def _machine_stock(values: Values) -> MachineStock:
    folder = "construction_machinery"
    paths = [f"{folder}.observed.{fleet}.year_end_total" for fleet in MACHINE_FLEETS]
    last = [
        np.array([stock[-1] for _, stock in values.year_end_knots(path, "million")])
        for path in paths
    ]
    return MachineStock(
        observed=later(values.year_end(paths, "million")),
        reference=values.table(
            [f"{folder}.fleets.{fleet}.reference_stock" for fleet in MACHINE_FLEETS], "million"
        ),
        last=stack(last),
        elasticity=values.number(f"{folder}.stock.elasticity", "1"),
        adjustment_time=values.number(f"{folder}.stock.adjustment_time", "yr"),
        sharing=_series(values, f"{folder}.stock.sharing", "1"),
    )


def _pollution(values: Values, technologies: tuple[str, ...], places: int) -> Pollution:
    folder = "construction_machinery"
    factors, multipliers = [], []
    for gas in POLLUTANTS:
        key = f"emission_factor.{gas.lower()}"
        paths = [f"{folder}.technologies.{name}.{key}" for name in technologies]
        unit = f"g {gas}/kg"
        factors.append(
            stack(
                [
                    np.zeros(1) if name in WITHOUT_EXHAUST else values.number(path, unit)
                    for name, path in zip(technologies, paths, strict=True)
                ]
            )
        )
        key = f"emission_multiplier.{gas.lower()}"
        paths = [f"{folder}.fleets.{fleet}.{key}" for fleet in MACHINE_FLEETS]
        multipliers.append(values.table(paths, "1", default=1.0))
    return Pollution(
        emission_factor=_padded(np.stack(np.broadcast_arrays(*factors)), 1, places),
        type_multiplier=np.stack(np.broadcast_arrays(*multipliers)),
        heating_value=values.number(f"{folder}.diesel_heating_value", "GJ/t"),
    )
