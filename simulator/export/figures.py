"""The figures that everybody asks for first: emissions, the pathway, power.

A function each: the data set in, a matplotlib figure out. Every title says the finding, every
axis its unit, and the last line where it comes from.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.export.bands import over_years, summed
from simulator.export.canvas import (
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
    NET,
    OBSERVED,
    SECTOR_BANDS,
    SINK,
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
    gross, net = over_years(run, "emissions_gross"), over_years(run, "emissions_net")
    last = int(years[-1])
    with sheet(who, language) as paper:
        where = axes(paper, FULL, years)
        bands = summed(run["emissions"], "sector", SECTOR_BANDS)
        stack(
            paper,
            where,
            years,
            bands,
            avoid=net,
            extra=[(float(net[-1]), "Net", "净排放", NET)],
        )
        negative = np.clip(run["emissions"].values, None, 0.0).sum(axis=1)
        sink = -over_years(run, "sink")
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
    gross, net = over_years(run, "emissions_gross"), over_years(run, "emissions_net")
    peak, last = int(np.argmax(gross)), int(years[-1])
    with sheet(who, language) as paper:
        where = axes(paper, (0.07, 0.1, 0.83, 0.74), years)
        where.set_ylim(min(0.0, 1.25 * float(net.min())), 1.22 * float(gross.max()))
        stage_windows(paper, where, roadmap, years)
        where.plot(years, gross, color=GROSS, linewidth=2)
        where.plot(years, net, color=NET, linewidth=1.6, linestyle=(0, (5, 1.5)))
        where.axhline(0.0, color=NET, linewidth=0.7)
        seen = {year: value for year, value in (observed or {}).items() if year >= years[0]}
        if seen:
            where.plot(list(seen), list(seen.values()), "o", color=OBSERVED, markersize=3.6)
            first = min(seen)
            where.annotate(
                paper.say("observed", "实测"), (first, seen[first]), xytext=(2, 9),
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
            f" net is {_gigatonnes(float(net[-1]))} in {last}"
        )
        finding_zh = (
            f"二氧化碳总排放{int(years[peak])}年达峰（{gross[peak] / 100:.0f}亿吨），"
            f"{last}年净排放{plain(net[-1] / 100, 1)}亿吨"
        )
        title(paper, who, finding, finding_zh, history=bool(observed))
        return paper.figure


def _gigatonnes(value: float) -> str:
    """Write emissions in Gt, or in Mt where they would round to nothing."""
    return f"{plain(value, 0)} Mt" if abs(value) < 50 else f"{plain(value / 1000, 1)} Gt"


def power(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Electricity by plant type [TWh] and the carbon intensity of the grid [g/kWh]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    intensity = over_years(run, "grid_carbon_intensity")
    bands = summed(run["generation"], "generator", GENERATOR_BANDS)
    total = np.sum([values for _, values in bands], axis=0)
    clean = np.sum([values for band, values in bands if band.key in ("wind", "solar")], axis=0)
    with sheet(who, language) as paper:
        where = axes(paper, (0.07, 0.1, 0.49, 0.74), years)
        stack(paper, where, years, bands)
        unit_label(paper, where, "Generation, TWh a year", "发电量，太瓦时/年")
        right = axes(paper, (0.71, 0.1, 0.26, 0.74), years, 10)
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


def save(figure: Figure, path: Path) -> None:
    """Write a figure as PNG."""
    figure.savefig(path, format="png", pil_kwargs={"compress_level": 4})
