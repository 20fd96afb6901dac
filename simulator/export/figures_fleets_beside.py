"""The figures of fleets, for several scenarios beside each other.

Each takes runs by their names, the baseline first, and has the name of the figure of one run.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.errors import ScenarioError
from simulator.export.bands import fleet_label, fleets_of, named, shares
from simulator.export.beside import (
    Bands,
    Finding,
    Graph,
    Row,
    Runs,
    Side,
    at,
    beside,
    last_year,
    part,
    sides,
    span,
)
from simulator.export.canvas import Series
from simulator.export.figures_fleets import classes, powertrains
from simulator.export.palette import (
    MOTOR_BANDS,
    POLLUTANTS,
    STEEL_BANDS,
    TRANSFORMER_BANDS,
    VEHICLE_BANDS,
)
from simulator.results.quantities import Language


def technology(runs: Runs, language: Language = "en") -> Figure:
    """Shares of steel routes in capacity and of drives in the cars on the road [%]."""
    found = sides(runs)
    year = last_year(found)
    rows = [
        Row(("Steel capacity, %", "炼钢产能构成，%"),
            partial(shares, fleet="steelmaking", bands=STEEL_BANDS), whole=100.0),
        Row(("Cars on the road, %", "乘用车保有量构成，%"),
            partial(shares, fleet="cars", bands=VEHICLE_BANDS), whole=100.0),
    ]  # fmt: skip
    plain = ("blast_furnace", "blast_furnace_ccs"), ("combustion", "hybrid")
    clean, plugged = (
        [100.0 - part(side, row.read(side.run), names, year) for side in found]
        for row, names in zip(rows, plain, strict=True)
    )
    return beside(found, rows, [], Finding(
        f"by {year} {span(clean)} % of steel capacity needs no blast furnace and"
        f" {span(plugged)} % of cars plug in",
        f"{year}年非高炉炼钢产能占{span(clean)}%，新能源乘用车保有量占{span(plugged)}%",
    ), language)  # fmt: skip


def fleet(runs: Runs, sector: str, language: Language = "en") -> Figure:
    """Mix of technologies of every fleet of a sector, a row a fleet, a panel a scenario [%].

    Raises
    ------
    ScenarioError
        The sector has no fleet.
    """
    found = sides(runs)
    year = last_year(found)
    fleets = fleets_of(found[0].run, sector)
    if not fleets:
        owners = sorted({str(name) for name in found[0].run["technology_sector"].values})
        message = f'"{sector}" has no fleet of technologies; {", ".join(owners)} have'
        raise ScenarioError(message)
    rows = [
        Row(_percent(fleet_label(name)), partial(shares, fleet=name), whole=100.0)
        for name in fleets
    ]
    return beside(found, rows, [], _apart(found, fleets, year, sector), language)


def _percent(label: tuple[str, str]) -> tuple[str, str]:
    """Name of a fleet with the unit of its shares."""
    return f"{label[0]}, %", f"{label[1]}，%"


def _apart(found: Sequence[Side], fleets: Sequence[str], year: int, sector: str) -> Finding:
    """Say which technology of a sector tells the scenarios apart most."""
    gaps = []
    for name in fleets:
        mixes = [dict(_by_key(shares(side.run, name))) for side in found]
        for band, _ in shares(found[0].run, name):
            parts = [at(side, mix[band.key], year)
                     for side, mix in zip(found, mixes, strict=True)]  # fmt: skip
            gaps.append((max(parts) - min(parts), name, band, parts))
    gap, name, band, parts = max(gaps, key=lambda item: item[0])
    label, whole = fleet_label(name), named(found[0].run, "sector", sector)
    if gap < 0.5:
        return Finding(
            f"{whole[0]}: the mix of technologies in {year} is the same in all scenarios",
            f"{whole[1]}：{year}年各情景技术结构相同",
        )
    return Finding(
        f"{label[0]}: {band.en} is {span(parts)} % in {year}, which differs most",
        f"{label[1]}：{year}年{band.zh}占{span(parts)}%，差异最大",
    )


def _by_key(bands: Bands) -> list[tuple[str, Series]]:
    """Bands by their keys."""
    return [(band.key, values) for band, values in bands]


EQUIPMENT: Final = (
    ("motors", ("Motors in use, %", "在用电机构成，%"), MOTOR_BANDS, ("ie4", "ie5")),
    ("transformers", ("Transformers in use, %", "在用变压器构成，%"), TRANSFORMER_BANDS,
     ("nx2", "nx1")),
)  # fmt: skip
"""What is drawn by its efficiency, and the classes that are grade 2 or better."""


def efficiency(
    runs: Runs, language: Language = "en", kinds: Sequence[str] = ("motors", "transformers")
) -> Figure:
    """Efficiency classes of motors and transformers in use, a panel a scenario [%]."""
    found = sides(runs)
    year = last_year(found)
    chosen = [item for item in EQUIPMENT if item[0] in kinds]
    rows = [
        Row(unit, partial(classes, kind=kind, bands=bands), whole=100.0)
        for kind, unit, bands, _ in chosen
    ]
    best = {
        kind: span([part(side, row.read(side.run), top, year) for side in found])
        for row, (kind, _, _, top) in zip(rows, chosen, strict=True)
    }
    names = {"motors": "电机", "transformers": "变压器"}
    return beside(found, rows, [], Finding(
        f"grade 2 or better in {year}: "
        + ", ".join(f"{share} % of {kind}" for kind, share in best.items()),
        f"{year}年2级能效及以上："
        + "，".join(f"{names[kind]}{share}%" for kind, share in best.items()),
    ), language)  # fmt: skip


def motors(runs: Runs, language: Language = "en") -> Figure:
    """Efficiency classes of the motors in use, a panel a scenario [%]."""
    return efficiency(runs, language, ("motors",))


def machines(runs: Runs, language: Language = "en") -> Figure:
    """Construction machinery by powertrain [million] and what its engines emit [kt]."""
    found = sides(runs)
    year = last_year(found)
    row = Row(("Machines in use, million", "在用机械，百万台"), powertrains)
    graphs = [
        Graph((f"{en}, kt a year", f"{zh}，千吨/年"), partial(_pollutant, pollutant))
        for pollutant, en, zh in POLLUTANTS
    ]
    quiet = ("battery_electric", "fuel_cell")
    clean = [part(side, powertrains(side.run), quiet, year) for side in found]
    return beside(found, [row], graphs, Finding(
        f"{span(clean)} % of construction machines run without an engine in {year}",
        f"{year}年{span(clean)}%的工程机械不用内燃机",
    ), language)  # fmt: skip


def _pollutant(name: str, run: xr.Dataset) -> Series:
    """What construction machines emit of a pollutant over the years [kt]."""
    emitted = run["pollutants"].sel(sector="construction_machinery", pollutant=name)
    return np.asarray(np.nan_to_num(emitted.values.astype(float)), dtype=float)
