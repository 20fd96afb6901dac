"""Figure of one series over years that the model did not see, with two yardsticks."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from simulator.export.canvas import (
    LIGHT,
    SideLabel,
    axes,
    labels_beside,
    sheet,
    title,
    unit_label,
)
from simulator.export.palette import GROSS, OBSERVED
from simulator.results.about import About
from simulator.results.quantities import Language

BOX: Final = (0.08, 0.1, 0.72, 0.72)
LAST: Final = "#8c8c8c"
TREND: Final = "#6a51a3"
PAST: Final = 6
"""Observed years that are shown before the first one that was not seen."""


class Drawn(NamedTuple):
    """What a figure shows of one series."""

    en: str
    zh: str
    unit: str
    until: int
    """Last known year."""
    observed: Mapping[int, float]
    years: Sequence[int]
    """Years that the model did not see."""
    model: Sequence[float]
    last_value: Sequence[float]
    linear_trend: Sequence[float]
    error: float
    """Mean absolute error of the model [1]."""
    band: Sequence[tuple[float, float]] = ()
    """Lower and upper end of the band of the model, where there is one."""
    name: str = ""
    """What the series is called in tables."""


def in_percent(drawn: Drawn) -> Drawn:
    """Write a series of shares in per cent; any other stays as it is."""
    if drawn.unit != "1":
        return drawn
    return drawn._replace(
        unit="%",
        observed={year: 100.0 * value for year, value in drawn.observed.items()},
        model=[100.0 * value for value in drawn.model],
        last_value=[100.0 * value for value in drawn.last_value],
        linear_trend=[100.0 * value for value in drawn.linear_trend],
        band=[(100.0 * low, 100.0 * high) for low, high in drawn.band],
    )


def heldout(found: Drawn, who: About, language: Language = "en") -> Figure:
    """The model beside the last value, the trend, and what was observed."""
    drawn = in_percent(found)
    past = {year: value for year, value in drawn.observed.items()
            if year > drawn.until - PAST and year <= drawn.years[-1]}  # fmt: skip
    span = np.arange(min(past), drawn.years[-1] + 1).astype(float)
    start = drawn.observed.get(drawn.until)
    years = list(drawn.years) if start is None else [drawn.until, *drawn.years]

    def joined(values: Sequence[float]) -> list[float]:
        return list(values) if start is None else [start, *values]

    lower, upper = zip(*drawn.band, strict=True) if drawn.band else ((), ())
    top = np.nanmax(
        [*past.values(), *drawn.model, *drawn.last_value, *drawn.linear_trend, *upper]
    )
    with sheet(who, language) as paper:
        where = axes(paper, BOX, span)
        where.set_xticks(span)
        where.set_ylim(min(0.0, *past.values(), *drawn.model, *lower), 1.12 * float(top))
        where.yaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        labels: list[SideLabel] = []
        if drawn.band:
            ends = joined(lower), joined(upper)
            where.fill_between(years, *ends, color=GROSS, alpha=0.2, linewidth=0)
            labels.append((float(upper[-1]), "90 % band", "90%区间", LIGHT))
        where.plot(years, joined(drawn.last_value), color=LAST, linewidth=1.2, linestyle=":")
        trend = joined(drawn.linear_trend)
        where.plot(years, trend, color=TREND, linewidth=1.2, linestyle="--")
        where.plot(years, joined(drawn.model), color=GROSS, linewidth=2)
        where.plot(list(past), list(past.values()), "o", color=OBSERVED, markersize=4,
                   clip_on=False, zorder=5)  # fmt: skip
        where.axvline(drawn.until + 0.5, color=LIGHT, linewidth=0.8)
        named: list[tuple[Sequence[float], str, str, str]] = [
            (drawn.model, "Model", "模型", GROSS),
            (drawn.last_value, "Last value", "末值延续", LAST),
            (drawn.linear_trend, "Trend", "线性趋势", TREND),
        ]
        if (seen := max(past)) == drawn.years[-1]:
            named.append(([past[seen]], "Observed", "实测", OBSERVED))
        labels += [
            (float(values[-1]), en, zh, colour)
            for values, en, zh, colour in named
            if np.isfinite(values[-1])
        ]
        labels_beside(paper, where, float(drawn.years[-1]), labels)
        unit_label(paper, where, drawn.unit, drawn.unit)
        off = 100 * drawn.error
        title(
            paper, who,
            f"{drawn.en}: known to {drawn.until}, the model is {off:.1f} % off after it",
            f"{drawn.zh}：以{drawn.until}年为已知终点，此后模型平均偏差{off:.1f}%",
            named=False,
        )  # fmt: skip
        return paper.figure
