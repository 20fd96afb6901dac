"""Published pathways beside our own: a figure, charts and a table of the page."""

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import PurePath
from typing import Final

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.export.canvas import (
    Series,
    axes,
    grid,
    key,
    sheet,
    title,
    unit_label,
)
from simulator.export.charts import Chart, Line
from simulator.export.charts_national import on, plain_text
from simulator.export.page import both, folded, table
from simulator.export.palette import (
    DASHES,
    NET,
    PUBLISHED,
    PUBLISHED_DASHES,
    PUBLISHED_MARKS,
    SCENARIOS,
    Band,
)
from simulator.export.templates import LINES
from simulator.results.about import About, about
from simulator.results.published import SCORE_COLUMNS, Compared, Overlay, score_cells
from simulator.results.quantities import Language

PANELS: Final = 9
"""Variables that a picture or a page shows as charts, the first ones of the file."""

ROWS: Final = 20
"""Scores that a table shows at first."""

ALL_ROWS: Final = 200
"""Scores that a page holds; the file of scores has all."""

Runs = Mapping[str, xr.Dataset]


def published(runs: Runs, overlay: Overlay, language: Language = "en") -> Figure:
    """Draw what others published and our scenarios, a panel a variable."""
    people = [about(run) for run in runs.values()]
    chosen = overlay.variables[:PANELS]
    columns = min(3, len(chosen))
    rows = -(-len(chosen) // columns)
    height = 1.3 + (3.1 if rows == 1 else 2.1 * rows)
    with sheet(people[0], language, height, names="".join(overlay.pathways)) as paper:
        bands = [
            Band(f"s{place}", who.label_en[:28], who.label_zh[:16], colour, ())
            for place, (who, colour) in enumerate(zip(people, _colours(), strict=False))
        ]
        bands += [
            Band(f"p{place}", name[:40], name[:40], colour, ())
            for place, (name, colour) in enumerate(
                zip(overlay.pathways, PUBLISHED, strict=False)
            )
        ]
        key(paper, bands)
        years = max(overlay.years.values(), key=len)
        for box, variable in zip(
            grid(paper, len(chosen), columns, beside=0.16, top=1.08), chosen, strict=True
        ):
            where = axes(paper, box, years, 10 if columns < 3 else 15)
            _panel(where, overlay, variable)
            first = next(item for item in overlay.series if item.variable == variable)
            names = first.ours
            unit_label(paper, where, *_heads(names.en, names.zh, names.unit, columns))
        en, zh = _finding(overlay, dict(zip(runs, people, strict=True)))
        title(
            paper, people[0], en, zh, named=False, beside=people[1:],
            published=PurePath(overlay.file).name,
        )  # fmt: skip
        return paper.figure


def _colours() -> tuple[str, ...]:
    """Colours of scenarios, over and over."""
    return SCENARIOS * 4


def _heads(en: str, zh: str, unit: str, columns: int) -> tuple[str, str]:
    """Name and unit over a panel, on two lines so that neighbours do not touch."""
    room = 90 // columns
    shown = en if len(en) <= room else "…" + en[-room + 1 :]
    return f"{shown}\n{unit}", f"{zh[: 2 * room // 3]}\n{unit}"


def _panel(where: Axes, overlay: Overlay, variable: str) -> None:
    """Draw one variable: our lines, and marks where others have a number."""
    for place, (name, own) in enumerate(overlay.own.items()):
        where.plot(
            overlay.years[name], own[variable], color=SCENARIOS[place % len(SCENARIOS)],
            linestyle=DASHES[place // len(SCENARIOS) % len(DASHES)], linewidth=1.7,
        )  # fmt: skip
    shown = [item for item in overlay.series if item.variable == variable]
    marks(where, shown, overlay.pathways)
    low, high = where.get_ylim()
    where.set_ylim(min(low, 0.0), max(high, 0.0) + 0.06 * (high - low))
    where.axhline(0.0, color=NET, linewidth=0.6)
    where.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")


def marks(where: Axes, shown: Sequence[Compared], pathways: Sequence[str]) -> None:
    """Draw published series: hollow marks where there is a number, thin lines between them."""
    for item in shown:
        place = pathways.index(item.pathway)
        where.plot(
            item.years, item.values, color=PUBLISHED[place], linewidth=1.0, markersize=3.6,
            linestyle=PUBLISHED_DASHES[place], marker=PUBLISHED_MARKS[place],
            markerfacecolor="white",
            clip_on=False,
            markevery=max(1, len(item.years) // 10),
        )  # fmt: skip


def _finding(overlay: Overlay, people: Mapping[str, About]) -> tuple[str, str]:
    """Say how far from the first published series the run is that comes closest to it."""
    first = overlay.series[0]
    own = [
        score
        for score in overlay.scores
        if (score.variable, score.pathway) == (first.variable, first.pathway)
    ]
    known = [score for score in own if not np.isnan(score.weighted_difference)]
    if not known:
        return "Published pathways beside our own", "已发布路径与模拟路径对照"
    score = min(known, key=lambda one: one.weighted_difference)
    who, pathway = people[score.scenario], score.pathway
    size = f"{score.weighted_difference:.1f}"
    en, zh = ("comes closest to", "最接近") if len(own) > 1 else ("beside", "对照")
    return (
        f"{score.en}: {who.label_en} {en} {pathway}, {size} % apart on average",
        f"{score.zh}：{who.label_zh}{zh}{pathway}，平均相差{size}%",
    )


def between_years(item: Compared, years: Sequence[int]) -> list[float]:
    """Put a published series on the years of a chart, straight lines between its years."""
    values = np.interp(years, item.years, item.values)
    inside = (np.array(years) >= item.years[0]) & (np.array(years) <= item.years[-1])
    return [float(value) for value in np.where(inside, values, np.nan)]


def published_lines(
    shown: Sequence[Compared], pathways: Sequence[str], years: Sequence[int], room: int
) -> list[Line]:
    """Make a line for each published series, as many as there is room for."""
    return [
        Line(
            f"published{pathways.index(item.pathway)}", plain_text(item.pathway),
            plain_text(item.pathway), PUBLISHED[pathways.index(item.pathway)],
            {"": between_years(item, years)},
            dash=PUBLISHED_DASHES[pathways.index(item.pathway)],
        )
        for item in shown[: max(0, room)]
    ]  # fmt: skip


def published_charts(runs: Runs, overlay: Overlay, years: Sequence[int]) -> list[Chart]:
    """Make a chart for each of the first variables."""
    found = []
    for place, variable in enumerate(overlay.variables[:PANELS]):
        shown = [item for item in overlay.series if item.variable == variable]
        names = shown[0].ours
        own = [
            Line(
                f"scenario{number}", plain_text(about(run).label_en),
                plain_text(about(run).label_zh), SCENARIOS[number % len(SCENARIOS)],
                {"": on(run, years, overlay.own[name][variable])},
                dash=DASHES[number // len(SCENARIOS) % len(DASHES)],
            )
            for number, (name, run) in enumerate(runs.items())
        ][:LINES]  # fmt: skip
        theirs = published_lines(shown, overlay.pathways, years, LINES - len(own))
        found.append(
            Chart(
                f"chart-published-{place}", (plain_text(names.en), plain_text(names.zh)),
                (names.unit, names.unit), [*own, *theirs], _digits(own),
            )
        )  # fmt: skip
    return found


def _digits(lines: Sequence[Line]) -> int:
    """Digits behind the point that a hover shows: about three in all."""
    numbers = np.array([value for line in lines for value in line.values[""]])
    top = float(np.nanmax(np.abs(numbers))) if np.isfinite(numbers).any() else 0.0
    return 0 if top >= 100.0 or top == 0.0 else int(min(6, 3 - np.ceil(np.log10(top))))


def published_section(runs: Runs, overlay: Overlay | None, drawn: str) -> str:
    """Write charts and scores of the published pathways."""
    if overlay is None:
        return ""
    name = PurePath(overlay.file).name
    words = both(
        f"Pathways of {name} in our units. Differences are ours less theirs, in the unit of the"
        " row; the mean is that of their sizes, each over what is published in its year;"
        " weighted, all sizes over all that is published; sums run over the years of both,"
        " with straight lines between published years.",
        f"{name}中的路径，已换算为本模型单位。差值为本模型减去已发布值，单位同该行；“平均”为相对"
        "已发布值的逐年平均绝对百分比差异；“加权”为绝对差异之和与已发布值之和的比值；“累计”为共同年份之和，已发布年份之间按直线插值。",
    )
    several = len(runs) > 1, len(overlay.pathways) > 1
    head = [both("Variable", "变量")]
    head += [both("Scenario", "情景")] * several[0]
    head += [both("Published", "已发布路径")] * several[1]
    head += [both("unit", "单位"), *(both(*pair) for pair in SCORE_COLUMNS)]
    labels = {key: about(run) for key, run in runs.items()}
    lines = []
    for score in overlay.scores[:ALL_ROWS]:
        who = labels[score.scenario]
        row = [both(score.en, score.zh)]
        row += [both(who.label_en, who.label_zh)] * several[0]
        row += [escape(score.pathway)] * several[1]
        lines.append([*row, escape(score.unit), *map(escape, score_cells(score))])
    parts = [f'<p class="soft">{words}</p><div class="charts">{drawn}</div>']
    parts.append(table(head, lines[:ROWS], len(SCORE_COLUMNS)))
    if rest := lines[ROWS:]:
        count = len(rest)
        more = table(head, rest, len(SCORE_COLUMNS))
        parts.append(folded(f"{count} more scores", f"另有{count}项", more))
    if overlay.left_out:
        shown = escape(", ".join(overlay.left_out[:ROWS]))
        end = "" if len(overlay.left_out) <= ROWS else " ..."
        text = both("Without a counterpart here: ", "本模型无对应变量：")
        parts.append(f'<p class="soft">{text}{shown}{end}</p>')
    return "".join(parts)


def net_marks(where: Axes, overlay: Overlay | None) -> list[tuple[float, str, str, str]]:
    """Draw published net emissions into a comparison; returns the names beside their ends."""
    if overlay is None:
        return []
    shown = overlay.of("emissions_net")
    marks(where, shown, overlay.pathways)
    return [
        (item.values[-1], item.pathway[:22], item.pathway[:22],
         PUBLISHED[overlay.pathways.index(item.pathway)])
        for item in shown
    ]  # fmt: skip


def net_lines(overlay: Overlay | None, years: Sequence[int], runs: int) -> list[Line]:
    """Make lines of published net emissions, as many as fit beside those of the runs."""
    if overlay is None:
        return []
    room = LINES - max(2, runs)
    return published_lines(overlay.of("emissions_net"), overlay.pathways, years, room)


def net_values(overlay: Overlay | None) -> Series:
    """All published net emissions [Mt]."""
    shown = overlay.of("emissions_net") if overlay else ()
    return np.array([value for item in shown for value in item.values])
