r"""Textiles by stage: spinning, weaving, dyeing, garments and other.

Electricity and heat of observed years are observed and split by weights. Afterwards a stage
shrinks with what moves abroad, and dyeing in little liquor takes less heat:

.. math::

    m_k = 1 - x_k\,r, \qquad
    h_{dyeing} = m_{dyeing}\,\frac{1 - s\,a}{1 - s\,a_0}, \qquad \dot a = (a^* - a)/\tau

with relocation :math:`r` and how far a stage follows it :math:`x_k`, the share of dyeing in
little liquor :math:`a`, :math:`a_0` at the end of history, and the heat that it saves
:math:`s`. Balance: the stages add up to the sector. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.process_stages import Stages, stages
from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class TextileParameters(NamedTuple):
    """What textiles need to know; arrays (S) unless a shape is given."""

    electricity_shares: Array
    """Weights of the stages in electricity, (5, S) [1]."""
    heat_shares: Array
    """Weights of the stages in heat, (5, S) [1]."""
    relocation: Schedule
    """Share of output that has moved abroad since the end of history, () [1]."""
    exposure: Array
    """How far a stage follows that, (5, S) [1]."""
    dyeing: Array
    """1 for dyeing, (5, 1) [1]."""
    low_liquor_saving: Array
    """Heat that dyeing in little liquor saves [1]."""
    low_liquor_target: Schedule
    """Share of dyeing in little liquor that is aimed at, () [1]."""
    low_liquor_base: Array
    """That share at the end of history [1]."""
    low_liquor_time: Array
    """Time in which machines turn over [yr]."""


def textile_stages(
    xp: Any, parameters: TextileParameters, low_liquor: Array, clock: Clock, history: Array
) -> Stages:
    """Shares of the stages now, and what their change does to the sector."""
    stays = 1.0 - parameters.exposure * at(parameters.relocation, clock)
    saving = parameters.low_liquor_saving
    heat = (1.0 - saving * low_liquor) / (1.0 - saving * parameters.low_liquor_base)
    heat = stays * (1.0 + parameters.dyeing * (heat - 1.0))
    return stages(
        xp,
        base=parameters.electricity_shares,
        now=parameters.electricity_shares * stays,
        fuel=parameters.heat_shares,
        fuel_now=parameters.heat_shares * heat,
        history=history,
    )


def low_liquor_change(
    parameters: TextileParameters, low_liquor: Array, clock: Clock, history: Array
) -> Array:
    """Rate of change of dyeing in little liquor, (S) [1/yr]; it waits while history rules."""
    gap = at(parameters.low_liquor_target, clock) - low_liquor
    change: Array = (1.0 - history) * gap / parameters.low_liquor_time
    return change
