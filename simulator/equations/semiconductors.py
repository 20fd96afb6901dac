r"""Semiconductors: utilities, tools and the rest of a plant, and fluorinated gases.

Motors, fans, pumps and compressors stand in the utilities, so the factor of equipment of the
whole plant is theirs; thermoelectric temperature control saves part of the chillers. The
gases of etching and cleaning rise with output and fall with abatement:

.. math::

    U = \left(1 + \frac{\varphi - 1}{u}\right)(1 - c\,e\,\theta), \qquad
    F = F_0 A \frac{1 - b}{1 - b_0}, \qquad \dot b = (b^* - b)/\tau

with the share :math:`u` of utilities, the factor of equipment :math:`\varphi`, chillers
:math:`c` of the utilities, saving :math:`e` at adoption :math:`\theta`, activity :math:`A` and
abated share :math:`b`. Balance: the parts add up to the plant. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.process_stages import Stages, stages
from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class SemiconductorParameters(NamedTuple):
    """What semiconductors need to know; arrays (S) unless a shape is given."""

    electricity_shares: Array
    """Weights of utilities, tools and rest in electricity, (3, S) [1]."""
    fuel_shares: Array
    """Weights in fuel, (3, S) [1]."""
    utilities: Array
    """1 for utilities, (3, 1) [1]."""
    chiller_share: Array
    """Part of the electricity of utilities that chillers take [1]."""
    thermoelectric_saving: Array
    """Part of that which thermoelectric temperature control saves [1]."""
    thermoelectric_adoption: Schedule
    """Share of plants that have it beyond the end of history, () [1]."""
    fluorinated_base: Array
    """Fluorinated gases of the base year [Mt CO2e/yr]."""
    abatement_base: Array
    """Share abated in the base year [1]."""
    abatement_target: Schedule
    """Share that abatement aims at, () [1]."""
    abatement_time: Array
    """Time in which it is fitted [yr]."""


def semiconductor_stages(
    xp: Any,
    parameters: SemiconductorParameters,
    clock: Clock,
    history: Array,
    equipment_factor: Array,
) -> Stages:
    """Shares of utilities, tools and rest; the factor holds what chillers save.

    Parameters
    ----------
    equipment_factor
        Electricity of the plant relative to the base year's equipment, (S) [1].

    """
    weights = parameters.electricity_shares / xp.sum(parameters.electricity_shares, axis=0)
    utilities = xp.sum(parameters.utilities * weights, axis=0)
    driven = 1.0 + parameters.utilities * (equipment_factor - 1.0) / utilities
    saved = (
        parameters.chiller_share
        * parameters.thermoelectric_saving
        * at(parameters.thermoelectric_adoption, clock)
    )
    return stages(
        xp,
        base=weights * driven,
        now=weights * driven * (1.0 - parameters.utilities * saved * (1.0 - history)),
        fuel=parameters.fuel_shares,
        history=history,
    )


def fluorinated_gases(
    parameters: SemiconductorParameters, activity: Array, abated: Array
) -> Array:
    """Fluorinated gases that escape, (S) [Mt CO2e/yr]; activity is 1 in the base year."""
    left = (1.0 - abated) / (1.0 - parameters.abatement_base)
    found: Array = parameters.fluorinated_base * activity * left
    return found


def abatement_change(parameters: SemiconductorParameters, abated: Array, clock: Clock) -> Array:
    """Rate of change of the abated share, (S) [1/yr]."""
    gap = at(parameters.abatement_target, clock) - abated
    change: Array = gap / parameters.abatement_time
    return change
