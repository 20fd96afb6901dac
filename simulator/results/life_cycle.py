"""Product life-cycle cards: what one product causes from its materials to its end.

Every stage is an amount of ``simulator/data/life_cycle/products.csv`` times a factor of the
run: materials carry scopes 1 and 2 of the sector that makes them, electricity what its supply
emits in the year, fuels their carbon. Use is spread over the life of the product, with the
factors that the run projects or, as printed tables have it, with those of the year of sale.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.dimensions import BASE_YEAR, CARRIERS
from simulator.equations.emissions import use_phase
from simulator.errors import ScenarioError
from simulator.model.record import SUPPLIERS
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.suggest import did_you_mean
from simulator.results.axes import PURCHASED
from simulator.results.headline import one_run
from simulator.results.quantities import label
from simulator.units import convert

STAGES: Final = ("materials", "manufacture", "transport", "use", "recycling", "disposal")
"""Order of the stage axis."""

_PREFIX: Final = "life_cycle.product."
_KG: Final = 1000.0

Factors = Mapping[str, NDArray[np.float64]]


@cache
def products() -> tuple[str, ...]:
    """Names of the products that the data describe."""
    names = (path.removeprefix(_PREFIX).split(".")[0] for path in _rows())
    return tuple(dict.fromkeys(names))


def life_cycle(
    dataset: xr.Dataset, product: str, year: int = BASE_YEAR, *, projected: bool = True
) -> xr.Dataset:
    """Card of a product that is made in a year.

    Parameters
    ----------
    dataset
        Results of one run: its factors are taken.
    product
        One of `products()`.
    year
        Year in which the product is made and sold.
    projected
        Whether its use meets the factors that the run projects; those of the year otherwise.
        After the last year of the run its factors hold on.

    Returns
    -------
    xarray.Dataset
        By stage, the emissions of one product in kg and their share.

    Raises
    ------
    ScenarioError
        There is no such product, the run does not have the year or lacks a variable.
    """
    known = products()
    if product not in known:
        hint = did_you_mean(product, known) or f"; there are {', '.join(known)}"
        message = f'there is no product "{product}"{hint}'
        raise ScenarioError(message)
    run = one_run(dataset)
    if missing := [name for name in ("material_footprint", "emissions") if name not in run]:
        message = f"the results lack {', '.join(missing)}: run the scenario again"
        raise ScenarioError(message)
    years = [int(item) for item in run["time"].values]
    if year not in years:
        message = f"the run has {years[0]} to {years[-1]}, not {year}"
        raise ScenarioError(message)
    found = dict.fromkeys(STAGES, 0.0)
    factors, place = _factors(run), years.index(year)
    for path, row in _rows().items():
        owner, *parts = path.removeprefix(_PREFIX).split(".")
        if owner != product or parts == ["lifetime"]:
            continue
        stage, item = parts
        factor = factors[item][place:]
        per = " / yr" if stage == "use" else ""
        amount = convert(row.values[0], row.unit, UNITS.get(item, "GJ") + per)
        if stage == "use":
            life = load_parameters()[f"{_PREFIX}{product}.lifetime"].values[0]
            lived = use_phase(np, rate=factor[:, np.newaxis], lifetime=np.array([life]))
            factor = lived[0] if projected else life * factor[:1]
        found[stage] += _KG * amount * float(factor[0])
    return _card(found, product, year, projected=projected)


UNITS: Final = {**dict.fromkeys((*PURCHASED, "copper"), "t"), "battery": "kWh"}
"""Unit of an amount that is not energy."""


def _card(
    found: Mapping[str, float], product: str, year: int, *, projected: bool
) -> xr.Dataset:
    """Label the stages."""
    emissions = np.array([found[stage] for stage in STAGES])
    total = float(emissions.sum())
    attributes = {
        "units": "kg CO2",
        "long_name": "CO2 of one product",
        "long_name_zh": "单件产品碳排放",
    }
    portion = {
        "units": "1",
        "long_name": "Share of the life cycle",
        "long_name_zh": "占生命周期比重",
    }
    return xr.Dataset(
        {
            "emissions": ("stage", emissions, attributes),
            "share": ("stage", emissions / total, portion),
        },
        {
            "stage": list(STAGES),
            "stage_label_en": ("stage", [label("stage", name, "en") for name in STAGES]),
            "stage_label_zh": ("stage", [label("stage", name, "zh") for name in STAGES]),
        },
        {
            "product": product,
            "label_en": label("product", product, "en"),
            "label_zh": label("product", product, "zh"),
            "year": year,
            "factors_in_use": "projected" if projected else "of the year",
            "total": total,
        },
    )


def _rows() -> dict[str, Parameter]:
    """Amounts of all products."""
    known = load_parameters()
    return {path: known[path] for path in known if path.startswith(_PREFIX)}


def _factors(run: xr.Dataset) -> Factors:
    """Emissions of a GJ of each carrier, a t of each material and a kWh of battery [t CO2]."""
    known = load_parameters()
    steady = np.ones(run.sizes["time"])
    found = {
        name: known[f"common.emission_factor.{name}"].values[0] * steady
        for name in CARRIERS
        if name not in SUPPLIERS
    }
    taken = (run["final_energy"] + run["transformation_input"]).sum("sector")
    for carrier, sector in SUPPLIERS.items():
        use = taken.sel(carrier=carrier).values
        made = run["emissions"].sel(sector=sector).values
        found[carrier] = np.divide(made, use, out=np.zeros_like(made), where=use > 0)
    for material in PURCHASED:
        found[material] = run["material_footprint"].sel(purchased=material).values
    found["battery"] = run["battery_footprint"].values / _KG
    found["copper"] = np.zeros_like(steady)
    for carrier in ("electricity", "coal"):
        row = known[f"life_cycle.copper.{carrier}"]
        found["copper"] += convert(row.values[0], row.unit, "GJ/t") * found[carrier]
    return found
