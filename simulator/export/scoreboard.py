"""The scoreboard as a figure: milestones down, scenarios across."""

from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from simulator.export.canvas import sheet, title
from simulator.export.palette import STATUS
from simulator.results.about import About
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import Language
from simulator.results.wording import number, tally

ROW = 0.19
"""Height of a row [inch]."""


def scoreboard(
    who: About,
    boards: Mapping[str, Sequence[MilestoneResult]],
    language: Language = "en",
) -> Figure:
    """Draw which milestones each scenario meets, with the value of each.

    Parameters
    ----------
    who
        Run that is named in the title.
    boards
        Judged milestones by the name of the scenario; the first one gives the order.
    """
    first = next(iter(boards.values()))
    rows = [
        result
        for result in first
        if any(_judged(board, result.id) for board in boards.values())
    ]
    height = 1.0 + ROW * max(len(rows), 1)
    count = tally(first)
    met, judged = count["met"], count["met"] + count["missed"]
    with sheet(who, language, height) as paper:
        where = paper.figure.add_axes((0.0, 0.35 / height, 1.0, 1 - 0.85 / height))
        where.set_axis_off()
        where.set_xlim(0, 1)
        where.set_ylim(max(len(rows), 1), 0)
        width = min(0.2, 0.47 / len(boards))
        for column, (name, board) in enumerate(boards.items()):
            left = 0.52 + width * column
            if len(boards) > 1:
                where.text(
                    left + width / 2, -0.25, paper.say(name, name)[:22], size=7, ha="center"
                )
            known = {result.id: result for result in board}
            for place, row in enumerate(rows):
                result = known.get(row.id)
                status = result.status if result else "not applicable"
                where.add_patch(
                    Rectangle((left, place + 0.08), width - 0.006, 0.84, color=STATUS[status])
                )
                if result and status != "not applicable":
                    where.text(left + width / 2 - 0.003, place + 0.52, value_text(result),
                        size=6.8, ha="center", va="center",
                        color="white" if status == "pass" else "black")  # fmt: skip
        for place, row in enumerate(rows):
            where.text(
                0.015,
                place + 0.52,
                paper.say(row.label_en, row.label_zh)[:88],
                size=7,
                va="center",
            )
        title(paper, who,
            f"{met} of {judged} milestones are met (blue met, orange missed)",
            f"{judged}项里程碑中{met}项达标（蓝色达标，橙色未达标）")  # fmt: skip
        return paper.figure


def value_text(result: MilestoneResult) -> str:
    """Write what a run shows and what is asked, shortly: ``0.27 ≥ 0.25``."""
    sign = {"<=": "≤", ">=": "≥", "within": "≈"}.get(result.op, result.op)
    return f"{number(result.value, result.unit)} {sign} {number(result.target, result.unit)}"


def _judged(board: Sequence[MilestoneResult], name: str) -> bool:
    """Whether a board judges a milestone."""
    return any(item.id == name and item.status != "not applicable" for item in board)
