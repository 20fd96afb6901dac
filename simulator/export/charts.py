"""Interactive charts in plain numbers, which a page puts into its few Bokeh templates."""

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final, Literal, NamedTuple

from simulator.export.page import both
from simulator.export.palette import STAGES, Band
from simulator.export.templates import templates
from simulator.schema.roadmap import Roadmap

Values = Mapping[str, Sequence[float]]
"""Series by scenario; the empty name stands for all scenarios."""

DASHES: Final[dict[str, list[int]]] = {"solid": [], "dashed": [6, 3], "dotted": [2, 3]}


class Window(NamedTuple):
    """Years with a name, shown as a coloured ground."""

    start: float
    end: float
    colour: str
    en: str
    zh: str


class Line(NamedTuple):
    """One series of a chart."""

    key: str
    en: str
    zh: str
    colour: str
    values: Values
    kind: Literal["area", "line", "points"] = "line"
    dash: str = "solid"


class Chart(NamedTuple):
    """What a chart shows."""

    id: str
    title: tuple[str, str]
    unit: tuple[str, str]
    series: Sequence[Line]
    digits: int = 0
    stages: Sequence[Window] = ()
    """What lies behind the lines."""
    steps: bool = False
    """Whether it goes from the first scenario to the chosen one in the last year shown."""


def area(band: Band, values: Values) -> Line:
    """Make a band of a stack."""
    return Line(band.key, band.en, band.zh, band.colour, values, "area")


def windows(roadmap: Roadmap | None) -> list[Window]:
    """Windows of the stages of a roadmap."""
    return [
        Window(stage.window.start, stage.window.end, colour, stage.label.en, stage.label.zh)
        for stage, colour in zip(roadmap.stages if roadmap else (), STAGES, strict=False)
    ]


def shown(chart: Chart) -> bool:
    """Whether there is anything to see."""
    return any(
        value and math.isfinite(value)
        for line in chart.series
        for values in line.values.values()
        for value in values
    )


def figure_of(chart: Chart) -> str:
    """Write the place of a chart: its title, unit, and a button for each series."""
    buttons = "".join(
        f'<button type="button" data-key="{escape(line.key)}" aria-pressed="true">'
        f'<i style="background:{line.colour}"></i>{both(line.en, line.zh)}</button>'
        for line in chart.series
    )
    buttons += "".join(
        f'<span class="soft"><i style="background:{window.colour}"></i>'
        f"{both(window.en, window.zh)}</span>"
        for window in chart.stages
    )
    chosen = any(name for line in chart.series for name in line.values)
    told = "ends" if chart.steps else "chosen"
    named = f' <span class="{told}"></span>' if chosen else ""
    label = escape(f"{chart.title[0]} / {chart.title[1]}")
    shape = "plot steps" if chart.steps else "plot"
    return (
        f'<figure class="chart" id="{chart.id}"><figcaption>{both(*chart.title)}'
        f"<small>{both(*chart.unit)}{named}</small></figcaption>"
        f'<div class="key">{buttons}</div>'
        f'<div class="{shape}" role="img" aria-label="{label}"></div>'
        '<p class="said soft" aria-live="polite"></p></figure>'
    )


def content(charts: Sequence[Chart], years: Sequence[int], scenarios: Sequence[str]) -> str:
    """Write the numbers of all charts and the templates as JSON that fits into a page."""
    found = {
        "years": list(years),
        "first": years[0],
        "last": years[-1],
        "scenarios": list(scenarios),
        "templates": templates({_kind(chart) for chart in charts}),
        "charts": specifications(charts),
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def specifications(charts: Sequence[Chart]) -> dict[str, dict[str, Any]]:
    """Write the numbers of charts by their names, as JSON has them."""
    return {chart.id: _specification(chart) for chart in charts}


def _specification(chart: Chart) -> dict[str, Any]:
    """Write one chart."""
    return {
        "kind": _kind(chart),
        "digits": chart.digits,
        "stages": [[window.start, window.end, window.colour] for window in chart.stages],
        "series": [
            {
                "key": line.key,
                "en": line.en,
                "zh": line.zh,
                "colour": line.colour,
                "kind": line.kind,
                "dash": DASHES[line.dash],
                "signs": _signs(line),
                "values": {
                    name: [_number(value) for value in values]
                    for name, values in line.values.items()
                },
            }
            for line in chart.series
        ],
    }


def _kind(chart: Chart) -> str:
    """Name the template that a chart fills."""
    if chart.steps:
        return "steps"
    return "stack" if any(line.kind == "area" for line in chart.series) else "lines"


def _signs(line: Line) -> list[int]:
    """Signs that a series takes."""
    found = [value for values in line.values.values() for value in values]
    below = [-1] if any(value < 0 for value in found) else []
    return ([1] if any(value > 0 for value in found) or not below else []) + below


def _number(value: float) -> float | None:
    """Round to five digits, which no screen can tell from more."""
    if not math.isfinite(value):
        return None
    rounded = float(f"{value:.5g}")
    return int(rounded) if rounded == int(rounded) else rounded
