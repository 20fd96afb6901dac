"""Tables and lists of the report: headline, changes, assumptions, stages of sectors, books."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

import xarray as xr

from simulator.export.page import both, folded, table
from simulator.export.waterfall import steps
from simulator.results.about import About, about
from simulator.results.headline import Headline
from simulator.results.sectors import COLUMNS, SectorPath
from simulator.results.wording import plain


class ChangeLine(NamedTuple):
    """What a scenario has otherwise than another one, as text."""

    path: str
    before: str
    after: str
    origin: str
    """Place that made the difference, empty when none did."""


class Assumption(NamedTuple):
    """A number of the model that is judged rather than measured."""

    path: str
    value: str
    unit: str
    low: float
    high: float
    note: str


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


def between(runs: Mapping[str, xr.Dataset]) -> str:
    """Write by how much the sectors of each run differ from those of the first one."""
    if len(runs) < 2:
        return ""
    first, *others = runs.values()
    year = min(int(run["time"].values[-1]) for run in runs.values())
    found = [steps(first, other, year) for other in others]
    base, people = about(first), [about(other) for other in others]
    title = both(
        f"Net CO₂ in {year} against {base.label_en}, by sector [Mt]",
        f"{year}年净排放与{base.label_zh}相比的分行业差异（百万吨）",
    )
    head = [both("Sector", "行业"), *(both(who.label_en, who.label_zh) for who in people)]
    rows = [
        [both(band.en, band.zh), *(f"{one.steps[place][1]:+,.0f}" for one in found)]
        for place, (band, _) in enumerate(found[0].steps)
    ]
    totals = [f"<b>{one.end - one.start:+,.0f}</b>" for one in found]
    rows.append([f"<b>{both('Together', '合计')}</b>", *totals])
    return f"<h3>{title}</h3>" + table(head, rows, len(others))


def change_table(changes: Sequence[ChangeLine]) -> str:
    """Write changes, one a line."""
    head = [
        both("Parameter", "参数"),
        both("Before", "原值"),
        both("After", "现值"),
        both("Set at", "设定位置"),
    ]
    return table(head, [[escape(cell) for cell in change] for change in changes])


def assumption_table(found: Sequence[Assumption]) -> str:
    """Write the judgements whose range is widest."""
    if not found:
        return ""
    words = both(
        "Numbers that are judged rather than measured, those with the widest range for their"
        " size first. A wide range need not matter for the result.",
        "以下为判断而非实测的数值，按相对范围由宽到窄排列。范围宽不等于影响大。",
    )
    head = [
        both("Parameter", "参数"),
        both("Value", "取值"),
        both("Range", "范围"),
        both("Unit", "单位"),
        both("Note", "说明"),
    ]
    rows = [
        [
            escape(item.path),
            escape(item.value),
            f"{item.low:g} – {item.high:g}",
            escape(item.unit),
            f"<small>{escape(item.note)}</small>",
        ]
        for item in found
    ]
    return folded(
        f"{len(rows)} assumptions with the widest ranges", f"范围最宽的{len(rows)}项假设",
        f'<p class="soft">{words}</p>' + table(head, rows),
    )  # fmt: skip


def notes(who: About) -> str:
    """Write warnings and what is set, but not modelled yet."""
    english = {text for text, _ in who.remarks}
    items = [escape(text) for text in who.warnings if text not in english]
    items += [both(*remark) for remark in who.remarks]
    items += [
        both(f"{name}: not yet active", f"{name}：尚未建模，不起作用") for name in who.inactive
    ]
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""


def ledger(who: About) -> str:
    """Write how well each conservation law closes."""
    head = [both("Law", "守恒律"), both("largest residual, relative", "最大相对残差")]
    rows = [[escape(name), f"{value:.1e}"] for name, value in who.ledger.items()]
    return table(head, rows, 1) if rows else ""


def sector_stages(paths: Sequence[SectorPath]) -> str:
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
