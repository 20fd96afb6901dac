r"""What plain groups pay for electric and hydrogen equipment and for capturing carbon.

Choice knows these costs as a payment a year for each unit; books need the year in which they
fall due. A unit costs the capital whose annuity the payment is; it is bought when a share
grows, and again when it is worn out:

.. math:: I = \frac{\pi}{r}\,F\,\left(\dot s^{+} + \frac{s}{L}\right)

with the payment :math:`\pi`, the capital recovery factor :math:`r`, what could move :math:`F`,
its share :math:`s` and the life :math:`L`. Capture pays part of its cost as capital and the
rest in operation; transport, storage and electricity, which its cost contains, are booked with
those who supply them.

Balance: over the life of a unit in a constant share, investment is payment over :math:`r L`.

Axes: G groups, S scenarios.
"""

from typing import Any, NamedTuple

from simulator.equations.activity import GroupParameters, GroupState

Array = Any


class TransitionParameters(NamedTuple):
    """How the costs of transitions are split over time."""

    recovery: Array
    """Capital recovery factor of the equipment, (S) [1/yr]."""
    lifetime: Array
    """(S) [yr]."""
    booked_elsewhere: Array
    """Transport, storage and electricity in the cost of capture, (S) [CNY/t CO2]."""
    capital_share: Array
    """Part of the rest of that cost that is capital, (S) [1]."""


class TransitionCosts(NamedTuple):
    """Costs by group, (G, S) [million CNY/yr]."""

    investment: Array
    operation: Array


def transition_costs(
    xp: Any,
    p: TransitionParameters,
    groups: GroupParameters,
    *,
    state: GroupState,
    change: GroupState,
    fuel: Array,
    carbon: Array,
) -> TransitionCosts:
    """Investment and operation of what replaces fuel and captures carbon.

    Parameters
    ----------
    state, change
        Shares that have moved, and their rates of change.
    fuel
        Fuel that would be burnt if nothing had moved, (G, S) [PJ/yr].
    carbon
        Carbon before capture, (G, S) [Mt CO2/yr].

    """

    def bought(share: Array, rate: Array) -> Array:
        return xp.maximum(rate, 0.0) + share / p.lifetime

    moved = groups.electric.premium * bought(state.electrified, change.electrified)
    moved = moved + groups.hydrogen.premium * bought(state.hydrogen, change.hydrogen)
    own = xp.maximum(groups.capture.cost - p.booked_elsewhere, 0.0)
    plants = own * p.capital_share * carbon * bought(state.captured, change.captured)
    return TransitionCosts(
        investment=(moved * fuel + plants) / p.recovery,
        operation=own * (1.0 - p.capital_share) * carbon * state.captured,
    )
