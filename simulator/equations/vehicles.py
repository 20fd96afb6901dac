r"""Road vehicles: how many are wanted, how far they go, and what makes electric ones spread.

Ownership per person follows income along the curve of Gompertz to its saturation
:math:`s_\infty`, through what was observed at the end of history :math:`(g_h, s_h)` [2]_. It
slows earlier than a logistic one, as ownership did: known to 2016, 2017, 2018 and 2019 it was
off by 1.0 % a year until 2020, the logistic curve by 1.7 %.

.. math:: V^* = N \, s_\infty \, (s_h / s_\infty)^{e^{-k (g - g_h)}}

Familiarity :math:`W` with new vehicles grows by word of mouth and is forgotten where nobody
drives them; public chargers :math:`H` follow the electric fleet :math:`E`, and what wears out
is replaced, as far as the funding :math:`f` goes [1]_:

.. math::

    \dot W = (\alpha + c\,v)(1 - W) - \varphi (1 - v) W, \qquad
    \dot H = f \left[(E / \rho - H)^+ / \tau + H / L\right] - H / L

with the share :math:`v` of new vehicles in the fleet. Crowded chargers put buyers off:
:math:`I = (1 + \kappa) / (1 + \kappa (E / (\rho H))^2)`, one where supply meets the need.
The price of batteries falls with all that were ever made, as in `learning`.

Balance: chargers change by what is built less what is retired, in history as after it.
Arrays are ``(fleet, technology, scenario)`` or ``(fleet, scenario)``; stocks in million.

References
----------
.. [1] Struben and Sterman (2008), Transition challenges for alternative fuel vehicle and
   transportation systems, Environment and Planning B 35.
.. [2] Dargay, Gately and Sommer (2007), Vehicle ownership and income growth, worldwide:
   1960-2030, The Energy Journal 28 (4).
"""

from typing import Any, NamedTuple

from simulator.equations.learning import capital_cost
from simulator.equations.schedule import Clock, Schedule, at, heading

Array = Any


class Ownership(NamedTuple):
    """What the number of vehicles depends on."""

    observed: Schedule
    """Vehicles by fleet in history, ``(fleet,)`` [million]."""
    fleet_share: Schedule
    """Share of each fleet in all vehicles after history, ``(fleet,)`` [1]."""
    saturation: Array
    """Vehicles per person that income leads to, ``(scenario,)`` [1]."""
    reference_ownership: Array
    """Vehicles per person at the end of history, ``(scenario,)`` [1]."""
    reference_income: Array
    """Income per person at the end of history, ``(scenario,)`` [CNY/yr]."""
    income_response: Array
    """Steepness of the curve, ``(scenario,)`` [yr/CNY]."""
    look_ahead: Array
    """Years that buyers look ahead: the time in which a gap closes, ``(scenario,)`` [yr]."""


class Travel(NamedTuple):
    """How far vehicles go."""

    observed: Schedule
    """Distance in history, ``(fleet,)`` [km/yr]."""
    distance: Schedule
    """Distance after history at the fuel price of its end, ``(fleet,)`` [km/yr]."""
    reference: Array
    """Distance in the base year, ``(fleet, scenario)`` [km/yr]."""
    price_elasticity: Array
    """Elasticity of distance to the price of fuel, ``(scenario,)`` [1]."""


class Adoption(NamedTuple):
    """What makes buyers consider new vehicles."""

    is_new: Array
    """1 for technologies that buyers must get to know, ``(technology, 1)`` [1]."""
    plugs_in: Array
    """1 for technologies that charge from the grid, ``(technology, 1)`` [1]."""
    charging_dependence: Array
    """How much crowded public chargers matter, ``(technology, scenario)`` [1]."""
    advertising: Array
    """Familiarity gained without seeing any, ``(scenario,)`` [1/yr]."""
    word_of_mouth: Array
    """Familiarity gained where all drive them, ``(scenario,)`` [1/yr]."""
    forgetting: Array
    """Familiarity lost where none drive them, ``(scenario,)`` [1/yr]."""
    vehicles_per_charger: Schedule
    """Electric vehicles that one public charger serves well, ``()`` [1]."""
    crowding: Array
    """Strength of the effect of crowded chargers, ``(scenario,)`` [1]."""
    charger_time: Array
    """Time in which missing chargers are built, ``(scenario,)`` [yr]."""
    charger_lifetime: Array
    """Mean life of a charger, ``(scenario,)`` [yr]."""
    charger_funding: Schedule
    """Speed of building relative to the usual, ``()`` [1]."""
    observed_charger_change: Schedule
    """Net change of public chargers in history, ``()`` [million/yr]."""


class Batteries(NamedTuple):
    """What the price of traction batteries depends on."""

    capacity: Array
    """Battery of a new vehicle, ``(fleet, technology, scenario)`` [kWh]."""
    initial_price: Array
    """Price of a pack at the initial experience, ``(scenario,)`` [CNY/kWh]."""
    price_floor: Array
    """Price that learning cannot pass, ``(scenario,)`` [CNY/kWh]."""
    learning_exponent: Array
    """Exponent of the experience curve, ``(scenario,)`` [1]."""
    initial_experience: Array
    """Batteries made before the start, ``(scenario,)`` [GWh]."""
    spill_over: Array
    """Experience elsewhere and in other uses per domestic one, ``(scenario,)`` [1]."""


class VehicleParameters(NamedTuple):
    """All that is special about vehicles."""

    ownership: Ownership
    travel: Travel
    adoption: Adoption
    batteries: Batteries


class AdoptionRates(NamedTuple):
    """Rates of change of what people know and of the chargers."""

    familiarity: Array
    """``(fleet, scenario)`` [1/yr]."""
    chargers: Array
    """Built less retired, ``(scenario,)`` [million/yr]."""
    chargers_built: Array
    """``(scenario,)`` [million/yr]."""
    chargers_retired: Array
    """``(scenario,)`` [million/yr]."""


def ownership(xp: Any, p: Ownership, *, income: Array, population: Array) -> Array:
    """Vehicles that people come to own at an income [CNY/yr], ``(scenario,)`` [million]."""
    missing = xp.log(p.saturation / p.reference_ownership)
    score = xp.clip(p.income_response * (income - p.reference_income), -60.0, 60.0)
    return population * p.saturation * xp.exp(-missing * xp.exp(-score))


def wanted_stock(
    xp: Any,
    p: Ownership,
    clock: Clock,
    *,
    income: Array,
    population: Array,
    income_growth: Array,
    population_growth: Array,
    history: Array,
) -> Array:
    """Stock that orders aim at, ``(fleet, scenario)`` [million].

    Parameters
    ----------
    income, population
        Income per person [CNY/yr] and people [million], ``(scenario,)``.
    income_growth, population_growth
        Their growth rates, ``(scenario,)`` [1/yr]. A fleet that closes a gap in some years
        would forever trail a moving target, so buyers aim at where it will be by then, the
        fleet's share of all vehicles with it.
    history
        1 in history, 0 after it, ``(scenario,)``.

    """
    later = ownership(
        xp,
        p,
        income=income * (1.0 + income_growth * p.look_ahead),
        population=population * (1.0 + population_growth * p.look_ahead),
    )
    share = heading(p.fleet_share, clock, p.look_ahead)
    return history * at(p.observed, clock) + (1.0 - history) * later * share


def usage(xp: Any, p: Travel, clock: Clock, *, price_ratio: Array, history: Array) -> Array:
    """Distance relative to the base year, ``(fleet, scenario)`` [1].

    `price_ratio` is the perceived price of fuel relative to the end of history, ``(fleet,
    scenario)`` [1]; recorded distances already contain the prices of their time.
    """
    distance = history * at(p.observed, clock) + (1.0 - history) * at(p.distance, clock)
    strength = p.price_elasticity * (1.0 - history)
    return distance / p.reference * xp.exp(strength * xp.log(xp.maximum(price_ratio, 1e-3)))


def crowding(p: Adoption, clock: Clock, *, stock: Array, chargers: Array) -> Array:
    """Electric vehicles per public charger over what serves well, ``(scenario,)`` [1]."""
    electric = (stock * p.plugs_in).sum(axis=(0, 1))
    return electric / (at(p.vehicles_per_charger, clock) * (chargers + 1e-9))


def preference(
    xp: Any, p: Adoption, clock: Clock, *, stock: Array, familiarity: Array, chargers: Array
) -> Array:
    """Multiplier of the choice weights, ``(fleet, technology, scenario)`` [1].

    Parameters
    ----------
    stock
        ``(fleet, technology, scenario)`` [million].
    familiarity, chargers
        ``(fleet, scenario)`` [1] and ``(scenario,)`` [million].

    """
    crowded = crowding(p, clock, stock=stock, chargers=chargers)
    served = (1.0 + p.crowding) / (1.0 + p.crowding * crowded**2)
    known = p.is_new * familiarity[:, None] + (1.0 - p.is_new)
    return known * xp.exp(p.charging_dependence * xp.log(served))


def adoption_change(
    xp: Any,
    p: Adoption,
    clock: Clock,
    *,
    stock: Array,
    familiarity: Array,
    chargers: Array,
    history: Array,
) -> AdoptionRates:
    """Rates of change of familiarity and of public chargers; inputs as in `preference`."""
    share = (stock * p.is_new).sum(axis=1) / xp.maximum(stock.sum(axis=1), 1e-12)
    learned = (p.advertising + p.word_of_mouth * share) * (1.0 - familiarity)
    forgotten = p.forgetting * (1.0 - share) * familiarity

    electric = (stock * p.plugs_in).sum(axis=(0, 1))
    missing = xp.maximum(electric / at(p.vehicles_per_charger, clock) - chargers, 0.0)
    retired = chargers / p.charger_lifetime
    planned = at(p.charger_funding, clock) * (missing / p.charger_time + retired)
    recorded = at(p.observed_charger_change, clock) + retired
    built = history * recorded + (1.0 - history) * planned
    return AdoptionRates(learned - forgotten, built - retired, built, retired)


def battery_price(xp: Any, p: Batteries, experience: Array) -> Array:
    """Price of a battery pack after learning, ``(scenario,)`` [CNY/kWh]."""
    return capital_cost(
        xp,
        reference_cost=p.initial_price,
        cost_floor=p.price_floor,
        experience=experience,
        reference_experience=p.initial_experience,
        exponent=p.learning_exponent,
    )


def battery_experience_change(p: Batteries, *, capacity: Array, additions: Array) -> Array:
    """Batteries made, here and with the spill-over elsewhere, ``(scenario,)`` [GWh/yr].

    `additions` of any fleets [million/yr] with `capacity` [kWh], both ``(fleet, technology,
    scenario)``: a million kilowatt-hours are one gigawatt-hour.
    """
    return (additions * capacity).sum(axis=(0, 1)) * (1.0 + p.spill_over)
