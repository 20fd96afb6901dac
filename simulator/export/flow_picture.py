"""Final energy as a picture of flows inside a page, named in both languages."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from simulator.export.bands import LAST_OBSERVED
from simulator.export.charts_national import Runs
from simulator.export.flows import Flows, final_energy
from simulator.export.page import both
from simulator.export.palette import Band
from simulator.results.about import about

WIDE, TALL, EDGE = 760, 380, 215
"""Size of the picture and room for the names at each side [px]."""


def flow_pictures(runs: Runs) -> str:
    """Draw the last year of history, and the last year of every run."""
    parts = []
    first = next(iter(runs.values()))
    if LAST_OBSERVED in first["time"].values:
        parts.append(_figure(final_energy(first, LAST_OBSERVED), str(LAST_OBSERVED), ("", "")))
    for run in runs.values():
        who, year = about(run), int(run["time"].values[-1])
        parts.append(_figure(final_energy(run, year), str(year), (who.label_en, who.label_zh)))
    return f'<div class="charts">{"".join(parts)}</div>'


def _figure(flows: Flows, year: str, label: tuple[str, str]) -> str:
    """Draw the flows of one year."""
    total = float(flows.table.sum())
    en, zh = (
        f"{mark}{name}" if name else "" for mark, name in zip((", ", "，"), label, strict=True)
    )
    caption = both(
        f"Final energy in {year}{en}: {total:,.0f} EJ",
        f"{year}年终端能源{zh}：{total:,.0f}艾焦",
    )
    if not total > 0.0:
        return ""
    gap = 14.0
    scale = (TALL - gap * max(flows.table.shape)) / total
    left = _starts(flows.table.sum(axis=1) * scale, gap)
    right = _starts(flows.table.sum(axis=0) * scale, gap)
    ribbons, outs, ins = [], left.copy(), right.copy()
    for row, carrier in enumerate(flows.carriers):
        for column, user in enumerate(flows.users):
            size = float(flows.table[row, column])
            if size * scale > 0.05:
                words = f"{carrier.en} → {user.en} / {carrier.zh} → {user.zh}: {size:,.2f} EJ"
                place = (outs[row], ins[column], size * scale)
                ribbons.append(_ribbon(*place, carrier.colour, words))
            outs[row] += size * scale
            ins[column] += size * scale
    sides = [
        *_side(flows.carriers, flows.table.sum(axis=1), left, scale, at_left=True),
        *_side(flows.users, flows.table.sum(axis=0), right, scale, at_left=False),
    ]
    return (
        f'<figure><figcaption>{caption}</figcaption><div class="wide flows">'
        f'<svg viewBox="0 0 {WIDE} {TALL}" role="img" font-size="13">'
        f"{''.join(ribbons)}{''.join(sides)}</svg></div></figure>"
    )


def _starts(sizes: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Where each node begins [px]."""
    return np.concatenate([[0.0], np.cumsum(sizes + gap)[:-1]]) + gap / 2


def _ribbon(start: float, end: float, width: float, colour: str, words: str) -> str:
    """Draw one flow, which says on hovering what it is."""
    near, far = EDGE + 12, WIDE - EDGE - 12
    middle = (near + far) / 2
    path = (
        f"M{near},{start:.1f}C{middle},{start:.1f} {middle},{end:.1f} {far},{end:.1f}"
        f"V{end + width:.1f}C{middle},{end + width:.1f} {middle},{start + width:.1f}"
        f" {near},{start + width:.1f}Z"
    )
    return f'<path d="{path}" fill="{colour}" fill-opacity=".55"><title>{words}</title></path>'


def _side(
    bands: Sequence[Band],
    sizes: NDArray[np.float64],
    starts: NDArray[np.float64],
    scale: float,
    *,
    at_left: bool,
) -> list[str]:
    """Draw the nodes of one side with names and sizes."""
    found = []
    place, anchor, at = (EDGE, "end", EDGE - 6) if at_left else (WIDE - EDGE - 12, "start", 0)
    at = at if at_left else WIDE - EDGE + 6
    side = "left" if at_left else "right"
    for band, size, start in zip(bands, sizes, starts, strict=True):
        height = max(float(size) * scale, 0.5)
        middle = start + height / 2 + 4
        found.append(
            f'<rect x="{place}" y="{start:.1f}" width="12" height="{height:.1f}"'
            f' fill="{band.colour}"/>'
        )
        for tongue, name in (("en", band.en), ("zh-CN", band.zh)):
            found.append(
                f'<text class="{side}" lang="{tongue}" x="{at}" y="{middle:.1f}"'
                f' text-anchor="{anchor}">{name} {size:,.1f}</text>'
            )
    return found
