"""Figures of one run, a function each: the data set in, a matplotlib figure out.

Every title says the finding, every axis its unit, and the last line where it comes from.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.export.canvas import (
    Series,
    axes,
    labels_beside,
    sheet,
    stack,
    title,
    unit_label,
)
from simulator.export.overlays import milestone_marks, stage_windows
from simulator.export.palette import (
    GENERATOR_BANDS,
    GROSS,
    MOTOR_BANDS,
    NET,
    OBSERVED,
    SECTOR_BANDS,
    SINK,
    STEEL_BANDS,
    VEHICLE_BANDS,
    Band,
)
from simulator.results.about import about
from simulator.results.headline import one_run
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import Language
from simulator.results.wording import plain
from simulator.schema.roadmap import Roadmap

Observed = Mapping[int, float]
"""Observed values by calendar year."""

FULL: Final = (0.07, 0.1, 0.74, 0.74)


def emissions(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """CO2 by sector, stacked, with the net line and the sinks below zero [Mt]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    gross, net = _of(run, "emissions_gross"), _of(run, "emissions_net")
    last = int(years[-1])
    with sheet(who, language) as paper:
        where = axes(paper, FULL, years)
        bands = _bands(run["emissions"], "sector", SECTOR_BANDS)
        stack(
            paper,
            where,
            years,
            bands,
            avoid=net,
            extra=[(float(net[-1]), "Net", "净排放", NET)],
        )
        negative = np.clip(run["emissions"].values, None, 0.0).sum(axis=1)
        sink = -_of(run, "sink")
        where.fill_between(
            years, negative, negative + sink, color=SINK, alpha=0.55, linewidth=0
        )
        where.plot(years, net, color=NET, linewidth=1.8)
        where.axhline(0.0, color=NET, linewidth=0.7)
        where.set_ylim(1.1 * float((negative + sink).min()), where.get_ylim()[1])
        middle = len(years) // 2
        where.text(
            years[middle], negative[middle] + sink[middle] / 2,
            paper.say("Forests and removal from air", "森林碳汇与直接空气捕集"),
            size=7.5, va="center", ha="center",
        )  # fmt: skip
        unit_label(paper, where, "Mt CO₂ a year", "百万吨二氧化碳/年")
        leader = max(bands, key=lambda item: item[1][-1])[0]
        fall = 100 * (1 - gross[-1] / gross.max())
        finding = (
            f"CO₂ falls by {fall:.0f} % from its peak to {last};"
            f" the largest part of the rest is {leader.en.lower()}"
        )
        finding_zh = f"{last}年二氧化碳排放较峰值下降{fall:.0f}%，剩余排放中{leader.zh}最多"
        title(paper, who, finding, finding_zh)
        return paper.figure


def pathway(
    dataset: xr.Dataset,
    language: Language = "en",
    *,
    observed: Observed | None = None,
    roadmap: Roadmap | None = None,
    scoreboard: Sequence[MilestoneResult] = (),
) -> Figure:
    """Gross and net CO2 with observed history, stage windows and milestones [Mt]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    gross, net = _of(run, "emissions_gross"), _of(run, "emissions_net")
    peak, last = int(np.argmax(gross)), int(years[-1])
    with sheet(who, language) as paper:
        where = axes(paper, (0.07, 0.1, 0.83, 0.74), years)
        where.set_ylim(min(0.0, 1.25 * float(net.min())), 1.22 * float(gross.max()))
        stage_windows(paper, where, roadmap, years)
        where.plot(years, gross, color=GROSS, linewidth=2)
        where.plot(years, net, color=NET, linewidth=1.6, linestyle=(0, (5, 1.5)))
        where.axhline(0.0, color=NET, linewidth=0.7)
        if observed:
            where.plot(
                list(observed), list(observed.values()), "o", color=OBSERVED, markersize=3.6
            )
            first = min(observed)
            where.annotate(
                paper.say("observed", "实测"), (first, observed[first]), xytext=(2, 9),
                textcoords="offset points", size=7.5, color=OBSERVED,
            )  # fmt: skip
        milestone_marks(paper, where, scoreboard, years)
        where.plot(years[peak], gross[peak], "v", color=GROSS, markersize=6)
        labels_beside(paper, where, years[-1], [
            (float(gross[-1]), "Gross", "总排放", GROSS),
            (float(net[-1]), "Net", "净排放", NET),
        ])  # fmt: skip
        unit_label(paper, where, "Mt CO₂ a year", "百万吨二氧化碳/年")
        finding = (
            f"gross CO₂ peaks at {gross[peak] / 1000:.1f} Gt in {int(years[peak])};"
            f" net is {plain(net[-1] / 1000, 1)} Gt in {last}"
        )
        finding_zh = (
            f"二氧化碳总排放{int(years[peak])}年达峰（{gross[peak] / 100:.0f}亿吨），"
            f"{last}年净排放{plain(net[-1] / 100, 1)}亿吨"
        )
        title(paper, who, finding, finding_zh, history=bool(observed))
        return paper.figure


def power(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Electricity by plant type [TWh] and the carbon intensity of the grid [g/kWh]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    intensity = _of(run, "grid_carbon_intensity")
    bands = _bands(run["generation"], "generator", GENERATOR_BANDS)
    total = np.sum([values for _, values in bands], axis=0)
    clean = np.sum([values for band, values in bands if band.key in ("wind", "solar")], axis=0)
    with sheet(who, language) as paper:
        where = axes(paper, (0.07, 0.1, 0.49, 0.74), years)
        stack(paper, where, years, bands)
        unit_label(paper, where, "Generation, TWh a year", "发电量，太瓦时/年")
        right = axes(paper, (0.71, 0.1, 0.26, 0.74), years)
        right.set_xticks([year for year in (2020, 2030, 2040, 2050, 2060) if year <= years[-1]])
        right.plot(years, intensity, color=GROSS, linewidth=2)
        right.set_ylim(0, 1.12 * float(intensity.max()))
        for year in (2020, 2030, 2040, 2050, int(years[-1])):
            if years[0] <= year <= years[-1]:
                value = float(intensity[int(year - years[0])])
                right.plot(year, value, "o", color=GROSS, markersize=4)
                right.annotate(
                    f"{value:.0f}", (year, value), xytext=(0, 6), size=7.5,
                    textcoords="offset points", ha="right" if year == years[-1] else "left",
                )  # fmt: skip
        unit_label(paper, right, "Carbon intensity, g CO₂/kWh", "碳排放强度，克二氧化碳/千瓦时")
        share, last = float(clean[-1] / total[-1]), int(years[-1])
        finding = (
            f"wind and solar make {100 * share:.0f} % of electricity in {last};"
            f" a kWh emits {intensity[-1]:.0f} g"
        )
        finding_zh = f"{last}年风光发电占比{share:.0%}，度电排放{intensity[-1]:.0f}克"
        title(paper, who, finding, finding_zh)
        return paper.figure


def technology(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Shares of steel routes in capacity and of drives in the cars on the road [%]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    steel = _shares(run, "steelmaking", STEEL_BANDS)
    cars = _shares(run, "cars", VEHICLE_BANDS)
    furnace = sum(float(v[-1]) for band, v in steel if not band.key.startswith("blast"))
    plugged = sum(float(v[-1]) for band, v in cars if band.key not in ("combustion", "hybrid"))
    last = int(years[-1])
    with sheet(who, language) as paper:
        left = axes(paper, (0.06, 0.1, 0.3, 0.74), years)
        stack(paper, left, years, steel)
        unit_label(paper, left, "Steel capacity, %", "炼钢产能构成，%")
        right = axes(paper, (0.57, 0.1, 0.3, 0.74), years)
        stack(paper, right, years, cars)
        unit_label(paper, right, "Cars on the road, %", "乘用车保有量构成，%")
        for where in (left, right):
            where.set_ylim(0, 100)
            where.set_xticks([y for y in (2020, 2030, 2040, 2050, 2060) if y <= years[-1]])
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
    mix = 100.0 * run["efficiency_mix"].sel(equipment="motors")
    bands = _bands(mix.fillna(0.0), "efficiency_class", MOTOR_BANDS)
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


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    figure.savefig(path, format="png", pil_kwargs={"compress_level": 4})


def _of(run: xr.Dataset, name: str) -> Series:
    """Return a variable over the years."""
    return np.asarray(run[name].values, dtype=float)


def _bands(
    values: xr.DataArray, dimension: str, bands: Sequence[Band]
) -> list[tuple[Band, Series]]:
    """Add up the labels of each band; a band without any label in the data is left out."""
    names = [str(name) for name in values[dimension].values]
    table = np.nan_to_num(values.transpose("time", dimension).values.astype(float))
    found = []
    for band in bands:
        places = [place for place, name in enumerate(names) if name in band.members]
        if places:
            found.append((band, table[:, places].sum(axis=1)))
    return found


def _shares(run: xr.Dataset, fleet: str, bands: Sequence[Band]) -> list[tuple[Band, Series]]:
    """Shares of a fleet's technologies in its capacity [%]."""
    capacity = run["capacity"]
    fleets = capacity["fleet" if "fleet" in capacity.coords else "technology_fleet"].values
    chosen = capacity.isel(technology=np.flatnonzero(fleets == fleet))
    short = [str(name).rsplit(".", 1)[-1] for name in chosen["technology"].values]
    chosen = chosen.assign_coords(technology=short)
    return _bands(100.0 * chosen / chosen.sum("technology"), "technology", bands)
