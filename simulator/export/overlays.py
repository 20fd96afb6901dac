"""What lies behind and below a pathway: windows of the stages, milestones of the years."""

import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes

from simulator.export.canvas import Series, Sheet
from simulator.export.palette import STAGES, STATUS
from simulator.results.milestones import MilestoneResult
from simulator.schema.roadmap import Roadmap


def stage_windows(paper: Sheet, where: Axes, roadmap: Roadmap | None, years: Series) -> None:
    """Shade the declared windows of the stages and name them at the top."""
    for stage, colour in zip(roadmap.stages if roadmap else (), STAGES, strict=False):
        start = max(stage.window.start, float(years[0]))
        end = min(stage.window.end, float(years[-1]))
        if start >= end:
            continue
        where.axvspan(start, end, color=colour, linewidth=0, zorder=0)
        room = 0.86 * (end - start) / (years[-1] - years[0]) * 620
        name = paper.say(stage.label.en, stage.label.zh.removesuffix("阶段"))
        where.text(
            (start + end) / 2, 0.985, _wrapped(name, int(room)),
            transform=where.get_xaxis_transform(), ha="center", va="top", size=7,
            linespacing=paper.spacing,
        )  # fmt: skip


def _wrapped(text: str, room: int) -> str:
    """Break a text into lines that fit a width in pixels."""
    if text.isascii():
        return "\n".join(textwrap.wrap(text, max(8, room // 5), break_long_words=False))
    size = max(2, room // 9)
    return "\n".join(text[place : place + size] for place in range(0, len(text), size))


def milestone_marks(
    paper: Sheet, where: Axes, scoreboard: Sequence[MilestoneResult], years: Series
) -> None:
    """Mark how many milestones of each year are met, along the bottom."""
    by_year = _met(scoreboard)
    if not by_year:
        return
    low, high = where.get_ylim()
    row = 0.055 * (high - low)
    where.set_ylim(low - 2.6 * row, high)
    before, lower = -10.0, False
    for year, met in sorted(by_year.items()):
        if not years[0] < year <= years[-1]:
            continue
        lower = year - before < 3 and not lower
        before = year
        where.text(
            year, low - (1.9 if lower else 0.7) * row, f"{sum(met)}/{len(met)}", size=6.8,
            ha="right" if year == years[-1] else "center", va="center",
            bbox={
                "boxstyle": "round,pad=0.2", "facecolor": "white",
                "edgecolor": STATUS["pass" if all(met) else "fail"],
            },
        )  # fmt: skip
    where.text(
        float(years[0]) + 0.3, low - 0.7 * row,
        paper.say("milestones\nmet", "达标数"), size=6.8, va="center",
    )  # fmt: skip


def milestone_rows(
    paper: Sheet,
    where: Axes,
    boards: Sequence[tuple[Sequence[MilestoneResult], str]],
    years: Series,
    after: int,
) -> None:
    """Mark how many milestones of each year several runs meet: a row and a colour for each.

    Parameters
    ----------
    boards
        Judged milestones of each run and its colour.
    after
        Last year of history, in which all runs are alike and which is left out.
    """
    known = [(_met(board), colour) for board, colour in boards]
    if not any(met for met, _ in known):
        return
    low, high = where.get_ylim()
    row = 0.06 * (high - low)
    where.set_ylim(low - (len(known) + 1.2) * row, high)
    for place, (met, colour) in enumerate(known):
        height = low - (place + 0.9) * row
        for year, results in sorted(met.items()):
            if max(years[0], after) < year <= years[-1]:
                where.text(
                    year, height, f"{sum(results)}/{len(results)}", size=6.8, color="black",
                    ha="right" if year == years[-1] else "center", va="center",
                    bbox={
                        "boxstyle": "round,pad=0.15", "facecolor": "white",
                        "edgecolor": colour, "linewidth": 1.4,
                    },
                )  # fmt: skip
    where.text(
        float(years[0]) + 0.3, low - (len(known) / 2 + 0.4) * row,
        paper.say("milestones\nmet", "达标数"), size=6.8, va="center",
    )  # fmt: skip


def _met(scoreboard: Sequence[MilestoneResult]) -> dict[int, list[bool]]:
    """Whether each milestone with a year is met, by that year."""
    by_year: dict[int, list[bool]] = {}
    for result in scoreboard:
        if result.by is not None and result.status != "not applicable":
            by_year.setdefault(result.by, []).append(result.status == "pass")
    return by_year
