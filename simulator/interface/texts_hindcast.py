"""Words of the command ``hindcast --until``, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

HINDCAST: Final[Mapping[str, tuple[str, str]]] = {
    "drivers_expected": ("expected drivers", "预期驱动"),
    "drivers_observed": ("observed drivers", "实测驱动"),
    "expected": ("expected", "预期"),
    "observed": ("observed", "实测"),
    "driver_macro": ("macro", "宏观"),
    "driver_price": ("prices", "价格"),
    "driver_trade": ("trade", "贸易"),
    "hindcast_until": (
        "--out, --engine, --members and --drivers belong to --until YEAR or --rolling",
        "--out、--engine、--members与--drivers须与--until YEAR或--rolling一同使用",
    ),
    "hindcast_years": (
        "--until takes a year from {first} to {last}: it needs years before and after it",
        "--until须在{first}至{last}年之间：前后均须有观测年份",
    ),
    "heldout": (
        "{name}, known to {until}: mean absolute error of the years after it",
        "{name}：以{until}年为已知终点，其后各年平均绝对误差",
    ),
    "heldout_better": (
        "Better than both yardsticks in {better} of {count} series; two thirds: {verdict}.",
        "{count}个序列中有{better}个优于两把标尺；三分之二的要求：{verdict}。",
    ),
    "heldout_missing": (
        "{name}: what is missing: {lacks}.",
        "{name}：所缺机制：{lacks}。",
    ),
    "heldout_unexplained": ("nothing here explains it", "此处无解释"),
    "heldout_bands": (
        "90 % bands of {members} runs hold {share} % of points; {least}-{most} %: {verdict}.",
        "{members}个成员的90%区间涵盖{share}%的实测点；要求{least}%至{most}%：{verdict}。",
    ),
    "heldout_bands_hold": (
        "They hold behaviour, outlooks and errors of earlier cuts; without these {share} %.",
        "区间包含行为、前景与更早截止点的误差；不计后者则涵盖{share}%。",
    ),
    "heldout_offset": (
        "Errors offset each other: the parts of CO2 are off by {parts} Mt, it by {total} Mt.",
        "误差相互抵消：各燃料与过程的偏差合计{parts}百万吨，总量偏差{total}百万吨。",
    ),
    "heldout_foreknown": (
        "Policies that act as known: {names}.",
        "视为已知的政策：{names}。",
    ),
    "heldout_drivers": (
        "Drivers: product (outlook of that year), people, prices, trade: the known goes on.",
        "驱动：国内生产总值（取当年经合组织展望）、人口、价格、贸易；其余按已知走势延续。",
    ),
    "heldout_judged": (
        "Judged (bias, worst year, bars, yardsticks): {drivers}.",
        "评判（偏差、最差年份、允许值、标尺）所用：{drivers}。",
    ),
    "heldout_by_driver": (
        "Bias by driver: what each changes alone, and what is left with all as observed",
        "偏差分解：各类驱动单独取实测的影响，以及全部取实测后所余",
    ),
    "heldout_shipped": (
        "Parameters were fitted to all of history; --refit fits them to the cut.",
        "参数由全部历史校准；--refit 按截止前的年份重新校准。",
    ),
    "heldout_refitted": (
        "Fitted anew: {count} parameters, to the years up to {until}.",
        "重新校准：{count}个参数，仅用截至{until}年的数据。",
    ),
    "heldout_hindsight": (
        "{count} groups of constants that no fit moves were set with later years in view.",
        "不参与校准的常数中，{count}组在设定时参考了此后年份。",
    ),
    "heldout_rolling": (
        "Mean absolute error by last known year; * is better than both yardsticks",
        "按最后已知年份的平均绝对误差；*表示优于两把标尺",
    ),
}
