"""Why one scenario emits less than another, policy by policy.

What the two set otherwise is put into groups: a policy with all its settings, a parameter by
itself. A run with some groups as the second scenario has them and the rest as the first is the
worth of a coalition, and each group gets its Shapley value, see `simulator.analysis.shapley`:
what it adds on the mean over all orders in which policies can come into force. So the parts do
not depend on an order, and add up to the difference of the two in every year. Runs go through
the batch engine.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from simulator.analysis.evaluation import Kept, Runners, evaluate_all
from simulator.analysis.shapley import EXACT, Division, divide
from simulator.errors import ScenarioError, SolverError
from simulator.reading.catalogue import load_policies
from simulator.reading.changes import apart_in_time, changes
from simulator.reading.resolution import Entries, Resolved
from simulator.reading.scenario import Scenario, load
from simulator.results.batches import BatchRunner
from simulator.results.quantities import label, load_quantities
from simulator.schema.numbers import Label
from simulator.version import code_version

FloatArray = NDArray[np.float64]

ORDERS: Final = 100
"""Orders that are drawn unless another number is asked for."""

KEPT: Final = ("emissions_net", "emissions", "system_cost_total")
"""Variables that are divided."""

CUMULATIVE: Final = "cumulative_emissions"
"""What is divided and derived of a run."""

Told = Callable[[int, int], None]
"""Called with how many scenarios have been run, and of how many."""


class Group(NamedTuple):
    """What two scenarios set otherwise, and that is moved as one."""

    key: str
    """``policies.<policy>``, or the path of a parameter."""
    lever: str
    """Short number of the policy, L01 and up; empty for a parameter."""
    label: Label
    paths: tuple[str, ...]
    """Parameters that differ."""


def groups_of(first: Scenario, second: Scenario) -> tuple[Group, ...]:
    """Put what the two scenarios set otherwise into groups, in the order of the catalogue.

    A parameter belongs to the policy that sets it in the second scenario, or in the first where
    the second leaves it alone.

    Raises
    ------
    ScenarioError
        They have another horizon or history, or do not differ.
    """
    one, two = first.resolved, second.resolved
    if different := apart_in_time(one, two):
        message = f"{one.name} and {two.name} have another {different}: no policy explains it"
        raise ScenarioError(message)
    known = one.parameters.base
    paths = [c.path for c in changes(one, two) if known.get(c.path) is not None]
    owners = {
        path: f"policies.{write.name}" if write.section == "policies" else path
        for scenario in (one, two)
        for write in scenario.writes
        for path in write.acts_on
    }
    found: dict[str, list[str]] = {}
    for path in paths:
        found.setdefault(owners.get(path, path), []).append(path)
    if not found:
        message = (
            f"{one.name} and {two.name} set nothing otherwise: there is nothing to explain"
        )
        raise ScenarioError(message)
    levers = load_policies(first.library)
    order = [f"policies.{name}" for name in levers]
    made = []
    for key in sorted(found, key=lambda key: (order.index(key) if key in order else 999, key)):
        lever = levers.get(key.removeprefix("policies."))
        name = Label(en=key, zh=key) if lever is None else lever.label
        made.append(Group(key, lever.id if lever else "", name, tuple(found[key])))
    return tuple(made)


def mixed(first: Resolved, second: Resolved, chosen: Sequence[Group]) -> Resolved:
    """Return the first scenario with some groups as the second has them."""
    over = dict(first.parameters.overrides)
    for path in (path for group in chosen for path in group.paths):
        entry = second.parameters.overrides.get(path)
        if entry is None:
            over.pop(path, None)
        else:
            over[path] = entry
    return replace(first, parameters=Entries(first.parameters.base, over))


def attribute(
    first: str | Path | Scenario,
    second: str | Path | Scenario,
    *,
    orders: int = ORDERS,
    seed: int = 1,
    report: Told | None = None,
) -> xr.Dataset:
    """Divide the difference of two scenarios among the policies in which they differ.

    Parameters
    ----------
    first
        Scenario that is started from.
    second
        Scenario that is explained.
    orders
        Orders in which policies come, drawn where there are more than eight of them; an even
        number of at least 4. Twice as many take twice as long and are 1.4 times as sure.
    seed
        From which orders are drawn.
    report
        Called with how many scenarios have been run, and of how many.

    Returns
    -------
    xarray.Dataset
        By year and group what each adds to net emissions, to emissions of every sector and to
        the system cost, second less first: what avoids emissions is below zero. Groups add up
        to the difference, which is given too. ``contribution_cumulative`` counts from 2025 on.

    Raises
    ------
    ScenarioError
        A scenario is wrong, the two do not differ, or in what no policy explains.
    SolverError
        A run failed.
    """
    if orders < 4 or orders % 2:
        message = f"the number of orders must be even and at least 4, found {orders}"
        raise ScenarioError(message)
    one, two = (x if isinstance(x, Scenario) else load(x) for x in (first, second))
    groups = groups_of(one, two)
    runs = _Runs(one.resolved, two.resolved, groups, report)
    divided = divide(runs.worth, len(groups), orders, seed)
    return _dataset((one, two), groups, runs, divided, (orders, seed))


class _Runs:
    """Runs coalitions of groups, and knows which number is what."""

    def __init__(
        self, one: Resolved, two: Resolved, groups: Sequence[Group], report: Told | None
    ) -> None:
        self.one, self.two, self.groups, self.report = one, two, groups, report
        self.years = tuple(range(one.start, one.end + 1))
        probes = [two, *(mixed(one, two, [group]) for group in groups)]
        self.runners = Runners(lambda whole: BatchRunner(one, probes, whole=whole))
        self.shapes: dict[str, tuple[int, ...]] = {}
        """Shape of each variable, in the order in which their numbers stand."""
        self.dataset = xr.Dataset()
        """The two scenarios themselves, along ``scenario``."""

    def resolved(self, mask: int) -> Resolved:
        """Return the scenario of a coalition."""
        if mask == (1 << len(self.groups)) - 1:
            return self.two
        chosen = [group for place, group in enumerate(self.groups) if mask >> place & 1]
        return mixed(self.one, self.two, chosen) if chosen else self.one

    def worth(self, masks: Sequence[int]) -> FloatArray:
        """Run coalitions; all that is kept of each stands in a row."""
        done = 0

        def tell(count: int) -> None:
            nonlocal done
            done += count
            if self.report is not None:
                self.report(done, len(masks))

        tell(0)
        asked = Kept(KEPT, self.years, (CUMULATIVE,), self.one.roadmap)
        numbers = range(len(masks))
        found = evaluate_all(
            asked, self.runners, numbers, lambda number: self.resolved(masks[number]), tell
        )
        if found.failures:
            number, reason = next(iter(found.failures.items()))
            names = [g.key for p, g in enumerate(self.groups) if masks[number] >> p & 1]
            message = f"{self.one.name} with {', '.join(names) or 'nothing else'}: {reason}"
            raise SolverError(message)
        dataset = found.dataset
        self.dataset = dataset.isel(scenario=[masks.index(0), masks.index(max(masks))])
        arrays = {name: dataset[name].values for name in (*KEPT, CUMULATIVE)}
        self.shapes = {name: array.shape[1:] for name, array in arrays.items()}
        return np.concatenate(
            [array.reshape(len(masks), -1) for array in arrays.values()], axis=1
        )

    def taken_apart(self, rows: FloatArray) -> dict[str, FloatArray]:
        """Return rows of numbers as variables, (row, ...)."""
        found, start = {}, 0
        for name, shape in self.shapes.items():
            size = int(np.prod(shape))
            found[name] = rows[:, start : start + size].reshape(len(rows), *shape)
            start += size
        return found


def _dataset(
    scenarios: tuple[Scenario, Scenario],
    groups: Sequence[Group],
    runs: _Runs,
    divided: Division,
    drawn: tuple[int, int],
) -> xr.Dataset:
    """Put the parts on their axes."""
    parts, errors = runs.taken_apart(divided.parts), runs.taken_apart(divided.error)
    known = load_quantities()
    net, cost = known["emissions_net"].unit, known["system_cost_total"].unit
    yearly = ("time", "group")
    variables: dict[str, Any] = {
        "contribution": (yearly, parts["emissions_net"].T, _told(
            net, "Contribution to net CO2 emissions", "对净排放差异的贡献")),
        "contribution_error": (yearly, errors["emissions_net"].T, _told(
            net, "Standard error of the contribution", "贡献的标准误差")),
        "contribution_sector": (
            ("time", "sector", "group"), np.moveaxis(parts["emissions"], 0, -1), _told(
                known["emissions"].unit, "Contribution to CO2 emissions of a sector",
                "对分行业排放差异的贡献")),
        "contribution_cost": (yearly, parts["system_cost_total"].T, _told(
            cost, "Contribution to the system cost", "对系统成本差异的贡献")),
        "contribution_cumulative": (("group",), parts[CUMULATIVE], _told(
            "Gt CO2", "Contribution to cumulative net CO2 emissions from 2025 on",
            "对2025年起累计净排放差异的贡献")),
        "contribution_cumulative_error": (("group",), errors[CUMULATIVE], _told(
            "Gt CO2", "Standard error of the cumulative contribution", "累计贡献的标准误差")),
        "emissions_net": (("side", "time"), runs.dataset["emissions_net"].values,
                          known["emissions_net"].attributes()),
    }  # fmt: skip
    sectors = [str(name) for name in runs.dataset["sector"].values]
    coordinates = {
        "time": list(runs.years),
        "group": [group.key for group in groups],
        "lever": ("group", [group.lever for group in groups]),
        "group_label_en": ("group", [group.label.en for group in groups]),
        "group_label_zh": ("group", [group.label.zh for group in groups]),
        "sector": sectors,
        "sector_label_en": ("sector", [label("sector", name, "en") for name in sectors]),
        "sector_label_zh": ("sector", [label("sector", name, "zh") for name in sectors]),
        "side": ["first", "second"],
    }
    one, two = scenarios
    orders, seed = drawn
    whole = len(groups) <= EXACT
    attributes = {
        "scenario": two.name,
        "label_en": two.label.en,
        "label_zh": two.label.zh,
        "scenario_hash": two.resolved.digest,
        "baseline": one.name,
        "baseline_label_en": one.label.en,
        "baseline_label_zh": one.label.zh,
        "baseline_hash": one.resolved.digest,
        "code_version": code_version(),
        "method": "every coalition" if whole else f"{orders} orders in pairs, seed {seed}",
        "runs": divided.coalitions,
    }
    return xr.Dataset(variables, coordinates, attributes)


def _told(unit: str, en: str, zh: str) -> dict[str, str]:
    """Attributes of a variable."""
    return {"units": unit, "long_name": en, "long_name_zh": zh}
