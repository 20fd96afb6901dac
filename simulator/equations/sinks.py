r"""Forest sink: young, mature and old stands take up carbon at different rates.

.. math:: \dot A_1 = a - A_1/\tau_1, \qquad \dot A_2 = A_1/\tau_1 - A_2/\tau_2, \qquad
          \dot A_3 = A_2/\tau_2, \qquad U = \sum_i u_i A_i

Balance: forest area grows by afforestation, exactly.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any


class SinkParameters(NamedTuple):
    """Forest and bought removal; cohort is young, mature, old."""

    residence: Array
    """Time in the young and in the mature cohort, (2, S) [yr]."""
    uptake: Array
    """Uptake per area, (cohort, S) [t CO2/ha/yr]."""
    afforestation: Schedule
    """New forest, () [Mha/yr]."""
    capture_target: Schedule
    """Direct air capture that policy buys, () [Mt CO2/yr]."""


class SinkState(NamedTuple):
    """Stock of the module."""

    area: Array
    """Forest by cohort, (cohort, S) [Mha]."""


def forest_change(xp: Any, *, area: Array, afforestation: Array, residence: Array) -> Array:
    """Change of the forest area by cohort, (cohort, S) [Mha/yr].

    Parameters
    ----------
    area
        (cohort, S) [Mha].
    afforestation
        (S) [Mha/yr].
    residence
        Time in the young and in the mature cohort, (2, S) [yr].

    """
    ageing = area[:2] / residence
    new = afforestation + 0.0 * ageing[:1]
    arriving = xp.concatenate([new, ageing], axis=0)
    leaving = xp.concatenate([ageing, 0.0 * ageing[:1]], axis=0)
    return arriving - leaving


def forest_uptake(xp: Any, *, area: Array, uptake: Array) -> Array:
    """Carbon dioxide that the forest takes up, (S) [Mt CO2/yr]."""
    return xp.sum(area * uptake, axis=0)
