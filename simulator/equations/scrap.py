r"""Steel scrap: what wears out and what fabrication cuts off, its pool, its price, its use.

Old scrap is collected from goods that wear out, new scrap falls in fabrication. Collection
policy $c$ shrinks the losses of every category alike, from their level at the reference
$c_0$: $c_j = 1 - (1 - c_{j,0}) (1 - c) / (1 - c_0)$. The pool $P$ is compared with the stock
that traders like to hold, $P^* = \theta U$ for expected use $U$; its cover $k = P / P^*$
sets the price, how much scrap the converters take, and, as yards fill up, the share $b$ of
collectable old scrap that is still bought:

.. math::

    p = p_0\,k^{-\eta} \in [p_{min}, p_{max}], \qquad
    s = s_{max} \frac{k}{k + s_{max} / s_0 - 1}, \qquad
    b = \frac{1}{1 + (k / k_{full})^2}

At cover 1 converters take $s_0$; at an empty pool nothing. Use can never exceed what
arrives and what the pool gives up, $P / \tau$, so the pool stays positive.

Balance: $\dot P =$ old + new + imported $-$ use. Old scrap that nobody buys stays where it is,
outside use and outside the pool.
"""

from typing import Any, NamedTuple

from simulator.equations.materials import STEEL
from simulator.equations.schedule import Clock, Schedule, at

Array = Any

NOTHING = 1e-9
"""Guards a quotient of two amounts that both vanish."""


class ScrapParameters(NamedTuple):
    """The scrap market."""

    collection: Array
    """Share collected at the reference collection, shape ``(4, scenario)`` [1]."""
    reference_collection: Array
    """Average collection at which `collection` holds, shape ``(scenario,)`` [1]."""
    fabrication_yield: Array
    """Steel in goods from finished steel, shape ``(scenario,)`` [1]."""
    new_scrap_recovery: Array
    """Share of fabrication scrap that is returned, shape ``(scenario,)`` [1]."""
    full_cover: Array
    """Cover at which yards buy half of the old scrap offered, ``(scenario,)`` [1]."""
    imported: Schedule
    """Net imports, value shape ``(scenario,)`` [Mt/yr]."""
    cover_time: Array
    """Pool that traders like to hold, in time of use, shape ``(scenario,)`` [yr]."""
    drawdown_time: Array
    """Shortest time in which the pool can be emptied, shape ``(scenario,)`` [yr]."""
    expectation_time: Array
    """Time over which use is perceived, shape ``(scenario,)`` [yr]."""
    reference_price: Array
    """Price at cover 1, shape ``(scenario,)`` [CNY/t]."""
    minimum_price: Array
    """Shape ``(scenario,)`` [CNY/t]."""
    maximum_price: Array
    """Shape ``(scenario,)`` [CNY/t]."""
    price_exponent: Array
    """Fall of the price with cover, shape ``(scenario,)`` [1]."""
    converter_scrap: Array
    """Scrap of a converter at cover 1, shape ``(scenario,)`` [t/t]."""
    converter_scrap_maximum: Array
    """Most scrap that a converter can melt, shape ``(scenario,)`` [t/t]."""
    furnace_scrap: Array
    """Scrap of an electric arc furnace, shape ``(scenario,)`` [t/t]."""
    reduced_iron_scrap: Array
    """Scrap of a furnace fed with reduced iron, shape ``(scenario,)`` [t/t]."""


class ScrapSupply(NamedTuple):
    """Scrap that arrives, each ``(scenario,)`` [Mt/yr]."""

    old: Array
    new: Array
    imported: Array
    total: Array
    left: Array
    """Collectable old scrap that full yards do not buy."""


class ScrapMarket(NamedTuple):
    """State of the market, each ``(scenario,)``."""

    cover: Array
    """Pool relative to the pool that traders like to hold [1]."""
    price: Array
    """Price of scrap [CNY/t]."""
    available: Array
    """Most scrap that can be used now [Mt/yr]."""
    converter_scrap: Array
    """Scrap of a converter now [t/t]."""


class ScrapRates(NamedTuple):
    """Balance of the pool, each ``(scenario,)``."""

    pool_change: Array
    """[Mt/yr]."""
    expected_use_change: Array
    """[Mt/yr per yr]."""
    use: Array
    """Scrap melted [Mt/yr]."""
    unmet: Array
    """Scrap wanted and not there, replaced by pig iron [Mt/yr]."""


def collection_share(base: Array, collection: Array, reference: Array) -> Array:
    """Share collected when policy moves the average from `reference` to `collection` [1]."""
    share: Array = 1 - (1 - base) * (1 - collection) / (1 - reference)
    return share


def pool_cover(xp: Any, pool: Array, expected_use: Array, p: ScrapParameters) -> Array:
    """Pool relative to the pool that traders like to hold, ``(scenario,)`` [1]."""
    cover: Array = pool / xp.maximum(p.cover_time * expected_use, NOTHING)
    return cover


def supply(
    xp: Any,
    cover: Array,
    p: ScrapParameters,
    clock: Clock,
    *,
    inflow: Array,
    outflow: Array,
    collection: Array,
) -> ScrapSupply:
    """Collect old and new scrap.

    Parameters
    ----------
    cover
        Pool relative to the pool that traders like to hold, shape ``(scenario,)`` [1].
    inflow, outflow
        Material put to use and worn out, shape ``(category, scenario)`` [Mt/yr].
    collection
        Average share of old scrap that is collected, shape ``(scenario,)`` [1].

    """
    share = collection_share(p.collection, collection, p.reference_collection)
    offered = (xp.clip(share, 0.0, 1.0) * outflow[STEEL]).sum(axis=0)
    old = offered / (1 + (cover / p.full_cover) ** 2)
    cut_off = (1 / p.fabrication_yield - 1) * inflow[STEEL].sum(axis=0)
    new = p.new_scrap_recovery * cut_off
    imported = at(p.imported, clock)
    total = old + new + imported
    return ScrapSupply(old=old, new=new, imported=imported, total=total, left=offered - old)


def market(
    xp: Any, pool: Array, cover: Array, total_supply: Array, p: ScrapParameters
) -> ScrapMarket:
    """Read the price and the availability off the pool, all ``(scenario,)``."""
    price = p.reference_price * xp.maximum(cover, NOTHING) ** (-p.price_exponent)
    half = p.converter_scrap_maximum / p.converter_scrap - 1
    return ScrapMarket(
        cover=cover,
        price=xp.clip(price, p.minimum_price, p.maximum_price),
        available=total_supply + pool / p.drawdown_time,
        converter_scrap=p.converter_scrap_maximum * cover / (cover + half),
    )


def furnace_limit(
    xp: Any,
    state: ScrapMarket,
    p: ScrapParameters,
    *,
    converter_output: Array,
    reduced_iron_output: Array,
) -> Array:
    """Most steel that electric arc furnaces can make of scrap, ``(scenario,)`` [Mt/yr].

    Parameters
    ----------
    converter_output
        Expected output of the converters, shape ``(scenario,)`` [Mt/yr].
    reduced_iron_output
        Expected output of the furnaces fed with reduced iron, ``(scenario,)`` [Mt/yr].

    """
    converters = state.converter_scrap * converter_output
    left = state.available - converters - p.reduced_iron_scrap * reduced_iron_output
    limit: Array = xp.maximum(left, 0.0) / p.furnace_scrap
    return limit


def balance(
    xp: Any,
    expected_use: Array,
    total_supply: Array,
    state: ScrapMarket,
    p: ScrapParameters,
    *,
    converter_output: Array,
    furnace_output: Array,
    reduced_iron_output: Array,
) -> ScrapRates:
    """Use scrap as far as it is there and close the balance, all ``(scenario,)`` [Mt/yr]."""
    wanted = (
        state.converter_scrap * converter_output
        + p.furnace_scrap * furnace_output
        + p.reduced_iron_scrap * reduced_iron_output
    )
    use = xp.minimum(wanted, state.available)
    return ScrapRates(
        pool_change=total_supply - use,
        expected_use_change=(use - expected_use) / p.expectation_time,
        use=use,
        unmet=wanted - use,
    )
