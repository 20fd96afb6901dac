r"""What closes electricity and coal in known years goes on as had been planned by then.

Since 2016 the state asks for so much electricity a year, r, in place of coal and oil that small
boilers, stoves and kilns burnt. Nobody meters who does it: it is in the residuals that close
the two totals. From the last known year c on, that of electricity rises by what the last plan
before it asks for, and that of coal falls by the coal q that a unit of electricity replaces, as
far as there is any:

.. math:: e_y = e_c + (y - c)\, r, \qquad k_y = \min(k_c, \max(0, k_c - (y - c)\, r q))

Known to 2016, 2017, 2018 and 2019, generation until 2020 was off by 3.2 % as the residual of
electricity had drifted so far, and by 2.2 % so.
"""

from typing import Final

from simulator.reading.known_past import Past

PLANNED: Final = "common.planned_substitution"
"""Electricity that a plan asks to put in place of fuels every year, by the plan's [TWh/yr]."""
REPLACED: Final = "common.replaced_by_electricity"
"""Fuel that a unit of electricity replaces [PJ/TWh]."""
ELECTRICITY: Final = "groups.unallocated_electricity.energy.electricity"
"""Electricity of a residual of one [TWh/yr]."""
COAL: Final = "groups.unallocated_coal.energy.coal"
"""Coal of a residual of one [PJ/yr]."""


def planned(past: Past) -> float | None:
    """What the last plan before the end of history asks for [TWh/yr]; None before the first."""
    plan = past.data.get(PLANNED)
    if plan is None or plan.times[0] + 1.0 > past.end:
        return None
    return past.last(PLANNED)


def electricity(past: Past, last: float, year: int) -> float:
    """Residual of electricity some years after the last known one [1]."""
    return last + year * (planned(past) or 0.0) / past.number(ELECTRICITY)


def coal(past: Past, last: float, year: int) -> float:
    """Residual of coal some years after the last known one; none that is not there goes [1]."""
    replaced = year * (planned(past) or 0.0) * past.number(REPLACED) / past.number(COAL)
    return min(last, max(0.0, last - replaced))
