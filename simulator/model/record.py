"""Solved runs as arrays over the years: stocks at both ends of each year, flows of the year.

Time comes first and the scenario last, as everywhere in the model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import emissions
from simulator.equations.schedule import Clock, Schedule, at, read_clock
from simulator.model.packing import mapped
from simulator.model.series import INSIDE
from simulator.model.state import Flows, State

FloatArray = NDArray[np.float64]

SUPPLIERS = {"electricity": "power", "heat": "heat_supply", "hydrogen": "hydrogen"}
"""Carriers that a sector of the model makes."""


class Solved(Protocol):
    """What a solver gives back."""

    @property
    def years(self) -> tuple[int, ...]:
        """Calendar years of the flows."""

    @property
    def initial(self) -> Any:
        """State at the start."""

    @property
    def states(self) -> tuple[Any, ...]:
        """State at the end of each year."""

    @property
    def flows(self) -> tuple[Any, ...]:
        """Integral of the flows over each year."""


class Standing(NamedTuple):
    """Capacity of all ages of the three blocks of fleets, (time, F, T, scenario)."""

    fleets: FloatArray
    generators: FloatArray
    chemicals: FloatArray


@dataclass(frozen=True)
class Record:
    """Scenarios that were solved together, every array (time, ..., scenario).

    What many variables and laws ask for is worked out once.
    """

    years: NDArray[np.int64]
    """Calendar years, (time,)."""
    bounds: State
    """Stocks at the start of each year and at the end of the last, (time + 1, ...)."""
    flows: Flows
    """Integrals over each year."""

    @cached_property
    def before(self) -> State:
        """Stocks at the start of each year."""
        found: State = mapped(self.bounds, lambda array: array[:-1])
        return found

    @cached_property
    def after(self) -> State:
        """Stocks at the end of each year."""
        found: State = mapped(self.bounds, lambda array: array[1:])
        return found

    @property
    def scenarios(self) -> int:
        """How many scenarios there are."""
        return int(self.flows.gross_product.shape[-1])

    @cached_property
    def direct(self) -> FloatArray:
        """Scope 1 after capture, (time, sector, scenario) [Mt CO2/yr]."""
        flows = self.flows
        return np.asarray(flows.emissions_by_carrier.sum(axis=1) + flows.emissions_process)

    @cached_property
    def taken(self) -> FloatArray:
        """Energy with that of power plants, (time, C, sector, scenario) [PJ/yr]."""
        found = np.array(self.flows.energy)
        found[:, :, SECTORS.index("power")] += self.flows.power.fuel
        return found

    @cached_property
    def indirect(self) -> FloatArray:
        """Scope 2 at mean intensities of each year, (time, sector, scenario) [Mt CO2/yr]."""
        use = {name: self.taken[:, CARRIERS.index(name)] for name in SUPPLIERS}
        supply = {
            f"{sector.removesuffix('_supply')}_emissions": self.direct[:, SECTORS.index(sector)]
            for sector in SUPPLIERS.values()
        }
        return np.asarray(emissions.scope2(np, **use, **supply))

    @cached_property
    def standing_before(self) -> Standing:
        """What stands at the start of each year."""
        return Standing(*(array[:-1] for array in self._standing))

    @cached_property
    def standing(self) -> Standing:
        """What stands at the end of each year."""
        return Standing(*(array[1:] for array in self._standing))

    @cached_property
    def _standing(self) -> Standing:
        blocks = self.bounds.fleets, self.bounds.generators, self.bounds.chemicals
        return Standing(*(block.capacity.sum(axis=1) for block in blocks))


def record_of(solved: Solved) -> Record:
    """Put the years of a trajectory one behind the other."""
    return Record(
        years=np.array(solved.years, dtype=np.int64),
        bounds=_stacked((solved.initial, *solved.states)),
        flows=_stacked(solved.flows),
    )


def _stacked(trees: Sequence[Any]) -> Any:
    first = trees[0]
    if hasattr(first, "_fields"):
        return type(first)(*[_stacked(parts) for parts in zip(*trees, strict=True)])
    return np.stack([np.asarray(array, dtype=np.float64) for array in trees])


def clocks_at(grid: FloatArray, record: Record, offset: float, axes: int = 1) -> Clock:
    """Read the clock at `offset` years into each year, for series with so many axes."""
    moments = record.years + min(offset, 1.0 - INSIDE)
    clock = read_clock(np, grid, moments)
    return clock._replace(elapsed=clock.elapsed.reshape(-1, *[1] * axes))


def annual(schedule: Schedule, grid: FloatArray, record: Record, offset: float) -> FloatArray:
    """Value of a schedule at `offset` years into each year, (time, ..., scenario)."""
    values = at(schedule, clocks_at(grid, record, offset, schedule.start.ndim - 1))
    return np.broadcast_to(values, (*values.shape[:-1], record.scenarios))


def integral(schedule: Schedule, grid: FloatArray, record: Record) -> FloatArray:
    """Exact integral of a schedule over each year, (time, ..., scenario)."""
    length = np.diff(grid)
    steps = length.reshape(-1, *[1] * (schedule.start.ndim - 1))
    area = (schedule.start + 0.5 * schedule.slope * steps) * steps
    whole = np.concatenate([np.zeros_like(area[:1]), np.cumsum(area, axis=0)])
    places = np.searchsorted(grid, record.years.astype(float))
    ends = np.searchsorted(grid, record.years.astype(float) + 1.0)
    values = np.asarray(whole[ends] - whole[places])
    return np.broadcast_to(values, (*values.shape[:-1], record.scenarios))
