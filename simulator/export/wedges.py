"""Why one scenario emits less than another: wedges over the years, steps in one year."""

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.errors import ScenarioError
from simulator.export.canvas import Series, axes, sheet, stack, title, unit_label
from simulator.export.palette import NET, SPARE, Band
from simulator.export.waterfall import START, Steps, draw_steps
from simulator.results.about import About, about
from simulator.results.derived import FIRST_YEAR, MT_PER_GT
from simulator.results.quantities import Language

SHOWN: Final = len(SPARE)
"""Policies that a figure names; the others are added up."""

REST: Final = Band("rest", "All others", "其余各项", "#d9d2c5", ())

BOX: Final = (0.07, 0.1, 0.66, 0.74)
"""Where the wedges are: names of policies are long."""


def wedges(attribution: xr.Dataset, language: Language = "en") -> Figure:
    """Net CO2 of both scenarios, and what each policy avoids in between [Mt].

    Parameters
    ----------
    attribution
        Result of `simulator.analysis.attribute.attribute`.
    language
        Language of the words.
    """
    part = attribution.sel(time=slice(FIRST_YEAR, None))
    years = part["time"].values.astype(float)
    before, after = (part["emissions_net"].sel(side=x).values for x in ("first", "second"))
    first, second = ends_of(attribution)
    found = bands(attribution, "contribution_cumulative", part["contribution"].values)
    with sheet(second, language, height=4.8) as paper:
        where = axes(paper, BOX, years)
        raised = [(band, -values) for band, values in found]
        stack(paper, where, years, raised, base=after)
        where.plot(years, before, color=START, linewidth=1.8)
        where.plot(years, after, color=NET, linewidth=1.8)
        where.axhline(0.0, color=NET, linewidth=0.7)
        place = len(years) // 4
        lines = [(before, first, START), (after, second, NET)]
        upper, lower = sorted(lines, key=lambda item: -item[0][place])  # names lie outside
        for (line, who, colour), aside in ((upper, ("left", 4, 4)), (lower, ("right", -6, -8))):
            where.annotate(
                paper.say(who.label_en, who.label_zh), (years[place], line[place]),
                xytext=aside[1:], textcoords="offset points", size=8, color=colour, ha=aside[0],
            )  # fmt: skip
        unit_label(paper, where, "Net CO₂, Mt a year", "净排放，百万吨二氧化碳/年")
        gap = float((after - before).sum()) / MT_PER_GT
        less = gap < 0.0
        # of those that act the way the gap goes, the one with most of it
        band, values = (min if less else max)(found, key=lambda item: item[1].sum())
        share = 100.0 * float(values.sum()) / MT_PER_GT / gap if gap else 0.0
        title(
            paper, second,
            f"{second.label_en} emits {abs(gap):.0f} Gt {'less' if less else 'more'} than"
            f" {first.label_en} to {years[-1]:.0f}; {band.en} has {share:.0f} % of it",
            f"至{years[-1]:.0f}年{second.label_zh}比{first.label_zh}累计"
            f"{'少' if less else '多'}排放{abs(10.0 * gap):.0f}亿吨，{band.zh}占{share:.0f}%",
            named=False, beside=[first],
        )  # fmt: skip
        return paper.figure


def policy_steps(
    attribution: xr.Dataset, year: int | None = None, language: Language = "en"
) -> Figure:
    """Net CO2 of the first scenario, what each policy changes, and that of the second [Mt].

    Parameters
    ----------
    attribution
        Result of `simulator.analysis.attribute.attribute`.
    year
        Year that is drawn; the last one unless given.
    language
        Language of the words.
    """
    years = attribution["time"].values.astype(int)
    chosen = int(years[-1]) if year is None else year
    if chosen not in years:
        message = f"there is no year {chosen}, only {years[0]} to {years[-1]}"
        raise ScenarioError(message)
    part = attribution.sel(time=chosen)
    found = bands(attribution, "contribution", part["contribution"].values, chosen)
    start, end = (float(part["emissions_net"].sel(side=x)) for x in ("first", "second"))
    steps = tuple((band, float(value)) for band, value in found)
    return draw_steps(Steps(start, steps, end), ends_of(attribution), chosen, language)


def bands(
    attribution: xr.Dataset, ranked: str, values: Series, year: int | None = None
) -> list[tuple[Band, Series]]:
    """Give the largest groups a colour each, and add up the rest.

    Parameters
    ----------
    attribution
        The parts of all groups.
    ranked
        Variable by whose size groups are ranked.
    values
        Numbers of the groups, (..., group).
    year
        Year of the variable that ranks, where it has years.
    """
    sizes = attribution[ranked] if year is None else attribution[ranked].sel(time=year)
    order = np.argsort(-np.abs(sizes.values))
    part = attribution.isel(group=order)
    texts = zip(
        part["group"].values, part["group_label_en"].values, part["group_label_zh"].values,
        strict=True,
    )  # fmt: skip
    found = [
        (Band(str(key), str(en), str(zh), SPARE[place], ()), values[..., order[place]])
        for place, (key, en, zh) in enumerate(list(texts)[:SHOWN])
    ]
    if len(order) > SHOWN:
        found.append((REST, values[..., order[SHOWN:]].sum(axis=-1)))
    return found


def ends_of(attribution: xr.Dataset) -> tuple[About, About]:
    """Say who the first and the second scenario are."""
    told = attribution.attrs
    first = {
        "scenario": told["baseline"],
        "label_en": told["baseline_label_en"],
        "label_zh": told["baseline_label_zh"],
        "scenario_hash": told["baseline_hash"],
        "code_version": told["code_version"],
    }
    return about(xr.Dataset(attrs=first)), about(attribution)
