"""Parameters and initial stocks of materials in use, scrap, cement and aluminium."""

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import PLANT_STAGES
from simulator.equations.aluminium import AluminiumParameters
from simulator.equations.cement import CementParameters
from simulator.equations.materials import MaterialParameters
from simulator.equations.schedule import Schedule
from simulator.equations.scrap import ScrapParameters
from simulator.model.series import SeriesSpec, with_crossings
from simulator.model.values import Values, stack

FloatArray = NDArray[np.float64]

STEEL_GOODS = tuple(
    f"steel.in_use.{name}" for name in ("buildings", "infrastructure", "machinery", "vehicles")
)
GOODS = (*STEEL_GOODS, "cement.in_use", "aluminium.in_use")
"""Data of each category of goods, in the order of the category axis."""

MATERIALS = ("steel", "cement", "aluminium")
OBSERVED_OUTPUT = (
    "steel.observed.steelmaking.output",
    "cement.observed.output",
    "aluminium.observed.smelting.output",
)
AGE_CLASSES = 4
FLOW, PRICE, POWER = "Mt/yr", "CNY/t", "MWh/t"


class Materials(NamedTuple):
    """Everything that the equations of materials need."""

    in_use: MaterialParameters
    scrap: ScrapParameters
    cement: CementParameters
    aluminium: AluminiumParameters


class InitialMaterials(NamedTuple):
    """Stocks at the start of the run."""

    in_use: FloatArray
    """Goods in use, shape ``(age, category, scenario)`` [Mt]."""
    scrap: FloatArray
    """Scrap pool [Mt] and expected use [Mt/yr], shape ``(2, scenario)``."""
    cement_shares: FloatArray
    """Clinker ratio, binder share, alternative fuel share, shape ``(3, scenario)`` [1]."""
    clean_power_share: FloatArray
    """Clean power in smelting, shape ``(scenario,)`` [1]."""


def materials(values: Values) -> Materials:
    """Read the parameters; time series stay `SeriesSpec` until the grid is known."""
    return Materials(
        in_use=_in_use(values),
        scrap=_scrap(values),
        cement=_cement(values),
        aluminium=_aluminium(values),
    )


def initial_materials(values: Values) -> InitialMaterials:
    """Read the stocks at the start."""
    ages = range(1, AGE_CLASSES + 1)
    rows = [values.table([f"{g}.initial.age_{age}" for g in GOODS], "Mt") for age in ages]
    expected_use = values.number("steel.scrap.initial_use", FLOW)
    pool = expected_use * values.number("steel.scrap.cover_time", "yr")
    shares = ("clinker_ratio", "low_carbon_binder", "alternative_fuel")
    return InitialMaterials(
        in_use=stack(rows),
        scrap=stack([pool, expected_use]),
        cement_shares=values.table([f"cement.initial.{name}" for name in shares], "1"),
        clean_power_share=values.number("aluminium.initial_clean_power_share", "1"),
    )


def _later(series: SeriesSpec) -> Schedule:
    """Stand in for the schedule that a series becomes once the grid is known."""
    return cast("Schedule", series)


def _in_use(values: Values) -> MaterialParameters:
    trade = ("steel", "aluminium")
    return MaterialParameters(
        lifetime=values.table([f"{g}.lifetime" for g in GOODS], "yr"),
        saturation=values.table([f"{g}.saturation" for g in GOODS], "t/person"),
        maturity=_later(values.series_table([f"{m}.maturity" for m in MATERIALS], "1")),
        adjustment_time=values.table([f"{g}.adjustment_time" for g in GOODS], "yr"),
        price_elasticity=values.table([f"{m}.price_elasticity" for m in MATERIALS], "1"),
        steel_split=_split(values),
        finishing_yield=values.number("steel.finishing_yield", "1"),
        fabrication_yield=values.number("steel.fabrication_yield", "1"),
        aluminium_yield=values.number("aluminium.metal_yield", "1"),
        aluminium_new_scrap_recovery=values.number("aluminium.new_scrap_recovery", "1"),
        observed_output=_later(values.annual(OBSERVED_OUTPUT, FLOW)),
        observed_net_export=_later(
            values.annual([f"{m}.observed.net_export" for m in trade], FLOW)
        ),
        net_export=_later(values.series_table([f"{m}.net_export" for m in trade], FLOW)),
        output_limit=_later(values.series("steel.output_limit", FLOW)),
    )


def _split(values: Values) -> FloatArray:
    """Shares of steel by category; whatever a scenario sets, they sum to one."""
    split = values.table([f"{goods}.split" for goods in STEEL_GOODS], "1")
    normalised: FloatArray = split / split.sum(axis=0)
    return normalised


def _scrap(values: Values) -> ScrapParameters:
    def number(name: str, unit: str) -> FloatArray:
        return values.number(f"steel.scrap.{name}", unit)

    def scrap_of(technology: str) -> FloatArray:
        return values.number(f"steel.technologies.{technology}.material.scrap", "t/t")

    return ScrapParameters(
        collection=values.table([f"{goods}.collection" for goods in STEEL_GOODS], "1"),
        reference_collection=number("reference_collection", "1"),
        fabrication_yield=values.number("steel.fabrication_yield", "1"),
        new_scrap_recovery=number("new_scrap_recovery", "1"),
        full_cover=number("full_cover", "1"),
        imported=_later(values.series("steel.scrap.imported", FLOW)),
        cover_time=number("cover_time", "yr"),
        drawdown_time=number("drawdown_time", "yr"),
        expectation_time=number("expectation_time", "yr"),
        reference_price=number("reference_price", PRICE),
        minimum_price=number("minimum_price", PRICE),
        maximum_price=number("maximum_price", PRICE),
        price_exponent=number("price_exponent", "1"),
        converter_scrap=scrap_of("blast_furnace"),
        converter_scrap_maximum=number("converter_scrap_maximum", "t/t"),
        furnace_scrap=scrap_of("scrap_eaf"),
        reduced_iron_scrap=scrap_of("hydrogen_dri"),
    )


def _cement(values: Values) -> CementParameters:
    def series(name: str) -> Schedule:
        return _later(values.series(f"cement.{name}", "1"))

    times = ("clinker_ratio_time", "low_carbon_binder_time", "alternative_fuel_time")
    beside = [name for name in PLANT_STAGES["cement"] if name != "kiln"]
    electricity = values.table([f"cement.{name}_electricity" for name in beside], POWER)
    return CementParameters(
        clinker_ratio_target=series("clinker_ratio_target"),
        low_carbon_binder_limit=series("low_carbon_binder_limit"),
        alternative_fuel_target=series("alternative_fuel_target"),
        observed_clinker=_later(values.annual(["cement.observed.clinker.output"], FLOW)),
        adjustment_time=values.table([f"cement.{name}" for name in times], "yr"),
        history_time=values.number("cement.history_time", "yr"),
        avoided_emissions=values.number("cement.avoided_emissions", "t CO2/t"),
        binder_premium=values.number("cement.binder_premium", PRICE),
        binder_premium_spread=values.number("cement.binder_premium_spread", PRICE),
        auxiliary_electricity=electricity.sum(axis=0),
        stage_electricity=electricity,
        alternative_fuel_waste_share=values.number("cement.alternative_fuel_waste_share", "1"),
    )


def _aluminium(values: Values) -> AluminiumParameters:
    def number(name: str, unit: str = "1") -> FloatArray:
        return values.number(f"aluminium.{name}", unit)

    def series(name: str, unit: str = "1") -> Schedule:
        return _later(values.series(f"aluminium.{name}", unit))

    floor, baseline = (
        values.series(f"aluminium.clean_power_share_{name}", "1")
        for name in ("floor", "baseline")
    )
    remelting = [f"aluminium.recycling.energy.{name}" for name in ("gas", "electricity")]
    return AluminiumParameters(
        capacity_ceiling=series("capacity_ceiling", FLOW),
        ceiling_utilisation=number("ceiling_utilisation"),
        collection=number("collection"),
        reference_collection=values.number("steel.scrap.reference_collection", "1"),
        metal_yield=number("metal_yield"),
        new_scrap_recovery=number("new_scrap_recovery"),
        grade_limit=series("grade_limit"),
        alumina_per_metal=number("alumina_per_metal", "t/t"),
        alumina_import_share=number("alumina_import_share"),
        recycling_energy=values.table(remelting, "GJ/t"),
        # The share sets off with the floor where that overtakes what comes by itself.
        clean_power_floor=_later(with_crossings(floor, baseline)),
        clean_power_baseline=_later(baseline),
        observed_clean_power=_later(
            values.year_end(["aluminium.observed.year_end_clean_power_share"], "1")
        ),
        clean_power_time=number("clean_power_time", "yr"),
        history_time=number("history_time", "yr"),
        ore_share=number("ore_share"),
        reference_alumina=number("reference_alumina", FLOW),
    )
