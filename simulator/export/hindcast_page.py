"""The page of a hindcast: years that the model did not see, series by series.

Where there are several last known years, the reader chooses one, as a report lets choose a
scenario.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

import numpy as np

from simulator.export.charts import Chart, Line, Window, content, figure_of
from simulator.export.heldout import LAST, PAST, TREND, Drawn, in_percent
from simulator.export.history import errors
from simulator.export.page import Controls, both, folded, for_each, page, section, table
from simulator.export.palette import GROSS, OBSERVED, STAGES
from simulator.export.templates import bokeh_script
from simulator.results.about import About
from simulator.results.history import History
from simulator.results.quantities import Language

EDGE: Final = "#9aa5b1"
"""Colour of the ends of a band."""

Words = tuple[str, str]
"""The same in English and Chinese."""


class Table(NamedTuple):
    """Finished cells, with heads and first column in both languages."""

    head: Sequence[Words]
    """Of the columns after the first one."""
    rows: Sequence[tuple[Words, Sequence[str]]]


class Cut(NamedTuple):
    """What one last known year led to."""

    history: History
    drawn: Sequence[Drawn]
    """Every series, in order."""
    remarks: Sequence[Words]
    """What a reader should know."""
    drivers: Table | None = None
    """What part of the errors the drivers explain, where that was asked."""


class Common(NamedTuple):
    """What all cuts have in common."""

    command: str
    """Command that repeats the hindcast."""
    sources: Sequence[str]
    """Citations of the data."""
    rolling: Table | None = None
    """Errors by last known year, where there are several."""


def hindcast_page(
    who: About, cuts: Sequence[Cut], common: Common, language: Language = "en"
) -> str:
    """Write the page of the hindcast of a scenario."""
    untils = [cut.history.until for cut in cuts]
    names = [(str(year), f"known to {year}", f"截至{year}年已知") for year in untils]
    last = max(item.years[-1] for cut in cuts for item in cut.drawn)
    years = list(range(min(untils) - PAST + 1, last + 1))
    charts = _charts(cuts, years)
    parts = (
        ("result", "How the model did", "模型表现",
         for_each(names, [errors(cut.history) for cut in cuts])),
        ("rolling", "By last known year", "按最后已知年份", _rolling(common.rolling)),
        ("drivers", "What the drivers explain", "驱动因素的份额",
         for_each(names, [_drivers(cut.drivers) for cut in cuts])),
        ("series", "Series by series", "逐序列对照", _series(charts, cuts)),
        ("known", "What a reader should know", "阅读提示",
         for_each(names, [_remarks(cut.remarks) for cut in cuts])),
        ("repeat", "Sources and how to repeat this", "数据来源与复现", _repeat(who, common)),
    )  # fmt: skip
    links = "".join(
        f'<a href="#{key}">{both(en, zh)}</a>' for key, en, zh, body in parts if body
    )
    return page(
        (f"Hindcast: {who.label_en}", f"历史检验：{who.label_zh}"),
        language,
        [
            f"<nav>{links}</nav>",
            *(section(en, zh, body, anchor=key) for key, en, zh, body in parts),
        ],
        Controls((years[0], years[-1]), names),
        (bokeh_script(), content(list(charts.values()), years, [name for name, *_ in names])),
    )


def _charts(cuts: Sequence[Cut], years: Sequence[int]) -> dict[str, Chart]:
    """A chart a series, in the order of the table; one cut shows what was not seen."""
    found: dict[str, list[Drawn]] = {}
    for cut in cuts:
        for item in cut.drawn:
            found.setdefault(item.name, []).append(in_percent(item))
    unseen = Window(
        cuts[0].history.until + 0.5, years[-1], STAGES[1], "not seen by the model", "模型未见"
    )
    windows = [unseen] if len(cuts) == 1 else []
    return {name: _chart(own, years, windows) for name, own in found.items()}


def _chart(own: Sequence[Drawn], years: Sequence[int], windows: Sequence[Window]) -> Chart:
    """Draw what was observed, what the model said and what two yardsticks said."""

    def after(
        key: str, words: Words, colour: str, read: Callable[[Drawn], Sequence[float]],
        dash: str = "solid",
    ) -> Line:  # fmt: skip
        values = {str(item.until): _joined(item, read(item), years) for item in own}
        return Line(key, *words, colour, values, dash=dash)

    first = own[0]
    seen = [first.observed.get(year, math.nan) for year in years]
    lines = [
        after("model", ("Model", "模型"), GROSS, lambda item: item.model),
        after("last", ("Last value", "末值延续"), LAST, lambda item: item.last_value, "dotted"),
        after("trend", ("Trend", "线性趋势"), TREND, lambda item: item.linear_trend, "dashed"),
        Line("observed", "Observed", "实测", OBSERVED, {"": seen}, "points"),
    ]
    if any(item.band for item in own):
        lines += [
            after("low", ("5 % are below", "5%分位"), EDGE, lambda item: _ends(item, 0)),
            after("high", ("5 % are above", "95%分位"), EDGE, lambda item: _ends(item, 1)),
        ]
    size = float(np.nanmax(np.abs([*seen, *first.model])))
    digits = 3 if size < 2 else 1 if size < 200 else 0
    name = f"series-{first.name.replace('.', '-')}"
    unit = first.unit
    return Chart(name, (first.en, first.zh), (unit, unit), lines, digits, windows)


def _ends(item: Drawn, end: int) -> list[float]:
    """Lower or upper end of the band of a series."""
    return [ends[end] for ends in item.band]


def _joined(item: Drawn, values: Sequence[float], years: Sequence[int]) -> list[float]:
    """Put a series on the years of the page, beginning at the last known value."""
    known = dict(zip(item.years, values, strict=True)) if len(values) else {}
    if known and item.until in item.observed:
        known[item.until] = item.observed[item.until]
    return [float(known.get(year, math.nan)) for year in years]


def _series(charts: Mapping[str, Chart], cuts: Sequence[Cut]) -> str:
    """Write every chart with the errors of its series."""
    parts = []
    for name, chart in charts.items():
        said = "".join(
            f'<p class="soft" data-scenario="{told.until}">{_said(told, name)}</p>'
            for told in (cut.history for cut in cuts)
        )
        parts.append(f"<div>{figure_of(chart)}{said}</div>")
    return f'<div class="charts">{"".join(parts)}</div>'


def _said(history: History, name: str) -> str:
    """Say how far a series was off."""
    found = next((item for item in history.series if item.name == name), None)
    if found is None:
        return both("No later year was observed.", "此后没有观测。")
    model, last, trend = (
        "–" if math.isnan(value) else f"{100 * value:.1f} %"
        for value in (found.model, found.last_value, found.linear_trend)
    )
    worst = f"{100 * found.worst:+.1f} %".replace("-", "−")
    limit = "" if found.bar is None else f"{100 * found.bar:.0f} %"
    return both(
        f"Mean error {model}, last value {last}, trend {trend}; worst year {worst}"
        + (f", limit {limit}" if limit else ""),
        f"平均误差{model}，末值延续{last}，线性趋势{trend}；最差年份{worst}"
        + (f"，上限{limit}" if limit else ""),
    )


def _rolling(found: Table | None) -> str:
    """Write errors by last known year."""
    words = both(
        "Mean absolute error by last known year; * is better than both yardsticks.",
        "按最后已知年份的平均绝对误差；*表示优于两种基准。",
    )
    return f'<p class="soft">{words}</p>{_written(found)}' if found else ""


def _drivers(found: Table | None) -> str:
    """Write what part of the errors comes from the drivers."""
    words = both(
        "Bias by driver: what each changes alone, and what is left with all as observed.",
        "偏差分解：各类驱动单独取实测的影响，以及全部取实测后所余。",
    )
    return f'<p class="soft">{words}</p>{_written(found)}' if found else ""


def _written(found: Table) -> str:
    """Write a table."""
    head = [both("Series", "序列"), *(both(*words) for words in found.head)]
    rows = [[both(*words), *map(escape, cells)] for words, cells in found.rows]
    return table(head, rows, len(found.head))


def _remarks(found: Sequence[Words]) -> str:
    """List what a reader should know."""
    return f"<ul>{''.join(f'<li>{both(*words)}</li>' for words in found)}</ul>" if found else ""


def _repeat(who: About, common: Common) -> str:
    """Write the command, the hash and the sources."""
    hashed = both("hash of the inputs", "输入散列值")
    words = f"{escape(who.name)}, shuangtan {escape(who.version)}, {hashed}: {who.digest}"
    parts = [f"<pre>{escape(common.command)}</pre>", f'<p class="soft">{words}</p>']
    if common.sources:
        items = "".join(f"<li>{escape(source)}</li>" for source in common.sources)
        count = len(common.sources)
        parts.append(
            folded(f"{count} sources of data", f"数据来源{count}项", f"<ul>{items}</ul>")
        )
    return "\n".join(parts)
