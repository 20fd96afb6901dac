"""The four stages as bars of a page: where the roadmap has them and where the run has them."""

import math
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulator.export.page import both
from simulator.export.palette import STAGES
from simulator.results.stages import StageBoundaries
from simulator.schema.roadmap import Roadmap

Window = tuple[float, float]


def timeline(
    years: NDArray[np.int64], roadmap: Roadmap | None, found: StageBoundaries | None
) -> str:
    """Draw the declared windows and, below them, the stages of this trajectory."""
    if roadmap is None or not roadmap.stages:
        return ""
    first, last = float(years[0]), float(years[-1]) + 1.0
    names = [(stage.label.en, stage.label.zh) for stage in roadmap.stages]
    declared = [(stage.window.start, stage.window.end) for stage in roadmap.stages]
    parts = [_heading("Declared", "规划窗口"), _bar(names, declared, first, last)]
    if found is not None:
        reached = [
            last if math.isnan(year) else year for year in (found.t1 + 1, found.t2, found.t3)
        ]
        edges = [first, *reached, last]
        parts += [
            _heading("Computed from this run", "由本次模拟计算"),
            _bar(names, pairwise(edges), first, last),
            _neutrality(found),
        ]
    return "\n".join(parts)


def _heading(en: str, zh: str) -> str:
    """Write what a bar shows."""
    return f'<p class="soft">{both(en, zh)}</p>'


def _neutrality(found: StageBoundaries) -> str:
    """Say when net emissions reach zero, and when they peaked."""
    if math.isnan(found.t4):
        text = both("Net CO₂ does not reach zero.", "未实现净零排放。")
    else:
        text = both(
            f"Net CO₂ reaches zero in {found.t4:.0f}.", f"{found.t4:.0f}年实现净零排放。"
        )
    return f"<p>{text}</p>"


def _bar(
    names: Sequence[tuple[str, str]], windows: Iterable[Window], first: float, last: float
) -> str:
    """Draw one line of the timeline; a stage without years is left out."""
    parts, named = [], []
    for (en, zh), window, colour in zip(names, windows, STAGES, strict=False):
        start, end = max(window[0], first), min(window[1], last)
        if end <= start:
            continue
        left, width = (100 * years / (last - first) for years in (start - first, end - start))
        span = f"{start:.0f}–{min(end, last - 1.0):.0f}"
        style = f"left:{left:.2f}%;width:{width:.2f}%;background:{colour}"
        parts.append(
            f'<span class="part" title="{escape(en)} / {escape(zh)} {span}" style="{style}">'
            f"{span}</span>"
        )
        named.append(
            f'<span class="soft"><i style="background:{colour}"></i>'
            f"{both(f'{en} {span}', f'{zh} {span}')}</span>"
        )
    bar, key = "".join(parts), "".join(named)
    return f'<div class="bar">{bar}</div><div class="key">{key}</div>'
