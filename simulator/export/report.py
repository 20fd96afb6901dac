"""The report: one page that opens offline, in Chinese and English, of one run or of several."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import numpy as np
import xarray as xr

from simulator.export.boards import board_of, boards_side_by_side, missing
from simulator.export.charts import content, figure_of, shown, windows
from simulator.export.charts_national import from_first, national
from simulator.export.evidence import Matters, effect_tables
from simulator.export.flow_picture import flow_pictures
from simulator.export.history import history_section
from simulator.export.page import Controls, both, folded, for_each, page, section, table
from simulator.export.published import net_lines, published_charts, published_section
from simulator.export.report_parts import (
    Assumption,
    ChangeLine,
    assumption_table,
    between,
    change_table,
    headline_table,
    ledger,
    notes,
    sector_stages,
)
from simulator.export.sectors import electrified_sectors, sector_charts, sector_pages
from simulator.export.templates import bokeh_script
from simulator.export.timeline import timeline
from simulator.results.about import About, about
from simulator.results.headline import headline
from simulator.results.history import History
from simulator.results.milestones import MilestoneResult
from simulator.results.published import Overlay
from simulator.results.quantities import Language
from simulator.results.sectors import SectorPath
from simulator.results.stages import StageBoundaries
from simulator.results.wording import plain
from simulator.schema.roadmap import Roadmap

COMPARED_YEARS = (2030, 2035, 2060)
"""Years of the table that puts scenarios beside each other."""


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
    command: str
    """Command that repeats the run."""


class Background(NamedTuple):
    """What all runs of a report have in common."""

    sources: Sequence[str] = ()
    """Citations of the data."""
    observed: Mapping[int, float] = {}
    """Observed gross CO2 by year [Mt]."""
    assumptions: Sequence[Assumption] = ()
    """Judgements, those with the widest range first."""
    matters: Matters | None = None
    """What each uncertain assumption does to net emissions."""
    history: History | None = None
    """How well the model does on years that it has not seen."""
    differences: Mapping[str, Sequence[ChangeLine]] = {}
    """Input that differs from that of the first run, by scenario."""
    overlay: Overlay | None = None
    """Pathways that others published."""


SECTIONS = (
    ("headline", "Headline", "主要结果"),
    ("nation", "The nation", "全国"),
    ("published", "Published pathways", "已发布路径"),
    ("milestones", "Milestones", "里程碑"),
    ("stages", "Stages", "阶段"),
    ("sectors", "Sectors", "分行业"),
    ("input", "What the scenario changes", "情景的变化"),
    ("assumptions", "Assumptions that matter most", "影响最大的假设"),
    ("history", "How well the model does on history", "模型对历史的再现"),
    ("books", "Notes and balances", "提示与守恒校核"),
    ("repeat", "Sources and how to repeat this", "数据来源与复现"),
)
"""Sections of the page, in order."""


def report(
    stories: Sequence[Story], language: Language = "en", background: Background | None = None
) -> str:
    """Write the page of one run, or of several with the baseline first."""
    common = background or Background()
    runs = {about(story.dataset).name: story.dataset for story in stories}
    people = [about(story.dataset) for story in stories]
    times = [story.dataset["time"].values.astype(int) for story in stories]
    years = [int(year) for year in np.unique(np.concatenate(times))]
    charts = [
        chart
        for chart in national(
            runs, years, common.observed, windows(stories[0].roadmap),
            net_lines(common.overlay, years, len(runs)),
        )
        if shown(chart)
    ]  # fmt: skip
    beside = published_charts(runs, common.overlay, years) if common.overlay else []
    sectors = sector_charts(runs, years)
    steps = from_first(runs, years)
    own = [chart for charts_of in sectors.values() for chart in charts_of]
    everything = [*charts, *steps, *beside, *own]
    drawn = "".join(figure_of(chart) for chart in charts)
    bodies = {
        "headline": _headlines(stories, people),
        "nation": f'<div class="charts">{drawn}</div>'
        + flow_pictures(runs)
        + "".join(map(figure_of, steps))
        + between(runs)
        + electrified_sectors(runs),
        "published": published_section(runs, common.overlay, "".join(map(figure_of, beside))),
        "milestones": _milestones(stories, people),
        "stages": _for_each(people, [
            timeline(story.dataset["time"].values, story.roadmap, story.stages)
            + sector_stages(story.sectors)
            for story in stories
        ]),
        "sectors": sector_pages(runs, sectors),
        "input": _inputs(stories, people, common),
        "assumptions": effect_tables(common.matters) + assumption_table(common.assumptions),
        "history": history_section(common.history),
        "books": _for_each(people, [notes(who) + ledger(who) for who in people]),
        "repeat": _repeat(stories, people, common),
    }  # fmt: skip
    links = "".join(
        f'<a href="#{key}">{both(en, zh)}</a>' for key, en, zh in SECTIONS if bodies[key]
    )
    labels = [(who.name, who.label_en, who.label_zh) for who in people]
    return page(
        _title(people),
        language,
        [
            f"<nav>{links}</nav>",
            *(_introduction(story, who) for story, who in zip(stories, people, strict=True)),
            *(section(en, zh, bodies[key], anchor=key) for key, en, zh in SECTIONS),
        ],
        Controls((years[0], years[-1]), labels),
        (bokeh_script(), content(everything, years, list(runs))),
    )


def _title(people: Sequence[About]) -> tuple[str, str]:
    """Name the page after its runs."""
    if len(people) == 1:
        return people[0].label_en, people[0].label_zh
    return (
        " · ".join(who.label_en for who in people),
        " · ".join(who.label_zh for who in people),
    )


def _introduction(story: Story, who: About) -> str:
    """Write what a run is, its version and its hash."""
    parts = [who.name, f"shuangtan {who.version}", who.digest[:16]]
    line = escape(" · ".join(part for part in parts if part.strip()))
    text = both(*story.description) if any(story.description) else ""
    name = f"<b>{both(who.label_en, who.label_zh)}</b>"
    return f'<p>{name} {text}<br><span class="soft">{line}</span></p>'


def _for_each(people: Sequence[About], parts: Sequence[str]) -> str:
    """Write a part for each run."""
    return for_each([(who.name, who.label_en, who.label_zh) for who in people], parts)


def _headlines(stories: Sequence[Story], people: Sequence[About]) -> str:
    """Write the headline table, and before it the one that holds all runs."""
    found = [headline(story.dataset) for story in stories]
    own = _for_each(people, [headline_table(one) for one in found])
    if len(stories) == 1:
        return own
    years = [year for year in COMPARED_YEARS if all(year in one.years for one in found)]
    labels = [both(who.label_en, who.label_zh) for who in people]
    head = ["", both("Year", "年份"), *labels]
    rows = [
        [f"{both(line.en, line.zh)} [{escape(line.unit)}]", str(year)]
        + [plain(one.lines[place].values[one.years.index(year)], line.digits) for one in found]
        for place, line in enumerate(found[0].lines)
        for year in years
    ]
    return table(head, rows, len(found)) + own


def _milestones(stories: Sequence[Story], people: Sequence[About]) -> str:
    """Write what is met, what is missing, and the whole scoreboard."""
    boards = {who.name: story.scoreboard for who, story in zip(people, stories, strict=True)}
    if not any(boards.values()):
        return ""
    words = ("All milestones with their sources", "全部里程碑及出处")
    own = [
        missing(story.scoreboard) + folded(*words, board_of(story.scoreboard))
        for story in stories
    ]
    labels = {who.name: (who.label_en, who.label_zh) for who in people}
    together = boards_side_by_side(boards, labels) if len(boards) > 1 else ""
    return together + _for_each(people, own)


def _inputs(stories: Sequence[Story], people: Sequence[About], common: Background) -> str:
    """Write what each run has otherwise than its parent and than the first run."""
    parts = _for_each(people, [_changes(story.changes) for story in stories])
    if not any(story.changes for story in stories):
        parts = ""
    known = {who.name: who for who in people}
    for name, lines in common.differences.items():
        who, base = known[name], people[0]
        parts += folded(
            f"{who.label_en} against {base.label_en}: {len(lines)} parameters",
            f"{who.label_zh}与{base.label_zh}相比：{len(lines)}个参数",
            change_table(lines),
        )
    return parts


def _changes(changes: Sequence[ChangeLine]) -> str:
    """Write what a scenario has otherwise than the one it extends."""
    if not changes:
        return ""
    return folded(
        f"{len(changes)} parameters differ from the scenario that it extends",
        f"与上级情景相比有{len(changes)}个参数不同",
        change_table(changes),
    )


def _repeat(stories: Sequence[Story], people: Sequence[About], common: Background) -> str:
    """Write the commands, the hashes, the whole scenarios and the sources of the data."""
    commands = dict.fromkeys(story.command for story in stories if story.command)
    parts = [f"<pre>{escape(chr(10).join(commands))}</pre>"] if commands else []
    for who in people:
        if who.digest:
            name = both("hash of the inputs", "输入散列值")
            words = f"{escape(who.name)}, {name}: {escape(who.digest)}"
            parts.append(f'<p class="soft">{words}</p>')
        if who.yaml:
            text = f"<pre>{escape(who.yaml)}</pre>"
            parts.append(
                folded(f"{who.label_en} as one file", f"{who.label_zh}的完整情景文件", text)
            )
    if common.sources:
        count = len(common.sources)
        items = "".join(f"<li>{escape(source)}</li>" for source in common.sources)
        parts.append(
            folded(f"{count} sources of data", f"数据来源{count}项", f"<ul>{items}</ul>")
        )
    return "\n".join(parts)
