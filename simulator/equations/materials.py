r"""Materials in use: what is built stays for decades, wears out, and comes back as scrap.

Each category $j$ of goods is a chain of $n$ age classes with mean life $L_j$, so that
lifetimes follow an Erlang-$n$ distribution [1]_. Demand is driven by the stock that people
want to use, $S^*_j = N s_j a (1 - m)$, for $N$ people, saturation $s_j$, the part $a$ of it
that incomes let people want yet, and material efficiency $m$ [2]_:

.. math::

    F_j = \max\left(0, O_j + (S^*_j - S_j) / \tau_j\right) (p / p_0)^{\varepsilon_j}

with $O_j = (n / L_j) S_{j,n}$ the goods that wear out. In history the recorded output of
the year drives $F_j$ instead. Steel that is bought is the steel in goods, divided by the
yields of finishing and fabrication, plus net exports. Where output of steel is limited, all
goods of steel wait alike, and what they lack stays wanted:

.. math:: \phi = \min\{1, (\hat Q - X) y_1 y_2 / \textstyle\sum_j F_j\}

Balance: $\sum_a \dot S_{j,a} = F_j - O_j$; $(Q - X) y_1 y_2 = \sum_j F_j$ for steel output
$Q$ and net exports $X$, in history as in the projection.

References
----------
.. [1] Sterman (2000), Business Dynamics, on delays and ageing chains.
.. [2] Mueller (2006), Stock dynamics for forecasting material flows, Ecological Economics.
"""

from typing import Any, Final, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

CATEGORIES: Final = (
    "steel_buildings",
    "steel_infrastructure",
    "steel_machinery",
    "steel_vehicles",
    "cement",
    "aluminium",
)
"""Goods in use, in the order of every category axis: four of steel, then one a material."""

STEEL: Final = slice(0, 4)
NOTHING: Final = 1e-9
"""Steel that counts as none [Mt/yr]."""
CEMENT: Final = 4
ALUMINIUM: Final = 5


class MaterialParameters(NamedTuple):
    """What the demand for materials depends on."""

    lifetime: Array
    """Mean life of goods, shape ``(category, scenario)`` [yr]."""
    saturation: Array
    """Stock that a person comes to use, shape ``(category, scenario)`` [t/person]."""
    maturity: Schedule
    """Part of saturation that is wanted yet, of steel, cement and aluminium, value shape
    ``(3, scenario)`` [1]."""
    adjustment_time: Array
    """Time to close the gap to saturation, shape ``(category, scenario)`` [yr]."""
    price_elasticity: Array
    """Of steel, cement and aluminium, shape ``(3, scenario)`` [1]."""
    steel_split: Array
    """Recorded steel by category of goods, shape ``(4, scenario)``, sums to 1 [1]."""
    finishing_yield: Array
    """Finished steel from crude steel, shape ``(scenario,)`` [1]."""
    fabrication_yield: Array
    """Steel in goods from finished steel, shape ``(scenario,)`` [1]."""
    aluminium_yield: Array
    """Metal in goods from metal bought, shape ``(scenario,)`` [1]."""
    aluminium_new_scrap_recovery: Array
    """Share of fabrication scrap that is remelted, shape ``(scenario,)`` [1]."""
    observed_output: Schedule
    """Crude steel, cement, primary aluminium, value shape ``(3, scenario)`` [Mt/yr]."""
    observed_net_export: Schedule
    """Steel in crude equivalent and aluminium, value shape ``(2, scenario)`` [Mt/yr]."""
    net_export: Schedule
    """The same after history, value shape ``(2, scenario)`` [Mt/yr]."""
    output_limit: Schedule
    """Crude steel that may be made after history, value shape ``(scenario,)`` [Mt/yr]."""


class StockRates(NamedTuple):
    """Ageing of goods in use."""

    change: Array
    """Net change, same shape as the stock [Mt/yr]."""
    outflow: Array
    """Goods that wear out, shape ``(category, scenario)`` [Mt/yr]."""


class MaterialDemand(NamedTuple):
    """Flows of materials into and out of use, and the outputs that they ask for."""

    change: Array
    """Of the stocks in use, shape ``(age, category, scenario)`` [Mt/yr]."""
    inflow: Array
    """Material in goods put to use, shape ``(category, scenario)`` [Mt/yr]."""
    outflow: Array
    """Material in goods that wear out, shape ``(category, scenario)`` [Mt/yr]."""
    steel_output: Array
    """Crude steel to be made, shape ``(scenario,)`` [Mt/yr]."""
    cement_output: Array
    """Cement to be made, shape ``(scenario,)`` [Mt/yr]."""
    aluminium_demand: Array
    """Aluminium to be bought at home and abroad, shape ``(scenario,)`` [Mt/yr]."""


def wearing_out(stock: Array, lifetime: Array) -> Array:
    """Outflow of the oldest age class, shape ``(category, scenario)`` [Mt/yr]."""
    outflow: Array = stock[-1] * (stock.shape[0] / lifetime)
    return outflow


def in_use(xp: Any, stock: Array, inflow: Array, lifetime: Array) -> StockRates:
    """Age goods in use.

    Parameters
    ----------
    stock
        Youngest class first, shape ``(age, category, scenario)`` [Mt].
    inflow
        Material put to use, shape ``(category, scenario)`` [Mt/yr].
    lifetime
        Mean life, shape ``(category, scenario)`` [yr].

    """
    leaving = stock * (stock.shape[0] / lifetime)
    arriving = xp.concatenate([(inflow + 0 * leaving[0])[None], leaving[:-1]])
    return StockRates(change=arriving - leaving, outflow=leaving[-1])


def recorded_inflow(
    xp: Any,
    p: MaterialParameters,
    *,
    observed_output: Array,
    net_export: Array,
    recovered_aluminium: Array,
) -> Array:
    """Material in goods that the recorded outputs imply, shape ``(category, scenario)``.

    Parameters
    ----------
    observed_output, net_export
        Of steel, cement, aluminium ``(3, scenario)``; of steel, aluminium ``(2, scenario)``.
    recovered_aluminium
        Old scrap that is remelted, shape ``(scenario,)`` [Mt/yr].

    """
    finished = (observed_output[0] - net_export[0]) * p.finishing_yield
    steel = finished * p.fabrication_yield * p.steel_split
    metal = observed_output[2] + recovered_aluminium - net_export[1]
    # Fabrication scrap returns to the furnace, so a tonne bought is remelted in part.
    returned = p.aluminium_new_scrap_recovery * (1 - p.aluminium_yield)
    aluminium = metal * p.aluminium_yield / (1 - returned)
    return _stack_categories(xp, steel, observed_output[1], aluminium)


def demand(
    xp: Any,
    stock: Array,
    population: Array,
    p: MaterialParameters,
    clock: Clock,
    *,
    history: Array,
    material_efficiency: Array,
    aluminium_collection: Array,
    price_ratio: Array = 1.0,
    lost_export: Array = 0.0,
) -> MaterialDemand:
    """Ask for the materials that keep and extend the goods in use.

    Parameters
    ----------
    stock
        Goods in use, youngest class first, shape ``(age, category, scenario)`` [Mt].
    population
        Shape ``(scenario,)`` [million].
    history
        Weight of the recorded outputs, 1 in history and 0 after, shape ``(scenario,)``.
    material_efficiency
        Share of the stock that the same service no longer needs, shape ``(scenario,)``.
    aluminium_collection
        Share of old aluminium that is remelted, shape ``(scenario,)`` [1].
    price_ratio
        Of steel, cement and aluminium to the base year, shape ``(3, scenario)`` or 1.
    lost_export
        Net exports that a charge abroad has cost, shape ``(2, scenario)`` or 0 [Mt/yr].

    """
    outflow = wearing_out(stock, p.lifetime)
    maturity = _spread(xp, at(p.maturity, clock))
    wanted_stock = population * p.saturation * maturity * (1 - material_efficiency)
    gap = (wanted_stock - stock.sum(axis=0)) / p.adjustment_time
    response = _spread(xp, xp.exp(p.price_elasticity * xp.log(price_ratio)))
    wanted = xp.maximum(0.0, outflow + gap) * response

    observed_export = at(p.observed_net_export, clock)
    net_export = history * observed_export + (1 - history) * (
        at(p.net_export, clock) - lost_export
    )
    recorded = recorded_inflow(
        xp,
        p,
        observed_output=at(p.observed_output, clock),
        net_export=observed_export,
        recovered_aluminium=aluminium_collection * outflow[ALUMINIUM],
    )
    yields = p.finishing_yield * p.fabrication_yield
    room = xp.maximum(at(p.output_limit, clock) - net_export[0], 0.0) * yields
    bought = wanted[STEEL].sum(axis=0)
    made = xp.minimum(room / xp.maximum(bought, NOTHING), 1.0)
    allowed = xp.concatenate([wanted[STEEL] * made, wanted[CEMENT:]])
    inflow = history * recorded + (1 - history) * allowed
    return MaterialDemand(
        change=in_use(xp, stock, inflow, p.lifetime).change,
        inflow=inflow,
        outflow=outflow,
        steel_output=inflow[STEEL].sum(axis=0) / yields + net_export[0],
        cement_output=inflow[CEMENT],
        aluminium_demand=inflow[ALUMINIUM] / p.aluminium_yield + net_export[1],
    )


def _spread(xp: Any, by_material: Array) -> Array:
    """Values of steel, cement and aluminium, given to their categories."""
    return xp.concatenate([xp.repeat(by_material[:1], 4, axis=0), by_material[1:]])


def _stack_categories(xp: Any, steel: Array, cement: Array, aluminium: Array) -> Array:
    """Join four rows of steel, one of cement, one of aluminium, whatever their widths."""
    width = steel[0] + cement + aluminium
    return xp.concatenate(
        [steel + 0 * width, (cement + 0 * width)[None], (aluminium + 0 * width)[None]]
    )
