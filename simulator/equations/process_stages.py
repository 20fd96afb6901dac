r"""Stages of production inside a plain group: who uses its electricity and its fuel.

The energy of a group in observed years is observed. Its stages split it by weights; after the
end of history a stage that changes, changes the energy of the whole:

.. math::

    \phi = \frac{\sum_k b_k m_k}{\sum_k b_k}, \qquad
    \sigma_k = \frac{b_k m_k}{\sum_j b_j m_j}

with weights :math:`b_k` at the end of history and :math:`b_k m_k` now. Balance: the stages
add up to the group, exactly. The scenario axis is last.
"""

from typing import Any, NamedTuple

Array = Any


class Stages(NamedTuple):
    """What the stages of one sector do to its energy."""

    electricity_factor: Array
    """Electricity of the group relative to the weights at the end of history, (S) [1]."""
    fuel_factor: Array
    """Fuel and heat, in the same way, (S) [1]."""
    electricity: Array
    """Share of each stage in the electricity, (stage, S) [1]."""
    fuel: Array
    """Share of each stage in fuel and heat, (stage, S) [1]."""


def stages(
    xp: Any,
    *,
    base: Array,
    now: Array,
    fuel: Array,
    history: Array,
    fuel_now: Array | None = None,
) -> Stages:
    """Shares of the stages, and what their change does to the group.

    Parameters
    ----------
    base
        Weights in electricity at the end of history, (stage, S), any unit.
    now
        The same now, in the same unit.
    fuel
        Weights in fuel and heat at the end of history, (stage, S), any unit.
    history
        1 where observation rules, (S) [1].
    fuel_now
        The same now; `fuel` unless given.

    """
    heat = fuel if fuel_now is None else fuel_now
    modelled = 1.0 - history
    electricity, total = xp.sum(now, axis=0), xp.sum(base, axis=0)
    burnt, burnt_before = xp.sum(heat, axis=0), xp.sum(fuel, axis=0)
    return Stages(
        electricity_factor=1.0 + modelled * (electricity / total - 1.0),
        fuel_factor=1.0 + modelled * (burnt / burnt_before - 1.0),
        electricity=now / electricity,
        fuel=heat / burnt,
    )


def split(shares: Array, group: Array, other: Array, fuel_shares: Array) -> Array:
    """Electricity by stage: the group's by its stages, that of heat plants where heat goes.

    Shapes: shares and fuel shares (stage, S), group and other (stage, S), each stage holding
    the electricity of its whole sector.
    """
    found: Array = shares * group + fuel_shares * other
    return found
