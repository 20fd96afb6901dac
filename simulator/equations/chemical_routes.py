r"""Chemical routes: what conventional, capturing and green plants take and give.

A product of petrochemicals has one demand and three routes, which compete as the plants of any
fleet do. A tonne of a route takes part :math:`k` of the energy of a conventional tonne and adds
what its own process needs:

.. math:: \varepsilon_{k,c} = \kappa_{k,c}\,\varepsilon_{conv,c} + a_{k,c}

The conventional tonne is that of the plain group, so that efficiency, equipment and coal
quality reach all routes alike, and a year in which only conventional plants stand has exactly
the observed energy. Carbon that stays in products is feedstock and is not emitted.

Plastics that come back as plastics are not made again: output falls by the part of it that goes
into plastics, times the rise of recycling since observed history; recycling takes electricity.

Balance: emitted + captured = carbon of what is burnt and of the process, for every route.

Axes: C carriers, G groups, P products, T routes, S scenarios.
"""

from typing import Any, NamedTuple

from simulator.equations.activity import GroupFlows
from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class RouteParameters(NamedTuple):
    """What routes keep of a conventional tonne, and where they stand."""

    group: Array
    """Place of each product among the plain groups, (P,)."""
    place: Array
    """1 where a group is a product, (G, P) [1]."""
    base_output: Array
    """Output in the base year, (P, S) [Mt/yr]."""
    kept: Array
    """Part of the energy of a conventional tonne that a route takes too, (C, P, T, S) [1]."""
    kept_process: Array
    """Part of its process emissions, (P, T, S) [1]."""
    emission_factor: Array
    """(C, 1, 1, S) [t CO2/GJ]."""
    capture_electricity: Array
    """Electricity per tonne captured, (S) [GJ/t CO2]."""
    electric: Array
    """1 for electricity, (C, 1, 1, 1) [1]."""
    uses_hydrogen: Array
    """1 for routes that take hydrogen, (P, T, 1) [1]."""
    plastics: Array
    """Part of the output that goes into plastics, (P, S) [1]."""
    recycled: Schedule
    """Recycled part of plastics used, () [1]."""
    recycled_reference: Array
    """The same at the end of history, (S) [1]."""
    recycling_electricity: Array
    """Electricity per tonne recycled, (S) [GJ/t]."""


class RouteUnit(NamedTuple):
    """What a tonne of each route takes and gives."""

    energy: Array
    """(C, P, T, S) [GJ/t]."""
    process: Array
    """Process emissions before capture, (P, T, S) [t CO2/t]."""
    captured: Array
    """If all of it finds storage, (P, T, S) [t CO2/t]."""
    generated: Array
    """Emitted and captured together, (P, T, S) [t CO2/t]."""


def demand(parameters: RouteParameters, groups: GroupFlows) -> Array:
    """Products that users ask for, (P, S) [Mt/yr]."""
    wanted: Array = parameters.base_output * groups.activity[parameters.group]
    return wanted


def not_made(xp: Any, parameters: RouteParameters, clock: Clock, wanted: Array) -> Array:
    """Products that recycled plastics replace beyond those of observed years, (P, S) [Mt/yr].

    Parameters
    ----------
    wanted
        Products that users ask for, (P, S) [Mt/yr].

    """
    projected = xp.where(clock.time >= clock.history_end, 1.0, 0.0)
    more = projected * (at(parameters.recycled, clock) - parameters.recycled_reference)
    replaced: Array = wanted * parameters.plastics * more
    return replaced


def unit_flows(
    xp: Any,
    parameters: RouteParameters,
    groups: GroupFlows,
    *,
    wanted: Array,
    added: Array,
    capture: Array,
) -> RouteUnit:
    """Energy and carbon of a tonne of each route.

    Parameters
    ----------
    groups
        The plain groups as if every plant were conventional.
    wanted
        Products that users ask for, (P, S) [Mt/yr].
    added
        Energy that a route needs beside what it keeps, (C, P, T, S) [GJ/t].
    capture
        Share of the carbon that a route captures, (P, T, S) [1].

    """
    tonnes = xp.maximum(wanted, 1e-9)
    conventional = groups.energy[:, parameters.group] / tonnes
    energy = parameters.kept * conventional[:, :, xp.newaxis] + added
    process = (groups.process_emissions[parameters.group] / tonnes)[:, xp.newaxis]
    process = parameters.kept_process * process
    generated = xp.sum(energy * parameters.emission_factor, axis=0) + process
    captured = capture * generated
    own = parameters.electric * (captured * parameters.capture_electricity)
    return RouteUnit(energy + own, process, captured, generated)


def with_routes(
    xp: Any,
    parameters: RouteParameters,
    groups: GroupFlows,
    unit: RouteUnit,
    *,
    made: Array,
    replaced: Array,
) -> GroupFlows:
    """The plain groups with their products made by the routes that run.

    Parameters
    ----------
    groups
        The plain groups as if every plant were conventional.
    made
        Output by route, (P, T, S) [Mt/yr].
    replaced
        Products that recycled plastics replace, (P, S) [Mt/yr].

    """
    which, place = parameters.group, parameters.place

    def put(total: Array, known: Array) -> Array:
        return xp.matmul(place, total - known)

    sorting = replaced * parameters.recycling_electricity
    energy = xp.sum(unit.energy * made, axis=2) + parameters.electric[:, :, 0] * sorting
    change = put(energy, groups.energy[:, which])
    process = put(xp.sum(unit.process * made, axis=1), groups.process_emissions[which])
    captured = put(xp.sum(unit.captured * made, axis=1), groups.captured[which])
    return GroupFlows(
        activity=groups.activity,
        energy=groups.energy + change,
        fuel_emissions=groups.fuel_emissions + change * parameters.emission_factor[:, :, 0],
        process_emissions=groups.process_emissions + process,
        captured=groups.captured + captured,
        fuel=groups.fuel,
    )
