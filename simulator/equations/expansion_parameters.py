"""What the expansion of the power system needs to know and gives back.

Shapes are ``(technology, scenario)`` or ``(scenario,)``; the rules are in `expansion`.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any


class ExpansionParameters(NamedTuple):
    """How orders are decided; ``(scenario,)`` unless stated."""

    energy_member: Array
    """1 for technologies of the energy criterion, ``(technology, scenario)`` [1]."""
    firm_log_weight: Array
    """Logarithm of the share weight in the firm criterion, ``(technology, scenario)`` [1]."""
    firm_member: Array
    """1 for technologies of the firm criterion, ``(technology, scenario)`` [1]."""
    backup_hours: Array
    """Hours that plants ordered for firmness are expected to run [1000 h/yr]."""
    least_credit: Array
    """Capacity credit under which nothing is built for firmness; fades from twice that [1]."""
    choice_exponent: Array
    """Of both criteria [1]."""
    adjustment_time: Array
    """Time in which a gap is closed [yr]."""
    construction_time: Array
    """``(technology, scenario)`` [yr]."""
    displacement_time: Array
    """Time in which new plants displace costlier fuel, at the fastest [yr]."""
    displacement_threshold: Array
    """Cost advantage at which half of the investors displace running plants [1]."""
    displacement_margin: Array
    """Width of the cost ratio over which displacement turns on [1]."""
    integration_cost: Array
    """Cost of wind and sun per unit of share beyond the threshold [CNY/MWh]."""
    integration_threshold: Array
    """[1]."""
    concentration_cost: Array
    """Further cost of the sun per unit of its own share [CNY/MWh]."""
    concentration_threshold: Array
    """[1]."""
    minimum_build: Schedule
    """Least orders of solar, onshore and offshore wind, ``(group,)`` [GW/yr]."""
    build_groups: Array
    """Members of these groups, ``(group, technology, 1)`` [1]."""
    maximum_build: Schedule
    """Most orders, ``(technology,)`` [GW/yr]."""
    potential: Array
    """Largest capacity that resources allow, ``(technology, scenario)`` [GW]."""
    fade: Array
    """Share of the potential over which orders fade [1]."""
    ramp: Array
    """Most orders per capacity standing or under construction, same shape [1/yr]."""
    seed: Array
    """Orders a technology can take from nothing, per unit of the fleet, same shape [1/yr]."""
    storage_mandate: Schedule
    """Storage wanted per wind and solar capacity, ``()`` [1]."""
    mandate_start: Array
    """Share of wind and sun at which the mandate starts to bind [1]."""
    mandate_full: Array
    """Share of wind and sun at which the mandate binds fully [1]."""
    mandate_time: Array
    """Time in which the mandate is met [yr]."""
    mandated: Array
    """1 for the storage that meets the mandate, ``(technology, 1)`` [1]."""


class Fleet(NamedTuple):
    """The power fleet as investors see it, ``(technology, scenario)``."""

    capacity: Array
    """[GW]."""
    pipeline: Array
    """Under construction [GW]."""
    retirement: Array
    """[GW/yr]."""
    availability: Array
    """From 0 (banned or not on sale) to 1 [1]."""


class Outlook(NamedTuple):
    """What investors expect."""

    demand: Array
    """Gross demand expected for now, ``(scenario,)`` [TWh/yr]."""
    growth: Array
    """Its growth, ``(scenario,)`` [1/yr]."""
    cost: Array
    """Perceived levelised cost, ``(technology, scenario)`` [CNY/MWh]."""
    log_share_weight: Array
    """Preference that costs do not explain, ``(technology, scenario)`` [1]."""
    short_run_cost: Array
    """``(technology, scenario)`` [CNY/MWh]."""
    capacity_cost: Array
    """Annual cost of capacity, ``(technology, scenario)`` [CNY/kW/yr]."""


class Orders(NamedTuple):
    """New capacity ordered."""

    orders: Array
    """``(technology, scenario)`` [GW/yr]."""
    energy: Array
    """Orders of the energy criterion before mandates, same shape [GW/yr]."""
    firm: Array
    """Orders of the firm criterion, same shape [GW/yr]."""
    energy_gap: Array
    """Yearly output to be ordered, ``(scenario,)`` [TWh/yr per yr]."""
    firm_gap: Array
    """Firm capacity to be ordered beside the energy criterion, ``(scenario,)`` [GW/yr]."""
    unmet_energy: Array
    """Part of the energy gap that no technology could take [TWh/yr per yr]."""
    unmet_firm: Array
    """Part of the firm gap that no technology could take [GW/yr]."""
