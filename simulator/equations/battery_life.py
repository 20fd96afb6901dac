r"""Traction batteries: first life in vehicles and machines, second life, recycling.

Batteries wear out by an Erlang law, those of scrapped vehicles leave with them, and vehicles
that go on get another one:

.. math::

    \dot B_1 = N + R - \lambda B_1 - w B_1, \qquad
    \dot B_a = \lambda (B_{a-1} - B_a) - w B_a

with what new vehicles need :math:`N`, replacements :math:`R = (B^* - B)^+ / \tau` and
withdrawals :math:`w = (B - B^*)^+ / (\tau B)`. Of what comes out, a share is collected; a part
of that serves again, at the capacity that is left, and all collected batteries are recycled
in the end [1]_:

.. math::

    \dot S = \theta \kappa c X - S / L_s, \qquad
    Y = y\,[(1 - \kappa) c X + S / (\theta L_s)]

Balance: batteries put in, less taken out, change what is in use; collected ones change the
second life or are recycled. The scenario is the last axis.

References
----------
.. [1] Alliance of Industrial Internet and CAICT (2022), section 9(2)4.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

_TINY = 1e-9


class BatteryLifeParameters(NamedTuple):
    """What the life of batteries depends on."""

    first_life: Array
    """Mean life in vehicles, ``(S)`` [yr]."""
    replacement_time: Array
    """Time in which a gap between vehicles and batteries closes, ``(S)`` [yr]."""
    formal_share: Array
    """Part of the national collection that reaches batteries, ``(S)`` [1]."""
    second_share: Schedule
    """Part of collected batteries that serves again, ``()`` [1]."""
    second_life: Array
    """Mean time of that service, ``(S)`` [yr]."""
    capacity_left: Array
    """Capacity at which the first life ends, ``(S)`` [1]."""
    recycling_yield: Array
    """Capacity's worth of materials regained, ``(S)`` [1]."""


class BatteryState(NamedTuple):
    """Batteries, or their rate of change."""

    in_use: Array
    """In vehicles and machines by age, rated capacity, ``(age, S)`` [GWh]."""
    second_life: Array
    """In stationary service, capacity that is left, ``(S)`` [GWh]."""


class BatteryFlows(NamedTuple):
    """Batteries that move, ``(S)`` [GWh/yr]; rated capacity but for what enters second life."""

    made: Array
    """For new vehicles and machines, and to replace worn ones."""
    out: Array
    """Worn out or withdrawn with the vehicle."""
    lost: Array
    """Not collected."""
    to_second_life: Array
    """Rated capacity that goes to second life."""
    from_second_life: Array
    """Rated capacity that comes out of it."""
    recycled: Array
    """Rated capacity that reaches recyclers."""
    regained: Array
    """Rated capacity whose materials are regained."""


def flows(
    xp: Any,
    p: BatteryLifeParameters,
    clock: Clock,
    state: BatteryState,
    *,
    new: Array,
    needed: Array,
    collection: Array,
) -> tuple[BatteryState, BatteryFlows]:
    """Rate of change of the batteries, and what moves.

    Parameters
    ----------
    new
        Batteries of new vehicles and machines, ``(S)`` [GWh/yr].
    needed
        Batteries of all vehicles and machines that stand, ``(S)`` [GWh].
    collection
        Share of old scrap that is collected, ``(S)`` [1].

    """
    ages = state.in_use.shape[0]
    standing = xp.sum(state.in_use, axis=0)
    ageing = (ages / p.first_life) * state.in_use
    gap = (needed - standing) / p.replacement_time
    replaced = xp.maximum(gap, 0.0)
    withdrawn = xp.maximum(-gap, 0.0) * state.in_use / xp.maximum(standing, _TINY)
    entering = xp.concatenate([(new + replaced)[None], ageing[:-1]], axis=0)
    out = ageing[-1] + xp.sum(withdrawn, axis=0)
    collected = p.formal_share * collection * out
    again = at(p.second_share, clock) * collected
    back = state.second_life / p.second_life
    spent = back / p.capacity_left
    recycled = collected - again + spent
    change = BatteryState(entering - ageing - withdrawn, p.capacity_left * again - back)
    return change, BatteryFlows(
        made=new + replaced,
        out=out,
        lost=out - collected,
        to_second_life=again,
        from_second_life=spent,
        recycled=recycled,
        regained=p.recycling_yield * recycled,
    )
