"""What was known of the world when an earlier year ended: the data without what came later.

A model that is held against years that it has not seen must not have seen them in any disguise:
not as an observation, not as a projection that starts from one, not as a constant that was read
off one. What takes the place of each number stands in ``known.csv``, path by path, the first
line that fits deciding. Policies and outlooks on technology that were no observation are kept.
"""

import csv
from collections.abc import Callable, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import lru_cache
from math import exp, floor, log
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar

import numpy as np

from simulator.dimensions import HISTORY_END
from simulator.errors import Problem, ScenarioError
from simulator.reading.known_drift import drift
from simulator.reading.known_past import START, Data, Past, Series
from simulator.reading.known_stock import OUTPUT, wanted_part
from simulator.reading.known_switch import coal, electricity, planned
from simulator.reading.known_yield import expected_yield
from simulator.reading.library import Library, Stamp, stamp
from simulator.reading.parameters import Parameter, load_parameters, tables

TABLE: Final = "known.csv"
COLUMNS: Final = ("path", "rule", "from", "value", "driver", "why")
DRIVERS: Final = ("", "macro", "price", "trade")
"""Kinds of drivers; the first is none."""
MEMORY: Final = 5.0
"""Years that a trend or a mean looks back [yr]."""
AHEAD: Final = 15
"""Years that a trend goes on, then it stays [yr]."""
OUTLOOK: Final = "common.published_growth.year_{}"
"""Growth of the product that was expected when a year ended."""

Known = TypeVar("Known", bound=Parameter)


class Rule(NamedTuple):
    """What takes the place of the numbers under some paths."""

    path: str
    """Pattern of paths, ``*`` for any letters."""
    rule: str
    """Name of the rule, a key of `RULES`."""
    source: str
    """Series that it is read from, or empty for the number itself."""
    value: str
    """The number of ``value`` and ``announced``; the years that ``yield`` looks back; the
    saturation that ``response`` is read with; which side of a switch is ``planned``."""
    driver: str
    """Kind of driver, where every projection takes the number as given: ``macro``, ``price``
    or ``trade``; empty where it is none, or holds a series that hindcasts are scored by."""
    why: str


def _kept(past: Past, path: str, rule: Rule) -> Series:
    del rule
    return past.data[path].times, past.data[path].values


def _dropped(past: Past, path: str, rule: Rule) -> Series:
    del rule
    return past.series(path)


def _held(past: Past, path: str, rule: Rule) -> Series:
    """The known part, or the last value of another series."""
    return ((), (past.last(rule.source),)) if rule.source else past.series(path)


def _held_of_fleet(past: Past, path: str, rule: Rule) -> Series:
    """The last value of the series of the same fleet or group."""
    return (), (past.last(_named(path, rule)),)


def _named(path: str, rule: Rule) -> str:
    """Put the part of a path that the first star stands for into another."""
    place = rule.path.split(".").index("*")
    return rule.source.replace("{}", path.split(".")[place])


def _value(past: Past, path: str, rule: Rule) -> Series:
    del past, path
    return (), (float(rule.value),)


def _ratio(past: Past, path: str, rule: Rule) -> Series:
    del path
    above, below = rule.source.split("/")
    return (), (past.last(above) / past.last(below),)


def _mean(past: Past, path: str, rule: Rule) -> Series:
    """The known part, then the mean of the last years."""
    del rule
    times, values = past.series(path)
    recent = values[-int(MEMORY) :]
    return (*times, past.end), (*values, sum(recent) / len(recent))


def _published(past: Past, path: str, rule: Rule) -> Series:
    """The known part, then what the last outlook before the end of history expected.

    Where none was recorded, the mean of the last years goes on.
    """
    outlook = past.data.get(OUTLOOK.format(int(past.end) - 1))
    if outlook is None:
        return _mean(past, path, rule)
    times, values = past.series(path)
    return (*times, *outlook.times), (*values, *outlook.values)


def _trend(past: Past, path: str, rule: Rule) -> Series:
    """The known part, then growth at the rate of the last years."""
    times, values = past.series(path, of_day=rule.rule == "trend_of_day")
    last = times[-1]
    since = max(last - MEMORY, times[0])
    if since == last:
        return times, values
    before = float(np.interp(since, times, values))
    rate = log(values[-1] / before) / (last - since)
    later = tuple(last + year for year in range(1, AHEAD + 1))
    grown = tuple(values[-1] * exp(rate * (time - last)) for time in later)
    return (*times, *later), (*values, *grown)


def _drift(past: Past, path: str, rule: Rule) -> Series:
    """The known part, and on as it drifted where that foretold known years better."""
    del rule
    times, values = past.series(path)
    change = drift(values, int(MEMORY))
    years = range(1, AHEAD + 1) if change else ()
    later = tuple(times[-1] + year for year in years)
    return (*times, *later), (*values, *(values[-1] + change * year for year in years))


def _planned(past: Past, path: str, rule: Rule) -> Series:
    """The known part, and on as a plan of that time puts electricity in the place of coal.

    Where none had been published, it drifts.
    """
    if planned(past) is None:
        return _drift(past, path, rule)
    goes_on = electricity if rule.value == "electricity" else coal
    times, values = past.series(path)
    years = range(1, AHEAD + 1)
    later = tuple(goes_on(past, values[-1], year) for year in years)
    return (*times, *(times[-1] + year for year in years)), (*values, *later)


def _announced(past: Past, path: str, rule: Rule) -> Series:
    """A rule once it had been announced: a number, or no more steel than in the last year."""
    if past.end <= past.number(rule.source):
        return past.data[path].times, past.data[path].values
    return (), (float(rule.value) if rule.value else past.last(OUTPUT["steel"]),)


def _wanted(past: Past, path: str, rule: Rule) -> Series:
    """The stock that people wanted, solved from recorded outputs."""
    del rule
    return wanted_part(past, path.split(".", maxsplit=1)[0], MEMORY)


def _yield(past: Past, path: str, rule: Rule) -> Series:
    """What the plants of a source yielded in as many years as the rule says."""
    return (), (expected_yield(past, path.split(".")[2], int(rule.value)),)


def _elasticity(past: Past, path: str, rule: Rule) -> Series:
    """Growth of the observed index over that of the product; none where none was given.

    The index is energy in use, or goods at constant energy, and so contains what became
    thriftier; as the model takes that off again from the end of history on, it is added here.
    """
    if past.data[path].values[0] == 0.0:
        return (), (0.0,)
    years, index = past.series(_named(path, rule))
    growth = past.growth(int(years[0]), int(years[-1]))
    group = path.rsplit(".", 1)[0]
    rate = past.number(f"{group}.efficiency_improvement")
    saved = rate * (1.0 - past.number(f"{group}.efficiency_floor")) * (years[-1] - years[0])
    return (), ((log(index[-1] / index[0]) + saved) / growth,)


def _fleet_share(past: Past, path: str, rule: Rule) -> Series:
    del rule
    stocks = {name.split(".")[2]: values[-1] for name, (_, values) in past.vehicles().items()}
    return (), (stocks[path.rsplit(".", 1)[1]] / sum(stocks.values()),)


def _ownership(past: Past, path: str, rule: Rule) -> Series:
    del path, rule
    return (), (past.ownership(-1),)


def _income(past: Past, path: str, rule: Rule) -> Series:
    del path, rule
    return (), (past.income(past.product(), past.end),)


def _response(past: Past, path: str, rule: Rule) -> Series:
    """Fall of the logarithm of what ownership lacks to saturation per rise of income.

    What it lacks is a factor, and so a logarithm, on the curve of Gompertz. Saturation is that
    of the rule: what is shipped was fitted to later years too.
    """
    del path
    most = float(rule.value)
    first, last = (log(most / past.ownership(place)) for place in (0, -1))
    rise = log(first / last)
    start = past.income(past.number("common.gdp_initial"), START)
    return (), (rise / (past.income(past.product(), past.end) - start),)


RULES: Final[Mapping[str, Callable[[Past, str, Rule], Series]]] = MappingProxyType(
    {
        "kept": _kept,
        "hindsight": _kept,
        "dropped": _dropped,
        "held": _held,
        "held_of_fleet": _held_of_fleet,
        "value": _value,
        "ratio": _ratio,
        "mean": _mean,
        "published": _published,
        "trend": _trend,
        "trend_of_day": _trend,
        "drift": _drift,
        "planned": _planned,
        "announced": _announced,
        "wanted": _wanted,
        "yield": _yield,
        "elasticity": _elasticity,
        "fleet_share": _fleet_share,
        "ownership": _ownership,
        "income": _income,
        "response": _response,
    }
)
"""What each rule makes of a series."""

UNCHANGED: Final = frozenset({"kept", "hindsight"})
"""Rules that leave a number as it is: it holds no later knowledge, or holds it openly."""

OF_SERIES: Final = frozenset(
    {"dropped", "mean", "published", "trend", "trend_of_day", "drift", "planned"}
)
"""Rules that look at the knots of the number itself: a constant has none and stays."""

OF_OBSERVED: Final = frozenset({"dropped", "drift", "planned"})
"""Rules for what was observed, or closes it."""


def load_rules(path: Path) -> tuple[Rule, ...]:
    """Read the rules; ScenarioError names a line that is no rule."""
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream)
        header = tuple(next(reader, ()))
        rows = [(reader.line_num, tuple(cells)) for cells in reader]
    problems = [
        Problem(path.name, line, 1, cells[0] if cells else "", "no rule or driver of this name")
        for line, cells in rows
        if len(cells) != len(COLUMNS) or cells[1] not in RULES or cells[4] not in DRIVERS
    ]
    if header != COLUMNS:
        problems = [Problem(path.name, 1, 1, "", f"the columns must be {','.join(COLUMNS)}")]
    if problems:
        raise ScenarioError(*problems)
    return tuple(Rule(*cells) for _, cells in rows)


def rule_of(rules: tuple[Rule, ...], path: str) -> Rule | None:
    """Rule that decides over a path, or None."""
    return next((rule for rule in rules if fnmatchcase(path, rule.path)), None)


def known_until(data: Data, end: float, rules: tuple[Rule, ...]) -> Data:
    """Return the data as they were known when history ended."""
    past, found = Past(data, end), {}
    for path, parameter in data.items():
        rule = rule_of(rules, path)
        if rule is not None and rule.rule == "dropped" and floor(parameter.times[0]) >= end:
            continue  # It had not begun; whoever reads it says so.
        if rule is None or rule.rule in UNCHANGED or _stays(parameter, rule):
            found[path] = parameter
        else:
            times, values = RULES[rule.rule](past, path, rule)
            found[path] = replace(parameter, times=times, values=values)
    return MappingProxyType(found)


def without_later(
    entries: Mapping[str, Known], library: Library, history_end: float
) -> dict[str, Known]:
    """Return what a scenario sets without observations of later years.

    A calibrated scenario holds whole observed series; a projection that it sets is its own.
    """
    if history_end == HISTORY_END:
        return dict(entries)
    rules = load_rules(library.data / TABLE)
    past = Past({**load_parameters(library), **entries}, history_end)
    found = dict(entries)
    for path, entry in entries.items():
        rule = rule_of(rules, path)
        if rule is not None and rule.rule in OF_OBSERVED and entry.times:
            times, values = RULES[rule.rule](past, path, rule)
            found[path] = replace(entry, times=times, values=values)
    return found


def _stays(parameter: Parameter, rule: Rule) -> bool:
    """Whether a rule for series meets a constant."""
    own = rule.rule in OF_SERIES or (rule.rule == "held" and not rule.source)
    return own and not parameter.times


def load_known(library: Library, history_end: float) -> Data:
    """Read the data as they were known when history ended; cached until a file changes."""
    if history_end == HISTORY_END:
        return load_parameters(library)
    path = library.data / TABLE
    return _known(library, stamp([path, *tables(library)]), history_end)


@lru_cache(maxsize=8)
def _known(library: Library, files: Stamp, history_end: float) -> Data:
    """Known data in the state that `files` describes."""
    del files
    return known_until(load_parameters(library), history_end, load_rules(library.data / TABLE))
