"""Equipment: published label figures, exact values, laws, and what the data imply for 2020."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp

from simulator.dimensions import SECTORS
from simulator.equations import equipment
from simulator.model.assembly.equipment import (
    USE_GROUPS,
    equipment_parameters,
    equipment_state,
)
from simulator.model.layout import EQUIPMENT_FLEETS
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters

MOTORS = np.array([0.87, 0.90, 0.915, 0.93, 0.942])
"""Average efficiency of IE1 to IE5, table 1 of the machinery paper."""

positive = st.floats(0.01, 1e3)
efficiencies = arrays(np.float64, (5, 5, 2), elements=st.floats(0.3, 0.99))
stocks = arrays(np.float64, (5, 5, 2), elements=st.floats(0.0, 1e4, allow_subnormal=False))
shares = arrays(np.float64, (6, 4, 2), elements=st.floats(0.0, 0.25))


@pytest.fixture(scope="module")
def values():
    return Values([load_parameters()])


@pytest.fixture(scope="module")
def p(values):
    return equipment_parameters(values)


@pytest.fixture(scope="module")
def reference_mix(values):
    mix = np.zeros((5, 5, 1))
    for row, fleet in enumerate(EQUIPMENT_FLEETS):
        for place, name in enumerate(load_fleets()[fleet].declaration.technologies):
            path = f"equipment.fleets.{fleet}.technologies.{name}.reference_share"
            mix[row, place] = values.number(path, "1")
    return mix


def only_motors(efficiency):
    """Drives with a motor of that efficiency and nothing else to lose energy in."""
    average = np.ones((4, 1))
    average[0] = efficiency
    return equipment.drive_efficiency(np, average=average, speed_control=np.ones((4, 1)))


def factor(before, after):
    return equipment.electricity_factor(
        np,
        drive_share=np.full((1, 4, 1), 0.25),
        efficiency=only_motors(after),
        reference=only_motors(before),
    ).item()


def test_replacing_every_ie1_motor_by_ie5():
    assert_allclose(factor(MOTORS[0], MOTORS[4]), 87 / 94.2, rtol=1e-12)
    assert factor(MOTORS[0], MOTORS[4]) == pytest.approx(0.92357, abs=1e-5)


def test_replacing_ie2_by_ie3_saves_less_than_the_label_claim():
    assert factor(MOTORS[1], MOTORS[2]) - 1 == pytest.approx(-0.0164, abs=5e-5)


def test_motors_of_2020_average_89_26_per_cent(p, reference_mix):
    average = equipment.stock_average(np, stock=2657 * reference_mix, quality=p.quality)
    assert average[0].item() == pytest.approx(0.8926, abs=5e-5)
    assert_allclose(average, p.reference_quality, rtol=1e-12)


def test_replacing_old_transformers_saves_22_twh(p, reference_mix):
    now = reference_mix[4, :, 0]
    swapped = np.array([0, 0, 0, now[3] + now[:3].sum(), now[4]])
    loss = p.quality[4, :, 0]
    saved = 0.75 * 7511 * (now @ loss - swapped @ loss)
    assert saved == pytest.approx(22.4, abs=0.05)


def test_motors_of_2020_are_2657_gigawatt(p, values):
    share = p.drive_share[:, :, 0]
    used = np.zeros(len(SECTORS))
    for group in USE_GROUPS:
        twh = values.number(f"equipment.use.{group}.electricity", "TWh/yr").item()
        for index, sector in enumerate(SECTORS):
            path = f"equipment.use.{group}.sector.{sector}"
            used[index] += twh * values.number(path, "1", 0.0).item()
    assert used.sum() == pytest.approx(6859, abs=1)
    assert (used @ share).sum() / used.sum() == pytest.approx(0.627, abs=0.005)
    stock = equipment.required_stock(
        np,
        electricity=used[:, np.newaxis],
        drive_share=p.drive_share,
        full_load_hours=p.full_load_hours,
        distributed_share=p.distributed_share,
    )
    assert stock[0].item() == pytest.approx(2657, rel=0.005)
    assert_allclose(stock[4], 0.75 * 6859, rtol=1e-3)


def test_groups_cover_sectors_completely(p):
    assert np.all(p.drive_share >= 0)
    assert np.all(p.drive_share.sum(axis=1) <= 1)
    without = {SECTORS[i] for i in np.flatnonzero(p.drive_share.sum(axis=(1, 2)) == 0)}
    assert without == {"power", "heat_supply", "hydrogen", "carbon_removal"}


def test_reference_equipment_takes_the_reference_electricity(p, reference_mix):
    effect = equipment.equipment_effect(
        np,
        p,
        stock=reference_mix,
        share=np.full((4, 1), p.speed_control_reference),
        line_loss=np.array([0.044]),
    )
    assert_allclose(effect.electricity_factor, 1.0, rtol=1e-12)
    assert effect.network_loss.item() == pytest.approx(0.056, abs=2e-4)


def test_the_factor_by_hand_with_everything_in_play():
    average = np.array([0.9, 0.7, 0.72, 0.65, 0.015])[:, np.newaxis]
    reference = np.array([0.88, 0.66, 0.7, 0.6, 0.02])[:, np.newaxis]
    applies = np.array([0.55, 0.5, 0.35, 0.25])[:, np.newaxis]
    use = np.array([0.3, 0.13, 0.12, 0.18])[np.newaxis, :, np.newaxis]
    gain = {
        when: equipment.speed_control_efficiency(
            share=np.full((4, 1), share), applicability=applies, saving=np.array([0.25])
        )
        for when, share in (("now", 0.5), ("then", 0.25))
    }
    found = equipment.electricity_factor(
        np,
        drive_share=use,
        efficiency=equipment.drive_efficiency(np, average=average, speed_control=gain["now"]),
        reference=equipment.drive_efficiency(np, average=reference, speed_control=gain["then"]),
    )
    by_hand = 1 - 0.73
    machines = ((0.3, 0.7, 0.66, 0.55), (0.13, 0.72, 0.7, 0.5), (0.12, 0.65, 0.6, 0.35))
    for share, now, then, applicable in (*machines, (0.18, 1.0, 1.0, 0.25)):
        after = 0.9 * now / (1 - 0.25 * 0.5 * applicable)
        before = 0.88 * then / (1 - 0.25 * 0.25 * applicable)
        by_hand += share * before / after
    assert_allclose(found.item(), by_hand, rtol=1e-12)


def test_more_speed_control_alone_saves_what_it_should(p, reference_mix):
    effect = equipment.equipment_effect(
        np, p, stock=reference_mix, share=np.full((4, 1), 0.6), line_loss=np.zeros(1)
    )
    saving, applies = p.speed_control_saving, p.speed_control_applicability
    reference = p.speed_control_reference
    ratio = (1 - saving * 0.6 * applies) / (1 - saving * reference * applies)
    by_hand = 1 + (p.drive_share * (ratio - 1)).sum(axis=1)
    assert_allclose(effect.electricity_factor, by_hand, rtol=1e-12)
    assert effect.electricity_factor[SECTORS.index("steel")].item() < 0.99


@settings(max_examples=40)
@given(stocks, efficiencies)
def test_an_average_lies_between_its_classes(stock, quality):
    stock = stock + 1e-3
    average = equipment.stock_average(np, stock=stock, quality=quality)
    assert np.all(average >= quality.min(axis=1) - 1e-12)
    assert np.all(average <= quality.max(axis=1) + 1e-12)


@settings(max_examples=40)
@given(shares, efficiencies)
def test_better_machines_never_take_more(share, quality):
    reference = quality[:4, 0]
    better = np.minimum(reference * 1.05, 0.999)
    worse = reference * 0.9
    low, high = (
        equipment.electricity_factor(np, drive_share=share, efficiency=e, reference=reference)
        for e in (better, worse)
    )
    assert np.all(low <= 1 + 1e-12)
    assert np.all(high >= 1 - 1e-12)
    assert np.all(low > 0)


@settings(max_examples=40)
@given(arrays(np.float64, (6, 2), elements=positive), shares, st.floats(500, 5000))
def test_motors_serve_all_drives(electricity, share, hours):
    stock = equipment.required_stock(
        np,
        electricity=electricity,
        drive_share=share,
        full_load_hours=np.array([hours]),
        distributed_share=np.array([0.75]),
    )
    passing = (electricity[:, np.newaxis] * share).sum(axis=0)
    driven = passing * 1e3 / hours
    assert stock.shape == (5, 2)
    assert_allclose(stock[0], driven.sum(axis=0), rtol=1e-9)
    stands = equipment.users(np, electricity=electricity, drive_share=share)
    whole = np.minimum(passing[:3] / 1e-12, 1.0)  # of nothing nobody has a part
    assert_allclose(stands[:, 1:4].sum(axis=0), whole, rtol=1e-9)
    assert_allclose(stands[:, 4], electricity / electricity.sum(axis=0), rtol=1e-9)
    runs = (electricity[:, np.newaxis] * share).sum(axis=1) * 1e3 / hours
    motors = np.minimum(passing.sum(axis=0) / 1e-12, 1.0)
    assert_allclose(stands[:, 0] * stock[0], runs * motors, atol=1e-300)  # underflow
    assert_allclose(stock[1:4], driven[:3], rtol=1e-9)
    assert_allclose(stock[4], 0.75 * electricity.sum(axis=0), rtol=1e-9)


def test_an_empty_fleet_gives_no_nonsense():
    average = equipment.stock_average(np, stock=np.zeros((5, 5, 1)), quality=np.ones((5, 5, 1)))
    assert np.all(np.isfinite(average))


def test_speed_control_spreads_exponentially():
    target, rate, lever = 0.6, 0.1, 0.5
    solution = solve_ivp(
        lambda _, share: equipment.speed_control_change(
            share=share, target=target, rate=rate, lever=lever
        ),
        (0, 7),
        [0.1],
        rtol=1e-10,
        atol=1e-12,
    )
    exact = target - (target - 0.1) * np.exp(-rate * (1 + lever) * 7)
    assert_allclose(solution.y[0, -1], exact, rtol=1e-8)


def test_speed_control_of_2014_grows_into_that_of_2020(p, values):
    times, knots = values.knots("equipment.variable_speed.target", "1")[0]
    solution = solve_ivp(
        lambda t, share: equipment.speed_control_change(
            share=share,
            target=np.interp(t, times, knots),
            rate=p.speed_control_rate,
            lever=0.0,
        ),
        (2015, 2021),
        equipment_state(values).speed_control[0],
        rtol=1e-9,
    )
    assert_allclose(solution.y[0, -1], p.speed_control_reference, atol=1e-4)


def test_only_old_transformers_are_replaced_early(p):
    hazard = equipment.early_replacement_hazard(
        rate=np.array([0.03]), replaced_early=p.replaced_early
    )
    assert_allclose(hazard[4, :, 0], [0.03, 0.03, 0.03, 0, 0])
    assert_allclose(hazard[:4], 0)


def test_market_share_counts_value():
    additions = np.array([[3.0, 1.0], [2.0, 0.0]])[..., np.newaxis]
    price = np.array([[100.0, 200.0], [50.0, 80.0]])[..., np.newaxis]
    good = np.array([[0.0, 1.0], [0.0, 1.0]])[..., np.newaxis]
    share = equipment.efficient_market_share(
        np, additions=additions, price=price, efficient_product=good
    )
    assert_allclose(share, 200 / 600)
    none = equipment.efficient_market_share(
        np, additions=0 * additions, price=price, efficient_product=good
    )
    assert_allclose(none, 0)


def test_yearly_losses_in_the_data_follow_from_the_efficiencies(p, values, reference_mix):
    """The choice between classes rests on these losses; they must not drift apart."""
    fleets = load_fleets()
    for row, fleet in enumerate(EQUIPMENT_FLEETS[:4]):
        average = (p.quality[row, :, 0] * reference_mix[row, :, 0]).sum()
        for place, name in enumerate(fleets[fleet].declaration.technologies):
            path = f"equipment.fleets.{fleet}.technologies.{name}.energy.electricity"
            lost = values.number(path, "kWh/kW").item()
            efficiency = p.quality[row, place, 0]
            assert lost == pytest.approx(3400 / 2.1 * average * (1 / efficiency - 1), rel=1e-3)
    for place, name in enumerate(fleets["transformers"].declaration.technologies):
        path = f"equipment.fleets.transformers.technologies.{name}.energy.electricity"
        assert values.number(path, "MWh/MWh").item() == pytest.approx(p.quality[4, place, 0])


@pytest.mark.parametrize("fleet", EQUIPMENT_FLEETS)
def test_history_needs_no_negative_sales(values, fleet, reference_mix):
    """Age the stock of 2014: the observed stocks must follow with sales of every class."""
    declaration = load_fleets()[fleet].declaration
    names, classes = list(declaration.technologies), declaration.age_classes
    own = f"equipment.fleets.{fleet}"
    transfer = classes / values.number(f"{own}.technologies.{names[0]}.lifetime", "yr").item()
    growth = values.number(f"{own}.past_growth", "1/yr").item()
    profile = (transfer / (transfer + growth)) ** np.arange(classes)
    unit = declaration.unit
    observed = np.stack(
        [
            values.knots(f"equipment.observed.{fleet}.year_end_capacity.{k}", unit)[0][1]
            for k in names
        ]
    )
    initial = [values.number(f"{own}.technologies.{k}.initial_capacity", unit) for k in names]
    assert_allclose(observed[:, 0], np.concatenate(initial), rtol=1e-3, atol=1e-2)
    mix = observed[:, 6] / observed[:, 6].sum()
    row = EQUIPMENT_FLEETS.index(fleet)
    assert_allclose(mix, reference_mix[row, : len(names), 0], atol=2e-4)
    stock = np.outer(profile / profile.sum(), observed[:, 0])
    steps = 50
    for year in range(10):
        net = observed[:, year + 1] - observed[:, year]
        sold = np.zeros(len(names))
        for _ in range(steps):
            retired = transfer * stock[-1]
            sold += (net + retired) / steps
            moved = transfer * stock
            change = -moved
            change[1:] += moved[:-1]
            change[0] += net + retired
            stock = stock + change / steps
        assert np.all(sold > -1e-3 * observed[:, year + 1].sum())
