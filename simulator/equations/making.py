r"""Makers follow what is bought: vehicles, construction machinery, batteries and aluminium.

What makers turn out is what is bought at home and what goes abroad, each kind of good at the
energy that making one takes, so that kinds add up [1]_:

.. math:: D_k = \sum_f w_{kf} S_f + X_k

Makers set their output by the orders of the months before:

.. math:: \dot P_k = (D_k - P_k) / \tau, \qquad \dot{\ln A_k} = \dot P_k / P_k

so that the index :math:`A_k` of a plain group that follows good :math:`k` moves with
:math:`P_k` alone. Balance: an index that starts at :math:`A_0` is
:math:`A_0 P_k / P_{k,0}` at any later time, whatever the path. Heat that makers take moves in
the same way, each with its share :math:`s_{jk}` in a kind of heat that otherwise follows an
index :math:`h_j` of its own:

.. math:: \phi_j = 1 + \sum_k s_{jk} \left(
    \frac{P_k}{P_{k,0}} e_k \frac{h_{j,0}}{h_j} - 1 \right)

with the energy per product :math:`e_k`. The scenario is the last axis.

References
----------
.. [1] Alliance of Industrial Internet and CAICT (2022), sections 9(2) and 10(2).
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

_TINY = 1e-9
_THOUSAND = 1000.0


class MakingParameters(NamedTuple):
    """What the output of makers depends on."""

    vehicle: Array
    """Electricity of making a vehicle, by vehicle fleet, ``(4, S)`` [MWh/vehicle]."""
    exported_vehicle: Array
    """The same for a mean vehicle sold abroad, ``(S)`` [MWh/vehicle]."""
    machine: Array
    """Price of a construction machine of the usual kind, ``(8, S)`` [CNY/vehicle]."""
    power_battery: Array
    """1 for the batteries of the power system, ``(generator, 1)`` [1]."""
    storage_hours: Schedule
    """Hours for which new batteries of the power system can run, ``()`` [h]."""
    exports: Schedule
    """Vehicles, machines and batteries sold abroad, ``(3)`` [million/yr, bn CNY/yr, GWh/yr]."""
    group: Array
    """1 for the plain group that makes a good, ``(good, G, 1)`` [1]."""
    heat_share: Array
    """Part of those makers in each kind of heat, ``(good, heat, S)`` [1]."""
    last_heat: Array
    """Index of each kind of heat at the end of history, ``(heat, S)`` [1]."""
    perception_time: Array
    """Time over which makers see what is bought, ``(S)`` [yr]."""


class MakerState(NamedTuple):
    """Output that makers plan, or its rate of change, each ``(good, S)``.

    Goods are vehicles by the electricity that making them takes [TWh/yr], construction machines
    by their price [bn CNY/yr], batteries [GWh/yr], and aluminium [Mt/yr].
    """

    planned: Array
    reference: Array
    """The same at the end of history."""


def output(
    xp: Any,
    p: MakingParameters,
    clock: Clock,
    *,
    vehicles: Array,
    machines: Array,
    batteries: Array,
    storage: Array,
    aluminium: Array,
) -> Array:
    """What makers are asked for now, ``(good, S)``.

    Vehicles count by the electricity that making them takes, machines by their price, which
    goes with their size, batteries by their capacity.

    Parameters
    ----------
    vehicles
        Vehicles bought, ``(4, S)`` [million/yr].
    machines
        Construction machines bought, ``(8, S)`` [million/yr].
    batteries
        Batteries for vehicles and machines, new and to replace, ``(S)`` [GWh/yr].
    storage
        What is added to the power system, ``(generator, S)`` [GW/yr].
    aluminium
        Metal that is rolled, drawn and cast, for abroad too, ``(S)`` [Mt/yr].

    """
    sent = at(p.exports, clock)
    stored = at(p.storage_hours, clock) * xp.sum(p.power_battery * storage, axis=0)
    rows = (
        xp.sum(p.vehicle * vehicles, axis=0) + p.exported_vehicle * sent[0],
        xp.sum(p.machine * machines, axis=0) / _THOUSAND + sent[1],
        batteries + stored + sent[2],
        aluminium,
    )
    return xp.stack(xp.broadcast_arrays(*rows))


def perceived_change(p: MakingParameters, known: Array, asked: Array) -> Array:
    """Rate of change of the output that makers plan, ``(good, S)``."""
    change: Array = (asked - known) / p.perception_time
    return change


def growth(xp: Any, p: MakingParameters, known: Array, asked: Array) -> Array:
    """Growth of the output that makers plan, ``(good, S)`` [1/yr]."""
    return perceived_change(p, known, asked) / xp.maximum(known, _TINY)


def heat_factor(
    xp: Any,
    p: MakingParameters,
    state: MakerState,
    *,
    intensity: Array,
    index: Array,
    projected: Array,
) -> Array:
    """Heat wanted relative to the index that it follows without makers, ``(heat, S)`` [1].

    Parameters
    ----------
    intensity
        Energy per product of the plain groups relative to the end of history, ``(G, S)`` [1].
    index
        Index that heat follows otherwise, ``(heat, S)`` [1].
    projected
        0 where observation rules, which holds what makers took, else 1, ``(S)``.

    """
    per_product = xp.sum(p.group * intensity, axis=1)
    made = per_product * state.planned / xp.maximum(state.reference, _TINY)
    relative = made[:, None] * (p.last_heat / index)
    return 1.0 + projected * xp.sum(p.heat_share * (relative - 1.0), axis=0)
