r"""Prices of products, and what they do to demand and to the makers of machines.

A product costs what its plants cost on average, carbon included, less the allowances that
they receive free of charge; the market price moves by as much:

.. math::

    c = \frac{\sum_k q_k (LC_k - \sigma P e_k)}{\sum_k q_k}, \qquad
    \frac{p}{p_0} = 1 + \frac{\bar c - c_0}{p_0}, \qquad
    \dot{\bar c} = (c - \bar c)/\tau

with output :math:`q`, levelised cost :math:`LC`, direct emissions :math:`e` per unit, the share
:math:`\sigma` of allowances given free, and the market price :math:`p_0` at the end of history,
when costs were :math:`c_0`. Buyers perceive the cost with a delay, so that no price needs the
output of the same day. Carbon costs are passed on in full and margins stay as they were.

Chemicals have no price of their own here: the cost of their energy, feedstock and carbon moves
their price by its share in it, :math:`1 + w (\bar c / c_0 - 1)`.

Machines cost more by the share of each material in their cost times the change of its price.

Products: steel, cement, primary aluminium. The scenario axis is last.
"""

from typing import Any, Final, NamedTuple

Array = Any

PRODUCTS: Final = ("steel", "cement", "aluminium")
"""Order of the product axis."""

IDLE: Final = 1e-6
"""Weight of a plant that stands idle relative to one that runs [1]."""

LEAST, MOST = 0.5, 3.0
"""Range of relative prices in which the answer of demand is taken to hold [1]."""


class ProductPriceParameters(NamedTuple):
    """What prices of products are measured against."""

    level: Array
    """Market price at the end of history, (product, S) [CNY/t]."""
    perception_time: Array
    """Time in which buyers learn of a change of cost, (S) [yr]."""
    machinery_share: Array
    """Share of each product in the cost of a machine, (product, S) [1]."""
    groups: Array
    """Places of the plain groups whose demand answers to their price, (N,)."""
    group_place: Array
    """1 where a group is one of them, (G, N) [1]."""
    group_elasticity: Array
    """Answer of their demand to their price, (S) [1]."""
    energy_share: Array
    """Share of energy, feedstock and carbon in their price, (S) [1]."""


class ProductPriceState(NamedTuple):
    """Stocks, or their rates of change."""

    perceived: Array
    """Cost as buyers perceive it, (product, S) [CNY/t]."""
    reference: Array
    """The same at the end of history, (product, S) [CNY/t]."""
    energy: Array
    """Energy and carbon of plain groups as their buyers perceive it, (N, S) [million CNY per
    index of activity]."""
    energy_reference: Array
    """The same at the end of history, (N, S)."""


def average_cost(
    xp: Any,
    *,
    levelised: Array,
    direct: Array,
    free_value: Array,
    output: Array,
    capacity: Array,
) -> Array:
    """Cost of a unit with what is given free, averaged over what is made, (..., S) [CNY/u].

    Parameters
    ----------
    levelised
        Full cost with the whole price of carbon, (..., technology, S) [CNY/u].
    direct
        Emissions, same shape [t CO2/u].
    free_value
        Price of carbon times the share given free, (..., 1, S) [CNY/t CO2].
    output, capacity
        Same shape [u million/yr]; what stands idle counts where nothing runs.
    """
    weight = xp.maximum(output, 0.0) + IDLE * xp.maximum(capacity, 0.0)
    cost = levelised - free_value * direct
    total = xp.maximum(xp.sum(weight, axis=-2), 1e-12)
    average: Array = xp.sum(weight * cost, axis=-2) / total
    return average


def price_ratio(xp: Any, p: ProductPriceParameters, state: ProductPriceState) -> Array:
    """Perceived price relative to the end of history, (product, S) [1]."""
    ratio = 1.0 + (state.perceived - state.reference) / p.level
    return xp.clip(ratio, LEAST, MOST)


def energy_cost(
    xp: Any, *, energy: Array, prices: Array, emissions: Array, paid: Array, activity: Array
) -> Array:
    """Energy, feedstock and carbon per index of activity, (N, S) [million CNY].

    Parameters
    ----------
    energy, prices
        By carrier, (C, N, S) [PJ/yr] and (C, 1, S) [CNY/GJ].
    emissions
        (N, S) [Mt CO2/yr].
    paid
        Price of carbon net of what is given free, (S) [CNY/t CO2].
    activity
        Index, (N, S) [1].
    """
    cost = xp.sum(energy * prices, axis=0) + paid * emissions
    per_index: Array = cost / xp.maximum(activity, 1e-9)
    return per_index


def group_response(xp: Any, p: ProductPriceParameters, state: ProductPriceState) -> Array:
    """Activity of the plain groups relative to the prices of the end of history, (G, S) [1]."""
    change = state.energy / xp.maximum(state.energy_reference, 1e-9) - 1.0
    ratio = xp.clip(1.0 + p.energy_share * change, LEAST, MOST)
    answer = xp.exp(p.group_elasticity * xp.log(ratio)) - 1.0
    return 1.0 + xp.matmul(p.group_place, answer)


def perceived_change(
    p: ProductPriceParameters, state: ProductPriceState, *, cost: Array, energy: Array
) -> ProductPriceState:
    """Buyers learn what products cost: `cost` (product, S) and `energy` (N, S), per year."""
    return ProductPriceState(
        perceived=(cost - state.perceived) / p.perception_time,
        reference=0.0 * state.reference,
        energy=(energy - state.energy) / p.perception_time,
        energy_reference=0.0 * state.energy_reference,
    )


def machinery_cost_increase(ratio: Array, share: Array) -> Array:
    """Rise of the cost of machines from the prices of their materials, (..., S) [1].

    `ratio` and `share` are (..., product, S): relative prices, and shares in the cost.
    """
    rise: Array = ((ratio - 1.0) * share).sum(axis=-2)
    return rise
