r"""Aluminium: recycled metal first, primary metal under its ceiling, trade for the rest.

Demand $A$ is served by remelted old and new scrap $Q_r$, as far as its grade allows, then by
primary metal up to the capacity ceiling $C$ at utilisation $u$, then by imports:

.. math::

    Q_r = \min(c\,O + r (1 - y) F / y,\; r_{max} A), \qquad
    Q_p = \min(C u,\; A - Q_r)

Balance: $Q_p + Q_r +$ imports $= A$; scrap left over stays unused.
The share of clean power in smelting only splits the emissions of electricity.
"""

from typing import Any, NamedTuple

from simulator.equations.loops import felt
from simulator.equations.materials import ALUMINIUM
from simulator.equations.schedule import Clock, Schedule, at
from simulator.equations.scrap import collection_share

Array = Any


class AluminiumParameters(NamedTuple):
    """Metal balance and power of aluminium; shapes ``(scenario,)``."""

    capacity_ceiling: Schedule
    """Largest smelting capacity allowed [Mt/yr]."""
    ceiling_utilisation: Array
    """Output per capacity at the ceiling [1]."""
    collection: Array
    """Old scrap remelted at the reference collection [1]."""
    reference_collection: Array
    """Average collection at which `collection` holds [1]."""
    metal_yield: Array
    """Metal in goods from metal bought [1]."""
    new_scrap_recovery: Array
    """Share of fabrication scrap that is remelted [1]."""
    grade_limit: Schedule
    """Largest share of demand that recycled metal can serve [1]."""
    alumina_per_metal: Array
    """Alumina that a tonne of primary metal takes [t/t]."""
    alumina_import_share: Array
    """Share of alumina that is imported [1]."""
    recycling_energy: Array
    """Gas and electricity of remelting, shape ``(2, scenario)`` [GJ/t]."""
    clean_power_floor: Schedule
    """Smallest share of clean power that policy asks for [1]."""
    clean_power_baseline: Schedule
    """Share of clean power without policy [1]."""
    observed_clean_power: Schedule
    """Recorded share, value shape ``(1, scenario)`` [1]."""
    clean_power_time: Array
    """Time in which contracts and siting change [yr]."""
    history_time: Array
    """Time in which the share follows the record [yr]."""
    ore_share: Array
    """Part of the energy of other mining that bauxite took in the base year [1]."""
    reference_alumina: Array
    """Alumina refined at home in the base year [Mt/yr]."""


class AluminiumBalance(NamedTuple):
    """Flows of metal and alumina, each ``(scenario,)`` [Mt/yr]."""

    recycled: Array
    """Remelted old and new scrap."""
    unused_scrap: Array
    """Scrap that no product could take."""
    primary: Array
    """Primary metal."""
    imported: Array
    """Metal that neither scrap nor the ceiling allows to make at home."""
    alumina: Array
    """Alumina to be refined at home."""
    recycling_energy: Array
    """Gas and electricity of remelting, ``(2, scenario)`` [PJ/yr]."""


def old_metal_share(xp: Any, collection: Array, p: AluminiumParameters) -> Array:
    """Share of old aluminium that is remelted, ``(scenario,)`` [1]."""
    share = collection_share(p.collection, collection, p.reference_collection)
    clipped: Array = xp.clip(share, 0.0, 1.0)
    return clipped


def balance(
    xp: Any,
    demand: Array,
    p: AluminiumParameters,
    clock: Clock,
    *,
    inflow: Array,
    outflow: Array,
    collection: Array,
    history: Array,
    ceiling_binds: Array = 1.0,
) -> AluminiumBalance:
    """Serve the demand for metal.

    Parameters
    ----------
    demand
        Metal bought at home and abroad, shape ``(scenario,)`` [Mt/yr].
    inflow, outflow
        Material put to use and worn out, shape ``(category, scenario)`` [Mt/yr].
    collection
        Average share of old scrap that is collected, shape ``(scenario,)`` [1].
    history
        Weight of the record, which the ceiling did not bind, shape ``(scenario,)`` [1].
    ceiling_binds
        1 where the ceiling on smelting holds, 0 where it does not, ``(scenario,)`` [1].

    """
    old = old_metal_share(xp, collection, p) * outflow[ALUMINIUM]
    cut_off = inflow[ALUMINIUM] * (1 / p.metal_yield - 1)
    scrap = old + p.new_scrap_recovery * cut_off
    recycled = xp.minimum(scrap, at(p.grade_limit, clock) * demand)
    wanted = demand - recycled
    ceiling = at(p.capacity_ceiling, clock) * p.ceiling_utilisation
    allowed = felt(ceiling_binds, xp.minimum(ceiling, wanted), wanted)
    primary = history * wanted + (1 - history) * allowed
    alumina = p.alumina_per_metal * primary * (1 - p.alumina_import_share)
    return AluminiumBalance(
        recycled=recycled,
        unused_scrap=scrap - recycled,
        primary=primary,
        imported=wanted - primary,
        alumina=alumina,
        recycling_energy=p.recycling_energy * recycled,
    )


def clean_power_change(
    xp: Any, share: Array, p: AluminiumParameters, clock: Clock, history: Array
) -> Array:
    r"""Change of the share of clean power in smelting, ``(scenario,)`` [1/yr].

    Contracts are signed with a view to what policy has announced: once its floor $f$ asks for
    more than would come by itself, the share closes the gap and rises with the floor,
    $\dot c = (f - c) / \tau + \dot f$, so that a floor that rises is reached, not trailed.
    """
    floor, unasked = at(p.clean_power_floor, clock), at(p.clean_power_baseline, clock)
    announced = xp.where(floor > unasked, p.clean_power_floor.slope[clock.interval], 0.0)
    closing = (xp.maximum(floor, unasked) - share) / p.clean_power_time
    following = (at(p.observed_clean_power, clock)[0] - share) / p.history_time
    change: Array = history * following + (1 - history) * (closing + announced)
    return change


def ore_energy(p: AluminiumParameters, *, alumina: Array, mining: Array, index: Array) -> Array:
    """Energy of mining bauxite at home, by carrier, ``(carrier, scenario)`` [PJ/yr].

    Mines stand by the refineries, so ore goes with alumina; a tonne takes what mining as a
    whole takes for a unit of its index, with its carriers.

    Parameters
    ----------
    alumina
        Alumina refined at home, ``(scenario,)`` [Mt/yr].
    mining
        Energy of other mining, bauxite included, ``(carrier, scenario)`` [PJ/yr].
    index
        Index of activity of other mining, 1 in the base year, ``(scenario,)`` [1].

    """
    energy: Array = p.ore_share * alumina / p.reference_alumina * mining / index
    return energy


def electrolysis_intensity(
    *, electricity: Array, direct: Array, clean_share: Array, coal_power: Array
) -> Array:
    """Emissions of electrolysis with its own power mix, as documents count [t CO2/t].

    `electricity` in MWh and `direct` emissions in t CO2 are per tonne of primary metal,
    `coal_power` in t CO2 per MWh. In a run the power of smelters is that of the country.
    """
    intensity: Array = direct + electricity * (1 - clean_share) * coal_power
    return intensity
