"""A section of the report: how well the model does on years that it has not seen."""

import math
from html import escape
from typing import Final

from simulator.export.page import both, folded, table
from simulator.results.history import OPEN, Fitted, Held, History

COVERED: Final = (0.80, 0.98)
"""Part of the observed points that sound bands of 90 % hold [1]."""

WIDTH: Final = {
    True: (", so these are too narrow", "，区间过窄"),
    False: (", so these are too wide", "，区间过宽"),
}
"""What bands are that hold too few points, or too many."""


def history_section(found: History | None) -> str:
    """Write errors of a hindcast, coverage of its bands, and what history leaves open."""
    if found is None or not found.series:
        return ""
    return errors(found) + _open(found) + _repeat(found)


def errors(found: History) -> str:
    """Write how far the model was off, series by series, and what it lacks."""
    return _words(found) + _table(found) + _missing(found)


def _words(found: History) -> str:
    """Say in plain words what was done and how it went."""
    promised = [item for item in found.series if item.met is not None]
    met = sum(bool(item.met) for item in promised)
    judged = [item for item in found.series if item.better is not None]
    better = sum(bool(item.better) for item in judged)
    first, last = min(i.first for i in found.series), max(i.last for i in found.series)
    en = (
        f"Shown nothing after {found.until}, the model ran on to {last} and was held against"
        f" what was observed from {first} on. In {met} of {len(promised)} series with a stated"
        " limit every year stays within it; in"
        f" {better} of {len(judged)} the model is nearer than both yardsticks, the last known"
        " value and the trend of the five years before."
    )
    zh = (
        f"模型只知道截至{found.until}年的历史，随后自行运行至{last}年，"
        f"与{first}年以来的实际值对照。设有误差上限的{len(promised)}个序列中，"
        f"{met}个各年均在限内；{len(judged)}个序列中有{better}个优于两种基准"
        "（末值延续与此前五年线性趋势）。"
    )
    if found.members:
        share, (least, most) = found.coverage, COVERED
        verdict = ("", "") if least <= share <= most else WIDTH[share < least]
        en += (
            f" The 90 % bands of {found.members} members hold {100 * share:.0f} % of the"
            f" observed points; sound ones would hold {100 * least:.0f} to {100 * most:.0f} %"
            f"{verdict[0]}."
        )
        zh += (
            f"{found.members}个成员的90%区间涵盖{100 * share:.0f}%的实际点，"
            f"合理范围为{100 * least:.0f}%至{100 * most:.0f}%"
            f"{verdict[1]}。"
        )
    return f"<p>{both(en, zh)}</p>"


def _table(found: History) -> str:
    """Write the errors by series, those with a limit first."""
    head = [
        both("Series", "序列"), both("Mean error", "平均误差"),
        both("Last value", "末值延续"), both("Trend", "线性趋势"),
        both("Worst year", "最差年份"), both("Limit", "上限"), "",
    ]  # fmt: skip
    order = sorted(found.series, key=lambda item: item.bar is None)
    promised = [_row(item) for item in order if item.bar is not None]
    rest = [_row(item) for item in order if item.bar is None]
    more = folded(
        f"{len(rest)} series without a stated limit", f"未设上限的{len(rest)}个序列",
        table(head, rest, len(head) - 1),
    ) if rest else ""  # fmt: skip
    return table(head, promised, len(head) - 1) + more


def _row(item: Held) -> list[str]:
    """Write one series."""
    verdict = {
        None: "",
        True: f'<span class="pass">{both("within", "达标")}</span>',
        False: f'<span class="fail">{both("missed", "未达标")}</span>',
    }
    mean = _share(item.model)
    return [
        both(item.en, item.zh),
        f"<b>{mean}</b>" if item.better else mean,
        _share(item.last_value),
        _share(item.linear_trend),
        f"{100 * item.worst:+.1f} %".replace("-", "−"),
        "" if item.bar is None else f"{100 * item.bar:.0f} %",
        verdict[item.met],
    ]


def _share(value: float) -> str:
    """Write a share in per cent."""
    return "–" if math.isnan(value) else f"{100 * value:.1f} %"


def _missing(found: History) -> str:
    """Say what the model lacks where it misses."""
    items = [
        f"<li>{both(item.en, item.zh)}{both(': ', '：')}"
        f"{both(item.missing_en, item.missing_zh)}</li>"
        for item in found.series
        if item.met is False and item.missing_en
    ]
    if not items:
        return ""
    title = both("What the model lacks where it misses", "未达标处模型所缺的机制")
    return f"<h3>{title}</h3><ul>{''.join(items)}</ul>"


def _open(found: History) -> str:
    """Say which parameters history leaves open."""
    fitted = [item for item in found.fitted if item.verdict != "closed"]
    if not fitted:
        return ""
    left = [item for item in fitted if item.verdict == OPEN]
    en = (
        f"Of {len(fitted)} parameters that were fitted, history narrows"
        f" {len(fitted) - len(left)}. The other {len(left)} could lie anywhere in their ranges"
        " without the model telling the past much worse: what it says of the future rests there"
        " on the judgement that chose them, not on the past."
    )
    zh = (
        f"参与校准的{len(fitted)}个参数中，历史数据收窄了{len(fitted) - len(left)}个；"
        f"其余{len(left)}个在各自范围内任意取值，都不会使模型对历史的再现明显变差："
        "由它们决定的未来结果依据的是判断，而非历史。"
    )
    title = both("What history leaves open", "历史未能约束的参数")
    lists = "".join(_stage(left, pair) for pair in dict.fromkeys(
        (item.stage_en, item.stage_zh) for item in left
    ))  # fmt: skip
    more = folded(f"The {len(left)} parameters", f"{len(left)}个参数", lists) if left else ""
    return f"<h3>{title}</h3><p>{both(en, zh)}</p>{more}"


def _stage(left: list[Fitted], stage: tuple[str, str]) -> str:
    """List what a stage leaves open."""
    keys = [escape(item.key) for item in left if item.stage_en == stage[0]]
    return f"<p>{both(*stage)}<br><small>{'; '.join(keys)}</small></p>"


def _repeat(found: History) -> str:
    """Say how it was measured."""
    line = escape(" · ".join([
        found.scenario, f"shuangtan {found.version}", found.digest[:16], *found.commands,
    ]))  # fmt: skip
    words = both("Shipped with the project, measured by:", "随软件附带，测算命令：")
    return f'<p class="soft">{words} {line}</p>'
