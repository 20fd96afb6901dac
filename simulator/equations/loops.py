r"""Feedback loops that can be cut: a switch of each, and what a cut loop goes on with.

A loop with the switch :math:`s` at 1 is on; at 0 what it feeds back stays as it was at the end
of history, or its answer is left out:

.. math:: x_{felt} = s\,x + (1 - s)\,x_{frozen}

Before the end of history every switch is 1, so that observed years stay as they were. With
:math:`s = 1` the formula gives x itself, bit for bit.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, at

Array = Any


class Loops(NamedTuple):
    """A switch of each loop, from 0 to 1, (S) [1]; in the parameters a schedule of it."""

    learning: Array
    """R1: experience goes on growing, but for R5 and R7."""
    electrification: Array
    """R2: users see the electricity price of the day."""
    scrap: Array
    """R3: steel that wears out now comes back as scrap."""
    vehicle_adoption: Array
    """R4: people get to know electric vehicles, and chargers follow them."""
    hydrogen_scale: Array
    """R5: experience of hydrogen plants goes on growing."""
    storage_network: Array
    """R6: transport and storage of carbon dioxide get cheaper with their size."""
    equipment_scale: Array
    """R7: efficient equipment gets cheaper the more of it is sold."""
    aluminium_recycling: Array
    """R8: aluminium that wears out now comes back as metal."""
    capacity_gap: Array
    """B1: orders close the gap between capacity and what demand needs."""
    idle_closure: Array
    """B2: idle capacity closes."""
    demand_response: Array
    """B4: demand answers to prices."""
    coal_mining: Array
    """B5: mines follow the demand for coal."""
    variable_limits: Array
    """B6: crowded wind and sun are curtailed and cost more."""
    equipment_efficiency: Array
    """B7: the efficiency of the equipment in use reaches its users."""
    resource_limits: Array
    """B8: resources, networks and ceilings limit what is built."""
    construction: Array
    """B9: construction machines follow construction."""
    scarcity: Array
    """B10: a shortage of electricity raises its price."""


ON = Loops(*[1.0] * len(Loops._fields))
"""Every loop closed."""


def switches(loops: Loops, clock: Clock) -> Loops:
    """Read the switch of every loop now."""
    return Loops(*[at(switch, clock) for switch in loops])


def felt(switch: Array, live: Array, frozen: Array) -> Array:
    """What reaches the next step of a loop: `live` where it is on, `frozen` where it is cut."""
    return switch * live + (1.0 - switch) * frozen
