r"""Dispatch: who generates how much in a year.

Nuclear, hydro, other renewables and then wind and sun run first; thermal plants share the rest
by water-filling with weights :math:`K\,\alpha\,e^{w}c^{-\gamma}` on their short-run cost c. The
habit w continues what was metered last, for peaks and contracts that no cost explains; it
fades. Of the wind and solar potential a share is curtailed that grows with their share s of
demand beyond what storage x and flexible demand f can take:

.. math:: u = \min\{u_0 + b\,[s - (s_0 + s_x \min(x, \hat x) + s_f f)]_+^{\,e},\; \hat u\}

Balance: generation + unmet demand = demand + loss of storage, exactly.
In history capacity factors are observed, and so is the output of metered thermal plants.
Arrays are ``(technology, scenario)``; tiers are the four groups that run before thermal plants.
"""

from typing import Any, NamedTuple

from simulator.equations.adequacy import HOURS, NOTHING, StorageUse
from simulator.equations.choice import waterfill
from simulator.equations.loops import felt
from simulator.equations.schedule import Clock, Schedule, at

Array = Any

LARGEST_SHARE = 10.0
"""Potential relative to demand beyond which a larger one makes no difference [1]."""


class CurtailmentParameters(NamedTuple):
    """The curtailment curve, ``(scenario,)`` [1]."""

    base: Array
    """Curtailment at a low share: local congestion."""
    slope: Array
    exponent: Array
    threshold: Array
    """Share of wind and sun that the system takes without storage."""
    per_storage: Array
    """Rise of the threshold with storage relative to average load."""
    storage_limit: Array
    """Storage beyond which the threshold rises no more."""
    per_flexibility: Array
    """Rise of the threshold with full flexibility of demand."""
    maximum: Array


class FlexibilityParameters(NamedTuple):
    """Flexible demand, ``(scenario,)`` [1]."""

    charging: Array
    """Share of vehicle charging that can be shifted."""
    full: Array
    """Flexible demand relative to average load that counts as full flexibility."""


class DispatchParameters(NamedTuple):
    """How plants are run."""

    observed: Schedule
    """1 while capacity factors are observed, 0 afterwards, ``()`` [1]."""
    capacity_factor: Schedule
    """Observed, later expected, potential output per capacity, ``(technology,)`` [1]."""
    tiers: Array
    """Members of each tier, ``(tier, technology, 1)`` [1]."""
    earlier: Array
    """1 where the second tier runs before the first, ``(tier, tier)`` [1]."""
    variable: Array
    """1 for wind and sun, ``(technology, scenario)`` [1]."""
    concentrated: Array
    """1 for technologies that run in the same hours (sun), ``(technology, scenario)`` [1]."""
    thermal: Array
    """1 for plants that serve the rest, ``(technology, scenario)`` [1]."""
    metered: Array
    """1 for thermal plants with observed output in history, ``(technology, scenario)`` [1]."""
    maximum_utilisation: Array
    """Largest output of thermal plants per capacity, ``(technology, scenario)`` [1]."""
    preference: Array
    """What short-run cost does not explain, ``(technology, scenario)`` [1]."""
    exponent: Array
    """Preference for low short-run cost, ``(scenario,)`` [1]."""
    curtailment: CurtailmentParameters
    flexibility: FlexibilityParameters


class Dispatch(NamedTuple):
    """Generation of a year, ``(technology, scenario)`` or ``(scenario,)``."""

    generation: Array
    """[TWh/yr]."""
    curtailed: Array
    """Potential output that is not used [TWh/yr]."""
    unmet: Array
    """Demand that no plant could serve, ``(scenario,)`` [TWh/yr]."""
    curtailment: Array
    """Curtailed share of wind and sun, ``(scenario,)`` [1]."""
    variable_share: Array
    """Potential of wind and sun relative to demand, ``(scenario,)`` [1]."""
    solar_share: Array
    """Potential of the sun relative to demand, ``(scenario,)`` [1]."""
    storage_loss: Array
    """``(scenario,)`` [TWh/yr]."""
    crowding: Array
    """Shares of wind and sun, and of the sun, that make them costly, ``(2, scenario)`` [1]."""


def flexibility(
    xp: Any, p: FlexibilityParameters, *, electrolysers: Array, charging: Array, load: Array
) -> Array:
    """Flexibility of demand from 0 to 1, ``(scenario,)`` [1].

    `electrolysers`, `charging` and the average `load` are powers, ``(scenario,)`` [GW].
    """
    flexible = electrolysers + p.charging * charging
    return xp.minimum(flexible / (p.full * load), 1.0)


def curtailment_share(
    xp: Any, p: CurtailmentParameters, *, share: Array, storage: Array, flexible: Array
) -> Array:
    """Share of wind and solar potential that is curtailed, ``(scenario,)`` [1].

    `share` is their potential relative to demand, `storage` its power relative to average
    load, `flexible` the flexibility of demand [1].
    """
    taken = p.threshold + p.per_storage * xp.minimum(storage, p.storage_limit)
    excess = xp.maximum(share - taken - p.per_flexibility * flexible, 0.0)
    return xp.clip(p.base + p.slope * excess**p.exponent, 0.0, p.maximum)


def dispatch(
    xp: Any,
    p: DispatchParameters,
    clock: Clock,
    *,
    demand: Array,
    capacity: Array,
    short_run_cost: Array,
    storage: StorageUse,
    flexible: Array,
    habit: Array = 0.0,
    crowds: Array = 1.0,
    known_crowding: Array = 0.0,
) -> Dispatch:
    """Serve a gross demand.

    Parameters
    ----------
    demand, flexible
        Gross demand [TWh/yr] and flexibility of demand [1], ``(scenario,)``.
    capacity, short_run_cost
        [GW] and [CNY/MWh], ``(technology, scenario)``.
    storage
        Use of storage at this demand.
    habit
        Logarithm of what metered plants run beyond cost and preference, ``(technology,
        scenario)`` [1].
    crowds, known_crowding
        1 where wind and sun crowd each other as they grow; where 0, they do as at the shares
        that are known, ``(scenario,)`` and ``(2, scenario)`` [1].

    """
    observed = at(p.observed, clock)
    full_output = HOURS * at(p.capacity_factor, clock) * capacity
    asked = xp.maximum(demand, NOTHING)
    share = xp.minimum(xp.sum(full_output * p.variable, axis=0) / asked, LARGEST_SHARE)
    sun = xp.minimum(xp.sum(full_output * p.concentrated, axis=0) / asked, LARGEST_SHARE)
    crowding = felt(crowds, xp.stack(xp.broadcast_arrays(share, sun)), known_crowding)
    curtailed = (1.0 - observed) * curtailment_share(
        xp, p.curtailment, share=crowding[0], storage=storage.ratio, flexible=flexible
    )
    usable = full_output * (1.0 - p.variable * curtailed)
    load = demand + storage.loss
    first, rest = _run_tiers(xp, p, usable, load)
    metered = p.metered * observed
    reported = _up_to(xp, full_output * metered, rest)
    placed = waterfill(
        xp,
        _merit(xp, p, capacity, short_run_cost) * xp.exp(p.metered * habit) * (1.0 - metered),
        xp.maximum(rest - xp.sum(reported, axis=0), 0.0),
        HOURS * p.maximum_utilisation * capacity * p.thermal,
    )
    return Dispatch(
        generation=first + reported + placed.amount,
        curtailed=full_output * xp.sum(p.tiers, axis=0) - first,
        unmet=placed.unmet,
        curtailment=curtailed,
        variable_share=share,
        solar_share=sun,
        storage_loss=storage.loss,
        crowding=crowding,
    )


def habit(
    xp: Any, p: DispatchParameters, *, generation: Array, capacity: Array, short_run_cost: Array
) -> Array:
    """What metered plants ran beyond cost and preference, ``(technology, scenario)`` [1].

    Closed form: with it the weights of thermal plants give the `generation` [TWh/yr] that was
    metered beside that of the others, ``(technology, scenario)``; none where nothing ran.
    """
    merit = _merit(xp, p, capacity, short_run_cost)
    served = p.thermal * (1.0 - p.metered)
    others = xp.sum(served * generation, axis=0) / xp.maximum(
        xp.sum(served * merit, axis=0), NOTHING
    )
    own = generation / xp.maximum(merit, NOTHING)
    ran = p.metered * xp.where((generation > NOTHING) & (others > NOTHING), 1.0, 0.0)
    return ran * xp.log(xp.maximum(own, NOTHING) / xp.maximum(others, NOTHING))


def _run_tiers(
    xp: Any, p: DispatchParameters, usable: Array, load: Array
) -> tuple[Array, Array]:
    """Run the tiers in their order; what is left for thermal plants, ``(scenario,)``."""
    offered = xp.sum(p.tiers * usable, axis=1)
    before = xp.sum(p.earlier[:, :, xp.newaxis] * offered, axis=1)
    taken = xp.clip(load - before, 0.0, offered)
    used = xp.where(offered > 0, taken / xp.where(offered > 0, offered, 1.0), 0.0)
    running = usable * xp.sum(p.tiers * used[:, xp.newaxis, :], axis=0)
    return running, xp.maximum(load - xp.sum(taken, axis=0), 0.0)


def _up_to(xp: Any, amount: Array, limit: Array) -> Array:
    """Scale amounts down so that their sum does not pass a limit."""
    total = xp.sum(amount, axis=0)
    return amount * xp.minimum(limit / xp.maximum(total, NOTHING), 1.0)


def _merit(xp: Any, p: DispatchParameters, capacity: Array, cost: Array) -> Array:
    """Weights of the thermal plants; a cost under a twentieth of the dearest counts as that."""
    dearest = xp.max(xp.abs(cost) * p.thermal, axis=0) + NOTHING
    relative = xp.maximum(cost / dearest, 0.05)
    weights: Array = p.thermal * p.preference * capacity * relative ** (-p.exponent)
    return weights
