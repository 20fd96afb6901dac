"""The model's side of what documents print on the nation, power and coal mining."""

import xarray as xr

from calibration.factors import boundaries, burnt, coal_rate, number, series
from calibration.reading_runs import Run
from simulator.dimensions import BASE_YEAR, SECTORS

KILOGRAMS_PER_TONNE = 1000.0
PJ_PER_TWH = 3.6
PJ_PER_MTCE = 29.3076
MID_YEAR = 0.5
INDUSTRY = (
    "coal_mining|steel|cement|petrochemicals|aluminium|textiles|machinery|heavy_machinery|"
    "semiconductors|environmental_protection|other_industry"
)
"""Sectors of industry without the makers whose sector holds machines in use."""
MACHINERY = "machinery|heavy_machinery"
MAKERS_ELSEWHERE = (
    "vehicle_manufacturing", "construction_machinery_manufacturing", "electrical_equipment",
    "battery_manufacturing",
)  # fmt: skip
"""Groups that the documents count as machinery and the model in other sectors."""
MAKERS_FUEL = ("coal", "gas")
"""Carriers that only the makers use in the sectors of vehicles and construction machines."""
USERS = {
    "industry": INDUSTRY,
    "buildings": "buildings",
    "transport": "automotive|other_transport",
}
MINING = "coal_mining.underground|coal_mining.open_cast|coal_mining.washing"
STORES = "battery|long_storage"
FOSSIL = "coal_subcritical|coal_supercritical|coal_ccs|gas|gas_ccs"
OIL_AND_GAS = ("gas", "diesel", "gasoline", "other_oil", "lpg")


def nation_side(dataset: xr.Dataset) -> dict[str, float]:
    """Every number of these sectors, by key."""
    run = Run(dataset)
    return _nation(run) | _power(run) | _coal_mining_energy(run) | _coal_mining_gas(run)


def counted(run: Run, sectors: str, year: int = BASE_YEAR) -> float:
    """Energy of sectors as the national statistic counts it [Mtce/yr].

    Electricity counts as the coal that plants burn for it.
    """
    part = f"final_energy[sector={sectors}{{}}]"
    every, electricity = part.format(""), part.format(", carrier=electricity")
    power = run.at(f"sum(electricity_demand[sector={sectors}])", year)
    return run.at(f"sum({every}) - sum({electricity})", year) / PJ_PER_MTCE + power * coal_rate(
        year
    )


def _nation(run: Run) -> dict[str, float]:
    both = "emissions[sector={0}] + emissions_scope2[sector={0}]"
    industry = both.format(INDUSTRY)
    nation = counted(run, "|".join(SECTORS))
    intensity = {
        year: counted(run, INDUSTRY, year) / run.at("industrial_value_added", year)
        for year in (2015, 2020, 2021)
    }
    coal = "primary_energy[carrier=coal] / sum(primary_energy) * (1 - nonfossil_share)"
    environment = both.format("environmental_protection")
    return {
        "nation.industry": run.at(industry, 2019),
        "nation.energy": run.at("sum(emissions_by_fuel)", 2019),
        "nation.energy_share": run.at("sum(emissions_by_fuel) / emissions_gross", 2019),
        "machinery.industry_share.observed": _makers_electricity(run),
        "nation.coal_chain": run.at("emissions_by_fuel[carrier=coal] / emissions_gross"),
        "nation.coal_share_fall": (run.at(coal, 2015) - run.at(coal, 2020)) / 5.0,
        "nation.intensity_13fyp": 1.0 - intensity[2020] / intensity[2015],
        "nation.intensity_2021": 1.0 - intensity[2021] / intensity[2020],
        "machinery.industry_share": _machinery(run) / run.at(industry),
        "environmental_protection.share": run.at(f"({environment}) / emissions_gross"),
    } | {
        f"nation.{name}_share": counted(run, sectors) / nation
        for name, sectors in USERS.items()
    }


def _machinery(run: Run) -> float:
    """Emissions of makers of machines, vehicles and electrical equipment [Mt CO2/yr]."""
    own = f"emissions[sector={MACHINERY}] + emissions_scope2[sector={MACHINERY}]"
    shared = "final_energy[sector=automotive|construction_machinery, carrier={}]"
    fuel = sum(run.at(shared.format(name)) * burnt(name) for name in MAKERS_FUEL)
    power = sum(
        number(f"groups.{name}.energy.electricity", "TWh/yr") for name in MAKERS_ELSEWHERE
    )
    return run.at(own) + fuel + power * run.delivered()


def _makers_electricity(run: Run) -> float:
    """Electricity of makers of machines, vehicles and electrical equipment [TWh/yr]."""
    return run.at(f"sum(electricity_demand[sector={MACHINERY}])") + sum(
        number(f"groups.{name}.energy.electricity", "TWh/yr") for name in MAKERS_ELSEWHERE
    )


def _power(run: Run) -> dict[str, float]:
    made = f"(sum(generation) - generation[generator={STORES}])"
    makers = sum(
        number(f"groups.{name}_manufacturing.energy.electricity", "TWh/yr")
        for name in ("vehicle", "construction_machinery")
    )
    clean = f"1 - generation[generator={FOSSIL}] / {made}"
    used = f"electricity_demand[sector={{}}] / {made}"
    others = "buildings|other_transport|automotive|construction_machinery"
    farms = run.at(used.format("agriculture"))
    services = run.at(used.format(others)) - makers / run.at(made)
    return {
        "power.grid": run.at("grid_carbon_intensity", 2021),
        "power.thermal": run.at("thermal_carbon_intensity", 2021),
        "power.thermal_ratio": run.at("grid_carbon_intensity / thermal_carbon_intensity", 2021),
        "power.generation": run.at(made, 2021),
        "power.capacity": run.at(
            "sum(power_capacity) - power_capacity[generator=battery]", 2021
        ),
        "power.nonfossil_2015": run.at(clean, 2015),
        "power.nonfossil_2020": run.at(clean, 2020),
        "power.share": run.at("emissions[sector=power] / emissions_gross", 2021),
        "power.use_primary": farms,
        "power.use_primary.observed": run.at("electricity_demand[sector=agriculture]"),
        "power.use_services_homes": services,
        "power.use_secondary": 1.0 - farms - services,
    }


def _coal_mining_energy(run: Run) -> dict[str, float]:
    """Emissions of energy by carrier, electricity at the grid's intensity."""
    used = {
        name: run.at(f"final_energy[sector=coal_mining, carrier={name}]")
        for name in ("coal", *OIL_AND_GAS)
    }
    bought = run.at("electricity_demand[sector=coal_mining]")
    coal = used["coal"] * burnt("coal")
    fluid = sum(used[name] * burnt(name) for name in OIL_AND_GAS)
    electricity = bought * run.delivered()
    total = coal + fluid + electricity
    return {
        "coal_mining.coal_share.observed": used["coal"],
        "coal_mining.electricity_share.observed": bought,
        "coal_mining.oil_gas_share.observed": sum(used[name] for name in OIL_AND_GAS),
        "coal_mining.coal_share": coal / total,
        "coal_mining.electricity_share": electricity / total,
        "coal_mining.oil_gas_share": fluid / total,
    }


def _coal_mining_gas(run: Run) -> dict[str, float]:
    """Methane with the warming potential of the document, and the gas that mines drain."""
    year, middle = 2019, BASE_YEAR + MID_YEAR
    both = "emissions[sector=coal_mining] + emissions_scope2[sector=coal_mining]"
    methane = "methane[sector=coal_mining]"
    warming = boundaries()["coal_mining.warming_potential"] * run.at(methane, year)
    emitted = run.at(both, year) + warming
    drained, used = (run.at(f"mine_gas_{name}") for name in ("drained", "used"))
    washing, whole = (mining_energy(run, stages) for stages in ("coal_mining.washing", MINING))
    return {
        "coal_mining.emissions_2019": emitted,
        "coal_mining.emissions_2019.observed": run.at(methane, 2015),
        "coal_mining.methane_share.observed": run.at(methane, 2015),
        "coal_mining.methane_share": warming / emitted,
        "coal_mining.national_methane": run.at(f"{methane} / sum(methane)"),
        "coal_mining.gas_drained": drained,
        "coal_mining.gas_used": used / drained,
        "coal_mining.washing_share": washing / whole,
        "coal_mining.washed": series("coal_mining.washed_share", middle),
    }


def mining_energy(run: Run, stages: str) -> float:
    """Energy of stages of coal mining in 2015, electricity at its heat value [PJ/yr]."""
    year = 2015
    electricity = run.at(f"sum(stage_electricity[process_stage={stages}])", year)
    return PJ_PER_TWH * electricity + run.at(f"sum(stage_fuel[process_stage={stages}])", year)
