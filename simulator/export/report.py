"""The report of a run: one page that opens offline, in Chinese and English."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

import xarray as xr

from simulator.export.page import both, folded, page, picture, section, table
from simulator.export.timeline import timeline
from simulator.results.about import About, about
from simulator.results.headline import Headline, headline
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import Language
from simulator.results.sectors import COLUMNS, SectorPath
from simulator.results.stages import StageBoundaries
from simulator.results.wording import number, plain, tally
from simulator.schema.roadmap import Roadmap

CAPTIONS: Final = {
    "emissions": ("CO₂ by sector, sinks below zero", "分行业二氧化碳排放，碳汇在零线以下"),
    "pathway": ("Gross and net CO₂ with stages and milestones", "总排放与净排放、阶段与里程碑"),
    "power": ("Electricity by plant type and its carbon intensity", "电源结构与电力碳强度"),
    "technology": ("Steel routes and drives of cars", "炼钢路线与乘用车动力构成"),
    "efficiency": ("Efficiency classes of motors and transformers", "电机与变压器能效等级"),
    "electrification": ("Electricity in final energy by sector", "分行业电气化率"),
    "energy_flows": ("Final energy from carriers to users", "终端能源流向"),
    "materials": ("Materials in use and their scrap", "在用材料与废料"),
    "machines": ("Construction machinery and its engines", "工程机械动力与污染物"),
    "costs": ("Cost of the system", "系统成本"),
    "waterfall": ("From one scenario to the other", "情景之间的差异分解"),
    "scoreboard": ("Milestones and the values reached", "里程碑与模拟值"),
    "compared": ("Pathways side by side", "路径对比"),
    "difference": ("Difference by sector", "分行业差异"),
}
"""Caption of each figure by its file name."""

STATUS: Final = {
    "pass": ("met", "达标"),
    "fail": ("missed", "未达标"),
    "not applicable": ("not applicable", "不适用"),
}


class ChangeLine(NamedTuple):
    """What a scenario has otherwise than another one, as text."""

    path: str
    before: str
    after: str
    origin: str
    """Place that made the difference, empty when none did."""


class Story(NamedTuple):
    """Everything that the report of one run tells beside the numbers."""

    dataset: xr.Dataset
    scoreboard: Sequence[MilestoneResult]
    stages: StageBoundaries | None
    sectors: Sequence[SectorPath]
    """The nation, then its sectors."""
    roadmap: Roadmap | None
    description: tuple[str, str]
    """English and Chinese, empty when there is none."""
    changes: Sequence[ChangeLine]
    """Against the scenario that it extends."""
    sources: Sequence[str]
    """Citations of the data."""
    command: str
    """Command that repeats the run."""


def report(
    story: Story, pictures: Mapping[str, bytes], language: Language = "en", advice: str = ""
) -> str:
    """Write the page of one run.

    Parameters
    ----------
    story
        The run and what belongs to it.
    pictures
        Figures as PNG by name.
    language
        Language that the page opens in.
    advice
        Sentence on a missing font, empty when nothing is missing.
    """
    who = about(story.dataset)
    return page(
        (who.label_en, who.label_zh),
        language,
        [
            f"<p>{both(*story.description)}</p>" if any(story.description) else "",
            _identity(who),
            section("Headline", "主要结果", headline_table(headline(story.dataset))),
            *(
                picture(png, *CAPTIONS.get(name, (name, name)))
                for name, png in pictures.items()
                if name != "scoreboard"
            ),
            f'<p class="soft">{escape(advice)}</p>' if advice else "",
            section(
                "Stages",
                "阶段",
                timeline(story.dataset["time"].values, story.roadmap, story.stages),
                _sectors(story.sectors),
            ),
            section("Milestones", "里程碑", _tally(story.scoreboard), _board(story.scoreboard)),
            section(
                "What the scenario changes", "情景相对上级情景的变化", _changes(story.changes)
            ),
            section("Notes", "提示", _notes(who)),
            section("Balances", "守恒校核", _ledger(who)),
            section("Sources and how to repeat this", "数据来源与复现", _repeat(story, who)),
        ],
    )


def headline_table(found: Headline) -> str:
    """Write the headline table of one run."""
    head = ["", both("unit", "单位"), *(str(year) for year in found.years)]
    rows = [
        [both(line.en, line.zh), escape(line.unit)]
        + [plain(value, line.digits) for value in line.values]
        for line in found.lines
    ]
    peak = both(
        f"Gross CO₂ peaks in {found.peak_year} at {found.peak:,.0f} Mt.",
        f"二氧化碳总排放{found.peak_year}年达峰，{found.peak / 100:.1f}亿吨。",
    )
    return f"<p>{peak}</p>" + table(head, rows, len(found.years))


def _identity(who: About) -> str:
    """Write name, version and hash in one line."""
    parts = [who.name, f"shuangtan {who.version}", who.digest[:16]]
    return f'<p class="soft">{escape(" · ".join(part for part in parts if part.strip()))}</p>'


def _sectors(paths: Sequence[SectorPath]) -> str:
    """Write when each sector peaks, passes its stages and uses no more energy."""
    if not paths:
        return ""
    rule = both(
        "Years of CO₂ with purchased energy: peak, end of its plateau (t1), steep decline (t2),"
        " a quarter of the peak (t3), zero (t4); final energy: peak, and first of five years"
        " that differ by under half a percent each.",
        "二氧化碳（含外购能源）达峰、平台期结束（t1）、快速下降（t2）、降至峰值四分之一（t3）、"
        "归零（t4）的年份；终端能耗达峰年份，以及连续五年变化均小于0.5%的起始年份。",
    )
    rows = [[both(path.en, path.zh), *path.cells()] for path in paths]
    head = [both(*pair) for pair in COLUMNS]
    return f'<p class="soft">{rule}</p>' + table(head, rows, len(head) - 1)


def _tally(board: Sequence[MilestoneResult]) -> str:
    """Count what is met and missed."""
    if not board:
        return ""
    met, missed, rest = tally(board).values()
    return "<p>" + both(
        f"{met} met, {missed} missed, {rest} not applicable.",
        f"达标{met}项，未达标{missed}项，不适用{rest}项。",
    ) + "</p>"  # fmt: skip


def _board(board: Sequence[MilestoneResult]) -> str:
    """Write the scoreboard with margins, reasons and sources."""
    if not board:
        return ""
    head = [
        both("Milestone", "里程碑"), both("Source", "来源"), both("Result", "结果"),
        both("Value", "模拟值"), both("Target", "目标"), both("Margin", "余量"),
        both("Met from", "达标年份"),
    ]  # fmt: skip
    return table(head, [_judged(item) for item in board], 4)


def _judged(item: MilestoneResult) -> list[str]:
    """Write one milestone: what it is, who set it, how the run fares."""
    note = both(item.note_en, item.note_zh) if item.note_en else ""
    small = "<br>".join(part for part in (note, escape(item.reason)) if part)
    name = both(item.label_en, item.label_zh) + (f"<br><small>{small}</small>" if small else "")
    source = f"{item.source_title} {item.source_clause}".strip()
    known = item.status != "not applicable"
    colour = item.status if known else "soft"
    return [
        name,
        f"<small>{escape(source)}</small>",
        f'<span class="{colour}">{both(*STATUS[item.status])}</span>',
        number(item.value, item.unit) if known else "–",
        f"{escape(item.op)} {number(item.target, item.unit)}",
        number(item.margin, "1" if item.unit == "1" else "") if known else "–",
        "–" if item.year_met is None else str(item.year_met),
    ]


def _changes(changes: Sequence[ChangeLine]) -> str:
    """Write what the scenario has otherwise than the one it extends."""
    if not changes:
        return ""
    head = [
        both("Parameter", "参数"),
        both("Before", "原值"),
        both("After", "现值"),
        both("Set at", "设定位置"),
    ]
    rows = [[escape(cell) for cell in change] for change in changes]
    return folded(f"{len(rows)} parameters", f"{len(rows)}个参数", table(head, rows))


def _notes(who: About) -> str:
    """Write warnings and what is set, but not modelled yet."""
    english = {text for text, _ in who.remarks}
    items = [escape(text) for text in who.warnings if text not in english]
    items += [both(*remark) for remark in who.remarks]
    items += [
        both(f"{name}: not yet active", f"{name}：尚未建模，不起作用") for name in who.inactive
    ]
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def _ledger(who: About) -> str:
    """Write how well each conservation law closes."""
    head = [both("Law", "守恒律"), both("largest residual, relative", "最大相对残差")]
    rows = [[escape(name), f"{value:.1e}"] for name, value in who.ledger.items()]
    return table(head, rows, 1) if rows else ""


def _repeat(story: Story, who: About) -> str:
    """Write the command, the hash, the whole scenario and the sources of the data."""
    parts = [f"<pre>{escape(story.command)}</pre>"]
    if who.digest:
        name = both("hash of the inputs", "输入散列值")
        parts.append(f'<p class="soft">{name}: {escape(who.digest)}</p>')
    if who.yaml:
        text = f"<pre>{escape(who.yaml)}</pre>"
        parts.append(folded("The scenario as one file", "完整情景文件", text))
    if story.sources:
        count = len(story.sources)
        items = "".join(f"<li>{escape(source)}</li>" for source in story.sources)
        parts.append(
            folded(f"{count} sources of data", f"数据来源{count}项", f"<ul>{items}</ul>")
        )
    return "\n".join(parts)
