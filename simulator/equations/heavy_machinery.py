r"""Heavy machinery: five families of machines whose classes save energy where they work.

Machines of each family and class pass through ages and leave an Erlang time after they came;
orders replace them and close the gap to the service that users ask for:

.. math::

    \dot K_1 = I - \lambda K_1, \qquad \dot K_a = \lambda (K_{a-1} - K_a), \qquad
    I = \Bigl[\lambda K_n + (D^* - K) / \tau\Bigr]^+, \qquad \lambda = n / L

Buyers compare the cost of capital and energy of the classes, :math:`w c^{-\gamma}`, and a
standard sets the least share of the efficient ones. With the shares :math:`\sigma` of what
stands, a user that sends the part :math:`x` of its electricity through a family needs

.. math:: \prod_f \bigl[1 - x_f s_f (\sigma_{3} + \theta \sigma_{2})\bigr]

of it, and likewise of its diesel, which electric machines replace by less electricity [1]_.

Balance: machines change by what is bought less what retires. Axes: family, class (old,
efficient, electric and smart), age, user; the scenario is last. Service of 2020 is one.

References
----------
.. [1] China Heavy Machinery Industry Association (2023), plan of energy saving and carbon
   reduction of heavy machinery, box 11 and section 2.4.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

_TINY = 1e-12


class HeavyMachineryParameters(NamedTuple):
    """All that is special about heavy machinery."""

    lifetime: Array
    """Mean life, ``(family, S)`` [yr]."""
    adjustment_time: Array
    """Time in which missing machines are ordered, ``(S)`` [yr]."""
    capital: Array
    """Yearly cost of capital relative to the old class, ``(family, class, S)`` [1]."""
    electricity_use: Array
    """Per yearly cost of capital of the old class, ``(family, S)`` [GJ/CNY]."""
    diesel_use: Array
    """The same of diesel, ``(family, S)`` [GJ/CNY]."""
    weight: Array
    """What buyers prefer at equal cost, ``(family, class, S)`` [1]."""
    exponent: Array
    """Steepness of the choice, ``(S)`` [1]."""
    floor: Schedule
    """Least share of the two efficient classes in sales, ``()`` [1]."""
    saving: Array
    """Electricity that the third class saves of the first's, ``(family, S)`` [1]."""
    middle: Array
    """Part of that saving that the second class reaches, ``(S)`` [1]."""
    hybrid_saving: Array
    """Diesel that the second class saves, ``(S)`` [1]."""
    electric_ratio: Array
    """Electricity of the third class per diesel of the first, ``(S)`` [1]."""
    electricity_exposure: Array
    """Part of a user's electricity that a family takes, ``(family, user, S)`` [1]."""
    diesel_exposure: Array
    """Part of a user's diesel that a family takes, ``(family, user, S)`` [1]."""
    serves: Array
    """Weight of each user in what a family is asked for, ``(family, user, S)`` [1]."""
    digital_gain: Array
    """More service of a machine under digital management, ``(S)`` [1]."""
    steel_reference: Array
    """Steel output that is one, ``(S)`` [Mt/yr]."""
    group_of_user: Array
    """1 where a plain group is a user, ``(G, user)`` [1]."""
    fleet_of_user: Array
    """1 where a fleet of plants is a user, ``(F, user)`` [1]."""


class HeavyMachineryState(NamedTuple):
    """Machines at work, or their rate of change."""

    machines: Array
    """Service that they can give, ``(family, class, age, S)`` [1]."""
    reference: Array
    """Shares of the classes at the end of history, ``(family, class, S)`` [1]."""


class Effect(NamedTuple):
    """What the machines do to the energy of their users, ``(user, S)``."""

    electricity: Array
    """Electricity relative to the machines at the end of history [1]."""
    diesel: Array
    """Diesel relative to them [1]."""
    added: Array
    """Electricity for machines that burnt diesel, per diesel of today [1]."""


class Turnover(NamedTuple):
    """Machines that come and go, ``(family, class, S)`` [1/yr]."""

    additions: Array
    retirements: Array


def class_shares(xp: Any, machines: Array) -> Array:
    """Share of each class in what stands, ``(family, class, S)`` [1]."""
    standing = xp.sum(machines, axis=2)
    return standing / xp.maximum(xp.sum(standing, axis=1, keepdims=True), _TINY)


def needs(xp: Any, p: HeavyMachineryParameters, share: Array) -> tuple[Array, Array, Array]:
    """Electricity and diesel of users relative to the old class, and electricity for diesel.

    Each ``(user, S)`` [1]; the last is per diesel that the old class would burn.
    """
    efficient, electric = share[:, 1], share[:, 2]
    saved = p.saving * (electric + p.middle * efficient)
    electricity = 1.0 - p.electricity_exposure * saved[:, None]
    without = (electric + p.hybrid_saving * efficient)[:, None]
    diesel = 1.0 - p.diesel_exposure * without
    moved = xp.sum(p.diesel_exposure * electric[:, None], axis=0)
    return _product(electricity), _product(diesel), moved * p.electric_ratio


def effect(
    xp: Any, p: HeavyMachineryParameters, state: HeavyMachineryState, projected: Array
) -> Effect:
    """Energy of users relative to the machines at the end of history.

    `projected` is 0 before that moment: what is observed holds the machines of its time.
    """
    now = needs(xp, p, class_shares(xp, state.machines))
    then = needs(xp, p, state.reference)
    return Effect(
        electricity=1.0 + projected * (now[0] / then[0] - 1.0),
        diesel=1.0 + projected * (now[1] / then[1] - 1.0),
        added=projected * (now[2] - then[2]) / then[1],
    )


def to_users(member: Array, factor: Array) -> Array:
    """Spread a factor of users over plain groups or fleets, 1 elsewhere, ``(place, S)``."""
    spread: Array = 1.0 + (member[:, :, None] * (factor - 1.0)).sum(axis=1)
    return spread


def costs(
    xp: Any,
    p: HeavyMachineryParameters,
    *,
    electricity_price: Array,
    diesel_price: Array,
    support: Array,
) -> Array:
    """Yearly cost per service relative to the old class's capital, ``(family, class, S)``.

    Parameters
    ----------
    electricity_price, diesel_price
        Diesel with the price of its carbon, ``(S)`` [CNY/GJ].
    support
        Paid per unit of diesel replaced by electricity, ``(S)`` [CNY/GJ].

    """
    power, fuel = p.electricity_use, p.diesel_use
    old = power * electricity_price + fuel * diesel_price
    efficient = (
        power * (1.0 - p.middle * p.saving) * electricity_price
        + fuel * (1.0 - p.hybrid_saving) * diesel_price
    )
    smart = (
        power * (1.0 - p.saving) + fuel * p.electric_ratio
    ) * electricity_price - fuel * support
    energy = xp.stack(xp.broadcast_arrays(old, efficient, smart), axis=1)
    return xp.maximum(p.capital + energy, 0.05 * p.capital)


def sales_shares(xp: Any, p: HeavyMachineryParameters, cost: Array, floor: Array) -> Array:
    """Shares of the classes in what is bought, at least `floor` efficient ones, [1].

    ``(family, class, S)``; the floor moves buyers from the old class to the efficient ones in
    the proportion that they choose themselves.
    """
    relative = cost / cost[:, :1]
    wanted = p.weight * xp.exp(-p.exponent * xp.log(relative))
    chosen = wanted / xp.sum(wanted, axis=1, keepdims=True)
    efficient = xp.sum(chosen[:, 1:], axis=1, keepdims=True)
    least = xp.maximum(efficient, floor)
    kept = (1.0 - least) * chosen[:, :1] / xp.maximum(1.0 - efficient, _TINY)
    moved = chosen[:, 1:] * least / xp.maximum(efficient, _TINY)
    return xp.concatenate([kept, moved], axis=1)


def turnover(
    xp: Any,
    p: HeavyMachineryParameters,
    clock: Clock,
    state: HeavyMachineryState,
    *,
    service: Array,
    digital: Array,
    cost: Array,
) -> tuple[HeavyMachineryState, Turnover]:
    """Rate of change of the machines, and what comes and goes.

    Parameters
    ----------
    service
        Activity of the users relative to 2020, ``(user, S)`` [1].
    digital
        Adoption of digital management since 2020, ``(S)`` [1].
    cost
        From `costs`.

    """
    ages = state.machines.shape[2]
    leaving = (ages / p.lifetime)[:, None, None] * state.machines
    retired = leaving[:, :, -1]
    asked = xp.sum(p.serves * service, axis=1) / (1.0 + p.digital_gain * digital)
    standing = xp.sum(state.machines, axis=(1, 2))
    missing = (asked - standing) / p.adjustment_time
    orders = xp.maximum(xp.sum(retired, axis=1) + missing, 0.0)
    bought = orders[:, None] * sales_shares(xp, p, cost, at(p.floor, clock))
    entering = xp.concatenate([bought[:, :, None], leaving[:, :, :-1]], axis=2)
    change = HeavyMachineryState(entering - leaving, 0.0 * state.reference)
    return change, Turnover(bought, retired)


def _product(factors: Array) -> Array:
    """Multiply over the families, ``(family, user, S)`` to ``(user, S)``."""
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result
