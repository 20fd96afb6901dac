"""Bokeh figures with empty places, which a page fills with numbers of its own.

The page holds every template once and fills copies of it, so that a hundred charts weigh little
more than their numbers; a live page may feed the same templates.
"""

import json
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from simulator import disk_cache
from simulator.export.palette import STAGES
from simulator.export.web_font import NAME

AREAS: Final = 14
"""Bands that a stack can have; one with both signs counts twice."""

LINES: Final = 8
"""Lines that a chart can have."""

FONTS: Final = ", ".join(
    f'"{name}"' for name in ("Noto Sans SC", "PingFang SC", "Microsoft YaHei", NAME)
)
"""Fonts of Chinese words that are drawn rather than written, the page's own last."""

KIND: Final = "bokeh"
"""Kind of files that hold what a page takes of Bokeh."""


def templates(kinds: AbstractSet[str]) -> dict[str, Any]:
    """Return the templates of some kinds, as JSON: ``stack``, ``lines``, ``steps``."""
    made = _taken()["templates"]
    return {kind: made[kind] for kind in sorted(kinds)}


def bokeh_script() -> str:
    """The library itself, as text that fits into a page."""
    return str(_taken()["script"])


@cache
def _taken() -> dict[str, Any]:
    """What pages take of Bokeh, the same for all of them.

    From disk where another process made it: to load Bokeh and to make a template takes longer
    than all else that a page holds.
    """
    own = f"bokeh {version('bokeh')}, {len(STAGES)} stages, {FONTS}\n".encode()
    about = own + Path(__file__).read_bytes()
    return dict(json.loads(disk_cache.kept(KIND, about, _made)))


def _made() -> bytes:
    """Make every template, and copy the library."""
    made = {
        "lines": _over_years(0, LINES),
        "stack": _over_years(AREAS, 2),
        "steps": _steps(),
    }
    return json.dumps({"templates": made, "script": _script()}).encode()


def _over_years(areas: int, lines: int) -> dict[str, Any]:
    """Areas and lines over the years."""
    from bokeh.models import (  # noqa: PLC0415 - slow to import
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
    plot.yaxis.formatter = NumeralTickFormatter(format="0,0.[00]")
    plot.xgrid.grid_line_color = None
    return _plain(plot)


def _steps() -> dict[str, Any]:
    """Bars that each start where the one above ends; names down, so that a phone has room."""
    from bokeh.models import (  # noqa: PLC0415 - slow to import
        ColumnDataSource,
        FactorRange,
        HoverTool,
        NumeralTickFormatter,
        Range1d,
        SaveTool,
        Span,
    )
    from bokeh.plotting import figure  # noqa: PLC0415

    names = ("name", "left", "right", "colour", "at", "text")
    source = ColumnDataSource({name: [] for name in names}, name="source")
    plot = figure(
        height=380, sizing_mode="stretch_width", tools="", toolbar_location="above",
        x_range=Range1d(0, 1, name="values"), y_range=FactorRange(name="names"),
        min_border_right=18,
    )  # fmt: skip
    bars = plot.hbar(
        "name", left="left", right="right", height=0.72, color="colour", source=source
    )
    plot.text(
        "at", "name", text="text", x_offset=4,
        text_baseline="middle", text_font_size="11px", source=source,
    )  # fmt: skip
    plot.add_layout(Span(location=0, dimension="height", line_color="#333333", line_width=1))
    plot.add_tools(
        HoverTool(name="hover", renderers=[bars], mode="hline", tooltips=[("", "@name")],
                  point_policy="follow_mouse", attachment="horizontal"),
        SaveTool(),
    )  # fmt: skip
    plot.xaxis.formatter = NumeralTickFormatter(format="0,0")
    plot.yaxis.major_label_text_font = FONTS
    plot.ygrid.grid_line_color = None
    return _plain(plot)


def _plain(plot: Any) -> dict[str, Any]:  # noqa: ANN401 - of bokeh, imported late
    """Take away what distracts, and write a figure as JSON."""
    from bokeh.embed import json_item  # noqa: PLC0415 - slow to import

    plot.toolbar.active_drag = None
    plot.toolbar.logo = None
    plot.toolbar.autohide = True
    plot.xaxis.minor_tick_line_color = plot.yaxis.minor_tick_line_color = None
    plot.outline_line_color = None
    return dict(json_item(plot))


def _script() -> str:
    """The library itself; what would end a page's script early is written otherwise."""
    from bokeh.resources import Resources  # noqa: PLC0415

    text = "\n".join(
        Resources(mode="inline", components=["bokeh"], minified=True, log_level="error").js_raw
    )
    return text.replace("</script", "<\\/script")
