r"""Plain groups: activities without a fleet of their own, their energy and emissions.

A group is an index of activity times the energy of the base year. Growth follows income, the
use of a fuel that the group serves, or the sales of what it makes; intensity falls towards a
floor; fuel moves to electricity or hydrogen where that pays or is required; carbon is captured
where the carbon price and its support cover the cost. Every share relaxes to its target:

.. math::

    \dot{\ln A} = \eta\,g \;\text{or}\; \dot{\ln D}, \qquad
    \dot x = -\delta\,(x - x_\infty), \qquad \dot s = (s^* - s)/\tau_s

Balance: fuel burnt + fuel moved = fuel wanted, and carbon emitted + captured = carbon
generated, exactly, for every group. Observed years read the index of that year, so that the
energy of a year is the observed energy, whatever the step of the solver.

Axes: C carriers, G groups, D what drives groups, S scenarios. The base year is 2020.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class Substitution(NamedTuple):
    """How fuel of a group can move to another carrier."""

    target: Schedule
    """Share that moves whatever it costs, (G) [1]."""
    potential: Array
    """Largest share that can move, (G, S) [1]."""
    ratio: Array
    """Energy of the new carrier per unit of fuel that it replaces, (G, S) [1]."""
    premium: Array
    """Cost of equipment per unit of fuel replaced, (G, S) [CNY/GJ]."""
    carrier: Array
    """1 for the carrier that fuel moves to, (C, 1, 1) [1]."""


class Capture(NamedTuple):
    """Carbon capture in plain groups."""

    target: Schedule
    """Largest share of the carbon that can be captured, (G) [1]."""
    cost: Array
    """Cost of capture, transport and storage, (G, S) [CNY/t CO2]."""
    scale: Array
    """Spread of that cost between plants, (S) [CNY/t CO2]."""
    electricity: Array
    """Electricity per tonne captured, (S) [GJ/t CO2]."""


class GroupParameters(NamedTuple):
    """Everything the plain groups need to know."""

    observed_activity: Schedule
    """Observed index of activity, (G) [1]."""
    energy_factor: Schedule
    """Correction of the energy of a carrier in observed years, kept afterwards, (C, G) [1]."""
    process_factor: Schedule
    """Correction of process emissions in observed years, kept afterwards, (G) [1]."""
    base_energy: Array
    """Energy of the base year, (C, G, S) [PJ/yr]."""
    base_process: Array
    """Process emissions of the base year, (G, S) [Mt CO2/yr]."""
    emission_factor: Array
    """(C, 1, S) [t CO2/GJ]."""
    coal: Array
    """1 for coal, (C, 1, 1) [1]."""
    diesel: Array
    """1 for diesel, (C, 1, 1) [1]."""
    is_fuel: Array
    """1 for a carrier that can be replaced, (C, 1, 1) [1]."""
    fuel_share: Array
    """Shares of the replaceable fuels in the base year, (C, G, S) [1]."""
    elasticity: Schedule
    """Growth of activity per growth of income, (G) [1]."""
    follows: Array
    """Weight of each fuel's use and each good's sales in what drives a group, (D, G, 1) [1]."""
    following_time: Array
    """Time over which the use of that fuel is perceived, (S) [yr]."""
    improvement: Schedule
    """Rate at which the gap to the intensity floor closes, (G) [1/yr]."""
    intensity_floor: Array
    """Lowest intensity relative to the end of history, (G, S) [1]."""
    electric: Substitution
    hydrogen: Substitution
    choice_scale: Array
    """Spread of costs between plants, (S) [CNY/GJ]."""
    transition_time: Array
    """Time in which equipment turns over, (G, S) [yr]."""
    capture: Capture
    price_elasticity: Array
    """Response of electricity to its relative price, (G, S) [1]."""


class GroupState(NamedTuple):
    """Stocks of the plain groups, or their rates of change; all (G, S)."""

    log_activity: Array
    """Logarithm of the index of activity [1]."""
    intensity: Array
    """Energy per activity relative to the end of history [1]."""
    electrified: Array
    """Share of fuel moved to electricity [1]."""
    hydrogen: Array
    """Share of fuel moved to hydrogen [1]."""
    captured: Array
    """Share of carbon captured [1]."""


class GroupFlows(NamedTuple):
    """What the plain groups use and emit now."""

    activity: Array
    """Index, (G, S) [1]."""
    energy: Array
    """Energy use by carrier, (C, G, S) [PJ/yr]."""
    fuel_emissions: Array
    """Carbon dioxide from fuels before capture, by carrier, (C, G, S) [Mt CO2/yr]."""
    process_emissions: Array
    """Before capture, (G, S) [Mt CO2/yr]."""
    captured: Array
    """(G, S) [Mt CO2/yr]."""
    fuel: Array
    """Fuel that would be burnt if nothing had moved, (G, S) [PJ/yr]."""


class GroupDrivers(NamedTuple):
    """What moves the plain groups."""

    income_growth: Array
    """Growth of gross domestic product, (S) [1/yr]."""
    followed_growth: Array
    """Perceived growth of the driving fuels and goods, (D, S) [1/yr]."""
    prices: Array
    """Price of each carrier without carbon, (C, S) [CNY/GJ]."""
    carbon_price: Array
    """(S) or (G, S) [CNY/t CO2]."""
    capture_support: Array
    """Paid per tonne captured, (S) [CNY/t CO2]."""
    electrification_support: Array
    """Paid per unit of fuel replaced, (S) [CNY/GJ]."""
    hydrogen_support: Array
    """Paid per unit of hydrogen, (S) [CNY/GJ]."""
    hydrogen_slack: Array
    """How far the supply of hydrogen allows new users, from 0 to 1, (S) [1]."""


def group_activity(
    xp: Any, parameters: GroupParameters, state: GroupState, clock: Clock, history: Array
) -> Array:
    """Index of activity: as observed where `history` is 1, modelled where it is 0, (G, S)."""
    observed = at(parameters.observed_activity, clock)
    return history * observed + (1.0 - history) * xp.exp(state.log_activity)


def group_flows(
    xp: Any,
    parameters: GroupParameters,
    state: GroupState,
    clock: Clock,
    *,
    history: Array,
    equipment_factor: Array,
    digital_saving: Array,
    electricity_price_ratio: Array,
    coal_factor: Array,
    diesel_factor: Array,
    electricity_for_diesel: Array,
    process_per_activity: Array,
    demand_factor: Array = 1.0,
) -> GroupFlows:
    """Energy and emissions now.

    Parameters
    ----------
    history
        1 where observation rules, (S) [1].
    equipment_factor
        Electricity relative to the base year's equipment, (G, S) [1].
    digital_saving
        Share of all energy saved by digital management, (G, S) [1].
    electricity_price_ratio
        Price of electricity relative to the base year, (S) [1].
    coal_factor
        Coal for the same heat relative to the base year's quality of coal, (S) [1].
    diesel_factor
        Diesel relative to the machines at the end of history, (G, S) [1].
    electricity_for_diesel
        Electricity of machines that burnt diesel then, per diesel of then, (G, S) [1].
    process_per_activity
        Process emissions per activity relative to the base year, (G, S) [1].
    demand_factor
        Activity relative to what it would be at the prices of the end of history, (G, S) [1].

    """
    activity = group_activity(xp, parameters, state, clock, history) * demand_factor
    wanted = (
        parameters.base_energy
        * at(parameters.energy_factor, clock)
        * (activity * state.intensity * (1.0 - digital_saving))
        * (1.0 + parameters.coal * (coal_factor - 1.0))
    )
    moved = xp.sum(wanted * parameters.is_fuel, axis=0)
    response = electricity_price_ratio**parameters.price_elasticity
    drive = 1.0 + parameters.electric.carrier * (equipment_factor * response - 1.0)
    staying = 1.0 - parameters.is_fuel * (state.electrified + state.hydrogen)
    energy = (
        wanted * staying * drive
        + parameters.electric.carrier * (moved * state.electrified * parameters.electric.ratio)
        + parameters.hydrogen.carrier * (moved * state.hydrogen * parameters.hydrogen.ratio)
    )
    burnt = xp.sum(energy * parameters.diesel, axis=0)
    energy = (
        energy
        + parameters.diesel * (burnt * (diesel_factor - 1.0))
        + parameters.electric.carrier * (burnt * electricity_for_diesel)
    )
    fuel_emissions = energy * parameters.emission_factor
    process = parameters.base_process * at(parameters.process_factor, clock) * activity
    process = process * process_per_activity
    captured = state.captured * (xp.sum(fuel_emissions, axis=0) + process)
    capture_energy = parameters.electric.carrier * (captured * parameters.capture.electricity)
    return GroupFlows(
        activity, energy + capture_energy, fuel_emissions, process, captured, moved
    )


def group_rates(
    xp: Any,
    parameters: GroupParameters,
    state: GroupState,
    clock: Clock,
    *,
    history: Array,
    drivers: GroupDrivers,
) -> GroupState:
    """Rates of change of the plain groups, all (G, S) [1/yr].

    Activity stands still while observation rules: its stock already holds the level at the
    end of history. Improvement and transitions start there too, in every run, because the
    observed index contains what happened before.
    """
    modelled = 1.0 - history
    projected = xp.where(clock.time >= clock.history_end, 1.0, 0.0)
    turnover = projected / parameters.transition_time
    electric, hydrogen = substitution_targets(xp, parameters, clock, drivers)
    capture = capture_target(xp, parameters, clock, drivers)
    missing = hydrogen - state.hydrogen
    improvement = projected * at(parameters.improvement, clock)
    return GroupState(
        log_activity=modelled * activity_growth(xp, parameters, clock, drivers),
        intensity=-improvement * (state.intensity - parameters.intensity_floor),
        electrified=turnover * (electric - state.electrified),
        hydrogen=turnover
        * (xp.minimum(missing, 0.0) + drivers.hydrogen_slack * xp.maximum(missing, 0.0)),
        captured=turnover * (capture - state.captured),
    )


def activity_growth(
    xp: Any, parameters: GroupParameters, clock: Clock, drivers: GroupDrivers
) -> Array:
    """Growth with income, or with the fuels and goods that drive a group, (G, S) [1/yr]."""
    follows = parameters.follows
    own = 1.0 - xp.sum(follows, axis=0)
    with_income = own * at(parameters.elasticity, clock) * drivers.income_growth
    return with_income + xp.sum(follows * drivers.followed_growth[:, None], axis=0)


def substitution_targets(
    xp: Any, parameters: GroupParameters, clock: Clock, drivers: GroupDrivers
) -> tuple[Array, Array]:
    """Shares of fuel that electricity and hydrogen should replace, each (G, S) [1].

    A carrier takes the share of its potential for which it is cheaper than the fuel, carbon
    included, with costs spread logistically. Together they never exceed the whole.
    """
    carbon = xp.sum(parameters.fuel_share * parameters.emission_factor, axis=0)
    fuel = xp.sum(parameters.fuel_share * drivers.prices[:, None], axis=0)
    avoided = fuel + carbon * drivers.carbon_price

    def wanted(way: Substitution, support: Array) -> Array:
        price = xp.sum(way.carrier[:, 0] * drivers.prices, axis=0)
        cost = way.ratio * (price - support) + way.premium
        pays = way.potential * _logistic(xp, (avoided - cost) / parameters.choice_scale)
        return xp.maximum(at(way.target, clock), pays)

    per_electricity = drivers.electrification_support / parameters.electric.ratio
    electric = wanted(parameters.electric, per_electricity)
    hydrogen = wanted(parameters.hydrogen, drivers.hydrogen_support)
    return electric, xp.minimum(hydrogen, 1.0 - electric)


def capture_target(
    xp: Any, parameters: GroupParameters, clock: Clock, drivers: GroupDrivers
) -> Array:
    """Share of carbon whose capture pays, (G, S) [1]."""
    capture = parameters.capture
    margin = drivers.carbon_price + drivers.capture_support - capture.cost
    return at(capture.target, clock) * _logistic(xp, margin / capture.scale)


def sum_by_sector(xp: Any, membership: Array, amount: Array) -> Array:
    """Add groups up to sectors: (sector, G) and (..., G, S) give (..., sector, S)."""
    return xp.matmul(membership, amount)


def _logistic(xp: Any, x: Array) -> Array:
    return 1.0 / (1.0 + xp.exp(-xp.clip(x, -50.0, 50.0)))
