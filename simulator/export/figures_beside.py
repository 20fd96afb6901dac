"""The figures of one run, for several scenarios beside each other.

Each takes runs by their names, the baseline first, and has the name of the figure of one run.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.export.bands import (
    LAST_OBSERVED,
    named,
    over_years,
    summed,
)
from simulator.export.beside import (
    Finding,
    Graph,
    Row,
    Runs,
    Side,
    at,
    beside,
    fitting,
    last_year,
    part,
    sides,
    span,
)
from simulator.export.canvas import LIGHT, WIDTH, Series, sheet, title
from simulator.export.figures_use import SHADES, SUPPLY, cost_bands
from simulator.export.flows import draw_flows, final_energy
from simulator.export.palette import (
    GENERATOR_BANDS,
    SECTOR_BANDS,
)
from simulator.export.waterfall import SINKS
from simulator.results.headline import electrified_share
from simulator.results.quantities import Language

HEAT_YEARS: Final = (2030, 2040, 2050, 2060)
"""Years of the map of electricity by sector, beside the last year of history."""

FEW_YEARS: Final = (2030, 2060)
"""The same where there are many scenarios."""


def emissions(runs: Runs, language: Language = "en") -> Figure:
    """CO2 by sector, the sinks below zero and the net line, a panel a scenario [Mt]."""
    found = sides(runs)
    row = Row(
        ("CO₂ by sector, Mt a year", "分行业二氧化碳排放，百万吨/年"),
        lambda run: [
            *summed(run["emissions"], "sector", SECTOR_BANDS),
            (SINKS, -over_years(run, "sink")),
        ],
        lambda run: over_years(run, "emissions_net"), ("Net", "净排放"),
    )  # fmt: skip
    year = last_year(found)
    gross = [at(side, over_years(side.run, "emissions_gross"), year) / 1000 for side in found]
    low, high = (found[int(end(gross))].who for end in (np.argmin, np.argmax))
    text = span(gross, 1)
    return beside(found, [row], [], Finding(
        f"gross CO₂ in {year} is {text} Gt, least in {low.label_en}, most in {high.label_en}",
        f"{year}年二氧化碳总排放为{span([10 * value for value in gross], 1)}亿吨，"
        f"{low.label_zh}最低，{high.label_zh}最高",
    ), language)  # fmt: skip


def power(runs: Runs, language: Language = "en") -> Figure:
    """Electricity by plant type, a panel a scenario [TWh], and the intensity of the grid."""
    found = sides(runs)
    year = last_year(found)
    row = Row(
        ("Generation, TWh a year", "发电量，太瓦时/年"),
        lambda run: summed(run["generation"], "generator", GENERATOR_BANDS),
    )
    graph = Graph(
        ("Carbon intensity, g CO₂/kWh", "碳排放强度，克二氧化碳/千瓦时"),
        lambda run: over_years(run, "grid_carbon_intensity"),
    )
    clean = [part(side, row.read(side.run), ("wind", "solar"), year) for side in found]
    return beside(found, [row], [graph], Finding(
        f"wind and solar make {span(clean)} % of electricity in {year}",
        f"{year}年风光发电占比{span(clean)}%",
    ), language)  # fmt: skip


def electrification(runs: Runs, language: Language = "en") -> Figure:
    """Share of electricity in the final energy of every sector, scenario by scenario [%]."""
    found = sides(runs)
    wanted = HEAT_YEARS if len(found) <= 5 else FEW_YEARS
    first = found[0].run
    names = [str(name) for name in first["sector"].values if str(name) not in SUPPLY]
    columns: list[tuple[Side | None, int, list[float]]] = [
        (None, LAST_OBSERVED, _electrified(found[0], LAST_OBSERVED, names))
    ]
    columns += [
        (side, year, _electrified(side, year, names))
        for side in found for year in wanted if year in side.years
    ]  # fmt: skip
    values = np.array([column for *_, column in columns]).T
    order = np.argsort(-values[:, -1], kind="stable")
    labels = "".join(side.band.en + side.band.zh for side in found)
    with sheet(found[0].who, language, 4.8, labels) as paper:
        where = paper.figure.add_axes((0.22, 0.09, 0.77, 0.74))
        edges = _edges(columns)
        size = 7.0 if len(columns) < 20 else 6.0
        for side in (None, *found):
            places = [n for n, column in enumerate(columns) if column[0] is side]
            if not places:
                continue
            where.imshow(
                values[order][:, places], cmap=SHADES, vmin=0, vmax=100, aspect="auto",
                extent=(edges[places[0]], edges[places[-1]] + 1, len(order) - 0.5, -0.5),
            )  # fmt: skip
        for row, place in enumerate(order):
            for left, value in zip(edges, values[place], strict=True):
                where.text(
                    left + 0.5, row, f"{value:.0f}", size=size, ha="center", va="center",
                    color="white" if value > 55 else "black",
                )  # fmt: skip
        where.set_xlim(0, edges[-1] + 1)
        where.set_ylim(len(order) - 0.5, -0.5)
        rows = [paper.say(*named(first, "sector", names[place])) for place in order]
        where.set_yticks(range(len(rows)), rows, size=8)
        where.set_xticks(
            [left + 0.5 for left in edges],
            [str(year) if len(columns) < 20 else f"’{year % 100}" for _, year, _ in columns],
            size=size,
        )
        where.tick_params(length=0)
        for spine in where.spines.values():
            spine.set_visible(False)
        for side in found:
            own = [left for left, column in zip(edges, columns, strict=True)
                   if column[0] is side]  # fmt: skip
            if not own:
                continue
            room = 0.77 * WIDTH * len(own) / (edges[-1] + 1)
            en, zh = fitting(side.band, room)
            where.text(
                own[0] + len(own) / 2, -0.62, paper.say(en, zh), size=8, ha="center",
                va="bottom", color=side.band.colour,
            )  # fmt: skip
        paper.figure.text(
            0.012, 0.87, paper.say("Electricity in final energy, %", "电力占终端能源比重，%"),
            size=8, color=LIGHT, va="bottom",
        )  # fmt: skip
        year = last_year(found)
        nation = [100.0 * at(side, electrified_share(side.run), year) for side in found]
        title(
            paper, found[0].who, f"Electricity is {span(nation)} % of final energy in {year}",
            f"{year}年终端电气化率为{span(nation)}%", named=False,
            beside=[side.who for side in found[1:]],
        )  # fmt: skip
        return paper.figure


def _edges(columns: Sequence[tuple[Side | None, int, list[float]]]) -> list[float]:
    """Left edges of columns, those of a scenario together."""
    found, left, before = [], 0.0, columns[0][0]
    for side, *_ in columns:
        left += 0.3 if side is not before else 0.0
        before = side
        found.append(left)
        left += 1.0
    return found


def _electrified(side: Side, year: int, names: Sequence[str]) -> list[float]:
    """Share of electricity in the final energy of sectors in a year [%]."""
    share = 100.0 * side.run["electrification_share"].sel(sector=list(names), time=year)
    return [float(value) for value in np.nan_to_num(share.values.astype(float))]


def materials(runs: Runs, language: Language = "en") -> Figure:
    """Material in use [Gt] and scrap that is used [Mt], a line a scenario."""
    found = sides(runs)
    year = last_year(found)
    first = found[0].run
    graphs = []
    for name in map(str, first["material"].values):
        en, zh = named(first, "material", name)
        graphs.append(Graph(
            (f"{en} in use, Gt", f"在用{zh}，十亿吨"),
            partial(_of_material, "in_use_stock", name, 1e-3),
        ))  # fmt: skip
    for name in map(str, first["material"].values):
        if not np.nan_to_num(_of_material("scrap_used", name, 1.0, first)).any():
            continue
        en, zh = named(first, "material", name)
        graphs.append(Graph(
            (f"Scrap of {en.lower()} used, Mt a year", f"废{zh}利用量，百万吨/年"),
            partial(_of_material, "scrap_used", name, 1.0),
        ))  # fmt: skip
    used = [at(side, _of_material("scrap_used", "steel", 1.0, side.run), year)
            for side in found]  # fmt: skip
    return beside(found, [], graphs, Finding(
        f"{span(used)} Mt of steel scrap are used in {year}",
        f"{year}年废钢利用量为{span([value / 100 for value in used], 1)}亿吨",
    ), language)  # fmt: skip


def _of_material(variable: str, name: str, scale: float, run: xr.Dataset) -> Series:
    """Read a variable of one material over the years."""
    return scale * np.asarray(run[variable].sel(material=name).values, dtype=float)


def costs(runs: Runs, language: Language = "en") -> Figure:
    """What the system costs a year, by part, and as a share of the product [bn CNY, %]."""
    found = sides(runs)
    year = last_year(found)
    row = Row(
        ("Cost of the system, bn CNY (2020) a year", "系统成本，十亿元（2020年价）/年"),
        cost_bands, lambda run: run["cost_carbon"].sum("sector").values.astype(float),
        ("Carbon payments", "碳价支出"),
    )  # fmt: skip
    graph = Graph(("Cost of the system, % of GDP", "系统成本占国内生产总值，%"), _of_product)
    share = [at(side, _of_product(side.run), year) for side in found]
    return beside(found, [row], [graph], Finding(
        f"energy and heavy industry cost {span(share, 1)} % of GDP in {year}",
        f"{year}年系统成本占国内生产总值{span(share, 1)}%",
    ), language)  # fmt: skip


def _of_product(run: xr.Dataset) -> Series:
    """Cost of the system as a share of the product [%]."""
    return 100.0 * over_years(run, "system_cost_total") / over_years(run, "gdp")


def energy_flows(runs: Runs, year: int | None = None, language: Language = "en") -> Figure:
    """Final energy from carriers to users in a year, a picture a scenario [EJ]."""
    found = sides(runs)
    chosen = year or last_year(found)
    flows = [final_energy(side.run, chosen) for side in found]
    tall = 3.6
    labels = "".join(side.band.en + side.band.zh for side in found)
    with sheet(found[0].who, language, 0.7 + tall * len(found), labels) as paper:
        height = paper.figure.get_figheight()
        for place, (side, one) in enumerate(zip(found, flows, strict=True)):
            bottom = height - 0.5 - tall * (place + 1)
            where = paper.figure.add_axes(
                (0.2, (bottom + 0.1) / height, 0.55, (tall - 0.5) / height)
            )
            draw_flows(paper, where, one)
            total = float(one.table.sum())
            en, zh = fitting(side.band, 5.0)
            where.text(
                0.5, 1.01, paper.say(f"{en}: {total:,.0f} EJ", f"{zh}：{total:,.0f} 艾焦"),
                transform=where.transAxes, size=8.5, ha="center", va="bottom",
            )  # fmt: skip
        share = [100.0 * at(side, electrified_share(side.run), chosen) for side in found]
        title(
            paper, found[0].who,
            f"Electricity is {span(share)} % of final energy but for feedstock in {chosen}",
            f"{chosen}年电力占终端能源（不含原料用能）的{span(share)}%", named=False,
            beside=[side.who for side in found[1:]],
        )  # fmt: skip
        return paper.figure
