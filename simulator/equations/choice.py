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


def mandate(xp: Any, amount: Array, *, member: Array, share: Array, limits: Array) -> Array:
    """Raise a set of technologies to a share of the total, lowering the others alike.

    The total is kept; members grow in proportion to what they have, up to their limits, so a
    mandate that cannot be filled is filled as far as it goes.

    Parameters
    ----------
    amount, limits
        Shape ``(..., technology, scenario)``.
    member
        1 for technologies of the mandated set, 0 for the others, ``(..., technology, 1)``.
    share
        Least share of the set in the total, shape ``(..., scenario)`` [1].

    """
    total = xp.sum(amount, axis=-2)
    inside = xp.sum(amount * member, axis=-2)
    room = member * limits
    target = xp.minimum(xp.maximum(share * total, inside), xp.sum(room, axis=-2))
    raised = waterfill(xp, member * (amount + 1e-3 * limits), target, room).amount
    outside = total - inside
    shrink = (total - xp.sum(raised, axis=-2)) / xp.maximum(outside, _TINY)
    binding = (target > inside)[..., xp.newaxis, :]
    grown = xp.where(binding, raised, amount * member)
    kept = xp.where(binding, xp.clip(shrink, 0.0, 1.0)[..., xp.newaxis, :], 1.0)
    return grown + amount * (1.0 - member) * kept
