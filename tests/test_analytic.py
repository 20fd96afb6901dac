"""Cases whose answer is known on paper or printed in a document, on kernel and shipped data."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from calibration.factors import boundaries, direct_unit, plateau, steel_unit
from calibration.observations import load_observations
from simulator.dimensions import HISTORY_END
from simulator.equations import activity, fleet
from simulator.model.national import NationalModel
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load, resolve
from tests.equations.test_activity import FUTURE, always, drivers, flows, parameters, state
from tests.equations.test_fleet import age, chain

Array = NDArray[np.float64]


# --- the ageing chain ------------------------------------------------------------------------


@pytest.mark.parametrize(("classes", "lifetime"), [(4, 25.0), (2, 18.0), (3, 12.0)])
def test_age_at_exit_is_erlang(classes: int, lifetime: float) -> None:
    """Mean L, variance L^2/n; mean age of what stands under steady input L(n+1)/(2n)."""
    links = chain(classes, lifetime)

    def rates(time: float, y: Array) -> Array:
        aged = age(y[:4], 0.0, 0.0, links)
        out, standing = aged.natural.sum(), y[:4].sum()
        moments = [out, time * out, time**2 * out, standing, time * standing]
        return np.concatenate([aged.change.ravel(), moments])

    start = np.zeros(9)
    start[0] = 1.0
    end = solve_ivp(rates, (0, 60 * lifetime), start, rtol=1e-10, atol=1e-13).y[4:, -1]
    mean = end[1]
    assert_allclose(end[0], 1.0, rtol=1e-6)
    assert_allclose(mean, lifetime, rtol=1e-5)
    assert_allclose(end[2] - mean**2, lifetime**2 / classes, rtol=1e-4)
    assert_allclose(end[4] / end[3], lifetime * (classes + 1) / (2 * classes), rtol=1e-4)


@pytest.mark.parametrize("construction", [0.0, 2.0])
def test_constant_demand_ends_in_replacement(construction: float) -> None:
    """Every class holds K*/n, and K*/L is built and retired every year."""
    lifetime, demand, utilisation, links = 20.0, 85.0, 0.85, chain(4, 20.0)
    time = np.full((1, 1, 1), construction)

    def works(y: Array) -> tuple[fleet.Construction, fleet.Ageing]:
        retired = fleet.natural_retirement(np, links, y[:4].reshape(4, 1, 1, 1))
        # What is being built replaces what will retire meanwhile, so it is not spare capacity.
        orders = fleet.capacity_gap(
            np,
            required=np.full((1, 1), demand / utilisation),
            capacity=np.full((1, 1), y[:4].sum()),
            pipeline=np.full((1, 1), y[4] - construction * retired.sum()),
            retirement=retired[0],
            adjustment_time=np.full((1, 1), 2.0),
        )
        built = fleet.construction(
            np, orders=orders[None], pipeline=y[4].reshape(1, 1, 1), construction_time=time
        )
        return built, age(y[:4], built.installations.item(), 0.0, links)

    def rates(_: float, y: Array) -> Array:
        built, aged = works(y)
        return np.append(aged.change.ravel(), built.pipeline_change)

    end = solve_ivp(rates, (0, 600), [60.0, 0, 0, 0, 0], rtol=1e-9, atol=1e-10).y[:, -1]
    wanted = demand / utilisation
    built, aged = works(end)
    assert_allclose(end[:4], wanted / 4, rtol=1e-6)
    assert_allclose(built.installations.item(), wanted / lifetime, rtol=1e-6)
    assert_allclose(aged.natural.item(), wanted / lifetime, rtol=1e-6)


# --- preferences of the past fade ------------------------------------------------------------


def test_share_weights_fade_exponentially_after_history_only() -> None:
    model = NationalModel([resolve(load("frozen").replace({"horizon.end": 2027}))])
    start = model.initial()
    anchored = start._replace(
        fleets=start.fleets._replace(log_share_weight=start.fleets.log_share_weight + 0.7)
    )
    choosing = model.parameters.fleets.choosing
    past, _ = model.evaluate(HISTORY_END - 0.5, anchored)
    assert_allclose(past.fleets.log_share_weight, 0.0)
    future, _ = model.evaluate(HISTORY_END + 0.5, anchored)
    known = model.parameters.fleets.exists > 0
    distance = choosing.long_run_log_share_weight - anchored.fleets.log_share_weight
    expected = distance / choosing.share_weight_time
    gap = np.where(known, future.fleets.log_share_weight - expected, 0.0)
    assert_allclose(gap, 0.0, atol=1e-12)


# --- when the energy of machinery stands still -----------------------------------------------


def energy_after(years: float, growth: float, fall: float) -> float:
    """Energy relative to the start when output grows and energy per output falls."""
    chosen = parameters(
        elasticity=always([1.0, 1.0]),
        follows=np.zeros((3, 2, 1)),
        improvement=always([-math.log1p(-fall)] * 2),
        intensity_floor=np.zeros((2, 1)),
        base_process=np.zeros((2, 1)),
    )
    driven = drivers(income_growth=np.array([math.log1p(growth)]))

    def rates(_: float, y: Array) -> Array:
        held = state(log_activity=y[:2, None], intensity=y[2:, None])
        change = activity.group_rates(
            np, chosen, held, FUTURE, history=np.zeros(1), drivers=driven
        )
        return np.concatenate([change.log_activity[:, 0], change.intensity[:, 0]])

    path = solve_ivp(rates, (0, years), [0.0, 0.0, 1.0, 1.0], rtol=1e-11, atol=1e-12).y
    first, last = (
        flows(state(log_activity=y[:2, None], intensity=y[2:, None]), parameters=chosen).energy
        for y in (path[:, 0], path[:, -1])
    )
    return float(last.sum() / first.sum())


@pytest.mark.parametrize(("growth", "fall"), [(0.06, 0.056604), (0.08, 0.074074)])
def test_energy_reaches_a_plateau_where_the_identity_says(growth: float, fall: float) -> None:
    assert_allclose(plateau(growth), fall, atol=5e-7)
    assert_allclose(energy_after(10, growth, plateau(growth)), 1.0, rtol=1e-8)
    slower = energy_after(10, growth, 0.9 * fall)
    assert_allclose(slower, ((1 + growth) * (1 - 0.9 * fall)) ** 10, rtol=1e-8)
    assert slower > 1.04


# --- unit factors of the documents, out of the shipped data ----------------------------------

GENERATED_2019 = 0.577
"""CO2 per kWh generated in 2019 [t/MWh]."""


def units_of_steel() -> tuple[float, float]:
    """Blast furnace and electric furnace steel in the boundary of the document."""
    known = load_parameters()["steel.technologies.scrap_eaf.energy.electricity"].values[0]
    furnace = known - boundaries()["steel.outside"]
    bought = boundaries()["steel.bought.blast_furnace"]
    blast = steel_unit("blast_furnace", bought, GENERATED_2019)
    return blast, steel_unit("scrap_eaf", furnace, GENERATED_2019)


def test_a_tonne_of_steel_emits_what_is_printed() -> None:
    blast, electric = units_of_steel()
    assert_allclose(blast, 1.68, rtol=0.01)
    assert_allclose(electric, 0.39, rtol=0.01)


def test_steel_of_2019_emits_a_gigatonne_and_a_half() -> None:
    blast, electric = units_of_steel()
    observed = load_observations()
    made, share = (
        observed[name].at(2019)
        for name in ("output.crude_steel", "share.electric_furnace_steel")
    )
    assert_allclose(made * ((1 - share) * blast + share * electric), 1540, rtol=0.01)
    implied = (1.68 - 1540 / made) / (1.68 - 0.39)
    assert_allclose(implied, 0.103, atol=5e-4)
    assert_allclose(share, implied, rtol=0.01)


def test_stages_of_aluminium_emit_what_is_printed() -> None:
    """Table of the industry association for 2020; grid electricity 0.565 t/MWh."""
    known = load_parameters()
    clean = known["aluminium.observed.year_end_clean_power_share"]
    share = clean.values[clean.times.index(2020)]
    dirty = known["aluminium.coal_power_intensity"].values[0]
    smelting = known["aluminium.technologies.carbon_anode.energy.electricity"].values[0]
    anode = direct_unit("aluminium.technologies.carbon_anode")
    electrolysis = anode + smelting * dirty * (1 - share)
    refining = known["aluminium.technologies.coal_alumina.energy.electricity"].values[0]
    alumina = direct_unit("aluminium.technologies.coal_alumina") + refining * 0.565
    gas = known["common.emission_factor.gas"].values[0]
    recycled = (
        known["aluminium.recycling.energy.gas"].values[0] * gas
        + known["aluminium.recycling.energy.electricity"].values[0] * 0.565
    )
    assert_allclose(electrolysis, 11.7, rtol=0.005)
    assert_allclose(alumina, 1.08, rtol=0.03)
    assert_allclose(recycled, 0.2, rtol=0.03)
    made = load_observations()["output.primary_aluminium"].at(2020)
    assert_allclose(made * electrolysis, 420, rtol=0.04)


def test_intensity_of_power_in_2021() -> None:
    observed = load_observations()
    ratio = observed["grid_intensity"].at(2021) / observed["thermal_intensity"].at(2021)
    assert_allclose(ratio, 0.674, atol=5e-4)


ORE_2020, COAL_2020, GAS_2020, POWER_2020 = 760.0, 34.0, 68.0, 600.0
"""Prices of 2020: ore [CNY/t], coal and gas [CNY/GJ], electricity [CNY/MWh]."""


def test_a_green_premium_of_22_percent_implies_the_cost_of_steel_today() -> None:
    """695 CNY/t is 22 % of 3159 CNY/t; the shipped blast furnace stays near it."""
    known = {name: p.values[0] for name, p in load_parameters().items()}
    base = "steel.technologies.blast_furnace"
    rate = known["common.fleet_defaults.discount_rate"]
    annuity = rate / (1 - (1 + rate) ** -known[f"{base}.lifetime"])
    fixed = known["common.technology_defaults.fixed_cost_share"]
    ore, scrap = known[f"{base}.material.iron_ore"], known[f"{base}.material.scrap"]
    materials = ore * ORE_2020 + scrap * known["steel.scrap.reference_price"]
    fuels = known[f"{base}.energy.coal"] * COAL_2020 + known[f"{base}.energy.gas"] * GAS_2020
    power = boundaries()["steel.bought.blast_furnace"] * POWER_2020
    cost = known[f"{base}.capital_cost"] * (annuity + fixed) / 0.85
    total = cost + known[f"{base}.variable_cost"] + materials + fuels + power
    assert_allclose(total, 695 / 0.22, rtol=0.10)
