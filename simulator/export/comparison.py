"""Several runs side by side: figures and the page that holds them."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.export.bands import LAST_OBSERVED
from simulator.export.canvas import axes, labels_beside, sheet, title, unit_label
from simulator.export.overlays import milestone_rows, stage_windows
from simulator.export.page import both, folded, page, picture, section, table
from simulator.export.palette import NET, SECTOR_BANDS
from simulator.export.report import CAPTIONS, STATUS, ChangeLine, headline_table
from simulator.results.about import about
from simulator.results.headline import headline, one_run
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import Language
from simulator.results.wording import number
from simulator.schema.roadmap import Roadmap

COLOURS: Final = ("#44546a", "#d55e00", "#0072b2", "#009e73", "#7b4173", "#e69f00", "#56b4e9")
DASHES: Final = ("-", "--", "-.", ":", (0, (6, 1, 1, 1, 1, 1)))


class Contest(NamedTuple):
    """Several runs, the baseline first, and what was written otherwise in each."""

    runs: Mapping[str, xr.Dataset]
    boards: Mapping[str, Sequence[MilestoneResult]]
    changes: Mapping[str, Sequence[ChangeLine]]
    """Input that differs from the baseline's, by scenario."""
    command: str


def compared(
    contest: Contest,
    language: Language = "en",
    observed: Mapping[int, float] | None = None,
    roadmap: Roadmap | None = None,
) -> Figure:
    """Net CO2 of every scenario with observed gross history, stages and milestones [Mt]."""
    base = about(next(iter(contest.runs.values())))
    with sheet(base, language) as paper:
        runs = {name: one_run(run) for name, run in contest.runs.items()}
        years = max((run["time"].values.astype(float) for run in runs.values()), key=len)
        where = axes(paper, (0.07, 0.1, 0.73, 0.74), years)
        nets = np.concatenate([run["emissions_net"].values for run in runs.values()])
        top = max([float(np.nanmax(nets)), *(observed or {}).values()])
        where.set_ylim(
            min(0.0, 1.25 * float(np.nanmin(nets))), (1.22 if roadmap else 1.06) * top
        )
        stage_windows(paper, where, roadmap, years)
        ends, finals, boards = [], [], []
        for place, (name, run) in enumerate(runs.items()):
            who, net = about(contest.runs[name]), run["emissions_net"].values.astype(float)
            colour = COLOURS[place % len(COLOURS)]
            where.plot(
                run["time"].values, net, color=colour, linewidth=1.9,
                linestyle=DASHES[place // len(COLOURS) % len(DASHES)],
            )  # fmt: skip
            ends.append((float(net[-1]), who.label_en[:22], who.label_zh[:14], colour))
            finals.append((float(net[-1]), who))
            boards.append((contest.boards.get(name, ()), colour))
        if observed:
            where.plot(list(observed), list(observed.values()), "o", color=NET, markersize=3.4)
            where.annotate(
                paper.say("observed, gross", "实测总排放"),
                (min(observed), max(observed.values())),
                xytext=(4, 4), textcoords="offset points", size=7.5, color=NET,
            )  # fmt: skip
        where.axhline(0.0, color=NET, linewidth=0.7)
        milestone_rows(paper, where, boards, years, LAST_OBSERVED)
        labels_beside(paper, where, years[-1], ends)
        unit_label(paper, where, "Net CO₂, Mt a year", "净排放，百万吨二氧化碳/年")
        low, best = min(finals, key=lambda item: item[0])
        span = max(value for value, _ in finals) - low
        last = int(years[-1])
        finding = (
            f"Net CO₂ in {last} differs by {span / 1000:.1f} Gt; lowest in {best.label_en}"
        )
        finding_zh = f"{last}年净排放相差{span / 100:.1f}亿吨，{best.label_zh}最低"
        title(paper, base, finding, finding_zh, history=bool(observed), named=False)
        return paper.figure


def difference(contest: Contest, language: Language = "en", year: int | None = None) -> Figure:
    """Difference of CO2 by sector to the baseline in a year [Mt], a bar a scenario."""
    names = list(contest.runs)
    base = one_run(contest.runs[names[0]])
    chosen = int(
        year or min(int(one_run(run)["time"].values[-1]) for run in contest.runs.values())
    )
    rows = [
        (about(contest.runs[name]), _by_band(one_run(contest.runs[name]), base, chosen))
        for name in names[1:]
    ]
    who = about(contest.runs[names[0]])
    with sheet(who, language, height=1.7 + 0.2 * len(SECTOR_BANDS) * len(rows)) as paper:
        where = paper.figure.add_axes((0.31, 0.13, 0.64, 0.72))
        ticks: list[tuple[float, str]] = []
        place = 0.0
        for other, values in rows:
            name = paper.say(other.label_en[:20], other.label_zh[:12])
            for band, value in zip(SECTOR_BANDS, values, strict=True):
                where.barh(place, value, color=band.colour, height=0.82)
                ticks.append((place, f"{name} · {paper.say(band.en, band.zh)}"))
                where.annotate(
                    f"{value:+,.0f}", (value, place), xytext=(3 if value >= 0 else -3, 0),
                    textcoords="offset points", size=7, va="center",
                    ha="left" if value >= 0 else "right",
                )  # fmt: skip
                place += 1.0
            place += 0.6
        where.set_yticks([at for at, _ in ticks], [text for _, text in ticks], size=7)
        where.invert_yaxis()
        where.margins(x=0.16)
        where.axvline(0.0, color=NET, linewidth=0.7)
        where.tick_params(length=0)
        total = sum(sum(values) for _, values in rows[:1])
        unit_label(paper, where, f"Mt CO₂ in {chosen}", f"{chosen}年，百万吨二氧化碳")
        other = rows[0][0]
        finding = (
            f"{other.label_en} emits {abs(total):,.0f} Mt {_word(total)[0]} than"
            f" {who.label_en} in {chosen}"
        )
        finding_zh = (
            f"{chosen}年{other.label_zh}比{who.label_zh}{_word(total)[1]}排放"
            f"{abs(total) / 100:.1f}亿吨"
        )
        title(paper, who, finding, finding_zh, named=False)
        return paper.figure


def comparison_page(
    contest: Contest, pictures: Mapping[str, bytes], language: Language = "en"
) -> str:
    """Write the page of a comparison: inputs, headline tables, milestones, figures."""
    labels = [about(run) for run in contest.runs.values()]
    tables = [
        f"<h3>{both(who.label_en, who.label_zh)}</h3>{headline_table(headline(run))}"
        for who, run in zip(labels, contest.runs.values(), strict=True)
    ]
    return page(
        (
            "Comparison: " + ", ".join(who.label_en for who in labels),
            "对比：" + "、".join(who.label_zh for who in labels),
        ),
        language,
        [
            *(
                picture(png, *CAPTIONS.get(name, (name, name)))
                for name, png in pictures.items()
            ),
            section("Headlines", "主要结果", *tables),
            section("Milestones", "里程碑", _boards(contest)),
            section("What differs in the input", "输入差异", *_inputs(contest)),
            section("How to repeat this", "复现", f"<pre>{escape(contest.command)}</pre>"),
        ],
    )


def _inputs(contest: Contest) -> list[str]:
    """Write what each scenario has otherwise than the baseline."""
    head = [both("Parameter", "参数"), both("Baseline", "基准"), both("Here", "本情景")]
    parts = []
    for name, lines in contest.changes.items():
        rows = [[escape(line.path), escape(line.before), escape(line.after)] for line in lines]
        who = about(contest.runs[name])
        count = len(rows)
        parts.append(folded(
            f"{who.label_en}: {count} parameters", f"{who.label_zh}：{count}个参数",
            table(head, rows),
        ))  # fmt: skip
    return parts


def _boards(contest: Contest) -> str:
    """Write the scoreboards beside each other."""
    order = {item.id: item for board in contest.boards.values() for item in board}
    known = {name: {item.id: item for item in board} for name, board in contest.boards.items()}
    rows = []
    for name, item in order.items():
        target = f"{escape(item.op)} {number(item.target, item.unit)}"
        cells = [_cell(board.get(name)) for board in known.values()]
        rows.append([both(item.label_en, item.label_zh), target, *cells])
    heads = [both(about(run).label_en, about(run).label_zh) for run in contest.runs.values()]
    head = [both("Milestone", "里程碑"), both("Target", "目标"), *heads]
    return table(head, rows, len(heads)) if rows else ""


def _cell(result: MilestoneResult | None) -> str:
    """Write one result with its value."""
    if result is None or result.status == "not applicable":
        return "–"
    value = number(result.value, result.unit)
    return f'{value} <span class="{result.status}">{both(*STATUS[result.status])}</span>'


def _by_band(run: xr.Dataset, base: xr.Dataset, year: int) -> list[float]:
    """Difference of each band of sectors in a year [Mt]."""
    delta = run["emissions"].sel(time=year) - base["emissions"].sel(time=year)
    names = [str(name) for name in delta["sector"].values]
    values = np.nan_to_num(delta.values.astype(float))
    return [
        float(sum(values[names.index(name)] for name in band.members if name in names))
        for band in SECTOR_BANDS
    ]


def _word(total: float) -> tuple[str, str]:
    """Say whether more or less is emitted."""
    return ("more", "多") if total > 0 else ("less", "少")
