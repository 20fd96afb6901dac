"""The scoreboard as tables of a page: what is met, what is missing, and by how much."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

from simulator.export.canvas import readable_on
from simulator.export.page import both, table
from simulator.export.scoreboard import shade
from simulator.results.milestones import MilestoneResult
from simulator.results.wording import asked, number, tally, unit_of

STATUS: Final = {
    "pass": ("met", "达标"),
    "fail": ("missed", "未达标"),
    "not applicable": ("not applicable", "不适用"),
}


def missing(board: Sequence[MilestoneResult]) -> str:
    """Count what is met, and list what is missed by how much, the furthest off first."""
    if not board:
        return ""
    met, missed, rest = tally(board).values()
    text = both(
        f"{met} met, {missed} missed, {rest} not applicable.",
        f"达标{met}项，未达标{missed}项，不适用{rest}项。",
    )
    lost = [item for item in board if item.status == "fail"]
    lost.sort(key=lambda item: -abs(item.margin_relative) if item.target else 0.0)
    head = [
        both("What is missing", "差在哪里"), both("Value", "模拟值"), both("Target", "目标"),
        both("Short by", "缺口"),
    ]  # fmt: skip
    rows = [
        [
            both(item.label_en, item.label_zh),
            number(item.value, item.unit),
            _target(item),
            _short(item),
        ]
        for item in lost
    ]
    return f"<p>{text}</p>" + (table(head, rows, 3) if rows else "")


def _short(item: MilestoneResult) -> str:
    """Write by how much a target is missed."""
    if item.unit == "1":
        return both(
            f"{abs(100 * item.margin):.1f} points", f"{abs(100 * item.margin):.1f}个百分点"
        )
    if item.unit == "year":
        return both(f"{abs(item.margin):.0f} years", f"{abs(item.margin):.0f}年")
    return f"{number(abs(item.margin), item.unit)} {escape(item.unit)}"


def _target(item: MilestoneResult) -> str:
    """Write what is asked, with its unit."""
    return escape(f"{asked(item)} {unit_of(item)}".strip())


def board_of(board: Sequence[MilestoneResult]) -> str:
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
        _target(item),
        number(item.margin, "1" if item.unit == "1" else "") if known else "–",
        "–" if item.year_met is None else str(item.year_met),
    ]


def boards_side_by_side(
    boards: Mapping[str, Sequence[MilestoneResult]], labels: Mapping[str, tuple[str, str]]
) -> str:
    """Write the scoreboards as a heat map: milestones down, scenarios across."""
    order = {item.id: item for board in boards.values() for item in board}
    known = {name: {item.id: item for item in board} for name, board in boards.items()}
    rows = []
    for name, item in order.items():
        cells = [_cell(board.get(name)) for board in known.values()]
        rows.append([both(item.label_en, item.label_zh), _target(item), *cells])
    heads = [both(*labels[name]) for name in boards]
    head = [both("Milestone", "里程碑"), both("Target", "目标"), *heads]
    return table(head, rows, len(heads)) if rows else ""


def _cell(result: MilestoneResult | None) -> str:
    """Write one result with its value on the colour of how far it is from its target."""
    if result is None or result.status == "not applicable":
        return "–"
    value, colour = number(result.value, result.unit), shade(result)
    style = f"background:{colour};color:{readable_on(colour)};padding:.1rem .35rem"
    met = "yes" if result.status == "pass" else "no"
    word = f'<span class="word">{both(*STATUS[result.status])}</span>'
    return f'<span class="{met}" style="{style}">{value} {word}</span>'
