r"""Construction machinery: machines follow construction, and old engines pollute.

The stock wanted follows an index :math:`C` of construction, from what stood at the end of
history :math:`V_h` towards the level that the index asks for:

.. math:: V^* = V_c + (V_h - V_c)\,e^{-(t - t_h) / \tau}, \qquad V_c = V_0 C^\eta (1 - s)

with the share :math:`s` that renting and second-hand trade make superfluous. Pollutants are
fuel burnt times emission factors of the emission stage, times a multiplier of the type of
machine:

.. math:: P = F / q \cdot e_{stage} \cdot m_{type}

with the heating value :math:`q` of diesel. Fuel itself is the fleet's energy use: machines
times hours times load, as in `operation`.
Arrays are ``(fleet, technology, scenario)`` or ``(fleet, scenario)``; stocks in million.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class MachineStock(NamedTuple):
    """What the number of machines depends on."""

    observed: Schedule
    """Machines by fleet in history, ``(fleet,)`` [million]."""
    reference: Array
    """Machines that construction of 2020-2024 asks for, ``(fleet, scenario)`` [million]."""
    last: Array
    """Machines at the end of history, ``(fleet, scenario)`` [million]."""
    elasticity: Array
    """Elasticity of the stock to construction, ``(scenario,)`` [1]."""
    adjustment_time: Array
    """Time over which history fades, ``(scenario,)`` [yr]."""
    sharing: Schedule
    """Share of machines saved by renting and second-hand trade, ``()`` [1]."""


class Work(NamedTuple):
    """How much machines work, relative to the base year."""

    observed_hours: Schedule
    """Working hours in history, ``(fleet,)`` [1]."""
    hours: Schedule
    """Working hours after history, ``(fleet,)`` [1]."""


class Pollution(NamedTuple):
    """What engines emit."""

    emission_factor: Array
    """Per diesel burnt, ``(pollutant, technology, scenario)`` [g/kg]."""
    type_multiplier: Array
    """``(pollutant, fleet, scenario)`` [1]."""
    heating_value: Array
    """Of diesel, ``(scenario,)`` [GJ/t]."""


class Renewal(NamedTuple):
    """How old machines leave and come back."""

    is_old: Array
    """1 for technologies that the exit of old machines removes, ``(technology, 1)`` [1]."""
    old_stage_exit: Schedule
    """Early retirement of old machines, ``()`` [1/yr]."""
    remanufacture_share: Schedule
    """Share of new demand that remanufactured machines supply, ``()`` [1]."""
    remanufacture_saving: Array
    """Energy that remanufacturing saves of making anew, ``(scenario,)`` [1]."""


class MachineryParameters(NamedTuple):
    """All that is special about construction machinery."""

    stock: MachineStock
    work: Work
    pollution: Pollution
    renewal: Renewal
    battery_capacity: Array
    """Battery of a new machine, ``(fleet, technology, scenario)`` [kWh]."""


def wanted_stock(
    xp: Any, p: MachineStock, clock: Clock, *, construction_index: Array, history: Array
) -> Array:
    """Stock that orders aim at, ``(fleet, scenario)`` [million].

    Parameters
    ----------
    construction_index
        Construction relative to the base years, ``(scenario,)`` [1].
    history
        1 in history, 0 after it, ``(scenario,)``.

    """
    activity = xp.exp(p.elasticity * xp.log(xp.maximum(construction_index, 1e-6)))
    called_for = p.reference * activity * (1.0 - at(p.sharing, clock))
    since = xp.maximum(clock.time - clock.history_end, 0.0)
    planned = called_for + (p.last - called_for) * xp.exp(-since / p.adjustment_time)
    return history * at(p.observed, clock) + (1.0 - history) * planned


def usage(p: Work, clock: Clock, *, history: Array) -> Array:
    """Working hours relative to the base year, ``(fleet, scenario)`` [1]."""
    after: Array = (1.0 - history) * at(p.hours, clock)
    return history * at(p.observed_hours, clock) + after


def pollutants(p: Pollution, *, diesel: Array) -> Array:
    """Emissions ``(pollutant, fleet, technology, scenario)`` [kt/yr] of HC, NOx and PM.

    `diesel` is what each technology of each fleet burns, ``(fleet, technology, scenario)``
    [PJ/yr]; a petajoule over GJ/t is a million tonnes, and g/kg make them kilotonnes.
    """
    burnt = diesel / p.heating_value
    factor = p.emission_factor[:, None] * p.type_multiplier[:, :, None]
    emitted: Array = burnt * factor
    return emitted


def exit_hazard(p: Renewal, clock: Clock) -> Array:
    """Early retirement of old machines, ``(technology, scenario)``, for any fleet [1/yr]."""
    hazard: Array = p.is_old * at(p.old_stage_exit, clock)
    return hazard


def manufacturing_factor(p: Renewal, clock: Clock) -> Array:
    """Energy of making machines relative to making all anew, ``(scenario,)`` [1]."""
    factor: Array = 1.0 - at(p.remanufacture_share, clock) * p.remanufacture_saving
    return factor
