"""Numbers that published documents print, beside what the model makes of the same thing.

Values stand in ``documents.csv``; where a document draws its boundary differently, the number
that bridges the gap stands in ``boundaries.csv``. What the model does not resolve has no value.
"""

import csv
import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import xarray as xr

from simulator.dimensions import BASE_YEAR, CARRIERS
from simulator.reading.parameters import load_parameters
from simulator.results.expression import evaluate
from simulator.results.headline import one_run
from simulator.units import convert

FOLDER: Final = Path(__file__).resolve().parent
STEEL_YEAR: Final = 2019
PLATEAU: Final = {"machinery.plateau_slow": 0.06, "machinery.plateau_fast": 0.08}
"""Growth of output at which the document asks what holds energy level [1/yr]."""

OLD_TRANSFORMERS: Final = ("s9", "s11", "s13")
NEW_TRANSFORMER: Final = "nx2"


class Document(NamedTuple):
    """One printed number beside the model's."""

    key: str
    en: str
    zh: str
    unit: str
    document: float
    model: float
    """Not-a-number where the model does not resolve it."""
    error: float
    """Model over document, less one [1]."""
    tolerance: float | None
    """None where the two are shown, not held against each other."""
    met: bool | None
    source: str
    where: str


@cache
def boundaries() -> Mapping[str, float]:
    """Numbers that bridge the boundaries of documents and model, by key."""
    return {row["key"]: float(row["value"]) for row in _rows("boundaries.csv")}


def documents(dataset: xr.Dataset) -> tuple[Document, ...]:
    """Every printed number beside the model's, from one run and the shipped data."""
    model = _Model(one_run(dataset)).values()
    found = []
    for row in _rows("documents.csv"):
        printed, value = float(row["value"]), model.get(row["key"], math.nan)
        tolerance = float(row["tolerance"]) if row["tolerance"] else None
        error = value / printed - 1.0
        met = None if tolerance is None else bool(abs(error) <= tolerance)
        found.append(
            Document(
                row["key"], row["en"], row["zh"], row["unit"], printed, value, error,
                tolerance, met, row["source"], row["where"],
            )
        )  # fmt: skip
    return tuple(found)


def plateau(growth: float) -> float:
    """Yearly fall of energy per output that holds energy level: (1 + g)(1 - d) = 1."""
    return growth / (1.0 + growth)


def transformer_saving(throughput: float) -> float:
    """Electricity saved if every transformer up to S13 became one of class NX2 [TWh/yr]."""
    names = (*OLD_TRANSFORMERS, NEW_TRANSFORMER)
    base = "equipment.fleets.transformers.technologies"
    loss = {name: _number(f"{base}.{name}.loss_share", "1") for name in names}
    share = {name: _number(f"{base}.{name}.reference_share", "1") for name in names}
    better = [share[name] * (loss[name] - loss[NEW_TRANSFORMER]) for name in OLD_TRANSFORMERS]
    return throughput * sum(better)


def motor_ratio(before: str, after: str) -> float:
    """Electricity of a drive with one motor class relative to another [1]."""
    base = "equipment.fleets.motors.technologies"
    old, new = (_number(f"{base}.{name}.efficiency", "1") for name in (before, after))
    return old / new


def steel_unit(technology: str, bought: float, intensity: float) -> float:
    """Emissions of a tonne of steel with the electricity it buys [t CO2/t]."""
    return direct_unit(f"steel.technologies.{technology}") + bought * intensity


def direct_unit(path: str) -> float:
    """Emissions of fuels and process of one tonne in the base year [t CO2/t]."""
    process = _number(f"{path}.process_emissions", "t CO2/t", 0.0)
    fuels = sum(
        _number(f"{path}.energy.{name}", "GJ/t", 0.0)
        * _number(f"common.emission_factor.{name}", "t CO2/GJ")
        for name in CARRIERS
    )
    return process + fuels


def _number(path: str, unit: str, default: float | None = None) -> float:
    known = load_parameters()
    if default is not None and path not in known:
        return default
    (value,) = known[path].values
    return convert(value, known[path].unit, unit)


def _at_end(path: str, year: int = BASE_YEAR) -> float:
    """Read an observed state at the end of a year."""
    known = load_parameters()[path]
    return known.values[known.times.index(year)]


def _rows(name: str) -> list[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


class _Model:
    """Reads the model's side of every document off a run."""

    def __init__(self, run: xr.Dataset) -> None:
        self.run = run

    def values(self) -> dict[str, float]:
        """Every number that the model and the run can give, by key."""
        found: dict[str, float] = {}
        parts: tuple[Callable[[], dict[str, float]], ...] = (
            self.steel, self.aluminium, self.equipment, self.power, self.petrochemicals,
        )  # fmt: skip
        for part in parts:
            found |= part()
        return found

    def at(self, text: str, year: int = BASE_YEAR) -> float:
        """Evaluate an expression in a year."""
        return float(evaluate(text, self.run).sel(time=year))

    def delivered(self, year: int = BASE_YEAR) -> float:
        """Emissions of electricity that users receive [t CO2/MWh]."""
        return self.at("emissions[sector=power] / sum(electricity_demand)", year)

    def made(self, fleet: str, technology: str, year: int) -> float:
        """Output of a technology: utilisation times the mean capacity of the year."""
        part = f"[fleet={fleet}, technology={technology}]"
        change = f"(additions{part} - retirements{part} + retrofits{part})"
        return self.at(f"utilisation{part} * (capacity{part} - 0.5 * {change})", year)

    def steel(self) -> dict[str, float]:
        """Steel of 2019 in the boundary of the document: own emissions, bought electricity."""
        year = STEEL_YEAR
        generated = self.at("grid_carbon_intensity", year) / 1000.0
        outside = boundaries()["steel.outside"]
        furnace = _number("steel.technologies.scrap_eaf.energy.electricity", "MWh/t") - outside
        blown = boundaries()["steel.bought.blast_furnace"]
        bought = {"blast_furnace": blown, "scrap_eaf": furnace}
        made = {name: self.made("steelmaking", name, year) for name in bought}
        own = self.at("emissions[sector=steel]", year)
        return {
            "steel.emissions_2019": own + generated * sum(made[n] * bought[n] for n in bought),
            "steel.blast_furnace": steel_unit("blast_furnace", blown, generated),
            "steel.scrap_eaf": steel_unit("scrap_eaf", furnace, generated),
            "steel.furnace_share": made["scrap_eaf"] / sum(made.values()),
        }

    def aluminium(self) -> dict[str, float]:
        """Stages of aluminium in 2020; mining and products are not resolved."""
        intensity = self.delivered()
        clean = _at_end("aluminium.observed.year_end_clean_power_share")
        base = "aluminium.technologies"
        anode, coal = f"{base}.carbon_anode", f"{base}.coal_alumina"
        dirty = _number("aluminium.coal_power_intensity", "t CO2/MWh")
        electrolysis = (
            direct_unit(anode)
            + _number(f"{anode}.energy.electricity", "MWh/t") * (1.0 - clean) * dirty
        )
        alumina = direct_unit(coal) + _number(f"{coal}.energy.electricity", "MWh/t") * intensity
        gas = _number("common.emission_factor.gas", "t CO2/GJ")
        recycled = (
            _number("aluminium.recycling.energy.gas", "GJ/t") * gas
            + _number("aluminium.recycling.energy.electricity", "MWh/t") * intensity
        )
        primary = self.at("activity[sector=aluminium]")
        refined = (
            primary
            * _number("aluminium.alumina_per_metal", "t/t")
            * (1.0 - _number("aluminium.alumina_import_share", "1"))
        )
        return {
            "aluminium.alumina": refined * alumina / 100.0,
            "aluminium.alumina_unit": alumina,
            "aluminium.electrolysis": primary * electrolysis / 100.0,
            "aluminium.electrolysis_unit": electrolysis,
            "aluminium.recycled": self.at("aluminium_recycled") * recycled / 100.0,
            "aluminium.recycled_unit": recycled,
        }

    def equipment(self) -> dict[str, float]:
        """Motors and transformers of the shipped data, and the plateau of machinery."""
        label = motor_ratio("ie2", "ie3") - 1.0
        return {
            "equipment.transformers": transformer_saving(
                boundaries()["transformers.throughput_2020"]
            ),
            "equipment.all_to_best": motor_ratio("ie1", "ie5"),
            "equipment.label_claim": label,
            "equipment.label_table": label,
        } | {key: plateau(growth) for key, growth in PLATEAU.items()}

    def power(self) -> dict[str, float]:
        """Intensity of all generation over that of thermal generation."""
        ratio = self.at("grid_carbon_intensity / thermal_carbon_intensity", 2021)
        return {"power.thermal_ratio": ratio}

    def petrochemicals(self) -> dict[str, float]:
        """Petrochemicals of 2020 with bought energy, as a sector and by plain group."""
        own = "emissions[sector=petrochemicals] + emissions_scope2[sector=petrochemicals]"
        keys = [row["key"].split(".") for row in _rows("documents.csv")]
        groups = [key for sector, key in keys if sector == "petrochemicals" and key != "sector"]
        intensity = self.delivered()
        found = {f"petrochemicals.{group}": _group(group, intensity) for group in groups}
        return {"petrochemicals.sector": self.at(own)} | found


def _group(group: str, intensity: float) -> float:
    """Emissions of a plain group in the base year with its electricity [Mt CO2/yr]."""
    total = _number(f"groups.{group}.process_emissions", "Mt CO2/yr", 0.0)
    for name in CARRIERS:
        path = f"groups.{group}.energy.{name}"
        if name == "electricity":
            total += _number(path, "TWh/yr", 0.0) * intensity
        else:
            factor = _number(f"common.emission_factor.{name}", "t CO2/GJ")
            total += _number(path, "PJ/yr", 0.0) * factor
    return total
