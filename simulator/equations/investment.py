"""Investment of the fleets: what is ordered, built, retrofitted and retired.

Orders follow the capacity gap (fleet), are spread by perceived costs (choice) under ramps and
mandates, wait for construction, and age. Where history is known it replaces the decisions:
installations are then the observed net change plus what the model retires.
"""

from typing import Any, NamedTuple

from simulator.equations import fleet as kernel
from simulator.equations import mandates
from simulator.equations import retrofit as brownfield
from simulator.equations.choice import logit_weights
from simulator.equations.fleet_parameters import FleetParameters, FleetState
from simulator.equations.learning import experience_change
from simulator.equations.loops import ON, Loops
from simulator.equations.schedule import Clock, at

Array = Any

FASTEST_OUTFLOW = 5.0
"""Bounds the turnover of a fleet that is nothing but rounding [1/yr]."""


class Signals(NamedTuple):
    """What reaches the investors of a block of fleets."""

    demand: Array
    """Demand, or the stock wanted, (F, S) [unit]."""
    utilisation: Array
    """Activity per capacity of the whole fleet, (F, S) [1]."""
    levelised: Array
    """Levelised cost now, (F, T, S) [CNY/u]."""
    short_run: Array
    """Short-run cost now, (F, T, S) [CNY/u]."""
    product_price: Array
    """Full cost of the product, weighted by production, (F, 1, S) [CNY/u]."""
    relative: Array
    """Relative fuel intensity, (F, T, S) [1]."""
    preference: Array
    """Multiplier of the choice weights, (F, T, S) [1]."""
    hazard: Array
    """Further early retirement, (F, T, S) [1/yr]."""
    share_limit: Array
    """Largest share of a technology in its fleet, (F, T, S) [1]."""
    retrofit_policy: Array
    """Retrofit that policy asks for, (R, S) [1/yr]."""
    capacity_limit: Array
    """Largest capacity that policy allows a fleet, (F, S) [unit]."""
    known_pipeline: Array
    """Orders a year that observed history may hold under construction, (F, T, S) [unit/yr]."""
    loops: Loops = ON
    """Switches of the feedback loops, (S) [1]."""


class Decision(NamedTuple):
    """Orders before they are built."""

    orders: Array
    """(F, T, S) [unit/yr]."""
    unmet: Array
    """Orders that no technology could take, (F, S) [unit/yr]."""
    closing: Array
    """Plants that close early for what mandates order beyond need, (F, T, S) [unit/yr]."""
    change_expected: Array
    """(F, S) [unit/yr]."""
    change_reference: Array
    """(F, S) [unit/yr]."""


class Turnover(NamedTuple):
    """Rates of a block of fleets and the flows behind them."""

    change: FleetState
    """Rate of change of every stock."""
    additions: Array
    """(F, T, S) [unit/yr]."""
    natural: Array
    """Retirement at the end of life, (F, T, S) [unit/yr]."""
    early: Array
    """Retirement before it, (F, T, S) [unit/yr]."""
    retrofits: Array
    """Retrofits in minus out, (F, T, S) [unit/yr]."""
    unmet: Array
    """Orders that found no technology, (F, S) [unit/yr]."""
    converted: Array
    """Capacity retrofitted along each arc, (R, S) [unit/yr]."""


def hazards(xp: Any, p: FleetParameters, signals: Signals) -> Array:
    """Early retirement by age class, at most one half a year, (A, F, T, S) [1/yr].

    Plants that no longer pay go on while the fleet runs above its target utilisation: nobody
    closes what the market cannot do without.
    """
    most, target = p.technique.maximum_utilisation, p.planning.target_utilisation[:, xp.newaxis]
    used = signals.utilisation[:, xp.newaxis, :]
    slack = xp.clip((most - used) / xp.maximum(most - target, 1e-9), 0.0, 1.0)
    price = xp.maximum(signals.product_price, 1e-9)
    hazard = kernel.closure_hazard(
        xp,
        economic_rate=p.planning.economic_rate * slack,
        relative_cost=signals.short_run / price,
        idle_rate=p.planning.idle_rate * signals.loops.idle_closure,
        idle_below=p.planning.idle_below,
        utilisation=used,
    )
    return xp.minimum(hazard * p.chain.age_weight + signals.hazard, mandates.FASTEST_CLOSURE)


def decide(
    xp: Any,
    p: FleetParameters,
    state: FleetState,
    signals: Signals,
    clock: Clock,
    retirement: Array,
) -> Decision:
    """Orders by technology from the gap, the perceived costs, the ramps and the mandates."""
    planning, choosing = p.planning, p.choosing
    outlook = kernel.expectation(
        xp,
        demand=signals.demand,
        expected=state.expected,
        reference=state.reference,
        smoothing_time=planning.smoothing_time,
        trend_time=planning.trend_time,
        lead_time=planning.lead_time,
        growth_limit=planning.growth_limit,
    )
    most = p.technique.maximum_utilisation[:, 0]
    tight = (signals.utilisation - planning.target_utilisation) / xp.maximum(
        most - planning.target_utilisation, 1e-9
    )
    # A fleet that runs flat out does not bet on the decline that a trend promises.
    short = xp.clip(tight, 0.0, 1.0) * xp.maximum(signals.demand - outlook.demand, 0.0)
    wanted = xp.where(planning.is_stock > 0, signals.demand, outlook.demand + short)
    required = xp.minimum(wanted / planning.target_utilisation, signals.capacity_limit)
    standing = xp.sum(state.capacity, axis=0)
    total = kernel.capacity_gap(
        xp,
        required=required,
        capacity=xp.sum(standing, axis=1),
        pipeline=xp.sum(state.pipeline, axis=1),
        retirement=xp.sum(retirement, axis=1),
        adjustment_time=planning.adjustment_time,
        response=signals.loops.capacity_gap,
    )
    floors = mandates.mandated_shares(xp, choosing, clock, standing)
    members, parts = choosing.floor_members, 1.0 - choosing.floor_outside
    held = xp.sum(
        (standing + state.pipeline - planning.adjustment_time[:, xp.newaxis] * retirement)
        * members,
        axis=2,
    )
    asked = xp.maximum(floors * required - held, 0.0) / planning.adjustment_time
    availability = at(choosing.availability, clock)
    ceiling = (
        signals.share_limit * required[:, xp.newaxis, :] - standing - state.pipeline
    ) / planning.adjustment_time[:, xp.newaxis, :] + retirement
    ramp = planning.ramp * (standing + state.pipeline)
    start = planning.seed * xp.maximum(xp.sum(standing, axis=1), required)[:, xp.newaxis, :]
    weights = signals.preference * logit_weights(
        xp,
        cost=state.perceived_cost,
        log_share_weight=state.log_share_weight,
        availability=availability * p.exists,
        exponent=choosing.exponent,
    )
    limits = xp.minimum((ramp + start) * availability, ceiling)
    limits = kernel.replacement_limit(
        xp, limits, ratio=planning.replacement_ratio, retirement=retirement, weights=weights
    )
    limits = xp.maximum(limits, 0.0)
    ordered = mandates.allocate_orders(
        xp,
        total=total,
        weights=weights,
        limits=limits,
        floor_members=members,
        floor_parts=parts,
        floor_shares=floors * (1.0 - choosing.floor_on_output),
        floor_orders=asked * choosing.floor_on_output,
    )
    closing = mandates.displaced(
        xp,
        beyond=ordered.beyond,
        capacity=standing,
        relative_cost=signals.short_run / xp.maximum(signals.product_price, 1e-9),
        exponent=p.technique.operating_exponent,
        floor_members=members,
        # Nothing is ordered beyond need where no share of what runs is mandated.
        floor_parts=parts * choosing.floor_on_output[:, :, xp.newaxis],
    )
    return Decision(
        ordered.amount, ordered.unmet, closing, outlook.change, outlook.reference_change
    )


def turnover(
    xp: Any,
    p: FleetParameters,
    state: FleetState,
    signals: Signals,
    clock: Clock,
    decision: Decision,
    hazard: Array,
    history: Array,
) -> Turnover:
    """Rates of change of a block of fleets; `history` is 1 where observation rules, (S)."""
    standing = xp.sum(state.capacity, axis=0)
    moved = _retrofits(xp, p, state, signals, clock)
    retired = kernel.natural_retirement(xp, p.chain, state.capacity)
    retired = retired + xp.sum(state.capacity * hazard, axis=0)
    known = xp.maximum(p.observed.by_technology, p.observed.by_total) * history
    net_moved = xp.sum(moved.change, axis=0)
    forced = _observed_installations(xp, p, clock, retired - net_moved)
    surplus = xp.maximum(-forced, 0.0) * known / xp.maximum(standing, 1e-9)
    weighted = xp.sum(state.capacity * p.chain.age_weight, axis=0)
    closing = (1.0 - known) * decision.closing / xp.maximum(weighted, 1e-9)
    hazard = hazard + surplus + closing * p.chain.age_weight
    built_as_observed = xp.maximum(forced, 0.0)
    time = p.planning.construction_time
    held = time * xp.minimum(built_as_observed, signals.known_pipeline + decision.orders)
    catching_up = built_as_observed + (held - state.pipeline)
    orders = known * xp.where(time > 0, catching_up, built_as_observed)
    orders = orders + (1.0 - known) * decision.orders
    works = kernel.construction(
        xp, orders=orders, pipeline=state.pipeline, construction_time=time
    )
    installed = known * built_as_observed + (1.0 - known) * works.installations
    aged = kernel.ageing(
        xp,
        p.chain,
        capacity=state.capacity,
        installations=installed,
        hazard=hazard,
        retrofit_change=moved.change,
    )
    new_intensity = at(p.technique.new_energy, clock)
    gone = aged.natural + aged.early + xp.maximum(-net_moved, 0.0)
    intensity = kernel.intensity_change(
        intensity=state.intensity,
        capacity_outflow_rate=xp.clip(gone / xp.maximum(standing, 1e-9), 0.0, FASTEST_OUTFLOW),
        installations=installed + xp.maximum(net_moved, 0.0),
        new_intensity=new_intensity,
        improvement=p.technique.improvement,
        floor=p.technique.energy_floor,
        capacity=standing,
    )
    cost_gap = signals.levelised - state.perceived_cost
    fading = (1.0 - history) * (p.choosing.long_run_log_share_weight - state.log_share_weight)
    change = FleetState(
        capacity=aged.change,
        pipeline=xp.where(time > 0, orders - installed, 0.0 * orders),
        experience=experience_change(additions=installed, spill_over=p.economics.spill_over),
        intensity=intensity,
        perceived_cost=cost_gap / p.choosing.perception_time,
        log_share_weight=fading / p.choosing.share_weight_time,
        log_operating_weight=-(1.0 - history)
        * state.log_operating_weight
        / p.choosing.operating_weight_time,
        expected=decision.change_expected,
        reference=decision.change_reference,
    )
    return Turnover(
        change, installed, aged.natural, aged.early, net_moved, decision.unmet, moved.flow
    )


def _observed_installations(xp: Any, p: FleetParameters, clock: Clock, retired: Array) -> Array:
    """Installations that reproduce the observed capacity; negative where it fell faster."""
    observed = p.observed
    each = at(observed.net_change, clock) + retired
    whole = at(observed.total_change, clock) + xp.sum(retired, axis=1, keepdims=True)
    split = at(observed.addition_share, clock) * whole
    return observed.by_technology * each + (1.0 - observed.by_technology) * split


def _retrofits(
    xp: Any, p: FleetParameters, state: FleetState, signals: Signals, clock: Clock
) -> brownfield.Retrofit:
    """Capacity on the move between technologies, back in the shape of the block."""
    arcs = p.brownfield.arcs
    ages = state.capacity.shape[0]
    standing = xp.sum(state.capacity, axis=0)
    places = standing.shape[0] * standing.shape[1]
    flat = standing.reshape(places, -1)
    cost = signals.short_run.reshape(places, -1)
    availability = at(p.choosing.availability, clock).reshape(places, -1)
    fleet_total = xp.sum(standing, axis=1)[:, xp.newaxis, :]
    room = p.planning.ramp * (standing + state.pipeline) + p.planning.seed * fleet_total
    rate = brownfield.retrofit_rate(
        xp,
        source_cost=cost[arcs.source],
        target_cost=cost[arcs.target],
        annual_retrofit_cost=p.brownfield.annual_cost,
        maximum=p.brownfield.maximum,
        availability=availability[arcs.target],
        policy=signals.retrofit_policy,
    )
    rate = brownfield.limit_rate(
        xp,
        rate=rate,
        source_capacity=flat[arcs.source],
        limit=room.reshape(places, -1)[arcs.target] * availability[arcs.target],
    )
    moved = brownfield.retrofit(
        xp, arcs, capacity=state.capacity.reshape(ages, places, -1), rate=rate
    )
    return brownfield.Retrofit(moved.change.reshape(ages, *standing.shape[:2], -1), moved.flow)
