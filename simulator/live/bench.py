"""Policies on their way from one scenario to another, and the pathway at any place between.

Each policy that the two set otherwise has a share of its way, from 0 to 1. What a place stands
for is an ordinary scenario: it can be written down, checked and run like any other.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, lru_cache
from threading import Lock
from typing import Final, NamedTuple

import numpy as np
import xarray as xr

from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.changes import apart_in_time
from simulator.reading.changes import changes as differences
from simulator.reading.knobs import Knob, as_file, changes
from simulator.reading.reaches import policies_apart
from simulator.reading.scenario import Scenario
from simulator.reading.settings import Series
from simulator.reading.suggest import did_you_mean
from simulator.results.session import Session
from simulator.schema.numbers import Label

PERCENT: Final = 100
"""Steps that the way of a policy has."""

NAME: Final = "your_pathway"
NAMES: Final = (NAME, f"{NAME}_2", f"{NAME}_3")
"""Names of a pathway, of which the first is taken that neither end has."""

LABEL: Final = Label(en="Your pathway", zh="自选路径")

TOLD: Final = (2026, 2030, 2040)
"""Years of a schedule that are told beside the last one."""

KEPT: Final = 64
"""Answers that are remembered."""

Place = tuple[int, ...]
"""How far each policy is [%], in the order of `Bench.knobs`."""


class Setting(NamedTuple):
    """What a policy says at a place."""

    label: Label | None
    """Name of the setting; none where the policy has but one."""
    unit: str
    values: tuple[tuple[int, float], ...]
    """Of a schedule a few years with their values; of a number or date one, without a year."""
    date: bool


class Bench:
    """Runs the scenarios between two.

    Parameters
    ----------
    base
        Where every policy is at 0.
    goal
        Where every policy is at 100 %.

    Raises
    ------
    ScenarioError
        They have another horizon or history, the same name, or no policy that differs.
    """

    def __init__(self, base: Scenario, goal: Scenario) -> None:
        self.base, self.goal = base, goal
        one, two = base.resolved, goal.resolved
        if different := apart_in_time(one, two):
            message = f"{one.name} and {two.name} have another {different}: no policy moves it"
            raise ScenarioError(message)
        self.knobs: tuple[Knob, ...] = policies_apart(one, two, base.library)
        if not self.knobs:
            message = f"{one.name} and {two.name} have no policy that differs: nothing to move"
            raise ScenarioError(message)
        if one.name == two.name:
            message = f"both scenarios are called {one.name}: give one of them another name"
            raise ScenarioError(message)
        # a pathway of before may be an end: no other takes its name, and none extends itself
        free = (name for name in NAMES if name not in (one.name, two.name))
        self.name = next(free)
        self.names = tuple(knob.key.removeprefix("policies.") for knob in self.knobs)
        self._lock = Lock()
        self._found = lru_cache(maxsize=KEPT)(self._run)

    @cached_property
    def session(self) -> Session:
        """The warm engine; to make it takes seconds."""
        return Session(self.base)

    @property
    def start(self) -> Place:
        """Every policy as in the base."""
        return (0,) * len(self.names)

    @property
    def end(self) -> Place:
        """Every policy as in the goal."""
        return (PERCENT,) * len(self.names)

    def place(self, asked: Mapping[str, str]) -> Place:
        """Read how far policies are to be moved; those that are not named stay.

        Raises
        ------
        ScenarioError
            There is no such policy, or a share is no whole number from 0 to 100.
        """
        for name in asked:
            if name not in self.names:
                hint = did_you_mean(name, self.names)
                message = f'no policy "{name[:60]}" differs between the two scenarios{hint}'
                raise ScenarioError(message)
        return tuple(self._share(name, asked.get(name, "0")) for name in self.names)

    def _share(self, name: str, text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= PERCENT):
            message = (
                f"{name}: expected a whole number of per cent from 0 to {PERCENT}, found "
                f'"{text[:20]}"'
            )
            raise ScenarioError(message)
        return int(text)

    def run(self, place: Place) -> xr.Dataset:
        """The pathway at a place; one at a time, and not again where it is remembered.

        Raises
        ------
        SolverError
            The run failed.
        """
        with self._lock:
            return self._found(place)

    def run_ends(self) -> tuple[xr.Dataset, xr.Dataset]:
        """The base, and the base with all policies of the goal."""
        own = self.goal.resolved
        named = {"name": own.name, "label": self.goal.label.model_dump()}
        with self._lock:
            first = self.session.run()
            return first, self.session.run({**named, **self.changes(self.end)})

    def beyond(self) -> tuple[str, ...]:
        """What the goal has otherwise and no policy moves: it stays as in the base."""
        reached = self.base.replace(self.changes(self.end)).resolved
        return tuple(change.path for change in differences(reached, self.goal.resolved))

    def told(self, place: Place) -> dict[str, list[Setting]]:
        """What every policy says at a place."""
        catalogue = load_policies(self.base.library)
        found: dict[str, list[Setting]] = {}
        for name, knob, share in zip(self.names, self.knobs, place, strict=True):
            known = catalogue[name].settings
            for part in knob.parts:
                target = part.target
                label = known[target.setting].label if len(knob.parts) > 1 else None
                series = part.at(share / PERCENT, tidy=True)
                values = self._in_some_years(series)
                found.setdefault(name, []).append(
                    Setting(label, target.unit, values, target.kind == "date")
                )
        return found

    def _in_some_years(self, series: Series) -> tuple[tuple[int, float], ...]:
        """A number as it is, a schedule in a few years."""
        if not series.times:
            return ((0, series.values[0]),)
        run = self.base.resolved
        years = sorted({min(year, run.end) for year in (*TOLD, run.end)})
        found = np.interp(years, series.times, series.values)
        return tuple(zip(years, map(float, found), strict=True))

    def file(self, place: Place) -> str:
        """The scenario at a place as a file that extends the base."""
        path = self.base.layers[-1].path
        own = path is None or path.parent == self.base.library.scenarios
        extends = self.base.resolved.name if own or path is None else path.name
        return as_file(
            self.base.resolved, self._moved(place), 1.0, name=self.name, label=LABEL,
            extends=extends,
        )  # fmt: skip

    def _moved(self, place: Place) -> list[Knob]:
        """The policies that are not where they start."""
        pairs = zip(self.knobs, place, strict=True)
        return [replace(knob, weight=share / PERCENT) for knob, share in pairs if share]

    def changes(self, place: Place) -> dict[str, object]:
        """What `Scenario.replace` takes to put the base there."""
        return changes(self.base.resolved, self._moved(place), 1.0)

    def _run(self, place: Place) -> xr.Dataset:
        named = {"name": self.name, "label": LABEL.model_dump()}
        return self.session.run({**named, **self.changes(place)})
