"""Hydrogen for sale: what policy pays for the green kind.

Plants are a fleet like any other; hydrogen made and used inside refineries, ammonia and
methanol plants is part of those industries and not counted here.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any


class HydrogenParameters(NamedTuple):
    """Policy on hydrogen; T technologies."""

    support: Schedule
    """Payment for green hydrogen, () [CNY/kg]."""
    support_eligible: Array
    """1 where it is paid, (T, S) [1]."""
    lower_heating_value: Array
    """(S) [GJ/kg]."""


def slack(xp: Any, *, most: Array, target: Array, made: Array, standing: Array) -> Array:
    """How far supply allows new users: 1 at target utilisation, 0 when flat out, (S) [1].

    Parameters
    ----------
    most, target
        Largest and target utilisation of the plants, (S) [1].
    made, standing
        Hydrogen made and capacity, (S) [PJ/yr].

    """
    used = made / xp.maximum(standing, 1e-9)
    free: Array = xp.clip((most - used) / (most - target), 0.0, 1.0)
    return free


def support(*, payment: Array, eligible: Array, lower_heating_value: Array) -> Array:
    """Payment of policy per energy of hydrogen, (T, S) [CNY/GJ].

    Parameters
    ----------
    payment
        (S) [CNY/kg].
    eligible
        1 for technologies that receive it, (T, S) [1].
    lower_heating_value
        (S) [GJ/kg].

    """
    return payment / lower_heating_value * eligible
