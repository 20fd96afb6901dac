"""Figures of what is used and paid: electricity by sector, materials and scrap, costs."""

from collections.abc import Callable
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from simulator.export.bands import named, over_years
from simulator.export.canvas import (
    LIGHT,
    Series,
    axes,
    grid,
    labels_beside,
    sheet,
    stack,
    title,
    unit_label,
)
from simulator.export.palette import COSTS, GROSS, NET, SECTOR_BANDS, Band
from simulator.results.about import about
from simulator.results.headline import electrified_share, one_run
from simulator.results.quantities import Language

SHADES: Final = LinearSegmentedColormap.from_list(
    "share", ["#f7f3e8", "#b9d3e4", "#56a0cf", "#0b5a94", "#06304f"]
)
"""From light to dark, so that a grey print keeps the order."""

SUPPLY: Final = frozenset({"power", "heat_supply", "hydrogen", "carbon_removal"})
"""Sectors without a final use of energy of their own to electrify."""


def electrification(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Share of electricity in the final energy of every sector, every five years [%]."""
    run, who = one_run(dataset), about(dataset)
    years = [year for year in run["time"].values.astype(int) if year % 5 == 0]
    table = 100.0 * run["electrification_share"].transpose("sector", "time")
    names = [str(name) for name in table["sector"].values if str(name) not in SUPPLY]
    values = np.nan_to_num(table.sel(sector=names, time=years).values.astype(float))
    order = np.argsort(-values[:, -1], kind="stable")
    nation = 100.0 * electrified_share(run)
    with sheet(who, language, height=4.6) as paper:
        where = paper.figure.add_axes((0.22, 0.1, 0.76, 0.77))
        where.imshow(values[order], cmap=SHADES, vmin=0, vmax=100, aspect="auto")
        for row, place in enumerate(order):
            for column, value in enumerate(values[place]):
                where.text(
                    column, row, f"{value:.0f}", size=7.5, ha="center", va="center",
                    color="white" if value > 55 else "black",
                )  # fmt: skip
        labels = [paper.say(*named(run, "sector", names[place])) for place in order]
        where.set_yticks(range(len(labels)), labels, size=8)
        where.set_xticks(range(len(years)), [str(year) for year in years], size=8)
        where.tick_params(length=0)
        for spine in where.spines.values():
            spine.set_visible(False)
        unit_label(paper, where, "Electricity in final energy, %", "电力占终端能源比重，%")
        first, last = int(run["time"].values[0]), int(run["time"].values[-1])
        finding = (
            f"electricity grows from {nation[0]:.0f} % of final energy in {first}"
            f" to {nation[-1]:.0f} % in {last}"
        )
        finding_zh = f"终端电气化率由{first}年的{nation[0]:.0f}%升至{last}年的{nation[-1]:.0f}%"
        title(paper, who, finding, finding_zh)
        return paper.figure


def materials(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Material in use [Gt] and the scrap that it gives and that is used [Mt]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    names = [str(name) for name in run["material"].values]
    stock = run["in_use_stock"].transpose("material", "time") / 1000.0
    scrap = {
        kind: run[f"scrap_{kind}"].transpose("material", "time").values.astype(float)
        for kind in ("available", "used")
    }
    scrapped = [name for row, name in enumerate(names) if scrap["available"][row].any()]
    with sheet(who, language, height=5.0) as paper:
        boxes = grid(paper, 2 * len(names), len(names), beside=0.42, top=0.8)
        for column, name in enumerate(names):
            en, zh = named(run, "material", name)
            where = axes(paper, boxes[column], years, 20)
            _line(where, years, stock.sel(material=name).values.astype(float))
            unit_label(paper, where, f"{en} in use, Gt", f"在用{zh}，十亿吨")
            if name not in scrapped:
                continue
            lower = axes(paper, boxes[len(names) + column], years, 20)
            available, used = (scrap[kind][names.index(name)] for kind in ("available", "used"))
            lower.fill_between(years, 0, used, color="#56b4e9", linewidth=0)
            lower.plot(years, available, color=NET, linewidth=1.6, linestyle=(0, (4, 1.5)))
            lower.set_ylim(0, 1.15 * float(max(available.max(), used.max())))
            unit_label(paper, lower, f"Scrap of {en.lower()}, Mt a year", f"废{zh}，百万吨/年")
            labels_beside(
                paper, lower, years[-1],
                [(float(available[-1]), "arising", "产生", NET),
                 (float(used[-1]) / 2, "used", "利用", "#0072b2")],
            )  # fmt: skip
        row = names.index("steel")
        last, growth = int(years[-1]), scrap["used"][row][-1] / scrap["used"][row][0]
        finding = f"steel scrap used in {last} is {growth:.1f} times that of {int(years[0])}"
        finding_zh = f"{last}年废钢利用量是{int(years[0])}年的{growth:.1f}倍"
        title(paper, who, finding, finding_zh)
        return paper.figure


def _line(where: Axes, years: Series, values: Series) -> None:
    """Draw one stock from zero."""
    where.plot(years, values, color=GROSS, linewidth=1.9)
    where.set_ylim(0, 1.15 * float(values.max()) or 1.0)
    where.yaxis.set_major_formatter(lambda value, _: f"{value:g}")


def cost_bands(run: xr.Dataset) -> list[tuple[Band, Series]]:
    """Parts of the national system cost [bn CNY a year].

    Energy that sectors buy from power, heat and hydrogen plants of the model is left out, since
    the costs of these plants are in the other parts.
    """
    found = []
    for band in COSTS:
        values = run[band.members[0]].sum("sector").values.astype(float)
        if band.key == "energy":
            values = values - run["cost_supplied"].sum("sector").values.astype(float)
        found.append((band, values))
    return found


def costs(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """What the system costs a year, by part and by sector [bn CNY of 2020]."""
    run, who = one_run(dataset), about(dataset)
    years = run["time"].values.astype(float)
    total = over_years(run, "system_cost_total")
    paid = run["cost_carbon"].sum("sector").values.astype(float)
    with sheet(who, language) as paper:
        where = axes(paper, (0.08, 0.1, 0.5, 0.73), years, 10)
        stack(
            paper, where, years, cost_bands(run), avoid=paid,
            extra=[(float(paid[-1]), "Carbon payments", "碳价支出", NET)],
        )  # fmt: skip
        where.plot(years, paid, color=NET, linewidth=1.6, linestyle=(0, (4, 1.5)))
        unit_label(
            paper, where,
            "Cost of the system, bn CNY (2020) a year", "系统成本，十亿元（2020年价）/年",
        )  # fmt: skip
        right = paper.figure.add_axes((0.86, 0.1, 0.12, 0.73))
        _investors(right, run, int(years[-1]), paper.say)
        right.text(
            1.12, 1.015, paper.say(
                f"Investment {int(years[-1])}, bn CNY", f"{int(years[-1])}年投资，十亿元"
            ),
            transform=right.transAxes, size=8, color=LIGHT, va="bottom", ha="right",
        )  # fmt: skip
        share = 100.0 * total / over_years(run, "gdp")
        first, last = int(years[0]), int(years[-1])
        finding = (
            f"energy and heavy industry cost {share[-1]:.1f} % of GDP in {last},"
            f" {share[0]:.1f} % in {first}"
        )
        finding_zh = (
            f"系统成本占国内生产总值{first}年为{share[0]:.1f}%，{last}年为{share[-1]:.1f}%"
        )
        title(paper, who, finding, finding_zh)
        return paper.figure


def _investors(where: Axes, run: xr.Dataset, year: int, say: Callable[[str, str], str]) -> None:
    """Draw who invests in a year, sectors as everywhere [bn CNY]."""
    invested = run["cost_investment"].sel(time=year)
    names = [str(name) for name in invested["sector"].values]
    values = np.nan_to_num(invested.values.astype(float))
    rows = [
        (band, float(sum(values[names.index(name)] for name in band.members if name in names)))
        for band in SECTOR_BANDS
    ]
    for place, (band, value) in enumerate(reversed(rows)):
        where.barh(place, value, color=band.colour, height=0.75)
        where.annotate(
            f"{value:,.0f}", (value, place), xytext=(3, 0), textcoords="offset points",
            size=7, va="center",
        )  # fmt: skip
    labels = [say(band.en, band.zh) for band, _ in reversed(rows)]
    where.set_yticks(range(len(rows)), labels, size=7.5)
    where.set_xticks([])
    where.margins(x=0.3)
    where.tick_params(length=0)
    where.spines["bottom"].set_visible(False)
