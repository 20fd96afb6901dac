r"""Operation of the fleets: unit energy, unit emissions, costs, dispatch, totals.

Energy per unit is
:math:`\varepsilon_{k,c} = \varepsilon^0_{k,c}\,x_k\,v\,\phi^{[c = electricity]}`
with the fleet's relative intensity x, its usage v (kilometres, hours, savings) and the
efficiency of motor-driven equipment :math:`\phi`. Plants are dispatched by water-filling with
weights :math:`K_k (c_k / c_{ref})^{-\gamma}`; machines in use run alike.
Carbon: emitted + captured = generated, biogenic carbon included.
"""

from typing import Any, NamedTuple

from simulator.equations.choice import mandate, waterfill
from simulator.equations.cost import UnitCost, unit_cost
from simulator.equations.fleet_parameters import Economics, FleetState, Technique
from simulator.equations.learning import learned_capital

Array = Any

FIRST_PLANT = 1e-3
"""Capacity of new plants that every fleet counts as having [unit]."""


class Market(NamedTuple):
    """Prices that a fleet faces."""

    energy: Array
    """Price of each carrier, (C, F, 1, S) [CNY/GJ]."""
    carbon: Array
    """Carbon price, (F, 1, S) [CNY/t CO2]."""
    storage: Array
    """Cost of transport and storage of CO2 less its support, (F, 1, S) [CNY/t CO2]."""
    material: Array
    """Cost of materials per unit of activity, (F, T, S) [CNY/u]."""
    subsidy: Array
    """What policy pays per unit of activity, (F, T, S) [CNY/u]."""


class Carbon(NamedTuple):
    """Carbon of each carrier."""

    emission_factor: Array
    """Fossil CO2 when burnt, (C, S) [t CO2/GJ]."""
    content: Array
    """All CO2 when burnt, biogenic included, (C, S) [t CO2/GJ]."""
    is_electricity: Array
    """1 for electricity, (C, 1, 1, 1) [1]."""


class Unit(NamedTuple):
    """What one unit of activity takes, gives and costs, (..., F, T, S)."""

    energy: Array
    """(C, F, T, S) [GJ/u]."""
    direct: Array
    """CO2 emitted when capture finds the storage expected, biogenic credited [t CO2/u]."""
    captured: Array
    """CO2 captured when all of it finds storage, biogenic included [t CO2/u]."""
    capital: Array
    """Capital cost [CNY/u]."""
    cost: UnitCost
    """Short-run and levelised cost [CNY/u]."""


def relative_intensity(xp: Any, state: FleetState, new_intensity: Array) -> Array:
    """Fuel intensity of the fleet relative to the base year; new plants where none stand [1].

    A thousandth of a unit of new plants is mixed in, so that the intensity of a fleet that is
    about to appear is that of what is built, not a quotient of two rounding errors.
    """
    capacity = xp.maximum(xp.sum(state.capacity, axis=0), 0.0)
    held = xp.maximum(state.intensity, 0.0)
    return (held + FIRST_PLANT * new_intensity) / (capacity + FIRST_PLANT)


def unit_flows(
    xp: Any,
    *,
    state: FleetState,
    technique: Technique,
    economics: Economics,
    target_utilisation: Array,
    relative: Array,
    usage: Array,
    electricity_factor: Array,
    capture_share: Array,
    extra_capital: Array,
    market: Market,
    carbon: Carbon,
) -> Unit:
    """Per unit of activity: energy, emissions and costs of every technology.

    `usage` and `electricity_factor` are (F, 1, S) [1]; `capture_share` (S) is the part of the
    carbon capture that finds storage [1]; `target_utilisation` (F, S) [1]; `extra_capital` is
    bought with each unit of capacity, such as a battery, (F, T, S) [CNY/u].
    """
    driven = xp.where(carbon.is_electricity > 0, electricity_factor, 1.0)
    energy = technique.energy * (relative * usage) * driven
    factor = carbon.emission_factor[:, xp.newaxis, xp.newaxis, :]
    content = carbon.content[:, xp.newaxis, xp.newaxis, :]
    fossil = xp.sum(energy * factor, axis=0) + technique.process
    generated = xp.sum(energy * content, axis=0) + technique.process
    captured = technique.capture * generated
    direct = fossil - capture_share * captured
    capital = learned_capital(xp, economics, state.experience) + extra_capital
    cost = unit_cost(
        capital=capital,
        recovery=economics.recovery,
        utilisation=target_utilisation[:, xp.newaxis, :],
        variable=economics.variable + market.material,
        energy=xp.sum(energy * market.energy, axis=0),
        carbon=market.carbon * direct + market.storage * capture_share * captured,
        support=market.subsidy,
    )
    return Unit(energy, direct, captured, capital, cost)


class Output(NamedTuple):
    """Activity of the fleets."""

    activity: Array
    """Activity by technology, (F, T, S) [u million/yr]."""
    unmet: Array
    """Demand that no capacity could serve, (F, S) [u million/yr]."""


def dispatch(
    xp: Any,
    *,
    demand: Array,
    capacity: Array,
    short_run_cost: Array,
    log_weight: Array,
    technique: Technique,
    limit_share: Array,
    floor_members: Array,
    floor_parts: Array,
    floor_shares: Array,
    forced_share: Array,
    forced: Array,
) -> Output:
    """Share demand among plants by their short-run cost, within limits and mandates.

    Parameters
    ----------
    demand
        (F, S) [u million/yr].
    capacity, short_run_cost, log_weight
        Capacity, short-run cost and what it does not explain of the past, (F, T, S).
    limit_share
        Resource limit as a share of the technical limit, (F, T, S) [1].
    floor_members, floor_parts, floor_shares
        Mandated sets and the parts of the fleet that they are a share of, (M, F, T, 1), and
        their shares of the output of those, (M, F, S) [1].
    forced_share, forced
        Observed shares of output (F, T, S) and where they rule (F, 1, S).

    """
    limits = technique.maximum_utilisation * capacity * limit_share
    reference = xp.max(xp.abs(short_run_cost), axis=-2, keepdims=True) + 1e-12
    relative = xp.maximum(short_run_cost / reference, 0.05)
    weights = capacity * xp.exp(log_weight - technique.operating_exponent * xp.log(relative))
    # What was observed runs first; capacity serves what observed output cannot reach.
    observed = xp.minimum(forced_share * demand[:, xp.newaxis, :], limits) + 1e-9 * limits
    placed = waterfill(xp, xp.where(forced > 0, observed, weights), demand, limits)
    activity = placed.amount
    shares = floor_shares * (1.0 - forced[:, 0])
    for member, part, share in zip(floor_members, floor_parts, shares, strict=True):
        activity = mandate(xp, activity, member=member, part=part, share=share, limits=limits)
    return Output(activity, placed.unmet)


class Use(NamedTuple):
    """Totals of the fleets, per year, before capture."""

    energy: Array
    """Energy by carrier and fleet, (C, F, S) [PJ/yr]."""
    process: Array
    """Process CO2, (F, S) [Mt CO2/yr]."""
    captured_by_carrier: Array
    """Carbon of each carrier that capture plants take if storage is there, (C, F, S)."""
    captured_process: Array
    """Process CO2 that they take, (F, S) [Mt CO2/yr]."""


def totals(xp: Any, unit: Unit, technique: Technique, carbon: Carbon, activity: Array) -> Use:
    """Multiply unit flows by activity and add up the technologies of each fleet."""
    run = activity * technique.reported
    energy = unit.energy * run
    process = technique.process * run
    content = carbon.content[:, xp.newaxis, :]
    return Use(
        energy=xp.sum(energy, axis=2),
        process=xp.sum(process, axis=1),
        captured_by_carrier=xp.sum(energy * technique.capture, axis=2) * content,
        captured_process=xp.sum(process * technique.capture, axis=1),
    )
