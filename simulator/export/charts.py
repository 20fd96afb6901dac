"""Interactive charts: two Bokeh templates, and the series that a page puts into them.

A chart is a specification in plain numbers. The page holds every template once and fills copies
of it, so that a hundred charts weigh little more than their numbers; a live page may feed the
same templates.
"""

import json
import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any, Final, Literal, NamedTuple

from simulator.export.page import both
from simulator.export.palette import STAGES, Band
from simulator.schema.roadmap import Roadmap

Values = Mapping[str, Sequence[float]]
"""Series by scenario; the empty name stands for all scenarios."""

AREAS: Final = 14
"""Bands that a stack can have; one with both signs counts twice."""

LINES: Final = 8
"""Lines that a chart can have."""

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
    named = ' <span class="chosen"></span>' if chosen else ""
    label = escape(f"{chart.title[0]} / {chart.title[1]}")
    return (
        f'<figure class="chart" id="{chart.id}"><figcaption>{both(*chart.title)}'
        f"<small>{both(*chart.unit)}{named}</small></figcaption>"
        f'<div class="key">{buttons}</div>'
        f'<div class="plot" role="img" aria-label="{label}"></div>'
        '<p class="said soft" aria-live="polite"></p></figure>'
    )


def content(charts: Sequence[Chart], years: Sequence[int], scenarios: Sequence[str]) -> str:
    """Write the numbers of all charts and the templates as JSON that fits into a page."""
    found = {
        "years": list(years),
        "first": years[0],
        "last": years[-1],
        "scenarios": list(scenarios),
        "templates": templates(),
        "charts": {chart.id: _specification(chart) for chart in charts},
    }
    text = json.dumps(found, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return (
        text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )


def _specification(chart: Chart) -> dict[str, Any]:
    """Write one chart."""
    areas = any(line.kind == "area" for line in chart.series)
    return {
        "kind": "stack" if areas else "lines",
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


def templates() -> dict[str, Any]:
    """Bokeh figures with empty places for series, as JSON."""
    return {"stack": _template(AREAS, 2), "lines": _template(0, LINES)}


def _template(areas: int, lines: int) -> dict[str, Any]:
    """Make one template."""
    from bokeh.embed import json_item  # noqa: PLC0415 - slow to import
    from bokeh.models import (  # noqa: PLC0415
        BoxAnnotation,
        BoxZoomTool,
        ColumnDataSource,
        HoverTool,
        NumeralTickFormatter,
        PanTool,
        Range1d,
        ResetTool,
        SaveTool,
        Span,
    )
    from bokeh.plotting import figure  # noqa: PLC0415

    names = [f"line{place}" for place in range(lines)]
    edges = [f"{edge}{place}" for place in range(areas) for edge in ("low", "high")]
    columns: dict[str, list[float]] = {
        name: [] for name in ("x", "bottom", "top", "points", *names, *edges)
    }
    source = ColumnDataSource(columns, name="source")
    plot = figure(
        height=300, sizing_mode="stretch_width", tools="", toolbar_location="above",
        x_range=Range1d(2015, 2060, name="years"), y_range=Range1d(0, 1, name="values"),
        min_border_right=18,
    )  # fmt: skip
    for place in range(len(STAGES) if lines > 2 else 0):
        plot.add_layout(
            BoxAnnotation(name=f"stage{place}", visible=False, fill_alpha=1.0, level="image",
                          line_color=None)
        )  # fmt: skip
    for place in range(areas):
        plot.varea("x", f"low{place}", f"high{place}", source=source, name=f"area{place}",
                   visible=False)  # fmt: skip
    for name in names:
        plot.line("x", name, source=source, name=name, line_width=2, visible=False)
    plot.scatter("x", "points", source=source, name="points", size=5, visible=False)
    plot.add_layout(Span(location=0, dimension="width", line_color="#333333", line_width=1))
    column = plot.vbar(
        "x", width=1, bottom="bottom", top="top", source=source, fill_alpha=0, line_alpha=0
    )
    plot.add_tools(
        HoverTool(name="hover", renderers=[column], mode="vline", tooltips=[("", "@x")],
                  point_policy="follow_mouse", attachment="horizontal"),
        PanTool(dimensions="width"), BoxZoomTool(dimensions="width"), ResetTool(), SaveTool(),
    )  # fmt: skip
    plot.toolbar.active_drag = None
    plot.toolbar.logo = None
    plot.toolbar.autohide = True
    plot.yaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    plot.xaxis.minor_tick_line_color = plot.yaxis.minor_tick_line_color = None
    plot.xgrid.grid_line_color = None
    plot.outline_line_color = None
    return dict(json_item(plot))


def bokeh_script() -> str:
    """The library itself, as text that fits into a page."""
    from bokeh.resources import Resources  # noqa: PLC0415

    text = "\n".join(
        Resources(mode="inline", components=["bokeh"], minified=True, log_level="error").js_raw
    )
    return text.replace("</script", "<\\/script")
