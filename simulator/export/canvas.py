"""The sheet that every figure is drawn on: size, fonts, title, axes, source line, labels."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from simulator.export.fonts import families, printable, usable
from simulator.export.palette import Band
from simulator.results.about import About
from simulator.results.quantities import Language

Series = NDArray[np.float64]

SideLabel = tuple[float, str, str, str]
"""Height on the axis, English and Chinese text, colour."""

DPI: Final = 90
WIDTH: Final = 8.4
INK: Final = "#333333"
LIGHT: Final = "#7a7a7a"
ROOM_ABOVE, ROOM_BELOW = 1.04, 1.08
"""How far the axis of a stack goes beyond it [1]."""


class Sheet(NamedTuple):
    """A figure in the making, and the language of its words."""

    figure: Figure
    language: Language
    fonts: tuple[str, ...]

    @property
    def spacing(self) -> float:
        """Distance of lines over the height of letters; Chinese characters are taller."""
        return 1.5 if self.language == "zh" else 1.2

    def say(self, en: str, zh: str) -> str:
        """Choose a text and leave out what no font can show."""
        return printable(zh if self.language == "zh" else en, list(self.fonts))


@contextmanager
def sheet(
    about: About, language: Language, height: float = 4.4, names: str = ""
) -> Iterator[Sheet]:
    """Open a sheet with fonts that have every character of the scenario's name and `names`."""
    chosen = usable(language)
    fonts = families(about.label_en + about.label_zh * (chosen == "zh") + names, chosen)
    settings: Any = {
        "font.family": fonts,
        "text.parse_math": False,
        "axes.unicode_minus": False,
        "font.size": 8.5,
        "axes.edgecolor": LIGHT,
        "axes.labelcolor": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "text.color": INK,
        "axes.spines.top": False,
        "axes.spines.right": False,
    }
    with mpl.rc_context(settings):
        figure = Figure(figsize=(WIDTH, height), dpi=DPI, facecolor="white")
        FigureCanvasAgg(figure)
        yield Sheet(figure, chosen, tuple(fonts))


def title(
    paper: Sheet,
    about: About,
    en: str,
    zh: str,
    *,
    history: bool = False,
    named: bool = True,
    beside: Sequence[About] = (),
    published: str = "",
) -> None:
    """Write the finding on top and the source at the bottom.

    `named` adds the scenario to the finding; `beside` are other runs that the figure shows, and
    `published` names the file of pathways of others.
    """
    height = paper.figure.get_figheight()
    if named:
        en, zh = f"{about.label_en}: {en}", f"{about.label_zh}：{zh}"
    finding = paper.say(en, zh)
    columns = sum(2 if ord(sign) > 0x2E80 else 1 for sign in finding)
    size = min(11.0, 11.0 * 95 / columns)
    paper.figure.text(0.012, 1 - 0.1 / height, finding, va="top", size=size)
    runs = ", ".join(
        f"{one.name[:28]} · {one.digest[:8]}" if one.digest else one.name[:28]
        for one in (about, *beside)[:4]
    )
    seen_en = "; history: Global Carbon Budget 2025" if history else ""
    seen_zh = "；历史数据：全球碳预算2025" if history else ""
    if published:
        seen_en += f"; published: {published[-48:]}"
        seen_zh += f"；已发布路径：{published[-48:]}"
    source = paper.say(
        f"Source: shuangtan {about.version}, scenario {runs}{seen_en}",
        f"来源：shuangtan {about.version}，情景 {runs}{seen_zh}",
    )
    paper.figure.text(0.015, 0.06 / height, source, va="bottom", size=6.5, color=LIGHT)


def name_bars(where: Axes, rows: Series, names: Sequence[str]) -> None:
    """Name horizontal bars, the first on top, and rule the axis that they are read on."""
    where.set_yticks(rows, names)
    where.set_ylim(float(rows[-1]) + 0.6, -0.6)
    where.grid(axis="x", color="#e4e4e4", linewidth=0.6)
    where.set_axisbelow(True)
    where.tick_params(length=0, labelsize=8)


def axes(
    paper: Sheet, box: tuple[float, float, float, float], years: Series, step: int = 5
) -> Axes:
    """Add axes over the years; `box` is left, bottom, width, height of the sheet.

    Every `step` years one is named. To name fewer afterwards costs more: what was made for the
    others is as slow to make as all else on the axes.
    """
    made = paper.figure.add_axes(box)
    made.set_xlim(float(years[0]), float(years[-1]))
    decades(made, years, step)
    made.tick_params(length=3, labelsize=8)
    made.grid(axis="y", color="#e4e4e4", linewidth=0.6)
    made.set_axisbelow(True)
    made.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    return made


def grid(
    paper: Sheet, count: int, columns: int, *, beside: float = 0.0, top: float = 0.75
) -> list[tuple[float, float, float, float]]:
    """Boxes of equal panels, row by row.

    Parameters
    ----------
    count
        Panels.
    columns
        Panels in a row.
    beside
        Room to the right of each panel for the names of its bands [inch].
    top
        Room above each row, for a name and, over the first, the title [inch].
    """
    wide, tall = paper.figure.get_size_inches()
    rows = -(-count // columns)
    left, gap, foot = 0.5, 0.36, 0.42
    width = (wide - left - 0.12 - columns * beside - (columns - 1) * gap) / columns
    height = (tall - top - foot - (rows - 1) * 0.6) / rows
    return [
        (
            (left + (place % columns) * (width + beside + gap)) / wide,
            (foot + (rows - 1 - place // columns) * (height + 0.6)) / tall,
            width / wide,
            height / tall,
        )
        for place in range(count)
    ]


def decades(where: Axes, years: Series, step: int = 10) -> None:
    """Name the years that are multiples of `step`."""
    first = int(-(-years[0] // step) * step)
    where.set_xticks(list(range(first, int(years[-1]) + 1, step)))


def key(paper: Sheet, bands: Sequence[Band], top: float = 0.42) -> None:
    """Name the colours in a row under the title; `top` is its place from above [inch]."""
    wide, tall = paper.figure.get_size_inches()
    at = 0.5
    for band in bands:
        text = paper.say(band.en, band.zh)
        size = 0.045 * sum(2.2 if ord(sign) > 0x2E80 else 1.35 for sign in text) + 0.36
        if at + size > wide - 0.1:
            at, top = 0.5, top + 0.17
        mark = Rectangle(
            (at / wide, 1 - (top + 0.055) / tall), 0.1 / wide, 0.1 / tall,
            color=band.colour, transform=paper.figure.transFigure,
        )  # fmt: skip
        paper.figure.add_artist(mark)
        paper.figure.text((at + 0.15) / wide, 1 - top / tall, text, size=7.5, va="center")
        at += size


def unit_label(paper: Sheet, where: Axes, en: str, zh: str) -> None:
    """Write the unit over the top of the axis, so that nobody turns the head."""
    where.text(
        0.0,
        1.015,
        paper.say(en, zh),
        transform=where.transAxes,
        size=8,
        color=LIGHT,
        va="bottom",
    )


class Edges(NamedTuple):
    """A band of a stack as it is drawn: above zero from `low` to `high`, and below it."""

    band: Band
    low: Series
    high: Series
    below: Series
    lowest: Series


def pile(
    where: Axes,
    years: Series,
    bands: Sequence[tuple[Band, Series]],
    base: Series | None = None,
) -> list[Edges]:
    """Stack bands without their names, negative parts below zero, or below `base`."""
    top = np.zeros_like(years, dtype=float) if base is None else base
    bottom = top
    edges = []
    for band, values in bands:
        up, down = np.clip(values, 0.0, None), np.clip(values, None, 0.0)
        for floor, part in ((top, up), (bottom, down)):
            if part.any():
                where.fill_between(
                    years,
                    floor,
                    floor + part,
                    color=band.colour,
                    linewidth=0.4,
                    edgecolor="white",
                )
        edges.append(Edges(band, top, top + up, bottom, bottom + down))
        top, bottom = top + up, bottom + down
    where.set_ylim(min(0.0, float(bottom.min()) * ROOM_BELOW), float(top.max()) * ROOM_ABOVE)
    return edges


def stack(
    paper: Sheet,
    where: Axes,
    years: Series,
    bands: Sequence[tuple[Band, Series]],
    *,
    avoid: Series | None = None,
    extra: Sequence[SideLabel] = (),
    base: Series | None = None,
) -> None:
    """Stack bands, negative parts below zero, each with its name inside or beside it.

    `avoid` is a line that will be drawn on top, which no name should touch; `extra` are names
    of other things to write beside the bands; on `base` bands stand in place of zero.
    """
    edges = pile(where, years, bands, base)
    lowest_end, highest_end = where.get_ylim()
    beside = list(extra)
    span = highest_end / ROOM_ABOVE - lowest_end / ROOM_BELOW or 1.0
    for band, low, high, below, lowest in edges:
        text = paper.say(band.en, band.zh)
        spot = _spot(paper, where, years, (low, high), text, avoid=avoid)
        if spot is not None:
            where.text(
                *spot, text, color=readable_on(band.colour), size=7.5, ha="center", va="center"
            )
        elif max(np.max(high - low), np.max(below - lowest)) > 0.004 * span:
            end = high[-1] + low[-1] if high[-1] > low[-1] else below[-1] + lowest[-1]
            beside.append((float(end) / 2, band.en, band.zh, band.colour))
    labels_beside(paper, where, years[-1], beside)


def _spot(
    paper: Sheet,
    where: Axes,
    years: Series,
    band: tuple[Series, Series],
    text: str,
    *,
    avoid: Series | None,
) -> tuple[float, float] | None:
    """Find the middle of the roomiest place for a text inside a band; none if it has none."""
    box = where.get_position()
    across, up = paper.figure.get_size_inches() * 72 * (box.width, box.height)
    low, high = where.get_ylim()
    tall = 11.0 * (high - low) / up
    wide = sum(8.0 if ord(sign) > 0x2E80 else 4.6 for sign in text) + 4.0
    reach = int(np.ceil(wide / 2 * (years[-1] - years[0]) / across))
    best: tuple[float, float, float] | None = None
    for place in range(reach, len(years) - reach):
        part = slice(place - reach, place + reach + 1)
        floor, ceiling = float(band[0][part].max()), float(band[1][part].min())
        if avoid is not None and floor < avoid[part].max() and ceiling > avoid[part].min():
            under, over = float(avoid[part].min()) - floor, ceiling - float(avoid[part].max())
            floor, ceiling = (
                (floor, floor + under) if under > over else (ceiling - over, ceiling)
            )
        room = ceiling - floor
        if room > tall and (best is None or room > best[0]):
            best = (room, float(years[place]), (floor + ceiling) / 2)
    return best[1:] if best else None


def _lightness(colour: str) -> float:
    """How light a colour is to the eye [1]."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return 0.3 * red + 0.59 * green + 0.11 * blue


def readable_on(colour: str) -> str:
    """Colour of a text on a band: dark on light, light on dark."""
    return "white" if _lightness(colour) < 0.55 else "black"


def _darker(colour: str) -> str:
    """Darken a colour until it can be read on white."""
    while _lightness(colour) > 0.45:
        parts = (int(int(colour[place : place + 2], 16) * 0.88) for place in (1, 3, 5))
        colour = "#" + "".join(f"{part:02x}" for part in parts)
    return colour


def labels_beside(paper: Sheet, where: Axes, year: float, labels: Sequence[SideLabel]) -> None:
    """Write names at the right end of lines, moved apart so that none covers another."""
    low, high = (float(end) for end in where.get_ylim())
    step = (
        10.5 * (high - low) / (where.get_position().height * paper.figure.get_figheight() * 72)
    )
    ordered = sorted(labels, key=lambda item: item[0])
    places: list[float] = []
    limit = high
    for height, *_ in ordered:
        places.append(max(height, places[-1] + step if places else low))
    for index in reversed(range(len(places))):
        places[index] = min(places[index], limit)
        limit = places[index] - step
    for place, (_, en, zh, colour) in zip(places, ordered, strict=True):
        where.annotate(
            paper.say(en, zh), (year, place), xytext=(5, 0), textcoords="offset points",
            size=7.5, color=_darker(colour), va="center", annotation_clip=False,
        )  # fmt: skip
