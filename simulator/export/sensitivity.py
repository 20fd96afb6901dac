"""Figures of a sensitivity study: what matters in a year, and what matters when."""

from typing import Final

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from numpy.typing import NDArray

from simulator.export.canvas import INK, LIGHT, decades, name_bars, sheet, title
from simulator.results.about import about
from simulator.results.quantities import Language
from simulator.results.ranking import leading, projected, ranked

SHOWN: Final = 12
"""Groups that a figure names; the rest matters less."""

LETTERS: Final = 46
"""Letters of the name of a group at most."""

SCALES: Final = {"mu_star": ("mean effect", "平均效应"), "ST": ("total share", "总效应")}
"""What the axis calls the measure that ranks."""

COLOURS: Final = ("#88ccee", "#44546a", "#d55e00", "#009e73", "#7b4173")
"""Colours of the years of a tornado."""


def tornado(
    indices: xr.Dataset, output: str, years: tuple[int, ...], language: Language = "en"
) -> Figure:
    """Bars of the groups that move an output most, in some years, with their confidence.

    Parameters
    ----------
    indices
        Result of `simulator.analysis.sensitivity.sensitivity`.
    output
        Name of an output of the study.
    years
        Years that are shown; a group ranks by the one in which it moves the output most.
    language
        Language of the words.
    """
    measure, part = leading(indices), indices.sel(output=output)
    shown = np.nan_to_num(part[measure].sel(time=list(years)).transpose("time", "group").values)
    order, last = ranked(shown.max(axis=0))[:SHOWN], ranked(shown[-1])[0]
    labels = _called(part, language)[order]
    height = 1.1 + 0.3 * len(order)
    who = about(indices)
    with sheet(who, language, height) as paper:
        where = paper.figure.add_axes((0.36, 0.5 / height, 0.6, 1 - 1.05 / height))
        thick = 0.8 / len(years)
        rows = np.arange(float(len(order)))
        for place, year in enumerate(years):
            chosen = part.sel(time=year).isel(group=order)
            where.barh(
                rows + (place - (len(years) - 1) / 2) * thick, chosen[measure].values, thick,
                xerr=np.nan_to_num(chosen[f"{measure}_conf"].values), label=str(year),
                color=COLOURS[place % len(COLOURS)], error_kw={"ecolor": LIGHT, "lw": 0.8},
            )  # fmt: skip
        name_bars(where, rows, [paper.say(text, text) for text in labels])
        where.set_xlim(left=0.0)
        where.set_xlabel(paper.say(*_scale(indices, output, measure)), color=INK, size=8)
        where.legend(loc="lower right", frameon=False, fontsize=8)
        first, called = _names(part, "group", last), _names(part, "output")
        title(
            paper, who,
            f"{called[0]} in {years[-1]} answers most to: {first[0]}",
            f"{years[-1]}年{called[1]}对“{first[1]}”最敏感",
        )  # fmt: skip
    return paper.figure


def over_time(indices: xr.Dataset, output: str, language: Language = "en") -> Figure:
    """Heat map of the groups that move an output most, by projected year.

    Parameters
    ----------
    indices
        Result of `simulator.analysis.sensitivity.sensitivity`.
    output
        Name of an output of the study.
    language
        Language of the words.
    """
    measure, part = leading(indices), projected(indices.sel(output=output))
    values = np.nan_to_num(part[measure].transpose("group", "time").values)
    order = ranked(values.max(axis=1))[:SHOWN]
    years = part["time"].values.astype(float)
    labels = _called(part, language)[order]
    height = 1.2 + 0.26 * len(order)
    who = about(indices)
    with sheet(who, language, height) as paper:
        where = paper.figure.add_axes((0.36, 0.5 / height, 0.52, 1 - 1.05 / height))
        drawn = where.imshow(
            values[order], aspect="auto", cmap="viridis", vmin=0.0,
            extent=(years[0] - 0.5, years[-1] + 0.5, len(order) - 0.5, -0.5),
        )  # fmt: skip
        where.set_yticks(np.arange(len(order)), [paper.say(text, text) for text in labels])
        where.tick_params(length=0, labelsize=8)
        decades(where, years)
        scale = paper.figure.add_axes((0.9, 0.5 / height, 0.015, 1 - 1.05 / height))
        bar = paper.figure.colorbar(drawn, cax=scale)
        bar.ax.tick_params(labelsize=7)
        bar.set_label(paper.say(*_scale(indices, output, measure)), size=7)
        peak = int(years[int(values[order[0]].argmax())])
        first, called = _names(part, "group", order[0]), _names(part, "output")
        title(
            paper, who,
            f"{called[0]}: {first[0]} matters most, in {peak}",
            f"{called[1]}：“{first[1]}”影响最大（{peak}年）",
        )  # fmt: skip
    return paper.figure


def _called(part: xr.Dataset, language: Language) -> NDArray[np.str_]:
    """What people call the groups, short enough to stand beside their bars."""
    room = LETTERS if language == "en" else LETTERS // 2
    names = [str(name) for name in part[f"group_label_{language}"].values]
    return np.array([name if len(name) <= room else name[: room - 1] + "…" for name in names])


def _names(part: xr.Dataset, axis: str, place: int | None = None) -> tuple[str, str]:
    """What people call a group, or the output, in English and Chinese."""
    en, zh = (part[f"{axis}_label_{language}"].values for language in ("en", "zh"))
    return (str(en), str(zh)) if place is None else (str(en[place]), str(zh[place]))


def _scale(indices: xr.Dataset, output: str, measure: str) -> tuple[str, str]:
    """What the axis says: the measure, and the unit of an output where it has one."""
    unit = str(indices["output_unit"].sel(output=output).item()) if measure == "mu_star" else ""
    en, zh = SCALES[measure]
    return (f"{en} [{unit}]", f"{zh} [{unit}]") if unit else (en, zh)
