r"""Samples and indices of sensitivity analysis, by SALib, for any function of some inputs.

``morris``: elementary effects of each group of inputs along trajectories that change one group
at a time [1]_; :math:`\mu^*` is the mean of their sizes, :math:`\sigma` their spread.

``sobol``: shares of the variance of the output [2]_. The first-order index :math:`S_1` is what
a group explains alone, the total index :math:`S_T` what would remain if all others were known.

Indices of a sample that does not have the form that its method needs would be numbers without
a meaning, so such a sample is refused. Rows without an output are left out with all rows of
their trajectory, or of their row of the base sample.

References
----------
.. [1] Morris (1991), Technometrics 33, 161-174; Campolongo, Cariboni and Saltelli (2007).
.. [2] Saltelli et al. (2010), Computer Physics Communications 181, 259-270.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.errors import ScenarioError
from simulator.schema.study import LEVELS, Method

FloatArray = NDArray[np.float64]

MEASURES: Final[dict[Method, tuple[str, ...]]] = {
    "morris": ("mu_star", "mu_star_conf", "mu", "sigma"),
    "sobol": ("ST", "ST_conf", "S1", "S1_conf"),
}
"""What each method says of a group, the measure that ranks them first."""

CONFIDENCE: Final = 0.9
"""Confidence of the intervals [1]."""


@dataclass(frozen=True)
class Layout:
    """Which sample is drawn over which groups of inputs."""

    method: Method
    size: int
    """Trajectories, or rows of the base sample."""
    groups: tuple[int, ...]
    """Group of each input, counted from 0 in the order of their first inputs."""
    seed: int

    @property
    def count(self) -> int:
        """Number of groups."""
        return max(self.groups) + 1

    @property
    def block(self) -> int:
        """Rows that belong together: a trajectory, or a row of the base sample."""
        return self.count + (1 if self.method == "morris" else 2)


def points(layout: Layout) -> FloatArray:
    """Draw the sample.

    Returns
    -------
    numpy.ndarray
        Points between 0 and 1, shape ``(size * block, input)``.

    Raises
    ------
    ScenarioError
        SALib is not installed, or a base sample is no power of two.
    """
    problem = _problem(layout)
    if layout.method == "morris":
        found = _salib("sample.morris").sample(
            problem, layout.size, num_levels=LEVELS, seed=layout.seed
        )
    else:
        if layout.size & (layout.size - 1):
            message = (
                f"a Sobol sample is balanced for powers of two only, found n: {layout.size}"
            )
            raise ScenarioError(message)
        found = _salib("sample.sobol").sample(
            problem, layout.size, calc_second_order=False, seed=layout.seed
        )
    return np.asarray(found, dtype=np.float64)


def refuse_unfit(layout: Layout, sample: FloatArray) -> None:
    """Raise ScenarioError unless a sample has the form that the method needs.

    Parameters
    ----------
    layout
        The method and its groups.
    sample
        Rows of inputs, ``(row, input)``.
    """
    rows, inputs = sample.shape
    if inputs != len(layout.groups):
        message = f"the sample has {inputs} inputs, the study {len(layout.groups)}"
        raise ScenarioError(message)
    if rows == 0 or rows % layout.block:
        message = (
            f"{layout.method} over {layout.count} groups needs blocks of {layout.block} rows; "
            f"the sample has {rows}"
        )
        raise ScenarioError(message)
    blocks = sample.reshape(-1, layout.block, inputs)
    fits = _is_path if layout.method == "morris" else _is_mixture
    if not fits(layout, blocks):
        message = (
            f"the sample is none of {layout.method}: its rows do not change one group of "
            "inputs at a time; draw it with the same study"
        )
        raise ScenarioError(message)


def indices(
    layout: Layout, sample: FloatArray, values: FloatArray, resamples: int
) -> dict[str, FloatArray]:
    """Work out the indices of many outputs.

    Parameters
    ----------
    layout
        The sample.
    sample
        Its points between 0 and 1, ``(row, input)``.
    values
        Outputs of the rows, ``(row, output)``; not-a-number where there is none.
    resamples
        Resamples from which confidence is estimated.

    Returns
    -------
    dict
        Each of `MEASURES` as ``(group, output)``; not-a-number where an output does not vary
        or has fewer than two blocks. Intervals are half widths at `CONFIDENCE`.

    Raises
    ------
    ScenarioError
        The sample does not fit the method, or SALib is not installed.
    """
    refuse_unfit(layout, sample)
    names = MEASURES[layout.method]
    found = {name: np.full((layout.count, values.shape[1]), np.nan) for name in names}
    for place in range(values.shape[1]):
        rows = complete(layout, values[:, place])
        series = values[rows, place]
        if len(series) < 2 * layout.block or np.ptp(series) == 0.0:
            continue
        measured = _measured(layout, sample[rows], series, resamples)
        for name in names:
            found[name][:, place] = np.ma.filled(measured[name], np.nan)
    return found


def complete(layout: Layout, values: FloatArray) -> NDArray[np.bool_]:
    """Rows of the blocks that have all their outputs."""
    whole = np.isfinite(values).reshape(-1, layout.block).all(axis=1)
    return np.repeat(whole, layout.block)


def _measured(
    layout: Layout, sample: FloatArray, values: FloatArray, resamples: int
) -> dict[str, Any]:
    problem, seed = _problem(layout), layout.seed
    settings = {"num_resamples": resamples, "conf_level": CONFIDENCE, "seed": seed}
    found: dict[str, Any]
    if layout.method == "morris":
        found = _salib("analyze.morris").analyze(
            problem, sample, values, num_levels=LEVELS, **settings
        )
    else:
        found = _salib("analyze.sobol").analyze(
            problem, values, calc_second_order=False, **settings
        )
    return found


def _problem(layout: Layout) -> dict[str, Any]:
    """What SALib is told; groups only where there are any, which changes nothing else."""
    inputs = len(layout.groups)
    problem: dict[str, Any] = {
        "num_vars": inputs,
        "names": [f"x{place}" for place in range(inputs)],
        "bounds": [[0.0, 1.0]] * inputs,
    }
    if layout.count < inputs:
        problem["groups"] = [f"g{group}" for group in layout.groups]
    return problem


def _is_path(layout: Layout, blocks: FloatArray) -> bool:
    """Whether each row differs from the one before in one group, and each group moves once."""
    groups = np.asarray(layout.groups)
    moved = np.diff(blocks, axis=1) != 0.0
    per_group = np.stack(
        [moved[..., groups == group].any(axis=-1) for group in range(layout.count)], axis=-1
    )
    return bool((per_group.sum(axis=2) <= 1).all() and (per_group.sum(axis=1) <= 1).all())


def _is_mixture(layout: Layout, blocks: FloatArray) -> bool:
    """Whether the rows between the first and the last take one group from the last."""
    groups = np.asarray(layout.groups)
    first, last = blocks[:, 0], blocks[:, -1]
    for group in range(layout.count):
        mixed = np.where(groups == group, last, first)
        if not np.array_equal(blocks[:, 1 + group], mixed):
            return False
    return True


def _salib(module: str) -> Any:  # noqa: ANN401 - a module of a library without types
    try:
        return import_module(f"SALib.{module}")
    except ImportError as error:
        message = (
            'sensitivity needs the extra "sensitivity": pip install "shuangtan[sensitivity]"'
        )
        raise ScenarioError(message) from error
