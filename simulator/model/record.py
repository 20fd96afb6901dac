"""A solved run as arrays over the years: stocks at both ends of each year, flows of the year.

The scenario axis is gone: a record holds one scenario of a trajectory, time first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import emissions
from simulator.equations.schedule import Clock, Schedule, at, read_clock
from simulator.model.state import Flows, State

FloatArray = NDArray[np.float64]

SUPPLIERS = {"electricity": "power", "heat": "heat_supply", "hydrogen": "hydrogen"}
"""Carriers that a sector of the model makes."""

INSIDE = 1e-9
"""Keeps a reading at the end of a year inside that year, where a series may jump [yr]."""


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


class Record(NamedTuple):
    """One scenario, every array with the years first and no scenario axis."""

    years: NDArray[np.int64]
    """Calendar years, (time,)."""
    before: State
    """Stocks at the start of each year."""
    after: State
    """Stocks at the end of each year."""
    flows: Flows
    """Integrals over each year."""
    scenario: int
    """Place of the scenario on the scenario axis of the model's parameters."""


def record_of(solved: Solved, scenario: int = 0) -> Record:
    """Take one scenario out of a trajectory."""
    bounds = (solved.initial, *solved.states)
    return Record(
        years=np.array(solved.years, dtype=np.int64),
        before=_stacked(bounds[:-1], scenario),
        after=_stacked(bounds[1:], scenario),
        flows=_stacked(solved.flows, scenario),
        scenario=scenario,
    )


def _stacked(trees: Sequence[Any], scenario: int) -> Any:
    first = trees[0]
    if hasattr(first, "_fields"):
        return type(first)(*[_stacked(parts, scenario) for parts in zip(*trees, strict=True)])
    return np.stack([one_scenario(array, scenario) for array in trees])


def one_scenario(array: FloatArray, scenario: int) -> FloatArray:
    """Drop the scenario axis, which may be one for all scenarios."""
    values = np.asarray(array, dtype=np.float64)
    return np.asarray(values[..., min(scenario, values.shape[-1] - 1)])


def clocks_at(grid: FloatArray, record: Record, offset: float) -> list[Clock]:
    """Clocks at `offset` years into each year of the record."""
    last = 1.0 - INSIDE
    moments = [float(year) + min(offset, last) for year in record.years]
    return [read_clock(np, grid, np.float64(moment)) for moment in moments]


def annual(schedule: Schedule, grid: FloatArray, record: Record, offset: float) -> FloatArray:
    """Value of a schedule at `offset` years into each year, (time, ...)."""
    values = [at(schedule, clock) for clock in clocks_at(grid, record, offset)]
    return np.stack([one_scenario(value, record.scenario) for value in values])


def integral(schedule: Schedule, grid: FloatArray, record: Record) -> FloatArray:
    """Exact integral of a schedule over each year, (time, ...)."""
    length = np.diff(grid)
    shape = (-1, *[1] * (schedule.start.ndim - 2))
    start = one_scenario(schedule.start, record.scenario)
    slope = one_scenario(schedule.slope, record.scenario)
    steps = length.reshape(shape)
    area = (start + 0.5 * slope * steps) * steps
    whole = np.concatenate([np.zeros_like(area[:1]), np.cumsum(area, axis=0)])
    places = np.searchsorted(grid, record.years.astype(float))
    ends = np.searchsorted(grid, record.years.astype(float) + 1.0)
    return np.asarray(whole[ends] - whole[places])


def direct_emissions(flows: Flows) -> FloatArray:
    """Scope 1 after capture, (time, sector) [Mt CO2/yr]."""
    return np.asarray(flows.emissions_by_carrier.sum(axis=1) + flows.emissions_process)


def energy_taken_in(flows: Flows) -> FloatArray:
    """Energy by carrier and sector with that of power plants, (time, C, sector) [PJ/yr]."""
    power = np.arange(len(SECTORS)) == SECTORS.index("power")
    return np.asarray(flows.energy + flows.power.fuel[..., np.newaxis] * power)


def indirect_emissions(flows: Flows) -> FloatArray:
    """Scope 2 with the mean intensities of each year, (time, sector) [Mt CO2/yr]."""
    taken, direct = energy_taken_in(flows), direct_emissions(flows)
    use = {name: taken[:, CARRIERS.index(name), :, np.newaxis] for name in SUPPLIERS}
    supply = {
        f"{sector.removesuffix('_supply')}_emissions": direct[:, [SECTORS.index(sector)]]
        for sector in SUPPLIERS.values()
    }
    return np.asarray(emissions.scope2(np, **use, **supply)[..., 0])
