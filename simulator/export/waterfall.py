"""From one scenario to another in a year, sector by sector."""

from textwrap import wrap
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.errors import ScenarioError
from simulator.export.bands import over_years, summed
from simulator.export.canvas import Series, sheet, title, unit_label
from simulator.export.palette import NET, SECTOR_BANDS, SINK, Band
from simulator.results.about import About, about
from simulator.results.headline import one_run
from simulator.results.quantities import Language

SINKS = Band("sink", "Forests and air capture", "森林碳汇与空气捕集", SINK, ())
"""What is taken up; more of it makes net emissions smaller."""


START = "#7f7f7f"
"""Colour of the run that is left: no sector's."""


COLUMNS: Final = 10
"""Letters of a line under a bar; a longer word stands alone."""


class Steps(NamedTuple):
    """Net emissions of two runs in a year, and what lies between them [Mt CO2]."""

    start: float
    steps: tuple[tuple[Band, float], ...]
    """One for each group of sectors and one for the sinks; start and steps add up to `end`."""
    end: float


def parts(run: xr.Dataset) -> list[tuple[Band, Series]]:
    """Take net emissions of a run apart by group of sectors, over its years [Mt CO2].

    The last part is what is left: what forests and air capture take up. All add up to net.
    """
    own = one_run(run)
    known = {
        band.key: values for band, values in summed(own["emissions"], "sector", SECTOR_BANDS)
    }
    found = [(band, known.get(band.key, np.zeros(own.sizes["time"]))) for band in SECTOR_BANDS]
    rest = over_years(own, "emissions_net") - sum(values for _, values in found)
    return [*found, (SINKS, rest)]


def steps(first: xr.Dataset, second: xr.Dataset, year: int) -> Steps:
    """Take the difference of net emissions in a year apart by group of sectors."""
    sides, ends = [], []
    for run in (first, second):
        years = run["time"].values.astype(int)
        if year not in years:
            message = f"{about(run).name} has no year {year}"
            raise ScenarioError(message)
        place = int(np.flatnonzero(years == year)[0])
        sides.append([(band, float(values[place])) for band, values in parts(run)])
        ends.append(float(over_years(one_run(run), "emissions_net")[place]))
    found = tuple(
        (band, after - before) for (band, before), (_, after) in zip(*sides, strict=True)
    )
    return Steps(ends[0], found, ends[1])


def waterfall(
    first: xr.Dataset, second: xr.Dataset, year: int | None = None, language: Language = "en"
) -> Figure:
    """Net CO2 of one run, what every group of sectors changes, and that of another [Mt]."""
    chosen = year or min(int(run["time"].values[-1]) for run in (first, second))
    ends = about(first), about(second)
    return draw_steps(steps(first, second, chosen), ends, chosen, language)


def draw_steps(
    found: Steps, ends: tuple[About, About], chosen: int, language: Language = "en"
) -> Figure:
    """Draw net CO2 of one scenario, what lies between, and that of another [Mt].

    Parameters
    ----------
    found
        The two ends and the steps.
    ends
        Who they are.
    chosen
        Year of the numbers.
    language
        Language of the words.
    """
    ours, theirs = ends
    floor = 0.001 * max(abs(found.start), abs(found.end), 1.0)
    shown = [item for item in found.steps if abs(item[1]) > floor]
    with sheet(ours, language, height=4.6) as paper:
        where = paper.figure.add_axes((0.07, 0.2, 0.91, 0.66))
        labels = [paper.say(ours.label_en[:18], ours.label_zh[:10])]
        level, edges = found.start, [0.0, found.start]
        where.bar(0, found.start, color=START, width=0.7)
        marks = [(0, max(found.start, 0.0), f"{found.start:,.0f}")]
        for place, (band, value) in enumerate(shown, 1):
            where.bar(place, value, bottom=level, color=band.colour, width=0.7)
            where.plot([place - 1.35, place + 0.35], [level, level], color=NET, linewidth=0.6)
            marks.append((place, max(level, level + value), f"{value:+,.0f}"))
            level += value
            edges.append(level)
            labels.append(paper.say(band.en, band.zh))
        last = len(shown) + 1
        where.plot([last - 1.35, last + 0.35], [level, level], color=NET, linewidth=0.6)
        where.bar(last, found.end, color=NET, width=0.7)
        marks.append((last, max(found.end, 0.0), f"{found.end:,.0f}"))
        labels.append(paper.say(theirs.label_en[:18], theirs.label_zh[:10]))
        for place, height, text in marks:
            where.annotate(
                text, (place, height), xytext=(0, 3), textcoords="offset points", size=7.5,
                ha="center", bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.4},
            )  # fmt: skip
        low, high = min(*edges, found.end), max(*edges, found.end)
        where.set_ylim(low - 0.06 * (high - low), high + 0.1 * (high - low))
        where.axhline(0.0, color=NET, linewidth=0.7)
        where.set_xticks(
            range(last + 1), [_folded(text) for text in labels], size=7.5, rotation=0
        )
        where.tick_params(axis="x", length=0)
        where.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        unit_label(
            paper, where, f"Net CO₂ in {chosen}, Mt", f"{chosen}年净排放，百万吨二氧化碳"
        )
        band, value = max(shown or found.steps, key=lambda item: abs(item[1]))
        change = found.end - found.start
        finding = (
            f"{theirs.label_en} emits {abs(change):,.0f} Mt {'more' if change > 0 else 'less'}"
            f" than {ours.label_en} in {chosen}; {band.en.lower()} differs most"
        )
        finding_zh = (
            f"{chosen}年{theirs.label_zh}比{ours.label_zh}{'多' if change > 0 else '少'}排放"
            f"{abs(change) / 100:.1f}亿吨，{band.zh}差异最大"
        )
        title(paper, ours, finding, finding_zh, named=False, beside=[theirs])
        return paper.figure


def _folded(text: str) -> str:
    """Break a name over lines so that it fits under its bar."""
    if text.isascii():
        return "\n".join(wrap(text, COLUMNS, break_long_words=False))
    return "\n".join(text[place : place + 5] for place in range(0, len(text), 5))
