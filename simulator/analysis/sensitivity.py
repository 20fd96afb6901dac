"""Indices of a study: every output, every year, on labelled axes."""

from dataclasses import replace
from typing import Any, Final

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.analysis.indices import CONFIDENCE, MEASURES, indices
from simulator.analysis.outputs import called, unit_of
from simulator.analysis.study import Study
from simulator.errors import ScenarioError
from simulator.results.expression import Evaluation
from simulator.version import code_version

FloatArray = NDArray[np.float64]

NAMES: Final = {
    "mu_star": "Mean size of elementary effects",
    "mu": "Mean of elementary effects",
    "sigma": "Spread of elementary effects",
    "ST": "Total share of the variance",
    "S1": "First-order share of the variance",
}
"""What the measures are called."""

SHARES: Final = ("ST", "S1")
"""Measures that are shares; the others have the unit of their output."""


def sensitivity(study: Study, runs: xr.Dataset, size: int | None = None) -> xr.Dataset:
    """Indices of every output in every year.

    Parameters
    ----------
    study
        The study.
    runs
        Its results, as `open_sweep` returns them.
    size
        Trajectories, or rows of the base sample, that are used: the first ones. All, unless
        given; smaller ones show whether the indices have settled.

    Returns
    -------
    xarray.Dataset
        `MEASURES` of the method along ``output``, ``group`` and ``time``; ``used`` says how
        many trajectories or rows of the base sample had all their runs. An output that
        belongs to no year has the same indices in all.

    Raises
    ------
    ScenarioError
        The results are not those of the study.
    """
    layout = replace(study.layout, size=size or study.layout.size)
    if not 2 <= layout.size <= study.layout.size:
        message = f"size must lie between 2 and {study.layout.size}, found {layout.size}"
        raise ScenarioError(message)
    _refuse_others(study, runs)
    count = layout.size * layout.block
    part = runs.isel(scenario=slice(0, count)).load()
    evaluation, years = Evaluation(part), part["time"].values
    measures = MEASURES[layout.method]
    shape = (len(study.outputs), len(study.groups), len(years))
    found = {name: np.full(shape, np.nan) for name in measures}
    used = np.zeros((shape[0], shape[2]), np.int64)
    for place, output in enumerate(study.outputs):
        values = evaluation.table(output).reshape(count, -1)
        worked = indices(layout, study.sample[:count], values, study.content.resamples)
        for name in measures:
            found[name][place] = worked[name]
        whole = np.isfinite(values).reshape(layout.size, layout.block, -1).all(axis=1)
        used[place] = whole.sum(axis=0)
    return _dataset(study, years, found, used)


def _dataset(
    study: Study, years: NDArray[Any], found: dict[str, FloatArray], used: NDArray[np.int64]
) -> xr.Dataset:
    """Put indices on their axes."""
    variables: dict[str, Any] = {}
    for name, values in found.items():
        plain = name.removesuffix("_conf")
        ending = f", half width at {CONFIDENCE:.0%} confidence" if plain != name else ""
        attributes = {
            "long_name": NAMES[plain] + ending,
            "units": "1"
            if plain in SHARES
            else "unit of the output over the range of the group",
        }
        variables[name] = (("output", "group", "time"), values, attributes)
    variables["used"] = (("output", "time"), used, {"long_name": "Blocks with all their runs"})
    names = [called(*pair) for pair in zip(study.content.outputs, study.outputs, strict=True)]
    coordinates = {
        "output": list(study.content.outputs),
        "expression": ("output", [output.text for output in study.outputs]),
        "output_unit": ("output", [unit_of(output) for output in study.outputs]),
        "output_label_en": ("output", [en for en, _ in names]),
        "output_label_zh": ("output", [zh for _, zh in names]),
        "group": list(study.groups),
        "group_label_en": ("group", [en for en, _ in study.labels]),
        "group_label_zh": ("group", [zh for _, zh in study.labels]),
        "time": years,
    }
    attributes = {
        "scenario": study.content.name,
        "label_en": study.content.label.en,
        "label_zh": study.content.label.zh,
        "scenario_hash": study.sweep.digest,
        "code_version": code_version(),
        "method": study.content.method,
        "base": study.sweep.bases[0].name,
    }
    return xr.Dataset(variables, coordinates, attributes)


def _refuse_others(study: Study, runs: xr.Dataset) -> None:
    """Refuse results whose sample is another."""
    rows = runs.sizes.get("scenario", 0)
    same = rows == len(study.sweep) and runs.attrs.get("sweep_hash") == study.sweep.digest
    if not same:
        message = (
            f"these results are not those of the study {study.content.name}: {rows} scenarios "
            f"where {len(study.sweep)} were drawn, or other inputs; run the study first"
        )
        raise ScenarioError(message)
