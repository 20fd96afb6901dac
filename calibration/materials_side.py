"""The model's side of what documents print on steel, cement, petrochemicals and aluminium."""

import xarray as xr

from calibration.factors import (
    at_end,
    boundaries,
    burnt,
    direct_unit,
    group_unit,
    number,
    steel_unit,
)
from calibration.reading_runs import Run, fibres
from simulator.dimensions import CARRIERS, PLANT_STAGES
from simulator.equations.aluminium import electrolysis_intensity
from simulator.model.layout import CHEMICALS

STEEL_YEAR = 2019
KILNS = ("kiln_below_baseline", "kiln_standard", "kiln_benchmark")
GJ_PER_KGCE = 0.0293076
PJ_PER_TWH = 3.6
THOUSAND = 1000.0
"""Kilograms in a tonne, kilowatt-hours in a megawatt-hour."""
HUNDRED = 100.0
"""Table 6 is in hundreds of millions of tonnes."""


def materials_side(dataset: xr.Dataset) -> dict[str, float]:
    """Every number of these sectors, by key."""
    run = Run(dataset)
    return (
        _steel(run) | _cement(run) | _kiln_classes(run) | _petrochemicals(run) | _aluminium(run)
    )


def _steel(run: Run) -> dict[str, float]:
    """Steel of 2019 in the boundary of the document: own emissions, bought electricity."""
    year = STEEL_YEAR
    generated = run.at("grid_carbon_intensity", year) / THOUSAND
    outside = boundaries()["steel.outside"]
    furnace = number("steel.technologies.scrap_eaf.energy.electricity", "MWh/t") - outside
    blown = boundaries()["steel.bought.blast_furnace"]
    bought = {"blast_furnace": blown, "scrap_eaf": furnace}
    made = {name: run.made("steelmaking", name, year) for name in bought}
    own = run.at("emissions[sector=steel]", year)
    base = "steel.technologies.blast_furnace"
    tonne, stone = steel_unit("blast_furnace", blown, generated), f"{base}.process_emissions"
    carriers = {name: _burnt_by_steel(run, name, 2018) for name in ("coal", "gas")}
    return {
        "steel.fuel_share": (direct_unit(base) - number(stone, "t CO2/t")) / tonne,
        "steel.electricity_share.observed": tonne,
        "steel.flux_share.observed": tonne,
        "steel.electricity_share": blown * generated / tonne,
        "steel.flux_share": number(stone, "t CO2/t") / tonne,
        "steel.gas_share": carriers["gas"] / sum(carriers.values()),
        "steel.emissions_2019": own + generated * sum(made[n] * bought[n] for n in bought),
        "steel.blast_furnace": tonne,
        "steel.scrap_eaf": steel_unit("scrap_eaf", furnace, generated),
        "steel.furnace_share": made["scrap_eaf"] / sum(made.values()),
    }


def _burnt_by_steel(run: Run, carrier: str, year: int) -> float:
    return run.at(f"final_energy[sector=steel, carrier={carrier}]", year) * burnt(carrier)


def _cement(run: Run) -> dict[str, float]:
    """Cement of the base year by process step, a kilogram of CO2 per tonne of what it makes.

    The table of the document counts electricity at its heat value, the model at the grid.
    """
    made = run.at("activity[sector=cement]")
    clinker = made * run.at("clinker_ratio")
    kilns = {name: run.made("clinker", name, 2020) for name in KILNS}
    used = _mean(kilns, "energy.electricity", "MWh/t")
    fuel = sum(
        run.at(f"final_energy[sector=cement, carrier={name}]") * burnt(name)
        for name in CARRIERS
    )
    stone = run.at("emissions[sector=cement]") - fuel
    grid = run.delivered()
    bought = run.at("emissions_scope2[sector=cement]")
    grinding = number("cement.grinding_electricity", "MWh/t")
    total = fuel + stone + bought
    kiln = fuel + stone + clinker * used * grid
    mixed = boundaries()["cement.concrete_content"] / boundaries()["cement.concrete_share"]
    printed = boundaries()["cement.electricity_emissions"]
    tabled = fuel + stone + bought * printed / grid
    both = "emissions[sector=cement] + emissions_scope2[sector=cement]"
    yearly = {f"cement.emissions_{year}": run.at(both, year) for year in range(2017, 2022)}
    return yearly | {
        "cement.quarry_emissions": boundaries()["cement.quarry_fuel_emissions"]
        + number("cement.quarry_electricity", "kWh/t") * printed,
        "cement.quarry_electricity": number("cement.quarry_electricity", "kWh/t"),
        "cement.kiln_electricity": used * THOUSAND,
        "cement.kiln_electricity_emissions": used * printed * THOUSAND,
        "cement.kiln_fuel": _mean(kilns, "energy.coal", "GJ/t") / GJ_PER_KGCE,
        "cement.kiln_fuel_emissions": fuel / clinker * THOUSAND,
        "cement.kiln_process": stone / clinker * THOUSAND,
        "cement.kiln_total.observed": stone / clinker * THOUSAND,
        "cement.kiln_total": ((fuel + stone) / clinker + used * printed) * THOUSAND,
        "cement.grinding_electricity": grinding * THOUSAND,
        "cement.grinding_emissions": grinding * printed * THOUSAND,
        "cement.per_tonne": tabled / made * THOUSAND,
        "cement.concrete_electricity": mixed * number("cement.ready_mix_electricity", "kWh/t"),
        "cement.concrete_emissions": boundaries()["cement.concrete_cement"]
        * (tabled / made * THOUSAND)
        + mixed * number("cement.ready_mix_electricity", "kWh/t") * printed,
        "cement.clinker_factor": clinker / made,
        "cement.per_head": run.at("activity[sector=cement] / population", 2021),
        "cement.kiln_share": kiln / total,
        "cement.grinding_share": made * grinding * printed / tabled,
        "cement.fuel_share": fuel / total,
        "cement.process_share": stone / total,
    }


def _mean(output: dict[str, float], name: str, unit: str) -> float:
    """Mean of a property of the kilns, by what they make."""
    known = {kiln: number(f"cement.technologies.{kiln}.{name}", unit) for kiln in output}
    return sum(output[kiln] * known[kiln] for kiln in output) / sum(output.values())


def _kiln_classes(run: Run) -> dict[str, float]:
    part = "capacity[fleet=clinker, technology={}] / capacity[fleet=clinker]"
    return {
        "cement.benchmark": run.at(part.format("kiln_benchmark")),
        "cement.below_baseline": run.at(part.format("kiln_below_baseline")),
    }


def _petrochemicals(run: Run) -> dict[str, float]:
    """Petrochemicals of 2020 with bought energy, as a sector and by plain group.

    The document counts coking as steel and makers of fibres as textiles, and of oil and gas
    fields the fuel of rigs and the drives of pumps, not what they flare. Olefins are a part of
    what the model makes of coal, and the document counts the coal of the boilers beside their
    plants, whose steam the energy statistic has as heat that is bought; what phosphates give
    off holds their ammonia.
    """
    own = "emissions[sector=petrochemicals] + emissions_scope2[sector=petrochemicals]"
    coking = boundaries()["petrochemicals.coking_fuel"] * burnt("coal")
    energy, refining = "sum(final_energy[sector=petrochemicals])", _stages_of("refining")
    found = {
        f"petrochemicals.{group}": sum(
            run.at(f"stage_emissions[process_stage={stage}]") for stage in _stages_of(group)
        )
        for group in CHEMICALS
    }
    used = {
        stage: PJ_PER_TWH * run.at(f"stage_electricity[process_stage={stage}]")
        + run.at(f"stage_fuel[process_stage={stage}]")
        for stage in refining
    }
    found["petrochemicals.oil_gas_extraction"] -= boundaries()["petrochemicals.flares"]
    found["petrochemicals.coal_chemicals"] = _olefins_of_coal(
        run, found["petrochemicals.coal_chemicals"]
    )
    ammonia, phosphates = (
        number(f"petrochemicals.output.{name}", "Mt/yr") for name in ("ammonia", "phosphate")
    )
    found["petrochemicals.phosphate"] += (
        boundaries()["petrochemicals.ammonia_of_phosphates"]
        * phosphates
        * (found["petrochemicals.ammonia"] / ammonia)
    )
    growth = (run.at(energy, 2020) / run.at(energy, 2015)) ** (1.0 / 5.0) - 1.0
    return found | {
        "petrochemicals.refining": found["petrochemicals.refining"] - coking,
        "petrochemicals.furnaces": used[refining[0]] / sum(used.values()),
        "petrochemicals.sector": run.at(own) - coking - fibres(run),
        "petrochemicals.energy_growth": growth,
    }


def _olefins_of_coal(run: Run, group: float) -> float:
    """Emissions of olefins from coal with the boilers beside their plants [Mt CO2/yr].

    Boilers give what a tonne takes beside feedstock, less the gas and the electricity that the
    model already has.

    Parameters
    ----------
    group
        Emissions of all that the model makes of coal, without bought heat [Mt CO2/yr].

    """
    share = number("petrochemicals.plastics.coal_chemicals", "1")
    taken = number("groups.coal_chemicals.energy.gas", "PJ/yr") + PJ_PER_TWH * run.at(
        "stage_electricity[process_stage=petrochemicals.coal_chemicals]"
    )
    asked = (
        boundaries()["petrochemicals.olefins_output"]
        * boundaries()["petrochemicals.olefins_utilities"]
    )
    return share * group + (asked - share * taken) * burnt("coal")


def _stages_of(product: str) -> list[str]:
    """Stages of petrochemicals that make a product."""
    stages = PLANT_STAGES["petrochemicals"]
    return [f"petrochemicals.{stage}" for stage in stages if stage.startswith(product)]


def _aluminium(run: Run) -> dict[str, float]:
    """Stages of aluminium in 2020; the document counts ore that is mined abroad too.

    Scrap that goes round inside the works of fabricators is remelted for products there.
    """
    intensity = run.delivered()
    clean = at_end("aluminium.observed.year_end_clean_power_share")
    base = "aluminium.technologies"
    anode, coal = f"{base}.carbon_anode", f"{base}.coal_alumina"
    dirty = number("aluminium.coal_power_intensity", "t CO2/MWh")
    power = number(f"{anode}.energy.electricity", "MWh/t")
    electrolysis = electrolysis_intensity(
        electricity=power, direct=direct_unit(anode), clean_share=clean, coal_power=dirty
    )
    alumina = direct_unit(coal) + number(f"{coal}.energy.electricity", "MWh/t") * intensity
    melting = number("aluminium.recycling.energy.electricity", "MWh/t")
    gas = number("aluminium.recycling.energy.gas", "GJ/t")
    recycled = gas * burnt("gas") + melting * intensity
    primary, scrap = run.at("activity[sector=aluminium]"), run.at("aluminium_recycled")
    refined = (
        primary
        * number("aluminium.alumina_per_metal", "t/t")
        * (1.0 - number("aluminium.alumina_import_share", "1"))
    )
    return {
        "aluminium.semis": (
            group_unit("aluminium_products", intensity)
            + (scrap - boundaries()["aluminium.recycled_output"]) * recycled
        )
        / HUNDRED,
        "aluminium.bauxite": boundaries()["aluminium.ore_used"]
        * run.at("stage_emissions[process_stage=aluminium.bauxite]")
        / HUNDRED,
        "aluminium.alumina": refined * alumina / HUNDRED,
        "aluminium.alumina_unit": alumina,
        "aluminium.electrolysis": primary * electrolysis / HUNDRED,
        "aluminium.electrolysis_unit": electrolysis,
        "aluminium.thermal_share": power * (1.0 - clean) * dirty / electrolysis,
        "aluminium.recycled": boundaries()["aluminium.recycled_output"] * recycled / HUNDRED,
        "aluminium.recycled_unit": recycled,
        "aluminium.total": refined * alumina + primary * electrolysis + scrap * recycled,
        "aluminium.clean_power": run.at("aluminium_clean_power_share"),
    }
