"""Coal mining: its parameters and initial stocks, and the methane of other sectors."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import PROCESS_STAGES, SECTORS
from simulator.equations.coal_mining import CoalMiningParameters, CoalMiningState
from simulator.equations.cost import capital_recovery
from simulator.model.series import SeriesSpec, constant
from simulator.model.values import Values, at_end_of_history, stack

FloatArray = NDArray[np.float64]

STAGES: Final = PROCESS_STAGES["coal_mining"]
MIX: Final = ("underground_share", "washed_share")
"""Shares that decide the mix of mining and washing."""


class CoalMiningBlock(NamedTuple):
    """Coal mining ready to run."""

    parameters: CoalMiningParameters
    """Parameters, with series still to be placed on the grid."""
    initial: CoalMiningState
    """Stocks at the start."""
    other_methane: SeriesSpec
    """Methane that other sectors emit, (sector) [Mt CH4/yr]."""


def assemble_coal_mining(values: Values) -> CoalMiningBlock:
    """Parameters and initial stocks of coal mining, and the methane of other sectors."""

    def number(name: str, unit: str) -> FloatArray:
        return values.number(f"coal_mining.{name}", unit)

    def series(name: str, unit: str) -> SeriesSpec:
        return values.series(f"coal_mining.{name}", unit)

    mines = ("underground", "open_cast")
    observed = values.annual_knots("coal_mining.observed.production", "Mt/yr")
    parameters = CoalMiningParameters(
        observed_production=SeriesSpec((observed,), ()),  # type: ignore[arg-type]
        energy_per_tonne=series("energy_per_tonne", "GJ/t"),  # type: ignore[arg-type]
        import_share=series("import_share", "1"),  # type: ignore[arg-type]
        underground_share=series("underground_share", "1"),  # type: ignore[arg-type]
        washed_share=series("washed_share", "1"),  # type: ignore[arg-type]
        gas_content=_gas_content(values),
        drained_share=series("drained_share", "1"),  # type: ignore[arg-type]
        utilisation_target=series("methane_utilisation_target", "1"),  # type: ignore[arg-type]
        oxidation_target=series("ventilation_oxidation_target", "1"),  # type: ignore[arg-type]
        utilisation_time=number("utilisation_time", "yr"),
        oxidation_time=number("oxidation_time", "yr"),
        post_mining_factor=number("post_mining_factor", "1"),
        methane_density=number("methane_density", "Mt CH4/bcm"),
        mine_life=number("mine_life", "yr"),
        new_mine_ban=values.dates("coal_mining.new_mine_ban"),
        mine_utilisation=number("mine_utilisation", "1"),
        utilisation_limit=number("utilisation_limit", "1"),
        closing_time=number("closing_time", "yr"),
        abandoned_share=number("abandoned_share", "1"),
        abandoned_time=number("abandoned_time", "yr"),
        flooded_share=number("flooded_share", "1"),
        washed_share_base=number("washed_share_base", "1"),
        washing_saving=number("washing_saving", "1"),
        washing_floor=number("washing_floor", "1"),
        drainage_limit=number("drainage_limit", "1"),
        drainage_time=number("drainage_time", "yr"),
        electricity_per_tonne=values.table(
            [f"coal_mining.electricity_per_tonne.{s}" for s in STAGES], "kWh/t"
        ),
        fuel_shares=values.table([f"coal_mining.fuel_share.{s}" for s in STAGES], "1"),
        reference_mix=stack(
            [at_end_of_history(values, f"coal_mining.{name}", "1") for name in MIX]
        ),
        capital=values.table([f"coal_mining.capital_cost.{m}" for m in mines], "CNY/t"),
        recovery=capital_recovery(
            np, number("discount_rate", "1/yr"), number("mine_life", "yr")
        ),
        operation=values.table([f"coal_mining.operating_cost.{m}" for m in mines], "CNY/t"),
    )
    initial = CoalMiningState(
        capacity=_capacity(values, mines),
        drainage=number("initial.drainage", "bcm/yr"),
        utilisation=number("initial.utilisation", "1"),
        oxidation=number("initial.oxidation", "1"),
        abandoned=number("initial.abandoned", "bcm/yr"),
    )
    return CoalMiningBlock(parameters, initial, _other_methane(values))


def _gas_content(values: Values) -> FloatArray:
    """Gas of a tonne, (2, S): underground by the source of methane that is chosen."""

    def content(name: str) -> FloatArray:
        return values.number(f"coal_mining.gas_content.{name}", "m3/t")

    inventory = values.number("coal_mining.methane_source", "1")
    underground = inventory * content("underground") + (1.0 - inventory) * content("documents")
    return stack([underground, content("open_cast")])


def _capacity(values: Values, mines: tuple[str, ...]) -> FloatArray:
    """Capacity at the start by age, (3, 2, S) [Mt/yr]."""
    standing = values.table([f"coal_mining.initial.capacity.{m}" for m in mines], "Mt/yr")
    young = values.number("coal_mining.initial.young_share", "1")
    old = values.number("coal_mining.initial.old_share", "1")
    ages = stack([young, 1.0 - young - old, old])
    return np.asarray(ages[:, np.newaxis] * standing)


def _other_methane(values: Values) -> SeriesSpec:
    paths = [f"coal_mining.other_methane.{sector}" for sector in SECTORS]
    knots = [
        values.knots(path, "Mt CH4/yr") if values.has(path) else (constant(0.0),)
        for path in paths
    ]
    return SeriesSpec(tuple(knots), (len(SECTORS),))
