r"""Retrofit: capacity moves to a better technology at its age, without being scrapped.

.. math:: \psi = \psi_{max} A\, S\!\left(\frac{c_j - c_k - \kappa_r\,crf}{0.1\,c_j}\right)
                 + \psi_{policy}, \qquad S(x) = 1 / (1 + e^{-x})

where :math:`c_j` is the short-run cost of what stands and :math:`c_k` of what it may become
(Mission Possible Partnership: brownfield transitions about once in an investment cycle).
Capacity is conserved exactly: what leaves one technology enters the other.
"""

from typing import Any, NamedTuple

Array = Any


class Arcs(NamedTuple):
    """Allowed retrofits, one entry an arc, as places on the flattened fleet-technology axis."""

    source: Array
    """Place of what is retrofitted, ``(arc,)``."""
    target: Array
    """Place of what it becomes, ``(arc,)``."""
    incidence: Array
    """+1 where an arc enters a place, -1 where it leaves, ``(place, arc)``."""


class Retrofit(NamedTuple):
    """Capacity on the move."""

    change: Array
    """Gain or loss by place, ``(age, place, scenario)`` [unit/yr]."""
    flow: Array
    """Capacity through each arc, all ages together, ``(arc, scenario)`` [unit/yr]."""


def retrofit_rate(
    xp: Any,
    *,
    source_cost: Array,
    target_cost: Array,
    annual_retrofit_cost: Array,
    maximum: Array,
    availability: Array,
    policy: Array,
) -> Array:
    """Share of standing capacity that is retrofitted in a year, ``(arc, scenario)`` [1/yr]."""
    gain = source_cost - target_cost - annual_retrofit_cost
    score = xp.clip(gain / (0.1 * xp.maximum(xp.abs(source_cost), 1e-9)), -60.0, 60.0)
    return maximum * availability / (1.0 + xp.exp(-score)) + policy


def limit_rate(xp: Any, *, rate: Array, source_capacity: Array, limit: Array) -> Array:
    """Scale a rate so that the flow does not pass `limit` [unit/yr], ``(arc, scenario)``."""
    flow = rate * source_capacity
    return rate * limit / xp.maximum(xp.maximum(flow, limit), 1e-30)


def retrofit(xp: Any, arcs: Arcs, *, capacity: Array, rate: Array) -> Retrofit:
    """Move capacity along the arcs; `capacity` is ``(age, place, scenario)`` [unit]."""
    moved = capacity[:, arcs.source] * rate
    change = xp.matmul(arcs.incidence, moved)
    return Retrofit(change, xp.sum(moved, axis=0))
