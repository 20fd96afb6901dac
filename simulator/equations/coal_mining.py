r"""Coal mining: production from the demand for coal, and the methane that it releases.

Gas released per tonne splits into what is drained and what leaves with the ventilation air.
Part of the first is used, part of the second oxidised; mines that close go on leaking:

.. math::

    M = \rho\,p\,[(G - D)(1 - \nu) + D(1 - \upsilon)] + \rho\,(1 - f)\,R, \qquad
    D = \min(K, \lambda G), \qquad \dot K = (d\,G - K) / \tau_K, \qquad
    \dot R = \kappa\,g_u\,C - R / \tau

with gas released :math:`G`, drained :math:`D` by wells and pipes of capacity :math:`K`,
abandoned potential :math:`R` and underground capacity closed :math:`C`. Balance: gas
released = used + oxidised + emitted, without what is added for handling after mining;
capacity changes by what opens minus what closes, and what mines cannot give is imported.

Electricity goes to underground mines, open-cast mines and washing by what each takes per
tonne; after the end of history a change of that mix changes the electricity of a tonne.

Reference: IPCC Guidelines for National Greenhouse Gas Inventories (2006), volume 2,
chapter 4, fugitive emissions of coal mining. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.process_stages import Stages, stages
from simulator.equations.schedule import Clock, Schedule, at

Array = Any

AGES = 3
"""Stages of age that a mine passes through."""


class CoalMiningParameters(NamedTuple):
    """What coal mining needs to know; arrays (S) unless a shape is given."""

    observed_production: Schedule
    """Observed output of raw coal, () [Mt/yr]."""
    energy_per_tonne: Schedule
    """Heat of the average tonne supplied, () [GJ/t]."""
    import_share: Schedule
    """Share of supply that is imported, () [1]."""
    underground_share: Schedule
    """Share of output from underground mines, () [1]."""
    washed_share: Schedule
    """Share of raw coal that is washed, () [1]."""
    gas_content: Array
    """Gas released per tonne, underground and open-cast, (2, S) [m3/t]."""
    drained_share: Schedule
    """Share of the gas that drainage is built for, () [1]."""
    drainage_limit: Array
    """Largest share of the gas that can be drained [1]."""
    drainage_time: Array
    """Time in which capacity of drainage follows the gas [yr]."""
    utilisation_target: Schedule
    """Share of drained gas that is used, () [1]."""
    oxidation_target: Schedule
    """Share of ventilation methane that is oxidised, () [1]."""
    utilisation_time: Array
    """Time in which use of drained gas reaches its target [yr]."""
    oxidation_time: Array
    """Time in which oxidation reaches its target [yr]."""
    post_mining_factor: Array
    """Emissions with handling after mining relative to those without [1]."""
    methane_density: Array
    """Mass of a billion cubic metres of methane [Mt CH4/bcm]."""
    mine_life: Array
    """Mean life of a mine [yr]."""
    new_mine_ban: Array
    """Date from which no mine opens [year]."""
    mine_utilisation: Array
    """Output wanted per unit of capacity [1]."""
    utilisation_limit: Array
    """Largest output per unit of capacity [1]."""
    closing_time: Array
    """Time in which surplus or missing capacity is closed or opened [yr]."""
    abandoned_share: Array
    """Gas potential left in a closed mine relative to its releases [1]."""
    abandoned_time: Array
    """Time in which an abandoned mine runs out of gas [yr]."""
    flooded_share: Array
    """Share of abandoned potential sealed by water [1]."""
    washed_share_base: Array
    """Share of raw coal washed in the base year [1]."""
    washing_saving: Array
    """Coal saved outside power per unit of washed share [1]."""
    washing_floor: Array
    """Lowest coal use relative to the base year that washing can bring [1]."""
    electricity_per_tonne: Array
    """Electricity of underground and open-cast mining per tonne of raw coal mined so, and of
    washing per tonne washed, (3, S) [kWh/t]."""
    fuel_shares: Array
    """Weights of the three in the fuel of coal mining, (3, S) [1]."""
    reference_mix: Array
    """Share of underground mines and of coal washed at the end of history, (2, S) [1]."""
    capital: Array
    """Capital cost of underground and open-cast mines, (2, S) [CNY per t/yr]."""
    recovery: Array
    """Capital recovery factor of a mine [1/yr]."""
    operation: Array
    """Operation of the two without energy and capital, (2, S) [CNY/t]."""


class CoalMiningState(NamedTuple):
    """Stocks of coal mining, or their rates of change; all (S) but capacity."""

    capacity: Array
    """Underground and open-cast capacity by age, (3, 2, S) [Mt/yr]."""
    drainage: Array
    """Gas that wells and pipes can drain [bcm/yr]."""
    utilisation: Array
    """Share of drained gas used [1]."""
    oxidation: Array
    """Share of ventilation methane oxidised [1]."""
    abandoned: Array
    """Leak of abandoned mines if none were flooded [bcm/yr]."""


class CoalMiningFlows(NamedTuple):
    """What coal mining does now; all (S) but the second."""

    production: Array
    """Raw coal [Mt/yr]."""
    by_mine: Array
    """Underground and open-cast output, (2, S) [Mt/yr]."""
    imports: Array
    """Coal imported [Mt/yr]."""
    released: Array
    """Gas released by active mines [bcm/yr]."""
    drained: Array
    """Gas drained before or during mining [bcm/yr]."""
    used: Array
    """Drained gas used [bcm/yr]."""
    oxidised: Array
    """Ventilation methane oxidised [bcm/yr]."""
    methane_active: Array
    """Emissions of active mines with handling after mining [Mt CH4/yr]."""
    methane_abandoned: Array
    """Emissions of abandoned mines [Mt CH4/yr]."""


def coal_mining_flows(
    xp: Any,
    parameters: CoalMiningParameters,
    state: CoalMiningState,
    clock: Clock,
    *,
    history: Array,
    coal_demand: Array,
) -> CoalMiningFlows:
    """Production and methane now.

    Parameters
    ----------
    history
        1 where observation rules, (S) [1].
    coal_demand
        Coal burnt or gasified in the country, perceived, (S) [PJ/yr].

    """
    supply = coal_demand / at(parameters.energy_per_tonne, clock)
    imported = at(parameters.import_share, clock)
    observed = at(parameters.observed_production, clock)
    underground = at(parameters.underground_share, clock)
    mix = xp.stack(xp.broadcast_arrays(underground, 1.0 - underground))
    most = parameters.utilisation_limit * xp.sum(state.capacity, axis=0)
    mined = xp.minimum(supply * (1.0 - imported) * mix, most)
    by_mine = history * observed * mix + (1.0 - history) * mined
    production = xp.sum(by_mine, axis=0)
    known = production * imported / (1.0 - imported)
    released = xp.sum(by_mine * parameters.gas_content, axis=0) / 1000.0
    drained = xp.minimum(state.drainage, released * parameters.drainage_limit)
    used = drained * state.utilisation
    oxidised = (released - drained) * state.oxidation
    density = parameters.methane_density
    active = density * parameters.post_mining_factor * (released - used - oxidised)
    leaking = density * state.abandoned * (1.0 - parameters.flooded_share)
    return CoalMiningFlows(
        production=production,
        by_mine=by_mine,
        imports=history * known + (1.0 - history) * (supply - production),
        released=released,
        drained=drained,
        used=used,
        oxidised=oxidised,
        methane_active=active,
        methane_abandoned=leaking,
    )


class MineTurnover(NamedTuple):
    """Mines that open and close."""

    opened: Array
    """(2, S) [Mt/yr per yr]."""
    closed: Array
    """At the end of life and before it, (2, S) [Mt/yr per yr]."""
    change: Array
    """Of capacity by age, (3, 2, S) [Mt/yr per yr]."""


def mine_turnover(
    xp: Any,
    parameters: CoalMiningParameters,
    capacity: Array,
    by_mine: Array,
    clock: Clock,
) -> MineTurnover:
    """Mines open for a gap only, age through three stages, and close.

    They close at the end of their life, and sooner where there are more than output needs.
    From the date of a ban none opens.
    """
    standing = xp.sum(capacity, axis=0)
    gap = (by_mine / parameters.mine_utilisation - standing) / parameters.closing_time
    ageing = capacity * (AGES / parameters.mine_life)
    surplus = xp.maximum(-gap - ageing[-1], 0.0)
    early = surplus * capacity / xp.maximum(standing, 1e-9)
    allowed = xp.where(clock.time >= parameters.new_mine_ban, 0.0, 1.0)
    opened = allowed * xp.maximum(gap + ageing[-1], 0.0)
    enters = xp.concatenate([opened[xp.newaxis], ageing[:-1]], axis=0)
    return MineTurnover(opened, ageing[-1] + surplus, enters - ageing - early)


def coal_mining_rates(
    xp: Any,
    parameters: CoalMiningParameters,
    state: CoalMiningState,
    clock: Clock,
    flows: CoalMiningFlows,
) -> CoalMiningState:
    """Rates of change of the stocks of coal mining."""
    mines = mine_turnover(xp, parameters, state.capacity, flows.by_mine, clock)
    leaking = parameters.abandoned_share * parameters.gas_content[0]
    potential = leaking * mines.closed[0] / 1000.0
    use = at(parameters.utilisation_target, clock) - state.utilisation
    oxidise = at(parameters.oxidation_target, clock) - state.oxidation
    drain = at(parameters.drained_share, clock) * flows.released - state.drainage
    return CoalMiningState(
        capacity=mines.change,
        drainage=drain / parameters.drainage_time,
        utilisation=use / parameters.utilisation_time,
        oxidation=oxidise / parameters.oxidation_time,
        abandoned=potential - state.abandoned / parameters.abandoned_time,
    )


class MiningCosts(NamedTuple):
    """What coal costs those who mine it, (S)."""

    investment: Array
    """Mines that open [million CNY/yr]."""
    operation: Array
    """Wages, materials and upkeep [million CNY/yr]."""
    supply: Array
    """Cost of domestic mines over all coal supplied, capital as an annuity [CNY/GJ]."""


def mining_costs(
    xp: Any,
    parameters: CoalMiningParameters,
    clock: Clock,
    *,
    flows: CoalMiningFlows,
    opened: Array,
    energy: Array,
) -> MiningCosts:
    """Costs of mines; over all that is burnt, the cost of supply adds up to their full cost.

    Parameters
    ----------
    opened
        New mines, (2, S) [Mt/yr per yr].
    energy
        What mines pay for energy, (S) [million CNY/yr].

    """
    operation = xp.sum(flows.by_mine * parameters.operation, axis=0)
    standing = flows.by_mine / parameters.mine_utilisation
    annuity = parameters.recovery * xp.sum(standing * parameters.capital, axis=0)
    heat = (flows.production + flows.imports) * at(parameters.energy_per_tonne, clock)
    return MiningCosts(
        investment=xp.sum(opened * parameters.capital, axis=0),
        operation=operation,
        supply=(operation + annuity + energy) / xp.maximum(heat, 1e-9),
    )


def washing_factor(xp: Any, parameters: CoalMiningParameters, clock: Clock) -> Array:
    """Coal burnt outside power relative to the base year's washing, (S) [1].

    Washed coal burns better, so that less is needed; the effect is bounded.
    """
    more = at(parameters.washed_share, clock) - parameters.washed_share_base
    return xp.maximum(1.0 - parameters.washing_saving * more, parameters.washing_floor)


def mining_stages(
    xp: Any, parameters: CoalMiningParameters, clock: Clock, history: Array
) -> Stages:
    """Underground mines, open-cast mines and washing, per tonne of raw coal.

    The electricity of the sector in observed years is observed; afterwards it moves with the
    share of underground mines and of coal that is washed.
    """
    underground = at(parameters.underground_share, clock)
    washed = at(parameters.washed_share, clock)
    before = parameters.reference_mix
    base = xp.stack([before[0], 1.0 - before[0], before[1]])
    here = xp.stack(xp.broadcast_arrays(underground, 1.0 - underground, washed))
    base = base * parameters.electricity_per_tonne
    now = here * parameters.electricity_per_tonne
    return stages(
        xp,
        base=base,
        now=now,
        fuel=parameters.fuel_shares,
        history=history,
    )
