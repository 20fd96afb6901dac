"""Investment of a fleet: gaps, ramps, mandates, history, retrofit, each by hand."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from simulator.equations import investment, mandates
from simulator.equations.fleet import Chain
from simulator.equations.fleet_parameters import (
    Brownfield,
    Choosing,
    Economics,
    FleetParameters,
    FleetState,
    Observed,
    Planning,
    Technique,
)
from simulator.equations.retrofit import Arcs
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.5), 0, np.float64(0.5))
PRESENT, PAST = np.zeros(1), np.ones(1)


def always(value: Any) -> Schedule:
    """A schedule with one interval and a constant value."""
    start = np.asarray(value, dtype=float)[np.newaxis, ..., np.newaxis]
    return Schedule(start, 0.0 * start)


def each(value: Any) -> np.ndarray:
    """One number of each of the two technologies, (fleet, technology, scenario)."""
    return np.broadcast_to(np.asarray(value, dtype=float), (1, 2))[..., np.newaxis].copy()


def whole(value: float) -> np.ndarray:
    return np.full((1, 1), value)


def parameters(**changes: Any) -> FleetParameters:
    """One plant fleet of an old and a new technology with one age class of 20 years."""
    plain = FleetParameters(
        chain=Chain(
            each(0.05), np.zeros((1, 1, 1, 1)), np.ones((1, 1, 1, 1)), np.ones((1, 1, 1, 1))
        ),
        planning=Planning(
            smoothing_time=whole(1.5),
            trend_time=whole(4.0),
            lead_time=whole(0.0),
            adjustment_time=whole(2.0),
            target_utilisation=whole(0.8),
            growth_limit=whole(0.1),
            is_stock=whole(0.0),
            construction_time=each(0.0),
            ramp=each(10.0),
            replacement_ratio=each(0.0),
            seed=each(0.0),
            economic_rate=whole(0.08)[..., np.newaxis],
            idle_rate=whole(0.1)[..., np.newaxis],
            idle_below=whole(0.6)[..., np.newaxis],
        ),
        choosing=Choosing(
            availability=always([[1.0, 1.0]]),
            long_run_log_share_weight=each(0.0),
            share_weight_time=whole(12.0)[..., np.newaxis],
            operating_weight_time=whole(9.0)[..., np.newaxis],
            exponent=whole(5.0)[..., np.newaxis],
            perception_time=whole(1.5)[..., np.newaxis],
            floor_members=np.array([[[[0.0], [1.0]]]]),
            floor_outside=np.zeros((1, 1, 2, 1)),
            floor_shares=always([[0.0]]),
            floor_on_output=np.ones((1, 1, 1)),
        ),
        technique=Technique(
            energy=np.zeros((1, 1, 2, 1)),
            new_energy=always([[0.9, 0.8]]),
            energy_floor=each(0.7),
            improvement=whole(0.0)[..., np.newaxis],
            process=each(0.0),
            capture=each(0.0),
            operating_exponent=whole(2.0)[..., np.newaxis],
            maximum_utilisation=whole(0.95)[..., np.newaxis],
            reported=np.ones((1, 1, 1)),
        ),
        economics=Economics(
            capital=each(1.0),
            capital_floor=each(0.0),
            learning_exponent=each(0.0),
            reference_experience=each(1.0),
            spill_over=each(0.5),
            pooling=np.eye(2)[np.newaxis],
            recovery=each(0.1),
            fixed=each(0.03),
            variable=each(0.0),
        ),
        brownfield=Brownfield(
            Arcs(np.array([0]), np.array([1]), np.array([[-1.0], [1.0]])),
            whole(0.0),
            whole(0.0),
            whole(0.0),
        ),
        observed=Observed(
            net_change=always([[4.0, -7.0]]),
            by_technology=np.ones((1, 1, 1)),
            total_change=always([[3.0]]),
            by_total=np.zeros((1, 1, 1)),
            addition_share=always([[0.25, 0.75]]),
            output_share=always([[0.0, 0.0]]),
            by_output=np.zeros((1, 1, 1)),
        ),
        exists=np.ones((1, 2, 1)),
    )
    return plain._replace(**changes)


def state(
    capacity: Any = (60.0, 20.0), pipeline: Any = (0.0, 0.0), demand: float = 64.0
) -> FleetState:
    stock = each(capacity)
    return FleetState(
        capacity=stock[np.newaxis],
        pipeline=each(pipeline),
        experience=each(1.0),
        intensity=stock,
        perceived_cost=each(100.0),
        log_share_weight=each((0.0, 0.6)),
        log_operating_weight=each((0.0, 0.3)),
        expected=whole(demand),
        reference=whole(demand),
    )


def signals(**changes: Any) -> investment.Signals:
    plain = investment.Signals(
        demand=whole(64.0),
        utilisation=whole(0.8),
        levelised=each(100.0),
        short_run=each(0.0),
        product_price=whole(100.0)[..., np.newaxis],
        relative=each(1.0),
        preference=each(1.0),
        hazard=each(0.0),
        share_limit=each(1e6),
        retrofit_policy=whole(0.0),
        capacity_limit=whole(1e9),
        known_pipeline=each(1e9),
    )
    return plain._replace(**changes)


def decide(p: FleetParameters, now: FleetState, seen: investment.Signals) -> np.ndarray:
    retired = now.capacity.sum(axis=0) * 0.05
    return investment.decide(np, p, now, seen, NOW, retired).orders[0, :, 0]


def turn(
    p: FleetParameters, now: FleetState, seen: investment.Signals, history: np.ndarray
) -> Any:
    retired = now.capacity.sum(axis=0) * 0.05
    decision = investment.decide(np, p, now, seen, NOW, retired)
    hazard = investment.hazards(np, p, seen)
    return investment.turnover(np, p, now, seen, NOW, decision, hazard, history)


def test_a_balanced_fleet_replaces_what_retires_by_its_preferences() -> None:
    weight = np.exp([0.0, 0.6])
    now = state()._replace(log_share_weight=each((0.0, 0.6)))
    assert_allclose(decide(parameters(), now, signals()), 4.0 * weight / weight.sum())


def test_a_gap_is_closed_in_its_time_up_to_a_ceiling() -> None:
    now, seen = state(demand=80.0), signals(demand=whole(80.0))
    assert_allclose(decide(parameters(), now, seen).sum(), 4.0 + (100.0 - 80.0) / 2.0)
    capped = seen._replace(capacity_limit=whole(90.0))
    assert_allclose(decide(parameters(), now, capped).sum(), 4.0 + (90.0 - 80.0) / 2.0)


def test_a_full_fleet_does_not_bet_on_decline() -> None:
    falling = state(demand=64.0)._replace(expected=whole(50.0), reference=whole(60.0))
    relaxed = decide(parameters(), falling, signals(utilisation=whole(0.7))).sum()
    full = decide(parameters(), falling, signals(utilisation=whole(0.95))).sum()
    assert relaxed == 0.0
    assert_allclose(full, 4.0)


def test_a_mandate_on_output_builds_the_missing_capacity() -> None:
    p = parameters()
    p = p._replace(choosing=p.choosing._replace(floor_shares=always([[0.5]])))
    orders = decide(p, state(), signals())
    # Half of 80 less the 20 that stand, in two years, and what retires of them.
    assert_allclose(orders[1], (40.0 - 20.0) / 2.0 + 1.0)


def test_ramp_and_seed_limit_a_newcomer() -> None:
    p = parameters()
    p = p._replace(planning=p.planning._replace(ramp=each((10.0, 0.1)), seed=each((0.0, 0.01))))
    now = state(capacity=(80.0, 0.0))._replace(log_share_weight=each((0.0, 50.0)))
    assert_allclose(decide(p, now, signals())[1], 0.01 * 80.0)


def test_a_share_limit_leaves_room_for_replacement_only() -> None:
    now = state()._replace(log_share_weight=each((0.0, 50.0)))
    orders = decide(parameters(), now, signals(share_limit=each((1e6, 0.25))))
    assert_allclose(orders, [3.0, 1.0])


def test_new_capacity_has_to_replace_more_than_itself() -> None:
    """Retirement is 3 and 1 a year; 1.25 has to go for 1 that comes, alone or together."""
    plain, short = parameters(), signals(demand=whole(120.0))
    now = state(demand=120.0)._replace(log_share_weight=each((0.0, 0.6)))

    def ruled(*ratios: float) -> np.ndarray:
        planning = plain.planning._replace(replacement_ratio=each(ratios))
        return decide(plain._replace(planning=planning), now, short)

    free = ruled(0.0, 0.0)
    assert_allclose(free, decide(plain, now, short))
    first = ruled(1.25, 0.0)
    assert_allclose(first[0], 3.0 / 1.25)
    assert_allclose(first.sum(), free.sum())
    both = ruled(1.25, 1.25)
    weight = np.exp([0.0, 0.6])
    assert_allclose(both, 4.0 / 1.25 * weight / weight.sum())
    mixed = ruled(1.0, 2.0)
    assert_allclose(mixed @ [1.0, 2.0], 4.0)


def test_a_rule_that_does_not_bind_changes_nothing() -> None:
    p = parameters()
    ruled = p._replace(planning=p.planning._replace(replacement_ratio=each(1.25)))
    little = signals(demand=whole(60.0))
    now = state(demand=60.0)
    assert_allclose(decide(ruled, now, little), decide(p, now, little))


def test_history_reproduces_observed_capacity_by_technology() -> None:
    result = turn(parameters(), state(), signals(), PAST)
    net = result.additions - result.natural - result.early
    assert_allclose(net[0, :, 0], [4.0, -7.0])
    assert_allclose(result.change.capacity.sum(axis=0)[0, :, 0], [4.0, -7.0])
    assert result.early[0, 1, 0] == pytest.approx(6.0)


def test_history_reproduces_observed_totals_and_shares() -> None:
    p = parameters()
    p = p._replace(
        observed=p.observed._replace(
            by_technology=np.zeros((1, 1, 1)), by_total=np.ones((1, 1, 1))
        )
    )
    result = turn(p, state(), signals(utilisation=whole(0.95)), PAST)
    assert_allclose(result.additions[0, :, 0], (3.0 + 4.0) * np.array([0.25, 0.75]))


def test_preferences_and_perceptions_fade_only_after_history() -> None:
    after = turn(parameters(), state(), signals(levelised=each(130.0)), PRESENT).change
    assert_allclose(after.log_share_weight[0, :, 0], [0.0, -0.6 / 12])
    assert_allclose(after.log_operating_weight[0, :, 0], [0.0, -0.3 / 9])
    assert_allclose(after.perceived_cost, 30.0 / 1.5)
    before = turn(parameters(), state(), signals(), PAST).change
    assert_allclose(before.log_share_weight, 0.0)


def test_new_plants_bring_their_intensity_and_experience() -> None:
    result = turn(parameters(), state(), signals(utilisation=whole(0.95)), PRESENT)
    added = result.additions[0, :, 0]
    assert_allclose(
        result.change.intensity[0, :, 0], added * [0.9, 0.8] - 0.05 * np.array([60, 20])
    )
    assert_allclose(result.change.experience[0, :, 0], added * 1.5)


def test_retrofit_by_policy_moves_capacity_within_the_ramp() -> None:
    result = turn(parameters(), state(), signals(retrofit_policy=whole(0.1)), PRESENT)
    assert_allclose(result.retrofits[0, :, 0], [-6.0, 6.0])
    p = parameters()
    p = p._replace(planning=p.planning._replace(ramp=each(0.1)))
    limited = turn(p, state(), signals(retrofit_policy=whole(0.1)), PRESENT)
    assert_allclose(limited.retrofits[0, :, 0], [-2.0, 2.0])


def test_a_mandated_share_is_reached_by_retrofit_in_the_adjustment_time() -> None:
    rate = mandates.floor_retrofit_rate(np, parameters(), state(), np.full((1, 1, 1), 0.5))
    assert_allclose(rate * 60.0, (40.0 - 20.0) / 2.0)


def test_plants_that_do_not_pay_close_only_where_the_fleet_has_slack() -> None:
    dear = signals(short_run=each((115.0, 0.0)))
    idle = investment.hazards(np, parameters(), dear._replace(utilisation=whole(0.8)))
    full = investment.hazards(np, parameters(), dear._replace(utilisation=whole(0.95)))
    assert_allclose(idle[0, 0, 0, 0], 0.04)
    assert_allclose(full, 0.0, atol=1e-12)
    extreme = investment.hazards(np, parameters(), dear._replace(hazard=each(3.0)))
    assert_allclose(extreme, 0.5)


def test_history_leaves_no_more_under_construction_than_planners_would_order() -> None:
    p = parameters()
    p = p._replace(planning=p.planning._replace(construction_time=each(2.0)))
    shrinking = signals(demand=whole(10.0), known_pipeline=each(0.0))
    now = state(demand=10.0, pipeline=(5.0, 5.0))
    change = turn(p, now, shrinking, PAST).change.pipeline
    assert_allclose(change[0, :, 0], [-5.0, -5.0])
    known = turn(p, now, shrinking._replace(known_pipeline=each(1e9)), PAST)
    assert_allclose(known.change.pipeline[0, 0, 0], 2.0 * known.additions[0, 0, 0] - 5.0)


def test_a_mandate_within_a_part_of_a_fleet_shrinks_with_what_stands_outside_it() -> None:
    choosing = parameters().choosing._replace(
        floor_members=np.array([[[[0.0], [1.0]]], [[[0.0], [1.0]]]]),
        floor_outside=np.array([[[[0.0], [0.0]]], [[[1.0], [0.0]]]]),
        floor_shares=always([[0.4], [0.4]]),
    )
    standing = np.array([[[30.0], [10.0]]])
    found = mandates.mandated_shares(np, choosing, NOW, standing)
    assert_allclose(found[:, 0, 0], [0.4, 0.4 * 10.0 / 40.0])


def mandated(share: float) -> FleetParameters:
    """The new technology is to make a share of what the fleet makes."""
    choosing = parameters().choosing
    return parameters()._replace(choosing=choosing._replace(floor_shares=always([[share]])))


def test_what_a_mandate_orders_beyond_need_closes_as_much_of_the_others() -> None:
    """4 a year are needed, 11 asked; the 7 beyond close 7 of the 60 that stand outside."""
    free, bound = (turn(mandated(share), state(), signals(), PRESENT) for share in (0.0, 0.5))
    assert_allclose(bound.additions.sum() - free.additions.sum(), 7.0)
    assert_allclose((bound.early - free.early)[0, :, 0], [7.0, 0.0])
    assert_allclose(bound.change.capacity.sum(), free.change.capacity.sum(), atol=1e-12)


def test_a_mandate_within_need_closes_nothing() -> None:
    growing = signals(demand=whole(80.0))
    free, bound = (
        turn(mandated(share), state(demand=80.0), growing, PRESENT) for share in (0.0, 0.4)
    )
    assert_allclose(bound.early, free.early)
    # two fifths of 100 less the 20 that stand, in two years, and what retires of them
    assert_allclose(bound.additions[0, :, 0], [14.0 - 11.0, 11.0])


def test_no_plant_closes_for_a_mandate_in_observed_years() -> None:
    free, bound = (turn(mandated(share), state(), signals(), PAST) for share in (0.0, 0.5))
    assert_allclose(bound.early, free.early)


def test_a_mandate_leaves_orders_outside_its_part_alone() -> None:
    """Of three technologies the last is to have a share of what the last two make."""
    book = mandates.allocate_orders(
        np,
        total=whole(10.0),
        weights=np.array([[[0.6], [0.4], [0.0]]]),
        limits=np.full((1, 3, 1), 100.0),
        floor_members=np.array([[[[0.0], [0.0], [1.0]]]]),
        floor_parts=np.array([[[[0.0], [1.0], [1.0]]]]),
        floor_shares=np.zeros((1, 1, 1)),
        floor_orders=np.full((1, 1, 1), 9.0),
    )
    assert_allclose(book.amount[0, :, 0], [6.0, 0.0, 9.0])
    assert_allclose(book.beyond, 5.0)
    assert_allclose(book.unmet, 0.0)


def test_orders_that_found_no_place_are_not_beyond_need() -> None:
    book = mandates.allocate_orders(
        np,
        total=whole(10.0),
        weights=np.array([[[1.0], [0.0]]]),
        limits=np.array([[[4.0], [100.0]]]),
        floor_members=np.array([[[[0.0], [1.0]]]]),
        floor_parts=np.ones((1, 1, 2, 1)),
        floor_shares=np.zeros((1, 1, 1)),
        floor_orders=np.full((1, 1, 1), 9.0),
    )
    assert_allclose(book.amount[0, :, 0], [0.0, 9.0])
    assert_allclose([book.beyond.item(), book.unmet.item()], [0.0, 1.0])


def closed(beyond: list[float], **changes: Any) -> np.ndarray:
    """Closures of three technologies for one mandate or two on the third."""
    count = len(beyond)
    plain = {
        "beyond": np.array(beyond)[:, None, None],
        "capacity": np.array([[[50.0], [30.0], [20.0]]]),
        "relative_cost": np.array([[[1.0], [2.0], [1.0]]]),
        "exponent": np.full((1, 1, 1), 2.0),
        "floor_members": np.tile(np.array([0.0, 0.0, 1.0])[:, None], (count, 1, 1, 1)),
        "floor_parts": np.ones((count, 1, 3, 1)),
    }
    return mandates.displaced(np, **(plain | changes))[0, :, 0]


def test_those_close_most_that_run_least_up_to_half_a_year() -> None:
    assert_allclose(closed([17.0]), [5.0, 12.0, 0.0])
    assert_allclose(closed([1000.0]), [25.0, 15.0, 0.0])
    assert_allclose(closed([1000.0, 5.0]), [25.0, 15.0, 0.0])
    assert_allclose(closed([3.4, 3.4]), [2.0, 4.8, 0.0])
    inside = np.array([0.0, 1.0, 1.0])[:, None] * np.ones((1, 1, 1, 1))
    assert_allclose(closed([6.0], floor_parts=inside), [0.0, 6.0, 0.0])
