"""Parts of the report that say how far to trust it: what the assumptions do to the outcome."""

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final, NamedTuple

from simulator.export.page import both, table
from simulator.results.effects import Effect, ranked_effects
from simulator.results.wording import NONE

SHOWN: Final = 10
"""Assumptions that a report ranks for a year."""


class Matters(NamedTuple):
    """What each uncertain assumption does, and around which scenario it was measured."""

    effects: Sequence[Effect]
    label: tuple[str, str]
    """The scenario, in English and Chinese."""
    citations: Mapping[str, str]
    """Sources by their keys."""
    own: bool
    """Whether it was measured for a run of the page; else the project ships it."""
    outdated: bool = False
    """Whether that scenario has changed since."""


def effect_tables(found: Matters | None) -> str:
    """Write the assumptions that move net emissions most, a table for each year."""
    if found is None or not found.effects:
        return ""
    years = list(dict.fromkeys(item.year for item in found.effects))
    return _how(found) + "".join(_year(found, year) for year in years)


def _how(found: Matters) -> str:
    """Say how the ranking came about."""
    first, count = found.effects[0], len({item.key for item in found.effects})
    en = (
        f"Ranked by effect: each of {count} assumptions was set to the low, then to the high"
        f" end of its range in “{found.label[0]}”, all else left alone, and the model was run."
        " What two of them do together is not in these tables."
    )
    zh = (
        f"按影响大小排序：在“{found.label[1]}”情景中，{count}项假设逐项取范围的下限与上限，"
        "其余不变，各运行一次模型。表中不含多项假设的共同作用。"
    )
    if not found.own:
        en += (
            " The project ships this measurement; for a scenario of your own run it with"
            " --assumptions."
        )
        zh += "此为随软件附带的测算；自建情景可加 --assumptions 运行。"
    if found.outdated:
        en += " The scenario has changed since it was measured."
        zh += "测算之后该情景已有改动。"
    line = escape(f"{first.scenario} · shuangtan {first.version} · {first.digest[:16]}")
    return f'<p>{both(en, zh)}<br><span class="soft">{line}</span></p>'


def _year(found: Matters, year: int) -> str:
    """Write the ranking of one year."""
    ranked = ranked_effects(found.effects, year)[:SHOWN]
    top, base = max(item.size for item in ranked) or 1.0, ranked[0].base
    title = both(
        f"What moves net CO₂ in {year} most, in Mt (the scenario has {base:,.0f})",
        f"对{year}年净排放影响最大的假设（百万吨，情景值{base:,.0f}）",
    )
    head = [
        both("Assumption", "假设"), both("Value, range and source", "取值、范围与来源"),
        both("At low", "取下限"), both("At high", "取上限"),
    ]  # fmt: skip
    rows = [_row(item, found.citations, item.size / top) for item in ranked]
    return f"<h3>{title}</h3>" + table(head, rows, 2)


def _row(item: Effect, citations: Mapping[str, str], share: float) -> list[str]:
    """Write one assumption with a bar for its size."""
    unit = "" if item.unit == "1" else f" {escape(item.unit)}"
    factor = "×" if item.key.endswith(".scale") else ""
    value = NONE if math.isnan(item.value) else f"{factor}{item.value:g}{unit}"
    judged = item.source == "assumption"
    source = (
        both("a judgement", "判断") if judged
        else escape(citations.get(item.source, item.source))
    )  # fmt: skip
    where = f"<br>{escape(item.where)}" if item.where else ""
    told = f"<small>{source}{where}</small>"
    bar = f'<span class="size" style="width:{100 * share:.0f}%"></span>'
    return [
        f"{both(item.label_en, item.label_zh)}{bar}",
        f"{value} ({factor}{item.low:g} – {factor}{item.high:g})<br>{told}",
        _change(item.at_low - item.base),
        _change(item.at_high - item.base),
    ]


def _change(value: float) -> str:
    """Write a change with its sign."""
    return f"{value:+,.0f}".replace("-", "−")
