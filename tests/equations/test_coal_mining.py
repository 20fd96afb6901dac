"""Coal mining: gas balance, mine capacity, exact relaxation of abandoned mines."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.equations import coal_mining
from simulator.equations.coal_mining import CoalMiningParameters, CoalMiningState
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.5), 0, np.float64(0.0))


RELEASED = 3902.0 * (0.8 * 9.6 + 0.2 * 1.0) / 1000
DRAINED = 0.41 * RELEASED


def always(value: float) -> Schedule:
    start = np.array([[value]])
    return Schedule(start, np.zeros_like(start))


def parameters(**changes: Any) -> CoalMiningParameters:
    one = np.array([1.0])
    plain = CoalMiningParameters(
        observed_production=always(3902.0),
        energy_per_tonne=always(20.0),
        import_share=always(0.1),
        underground_share=always(0.8),
        washed_share=always(0.741),
        gas_content=np.array([[9.6], [1.0]]),
        drained_share=always(0.41),
        utilisation_target=always(0.7),
        oxidation_target=always(0.3),
        utilisation_time=8.0 * one,
        oxidation_time=10.0 * one,
        post_mining_factor=1.08 * one,
        methane_density=0.67 * one,
        mine_life=35.0 * one,
        new_mine_ban=9999.0 * one,
        mine_utilisation=0.9 * one,
        utilisation_limit=1e3 * one,
        closing_time=4.0 * one,
        abandoned_share=0.35 * one,
        abandoned_time=12.0 * one,
        flooded_share=0.4 * one,
        washed_share_base=0.741 * one,
        washing_saving=0.25 * one,
        washing_floor=0.96 * one,
        drainage_limit=0.65 * one,
        drainage_time=3.0 * one,
        electricity_per_tonne=np.array([[22.0], [8.0], [5.0]]),
        fuel_shares=np.array([[0.42], [0.2], [0.38]]),
        reference_mix=np.array([[0.8], [0.741]]),
        capital=np.array([[1000.0], [300.0]]),
        recovery=0.08 * one,
        operation=np.array([[200.0], [90.0]]),
    )
    return plain._replace(**changes)


STANDING = np.array([[3500.0], [850.0]])
BY_AGE = np.array([0.5, 0.3, 0.2])[:, None, None] * STANDING


def state(**changes: Any) -> CoalMiningState:
    one = np.array([1.0])
    plain = CoalMiningState(BY_AGE, DRAINED * one, 0.45 * one, 0.1 * one, 2.5 * one)
    return plain._replace(**changes)


def flows(held: CoalMiningState, history: float = 0.0, demand: float = 80_000.0) -> Any:
    return coal_mining.coal_mining_flows(
        np,
        parameters(),
        held,
        NOW,
        history=np.array([history]),
        coal_demand=np.array([demand]),
    )


@settings(max_examples=40)
@given(
    demand=st.floats(0.0, 2e5), utilisation=st.floats(0.0, 1.0), oxidation=st.floats(0.0, 1.0)
)
def test_gas_released_is_used_oxidised_or_emitted(
    demand: float, utilisation: float, oxidation: float
) -> None:
    held = state(utilisation=np.array([utilisation]), oxidation=np.array([oxidation]))
    found = flows(held, demand=demand)
    emitted = found.methane_active / (0.67 * 1.08)
    assert_allclose(found.used + found.oxidised + emitted, found.released, atol=1e-9)
    assert_allclose(found.production + found.imports, demand / 20.0, atol=1e-9)
    assert_allclose(found.by_mine.sum(axis=0), found.production)
    assert (found.methane_active >= -1e-12).all()


def test_2020_by_hand() -> None:
    found = flows(state(oxidation=np.array([0.01]), utilisation=np.array([0.448])), 1.0)
    assert_allclose(found.production, 3902.0)
    released = 3902.0 * (0.8 * 9.6 + 0.2 * 1.0) / 1000
    active = 0.67 * 1.08 * (released * 0.59 * 0.99 + released * 0.41 * 0.552)
    assert_allclose(found.methane_active, active)
    assert_allclose(found.methane_abandoned, 0.67 * 2.5 * 0.6)
    assert 17.0 < (found.methane_active + found.methane_abandoned)[0] < 25.1


@settings(max_examples=40)
@given(
    young=st.floats(1.0, 3000.0),
    old=st.floats(0.0, 3000.0),
    output=st.floats(0.0, 6000.0),
    banned=st.booleans(),
)
def test_capacity_closes_its_gap_and_outflows_belong_to_it(
    young: float, old: float, output: float, *, banned: bool
) -> None:
    held = np.array([young, 0.5 * young, old])[:, None, None]
    ban = np.array([2030.0 if banned else 9999.0])
    found = coal_mining.mine_turnover(
        np, parameters(new_mine_ban=ban), held, np.array([[output]]), NOW
    )
    total = held.sum()
    assert_allclose(found.change.sum(axis=0), found.opened - found.closed, atol=1e-9)
    if banned:
        assert found.opened[0, 0] == 0.0
    else:
        assert_allclose(found.opened - found.closed, (output / 0.9 - total) / 4.0, atol=1e-9)
    assert found.opened[0, 0] >= 0.0
    assert old * 3 / 35.0 - 1e-12 <= found.closed[0, 0]
    # no age can lose more than it has within the time in which mines close
    assert (found.change + held * (1.0 / 4.0 + 3 / 35.0) >= -1e-9).all()


def test_mines_of_one_age_close_as_an_erlang_distribution() -> None:
    """No output would be needed less: a ban, mines all new, and the gap never negative."""
    life, years = 35.0, 20.0
    p = parameters(new_mine_ban=np.array([2000.0]))

    def derivative(_: float, y: np.ndarray) -> np.ndarray:
        held = y.reshape(3, 1, 1)
        full = 0.9 * held.sum(axis=0) + 1e3
        return coal_mining.mine_turnover(np, p, held, full, NOW).change.ravel()

    end = solve_ivp(derivative, (0.0, years), [1.0, 0.0, 0.0], rtol=1e-10, atol=1e-12).y[:, -1]
    rate = 3.0 * years / life
    assert_allclose(end.sum(), np.exp(-rate) * (1.0 + rate + rate**2 / 2.0), rtol=1e-7)


def test_what_mines_cannot_give_is_imported() -> None:
    short = parameters(utilisation_limit=np.array([0.5]))
    found = coal_mining.coal_mining_flows(
        np, short, state(), NOW, history=np.zeros(1), coal_demand=np.array([80_000.0])
    )
    assert_allclose(found.by_mine, [[1750.0], [425.0]])
    assert_allclose(found.imports, 4000.0 - 2175.0)


def run(years: float, demand: float) -> CoalMiningState:
    def unpack(y: np.ndarray) -> CoalMiningState:
        return CoalMiningState(y[:6].reshape(3, 2, 1), y[6:7], y[7:8], y[8:9], y[9:10])

    def derivative(_: float, y: np.ndarray) -> np.ndarray:
        held = unpack(y)
        found = coal_mining.coal_mining_rates(
            np, parameters(), held, NOW, flows(held, demand=demand)
        )
        return np.concatenate([part.ravel() for part in found])

    begin = np.concatenate([part.ravel() for part in state()])
    found = solve_ivp(derivative, (0.0, years), begin, rtol=1e-10, atol=1e-12)
    return unpack(found.y[:, -1])


def test_shares_and_capacity_relax_exactly() -> None:
    end, years = run(9.0, 80_000.0), 9.0
    assert_allclose(end.utilisation, 0.7 + (0.45 - 0.7) * np.exp(-years / 8.0), rtol=1e-8)
    assert_allclose(end.oxidation, 0.3 + (0.1 - 0.3) * np.exp(-years / 10.0), rtol=1e-8)
    wanted = 4000.0 * 0.9 * np.array([[0.8], [0.2]]) / 0.9
    held = np.array([[3500.0], [850.0]])
    left = wanted + (held - wanted) * np.exp(-years / 4.0)
    assert_allclose(end.capacity.sum(axis=0), left, rtol=1e-8)


def test_closed_mines_leak_and_run_dry() -> None:
    end = run(6.0, 0.0)
    inflow = 0.35 * 9.6 / 1000 * 3500.0 / 4.0
    gap = 1.0 / 4.0 - 1.0 / 12.0
    built = inflow * (np.exp(-6.0 / 12.0) - np.exp(-6.0 / 4.0)) / gap
    assert_allclose(end.abandoned, 2.5 * np.exp(-6.0 / 12.0) + built, rtol=1e-7)
    assert run(60.0, 0.0).abandoned[0] < 0.2


def test_half_the_coal_releases_half_the_gas_but_abandoned_mines_stay() -> None:
    ample = state(drainage=np.array([1e3]))
    full, half = flows(ample), flows(ample, demand=40_000.0)
    assert_allclose(half.methane_active, 0.5 * full.methane_active)
    assert_allclose(half.methane_abandoned, full.methane_abandoned)


@settings(max_examples=40)
@given(demand=st.floats(1.0, 2e5), capacity=st.floats(0.0, 60.0))
def test_drainage_is_bound_by_wells_and_by_the_seam(demand: float, capacity: float) -> None:
    found = flows(state(drainage=np.array([capacity])), demand=demand)
    assert found.drained[0] <= min(capacity, 0.65 * found.released[0]) + 1e-12
    assert_allclose(found.drained, min(capacity, 0.65 * found.released[0]))


def test_wells_follow_the_gas_exactly() -> None:
    released = 3600.0 * (0.8 * 9.6 + 0.2) / 1000.0
    wanted = 0.41 * released
    expected = wanted + (DRAINED - wanted) * np.exp(-2.0)
    assert_allclose(run(6.0, 80_000.0).drainage, expected, rtol=1e-8)


def mined(history: float, **changes: Any) -> Any:
    return coal_mining.mining_stages(np, parameters(**changes), NOW, np.array([history]))


def test_electricity_moves_with_mines_and_washing_but_not_in_history() -> None:
    same = mined(0.0)
    assert_allclose(same.electricity_factor, 1.0)
    weights = np.array([0.8 * 22.0, 0.2 * 8.0, 0.741 * 5.0])
    assert_allclose(same.electricity[:, 0], weights / weights.sum())
    more = mined(0.0, washed_share=always(0.9))
    assert_allclose(more.electricity_factor - 1.0, 0.159 * 5.0 / weights.sum())
    less = mined(0.0, underground_share=always(0.7))
    assert_allclose(less.electricity_factor - 1.0, -0.1 * 14.0 / weights.sum())
    assert_allclose(mined(1.0, washed_share=always(0.9)).electricity_factor, 1.0)
    assert_allclose(more.electricity.sum(axis=0), 1.0)
    assert_allclose(more.fuel[:, 0], [0.42, 0.2, 0.38])


def test_washing_saves_coal_within_its_bound() -> None:
    def factor(washed: float) -> float:
        changed = parameters(washed_share=always(washed))
        return float(coal_mining.washing_factor(np, changed, NOW)[0])

    assert_allclose(factor(0.741), 1.0)
    assert_allclose(factor(0.8), 1.0 - 0.25 * 0.059)
    assert_allclose(factor(1.0), 0.96)


def test_all_coal_pays_what_the_mines_of_the_country_cost() -> None:
    """Wages and upkeep, the annuity of what stands for the output, and the energy of mines."""
    mined = flows(state())
    opened = np.array([[40.0], [10.0]])
    found = coal_mining.mining_costs(
        np, parameters(), NOW, flows=mined, opened=opened, energy=np.array([5000.0])
    )
    under, above = mined.by_mine[:, 0]
    assert_allclose(found.investment, 40.0 * 1000 + 10.0 * 300)
    assert_allclose(found.operation, under * 200 + above * 90)
    annuity = 0.08 * (under * 1000 + above * 300) / 0.9
    burnt = (mined.production + mined.imports) * 20.0
    assert_allclose(found.supply * burnt, found.operation + annuity + 5000.0)
