r"""Adequacy: firm capacity that the system needs, has, and gains from one more kilowatt.

.. math::

    N = \bar L\, r\,(1 + m)(1 - d), \qquad
    C = \sum_k c_k K_k + c_s \bar L X (1 - e^{-x / X})

with the average load :math:`\bar L = G / 8760\,h`, the ratio of peak to average load r, the
reserve margin m, demand response d, capacity credits c and storage power x relative to the
average load. Storage saturates at X: the last battery finds no surplus to charge from, so its
marginal credit is :math:`c_s e^{-x / X}`. Without that limit the firm criterion would never
stop ordering storage.
"""

from typing import Any, Final, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

HOURS: Final = 8.76
"""TWh that one GW makes in a year."""

NOTHING: Final = 1e-9
"""Guards a quotient of two amounts that both vanish."""


class AdequacyParameters(NamedTuple):
    """Firm capacity and storage; ``(scenario,)`` unless stated."""

    peak_ratio: Array
    """Peak load relative to average load [1]."""
    reserve_margin: Array
    """[1]."""
    demand_response: Schedule
    """Share of the peak that consumers shift, ``()`` [1]."""
    credit: Array
    """Capacity credit other than of storage, ``(technology, scenario)`` [1]."""
    storage: Array
    """1 for storage, ``(technology, scenario)`` [1]."""
    storage_credit: Array
    """Capacity credit of the first storage [1]."""
    storage_saturation: Array
    """Storage power at which its use saturates, relative to average load [1]."""
    discharge_hours: Array
    """Yearly discharge of storage while it is scarce, ``(technology, scenario)`` [h/yr]."""
    round_trip: Array
    """Round-trip efficiency of storage, 1 elsewhere, ``(technology, scenario)`` [1]."""


class StorageUse(NamedTuple):
    """Storage in the system, ``(scenario,)``."""

    power: Array
    """Storage power [GW]."""
    ratio: Array
    """Storage power relative to average load [1]."""
    effective: Array
    """Storage power that the system can use [GW]."""
    marginal_credit: Array
    """Capacity credit of the next kilowatt [1]."""
    loss: Array
    """Electricity lost in storage [TWh/yr]."""


def average_load(xp: Any, demand: Array) -> Array:
    """Average load of a gross demand [TWh/yr], positive, ``(scenario,)`` [GW]."""
    return xp.maximum(demand, NOTHING) / HOURS


def storage_use(xp: Any, p: AdequacyParameters, *, capacity: Array, load: Array) -> StorageUse:
    """How much of the storage is used and what it loses.

    `capacity` is ``(technology, scenario)`` [GW]; `load` the average load ``(scenario,)`` [GW].
    """
    stored = capacity * p.storage
    power = xp.sum(stored, axis=0)
    ratio = power / load
    unused = xp.exp(-ratio / p.storage_saturation)
    effective = load * p.storage_saturation * (1.0 - unused)
    lost_per_power = p.discharge_hours * (1.0 / p.round_trip - 1.0) / 1000.0
    loss = xp.sum(stored * lost_per_power, axis=0) * effective / xp.maximum(power, NOTHING)
    return StorageUse(power, ratio, effective, p.storage_credit * unused, loss)


def firm_need(xp: Any, p: AdequacyParameters, clock: Clock, demand: Array) -> Array:
    """Firm capacity that a gross demand [TWh/yr] needs, ``(scenario,)`` [GW]."""
    peak = average_load(xp, demand) * p.peak_ratio * (1.0 + p.reserve_margin)
    need: Array = peak * (1.0 - at(p.demand_response, clock))
    return need


def firm_capacity(
    xp: Any, p: AdequacyParameters, *, capacity: Array, storage: StorageUse
) -> Array:
    """Firm capacity of plants and storage, ``(scenario,)`` [GW]."""
    plants = xp.sum(p.credit * capacity, axis=0)
    firm: Array = plants + p.storage_credit * storage.effective
    return firm


def marginal_credit(p: AdequacyParameters, storage: StorageUse) -> Array:
    """Capacity credit of the next kilowatt, ``(technology, scenario)`` [1]."""
    credit: Array = p.credit + p.storage * storage.marginal_credit
    return credit
