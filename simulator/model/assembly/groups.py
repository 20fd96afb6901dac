"""Plain groups: what they are called, and their parameters from the data and the scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import activity as kernel
from simulator.equations.cost import capital_recovery
from simulator.equations.transitions import TransitionParameters
from simulator.errors import AssemblyError
from simulator.model.assembly.making import GOODS
from simulator.model.series import Knots, SeriesSpec, constant
from simulator.model.values import Values, stack
from simulator.schema.numbers import Frozen, Label

FloatArray = NDArray[np.float64]

DECLARATIONS: Final = Path(__file__).resolve().parents[2] / "data" / "groups" / "groups.yaml"

DRIVING_FUELS: Final = ("coal", "oil", "gas")
"""Fuels whose use can drive a group, first on the axis D."""

DRIVERS: Final = (*DRIVING_FUELS, *GOODS)
"""What can drive a group: fuels, and goods whose makers follow sales; the axis D."""

WHOLE: Final = 1e-9
"""How far weights may be from adding up to one."""

REPLACEABLE: Final = ("coal", "gas", "diesel", "gasoline", "other_oil", "lpg")
"""Carriers that electricity and hydrogen can replace in a plain group."""


class GroupDeclaration(Frozen):
    """One plain group."""

    sector: str
    """Reporting sector that owns its energy and emissions."""
    label: Label
    """What people call it."""
    follows: Mapping[str, float] = Field(default_factory=dict)
    """Fuels or goods that drive the group, with weights that add up to one."""


@dataclass(frozen=True)
class Groups:
    """The plain groups in the order of the group axis."""

    names: tuple[str, ...]
    declarations: tuple[GroupDeclaration, ...]

    def membership(self) -> FloatArray:
        """1 where a sector holds a group, (sector, group)."""
        member = np.zeros((len(SECTORS), len(self.names)))
        for column, declaration in enumerate(self.declarations):
            member[SECTORS.index(declaration.sector), column] = 1.0
        return member

    def follows(self) -> FloatArray:
        """Weights of what drives each group, (D, G, 1)."""
        return np.array(
            [[[d.follows.get(driver, 0.0)] for d in self.declarations] for driver in DRIVERS]
        )


@cache
def load_groups(path: Path = DECLARATIONS) -> Groups:
    """Every declared group; AssemblyError where a declaration does not fit."""
    from simulator.reading.yaml_nodes import read_own  # noqa: PLC0415  (a help page needs no YAML)

    declared = read_own(path)
    found = {name: GroupDeclaration.model_validate(d) for name, d in declared.items()}
    for name, declaration in found.items():
        weights = declaration.follows
        unknown = sorted(set(weights) - set(DRIVERS))
        if declaration.sector not in SECTORS or unknown:
            message = f"groups.yaml: {name} names {unknown or declaration.sector}, unknown here"
            raise AssemblyError(message)
        if weights and abs(sum(weights.values()) - 1.0) > WHOLE:
            message = f"groups.yaml: the weights that {name} follows do not add up to one"
            raise AssemblyError(message)
    return Groups(tuple(found), tuple(found.values()))


class GroupBlock(NamedTuple):
    """The plain groups ready to run."""

    groups: Groups
    parameters: kernel.GroupParameters
    """Parameters, with series still to be placed on the grid."""
    initial: kernel.GroupState
    """Stocks at the start, each (G, S)."""
    membership: FloatArray
    """1 where a sector holds a group, (sector, G)."""


class _Reader:
    """Looks up the numbers of the groups, with the default of the folder."""

    def __init__(self, values: Values, names: Sequence[str]) -> None:
        self.values = values
        self.names = names

    def path(self, group: str, name: str) -> str:
        own = f"groups.{group}.{name}"
        return own if self.values.has(own) else f"groups.defaults.{name}"

    def numbers(self, name: str, unit: str) -> FloatArray:
        """One number of every group, (G, S)."""
        return self.values.shared(
            f"groups: {name} {unit}",
            lambda: stack([self.values.number(self.path(g, name), unit) for g in self.names]),
        )

    def series(self, name: str, unit: str) -> SeriesSpec:
        """One series of every group, (G)."""
        return self.values.series_table([self.path(g, name) for g in self.names], unit)

    def optional(self, name: str, unit: str) -> FloatArray:
        """One number of every group, 0 where it has none, (G, S)."""
        return stack([self.values.number(f"groups.{g}.{name}", unit, 0.0) for g in self.names])

    def factors(self, name: str) -> SeriesSpec:
        """Yearly correction of every group, 1 where it has none, (G)."""
        paths = [f"groups.observed.{g}.{name}" for g in self.names]
        has = self.values.has
        knots = [
            self.values.annual_knots(p, "1") if has(p) else (constant(1.0),) for p in paths
        ]
        return SeriesSpec(tuple(knots), (len(knots),))


def assemble_groups(values: Values, endogenous: FloatArray) -> GroupBlock:
    """Parameters and initial stocks of the plain groups.

    Parameters
    ----------
    values
        Resolved parameters of the scenarios.
    endogenous
        1 for a scenario whose history is modelled, 0 where it is observed, (S).

    """
    groups = load_groups()
    read = _Reader(values, groups.names)
    energy = stack([_base_energy(read, carrier) for carrier in CARRIERS])
    is_fuel = _mask(REPLACEABLE)
    fuel = energy * is_fuel
    total = fuel.sum(axis=0)
    activity = [f"groups.observed.{g}.activity" for g in groups.names]
    parameters = kernel.GroupParameters(
        observed_activity=values.annual(activity, "1"),  # type: ignore[arg-type]
        energy_factor=_energy_factors(read),  # type: ignore[arg-type]
        process_factor=read.factors("process_factor"),  # type: ignore[arg-type]
        base_energy=energy,
        base_process=read.optional("process_emissions", "Mt CO2/yr"),
        emission_factor=values.table(
            [f"common.emission_factor.{c}" for c in CARRIERS], "t CO2/GJ"
        )[:, None],
        coal=_mask(("coal",)),
        diesel=_mask(("diesel",)),
        is_fuel=is_fuel,
        fuel_share=fuel / np.where(total > 0, total, 1.0),
        elasticity=_elasticities(read, groups),  # type: ignore[arg-type]
        follows=groups.follows(),
        following_time=values.number("groups.following_time", "yr"),
        improvement=_improvements(read),  # type: ignore[arg-type]
        intensity_floor=_floors(read),
        electric=_substitution(read, "electrification", "electricity"),
        hydrogen=_substitution(read, "hydrogen", "hydrogen"),
        choice_scale=values.number("groups.choice_scale", "CNY/GJ"),
        transition_time=read.numbers("transition_time", "yr"),
        capture=kernel.Capture(
            target=read.series("capture_target", "1"),  # type: ignore[arg-type]
            cost=read.numbers("capture_cost", "CNY/t CO2"),
            scale=values.number("groups.capture_cost_scale", "CNY/t CO2"),
            electricity=values.number("groups.capture_electricity", "GJ/t CO2"),
        ),
        price_elasticity=read.numbers("price_elasticity", "1"),
    )
    return GroupBlock(
        groups=groups,
        parameters=parameters,
        initial=_initial(values, activity, parameters, endogenous),
        membership=groups.membership(),
    )


def transition_parameters(values: Values) -> TransitionParameters:
    """How the costs of electrification, hydrogen and capture are split over time."""
    lifetime = values.number("groups.transition.lifetime", "yr")
    discount = values.number("groups.transition.discount_rate", "1/yr")
    return TransitionParameters(
        recovery=capital_recovery(np, discount, lifetime),
        lifetime=lifetime,
        booked_elsewhere=values.number("groups.transition.booked_elsewhere", "CNY/t CO2"),
        capital_share=values.number("groups.transition.capital_share", "1"),
    )


def _elasticities(read: _Reader, groups: Groups) -> SeriesSpec:
    """Growth of every group relative to that of income; none of one that follows others."""
    follows = groups.follows().sum(axis=(0, 2))
    knots: list[tuple[Knots, ...]] = []
    for name, followed in zip(groups.names, follows, strict=True):
        path = f"groups.{name}.elasticity"
        alone = followed < 1.0 - WHOLE
        if read.values.has(path) != alone:
            message = f"{path}: a group has an elasticity unless it follows fuels or goods"
            raise AssemblyError(message)
        knots.append(read.values.knots(path, "1") if alone else (constant(0.0),))
    return SeriesSpec(tuple(knots), (len(knots),))


def _improvements(read: _Reader) -> SeriesSpec:
    """Rate at which every group nears its floor; none of one without energy."""
    knots = [
        read.values.knots(f"groups.{name}.efficiency_improvement", "1/yr")
        if _uses_energy(read, name)
        else (constant(0.0),)
        for name in read.names
    ]
    return SeriesSpec(tuple(knots), (len(knots),))


def _floors(read: _Reader) -> FloatArray:
    """Lowest relative intensity of every group, (G, S); 1 of one without energy."""
    found = [
        read.values.number(f"groups.{name}.efficiency_floor", "1")
        if _uses_energy(read, name)
        else np.ones(1)
        for name in read.names
    ]
    return stack(found)


def _uses_energy(read: _Reader, name: str) -> bool:
    return any(read.values.has(f"groups.{name}.energy.{carrier}") for carrier in CARRIERS)


def _mask(carriers: Sequence[str]) -> FloatArray:
    return np.array([[[float(c in carriers)]] for c in CARRIERS])


def _base_energy(read: _Reader, carrier: str) -> FloatArray:
    return read.optional(f"energy.{carrier}", "PJ/yr")


def _energy_factors(read: _Reader) -> SeriesSpec:
    rows = [read.factors(f"{carrier}_factor") for carrier in CARRIERS]
    knots = tuple(element for row in rows for element in row.knots)
    return SeriesSpec(knots, (len(CARRIERS), len(read.names)))


def _substitution(read: _Reader, name: str, carrier: str) -> kernel.Substitution:
    return kernel.Substitution(
        target=read.series(f"{name}_target", "1"),  # type: ignore[arg-type]
        potential=read.numbers(f"{name}_potential", "1"),
        ratio=read.numbers(f"{name}_ratio", "1"),
        premium=read.numbers(f"{name}_premium", "CNY/GJ"),
        carrier=_mask((carrier,)),
    )


def _initial(
    values: Values,
    activity: Sequence[str],
    parameters: kernel.GroupParameters,
    endogenous: FloatArray,
) -> kernel.GroupState:
    """Stocks at the start.

    Where history is observed the stock of activity waits at the level of the end of history:
    the mean of the last year and half a year of growth with income. Where it is modelled it
    starts half a year before the mean of the first year.
    """
    size = len(activity)
    first = stack([_level(values, path, endogenous, 0) for path in activity])
    last = stack([_level(values, path, endogenous, -1) for path in activity])
    own = 1.0 - parameters.follows.sum(axis=0)
    ends = (2015.0, values.history_end)
    half = [_half_year(values, parameters, size, time) for time in ends]
    log_activity = np.where(
        endogenous > 0, np.log(first) - own * half[0], np.log(last) + own * half[1]
    )
    zero = np.zeros_like(log_activity)
    return kernel.GroupState(log_activity, np.ones_like(zero), zero, zero, zero)


def _level(values: Values, path: str, endogenous: FloatArray, year: int) -> FloatArray:
    """Observed index in the first or last year, (S)."""
    found = np.array([float(index[year]) for _, index in values.knots(path, "1")])
    level: FloatArray = found + np.zeros_like(endogenous)
    return level


def _half_year(
    values: Values, parameters: kernel.GroupParameters, size: int, time: float
) -> FloatArray:
    """Growth of activity with income over half a year, (G, 1) or (G, S)."""
    grid = np.array([time, time + 1.0])
    elasticity: SeriesSpec = parameters.elasticity  # type: ignore[assignment]
    growth = values.series("common.gdp_growth", "1/yr").on_grid(grid).start[0]
    start: FloatArray = elasticity.on_grid(grid).start[0]
    found: FloatArray = 0.5 * start.reshape(size, -1) * growth
    return found
