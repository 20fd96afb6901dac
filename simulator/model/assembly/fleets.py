"""Parameters and initial stocks of a block of fleets, from the data and the scenario."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS
from simulator.equations import fleet_parameters as kernel
from simulator.equations.cost import capital_recovery
from simulator.equations.fleet import Chain
from simulator.equations.learning import learning_exponent
from simulator.equations.retrofit import Arcs
from simulator.model.assembly.fleet_history import (
    first_additions,
    observed_growth,
    observed_history,
)
from simulator.model.assembly.fleet_reader import Reader
from simulator.model.layout import GENERATORS, Layout
from simulator.model.series import Knots, SeriesSpec, constant, later
from simulator.model.values import Values
from simulator.reading.fleets import Fleet

FloatArray = NDArray[np.float64]

PHASE_IN: Final = 5.0
"""Years from first availability of a technology to full availability."""

WIND_DOWN: Final = 1.0
"""Years before a ban over which orders fade, so that none are left at its date."""

REFERENCE_TIME: Final = 2021.0
"""End of the base year, at which capital costs are stated."""

HOURS: Final = 8.76
"""Thousand hours in a year: MWh of a kW that never stands still."""

MISSING_WEIGHT: Final = -700.0
"""Logarithm of the share weight of a place without a technology."""


class Block(NamedTuple):
    """A block of fleets ready to run."""

    parameters: kernel.FleetParameters
    """Parameters, with series still to be placed on the grid."""
    initial_capacity: FloatArray
    """Capacity by age class at the start, (A, F, T, S) [unit]."""
    initial_pipeline: FloatArray
    """Under construction at the start, (F, T, S) [unit]."""
    initial_experience: FloatArray
    """Cumulative installations at the start, (F, T, S) [unit]."""
    past_growth: FloatArray
    """Growth of demand before the start, (F, S) [1/yr]."""


def assemble_fleets(values: Values, layout: Layout) -> Block:
    """Parameters and initial stocks of every fleet of a layout."""
    read = Reader(values, layout)
    lifetime = read.technologies("lifetime", "yr", empty=20.0)
    chain = _chain(layout, lifetime)
    planning = _planning(read)
    observed = observed_history(read)
    economics = _economics(read, lifetime)
    parameters = kernel.FleetParameters(
        chain=chain,
        planning=planning,
        choosing=_choosing(read),
        technique=_technique(read),
        economics=economics,
        brownfield=_brownfield(read, lifetime),
        observed=observed,
        exists=layout.exists(),
    )
    growth = read.fleets("past_growth", "1/yr")
    capacity = _initial_capacity(read, chain, growth)
    retiring = (capacity * chain.leaves).sum(axis=0) * chain.transfer
    additions = np.maximum(first_additions(read) + retiring, 0.0)
    return Block(
        parameters=parameters,
        initial_capacity=capacity,
        initial_pipeline=planning.construction_time * additions,
        initial_experience=_initial_experience(read, economics),
        past_growth=growth,
    )


def _chain(layout: Layout, lifetime: FloatArray) -> Chain:
    classes = np.array([fleet.declaration.age_classes for fleet in layout.fleets])
    age = np.arange(1, layout.age_classes + 1)[:, None]
    weight = np.where(age <= classes, 2.0 * age / (classes + 1.0), 0.0)
    return Chain(
        transfer=classes[:, None, None] / lifetime,
        passes=(age < classes).astype(float)[:, :, None, None],
        leaves=(age == classes).astype(float)[:, :, None, None],
        age_weight=weight[:, :, None, None],
    )


def _planning(read: Reader) -> kernel.Planning:
    stock = [[float(f.declaration.kind == "stock")] for f in read.layout.fleets]
    construction = read.technologies("construction_time", "yr")
    exists = read.layout.exists()
    lead = (construction * exists).sum(axis=1) / exists.sum(axis=1)
    return kernel.Planning(
        smoothing_time=read.fleets("expectation_time", "yr"),
        trend_time=read.fleets("trend_time", "yr"),
        lead_time=lead,
        adjustment_time=read.fleets("adjustment_time", "yr"),
        target_utilisation=read.fleets("target_utilisation", "1"),
        growth_limit=read.fleets("growth_limit", "1/yr"),
        is_stock=np.array(stock),
        construction_time=construction,
        ramp=read.technologies("ramp", "1/yr"),
        seed=read.technologies("seed", "1/yr"),
        replacement_ratio=read.technologies("replacement_ratio", "1"),
        economic_rate=read.fleets("economic_retirement_rate", "1/yr")[:, None],
        idle_rate=read.fleets("idle_retirement_rate", "1/yr")[:, None],
        idle_below=read.fleets("idle_utilisation", "1")[:, None],
    )


def _availability(read: Reader) -> SeriesSpec:
    def knots(fleet: Fleet, technology: str) -> tuple[Knots, ...] | None:
        paths = [
            read.technology_path(fleet, technology, name) for name in ("availability", "ban")
        ]
        if None in paths:
            message = "common.technology_defaults must hold availability and ban"
            raise KeyError(message)
        start, ban = (read.values.dates(str(path)) for path in paths)
        return tuple(
            _window(float(a), float(b))
            for a, b in zip(*np.broadcast_arrays(start, ban), strict=True)
        )

    return read.series(knots)


def _window(start: float, ban: float) -> Knots:
    """Availability between a first sale with its phase-in and a ban with its wind-down."""
    times = np.array(sorted({start, start + PHASE_IN, ban - WIND_DOWN, ban}))
    rising = np.clip((times - start) / PHASE_IN, 0.0, 1.0)
    falling = np.clip((ban - times) / WIND_DOWN, 0.0, 1.0)
    return times, rising * falling


def _choosing(read: Reader) -> kernel.Choosing:
    layout = read.layout
    weight = read.technologies("share_weight", "1", missing=1.0, empty=1.0)
    log_weight = np.where(
        layout.exists() > 0, np.log(np.maximum(weight, 1e-12)), MISSING_WEIGHT
    )
    members, outside = np.zeros((2, 2, len(layout.fleets), layout.places, 1))
    on_output = np.zeros((2, len(layout.fleets), 1))
    floors: list[tuple[Knots, ...]] = [(constant(0.0),)] * (2 * len(layout.fleets))
    for row, fleet in enumerate(layout.fleets):
        for rank, (name, mandated) in enumerate(fleet.declaration.floors.items()):
            for place, technology in enumerate(layout.technologies(fleet)):
                members[rank, row, place] = technology in mandated.members
                outside[rank, row, place] = (
                    mandated.within != () and technology not in mandated.within
                )
            on_output[rank, row] = float(fleet.declaration.kind == "plant")
            path = f"{fleet.folder}.fleets.{fleet.name}.floors.{name}"
            floors[rank * len(layout.fleets) + row] = read.values.knots(path, "1")
    return kernel.Choosing(
        availability=later(_availability(read)),
        long_run_log_share_weight=log_weight,
        share_weight_time=read.fleets("share_weight_time", "yr")[:, None],
        operating_weight_time=read.fleets("operating_weight_time", "yr")[:, None],
        exponent=read.fleets("choice_exponent", "1")[:, None],
        perception_time=read.fleets("perception_time", "yr")[:, None],
        floor_members=members,
        floor_outside=outside,
        floor_shares=later(SeriesSpec(tuple(floors), (2, len(layout.fleets)))),
        floor_on_output=on_output,
    )


def _technique(read: Reader) -> kernel.Technique:
    energy = [
        read.technologies(f"energy.{carrier}", "GJ/u", missing=0.0) for carrier in CARRIERS
    ]
    reported = [[[float(f.declaration.reported_energy)]] for f in read.layout.fleets]

    def new_energy(fleet: Fleet, technology: str) -> tuple[Knots, ...] | None:
        path = read.technology_path(fleet, technology, "energy_new")
        return None if path is None else read.values.knots(path, "1")

    return kernel.Technique(
        energy=np.stack(np.broadcast_arrays(*energy)),
        new_energy=later(read.series(new_energy, empty=1.0)),
        energy_floor=read.technologies("energy_floor", "1", missing=1.0),
        improvement=read.fleets("improvement_rate", "1/yr")[:, None],
        process=read.technologies("process_emissions", "t CO2/u", missing=0.0),
        capture=read.technologies("capture_rate", "1", missing=0.0),
        operating_exponent=read.fleets("operating_exponent", "1")[:, None],
        maximum_utilisation=read.fleets("maximum_utilisation", "1")[:, None],
        reported=np.array(reported),
    )


def _economics(read: Reader, lifetime: FloatArray) -> kernel.Economics:
    fixed = read.technologies("fixed_cost_share", "1/yr")
    discount = read.fleets("discount_rate", "1/yr")[:, None]
    capital = read.technologies("capital_cost", "CNY/c", empty=1.0)
    rate = read.technologies("learning_rate", "1", missing=0.0)
    initial = read.technologies("initial_cumulative", "K", missing=1.0, empty=1.0)
    spill = read.technologies("rest_of_world_additions", "1", missing=0.0)
    spill_over = spill * read.values.number("common.learning_spill_over", "1")
    reference = initial + observed_growth(read, REFERENCE_TIME) * (1 + spill_over)
    pooling = _pooling(read)
    return kernel.Economics(
        capital=capital,
        capital_floor=read.technologies("cost_floor", "CNY/c", missing=0.0),
        learning_exponent=learning_exponent(np, rate),
        reference_experience=(pooling[..., None] * reference[:, None]).sum(axis=2),
        spill_over=spill_over,
        pooling=pooling,
        recovery=capital_recovery(np, discount, lifetime) + fixed,
        fixed=fixed,
        variable=read.technologies("variable_cost", "CNY/u", missing=0.0),
    )


def _pooling(read: Reader) -> FloatArray:
    layout = read.layout
    pooling = np.tile(np.eye(layout.places), (len(layout.fleets), 1, 1))
    for row, place, fleet, technology in layout.slots():
        names = layout.technologies(fleet)
        for other in fleet.declaration.technologies[technology].learns_with:
            pooling[row, place, names.index(other)] = 1.0
    return pooling


def _brownfield(read: Reader, lifetime: FloatArray) -> kernel.Brownfield:
    layout = read.layout
    arcs = [
        (
            row,
            layout.technologies(fleet).index(source),
            layout.technologies(fleet).index(target),
        )
        for row, fleet in enumerate(layout.fleets)
        for source, target in fleet.declaration.retrofits
    ]
    fleets = np.array([arc[0] for arc in arcs], dtype=np.intp)
    source = fleets * layout.places + np.array([arc[1] for arc in arcs], dtype=np.intp)
    target = fleets * layout.places + np.array([arc[2] for arc in arcs], dtype=np.intp)
    incidence = np.zeros((len(layout.fleets) * layout.places, len(arcs)))
    incidence[source, np.arange(len(arcs))] -= 1.0
    incidence[target, np.arange(len(arcs))] += 1.0
    cost = read.technologies("retrofit_cost", "CNY/c", missing=0.0)
    flat_cost = cost.reshape(-1, cost.shape[-1])[target]
    discount = read.fleets("discount_rate", "1/yr")[fleets]
    remaining = lifetime.reshape(-1, lifetime.shape[-1])[target]
    annual = flat_cost * capital_recovery(np, discount, remaining)
    return kernel.Brownfield(
        arcs=Arcs(source, target, incidence),
        capital=flat_cost,
        annual_cost=annual / _activity_per_capacity(read)[target],
        maximum=read.fleets("retrofit_rate", "1/yr")[fleets],
    )


def _activity_per_capacity(read: Reader) -> FloatArray:
    """Activity of a unit of capacity in a year, by place, (F * T, S): MWh of a kW, u of a u."""
    if read.layout.fleets[0].name == GENERATORS:
        factor = HOURS * read.technologies("maximum_utilisation", "1", missing=1.0, empty=1.0)
    else:
        wanted = read.fleets("target_utilisation", "1")[:, None]
        factor = np.repeat(wanted, read.layout.places, axis=1)
    return factor.reshape(-1, factor.shape[-1])


def _initial_capacity(read: Reader, chain: Chain, growth: FloatArray) -> FloatArray:
    """Age classes at the start: observed shares, or those of past exponential growth."""
    layout = read.layout
    total = read.technologies("initial_capacity", "K", missing=0.0)
    ratio = chain.transfer / (chain.transfer + growth[:, None])
    present = (chain.age_weight > 0).astype(float)
    age = np.arange(layout.age_classes)[:, None, None, None]
    profile = present * ratio**age
    profile = profile / profile.sum(axis=0)
    known = {}
    for row, place, fleet, technology in layout.slots():
        for name in (
            f"{fleet.folder}.technologies.{technology}.initial_age",
            f"{fleet.folder}.fleets.{fleet.name}.initial_age",
        ):
            if read.values.has(f"{name}.1"):
                paths = [f"{name}.{a + 1}" for a in range(fleet.declaration.age_classes)]
                known[row, place] = read.values.table(paths, "1")
                break
    widths = [(1, 1, 1, part.shape[-1]) for part in known.values()]
    size = np.broadcast_shapes(profile.shape, (1, *total.shape), *widths)
    shares = np.array(np.broadcast_to(profile, size))
    for (row, place), part in known.items():
        shares[: len(part), row, place] = part / part.sum(axis=0)
    return shares * total


def _initial_experience(read: Reader, economics: kernel.Economics) -> FloatArray:
    initial = read.technologies("initial_cumulative", "K", missing=1.0, empty=1.0)
    shape = np.broadcast_shapes(initial.shape, economics.spill_over.shape)
    return np.array(np.broadcast_to(initial, shape))
