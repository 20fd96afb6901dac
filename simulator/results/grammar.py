"""The grammar of milestones: which texts are expressions, and the tree that they mean.

What the language says stands in `simulator.results.expression`. Text is parsed by Python's
`ast` and every node must be on the list below; nothing is evaluated by Python itself, so a
roadmap from a stranger can do no more than arithmetic. The tree that comes out has nodes that
compare equal where they mean the same.
"""

import ast
import difflib
import math
import re
import warnings
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from simulator.errors import ScenarioError

MAXIMUM_LENGTH: Final = 2000
MAXIMUM_DEPTH: Final = 40
KEPT: Final = ("time", "scenario")
ALPHABET: Final = re.compile(r"[A-Za-z0-9_.,|=+\-*/()\[\]\s]+")


class ExpressionError(ScenarioError):
    """An expression is not in the language, or leaves more than one number a year."""


class MissingDataError(ExpressionError):
    """An expression asks for a variable, label or year that this data set does not have."""


# --- the tree ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Number:
    """A number by itself."""

    value: float


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of the data set."""

    name: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Labels of a variable."""

    name: str
    """Name of the variable."""
    chosen: tuple[tuple[str, tuple[str, ...]], ...]
    """Dimensions, or coordinates that belong to one, and their labels."""
    apart: bool
    """Whether the labels are kept apart; they are added up otherwise."""


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values joined by a sign."""

    sign: str
    """One of ``+ - * /``."""
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the language."""

    function: str
    arguments: tuple["Node", ...]
    """The series that it takes."""
    years: tuple[int, ...]
    """The years that it takes."""
    text: str = field(compare=False)
    """Its first argument as its author wrote it."""


Node = Number | Variable | Selection | Arithmetic | Call


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: text that was understood, and what it reads."""

    text: str
    """The expression as written, without surrounding space."""
    tree: Node
    """What it means."""
    variables: tuple[str, ...]
    """Names of the variables that it reads, sorted."""

    @property
    def function(self) -> str:
        """Name of the outermost function, empty when the outside is arithmetic."""
        return self.tree.function if isinstance(self.tree, Call) else ""


# --- parsing: what is allowed -----------------------------------------------------------------

SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
}
ARGUMENTS: Final = {
    "sum": ("series",),
    "share": ("series", "series"),
    "at": ("series", "year"),
    "change": ("series", "year", "year"),
    "cumulative": ("series", "year", "year"),
    "peak_year": ("series",),
    "plateau_year": ("series",),
    "plateau_end": ("series",),
    "maximum": ("series",),
    "minimum": ("series",),
    "each": ("selection",),
}
"""Functions of the language and what each argument must be."""


def refuse(text: str, why: str) -> ExpressionError:
    """Say which piece of the expression is wrong, as its author wrote it."""
    return ExpressionError(f'cannot read "{text}": {why}')


def similar(wrong: str, known: Iterable[Hashable]) -> str:
    """Return ``, did you mean "x"?`` when something known looks like what was written."""
    close = difflib.get_close_matches(wrong, [str(item) for item in known], n=1, cutoff=0.6)
    return f', did you mean "{close[0]}"?' if close else ""


@lru_cache(maxsize=1024)
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
    return Expression(stripped, _node(tree, variables, 0), tuple(sorted(variables)))


def _written(node: ast.AST) -> str:
    """Return a piece of the expression as its author wrote it."""
    return ast.unparse(node).replace("==", "=")


def _node(node: ast.expr, variables: set[str], depth: int) -> Node:
    """Read one node, refuse what is not in the language, collect the variables."""
    if depth > MAXIMUM_DEPTH:
        message = f"the expression is nested deeper than {MAXIMUM_DEPTH} levels"
        raise ExpressionError(message)
    match node:
        case ast.Name(id=name):
            variables.add(name)
            found: Node = Variable(name)
        case ast.Constant():
            found = Number(_number(node))
        case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
            terms = [_node(term, variables, depth + 1) for term in (left, right)]
            found = Arithmetic(SIGNS[type(sign)], *terms)
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            found = _node(operand, variables, depth + 1)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = Arithmetic("*", _node(operand, variables, depth + 1), Number(-1.0))
        case ast.Subscript(value=ast.Name(id=name)):
            variables.add(name)
            found = Selection(name, _chosen(node), apart=False)
        case ast.Call():
            found = _call(node, variables, depth)
        case _:
            raise refuse(
                _written(node), "only names, numbers, + - * / and the known functions are"
            )
    return found


def _call(node: ast.Call, variables: set[str], depth: int) -> Node:
    """Read a function, and check that each argument is of its kind."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in ARGUMENTS:
        hint = similar(name, ARGUMENTS) or f"; the functions are {', '.join(ARGUMENTS)}"
        raise refuse(_written(node), f"there is no such function{hint}")
    kinds = ARGUMENTS[name]
    if node.keywords or len(node.args) != len(kinds):
        why = f"{name} takes {len(kinds)} argument(s): {', '.join(kinds)}"
        raise refuse(_written(node), why)
    series: list[Node] = []
    years: list[int] = []
    for kind, argument in zip(kinds, node.args, strict=True):
        if kind == "year":
            years.append(_year(argument))
        elif kind == "selection":
            return _each(node, argument, variables)
        else:
            series.append(_node(argument, variables, depth + 1))
    return Call(name, tuple(series), tuple(years), _written(node.args[0]))


def _each(node: ast.Call, argument: ast.expr, variables: set[str]) -> Selection:
    """Read a selection whose labels are kept apart."""
    match argument:
        case ast.Subscript(value=ast.Name(id=name)):
            variables.add(name)
            return Selection(name, _chosen(argument), apart=True)
        case _:
            why = "each takes a selection, such as each(capacity[fleet=cars])"
            raise refuse(_written(node), why)


def _number(node: ast.Constant) -> float:
    """Return a finite number, or refuse."""
    try:
        if type(node.value) in (int, float) and math.isfinite(node.value):  # type: ignore[arg-type]
            return float(node.value)  # type: ignore[arg-type]
    except OverflowError:
        pass
    raise refuse(_written(node), "a number must be finite")


def _year(node: ast.expr) -> int:
    """Return a calendar year, or refuse."""
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return node.value
    raise refuse(_written(node), "a year is written as a whole number")


def _chosen(node: ast.Subscript) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the dimensions of ``[dimension=label|label, ...]`` and their labels."""
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    chosen = []
    for part in parts:
        match part:
            case ast.Compare(left=ast.Name(id=key), ops=[ast.Eq()], comparators=[labels]):
                if key in KEPT:
                    why = f"use at(..., year) in place of choosing a {key}"
                    raise refuse(_written(node), why)
                chosen.append((key, tuple(_labels(labels))))
            case _:
                why = "a selection is written [dimension=label|label, ...]"
                raise refuse(_written(node), why)
    return tuple(chosen)


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
        raise refuse(_written(node), "a label is a word, or words joined by dots")
    return text
