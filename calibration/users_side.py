"""The model's side of what documents print on textiles, vehicles, machines and equipment."""

import xarray as xr

from calibration.factors import (
    boundaries,
    burnt,
    coal_rate,
    driven_share,
    motor_efficiency,
    motor_ratio,
    number,
    plateau,
    transformer_saving,
)
from calibration.reading_runs import Run, fibres
from simulator.dimensions import BASE_YEAR, POLLUTANTS
from simulator.model.assembly.machine_makers import BATTERY_STAGES
from simulator.results.life_cycle import life_cycle

PLATEAU = {"machinery.plateau_slow": 0.06, "machinery.plateau_fast": 0.08}
"""Growth of output at which the document asks what holds energy level [1/yr]."""
PJ_PER_MTCE = 29.3076
MOTORS = ("ie1", "ie2", "ie3", "ie4", "ie5")
MACHINES = (
    "excavators", "loaders", "forklifts", "rollers", "bulldozers", "pavers", "graders",
)  # fmt: skip
"""Types in the document's list of hydrocarbons."""
OTHERS = "other_machines"
MAKING_YEAR = 2022
MAKING_STAGES = {
    "parts": "cutting", "welding": "welding", "surface": "surface", "assembly": "assembly",
}  # fmt: skip
"""Row of the document to stage of making."""
MAKING_CARRIERS = {
    "electricity": "electricity", "gas": "gas", "oil": "diesel|gasoline|other_oil|lpg",
}  # fmt: skip
"""Row of the document to carriers of the model; the rest is other."""
STAGES = ("stage_0", "stage_1", "stage_2", "stage_3")
TRANSFORMER_CARD = {
    "material": "materials", "making": "manufacture", "transport": "transport", "use": "use",
    "recycling": "recycling",
}  # fmt: skip
"""Row of the document to stage of the card."""
CRANE_CARD = {
    "steel": "materials", "transport": "transport", "making": "manufacture", "use": "use",
    "recycling": "recycling", "rest": "disposal",
}  # fmt: skip
FLEETS = "cars|buses|light_trucks|heavy_trucks"
NEW_ENERGY = "plug_in_hybrid|battery_electric|fuel_cell"


def users_side(dataset: xr.Dataset) -> dict[str, float]:
    """Every number of these sectors, by key."""
    run = Run(dataset)
    parts = (_textiles, _vehicles, _machines, _making, _hydrocarbons, _life_cycles)
    found = _equipment() | _cards(dataset)
    for part in parts:
        found |= part(run)
    return found


def _textiles(run: Run) -> dict[str, float]:
    """Textiles with chemical fibres; electricity counts as the coal that plants burn for it."""

    def energy(year: int) -> float:
        power = run.at("electricity_demand[sector=textiles]", year)
        used = "sum(final_energy[sector=textiles])"
        rest = run.at(f"{used} - final_energy[sector=textiles, carrier=electricity]", year)
        return (
            rest / PJ_PER_MTCE
            + power * coal_rate(year)
            + boundaries()["textiles.fibres_energy"]
        )

    both = "emissions[sector=textiles] + emissions_scope2[sector=textiles]"
    return {
        "textiles.energy_2018": energy(2018),
        "textiles.energy_2019": energy(2019),
        "textiles.electricity_2018": run.at("electricity_demand[sector=textiles]", 2018)
        + boundaries()["textiles.fibres_electricity"],
        "textiles.emissions_2018": run.at(both, 2018) + fibres(run, 2018),
        **{
            f"textiles.{stage}": run.at(
                f"stage_emissions[process_stage=textiles.{stage}] / ({both})"
            )
            for stage in ("dyeing", "spinning", "weaving", "garments", "other")
        },
    }


def _making(run: Run) -> dict[str, float]:
    """Steps of making batteries, stages and carriers of making construction machinery."""
    steps = {
        f"vehicles.battery_making_{step}": _part(
            run, "battery_manufacturing_electricity", f"battery_stage={step}"
        )
        for step in BATTERY_STAGES
    }
    stages = {
        f"construction_machinery.making_{name}": _part(
            run, "construction_machinery_stage_energy", f"machine_stage={stage}", MAKING_YEAR
        )
        for name, stage in MAKING_STAGES.items()
    }
    seen = _making_carriers(run, BASE_YEAR)
    observed = {f"{name}.observed": share for name, share in seen.items()}
    return steps | stages | _making_carriers(run, MAKING_YEAR) | observed


def _making_carriers(run: Run, year: int) -> dict[str, float]:
    """Carriers in the energy of making construction machinery."""
    key = "construction_machinery.making_"
    found = {
        key + name: _part(
            run, "construction_machinery_making_energy", f"carrier={carriers}", year
        )
        for name, carriers in MAKING_CARRIERS.items()
    }
    return found | {f"{key}other": 1.0 - sum(found.values())}


def _part(run: Run, variable: str, places: str, year: int = BASE_YEAR) -> float:
    return run.at(f"sum({variable}[{places}]) / sum({variable})", year)


def _vehicles(run: Run) -> dict[str, float]:
    """Vehicles in use, without what their makers burn in the same sector: coal and gas."""
    road, every = "emissions[sector=automotive]", f"capacity[fleet={FLEETS}]"
    fuel = "final_energy[sector=automotive, carrier={}]"
    used = sum(run.at(fuel.format(name)) * burnt(name) for name in ("diesel", "gasoline"))
    new = f"[fleet={FLEETS}, technology={NEW_ENERGY}]"
    return {
        "vehicles.use": used,
        "vehicles.transport_share": run.at(
            f"{road} / ({road} + emissions[sector=other_transport])"
        ),
        "vehicles.national_share": run.at(f"{road} / emissions_gross"),
        "vehicles.stock": run.at(every, 2021),
        "vehicles.new_energy_stock": run.at(f"capacity{new}", 2021),
        "vehicles.new_energy_stock_share": run.at(f"capacity{new} / {every}", 2021),
        "vehicles.new_energy_sales": run.at(f"additions{new}", 2021)
        + boundaries()["vehicles.new_energy_exports_2021"],
    }


def _machines(run: Run) -> dict[str, float]:
    every = f"capacity[fleet={'|'.join((*MACHINES, OTHERS))}]"
    clean = every.replace("]", ", technology=battery_electric|fuel_cell]")
    shares = {
        f"construction_machinery.{name.lower()}_share": run.at(
            f"pollutants[sector=construction_machinery, pollutant={name}]"
        )
        / boundaries()[f"nonroad.{name}"]
        for name in POLLUTANTS
    }
    saved = number("construction_machinery.remanufacture_saving", "1")
    return shares | {
        "construction_machinery.stock": run.at(every),
        "construction_machinery.nonfossil": run.at(f"{clean} / {every}"),
        "construction_machinery.remanufacture": saved,
        "construction_machinery.market": run.at("machinery_market", 2025),
        "construction_machinery.market_growth": (
            run.at("machinery_market", 2025) / run.at("machinery_market")
        )
        ** 0.2
        - 1.0,
    }


def _hydrocarbons(run: Run) -> dict[str, float]:
    """Hydrocarbons of 2020 by type, among the types of the list, and by emission stage."""
    emitted = {
        (fleet, stage): run.stock(fleet, stage) * hydrocarbons(fleet, stage)
        for fleet in (*MACHINES, OTHERS)
        for stage in STAGES
    }
    by_type = {
        fleet: sum(emitted[fleet, stage] for stage in STAGES) for fleet in (*MACHINES, OTHERS)
    }
    by_stage = {
        stage: sum(emitted[fleet, stage] for fleet in (*MACHINES, OTHERS)) for stage in STAGES
    }
    listed, key = sum(by_type[fleet] for fleet in MACHINES), "construction_machinery.hc_"
    types = {key + fleet: by_type[fleet] / listed for fleet in MACHINES}
    every = sum(by_stage.values())
    return types | {key + stage: by_stage[stage] / every for stage in STAGES}


def hydrocarbons(fleet: str, stage: str) -> float:
    """Hydrocarbons of a machine in a year of full hours [kg HC/vehicle]."""
    base = "construction_machinery"
    heat = number(f"{base}.diesel_heating_value", "GJ/t")
    diesel = number(f"{base}.fleets.{fleet}.technologies.{stage}.energy.diesel", "GJ/vehicle")
    factor = number(f"{base}.technologies.{stage}.emission_factor.hc", "g HC/kg")
    return (
        diesel
        / heat
        * factor
        * number(f"{base}.fleets.{fleet}.emission_multiplier.hc", "1", 1.0)
    )


def _life_cycles(run: Run) -> dict[str, float]:
    """Use over its life in the emissions of what is sold in a year.

    Scope 2 holds the charging of what is already in use too, so the shares are a little low.
    The document counts the materials of vehicles; of construction machinery it counts what
    the makers do themselves: research, making, service.
    """
    shares = {
        "vehicles": ("automotive", "emissions_scope2", "emissions_scope3_upstream"),
        "construction_machinery": ("construction_machinery", "emissions_scope2"),
    }
    found = {"vehicles.battery_card": run.at("battery_footprint")}
    for key, (sector, *parts) in shares.items():
        use = f"emissions_scope3_downstream[sector={sector}]"
        making = " + ".join(f"{part}[sector={sector}]" for part in parts)
        found[f"{key}.use_share"] = run.at(f"{use} / ({use} + {making})")
    return found


def _cards(dataset: xr.Dataset) -> dict[str, float]:
    """Life-cycle cards of products with the factors of the base year."""
    transformer = life_cycle(dataset, "transformer", projected=False)["emissions"]
    crane = life_cycle(dataset, "crane", projected=False)["share"]
    found = {
        f"equipment.transformer_card_{name}": float(transformer.sel(stage=stage))
        for name, stage in TRANSFORMER_CARD.items()
    }
    return found | {
        f"heavy_machinery.crane_card_{name}": float(crane.sel(stage=stage))
        for name, stage in CRANE_CARD.items()
    }


def _equipment() -> dict[str, float]:
    """Motors and transformers of the shipped data, and the plateau of machinery."""
    label = motor_ratio("ie2", "ie3") - 1.0
    saving = transformer_saving(boundaries()["transformers.throughput_2020"])
    coal = saving * coal_rate()
    carbon = number("common.emission_factor.coal", "t CO2/GJ") * PJ_PER_MTCE
    return (
        {
            "equipment.transformers": saving,
            "equipment.transformers_coal": coal,
            "equipment.transformers_emissions": coal * carbon,
            "equipment.all_to_best": motor_ratio("ie1", "ie5"),
            "equipment.label_claim": label,
            "equipment.label_table": label,
            "equipment.driven_share": driven_share(),
        }
        | {f"equipment.{name}": motor_efficiency(name) for name in MOTORS}
        | {key: plateau(growth) for key, growth in PLATEAU.items()}
    )
