"""What would close the gap to a target: a bar for each thing that may be moved."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from simulator.export.canvas import INK, LIGHT, name_bars, sheet, title
from simulator.results.about import About
from simulator.results.closing import Closing
from simulator.results.quantities import Language

ENOUGH: Final = "#0072b2"
"""Colour of a thing that is enough."""

SHORT: Final = "#c3cad3"
"""Colour of a thing that is not."""

WIDEST: Final = -0.5
"""Where the axis ends for things that widen the gap [1]."""

Say = Callable[[str, str], str]
"""Chooses between English and Chinese."""

TOGETHER: Final = ("All together", "全部同时调整")


def gap(
    who: About,
    target: tuple[str, str],
    alone: Sequence[Closing],
    together: Closing | None,
    language: Language = "en",
) -> Figure:
    """Bars of how much of the gap each thing alone closes, and all together.

    Parameters
    ----------
    who
        The scenario that misses the target.
    target
        What it misses, in English and Chinese.
    alone
        Each thing by itself.
    together
        All of them along one line; none where there is one thing only.
    language
        Language of the words.
    """
    bars = sorted(alone, key=lambda one: (-one.share, one.step))
    if together is not None:
        bars.append(together._replace(label_en=TOGETHER[0], label_zh=TOGETHER[1]))
    height = 1.15 + 0.3 * len(bars)
    names = "".join(one.label_en + one.label_zh for one in bars) + "".join(target)
    with sheet(who, language, height, names) as paper:
        where = paper.figure.add_axes((0.36, 0.5 / height, 0.42, 1 - 1.15 / height))
        rows = np.arange(len(bars), dtype=float)
        if together is not None:
            rows[-1] += 0.4
        shares = np.array([min(max(one.share, WIDEST), 1.0) for one in bars])
        colours = [ENOUGH if one.enough else SHORT for one in bars]
        where.barh(rows, shares, 0.66, color=colours)
        for row, share, one in zip(rows.tolist(), shares.tolist(), bars, strict=True):
            where.annotate(
                _told(one, paper.say), (max(share, 0.0), row), xytext=(5, 0), va="center",
                textcoords="offset points", size=7.5, annotation_clip=False,
                color=INK if one.enough else LIGHT,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip
        name_bars(where, rows, [paper.say(one.label_en, one.label_zh) for one in bars])
        where.set_xlim(min(0.0, float(shares.min())), 1.0)
        where.axvline(0.0, color=LIGHT, linewidth=0.8)
        where.xaxis.set_major_formatter(lambda value, _: f"{100 * value:.0f} %")
        where.set_xlabel(
            paper.say("part of the gap that is closed", "差距缩小的比例"), color=INK, size=8
        )
        en, zh = _finding(bars[0], together)
        title(
            paper, who,
            f"{who.label_en} misses “{target[0]}”: {en}",
            f"{who.label_zh}未达到“{target[1]}”：{zh}",
            named=False,
        )  # fmt: skip
        return paper.figure


def _told(one: Closing, say: Say) -> str:
    """What is written at the end of a bar."""
    if one.enough:
        way = f"{100.0 * one.step:.0f} %"
        return say(f"enough at {way} of the way", f"推进到{way}即可")
    left = f"{100.0 * (1.0 - one.share):.0f} %"
    return say(f"{left} is left", f"仍差{left}")


def _finding(best: Closing, together: Closing | None) -> tuple[str, str]:
    """What the figure shows, in English and Chinese."""
    if best.enough:
        return f"{best.label_en} alone can close the gap", f"仅{best.label_zh}即可补足"
    if together is not None and together.enough:
        return "nothing alone closes the gap, all together do", "单独一项不够，合力可以"
    return "these do not close the gap", "所列措施均不足以补足"
