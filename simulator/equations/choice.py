r"""Technology choice: logit shares, allocation under limits, and mandates.

Shares follow the modified logit in ratio form (Clarke and Edmonds 1993, as used by GCAM):

.. math:: s_k = w_k / \sum_i w_i, \qquad w_k = \alpha_k A_k (c_k / c_{ref})^{-\gamma}

An amount is allocated in proportion to weights, no technology above its limit; what cannot be
placed is returned as unmet, never dropped. The allocation is the water-filling solution
:math:`x_k = \min(\theta w_k, l_k)` with one level :math:`\theta`.
All arrays end in ``(technology, scenario)``.
"""

from typing import Any, NamedTuple

Array = Any

_TINY = 1e-200
"""Guards a division by an exact zero; far below any weight that matters."""


class Allocation(NamedTuple):
    """An amount spread over technologies."""

    amount: Array
    """Amount per technology, shape ``(..., technology, scenario)``, unit of the total."""
    unmet: Array
    """What found no place, shape ``(..., scenario)``."""


def logit_weights(
    xp: Any,
    *,
    cost: Array,
    log_share_weight: Array,
    availability: Array,
    exponent: Array,
) -> Array:
    """Weights of the logit, largest about one, shape ``(..., technology, scenario)``.

    Parameters
    ----------
    cost
        Perceived levelised cost [CNY per unit]; costs below a twentieth of the dearest count
        as that twentieth, so that subsidies cannot turn a weight infinite.
    log_share_weight
        Logarithm of what the cost does not explain [1]; very negative for a missing technology.
    availability
        From 0 (not on sale) to 1 [1].
    exponent
        Choice exponent, shape ``(..., 1, scenario)`` [1].

    """
    reference = xp.max(xp.abs(cost), axis=-2, keepdims=True) + _TINY
    relative_cost = xp.maximum(cost / reference, 0.05)
    score = log_share_weight - exponent * xp.log(relative_cost)
    offered = xp.where(availability > 0, score, -700.0)
    best = xp.max(offered, axis=-2, keepdims=True)
    return availability * xp.exp(xp.maximum(offered - best, -700.0))


def shares(xp: Any, weights: Array) -> Array:
    """Shares of positive weights, zero where every weight is zero [1]."""
    return weights / xp.maximum(xp.sum(weights, axis=-2, keepdims=True), _TINY)


def waterfill(xp: Any, weights: Array, total: Array, limits: Array) -> Allocation:
    r"""Allocate `total` in proportion to `weights`, nobody above `limits`.

    The level is the largest of :math:`(T - \sum_{i \in C_j} l_i) / \sum_{i \notin C_j} w_i`
    over the sets :math:`C_j` of technologies that reach their limit before technology j: each
    set bounds the concave function :math:`\sum_i \min(\theta w_i, l_i)` from above, and the
    right one touches it. Exact, without iteration.

    Parameters
    ----------
    weights, limits
        Shape ``(..., technology, scenario)``, not negative.
    total
        Amount to place, shape ``(..., scenario)``, not negative.

    """
    wanted = weights > 0
    reach = xp.where(wanted, limits / xp.maximum(weights, _TINY), 1e300)
    earlier = reach[..., xp.newaxis, :, :] < reach[..., :, xp.newaxis, :]
    capped = xp.sum(xp.where(earlier, limits[..., xp.newaxis, :, :], 0.0), axis=-2)
    free = xp.sum(xp.where(earlier, 0.0, weights[..., xp.newaxis, :, :]), axis=-2)
    level = xp.where(
        wanted, (total[..., xp.newaxis, :] - capped) / xp.maximum(free, _TINY), 0.0
    )
    highest = xp.maximum(xp.max(level, axis=-2, keepdims=True), 0.0)
    amount = xp.minimum(xp.minimum(highest, reach) * weights, limits)
    return Allocation(amount, xp.maximum(total - xp.sum(amount, axis=-2), 0.0))


class Raised(NamedTuple):
    """Amounts in which a set of technologies has what it was promised."""

    amount: Array
    """Amount per technology, shape ``(..., technology, scenario)``, unit of the total."""
    beyond: Array
    """What no other technology of the part could give up, shape ``(..., scenario)``."""


def raise_to(
    xp: Any, amount: Array, *, member: Array, part: Array, target: Array, limits: Array
) -> Raised:
    """Raise a set of technologies to an amount; the others of its part give up what it takes.

    Members grow in proportion to what they have, up to their limits, so a target that cannot
    be reached is reached as far as it goes. What lies outside the part keeps its amount. What
    the others have too little of to give comes on top.

    Parameters
    ----------
    amount, limits
        Shape ``(..., technology, scenario)``.
    member
        1 for technologies of the raised set, 0 for the others, ``(..., technology, 1)``.
    part
        1 for the technologies that the set is a part of, itself among them, same shape.
    target
        Least amount of the set, shape ``(..., scenario)``.

    """
    whole = xp.sum(amount * part, axis=-2)
    inside = xp.sum(amount * member, axis=-2)
    room = member * limits
    goal = xp.minimum(xp.maximum(target, inside), xp.sum(room, axis=-2))
    raised = waterfill(xp, member * (amount + 1e-3 * limits), goal, room).amount
    taken = xp.sum(raised, axis=-2)
    shrink = xp.clip((whole - taken) / xp.maximum(whole - inside, _TINY), 0.0, 1.0)
    binding = (goal > inside)[..., xp.newaxis, :]
    grown = xp.where(binding, raised, amount * member)
    kept = 1.0 - part + part * xp.where(binding, shrink[..., xp.newaxis, :], 1.0)
    beyond = xp.where(goal > inside, xp.maximum(taken - whole, 0.0), 0.0)
    return Raised(grown + amount * (1.0 - member) * kept, beyond)


def mandate(
    xp: Any, amount: Array, *, member: Array, part: Array, share: Array, limits: Array
) -> Array:
    """Raise a set of technologies to a share of its part, lowering the rest of that alike.

    The total is kept. Arguments are those of `raise_to`, with `share`, the least share of the
    set in its part, shape ``(..., scenario)`` [1].
    """
    target = share * xp.sum(amount * part, axis=-2)
    return raise_to(xp, amount, member=member, part=part, target=target, limits=limits).amount
