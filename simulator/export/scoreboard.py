"""The scoreboard as a figure: milestones down, scenarios across."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simulator.export.canvas import readable_on, sheet, title
from simulator.export.palette import STATUS
from simulator.results.about import About
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import Language
from simulator.results.wording import asked, number, tally, unit_of

ROW: Final = 0.19
"""Height of a row [inch]."""

FAR: Final = 0.2
"""Relative margin from which the colour is full [1]."""


def scoreboard(
    who: About,
    boards: Mapping[str, Sequence[MilestoneResult]],
    language: Language = "en",
    names: Mapping[str, tuple[str, str]] | None = None,
    beside: Sequence[About] = (),
) -> Figure:
    """Draw which milestones each scenario meets, with the value of each.

    Parameters
    ----------
    who
        Run that is named in the title.
    boards
        Judged milestones by the name of the scenario; the first one gives the order.
    names
        What people call the scenarios, in English and Chinese.
    beside
        The other runs, named in the source line.
    """
    first = next(iter(boards.values()))
    rows = [
        result
        for result in first
        if any(_judged(board, result.id) for board in boards.values())
    ]
    height = 1.0 + ROW * max(len(rows), 1)
    counts = [tally(board) for board in boards.values()]
    judged = max(count["met"] + count["missed"] for count in counts)
    reached = sorted({count["met"] for count in counts})
    met = "–".join(str(end) for end in dict.fromkeys((reached[0], reached[-1])))
    with sheet(who, language, height) as paper:
        where = paper.figure.add_axes((0.0, 0.35 / height, 1.0, 1 - 0.85 / height))
        where.set_axis_off()
        where.set_xlim(0, 1)
        where.set_ylim(max(len(rows), 1), 0)
        width = min(0.2, 0.47 / len(boards))
        for column, (name, board) in enumerate(boards.items()):
            left = 0.52 + width * column
            if len(boards) > 1:
                en, zh = (names or {}).get(name, (name, name))
                where.text(
                    left + width / 2, -0.25, paper.say(en, zh)[: int(148 * width)], size=7,
                    ha="center",
                )  # fmt: skip
            known = {result.id: result for result in board}
            for place, row in enumerate(rows):
                result = known.get(row.id)
                status = result.status if result else "not applicable"
                colour = shade(result) if result else STATUS[status]
                where.add_patch(
                    Rectangle((left, place + 0.08), width - 0.006, 0.84, color=colour)
                )
                if result and status != "not applicable":
                    where.text(left + width / 2 - 0.003, place + 0.52, value_text(result),
                        size=6.8 if width > 0.12 else 5.4, ha="center", va="center",
                        color=readable_on(colour))  # fmt: skip
        for place, row in enumerate(rows):
            where.text(
                0.015,
                place + 0.52,
                paper.say(row.label_en, row.label_zh)[:76]
                + (f" [{unit_of(row)}]" if unit_of(row) else ""),
                size=7,
                va="center",
            )
        finding = f"{met} of {judged} milestones are met"
        finding_zh = f"{judged}项里程碑中{met}项达标"
        title(
            paper, who, f"{finding} (blue met, orange missed, darker further off)",
            f"{finding_zh}（蓝色达标，橙色未达标，颜色越深差距越大）", named=len(boards) == 1,
            beside=beside,
        )  # fmt: skip
        return paper.figure


def shade(result: MilestoneResult) -> str:
    """Colour of a result: the darker, the further from its target, a fifth of it at most."""
    if result.status == "not applicable":
        return STATUS[result.status]
    far = abs(result.margin_relative)
    depth = 1.0 if math.isnan(far) else 0.35 + 0.65 * min(1.0, far / FAR)
    full = STATUS[result.status]
    parts = (int(full[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(255 - depth * (255 - part)):02x}" for part in parts)


def value_text(result: MilestoneResult) -> str:
    """Write what a run shows and what is asked, shortly: ``0.27 ≥ 0.25``."""
    return f"{number(result.value, result.unit)} {asked(result)}"


def _judged(board: Sequence[MilestoneResult], name: str) -> bool:
    """Whether a board judges a milestone."""
    return any(item.id == name and item.status != "not applicable" for item in board)
