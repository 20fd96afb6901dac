"""Figures of what stands and runs: technologies, efficiency classes, construction machinery."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.errors import ScenarioError
from simulator.export.bands import (
    LAST_OBSERVED,
    bands_of,
    fleet_label,
    fleets_of,
    named,
    shares,
    summed,
    technologies,
)
from simulator.export.canvas import (
    Series,
    axes,
    grid,
    key,
    labels_beside,
    pile,
    sheet,
    stack,
    title,
    unit_label,
)
from simulator.export.palette import (
    MACHINE_BANDS,
    MACHINES,
    MOTOR_BANDS,
    POLLUTANTS,
    STEEL_BANDS,
    TRANSFORMER_BANDS,
    VEHICLE_BANDS,
    Band,
)
from simulator.results.about import about
from simulator.results.headline import one_run
from simulator.results.quantities import Language

Bands = list[tuple[Band, Series]]


def technology(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Shares of steel routes in capacity and of drives in the cars on the road [%]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    steel = shares(run, "steelmaking", STEEL_BANDS)
    cars = shares(run, "cars", VEHICLE_BANDS)
    furnace = sum(float(v[-1]) for band, v in steel if not band.key.startswith("blast"))
    plugged = sum(float(v[-1]) for band, v in cars if band.key not in ("combustion", "hybrid"))
    last = int(years[-1])
    with sheet(who, language) as paper:
        left = axes(paper, (0.06, 0.1, 0.3, 0.74), years, 10)
        stack(paper, left, years, steel)
        unit_label(paper, left, "Steel capacity, %", "炼钢产能构成，%")
        right = axes(paper, (0.57, 0.1, 0.3, 0.74), years, 10)
        stack(paper, right, years, cars)
        unit_label(paper, right, "Cars on the road, %", "乘用车保有量构成，%")
        for where in (left, right):
            where.set_ylim(0, 100)
        finding = (
            f"{furnace:.0f} % of steel capacity needs no blast furnace and {plugged:.0f} % of"
            f" cars plug in by {last}"
        )
        finding_zh = (
            f"{last}年非高炉炼钢产能占{furnace:.0f}%，新能源乘用车保有量占{plugged:.0f}%"
        )
        title(paper, who, finding, finding_zh)
        return paper.figure


def motors(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Efficiency classes of the motors in use [%]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    bands = classes(run, "motors", MOTOR_BANDS)
    best = sum(float(values[-1]) for band, values in bands if band.key in ("ie4", "ie5"))
    with sheet(who, language, height=3.4) as paper:
        where = axes(paper, (0.07, 0.12, 0.79, 0.69), years)
        stack(paper, where, years, bands)
        where.set_ylim(0, 100)
        unit_label(
            paper, where, "Motors in use by efficiency class, %", "在用电机能效等级构成，%"
        )
        finding = f"{best:.0f} % of the motors in use are IE4 or better in {int(years[-1])}"
        finding_zh = f"{int(years[-1])}年在用电机中{best:.0f}%达到2级能效及以上"
        title(paper, who, finding, finding_zh)
        return paper.figure


def fleet(dataset: xr.Dataset, sector: str, language: Language = "en") -> Figure:
    """Mix of technologies of every fleet of a sector, in capacity [%].

    Raises
    ------
    ScenarioError
        The sector has no fleet; the message names those that have.
    """
    run, who = one_run(dataset), about(dataset)
    fleets = fleets_of(run, sector)
    if not fleets:
        owners = sorted({str(name) for name in run["technology_sector"].values})
        message = f'"{sector}" has no fleet of technologies; {", ".join(owners)} have'
        raise ScenarioError(message)
    years = run["time"].values.astype(float)
    mixes = {name: shares(run, name) for name in fleets}
    same = len(fleets) > 2 and len({bands_of(run, name) for name in fleets}) == 1
    columns = min(4, len(fleets)) if same else min(2, len(fleets))
    rows = -(-len(fleets) // columns)
    finding, finding_zh = _risen(mixes, years, named(run, "sector", sector))
    with sheet(who, language, height=1.5 + 1.75 * rows + 0.8 * (rows == 1)) as paper:
        if same:
            key(paper, bands_of(run, fleets[0]))
        boxes = grid(
            paper,
            len(fleets),
            columns,
            beside=0.1 if same else 1.55,
            top=0.95 if same else 0.75,
        )
        for box, (name, mix) in zip(boxes, mixes.items(), strict=True):
            where = axes(paper, box, years, 20 if columns == 4 else 10)
            if same:
                pile(where, years, mix)
            else:
                stack(paper, where, years, mix)
            where.set_ylim(0, 100)
            en, zh = fleet_label(name)
            room = 24 if columns == 4 else 60
            unit_label(paper, where, f"{shorten(en, room, placeholder='…')}, %", f"{zh}，%")
        title(paper, who, finding, finding_zh)
        return paper.figure


def _risen(mixes: dict[str, Bands], years: Series, sector: tuple[str, str]) -> tuple[str, str]:
    """Say which technology of a sector gains most from the last year of history to the end."""
    start = int(np.flatnonzero(years == min(max(LAST_OBSERVED, years[0]), years[-1]))[0])
    gains = [
        (float(values[-1] - values[start]), name, band, values)
        for name, mix in mixes.items()
        for band, values in mix
    ]
    gain, name, band, values = max(gains, key=lambda item: item[0])
    fleet_en, fleet_zh = fleet_label(name)
    last = int(years[-1])
    if gain < 0.5:
        return (
            f"the mix of technologies in {sector[0].lower()} hardly moves to {last}",
            f"至{last}年{sector[1]}技术结构基本不变",
        )
    before, after = f"{values[start]:.0f}", f"{values[-1]:.0f}"
    return (
        f"{band.en} grows from {before} % to {after} % by {last} ({fleet_en.lower()})",
        f"{last}年{fleet_zh}中{band.zh}占比由{before}%升至{after}%",
    )


def efficiency(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Efficiency classes of motors and transformers in use [%]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    panels: Sequence[tuple[str, str, str, Sequence[Band], tuple[str, ...]]] = (
        ("motors", "Motors in use, %", "在用电机构成，%", MOTOR_BANDS, ("ie4", "ie5")),
        ("transformers", "Transformers in use, %", "在用变压器构成，%", TRANSFORMER_BANDS,
         ("nx2", "nx1")),
    )  # fmt: skip
    best = []
    with sheet(who, language) as paper:
        for box, (kind, en, zh, known, top) in zip(
            grid(paper, 2, 2, beside=1.25), panels, strict=True
        ):
            bands = classes(run, kind, known)
            best.append(sum(float(values[-1]) for band, values in bands if band.key in top))
            where = axes(paper, box, years, 10)
            stack(paper, where, years, bands)
            where.set_ylim(0, 100)
            unit_label(paper, where, en, zh)
        last = int(years[-1])
        finding = (
            f"grade 2 or better in {last}: {best[0]:.0f} % of motors,"
            f" {best[1]:.0f} % of transformers"
        )
        finding_zh = f"{last}年2级能效及以上：电机{best[0]:.0f}%，变压器{best[1]:.0f}%"
        title(paper, who, finding, finding_zh)
        return paper.figure


def classes(run: xr.Dataset, kind: str, bands: Sequence[Band]) -> Bands:
    """Efficiency classes of a kind of equipment [%]."""
    mix = 100.0 * run["efficiency_mix"].sel(equipment=kind)
    return summed(mix.fillna(0.0), "efficiency_class", bands)


def machines(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Construction machinery by powertrain [million] and what its engines emit [kt]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    bands = powertrains(run)
    total = np.sum([values for _, values in bands], axis=0)
    quiet = ("battery_electric", "fuel_cell")
    clean = sum(float(values[-1]) for band, values in bands if band.key in quiet)
    emitted = run["pollutants"].sel(sector="construction_machinery")
    with sheet(who, language) as paper:
        where = axes(paper, (0.07, 0.1, 0.44, 0.72), years, 10)
        where.yaxis.set_major_formatter(lambda value, _: f"{value:,.1f}")
        stack(paper, where, years, bands)
        unit_label(paper, where, "Machines in use, million", "在用机械，百万台")
        for row, (pollutant, en, zh) in enumerate(POLLUTANTS):
            box = (0.72, 0.1 + 0.262 * (2 - row), 0.21, 0.195)
            part = axes(paper, box, years, 20)
            values = np.nan_to_num(emitted.sel(pollutant=pollutant).values.astype(float))
            part.plot(years, values, color=_INKS[row], linewidth=1.8)
            part.set_ylim(0, 1.15 * float(values.max()) or 1.0)
            part.tick_params(labelbottom=row == 2)
            unit_label(paper, part, f"{en}, kt a year", f"{zh}，千吨/年")
            end = f"{values[-1]:,.1f}"
            labels_beside(paper, part, years[-1], [(float(values[-1]), end, end, _INKS[row])])
        share, last = 100 * clean / float(total[-1]), int(years[-1])
        nitrogen = emitted.sel(pollutant="NOx").values.astype(float)
        fall = 100 * (1 - nitrogen[-1] / nitrogen.max())
        finding = (
            f"{share:.0f} % of machines run without an engine in {last};"
            f" NOx falls by {fall:.0f} % from its peak"
        )
        finding_zh = f"{last}年{share:.0f}%的工程机械不用内燃机，氮氧化物较峰值下降{fall:.0f}%"
        title(paper, who, finding, finding_zh)
        return paper.figure


_INKS: Final = ("#44546a", "#d55e00", "#0072b2")


def powertrains(run: xr.Dataset) -> Bands:
    """Construction machines in use by powertrain, all kinds together [million]."""
    years = run["time"].values
    sums = {band.key: np.zeros(len(years)) for band in MACHINE_BANDS}
    for name in fleets_of(run, "construction_machinery"):
        if name in MACHINES:
            for band, values in summed(technologies(run, name), "technology", MACHINE_BANDS):
                sums[band.key] += values
    return [(band, sums[band.key]) for band in MACHINE_BANDS]
