r"""Expansion of the power system: orders by two criteria, energy and firm capacity.

Energy: the growth of demand until orders are complete, the output of what retires, and the
fuel that a new plant undercuts are spread by a logit on the levelised cost, which for wind and
sun includes the cost of integration at their share s of demand:

.. math:: c^{eff}_k = c_k (1 + u) + i_v [s - s_v]_+ + i_k [s_{sun} - s_k]_+

Firm capacity: what is still missing is spread by a logit on the annual cost per marginal firm
kilowatt. A storage mandate, minimum builds and build limits come on top. Orders never pass
their limits; what finds no place is returned as unmet. Arrays are ``(technology, scenario)``.
"""

from typing import Any

from simulator.equations.adequacy import (
    HOURS,
    NOTHING,
    AdequacyParameters,
    StorageUse,
    firm_capacity,
    firm_need,
    marginal_credit,
)
from simulator.equations.choice import logit_weights, shares, waterfill
from simulator.equations.dispatch import Dispatch, DispatchParameters
from simulator.equations.expansion_parameters import (
    ExpansionParameters,
    Fleet,
    Orders,
    Outlook,
)
from simulator.equations.loops import ON, Loops, felt
from simulator.equations.schedule import Clock, at

__all__ = [
    "ExpansionParameters",
    "Fleet",
    "Orders",
    "Outlook",
    "anchor_weights",
    "effective_cost",
    "orders",
]

Array = Any


def effective_cost(
    xp: Any, p: ExpansionParameters, run: DispatchParameters, *, cost: Array, now: Dispatch
) -> Array:
    """Levelised cost with integration, ``(technology, scenario)`` [CNY/MWh]."""
    crowded = xp.maximum(now.crowding[0] - p.integration_threshold, 0.0)
    sunny = xp.maximum(now.crowding[1] - p.concentration_threshold, 0.0)
    common = cost * now.curtailment + p.integration_cost * crowded
    return cost + run.variable * common + run.concentrated * p.concentration_cost * sunny


def anchor_weights(
    xp: Any,
    *,
    cost: Array,
    share: Array,
    long_run: Array,
    exponent: Array,
    member: Array,
) -> Array:
    """Logarithms of share weights with which the energy logit gives the shares observed.

    Closed form: the logit is inverted up to a common factor, which is chosen so that the
    share-weighted mean equals that of the long-run weights; technologies without observed
    additions keep their long-run weight.

    Parameters
    ----------
    cost, long_run
        Effective cost [CNY/MWh] and long-run log weights [1], ``(technology, scenario)``.
    share
        Observed shares in the yearly output added, ``(technology, scenario)`` [1].
    exponent
        Choice exponent, ``(scenario,)`` [1].
    member
        1 for technologies of the energy criterion, ``(technology, 1)``.

    """
    known = member * xp.where(share > 0, 1.0, 0.0)
    inverted = xp.log(xp.where(known > 0, share, 1.0)) + exponent * xp.log(
        xp.maximum(cost, 1.0)
    )
    weight = share * known / xp.maximum(xp.sum(share * known, axis=0), NOTHING)
    shift = xp.sum(weight * (long_run - inverted), axis=0)
    return xp.where(known > 0, inverted + shift, long_run)


def order_limits(
    xp: Any, p: ExpansionParameters, clock: Clock, fleet: Fleet, loops: Loops = ON
) -> Array:
    """Most orders of each technology: build limits, ramps, bans, resources [GW/yr]."""
    started = fleet.capacity + fleet.pipeline
    ramp = p.ramp * started + p.seed * xp.sum(fleet.capacity, axis=0)
    room = xp.clip((p.potential - started) / (p.fade * p.potential), 0.0, 1.0)
    room = felt(loops.resource_limits, room, 1.0)
    return xp.minimum(at(p.maximum_build, clock), ramp) * fleet.availability * room


def energy_gap(
    xp: Any,
    p: ExpansionParameters,
    *,
    fleet: Fleet,
    outlook: Outlook,
    now: Dispatch,
    cost: Array,
    weights: Array,
    output: Array,
    thermal: Array,
    loops: Loops = ON,
) -> Array:
    """Yearly output to be ordered, ``(scenario,)`` [TWh/yr per yr].

    `output` is what new capacity makes, ``(technology, scenario)`` [TWh/yr per GW]. Plants
    count with what they make now, thermal plants at most at their expected use, and thermal
    plants under construction with what their kind makes now. Orders look ahead until they are
    complete, so that steady growth is met without a lag.
    """
    share = shares(xp, weights)
    build_time = xp.sum(share * p.construction_time, axis=0)
    expected = outlook.demand * (1.0 + outlook.growth * (p.adjustment_time + build_time))
    made = xp.where(
        thermal > 0, xp.minimum(now.generation, output * fleet.capacity), now.generation
    )
    per_capacity = made / xp.maximum(fleet.capacity, NOTHING)
    expected_output = xp.where(thermal > 0, per_capacity, output) * p.energy_member
    coming = xp.sum(fleet.pipeline * expected_output, axis=0)
    short = expected + now.storage_loss - xp.sum(made, axis=0) - coming
    leaving = xp.sum(fleet.retirement * per_capacity, axis=0)
    fresh = share * (1.0 - thermal)
    new_cost = xp.sum(fresh * cost, axis=0) / xp.maximum(xp.sum(fresh, axis=0), NOTHING)
    dearer = outlook.short_run_cost / xp.maximum(new_cost, 1.0) - 1.0 - p.displacement_threshold
    willing = 1.0 / (1.0 + xp.exp(-xp.clip(dearer / p.displacement_margin, -60.0, 60.0)))
    displaced = xp.sum(thermal * made * willing, axis=0) / p.displacement_time
    closing = loops.capacity_gap * (short / p.adjustment_time)
    gap: Array = xp.maximum(closing + leaving + displaced, 0.0)
    return gap


def with_minimum(
    xp: Any, p: ExpansionParameters, clock: Clock, *, orders: Array, limits: Array
) -> Array:
    """Raise groups of technologies to their minimum builds, within limits [GW/yr]."""
    inside = p.build_groups * orders
    room = p.build_groups * limits
    wanted = xp.maximum(at(p.minimum_build, clock), xp.sum(inside, axis=1))
    raised = waterfill(xp, inside + 1e-3 * room, wanted, room).amount
    return xp.maximum(orders, xp.sum(raised, axis=0))


def storage_orders(
    xp: Any,
    p: ExpansionParameters,
    clock: Clock,
    *,
    fleet: Fleet,
    variable: Array,
    storage: Array,
    share: Array,
    limits: Array,
) -> Array:
    """Storage ordered beside wind and sun, ``(technology, scenario)`` [GW/yr].

    `variable` and `storage` mark wind and sun, and storage; `share` is the share of wind and
    sun in demand, ``(scenario,)`` [1].
    """
    binding = xp.clip((share - p.mandate_start) / (p.mandate_full - p.mandate_start), 0.0, 1.0)
    target = at(p.storage_mandate, clock) * xp.sum(fleet.capacity * variable, axis=0) * binding
    held = xp.sum((fleet.capacity + fleet.pipeline) * storage, axis=0)
    wanted = (target - held) / p.mandate_time + xp.sum(fleet.retirement * storage, axis=0)
    wanted = xp.where(target > 0, xp.maximum(wanted, 0.0), 0.0)
    room = p.mandated * limits
    return room * xp.minimum(wanted / xp.maximum(xp.sum(room, axis=0), NOTHING), 1.0)


def firm_gap(
    xp: Any,
    p: ExpansionParameters,
    adequacy: AdequacyParameters,
    clock: Clock,
    *,
    fleet: Fleet,
    outlook: Outlook,
    storage: StorageUse,
    weights: Array,
    ordered: Array,
    loops: Loops = ON,
) -> Array:
    """Firm capacity to be ordered beside what is `ordered` already, ``(scenario,)`` [GW/yr]."""
    build_time = xp.sum(shares(xp, weights) * p.construction_time, axis=0)
    ahead = outlook.demand * (1.0 + outlook.growth * (p.adjustment_time + build_time))
    credit = marginal_credit(adequacy, storage)
    need = firm_need(xp, adequacy, clock, ahead)
    have = firm_capacity(xp, adequacy, capacity=fleet.capacity, storage=storage)
    coming = xp.sum(credit * fleet.pipeline, axis=0)
    leaving = xp.sum(credit * (fleet.retirement - ordered), axis=0)
    closing = loops.capacity_gap * ((need - have - coming) / p.adjustment_time)
    gap: Array = xp.maximum(closing + leaving, 0.0)
    return gap


def orders(
    xp: Any,
    p: ExpansionParameters,
    run: DispatchParameters,
    adequacy: AdequacyParameters,
    clock: Clock,
    *,
    fleet: Fleet,
    outlook: Outlook,
    now: Dispatch,
    storage: StorageUse,
    loops: Loops = ON,
) -> Orders:
    """Orders of the whole power system; `now` and `storage` are today's dispatch."""
    limits = order_limits(xp, p, clock, fleet, loops)
    output = HOURS * at(run.capacity_factor, clock) * (1.0 - run.variable * now.curtailment)
    cost = effective_cost(xp, p, run, cost=outlook.cost, now=now)
    weights = logit_weights(
        xp,
        cost=cost * p.energy_member,
        log_share_weight=outlook.log_share_weight,
        availability=fleet.availability * p.energy_member,
        exponent=p.choice_exponent,
    )
    gap = energy_gap(
        xp,
        p,
        fleet=fleet,
        outlook=outlook,
        now=now,
        cost=cost,
        weights=weights,
        output=output,
        thermal=run.thermal,
        loops=loops,
    )
    placed = waterfill(xp, weights, gap, limits * output * p.energy_member)
    energy = placed.amount / xp.maximum(output, NOTHING)
    mandated = with_minimum(xp, p, clock, orders=energy, limits=limits)
    beside = storage_orders(
        xp,
        p,
        clock,
        fleet=fleet,
        variable=run.variable,
        storage=adequacy.storage,
        share=now.variable_share,
        limits=limits,
    )
    ordered = mandated + beside
    firm, missing, unmet_firm = _firm_orders(
        xp,
        p,
        adequacy,
        clock,
        fleet=fleet,
        outlook=outlook,
        storage=storage,
        ordered=ordered,
        limits=limits,
        loops=loops,
    )
    return Orders(ordered + firm, energy, firm, gap, missing, placed.unmet, unmet_firm)


def _firm_orders(
    xp: Any,
    p: ExpansionParameters,
    adequacy: AdequacyParameters,
    clock: Clock,
    *,
    fleet: Fleet,
    outlook: Outlook,
    storage: StorageUse,
    ordered: Array,
    limits: Array,
    loops: Loops,
) -> tuple[Array, Array, Array]:
    """Orders of the firm criterion, its gap and what found no place."""
    credit = marginal_credit(adequacy, storage)
    counted = xp.maximum(credit, p.least_credit)
    useful = p.firm_member * xp.clip(credit / p.least_credit - 1.0, 0.0, 1.0)
    running = p.backup_hours * xp.maximum(outlook.short_run_cost, 0.0)
    weights = logit_weights(
        xp,
        cost=p.firm_member * (outlook.capacity_cost + running) / counted,
        log_share_weight=p.firm_log_weight,
        availability=fleet.availability * useful,
        exponent=p.choice_exponent,
    )
    gap = firm_gap(
        xp,
        p,
        adequacy,
        clock,
        fleet=fleet,
        outlook=outlook,
        storage=storage,
        weights=weights,
        ordered=ordered,
        loops=loops,
    )
    room = xp.maximum(limits - ordered, 0.0) * counted * useful
    placed = waterfill(xp, weights, gap, room)
    return placed.amount / counted, gap, placed.unmet
