"""A small, safe language for milestones: arithmetic on the variables of a result data set.

    share(power_capacity[generator=solar_utility|onshore_wind], power_capacity)
    change(sum(final_energy[sector=machinery]) / activity[sector=machinery], 2020, 2025)

A name is a variable of the data set. Brackets select labels of a dimension, or of a coordinate
that belongs to one (``capacity[fleet=cars]``); several labels, joined by ``|``, are added up.
A label may be shortened to its last part: ``scrap_eaf`` finds ``steel.scrap_eaf``.

``sum(x)``                 over everything but the years
``share(a, b)``            ``sum(a) / sum(b)``
``at(x, year)``            the value of one year
``change(x, from, to)``    relative change between two years
``cumulative(x, from, to)`` sum over the years from ... to, both included
``peak_year(x)``           first year of the largest value
``plateau_year(x)``        first year of five changes in a row under half a percent a year
``plateau_end(x)``         last year within 2 % of the peak of ``x``, smoothed over three years
``maximum(x)``, ``minimum(x)`` over the years
``each(x[...])``           keeps the selected labels apart, so that products come before the sum

Texts are parsed in `simulator.results.grammar`. Values are worked out here on plain arrays
whose axes have names, for one run or for many side by side; every operation treats one run
as it treats the others, so a run has the same bits alone and in any company.
"""

from collections.abc import Hashable
from functools import lru_cache
from typing import Final

import numpy as np
import xarray as xr

from simulator.results.grammar import (
    KEPT,
    MAXIMUM_DEPTH,
    MAXIMUM_LENGTH,
    Arithmetic,
    Call,
    Expression,
    ExpressionError,
    MissingDataError,
    Node,
    Number,
    Selection,
    Variable,
    parse,
    refuse,
    similar,
)
from simulator.results.named import (
    FloatArray,
    Named,
    Operator,
    added,
    added_in_order,
    joined,
    total,
)
from simulator.results.trajectory import peak_year, plateau_end, plateau_start

__all__ = [
    "MAXIMUM_DEPTH",
    "MAXIMUM_LENGTH",
    "Evaluation",
    "Expression",
    "ExpressionError",
    "MissingDataError",
    "evaluate",
    "parse",
]


def evaluate(expression: Expression | str, dataset: xr.Dataset) -> xr.DataArray:
    """Evaluate an expression on a result data set.

    Returns
    -------
    xarray.DataArray
        One number for each year (dimension ``time``), or one number when the expression picks
        or combines years; with ``scenario`` too where the data set has it. Not-a-number where
        the data are missing or a quotient has no value.

    Raises
    ------
    MissingDataError
        The data set has no such variable, label or year.
    ExpressionError
        The expression is not in the language, or leaves a dimension to be chosen or summed.
    """
    value = Evaluation(dataset).value(expression)
    coordinates = {name: dataset.coords[name] for name in value.dims if name in dataset.coords}
    return xr.DataArray(value.values, coordinates, value.dims)


class Evaluation:
    """Expressions on one data set, which work out once what several of them share.

    Parameters
    ----------
    dataset
        Results of one scenario, or of several along the dimension ``scenario``.
    """

    def __init__(self, dataset: xr.Dataset) -> None:
        self.dataset = dataset
        self.years = np.asarray(dataset["time"].values)
        """Years of the data set."""
        self._known: dict[Node, Named] = {}
        self._labels: dict[str, tuple[str, ...]] = {}

    def value(self, expression: Expression | str) -> Named:
        """Evaluate an expression: what `evaluate` returns, as a named array."""
        parsed = parse(expression) if isinstance(expression, str) else expression
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            found = self._value(parsed.tree)
        _only_years(found, parsed.text)
        return found._replace(values=np.where(np.isfinite(found.values), found.values, np.nan))

    def table(self, expression: Expression | str) -> FloatArray:
        """Evaluate an expression: one row a run, (scenario, time), or one number, (scenario,).

        A data set without the dimension ``scenario`` is one run.
        """
        found = self.value(expression)
        dims = ("scenario", "time") if "time" in found.dims else ("scenario",)
        values = found.spread(dims)
        shape = (self.dataset.sizes.get("scenario", 1), *values.shape[1:])
        return np.ascontiguousarray(np.broadcast_to(values, shape))

    def place(self, year: int) -> int:
        """Return the place of a year, or raise `MissingDataError`."""
        found = np.flatnonzero(self.years == year)
        if not found.size:
            span = f"{self.years.min()} to {self.years.max()}" if self.years.size else "none"
            message = f"year {year} is outside the results ({span})"
            raise MissingDataError(message)
        return int(found[0])

    def _value(self, node: Node) -> Named:
        """Evaluate one node, once."""
        found = self._known.get(node)
        if found is None:
            found = self._known[node] = self._worked_out(node)
        return found

    def _worked_out(self, node: Node) -> Named:
        """Evaluate one node."""
        match node:
            case Number(value=value):
                return Named(np.asarray(value), (), {})
            case Variable(name=name):
                return self._variable(name)
            case Arithmetic(sign=sign, left=left, right=right):
                return joined(SIGNS[sign], self._value(left), self._value(right))
            case Selection():
                return self._selected(node)
            case Call():
                return self._called(node)

    def _variable(self, name: str) -> Named:
        """Return a variable of the data set."""
        if name not in self.dataset.data_vars:
            hint = similar(name, self.dataset.data_vars)
            message = f'the results have no variable "{name}"{hint}'
            raise MissingDataError(message)
        variable = self.dataset.variables[name]
        if variable.dtype.kind not in "biuf":
            message = f'variable "{name}" holds no numbers'
            raise MissingDataError(message)
        return Named(np.asarray(variable.values, dtype=np.float64), variable.dims, {})

    def _selected(self, node: Selection) -> Named:
        """Choose labels, and add them up unless they are kept apart."""
        value = self._value(Variable(node.name))
        places: dict[Hashable, tuple[int, ...]] = {}
        for key, labels in node.chosen:
            dimension, names = self._coordinate(node.name, value, key)
            before = places.get(dimension, tuple(range(len(names))))
            found = _positions(tuple(names[place] for place in before), labels, key)
            places[dimension] = tuple(before[place] for place in found)
        for dimension, rows in places.items():
            if node.apart:
                value = value.taken(dimension, list(rows), rows)
            else:
                summed = added(value.values, value.axis(dimension), rows)
                value = value.without(dimension, summed)
        return value

    def _coordinate(
        self, variable: str, value: Named, key: str
    ) -> tuple[Hashable, tuple[str, ...]]:
        """Return the dimension whose labels `key` names, and the labels."""
        open_dims = [name for name in value.dims if name not in KEPT]
        for name in (key, *(f"{dimension}_{key}" for dimension in open_dims)):
            dims = self.dataset.variables[name].dims if name in self.dataset.coords else ()
            if len(dims) == 1 and dims[0] in open_dims:
                if name not in self._labels:
                    labels = self.dataset.variables[name].values.tolist()
                    self._labels[name] = tuple(map(str, labels))
                return dims[0], self._labels[name]
        known = [name for name in self.dataset[variable].coords if name not in KEPT]
        listed = ", ".join(map(str, known)) or "only years"
        hint = similar(key, known) or f"; it has {listed}"
        message = f'variable "{variable}" has no dimension "{key}"{hint}'
        raise MissingDataError(message)

    def _called(self, node: Call) -> Named:
        """Apply one function of the language."""
        values = [self._value(argument) for argument in node.arguments]
        if node.function == "sum":
            return total(values[0], KEPT)
        if node.function == "share":
            return joined(np.divide, total(values[0], KEPT), total(values[1], KEPT))
        (value,) = values
        _only_years(value, f"{node.function}(...)")
        if "time" not in value.dims:
            raise refuse(node.text, f"{node.function} needs a value for every year")
        by_year = np.moveaxis(value.values, value.axis("time"), 0)
        if not self.years.size:
            message = "the results have no years"
            raise MissingDataError(message)
        return value.without("time", self._over_years(node, by_year))

    def _over_years(self, node: Call, values: FloatArray) -> FloatArray:
        """Apply a function over the years to values with time first."""
        match node.function:
            case "at":
                (year,) = node.years
                return np.asarray(values[self.place(year)])
            case "change":
                first, last = node.years
                return np.asarray(values[self.place(last)] / values[self.place(first)] - 1.0)
            case "cumulative":
                first, last = node.years
                for year in node.years:
                    self.place(year)
                inside = np.flatnonzero((self.years >= first) & (self.years <= last))
                return added_in_order(values, inside.tolist())
            case "peak_year" | "plateau_year" | "plateau_end":
                return YEAR_OF[node.function](self.years, values)
            case "maximum":
                return np.asarray(np.fmax.reduce(values, axis=0))
            case _:
                return np.asarray(np.fmin.reduce(values, axis=0))


YEAR_OF: Final = {
    "peak_year": peak_year,
    "plateau_year": plateau_start,
    "plateau_end": plateau_end,
}

SIGNS: Final[dict[str, Operator]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
}


def _only_years(value: Named, text: str) -> None:
    """Refuse a value that still has a dimension such as sector."""
    if open_dimensions := [str(name) for name in value.dims if name not in KEPT]:
        first = open_dimensions[0]
        message = f'"{text}" leaves {first} open: choose [{first}=...] or add up with sum(...)'
        raise ExpressionError(message)


@lru_cache(maxsize=1024)
def _positions(names: tuple[str, ...], labels: tuple[str, ...], key: str) -> tuple[int, ...]:
    """Return where the labels are, each by its full name or by its last part."""
    found: dict[int, None] = {}
    for label in labels:
        exact = [place for place, name in enumerate(names) if name == label]
        short = [place for place, name in enumerate(names) if name.endswith("." + label)]
        if not (exact or short):
            message = f'dimension "{key}" has no label "{label}"{similar(label, names)}'
            raise MissingDataError(message)
        found |= dict.fromkeys(exact or short)
    return tuple(found)
