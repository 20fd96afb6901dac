"""The sheet that every figure is drawn on: size, fonts, title, axes, source line, labels."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simulator.export.fonts import families, printable, usable
from simulator.export.palette import Band
from simulator.results.about import About
from simulator.results.quantities import Language

Series = NDArray[np.float64]

DPI: Final = 90
WIDTH: Final = 8.4
INK: Final = "#333333"
LIGHT: Final = "#7a7a7a"


class Sheet(NamedTuple):
    """A figure in the making, and the language of its words."""

    figure: Figure
    language: Language
    fonts: tuple[str, ...]

    def say(self, en: str, zh: str) -> str:
        """Choose a text and leave out what no font can show."""
        return printable(zh if self.language == "zh" else en, list(self.fonts))


@contextmanager
def sheet(about: About, language: Language, height: float = 4.4) -> Iterator[Sheet]:
    """Open a sheet with fonts that have every character of the scenario's name."""
    chosen = usable(language)
    fonts = families(about.label_en + about.label_zh * (chosen == "zh"), chosen)
    settings: dict[str, Any] = {
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


def title(paper: Sheet, about: About, en: str, zh: str, *, history: bool = False) -> None:
    """Write the finding on top, and below it what is shown and where it comes from."""
    height = paper.figure.get_figheight()
    finding = paper.say(f"{about.label_en}: {en}", f"{about.label_zh}：{zh}")
    size = 10.5 if sum(2 if ord(sign) > 0x2E80 else 1 for sign in finding) < 92 else 9
    paper.figure.text(
        0.015, 1 - 0.09 / height, finding, va="top", size=size, weight="bold", wrap=False
    )
    code = f" · {about.digest[:12]}" if about.digest else ""
    seen_en = "; history: Global Carbon Budget 2025" if history else ""
    seen_zh = "；历史数据：全球碳预算2025" if history else ""
    source = paper.say(
        f"Source: shuangtan {about.version}, scenario {about.name}{code}{seen_en}",
        f"来源：shuangtan {about.version}，情景 {about.name}{code}{seen_zh}",
    )
    paper.figure.text(0.015, 0.06 / height, source, va="bottom", size=6.5, color=LIGHT)


def axes(paper: Sheet, box: tuple[float, float, float, float], years: Series) -> Axes:
    """Add axes over the years; `box` is left, bottom, width, height of the sheet."""
    made = paper.figure.add_axes(box)
    made.set_xlim(float(years[0]), float(years[-1]))
    made.set_xticks([year for year in range(2015, 2061, 5) if years[0] <= year <= years[-1]])
    made.tick_params(length=3, labelsize=8)
    made.grid(axis="y", color="#e4e4e4", linewidth=0.6)
    made.set_axisbelow(True)
    return made


def unit_label(paper: Sheet, where: Axes, en: str, zh: str) -> None:
    """Write the unit over the top of the axis, so that nobody turns the head."""
    where.text(
        0.0, 1.015, paper.say(en, zh), transform=where.transAxes, size=8, color=LIGHT, va="bottom"
    )


def stack(
    paper: Sheet, where: Axes, years: Series, bands: Sequence[tuple[Band, Series]]
) -> None:
    """Stack bands, negative parts below zero, each with its name inside or beside it."""
    top = np.zeros_like(years, dtype=float)
    bottom = np.zeros_like(top)
    beside: list[tuple[float, Band]] = []
    span = sum(float(np.max(np.clip(values, 0, None))) for _, values in bands) or 1.0
    for band, values in bands:
        up, down = np.clip(values, 0.0, None), np.clip(values, None, 0.0)
        where.fill_between(years, top, top + up, color=band.colour, linewidth=0.4, edgecolor="white")
        if down.any():
            where.fill_between(
                years, bottom, bottom + down, color=band.colour, linewidth=0.4, edgecolor="white"
            )
        place = 3 + int(np.argmax(up[3:-6]))
        if up[place] > 0.035 * span:
            _inside(paper, where, band, float(years[place]), float(top[place] + up[place] / 2))
        elif np.max(np.abs(values)) > 0.002 * span:
            beside.append((float(top[-1] + up[-1] / 2) if up[-1] else float(bottom[-1]), band))
        top, bottom = top + up, bottom + down
    where.set_ylim(min(0.0, float(bottom.min()) * 1.08), float(top.max()) * 1.04)
    labels_beside(paper, where, years[-1], [(at, band.en, band.zh, band.colour) for at, band in beside])


def _inside(paper: Sheet, where: Axes, band: Band, year: float, height: float) -> None:
    """Write a band's name inside it, dark on light and light on dark."""
    red, green, blue = (int(band.colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    dark = 0.3 * red + 0.59 * green + 0.11 * blue < 0.55
    first, last = where.get_xlim()
    share = (year - first) / (last - first)
    side = "left" if share < 0.15 else "right" if share > 0.85 else "center"
    where.text(
        year, height, paper.say(band.en, band.zh), color="white" if dark else "black",
        size=7.5, ha=side, va="center", clip_on=True,
    )  # fmt: skip


def labels_beside(
    paper: Sheet, where: Axes, year: float, labels: Sequence[tuple[float, str, str, str]]
) -> None:
    """Write names at the right end of lines, moved apart so that none covers another."""
    low, high = where.get_ylim()
    points = where.get_position().height * paper.figure.get_figheight() * 72
    step = 9.5 * (high - low) / points
    ordered = sorted(labels, key=lambda item: item[0])
    places: list[float] = []
    for height, *_ in ordered:
        places.append(max(height, places[-1] + step) if places else max(height, low))
    over = max(0.0, places[-1] - high) if places else 0.0
    for place in range(len(places) - 1, -1, -1):
        limit = places[place + 1] - step if place + 1 < len(places) else high
        places[place] = min(places[place], limit) if over else places[place]
    for place, (_, en, zh, colour) in zip(places, ordered, strict=True):
        where.annotate(
            paper.say(en, zh), (year, place), xytext=(4, 0), textcoords="offset points",
            size=7.5, color=colour, va="center", annotation_clip=False,
        )  # fmt: skip
