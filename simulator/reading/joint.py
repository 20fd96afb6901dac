r"""Parameters that are drawn together: the posterior of a fit beside the inputs of a sweep.

Each is normal in its coordinate, the logarithm where its range is above zero, and cut off at
its range. They hang together by the correlation :math:`R` of the fit (a normal copula, Nelsen
2006, doi:10.1007/0-387-28678-0): points :math:`u` of a Latin hypercube become

.. math::

    z = L\,\Phi^{-1}(u),\quad L L' = R,\qquad x_i = F_i^{-1}(\Phi(z_i))

so that every margin stays stratified nearly as the hypercube has it.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.reading.sampling import unit_cube
from simulator.reading.sweep_design import drawn
from simulator.reading.sweep_file import Parts
from simulator.reading.sweep_targets import TargetFinder
from simulator.reading.sweep_values import Column
from simulator.reading.yaml_nodes import Node
from simulator.schema.numbers import Label

FloatArray = NDArray[np.float64]


class Joint(NamedTuple):
    """Parameters with a joint distribution, in their order."""

    paths: tuple[str, ...]
    low: FloatArray
    """Lower ends of the ranges, in the units of the parameters."""
    high: FloatArray
    centre: FloatArray
    """Of the coordinates, (parameter)."""
    deviation: FloatArray
    """Standard deviations of the coordinates before they are cut off, (parameter)."""
    correlation: FloatArray
    """Of the coordinates, (parameter, parameter)."""

    @property
    def logarithmic(self) -> NDArray[np.bool_]:
        """Whether the coordinate is the logarithm."""
        return self.low > 0.0

    def inner(self, values: FloatArray) -> FloatArray:
        """Coordinates of values, (..., parameter)."""
        safe = np.where(self.logarithmic, values, 1.0)
        return np.where(self.logarithmic, np.log(safe), values)

    @property
    def _ends(self) -> tuple[FloatArray, FloatArray]:
        """Ends of the ranges in standard deviations from the centre."""
        return tuple(  # type: ignore[return-value]
            (self.inner(end) - self.centre) / self.deviation for end in (self.low, self.high)
        )

    def values(self, probability: FloatArray) -> FloatArray:
        """Values at points of the unit cube, both (row, parameter)."""
        from scipy import stats  # noqa: PLC0415 - slow to import, and only samples need it

        root = np.linalg.cholesky(self.correlation)
        together = stats.norm.cdf(stats.norm.ppf(probability) @ root.T)
        away = stats.truncnorm.ppf(together, *self._ends)
        found = self.centre + self.deviation * away
        powers = np.exp(np.where(self.logarithmic, found, 0.0))
        # Rounding may carry an end of the range past it.
        return np.clip(np.where(self.logarithmic, powers, found), self.low, self.high)

    def log_density(self, values: FloatArray) -> FloatArray:
        """Logarithm of the density of the coordinates, (row)."""
        from scipy import stats  # noqa: PLC0415 - as above

        away = (self.inner(values) - self.centre) / self.deviation
        part = stats.truncnorm.cdf(away, *self._ends)
        normal = stats.norm.ppf(np.clip(part, 1e-12, 1.0 - 1e-12))
        whole = np.sum(normal * np.linalg.solve(self.correlation, normal.T).T, axis=1)
        log_copula = 0.5 * np.sum(normal**2, axis=1) - 0.5 * whole
        log_copula -= 0.5 * np.linalg.slogdet(self.correlation)[1]
        margins = stats.truncnorm.logpdf(away, *self._ends) - np.log(self.deviation)
        return np.asarray(log_copula + margins.sum(axis=1))


def with_joint(parts: Parts, joint: Joint, size: int, seed: int, file: str) -> Parts:
    """Draw a sweep anew with parameters that hang together beside its independent inputs.

    An input that is one of them leaves its place to the joint distribution.

    Parameters
    ----------
    parts
        Of a sweep whose columns are all drawn.
    joint
        What is drawn together.
    size
        Number of rows.
    seed
        Whole number from which they are drawn.
    file
        The sweep as a reader knows it.
    """
    own = [one for one in parts.columns if one.target.key not in joint.paths]
    labels = {one.target.key: one.label for one in parts.columns}
    finder = TargetFinder(parts.bases[0].library, [])
    together = [_column(finder, path, labels.get(path), file) for path in joint.paths]
    cube = unit_cube("latin_hypercube", size, len(own) + len(together), seed)
    tables = [drawn(column, cube[:, place]) for place, column in enumerate(own)]
    table = np.column_stack([*tables, joint.values(cube[:, len(own) :])])
    return parts._replace(columns=(*own, *together), table=table)


def _column(finder: TargetFinder, path: str, label: Label | None, file: str) -> Column:
    """The column of a constant of the data."""
    target = finder.parameter(file, Node(None, 1, 1), path)
    assert not isinstance(target, str)  # noqa: S101 - the tests look at every path
    return Column(target, label or target.label)
