"""Several scenarios beside each other: a panel each on one scale, the colours named once.

A figure has rows of stacks, a panel a scenario, and below them graphs with a line a scenario.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from textwrap import shorten
from typing import Any, Final, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter

from simulator.export.canvas import (
    INK,
    LIGHT,
    WIDTH,
    Series,
    Sheet,
    axes,
    key,
    pile,
    sheet,
    title,
    unit_label,
)
from simulator.export.palette import DASHES, NET, SCENARIOS, Band
from simulator.results.about import About, about
from simulator.results.headline import one_run
from simulator.results.quantities import Language

Runs = Mapping[str, xr.Dataset]
Bands = list[tuple[Band, Series]]
Words = tuple[str, str]
"""The same in English and Chinese."""

ACROSS: Final = 5
"""Panels in a line at most."""

HEAD, FOOT, UNIT, KEY, NAME, PANEL, TICKS = 0.42, 0.24, 0.2, 0.38, 0.22, 1.3, 0.3
"""Heights of the parts of a figure [inch]."""

LEFT, GAP, RIGHT = 0.55, 0.16, 0.2
"""Room beside the panels and between them [inch]."""


class Side(NamedTuple):
    """One of the scenarios."""

    who: About
    run: xr.Dataset
    """The years that it has."""
    band: Band
    """Its names and colour."""
    dash: str

    @property
    def years(self) -> Series:
        """Calendar years of the run."""
        return np.asarray(self.run["time"].values, dtype=float)


class Row(NamedTuple):
    """Stacks of one kind, a panel a scenario."""

    unit: Words
    read: Callable[[xr.Dataset], Bands]
    line: Callable[[xr.Dataset], Series] | None = None
    """What is drawn over the stack."""
    line_name: Words = ("", "")
    whole: float | None = None
    """Upper end of the axis; that of the highest stack if there is none."""


class Graph(NamedTuple):
    """A line a scenario."""

    unit: Words
    read: Callable[[xr.Dataset], Series]


class Finding(NamedTuple):
    """What a figure says on top."""

    en: str
    zh: str


def sides(runs: Mapping[str, xr.Dataset]) -> list[Side]:
    """Take scenarios in order, each with its own colour and only the years that it has."""
    found = []
    for place, (name, whole) in enumerate(runs.items()):
        who, run = about(whole), one_run(whole)
        there = np.flatnonzero(np.isfinite(run["emissions_gross"].values))
        colour = SCENARIOS[place % len(SCENARIOS)]
        band = Band(name, who.label_en, who.label_zh, colour, ())
        dash = DASHES[place // len(SCENARIOS) % len(DASHES)]
        found.append(Side(who, run.isel(time=there), band, dash))
    return found


def last_year(found: Sequence[Side]) -> int:
    """Last year that all scenarios have."""
    return min(int(side.years[-1]) for side in found)


def at(side: Side, values: Series, year: int) -> float:
    """Value of a series in a year."""
    return float(values[int(np.flatnonzero(side.years == year)[0])])


def span(values: Sequence[float], digits: int = 0) -> str:
    """Write the lowest and the highest of some numbers, once where they look alike."""
    ends = [f"{end:,.{digits}f}" for end in (min(values), max(values))]
    return "–".join(dict.fromkeys(ends))


def beside(
    found: Sequence[Side],
    rows: Sequence[Row],
    graphs: Sequence[Graph],
    finding: Finding,
    language: Language,
) -> Figure:
    """Draw rows of stacks and, below them, graphs."""
    lines = -(-len(found) // ACROSS)
    columns = min(3, len(graphs))
    tall = sum(UNIT + KEY + lines * (NAME + PANEL + TICKS) for _ in rows)
    if graphs:
        tall += KEY + -(-len(graphs) // columns) * (NAME + PANEL + TICKS)
    first = found[0].who
    names = "".join(side.band.en + side.band.zh for side in found)
    with sheet(first, language, HEAD + tall + FOOT, names) as paper:
        top = HEAD
        for row in rows:
            top = _row(paper, row, found, top)
        if graphs:
            _key(paper, [_short(side.band, WIDTH / 3) for side in found], top)
            top += KEY
            for part in _lines(graphs, columns):
                _graphs(paper, part, found, top, columns)
                top += NAME + PANEL + TICKS
        others = [side.who for side in found[1:]]
        told = finding.en[:1].upper() + finding.en[1:]
        title(paper, first, told, finding.zh, named=False, beside=others)
        return paper.figure


def _row(paper: Sheet, row: Row, found: Sequence[Side], top: float) -> float:
    """Draw a row from a height on, and return the height of its end [inch]."""
    mixes = [row.read(side.run) for side in found]
    bands = {band.key: band for mix in mixes for band, values in mix if np.any(values)}
    shown = list(bands.values())
    if row.line is not None:
        shown.append(Band("line", *row.line_name, NET, ()))
    tall = paper.figure.get_figheight()
    paper.figure.text(
        LEFT / WIDTH, 1 - (top + 0.5 * UNIT) / tall, paper.say(*row.unit), size=8, color=LIGHT,
        va="center",
    )  # fmt: skip
    _key(paper, shown, top + UNIT)
    top += UNIT + KEY
    drawn = []
    places = list(range(len(found)))
    for part in _lines(places, ACROSS):
        for column, place in enumerate(part):
            where = _panel(paper, found[place].years, top, (column, min(ACROSS, len(found))))
            side = found[place]
            pile(where, side.years, mixes[place])
            if row.line is not None:
                where.plot(side.years, row.line(side.run), color=NET, linewidth=1.4)
                where.relim()
            where.axhline(0.0, color=NET, linewidth=0.6)
            where.set_title(
                paper.say(*fitting(side.band, where.get_position().width * WIDTH)),
                size=8, color=INK, pad=3,
            )  # fmt: skip
            where.tick_params(labelleft=column == 0)
            drawn.append((where, side))
        top += NAME + PANEL + TICKS
    _one_scale(drawn, row)
    return top


def _one_scale(drawn: Sequence[tuple[Axes, Side]], row: Row) -> None:
    """Give all panels the same axis, so that they can be compared."""
    low = min(where.get_ylim()[0] for where, _ in drawn)
    high = max(where.get_ylim()[1] for where, _ in drawn)
    if row.line is not None:
        values = np.concatenate([row.line(side.run) for _, side in drawn])
        low, high = min(low, 1.08 * float(values.min())), max(high, 1.04 * float(values.max()))
    for where, _ in drawn:
        where.set_ylim(low, high if row.whole is None else row.whole)


def _graphs(
    paper: Sheet, part: Sequence[Graph], found: Sequence[Side], top: float, columns: int
) -> None:
    """Draw graphs in a line."""
    for column, graph in enumerate(part):
        where = _panel(paper, found[0].years, top, (column, columns), gap=0.55)
        values = [graph.read(side.run) for side in found]
        for side, line in zip(found, values, strict=True):
            where.plot(
                side.years, line, color=side.band.colour, linewidth=1.6, linestyle=side.dash
            )
        low, high = (float(end(np.concatenate(values))) for end in (np.nanmin, np.nanmax))
        where.set_ylim(min(0.0, 1.08 * low), 1.08 * high or 1.0)
        where.set_xlim(min(side.years[0] for side in found), max(s.years[-1] for s in found))
        where.yaxis.set_major_formatter(
            StrMethodFormatter("{x:.3g}" if high < 10 else "{x:,.0f}")
        )
        unit_label(paper, where, *graph.unit)


def _panel(
    paper: Sheet, years: Series, top: float, place: tuple[int, int], gap: float = GAP
) -> Axes:
    """Open a panel of a line that begins at a height."""
    tall, (column, columns) = paper.figure.get_figheight(), place
    width = (WIDTH - LEFT - RIGHT - (columns - 1) * gap) / columns
    left = LEFT + column * (width + gap)
    bottom = tall - top - NAME - PANEL
    box = (left / WIDTH, bottom / tall, width / WIDTH, PANEL / tall)
    where = axes(paper, box, years, 20 if width < 3 else 10)
    where.yaxis.set_major_formatter(StrMethodFormatter("{x:,.10g}"))
    return where


def _lines(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Take things apart into lines."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _key(paper: Sheet, bands: Sequence[Band], top: float) -> None:
    """Name colours in a line or two from a height on."""
    key(paper, bands, top + 0.1)


def fitting(band: Band, room: float) -> Words:
    """Names of a scenario that fit a width [inch]."""
    signs = int(room * 72)
    en = shorten(band.en, max(6, signs // 5), placeholder="…")
    if en in ("…", ""):
        en = band.en[: max(5, signs // 5 - 1)] + "…"
    zh = band.zh if len(band.zh) <= signs // 8 else band.zh[: signs // 8 - 1] + "…"
    return en, zh


def _short(band: Band, room: float) -> Band:
    """A scenario with names that fit a width [inch]."""
    en, zh = fitting(band, room)
    return band._replace(en=en, zh=zh)


def part(side: Side, bands: Bands, names: Sequence[str], year: int) -> float:
    """Share of some bands in their sum in a year [%]."""
    total = sum(at(side, values, year) for _, values in bands)
    chosen = sum(at(side, values, year) for band, values in bands if band.key in names)
    return 100.0 * chosen / total if total else 0.0
