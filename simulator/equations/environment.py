r"""Environmental protection: water, sewage and waste, and the gases that they give off.

Volumes are per head. A landfill holds methane that its waste can still give off, and gives it
off in proportion (first-order decay); part is captured, part of the rest oxidised in the cover:

.. math::

    \dot L = m\,\lambda W - k L, \qquad
    M_{landfill} = k L\,(1 - c)(1 - o), \qquad
    M_{sewage} = f V (1 - c_s), \qquad N = n V (1 - a)

with methane still to come :math:`L`, waste :math:`W` of which the share :math:`\lambda` is
tipped, methane per tonne :math:`m`, rate :math:`k`, captured share :math:`c`, oxidised share
:math:`o`, sewage :math:`V` and shares captured :math:`c_s` and avoided :math:`a`. Balance:
deposited = decayed + stored; decayed = captured + oxidised + emitted.

Electricity of observed years is observed and split by electricity per volume; afterwards it
follows the volumes. Carbon dioxide of burnt waste follows the waste that is burnt.

Reference: IPCC Guidelines for National Greenhouse Gas Inventories (2006), volume 5, chapters
3 and 6. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.process_stages import Stages, stages
from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class EnvironmentParameters(NamedTuple):
    """What environmental protection needs to know; arrays (S) unless a shape is given."""

    waste_per_head: Schedule
    """Municipal waste collected, () [t/yr]."""
    landfilled: Schedule
    """Part of it that goes to landfills, () [1]."""
    incinerated: Schedule
    """Part of it that is burnt, () [1]."""
    water_per_head: Schedule
    """Water supplied and sewage treated, (2) [m3/yr]."""
    electricity_per_volume: Schedule
    """Electricity of water and sewage [kWh/m3] and of solid waste [kWh/t], (3)."""
    fuel_shares: Array
    """Weights of the three in fuel and heat, (3, S) [1]."""
    reference_electricity: Array
    """Electricity of the three at the end of history, (3, S) [TWh/yr]."""
    reference_activity: Array
    """Index of activity of the sector then [1]."""
    burnt_base: Array
    """Waste burnt in the base year [Mt/yr]."""
    methane_potential: Array
    """Methane that a tonne of tipped waste gives off in the end [t CH4/t]."""
    decay_rate: Array
    """Part of the methane to come that forms in a year [1/yr]."""
    oxidised: Array
    """Part of what is not captured that the cover oxidises [1]."""
    landfill_capture: Schedule
    """Share of landfill gas that capture aims at, () [1]."""
    sewage_capture: Schedule
    """Share of the methane of sewage that capture aims at, () [1]."""
    nitrous_avoided: Schedule
    """Share of the nitrous oxide of sewage that control aims to avoid, () [1]."""
    fitting_time: Array
    """Time in which plants are fitted with any of the three [yr]."""
    methane_per_sewage: Array
    """Methane per sewage treated, before capture [Mt CH4/bcm]."""
    nitrous_per_sewage: Array
    """Nitrous oxide per sewage treated, before control [Mt N2O/bcm]."""
    other_nitrous: Schedule
    """Nitrous oxide of other sectors, (sector) [Mt N2O/yr]."""


class EnvironmentState(NamedTuple):
    """Stocks of environmental protection, or their rates of change; all (S)."""

    landfill: Array
    """Methane that tipped waste will still give off [Mt CH4]."""
    landfill_captured: Array
    """Share of landfill gas captured [1]."""
    sewage_captured: Array
    """Share of the methane of sewage captured [1]."""
    nitrous_avoided: Array
    """Share of the nitrous oxide of sewage avoided [1]."""


class Volumes(NamedTuple):
    """What environmental protection handles now."""

    waste: Array
    """Tipped, burnt and otherwise treated, (3, S) [Mt/yr]."""
    water: Array
    """Supplied and treated, (2, S) [bcm/yr]."""


class EnvironmentFlows(NamedTuple):
    """Gases now; all (S)."""

    deposited: Array
    """Methane that waste tipped now will give off [Mt CH4/yr]."""
    decayed: Array
    """Methane formed in landfills [Mt CH4/yr]."""
    landfill_captured: Array
    """Part of it captured [Mt CH4/yr]."""
    landfill_oxidised: Array
    """Part of it oxidised [Mt CH4/yr]."""
    landfill_methane: Array
    """Part of it emitted [Mt CH4/yr]."""
    sewage_formed: Array
    """Methane formed in sewage [Mt CH4/yr]."""
    sewage_methane: Array
    """Part of it emitted [Mt CH4/yr]."""
    nitrous_oxide: Array
    """Nitrous oxide of sewage [Mt N2O/yr]."""


def volumes(
    xp: Any, parameters: EnvironmentParameters, clock: Clock, population: Array
) -> Volumes:
    """Waste and water of a population, (S) [million]."""
    waste = at(parameters.waste_per_head, clock) * population
    tipped, burnt = at(parameters.landfilled, clock), at(parameters.incinerated, clock)
    routes = xp.stack(xp.broadcast_arrays(tipped, burnt, 1.0 - tipped - burnt))
    return Volumes(routes * waste, at(parameters.water_per_head, clock) * population / 1000.0)


def gases(
    parameters: EnvironmentParameters, state: EnvironmentState, handled: Volumes
) -> EnvironmentFlows:
    """Methane and nitrous oxide of waste and sewage."""
    decayed = parameters.decay_rate * state.landfill
    captured = decayed * state.landfill_captured
    oxidised = (decayed - captured) * parameters.oxidised
    sewage = handled.water[1]
    formed = parameters.methane_per_sewage * sewage
    nitrous = parameters.nitrous_per_sewage * sewage
    return EnvironmentFlows(
        deposited=parameters.methane_potential * handled.waste[0],
        decayed=decayed,
        landfill_captured=captured,
        landfill_oxidised=oxidised,
        landfill_methane=decayed - captured - oxidised,
        sewage_formed=formed,
        sewage_methane=formed * (1.0 - state.sewage_captured),
        nitrous_oxide=nitrous * (1.0 - state.nitrous_avoided),
    )


def environment_rates(
    parameters: EnvironmentParameters,
    state: EnvironmentState,
    clock: Clock,
    flows: EnvironmentFlows,
) -> EnvironmentState:
    """Rates of change: landfills fill and decay, plants are fitted over time."""
    time = parameters.fitting_time
    return EnvironmentState(
        landfill=flows.deposited - flows.decayed,
        landfill_captured=(at(parameters.landfill_capture, clock) - state.landfill_captured)
        / time,
        sewage_captured=(at(parameters.sewage_capture, clock) - state.sewage_captured) / time,
        nitrous_avoided=(at(parameters.nitrous_avoided, clock) - state.nitrous_avoided) / time,
    )


def environment_stages(
    xp: Any,
    parameters: EnvironmentParameters,
    clock: Clock,
    history: Array,
    *,
    handled: Volumes,
    activity: Array,
) -> Stages:
    """Shares of water, sewage, solid waste and, none here, cleaning of flue gas.

    The factor holds volumes against activity.

    Parameters
    ----------
    history
        1 where observation rules, (S) [1].
    handled
        Volumes now.
    activity
        Index of activity of the sector, (S) [1].

    """
    handed = (handled.water[0], handled.water[1], xp.sum(handled.waste, axis=0))
    amount = xp.stack(xp.broadcast_arrays(*handed))
    solid = amount[2:] / 1000.0
    now = at(parameters.electricity_per_volume, clock) * xp.concatenate(
        [amount[:2], solid], axis=0
    )
    found = stages(
        xp,
        base=parameters.reference_electricity,
        now=now * parameters.reference_activity / activity,
        fuel=parameters.fuel_shares,
        history=history,
    )
    return found._replace(
        electricity=xp.concatenate([found.electricity, 0.0 * found.electricity[:1]], axis=0),
        fuel=xp.concatenate([found.fuel, 0.0 * found.fuel[:1]], axis=0),
    )


def burning(parameters: EnvironmentParameters, handled: Volumes, activity: Array) -> Array:
    """Burnt waste per activity relative to the base year, (S) [1]."""
    ratio: Array = handled.waste[1] / parameters.burnt_base / activity
    return ratio
