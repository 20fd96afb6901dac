r"""Levelised and short-run costs of a technology per unit of its activity.

.. math:: LC = \frac{\kappa\,(crf + f)}{u} + v + \sum_c \varepsilon_c p_c + P\,e
               + (c_{TS} - s)\,a - \sigma P b

with the capital recovery factor :math:`crf = r / (1 - (1 + r)^{-L})`, direct emissions
:math:`e` and captured carbon :math:`a` per unit, and an output-based free allocation
:math:`\sigma b` that is the same for all technologies of a product, so that it never distorts
the choice between them.
"""

from typing import Any, NamedTuple

Array = Any


class UnitCost(NamedTuple):
    """Costs of one unit of activity, shape ``(..., technology, scenario)`` [CNY per unit]."""

    short_run: Array
    """Energy, other variable cost, carbon and storage."""
    levelised: Array
    """Short-run cost and the annual cost of capital."""


def capital_recovery(xp: Any, discount_rate: Array, lifetime: Array) -> Array:
    """Yearly payment for one unit of capital over its life [1/yr]."""
    return discount_rate / (1.0 - xp.power(1.0 + discount_rate, -lifetime))


def unit_cost(
    *,
    capital: Array,
    recovery: Array,
    utilisation: Array,
    variable: Array,
    energy: Array,
    carbon: Array,
    support: Array,
) -> UnitCost:
    """Short-run and levelised cost.

    Parameters
    ----------
    capital
        Capital cost per unit of yearly capacity [CNY per unit/yr].
    recovery
        Capital recovery and fixed operation, as a share of capital [1/yr].
    utilisation
        Activity per unit of capacity [1].
    variable, energy, carbon
        Cost per unit of activity [CNY per unit].
    support
        What policy pays per unit of activity [CNY per unit].

    """
    short_run = variable + energy + carbon - support
    return UnitCost(short_run, short_run + capital * recovery / utilisation)


def conversion_capital(xp: Any, *, incidence: Array, converted: Array, capital: Array) -> Array:
    """Capital spent on retrofits, at the place that they lead to, ``(place, scenario)``.

    Parameters
    ----------
    incidence
        +1 where an arc of retrofit enters a place, -1 where it leaves, ``(place, arc)``.
    converted
        Capacity through each arc, ``(arc, scenario)`` [unit/yr].
    capital
        Capital cost of a retrofit, ``(arc, scenario)`` [CNY per unit].

    """
    return xp.matmul(xp.maximum(incidence, 0.0), converted * capital)


def supplied_payment(
    *,
    electricity: Array,
    heat: Array,
    hydrogen: Array,
    coal: Array,
    electricity_price: Array,
    heat_price: Array,
    hydrogen_price: Array,
    coal_cost: Array,
) -> Array:
    """What sectors pay those who make electricity, heat and hydrogen and mine coal.

    In million CNY/yr. Prices are those at the plant and what coal costs the mines of the
    country, so that networks, imports and what coal sells for beyond its cost stay a cost.

    Parameters
    ----------
    electricity, heat, hydrogen, coal
        Energy bought, ``(sector, scenario)`` [PJ/yr].
    electricity_price, heat_price, hydrogen_price, coal_cost
        Cost of supply, ``(scenario,)`` [CNY/GJ].

    """
    plants = electricity * electricity_price + heat * heat_price + hydrogen * hydrogen_price
    return plants + coal * coal_cost
