r"""Electricity: gross demand, fuel and carbon of generation, costs, closure by policy.

Gross generation covers final use, losses of lines and transformers and the plants' own use
(`flue_gas`).

Carbon: emitted + captured = generated, for every carrier; biogenic carbon that is captured
counts as negative emission. All arrays have the technology axis first and the scenario axis
last: ``(technology, scenario)``, and carriers before them: ``(carrier, technology, scenario)``.
One TWh times one GJ/MWh is one PJ, one GW times one CNY/kW is one million CNY.
"""

from typing import Any, NamedTuple

from simulator.equations.adequacy import HOURS, NOTHING, AdequacyParameters
from simulator.equations.dispatch import DispatchParameters
from simulator.equations.expansion import ExpansionParameters
from simulator.equations.flue_gas import FlueGasParameters
from simulator.equations.schedule import Clock, Schedule, at

Array = Any

LEAST_USE = 0.01
"""Use of all capacity under which an average cost has no meaning and rises no more [1]."""


class FuelParameters(NamedTuple):
    """What generation burns."""

    energy: Array
    """Fuel per generation in the base year, ``(carrier, technology, scenario)`` [GJ/MWh]."""
    heat_rate: Schedule
    """Fuel per generation relative to the base year, ``(technology,)`` [1]."""
    capture: Array
    """Share of carbon captured, ``(technology, scenario)`` [1]."""
    blended: Array
    """Which technologies burn hydrogen with coal or gas, ``(2, technology, 1)`` [1]."""
    replaced: Array
    """1 for the carriers that hydrogen replaces, ``(carrier, 1, 1)`` [1]."""
    hydrogen: Array
    """1 for hydrogen, ``(carrier, 1, 1)`` [1]."""
    replaced_carrier: Array
    """1 for the carrier of each blend, ``(2, carrier, 1)`` [1]."""
    blend_limit: Schedule
    """Largest hydrogen share in coal and gas plants, ``(2,)`` [1]."""
    blend_time: Array
    """Time in which turbines and burners are adapted, ``(scenario,)`` [yr]."""
    blend_tolerance: Array
    """Price gap over which adaptation turns on, relative to the hydrogen price [1]."""


class PhaseOut(NamedTuple):
    """Closure of coal power by policy, ``(scenario,)``."""

    start: Array
    """[year]."""
    end: Array
    """[year]."""
    strength: Array
    """Share of the fleet that the policy binds [1]."""
    member: Array
    """1 for the technologies concerned, ``(technology, 1)`` [1]."""


class PowerParameters(NamedTuple):
    """Everything special to power."""

    own_use: Schedule
    """Share of generation that plants use themselves, ``()`` [1]."""
    fuel: FuelParameters
    dispatch: DispatchParameters
    adequacy: AdequacyParameters
    expansion: ExpansionParameters
    phase_out: PhaseOut
    flue_gas: FlueGasParameters


class CarbonRates(NamedTuple):
    """Carbon per generation."""

    emissions: Array
    """CO2 by carrier after capture, ``(carrier, technology, scenario)`` [t CO2/MWh]."""
    direct: Array
    """CO2 of all carriers, ``(technology, scenario)`` [t CO2/MWh]."""
    captured: Array
    """CO2 captured, biogenic included, ``(technology, scenario)`` [t CO2/MWh]."""


class GeneratorCost(NamedTuple):
    """Costs of generation, ``(technology, scenario)``."""

    short_run: Array
    """Fuel, other variable cost, carbon and storage of CO2 [CNY/MWh]."""
    levelised: Array
    """Short-run cost and the annual cost of capacity at the expected use [CNY/MWh]."""
    capacity: Array
    """Annual cost of capacity [CNY/kW/yr]."""


class SystemCost(NamedTuple):
    """Average cost of generation, ``(scenario,)`` [CNY/MWh]."""

    total: Array
    capacity: Array
    """Annual cost of all plants and storage."""
    operation: Array
    """Fuel, other variable cost, carbon and storage of CO2."""


class Combustion(NamedTuple):
    """Fuel and carbon of generation."""

    fuel: Array
    """By carrier, ``(carrier, scenario)`` [PJ/yr]."""
    emissions_by_carrier: Array
    """After capture, ``(carrier, scenario)`` [Mt CO2/yr]."""
    emissions: Array
    """By generator after capture, ``(technology, scenario)`` [Mt CO2/yr]."""
    captured: Array
    """By generator, ``(technology, scenario)`` [Mt CO2/yr]."""


class Intensity(NamedTuple):
    """Carbon intensities, ``(scenario,)`` [g CO2/kWh]."""

    grid: Array
    """Emissions per gross generation."""
    thermal: Array
    """Emissions per generation of plants that burn a fuel."""


def fuel_rates(
    xp: Any, p: FuelParameters, clock: Clock, *, relative: Array, blend: Array
) -> Array:
    """Fuel per generation now, ``(carrier, technology, scenario)`` [GJ/MWh].

    `relative` is the fleet's intensity relative to the base year, ``(technology, scenario)``
    [1]; `blend` the hydrogen share of coal and gas plants, ``(2, scenario)`` [1].
    """
    heat = p.energy * (relative * at(p.heat_rate, clock))
    share = xp.sum(p.blended * blend[:, xp.newaxis, :], axis=0)
    moved = heat * p.replaced * share
    return heat - moved + p.hydrogen * xp.sum(moved, axis=0, keepdims=True)


def blend_change(
    xp: Any,
    p: FuelParameters,
    clock: Clock,
    *,
    blend: Array,
    prices: Array,
    hydrogen_price: Array,
    emission_factor: Array,
    carbon_price: Array,
) -> Array:
    """Adaptation of coal and gas plants to hydrogen, ``(2, scenario)`` [1/yr].

    `prices` and `emission_factor` are by carrier, ``(carrier, scenario)`` [CNY/GJ], [t CO2/GJ];
    `hydrogen_price` [CNY/GJ] and `carbon_price` [CNY/t] are ``(scenario,)``.
    """
    fossil_price = prices + carbon_price * emission_factor
    fossil = xp.sum(p.replaced_carrier * fossil_price, axis=1)
    gain = (fossil - hydrogen_price) / (p.blend_tolerance * xp.maximum(hydrogen_price, NOTHING))
    wanted = at(p.blend_limit, clock) / (1.0 + xp.exp(-xp.clip(gain, -60.0, 60.0)))
    return (wanted - blend) / p.blend_time


def carbon_rates(
    xp: Any, *, fuel: Array, emission_factor: Array, carbon_content: Array, capture: Array
) -> CarbonRates:
    """Carbon per generation.

    `fuel` is ``(carrier, technology, scenario)`` [GJ/MWh]; `emission_factor` (fossil) and
    `carbon_content` (biogenic included) are ``(carrier, scenario)`` [t CO2/GJ]; `capture` is
    the share captured and stored, ``(technology, scenario)`` [1].
    """
    content = carbon_content[:, xp.newaxis, :]
    emissions = fuel * (emission_factor[:, xp.newaxis, :] - capture * content)
    captured = capture * xp.sum(fuel * content, axis=0)
    return CarbonRates(emissions, xp.sum(emissions, axis=0), captured)


def generator_cost(
    xp: Any,
    *,
    capital: Array,
    recovery: Array,
    variable: Array,
    fuel: Array,
    prices: Array,
    carbon: CarbonRates,
    carbon_price: Array,
    storage_price: Array,
    capacity_factor: Array,
) -> GeneratorCost:
    """Short-run and levelised cost of generation.

    Parameters
    ----------
    capital, recovery, variable, capacity_factor
        Capital [CNY/kW], capital recovery with fixed operation [1/yr], variable cost
        [CNY/MWh] and expected use [1], ``(technology, scenario)``.
    fuel, prices
        ``(carrier, technology, scenario)`` [GJ/MWh] and ``(carrier, scenario)`` [CNY/GJ].
    carbon_price, storage_price
        Price of carbon, and of transport and storage less support, ``(scenario,)`` [CNY/t].

    """
    burning = xp.sum(fuel * prices[:, xp.newaxis, :], axis=0)
    paid = carbon_price * carbon.direct + storage_price * carbon.captured
    short_run = variable + burning + paid
    annual = capital * recovery
    output = HOURS * xp.maximum(capacity_factor, NOTHING)
    return GeneratorCost(short_run, short_run + annual / output, annual)


def combustion(xp: Any, *, generation: Array, fuel: Array, carbon: CarbonRates) -> Combustion:
    """Fuel and carbon of `generation`, ``(technology, scenario)`` [TWh/yr]."""
    return Combustion(
        fuel=xp.sum(fuel * generation, axis=1),
        emissions_by_carrier=xp.sum(carbon.emissions * generation, axis=1),
        emissions=carbon.direct * generation,
        captured=carbon.captured * generation,
    )


def intensity(xp: Any, *, generation: Array, emissions: Array, burning: Array) -> Intensity:
    """Grid and thermal intensity of flows of one period.

    `generation` [TWh/yr] and `emissions` [Mt CO2/yr] are ``(technology, scenario)``; `burning`
    is 1 for plants that burn a fuel, ``(technology, 1)``.
    """
    carbon = xp.sum(emissions, axis=0)
    total = xp.maximum(xp.sum(generation, axis=0), NOTHING)
    thermal = xp.maximum(xp.sum(generation * burning, axis=0), NOTHING)
    return Intensity(1000.0 * carbon / total, 1000.0 * carbon / thermal)


def system_cost(
    xp: Any, *, generation: Array, capacity: Array, cost: GeneratorCost, given: Array
) -> SystemCost:
    """Average cost of electricity at the plant gate, capital at today's cost.

    `generation` [TWh/yr] and `capacity` [GW] are ``(technology, scenario)``; `given` is the
    value of allowances given free per unit of electricity, same shape [CNY/MWh].
    """
    made = xp.maximum(xp.sum(generation, axis=0), NOTHING)
    total = xp.maximum(made, LEAST_USE * HOURS * xp.sum(capacity, axis=0))
    standing = xp.sum(cost.capacity * capacity, axis=0) / total
    running = xp.sum((cost.short_run - given) * generation, axis=0) / total
    return SystemCost(standing + running, standing, running)


def phase_out_hazard(xp: Any, p: PhaseOut, clock: Clock) -> Array:
    """Closure of plants that policy phases out, ``(technology, scenario)`` [1/yr].

    The rate spreads the closure over the years left, never faster than one half a year.
    """
    left = xp.maximum(p.end - clock.time, 2.0)
    rate = xp.where(clock.time >= p.start, p.strength / left, 0.0)
    return p.member * xp.minimum(rate, 0.5)
