"""What every projection takes as given: as it was expected at a cut, or as it was observed.

A forecast with the drivers that were expected is *ex ante*; one with the drivers that came is
*ex post*, or conditional: what is off then is the model's own. The two are told apart since a
model of energy and materials should not be praised or blamed for the product of a country.

Drivers are what scenarios take as given too: the product, people and their towns, prices of
fuels and ore, trade in steel, aluminium, vehicles and machines (column ``driver`` of
``known.csv``). Announced policies are known in both. Nothing that is scored, or contains it, is
a driver: not the water of a year (generation over capacity), imports of coal as a share (over
output), the quality of coal (CO2 over output), travel of a vehicle (petrol over vehicles), nor
exports of batteries (output less what vehicles at home took).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from calibration.knobs import ORIGIN
from calibration.observations import LAST_YEAR
from simulator.reading.known import DRIVERS, TABLE, Rule, load_rules, rule_of
from simulator.reading.library import shipped
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.resolution import Entries, Entry, Resolved, origin_of

Drivers = Literal["expected", "observed"]

KINDS: Final = DRIVERS[1:]
"""Kinds of drivers."""
MIDDLE: Final = 0.5
"""Where in its year the mean of a flow stands [yr]."""


def driver_rules() -> tuple[Rule, ...]:
    """Rules of the numbers that are drivers."""
    rules = load_rules(shipped().data / TABLE)
    return tuple(rule for rule in rules if rule.driver)


def with_drivers(base: Resolved, kinds: Sequence[str] = KINDS) -> Resolved:
    """Return a scenario with the drivers of some kinds as they were observed."""
    over = dict(base.parameters.overrides)
    for entry in _entries(base, kinds):
        over[entry.path] = entry
    return replace(base, parameters=Entries(base.parameters.base, over))


def _entries(base: Resolved, kinds: Sequence[str]) -> Iterator[Entry]:
    """The drivers, each with the knots of observed years."""
    rules = load_rules(shipped().data / TABLE)
    for path, known in load_parameters().items():
        rule = rule_of(rules, path)
        if rule is not None and rule.driver in kinds and known.times:
            chain = getattr(base.parameters.find(path), "chain", (origin_of(known),))
            knots = dict(_knots(known, rule))
            times, values = tuple(knots), tuple(knots.values())
            changed = {"times": times, "values": values, "chain": (*chain, ORIGIN)}
            yield Entry(**{**vars(known), **changed})


def _knots(known: Parameter, rule: Rule) -> Iterator[tuple[float, float]]:
    """Knots of the days up to the end of observed history, of another series if it has one."""
    later = load_parameters()[rule.source] if rule.source else None
    if later is not None:
        for time, value in zip(later.times, later.values, strict=True):
            yield time + MIDDLE, value
    for time, value in zip(known.times, known.values, strict=True):
        if time <= LAST_YEAR + 1 and (later is None or time > LAST_YEAR + MIDDLE):
            yield time, value
