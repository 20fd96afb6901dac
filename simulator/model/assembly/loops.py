"""Switches of the feedback loops as schedules, and what a cut loop starts from."""

from typing import cast

import numpy as np

from simulator.dimensions import SECTORS
from simulator.equations.loops import Loops
from simulator.equations.materials import CATEGORIES
from simulator.equations.schedule import Schedule
from simulator.model.series import SeriesSpec
from simulator.model.state import Held
from simulator.model.values import Values


def loop_switches(values: Values) -> Loops:
    """Every switch as a series that is 1 to the end of history."""
    return Loops(*[_switch(values, name) for name in Loops._fields])


def _switch(values: Values, name: str) -> Schedule:
    end = values.history_end
    rows = tuple(
        (np.array([0.0, end, end]), np.array([1.0, 1.0, switch]))
        for switch in values.number(f"loops.{name}", "1")
    )
    return cast("Schedule", SeriesSpec((rows,), ()))


def held_at_start(width: int) -> Held:
    """Stand in for what is not yet known; nobody reads it before the end of history."""
    one = np.ones(width)
    return Held(
        electricity_price=one,
        storage_cost=one,
        outflow=np.ones((len(CATEGORIES), width)),
        equipment_factor=np.ones((len(SECTORS), width)),
        transformer_loss=one,
        coal_demand=one,
        crowding=np.ones((2, width)),
        construction=one,
    )
