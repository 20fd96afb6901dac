"""Figures of several runs side by side."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from simulator.export.bands import LAST_OBSERVED
from simulator.export.canvas import axes, labels_beside, sheet, title, unit_label
from simulator.export.overlays import milestone_rows, stage_windows
from simulator.export.palette import DASHES, NET, SCENARIOS
from simulator.export.published import net_marks, net_values
from simulator.export.waterfall import steps
from simulator.results.about import about
from simulator.results.headline import one_run
from simulator.results.milestones import MilestoneResult
from simulator.results.published import Overlay
from simulator.results.quantities import Language
from simulator.schema.roadmap import Roadmap


class Contest(NamedTuple):
    """Several runs, the baseline first, and how they fare."""

    runs: Mapping[str, xr.Dataset]
    boards: Mapping[str, Sequence[MilestoneResult]]


def compared(
    contest: Contest,
    language: Language = "en",
    observed: Mapping[int, float] | None = None,
    roadmap: Roadmap | None = None,
    overlay: Overlay | None = None,
) -> Figure:
    """Net CO2 of every scenario with observed gross history, stages and milestones [Mt].

    `overlay` adds what others published of net emissions.
    """
    base = about(next(iter(contest.runs.values())))
    with sheet(base, language, names="".join(overlay.pathways if overlay else ())) as paper:
        runs = {name: one_run(run) for name, run in contest.runs.items()}
        years = max((run["time"].values.astype(float) for run in runs.values()), key=len)
        where = axes(paper, (0.07, 0.1, 0.73, 0.74), years)
        values = [run["emissions_net"].values for run in runs.values()]
        nets = np.concatenate([*values, net_values(overlay)])
        seen = {year: value for year, value in (observed or {}).items() if year >= years[0]}
        top = max([float(np.nanmax(nets)), *seen.values()])
        where.set_ylim(
            min(0.0, 1.25 * float(np.nanmin(nets))),
            (1.06 if not roadmap else 1.32 if overlay else 1.22) * top,
        )
        stage_windows(paper, where, roadmap, years)
        ends, finals, boards = [], [], []
        for place, (name, run) in enumerate(runs.items()):
            who, net = about(contest.runs[name]), run["emissions_net"].values.astype(float)
            colour = SCENARIOS[place % len(SCENARIOS)]
            where.plot(
                run["time"].values, net, color=colour, linewidth=1.9,
                linestyle=DASHES[place // len(SCENARIOS) % len(DASHES)],
            )  # fmt: skip
            ends.append((float(net[-1]), who.label_en[:22], who.label_zh[:14], colour))
            finals.append((float(net[-1]), who))
            boards.append((contest.boards.get(name, ()), colour))
        if seen:
            where.plot(list(seen), list(seen.values()), "o", color=NET, markersize=3.4)
            where.annotate(
                paper.say("observed, gross", "实测总排放"),
                (min(seen), max(seen.values())),
                xytext=(4, 4), textcoords="offset points", size=7.5, color=NET,
            )  # fmt: skip
        where.axhline(0.0, color=NET, linewidth=0.7)
        ends += net_marks(where, overlay)
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
        if len(finals) == 1:
            finding = f"{best.label_en}: net CO₂ of {low / 1000:.1f} Gt in {last}"
            finding_zh = f"{best.label_zh}：{last}年净排放{low / 100:.1f}亿吨"
        title(
            paper, base, finding, finding_zh, history=bool(observed), named=False,
            beside=[about(run) for run in contest.runs.values()][1:],
            published=PurePath(overlay.file).name if overlay else "",
        )  # fmt: skip
        return paper.figure


def difference(contest: Contest, language: Language = "en", year: int | None = None) -> Figure:
    """Difference of net CO2 by sector to the baseline in a year [Mt], scenario by scenario."""
    first, *others = contest.runs.values()
    last = min(int(one_run(run)["time"].values[-1]) for run in contest.runs.values())
    chosen = int(year or last)
    found = [(about(run), steps(first, run, chosen)) for run in others]
    floor = 0.005 * max(abs(value) for _, one in found for _, value in one.steps)
    shown = [
        [(band, value) for band, value in one.steps if abs(value) > floor] for _, one in found
    ]
    rows = sum(len(bars) + 1.6 for bars in shown)
    who = about(first)
    with sheet(who, language, height=1.3 + 0.2 * rows) as paper:
        height = paper.figure.get_figheight()
        where = paper.figure.add_axes((0.24, 0.55 / height, 0.72, 1 - 1.15 / height))
        ticks: list[tuple[float, str]] = []
        place = 0.0
        for (other, _), bars in zip(found, shown, strict=True):
            where.annotate(
                paper.say(other.label_en[:36], other.label_zh[:20]), (0.0, place),
                xycoords=("axes fraction", "data"), xytext=(-6, 0), ha="right", va="center",
                textcoords="offset points", size=8.5, color="black", annotation_clip=False,
            )  # fmt: skip
            for band, value in bars:
                place += 1.0
                where.barh(place, value, color=band.colour, height=0.82)
                ticks.append((place, paper.say(band.en, band.zh)))
                where.annotate(
                    f"{value:+,.0f}", (value, place), xytext=(3 if value >= 0 else -3, 0),
                    textcoords="offset points", size=7, va="center",
                    ha="left" if value >= 0 else "right",
                )  # fmt: skip
            place += 1.6
        where.set_yticks([at for at, _ in ticks], [text for _, text in ticks], size=7)
        where.set_ylim(place - 0.9, -0.8)
        where.margins(x=0.16)
        where.axvline(0.0, color=NET, linewidth=0.7)
        where.tick_params(length=0)
        where.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        unit_label(
            paper, where, f"Net CO₂ in {chosen} against {who.label_en[:36]}, Mt",
            f"{chosen}年净排放与{who.label_zh[:20]}之差，百万吨二氧化碳",
        )  # fmt: skip
        other, one = found[0]
        total = one.end - one.start
        finding = (
            f"{other.label_en} emits {abs(total):,.0f} Mt {_word(total)[0]} than"
            f" {who.label_en} in {chosen}"
        )
        finding_zh = (
            f"{chosen}年{other.label_zh}比{who.label_zh}{_word(total)[1]}排放"
            f"{abs(total) / 100:.1f}亿吨"
        )
        title(paper, who, finding, finding_zh, named=False, beside=[item[0] for item in found])
        return paper.figure


def _word(total: float) -> tuple[str, str]:
    """Say whether more or less is emitted."""
    return ("more", "多") if total > 0 else ("less", "少")
