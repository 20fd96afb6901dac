"""Which of our variables stands beside a published one, and whether its unit fits.

A variable is found under its name in the IAM consortium's common definitions, under its label,
or as a variable of the data set (``emissions_net``, ``emissions[sector=steel]``).
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import xarray as xr

from simulator.errors import Problem, ScenarioError, UnitError
from simulator.reading.pathways import REPORT_LIMIT, Published, PublishedSeries
from simulator.reading.suggest import did_you_mean
from simulator.results.axes import LABELS_OF
from simulator.results.exchange import definitions, own_variables
from simulator.results.expression import ExpressionError, parse
from simulator.results.grammar import Expression, Selection, Variable
from simulator.results.quantities import Language, label, load_quantities
from simulator.units import factor

LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")


class Counterpart(NamedTuple):
    """What stands beside a published variable."""

    en: str
    zh: str
    unit: str
    """Unit of the comparison; empty where it depends on the labels that are chosen."""
    expression: str
    """How it is worked out, in the language of milestones."""
    expression_unit: str


class Matched(NamedTuple):
    """A published series and what stands beside it."""

    published: PublishedSeries
    ours: Counterpart


class Prepared(NamedTuple):
    """A file whose variables are known; what is left to do needs results."""

    file: str
    matched: tuple[Matched, ...]
    left_out: tuple[str, ...]
    """Variables without a counterpart."""


@lru_cache(maxsize=1)
def _names() -> Mapping[str, Counterpart]:
    """Every name under which a national series is found."""
    found: dict[str, Counterpart] = {}
    for item in own_variables():
        own = Counterpart(item.long_name, item.long_name_zh, item.unit, item.name, item.unit)
        found |= dict.fromkeys((item.name, item.long_name_zh, item.long_name), own)
    for known in definitions():
        own = Counterpart(
            known.variable, known.zh, known.unit, known.expression, known.expression_unit
        )
        found |= dict.fromkeys((known.expression, known.zh, known.variable), own)
    return found


def prepare(published: Published) -> Prepared:
    """Find what stands beside each variable of a file, and check the units.

    Raises
    ------
    ScenarioError
        A unit does not fit; a variable of a tidy table, or every one of an IAMC table, is not
        known here.
    """
    matched, problems = list[Matched](), list[Problem]()
    unknown: dict[str, tuple[int, str]] = {}
    for item in published.series:
        try:
            ours = _counterpart(item.variable)
            if ours.unit:
                factor(item.unit, ours.unit)
            matched.append(Matched(item, ours))
        except UnitError as error:
            fix = f"{error}; write the unit in which the numbers are, one like {ours.unit}"
            problems.append(Problem(published.file, item.line, 1, item.variable, fix))
        except ExpressionError as error:
            unknown.setdefault(item.variable, (item.line, str(error)))
    if published.strict or not (matched or problems):
        problems += [
            Problem(published.file, line, 1, name, message)
            for name, (line, message) in unknown.items()
        ]
    refuse(published.file, problems)
    return Prepared(published.file, tuple(matched), tuple(unknown))


def _counterpart(name: str) -> Counterpart:
    """Find our variable of a name.

    Raises
    ------
    ExpressionError
        There is none.
    """
    found = _names().get(name)
    if found is not None:
        return found
    try:
        parsed = parse(name)
    except ExpressionError:
        parsed = None
    known = load_quantities()
    if parsed is None or not isinstance(parsed.tree, Selection | Variable):
        wanted = "a name of the common definitions, a label, or name[dimension=label]"
        hint = did_you_mean(name, _names())
        message = f"there is no such variable here{hint or f'; expected {wanted}'}"
        raise ExpressionError(message)
    (variable,) = parsed.variables
    if variable not in known:
        hint = did_you_mean(variable, known) or "; `shuangtan export` lists what there is"
        message = f'the results have no variable "{variable}"{hint}'
        raise ExpressionError(message)
    item = known[variable]
    unit = "" if item.unit_coordinate else item.unit
    names = [_chosen(parsed, language) for language in LANGUAGES]
    return Counterpart(
        ": ".join(filter(None, (item.long_name, names[0]))),
        "：".join(filter(None, (item.long_name_zh, names[1]))),
        unit,
        parsed.text,
        unit,
    )


def _chosen(parsed: Expression, language: Language) -> str:
    """Write the labels that a selection takes."""
    if not isinstance(parsed.tree, Selection):
        return ""
    return ", ".join(
        " + ".join(label(LABELS_OF.get(axis, axis), name, language) for name in names)
        for axis, names in parsed.tree.chosen
    )


def refuse(file: str, problems: Sequence[Problem]) -> None:
    """Raise what is wrong, the first ones by name."""
    if problems:
        more = len(problems) - REPORT_LIMIT
        rest = [f"{file}: and {more} more problems"] if more > 0 else []
        raise ScenarioError(*problems[:REPORT_LIMIT], *rest)


def resolved(ours: Counterpart, run: xr.Dataset) -> Counterpart:
    """Find the unit where it depends on the labels that are chosen."""
    if ours.unit:
        return ours
    parsed = parse(ours.expression)
    unit = _unit_of_labels(parsed, run)
    return ours._replace(unit=unit, expression_unit=unit)


def _unit_of_labels(parsed: Expression, run: xr.Dataset) -> str:
    """Unit of a selection from a variable whose labels differ in unit."""
    (name,) = parsed.variables
    coordinate, _, per = str(run[name].attrs["units_coordinate"]).partition("/")
    (axis,) = map(str, run[coordinate].dims)
    keys, words = (map(str, run[key].values) for key in (axis, coordinate))
    units = dict(zip(keys, words, strict=True))
    chosen = (
        dict(parsed.tree.chosen).get(axis, ()) if isinstance(parsed.tree, Selection) else ()
    )
    found = {
        unit
        for key, unit in units.items()
        if any(key == label or key.endswith(f".{label}") for label in chosen)
    }
    if len(found) != 1:
        said = f"{len(found)} units" if found else "no unit"
        message = f"{said}: choose labels of one unit with [{axis}=...]"
        raise UnitError(message)
    (unit,) = found
    return f"{unit}/{per}" if per else unit
