r"""Mandates: least shares that technologies have in what a fleet orders and runs.

Choice comes first, among all technologies; a mandate then changes orders within its part of
the fleet alone: that on hydrogen in steel made of ore takes the orders of blast furnaces and
leaves those that furnaces for scrap have won. A share of what runs is a share of plants: they
are ordered in the adjustment time :math:`\tau`, whether the fleet needs plants or not,

.. math:: o_M \ge \max(\varphi K^* - K_M, 0) / \tau

and what is ordered beyond need takes the place of plants of the part outside the mandated set,
which close early, one for one. So no mandate leaves a fleet with more plants than it needs,
for which others would then not be built.

Shapes use F fleets, T technologies, M mandated sets, R retrofit arcs, S scenarios.
"""

from typing import Any, NamedTuple

from simulator.equations.choice import raise_to, waterfill
from simulator.equations.fleet_parameters import Choosing, FleetParameters, FleetState
from simulator.equations.schedule import Clock, at

Array = Any

FASTEST_CLOSURE = 0.5
"""Most of what stands that closes in a year [1/yr]."""


class OrderBook(NamedTuple):
    """Orders by technology."""

    amount: Array
    """``(fleet, technology, scenario)`` [unit/yr]."""
    unmet: Array
    """Orders that no technology could take, ``(fleet, scenario)`` [unit/yr]."""
    beyond: Array
    """Orders of each mandate beyond what the fleet needs, ``(mandate, fleet, scenario)``."""


def allocate_orders(
    xp: Any,
    *,
    total: Array,
    weights: Array,
    limits: Array,
    floor_members: Array,
    floor_parts: Array,
    floor_shares: Array,
    floor_orders: Array,
) -> OrderBook:
    """Spread orders by logit weights under ramp limits, then apply the mandates in order.

    Parameters
    ----------
    total
        ``(fleet, scenario)`` [unit/yr].
    weights, limits
        ``(fleet, technology, scenario)``.
    floor_members, floor_parts
        Mandated sets and the parts of the fleet that they are a share of,
        ``(mandate, fleet, technology, 1)``.
    floor_shares, floor_orders
        Least share in the orders of the part [1], and least orders [unit/yr], each
        ``(mandate, fleet, scenario)``.

    """
    placed = waterfill(xp, weights, total, limits)
    amount, unmet, beyond = placed.amount, placed.unmet, []
    for member, part, share, least in zip(
        floor_members, floor_parts, floor_shares, floor_orders, strict=True
    ):
        target = xp.maximum(share * xp.sum(amount * part, axis=-2), least)
        raised = raise_to(xp, amount, member=member, part=part, target=target, limits=limits)
        # What found no place before is needed, and is not beyond need.
        filled = xp.minimum(raised.beyond, unmet)
        amount, unmet = raised.amount, unmet - filled
        beyond.append(raised.beyond - filled)
    return OrderBook(amount, unmet, xp.stack(beyond))


def displaced(
    xp: Any,
    *,
    beyond: Array,
    capacity: Array,
    relative_cost: Array,
    exponent: Array,
    floor_members: Array,
    floor_parts: Array,
) -> Array:
    r"""Capacity that closes early for what mandates order beyond need [unit/yr].

    Where a mandate asks for more plants than its fleet needs, the new ones take the place of
    standing plants of the same part outside the mandated set, one for one:

    .. math:: d_k = B\, K_k (c_k / p)^{\gamma} / \sum_i K_i (c_i / p)^{\gamma}

    so that those close most which run least. What nothing is left to close for adds to the
    fleet.

    Parameters
    ----------
    beyond
        ``(mandate, fleet, scenario)`` [unit/yr].
    capacity, relative_cost
        Capacity [unit] and short-run cost relative to the price of the product [1],
        ``(fleet, technology, scenario)``.
    exponent
        Preference for low short-run cost in operation, ``(fleet, 1, scenario)`` [1].
    floor_members, floor_parts
        As in `allocate_orders`.
    """
    closing = 0.0 * capacity
    weight = capacity * xp.maximum(relative_cost, 0.05) ** exponent
    for amount, member, part in zip(beyond, floor_members, floor_parts, strict=True):
        others = part * (1.0 - member)
        left = others * xp.maximum(FASTEST_CLOSURE * capacity - closing, 0.0)
        closing = closing + waterfill(xp, others * weight, amount, left).amount
    return closing


def mandated_shares(xp: Any, choosing: Choosing, clock: Clock, standing: Array) -> Array:
    """Least share of each mandated set in its whole fleet, (M, F, S) [1].

    A mandate that holds within a part of a fleet, as that of hydrogen within steel made of
    ore, shrinks with the capacity that stands outside that part.

    Parameters
    ----------
    standing
        Capacity, (F, T, S).
    """
    outside = xp.sum(choosing.floor_outside * standing, axis=2)
    whole = xp.maximum(xp.sum(standing, axis=1), 1e-12)
    shares: Array = at(choosing.floor_shares, clock) * (1.0 - outside / whole)
    return shares


def floor_retrofit_rate(xp: Any, p: FleetParameters, state: FleetState, floors: Array) -> Array:
    """Retrofit rate by which a mandated share of a plant fleet is reached, (R, S) [1/yr].

    Only arcs that lead from outside a mandated set into it are asked for; the gap is closed in
    the adjustment time of the fleet.
    """
    arcs = p.brownfield.arcs
    standing = xp.sum(state.capacity, axis=0)
    fleets, places = standing.shape[0], standing.shape[1]
    fleet_of_arc = arcs.source // places
    total = xp.sum(standing, axis=1)
    rate = 0.0 * p.brownfield.maximum
    for member, share, bound in zip(
        p.choosing.floor_members, floors, p.choosing.floor_on_output, strict=True
    ):
        inside = xp.sum(standing * member, axis=1)
        outside = xp.maximum(total - inside, 1e-9)
        gap = xp.maximum(share * total - inside, 0.0) * bound / p.planning.adjustment_time
        flat = member.reshape(fleets * places, -1)
        crossing = flat[arcs.target] * (1.0 - flat[arcs.source])
        rate = rate + crossing * (gap / outside)[fleet_of_arc]
    return rate
