"""The live page: a slider for each policy beside the charts that follow it."""

from html import escape
from importlib.resources import files
from typing import Final

from simulator.export.charts import content, figure_of
from simulator.export.page import Controls, Server, both, folded, page, section
from simulator.export.templates import bokeh_script
from simulator.live.bench import NAME, PERCENT, Bench
from simulator.live.view import View, cards_of, setting_of
from simulator.results.quantities import Language

TITLE: Final = ("shuangtan: move the policies", "双碳：调整政策")


def live_page(view: View, language: Language) -> str:
    """Write the page as it is where every policy is as in the base.

    Parameters
    ----------
    view
        What is shown.
    language
        Language that the page opens in.
    """
    bench, years = view.bench, view.years
    runs = view.runs(bench.start)
    judged = view.judged(runs)
    charts = view.charts(runs)
    drawn = "".join(figure_of(chart) for chart in charts)
    shown = (
        '<p id="state" class="soft" role="status"></p>'
        f'<div id="cards">{cards_of(view.cards(judged))}</div>'
        f'<div class="charts">{drawn}</div>'
        + section(
            "Milestones", "里程碑", f'<div id="boards">{view.boards(judged)}</div>',
            anchor="milestones",
        )
        + section("How to read this", "说明", _notes(view), anchor="notes")
    )  # fmt: skip
    sliders = f'<form id="policies">{_policies(bench)}</form>'
    body = f'<div class="bench">{sliders}<main>{shown}</main></div>'
    return page(
        TITLE,
        language,
        [body],
        Controls((years[0], years[-1]), view.people),
        (bokeh_script(), content(charts, years, list(runs))),
        server=Server(_resource("live.js"), _resource("live.css")),
    )


def _policies(bench: Bench) -> str:
    """Write the sliders."""
    base, goal = (
        both(f"As {one.label.en}", f"同{one.label.zh}") for one in (bench.base, bench.goal)
    )
    told = bench.told(bench.start)
    rows = "".join(
        f'<label><span class="row"><span>{both(knob.label.en, knob.label.zh)}</span>'
        f"<output></output></span>"
        f'<input type="range" name="{escape(name)}" min="0" max="{PERCENT}" value="0">'
        f'<small class="soft">{"".join(map(setting_of, told[name]))}</small></label>'
        for name, knob in zip(bench.names, bench.knobs, strict=True)
    )
    return (
        '<div class="tools">'
        f'<button id="as-base" type="button">{base}</button>'
        f'<button id="as-goal" type="button">{goal}</button>'
        f'<a id="file" download href="{NAME}.yaml">{both("Scenario file", "情景文件")}</a>'
        f'<a id="table" download href="{NAME}.xlsx">{both("Workbook", "工作簿")}</a>'
        f"</div>{rows}"
    )


def _notes(view: View) -> str:
    """Say what a slider does, what is left out, and how a number is traced."""
    base, goal = view.bench.base.label, view.bench.goal.label
    lines = [
        both(
            f"At 0 % a policy is as in {base.en}, at 100 % as in {goal.en}; dates and years"
            " between them move in proportion. Every move runs the whole model.",
            f"0%时政策与{base.zh}相同，100%时与{goal.zh}相同，其间按比例推进。"
            "每次调整都完整运行模型。",
        ),
        both(
            "The address holds the policies: copy it to share what you see. The scenario file"
            f" repeats it: shuangtan run {view.bench.name}.yaml.",
            "网址即为当前政策组合，复制即可分享。情景文件可重现结果："
            f"shuangtan run {view.bench.name}.yaml。",
        ),
    ]
    left = view.bench.beyond()
    parts = "".join(f"<p>{line}</p>" for line in lines)
    if left:
        names = "".join(f"<li>{escape(path)}</li>" for path in left)
        parts += folded(
            f"{goal.en} has {len(left)} more things otherwise, which no policy moves; they"
            f" stay as in {base.en}",
            f"{goal.zh}另有{len(left)}项不同，非政策所能调整，此处与{base.zh}相同",
            f"<ul>{names}</ul>",
        )
    return parts


def _resource(name: str) -> str:
    """Read a file that lies beside this module."""
    return (files("simulator.live") / name).read_text(encoding="utf-8")
