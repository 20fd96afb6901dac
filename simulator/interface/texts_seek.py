"""Words of the commands ``seek`` and ``attribute``, in English and Chinese."""

from collections.abc import Mapping
from typing import Final

SEEK: Final[Mapping[str, tuple[str, str]]] = {
    "seek": (
        "Say what it takes to meet a milestone: how far each thing must go, and all together.",
        "说明达到某个里程碑需要什么：各项措施单独、或一同须推进到何种程度。",
    ),
    "option.write": (
        "Write the scenario that meets it to this file.",
        "将达标的情景写入此文件。",
    ),
    "option.schema_kind": (
        "[scenario|sweep|study|target]",
        "[scenario|sweep|study|target]",
    ),
    "seek_target": ("{label}: {op} {target}{margin}", "{label}：{op} {target}{margin}"),
    "seek_margin": (", with {margin} to spare", "，并留有{margin}的余量"),
    "seek_before": (
        "{name} has {value}: {missing} is missing.",
        "{name}为{value}，尚差{missing}。",
    ),
    "seek_before_none": (
        "{name} has no value for it yet: {reason}.",
        "{name}尚无此值：{reason}。",
    ),
    "seek_needless": (
        "{name} has {value}: the target is met already, with {room} to spare. Nothing to do.",
        "{name}为{value}：目标已达到，余量{room}。无需调整。",
    ),
    "seek_alone": ("\nEach alone, all else as it is", "\n各项单独调整，其余不变"),
    "seek_moved": ("moved", "调整项"),
    "seek_now": ("now", "现值"),
    "seek_end": ("far end", "最远"),
    "seek_settings": ("{count} settings", "{count}项设定"),
    "seek_needed": ("needed", "所需"),
    "seek_result": ("result", "结果"),
    "seek_cannot": (
        "cannot: at best {missing} is missing",
        "不能：最多仍差{missing}",
    ),
    "seek_enough": ("{share} of the way", "路程的{share}"),
    "seek_together": (
        "\nAll together: {share} of the way to their far ends is enough.",
        "\n全部同时调整：推进到最远端的{share}即可达标。",
    ),
    "seek_together_cannot": (
        "\nAll together: cannot. Even so {missing} is missing, at {share} of the way.",
        "\n全部同时调整：仍不能达标，在路程{share}处最近，仍差{missing}。",
    ),
    "seek_lost": (
        "From {share} of the way on it is missed again.",
        "超过路程{share}后又不达标。",
    ),
    "seek_answer": (
        "\n{label} then has {value}, {room} to spare ({runs} runs):",
        "\n此时{label}为{value}，余量{room}（共运行{runs}次）：",
    ),
    "seek_idle": (
        "  as they are, because nothing is gained by them: {names}",
        "  保持不变（调整无益）：{names}",
    ),
    "seek_least": (
        "  with least {what} of all mixes that were tried: {after} instead of {before}",
        "  所试组合中{what}最小：由{before}变为{after}",
    ),
    "seek_years": ("{value} years", "{value}年"),
    "seek_else": ("\nWhat else moves", "\n其他变化"),
    "seek_cumulative": ("Net CO2 from 2025 on", "2025年起累计净排放"),
    "seek_cost": (
        "Extra system cost, present value",
        "增加的系统成本（现值）",
    ),
    "seek_per_tonne": ("Extra cost per tonne avoided", "减排成本"),
    "seek_won": ("Milestones won: {names}", "新达标的里程碑：{names}"),
    "seek_lost_milestones": ("Milestones lost: {names}", "不再达标的里程碑：{names}"),
    "seek_none": ("none", "无"),
    "seek_failed": (
        "No setting within these ranges meets the target.",
        "在所给范围内，没有任何设定能达到目标。",
    ),
    "attribute_start": (
        "{first} to {second}: they differ in {count} policies and parameters",
        "{first}至{second}：共有{count}项政策和参数不同",
    ),
    "attribute_head": (
        "\nWhat each adds to net CO2, {second} less {first} [Mt CO2/yr; from 2025 on Gt]",
        "\n各项对净排放差额的贡献，{second}减{first}（百万吨/年；2025年起累计为十亿吨）",
    ),
    "attribute_cumulative": ("from 2025", "累计"),
    "attribute_error": ("±", "±"),
    "attribute_total": ("All together", "合计"),
    "attribute_side": ("{name}, net CO2", "{name}净排放"),
    "attribute_method": (
        "Shapley values by {runs} runs: {method}. ± is the standard error of the sum.",
        "Shapley值，共运行{runs}次：{method}。±为累计值的标准误差。",
    ),
    "attribute_exact": ("every combination", "全部组合"),
    "attribute_sampled": (
        "{orders} orders drawn in pairs, seed {seed}",
        "成对抽取{orders}种先后次序，种子{seed}",
    ),
    "seek_to_write": (
        "To keep it: {command}",
        "如需保存：{command}",
    ),
    "seek_nothing_written": (
        "{file} is not written: there is no such scenario.",
        "未写入{file}：没有这样的情景。",
    ),
}
