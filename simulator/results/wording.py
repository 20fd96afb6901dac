"""Numbers as people read them, the same in tables, figures and pages."""

import math
from collections.abc import Sequence

from simulator.results.milestones import MilestoneResult

NONE = "–"


def plain(value: float, digits: int) -> str:
    """Write a number with thousands apart; a dash where there is none, zero without a sign."""
    if math.isnan(value):
        return NONE
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0.0 else text


def number(value: float, unit: str) -> str:
    """Write a number with about three digits; shares in per cent, years in full."""
    if math.isnan(value):
        return NONE
    if unit == "1":
        return f"{plain(100.0 * value, 1)} %"
    if unit == "year":
        return f"{value:.0f}"
    return plain(value, 0) if abs(value) >= 100.0 else f"{value:.3g}"


def asked(item: MilestoneResult) -> str:
    """Write what a milestone asks for: ``≥ 25.0 %``."""
    sign = {"<=": "≤", ">=": "≥", "within": "≈"}.get(item.op, item.op)
    return f"{sign} {number(item.target, item.unit)}"


def unit_of(item: MilestoneResult) -> str:
    """Unit of the numbers of a milestone; nothing where they carry it, as shares and years."""
    return "" if item.unit in ("1", "year") else item.unit


def tally(board: Sequence[MilestoneResult]) -> dict[str, int]:
    """Count milestones that are met, missed and not applicable."""
    met = sum(item.status == "pass" for item in board)
    missed = sum(item.status == "fail" for item in board)
    return {"met": met, "missed": missed, "not applicable": len(board) - met - missed}
