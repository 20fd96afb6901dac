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
``maximum(x)``, ``minimum(x)`` over the years
``each(x[...])``           keeps the selected labels apart, so that products come before the sum

Text is parsed by Python's `ast` and every node must be on the list below; nothing is evaluated
by Python itself, so a roadmap from a stranger can do no more than arithmetic.
"""

import ast
import difflib
import math
import re
import warnings
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import xarray as xr

from simulator.errors import ScenarioError

MAXIMUM_LENGTH: Final = 2000
MAXIMUM_DEPTH: Final = 40
KEPT: Final = ("time", "scenario")
ALPHABET: Final = re.compile(r"[A-Za-z0-9_.,|=+\-*/()\[\]\s]+")


class ExpressionError(ScenarioError):
    """An expression is not in the language, or leaves more than one number a year."""


class MissingDataError(ExpressionError):
    """An expression asks for a variable, label or year that this data set does not have."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: text that was understood, and what it reads."""

    text: str
    """The expression as written, without surrounding space."""
    tree: ast.expr
    """Its checked syntax tree."""
    variables: tuple[str, ...]
    """Names of the variables that it reads, sorted."""

    @property
    def function(self) -> str:
        """Name of the outermost function, empty when the outside is arithmetic."""
        call = self.tree.func if isinstance(self.tree, ast.Call) else None
        return call.id if isinstance(call, ast.Name) else ""


# --- parsing: what is allowed ----------------------------------------------------------------

Operand = Callable[[xr.DataArray, xr.DataArray], xr.DataArray]
OPERATORS: Final[dict[type[ast.operator], Operand]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
}
ARGUMENTS: Final = {
    "sum": ("series",),
    "share": ("series", "series"),
    "at": ("series", "year"),
    "change": ("series", "year", "year"),
    "cumulative": ("series", "year", "year"),
    "peak_year": ("series",),
    "maximum": ("series",),
    "minimum": ("series",),
    "each": ("selection",),
}
"""Functions of the language and what each argument must be."""


def _refuse(node: ast.AST, why: str) -> ExpressionError:
    """Say which piece of the expression is wrong, as its author wrote it."""
    return ExpressionError(f'cannot read "{ast.unparse(node).replace("==", "=")}": {why}')


def _similar(wrong: str, known: Iterable[Hashable]) -> str:
    """Return ``, did you mean "x"?`` when something known looks like what was written."""
    close = difflib.get_close_matches(wrong, [str(item) for item in known], n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""


def parse(text: str) -> Expression:
    """Read an expression.

    Raises
    ------
    ExpressionError
        When the text is not in the language; the message quotes the piece that is wrong.
    """
    stripped = text.strip()
    if not stripped or len(stripped) > MAXIMUM_LENGTH:
        message = f"an expression has 1 to {MAXIMUM_LENGTH} characters, not {len(stripped)}"
        raise ExpressionError(message)
    if not ALPHABET.fullmatch(stripped) or "==" in stripped:
        message = f'"{stripped}" has a character that no expression needs'
        raise ExpressionError(message)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            python = " ".join(stripped.replace("=", "==").split())
            tree = ast.parse(python, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        message = f'"{stripped}" is not an expression; names, numbers, + - * / ( ) and [ ] are'
        raise ExpressionError(message) from error
    variables: set[str] = set()
    _check(tree, variables, 0)
    return Expression(stripped, tree, tuple(sorted(variables)))


def _check(node: ast.expr, variables: set[str], depth: int) -> None:
    """Walk the tree, refuse what is not in the language, collect the variables."""
    if depth > MAXIMUM_DEPTH:
        message = f"the expression is nested deeper than {MAXIMUM_DEPTH} levels"
        raise ExpressionError(message)
    match node:
        case ast.Name(id=name):
            variables.add(name)
        case ast.Constant():
            _number(node)
        case ast.BinOp(left=left, op=operator, right=right) if type(operator) in OPERATORS:
            _check(left, variables, depth + 1)
            _check(right, variables, depth + 1)
        case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
            _check(operand, variables, depth + 1)
        case ast.Subscript(value=ast.Name(id=name)):
            variables.add(name)
            _selection(node)
        case ast.Call():
            _check_call(node, variables, depth)
        case _:
            raise _refuse(node, "only names, numbers, + - * / and the known functions are")


def _check_call(node: ast.Call, variables: set[str], depth: int) -> None:
    """Check the function's name and that each argument is of its kind."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in ARGUMENTS:
        hint = _similar(name, ARGUMENTS) or f"; the functions are {', '.join(ARGUMENTS)}"
        raise _refuse(node, f"there is no such function{hint}")
    kinds = ARGUMENTS[name]
    if node.keywords or len(node.args) != len(kinds):
        raise _refuse(node, f"{name} takes {len(kinds)} argument(s): {', '.join(kinds)}")
    for kind, argument in zip(kinds, node.args, strict=True):
        if kind == "year":
            _year(argument)
        elif kind == "selection" and not isinstance(argument, ast.Subscript):
            raise _refuse(node, "each takes a selection, such as each(capacity[fleet=cars])")
        else:
            _check(argument, variables, depth + 1)


def _number(node: ast.Constant) -> float:
    """Return a finite number, or refuse."""
    try:
        if type(node.value) in (int, float) and math.isfinite(node.value):  # type: ignore[arg-type]
            return float(node.value)  # type: ignore[arg-type]
    except OverflowError:
        pass
    raise _refuse(node, "a number must be finite")


def _year(node: ast.expr) -> int:
    """Return a calendar year, or refuse."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    raise _refuse(node, "a year is written as a whole number")


def _selection(node: ast.Subscript) -> list[tuple[str, tuple[str, ...]]]:
    """Return the dimensions of ``[dimension=label|label, ...]`` and their labels."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    chosen = []
    for part in parts:
        match part:
            case ast.Compare(left=ast.Name(id=key), ops=[ast.Eq()], comparators=[labels]):
                if key in KEPT:
                    raise _refuse(node, f"use at(..., year) in place of choosing a {key}")
                chosen.append((key, tuple(_labels(labels))))
            case _:
                raise _refuse(node, "a selection is written [dimension=label|label, ...]")
    return chosen


def _labels(node: ast.expr) -> list[str]:
    """Return the labels of ``a|b.c``; a loop, because a long list nests deeply on its left."""
    found: list[str] = []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        found.insert(0, _label(node.right))
        node = node.left
    return [_label(node), *found]


def _label(node: ast.expr) -> str:
    """Return one dotted label."""
    text = ast.unparse(node)
    if not re.fullmatch(r"[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*", text):
        raise _refuse(node, "a label is a word, or words joined by dots")
    return text


# --- evaluation: what it means ---------------------------------------------------------------


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
    parsed = parse(expression) if isinstance(expression, str) else expression
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        value = _value(parsed.tree, dataset).astype(float)
    _only_years(value, parsed.text)
    return value.where(np.isfinite(value)).rename(None)


def _only_years(value: xr.DataArray, text: str) -> None:
    """Refuse a value that still has a dimension such as sector."""
    if open_dimensions := [str(name) for name in value.dims if name not in KEPT]:
        first = open_dimensions[0]
        message = f'"{text}" leaves {first} open: choose [{first}=...] or add up with sum(...)'
        raise ExpressionError(message)


def _value(node: ast.expr, dataset: xr.Dataset) -> xr.DataArray:
    """Evaluate one checked node."""
    match node:
        case ast.Constant():
            value = xr.DataArray(_number(node))
        case ast.Name(id=name):
            value = _variable(name, dataset).reset_coords(drop=True)
        case ast.BinOp(left=left, op=operator, right=right):
            value = OPERATORS[type(operator)](_value(left, dataset), _value(right, dataset))
        case ast.UnaryOp(op=sign, operand=operand):
            value = _value(operand, dataset) * (-1.0 if isinstance(sign, ast.USub) else 1.0)
        case ast.Subscript():
            value = _selected(node, dataset, add=True)
        case ast.Call(func=ast.Name(id="each"), args=[ast.Subscript() as selection]):
            value = _selected(selection, dataset, add=False)
        case ast.Call(func=ast.Name(id=function), args=arguments):
            value = _function(function, arguments, dataset)
        case _:
            raise _refuse(node, "this is not part of the language")
    return value


def _variable(name: str, dataset: xr.Dataset) -> xr.DataArray:
    """Return a variable of the data set."""
    if name not in dataset.data_vars:
        message = f'the results have no variable "{name}"{_similar(name, dataset.data_vars)}'
        raise MissingDataError(message)
    return dataset[name]


def _selected(node: ast.Subscript, dataset: xr.Dataset, *, add: bool) -> xr.DataArray:
    """Choose labels; dimensions of which labels were chosen are added up if `add`."""
    assert isinstance(node.value, ast.Name)  # noqa: S101 - `parse` allows nothing else
    value, chosen = _variable(node.value.id, dataset), set[Hashable]()
    for key, labels in _selection(node):
        coordinate = _coordinate(value, key)
        (dimension,) = coordinate.dims
        names = [str(item) for item in coordinate.values]
        value = value.isel({dimension: _positions(names, labels, key)})
        chosen.add(dimension)
    return _total(value, chosen) if add else value.reset_coords(drop=True)


def _coordinate(value: xr.DataArray, key: str) -> xr.DataArray:
    """Return the labels that `key` names: of a dimension, or belonging to one."""
    for name in (key, *(f"{dimension}_{key}" for dimension in value.dims)):
        if name in value.coords and value.coords[name].ndim == 1:
            found: xr.DataArray = value.coords[name]
            return found
    known = [name for name in value.coords if name not in KEPT]
    hint = _similar(key, known) or f"; it has {', '.join(map(str, known)) or 'only years'}"
    message = f'variable "{value.name}" has no dimension "{key}"{hint}'
    raise MissingDataError(message)


def _positions(names: list[str], labels: tuple[str, ...], key: str) -> list[int]:
    """Return where the labels are, each by its full name or by its last part."""
    found: list[int] = []
    for label in labels:
        exact = [place for place, name in enumerate(names) if name == label]
        short = [place for place, name in enumerate(names) if name.endswith("." + label)]
        if not (exact or short):
            message = f'dimension "{key}" has no label "{label}"{_similar(label, names)}'
            raise MissingDataError(message)
        found += [place for place in exact or short if place not in found]
    return found


def _total(value: xr.DataArray, dimensions: Iterable[Hashable] | None = None) -> xr.DataArray:
    """Add up, over all but the years if not told; missing counts as nothing unless all is."""
    over = set(value.dims) - set(KEPT) if dimensions is None else dimensions
    return value.sum(list(over), skipna=True, min_count=1).reset_coords(drop=True)


def _function(name: str, arguments: list[ast.expr], dataset: xr.Dataset) -> xr.DataArray:
    """Apply one function of the language."""
    value = _value(arguments[0], dataset)
    if name == "sum":
        return _total(value)
    if name == "share":
        return _total(value) / _total(_value(arguments[1], dataset))
    _only_years(value, f"{name}(...)")
    if "time" not in value.dims:
        raise _refuse(arguments[0], f"{name} needs a value for every year")
    return OVER_YEARS[name](value, *(_year(argument) for argument in arguments[1:]))


def _at(value: xr.DataArray, year: int) -> xr.DataArray:
    """Return the value of one year of the run."""
    years = value["time"].values
    if year not in years:
        message = f"year {year} is outside the results ({years.min()} to {years.max()})"
        raise MissingDataError(message)
    return value.sel(time=year, drop=True)


def _change(value: xr.DataArray, first: int, last: int) -> xr.DataArray:
    """Return the relative change between two years."""
    return _at(value, last) / _at(value, first) - 1.0


def _cumulative(value: xr.DataArray, first: int, last: int) -> xr.DataArray:
    """Add up the years first to last, both included and both part of the run."""
    _at(value, first)
    _at(value, last)
    return value.sel(time=slice(first, last)).sum("time", skipna=False)


OVER_YEARS: Final[dict[str, Callable[..., xr.DataArray]]] = {
    "at": _at,
    "change": _change,
    "cumulative": _cumulative,
    "peak_year": lambda value: value.idxmax("time").astype(float),
    "maximum": lambda value: value.max("time"),
    "minimum": lambda value: value.min("time"),
}
