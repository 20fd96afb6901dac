"""Parameters special to power, from the data and the scenario.

Capacity factors are observed up to the end of history, from published generation and capacity,
and expected afterwards. What the statistics give for a group, wind or sun, is shared among its
members in proportion to their expected capacity factors.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS
from simulator.equations.adequacy import HOURS, AdequacyParameters
from simulator.equations.dispatch import (
    CurtailmentParameters,
    DispatchParameters,
    FlexibilityParameters,
)
from simulator.equations.expansion import ExpansionParameters
from simulator.equations.flue_gas import FlueGasParameters
from simulator.equations.power import FuelParameters, PhaseOut, PowerParameters
from simulator.model.series import Knots, SeriesSpec, constant
from simulator.model.values import Values, stack
from simulator.reading.fleets import Fleet

FloatArray = NDArray[np.float64]
Array = NDArray[Any]

SOURCES: Final = {
    "nuclear": ("nuclear",),
    "hydro": ("hydro",),
    "wind": ("onshore_wind", "offshore_wind"),
    "solar": ("solar_utility", "solar_distributed", "csp"),
    "bioenergy": ("biomass",),
    "gas": ("gas",),
}
"""Which technologies share what the statistics call one source."""

BUILD_GROUPS: Final = {
    "solar": ("solar_utility", "solar_distributed"),
    "onshore_wind": ("onshore_wind",),
    "offshore_wind": ("offshore_wind",),
}
"""Which technologies share a minimum build."""

BLENDS: Final = {"coal": ("coal_subcritical", "coal_supercritical"), "gas": ("gas",)}
"""Carriers that hydrogen can replace, and where."""

CLEANING: Final = "environmental_protection.flue_gas"
"""Folder of the parameters of flue-gas cleaning."""

FIRST_TIERS: Final = 4
"""Tiers that run before thermal plants; the next are thermal plants and storage."""

UNLIMITED: Final = 1e6
"""Capacity that no resource limits [GW]."""


def assemble_power(values: Values, fleet: Fleet) -> PowerParameters:
    """Everything special to power; series are still to be placed on the grid of the run."""
    read = _Reader(values, fleet)
    return PowerParameters(
        own_use=_spec(values.series("power.own_use", "1")),
        fuel=_fuel(read),
        dispatch=_dispatch(read),
        adequacy=_adequacy(read),
        expansion=_expansion(read),
        phase_out=PhaseOut(
            start=values.dates("power.phase_out.start"),
            end=values.dates("power.phase_out.end"),
            strength=values.number("power.phase_out.strength", "1"),
            member=read.mask(BLENDS["coal"]),
        ),
        flue_gas=FlueGasParameters(
            electricity=values.number(f"{CLEANING}.electricity", "1"),
            limestone=values.number(f"{CLEANING}.limestone", "t CO2/MWh"),
            in_own_use=_spec(values.series("power.cleaning_in_own_use", "1")),
            following_time=values.number(f"{CLEANING}.following_time", "yr"),
            member=read.mask((*BLENDS["coal"], "coal_ccs")),
        ),
    )


def observed_share(values: Values, fleet: Fleet) -> FloatArray:
    """Shares in the yearly output added in the last year of history, (technology, S) [1].

    Additions are the observed net change plus what a steady fleet retires. Where support ended
    with that year, as had been announced, everybody hurried: the mean of some years counts.
    """
    read = _Reader(values, fleet)
    generates = read.table("merit_tier", "1") <= FIRST_TIERS + 1
    end, added = values.history_end, []
    for name, counted in zip(read.names, generates, strict=True):
        times, stock = read.year_ends(name)
        years = _usual_years(read, name)
        first, before, after = np.interp([end - years, end - 1.0, end], times, stock)
        life = values.number(read.path(name, "lifetime"), "yr")
        factor = np.array([level[0] for _, level in read.expected_factor(name)])
        usual = (after - first) / years + before / life
        added.append(counted * factor * np.maximum(usual, 0.0))
    share = stack(added)
    return np.asarray(share / share.sum(axis=0), dtype=np.float64)


def _usual_years(read: "_Reader", name: str) -> float:
    """Years whose mean tells what is usually built, the last one but after a rush [yr]."""
    values, ended = read.values, f"power.support_end.{name}"
    if values.has(ended) and (values.dates(ended) == values.history_end).all():
        return float(values.number("power.usual_years", "yr")[0])
    return 1.0


class _Reader:
    """Looks up the numbers of the power fleet, technology axis first."""

    def __init__(self, values: Values, fleet: Fleet) -> None:
        self.values = values
        self.fleet = fleet
        self.names = tuple(fleet.declaration.technologies)

    def path(self, technology: str, name: str) -> str:
        return f"power.technologies.{technology}.{name}"

    def table(self, name: str, unit: str, default: float | None = None) -> FloatArray:
        paths = [self.path(technology, name) for technology in self.names]
        return self.values.table(paths, unit, default)

    def mask(self, members: tuple[str, ...]) -> FloatArray:
        return np.array([[float(name in members)] for name in self.names])

    def series(self, name: str, unit: str, default: float) -> SeriesSpec:
        paths = [self.path(technology, name) for technology in self.names]
        knots = [
            self.values.knots(path, unit) if self.values.has(path) else (constant(default),)
            for path in paths
        ]
        return SeriesSpec(tuple(knots), (len(paths),))

    def number(self, name: str, unit: str = "1") -> FloatArray:
        return self.values.number(f"power.{name}", unit)

    def year_ends(self, technology: str) -> Knots:
        path = f"power.observed.generators.year_end_capacity.{technology}"
        return self.values.year_end_knots(path, "GW")[0]

    def expected_factor(self, technology: str) -> tuple[Knots, ...]:
        """Capacity factor; storage has none: what it discharges follows from its hours."""
        path = self.path(technology, "capacity_factor")
        stores = self.values.has(self.path(technology, "discharge_hours"))
        return (constant(0.0),) if stores else self.values.knots(path, "1")


def _kind(found: Array) -> FloatArray:
    """Of what kind a plant is, (..., technology, S): one column where all scenarios agree."""
    alike = bool((found == found[..., :1]).all())
    return np.asarray(found[..., :1] if alike else found, dtype=np.float64)


def _spec(spec: SeriesSpec) -> Any:
    """Let a series stand for the schedule that it becomes on the grid of the run."""
    return spec


def _fuel(read: _Reader) -> FuelParameters:
    energy = [read.table(f"energy.{carrier}", "GJ/MWh", 0.0) for carrier in CARRIERS]
    carrier = np.array(CARRIERS)[:, None, None]
    limits = [f"power.hydrogen_blend.limit.{name}" for name in BLENDS]
    return FuelParameters(
        energy=np.stack(np.broadcast_arrays(*energy)),
        heat_rate=_spec(read.series("heat_rate_index", "1", 1.0)),
        capture=read.table("capture_rate", "1", 0.0),
        blended=np.stack([read.mask(members) for members in BLENDS.values()]),
        replaced=np.isin(carrier, list(BLENDS)).astype(float),
        hydrogen=(carrier == "hydrogen").astype(float),
        replaced_carrier=np.stack([(carrier[:, 0] == name).astype(float) for name in BLENDS]),
        blend_limit=_spec(read.values.series_table(limits, "1")),
        blend_time=read.number("hydrogen_blend.time", "yr"),
        blend_tolerance=read.number("hydrogen_blend.tolerance"),
    )


def _dispatch(read: _Reader) -> DispatchParameters:
    tier = read.table("merit_tier", "1")
    tiers = _kind(np.stack([tier == number + 1 for number in range(FIRST_TIERS)]))
    concentrated = read.table("concentration_cost", "CNY/MWh", 0.0) > 0
    curtailment = [read.number(f"curtailment.{name}") for name in CurtailmentParameters._fields]
    return DispatchParameters(
        observed=_spec(_history(read.values.history_end)),
        capacity_factor=_spec(_capacity_factor(read)),
        tiers=tiers,
        earlier=np.tri(FIRST_TIERS, k=-1),
        variable=tiers[-1],
        concentrated=_kind(concentrated),
        thermal=_kind(tier == FIRST_TIERS + 1),
        metered=_kind(read.table("metered", "1", 0.0)),
        maximum_utilisation=read.table("maximum_utilisation", "1", 0.0),
        preference=read.table("dispatch_preference", "1", 0.0),
        exponent=read.number("fleets.generators.operating_exponent"),
        curtailment=CurtailmentParameters(*curtailment),
        flexibility=FlexibilityParameters(
            charging=read.number("flexibility.charging"), full=read.number("flexibility.full")
        ),
    )


def _adequacy(read: _Reader) -> AdequacyParameters:
    tier = read.table("merit_tier", "1")
    return AdequacyParameters(
        peak_ratio=1.0 / read.number("adequacy.load_factor"),
        reserve_margin=read.number("adequacy.reserve_margin"),
        demand_response=_spec(read.values.series("power.demand_response", "1")),
        credit=read.table("capacity_credit", "1", 0.0),
        storage=_kind(tier == FIRST_TIERS + 2),
        storage_credit=read.number("adequacy.storage_credit"),
        storage_saturation=read.number("adequacy.storage_saturation"),
        discharge_hours=read.table("discharge_hours", "h/yr", 0.0),
        round_trip=read.table("round_trip_efficiency", "1", 1.0),
    )


def _expansion(read: _Reader) -> ExpansionParameters:
    firm = read.table("firm_share_weight", "1", 0.0)
    floors = [f"power.minimum_build.{group}" for group in BUILD_GROUPS]
    caps = [f"power.maximum_build.{name}" for name in read.names]
    storage = _adequacy(read).storage
    return ExpansionParameters(
        energy_member=1.0 - storage,
        firm_log_weight=np.log(np.maximum(firm, 1e-12)),
        firm_member=_kind(firm > 0),
        backup_hours=read.number("expansion.backup_hours", "h/yr") / 1000.0,
        least_credit=read.number("expansion.least_credit"),
        choice_exponent=read.number("fleets.generators.choice_exponent"),
        adjustment_time=read.number("expansion.adjustment_time", "yr"),
        construction_time=read.table("construction_time", "yr"),
        displacement_time=read.number("expansion.displacement_time", "yr"),
        displacement_threshold=read.number("expansion.displacement_threshold"),
        displacement_margin=read.number("expansion.displacement_margin"),
        integration_cost=read.number("integration.cost", "CNY/MWh"),
        integration_threshold=read.number("integration.threshold"),
        concentration_cost=read.table("concentration_cost", "CNY/MWh", 0.0),
        concentration_threshold=read.number("integration.concentration_threshold"),
        minimum_build=_spec(read.values.series_table(floors, "GW/yr")),
        build_groups=np.stack([read.mask(members) for members in BUILD_GROUPS.values()]),
        maximum_build=_spec(read.values.series_table(caps, "GW/yr")),
        potential=read.table("potential", "GW", UNLIMITED),
        fade=read.number("expansion.fade"),
        ramp=read.table("ramp", "1/yr"),
        seed=read.table("seed", "1/yr"),
        storage_mandate=_spec(read.values.series("power.storage_mandate", "1")),
        mandate_start=read.number("expansion.mandate_start"),
        mandate_full=read.number("expansion.mandate_full"),
        mandate_time=read.number("expansion.mandate_time", "yr"),
        mandated=read.mask(("battery",)),
    )


def _history(end: float) -> SeriesSpec:
    """1 until the end of history, 0 afterwards."""
    knots = np.array([0.0, end, end]), np.array([1.0, 1.0, 0.0])
    return SeriesSpec(((knots,),), ())


def _capacity_factor(read: _Reader) -> SeriesSpec:
    """Observed capacity factors, then the expected ones, (technology,)."""
    source_of = {name: key for key, members in SOURCES.items() for name in members}
    cells = []
    for name in read.names:
        expected = read.expected_factor(name)
        if name in source_of:
            ratios = _observed_ratio(read, source_of[name])
            cells.append(
                tuple(
                    _joined(
                        *ratios[n % len(ratios)],
                        expected[n % len(expected)],
                        read.values.history_end,
                    )
                    for n in range(max(len(ratios), len(expected)))
                )
            )
        else:
            cells.append(expected)
    return SeriesSpec(tuple(cells), (len(read.names),))


def _observed_ratio(read: _Reader, source: str) -> tuple[Knots, ...]:
    """Observed output of a source relative to its expected output, by calendar year."""
    outputs = read.values.knots(f"power.observed.generation.{source}", "TWh/yr")
    factors = [read.expected_factor(name) for name in SOURCES[source]]
    found = []
    for n in range(max(map(len, [outputs, *factors]))):
        years, output = outputs[n % len(outputs)]
        usual = np.zeros_like(output)
        for name, factor in zip(SOURCES[source], factors, strict=True):
            times, stock = read.year_ends(name)
            ends = np.interp(years, times, stock), np.interp(years + 1.0, times, stock)
            usual += HOURS * factor[n % len(factor)][1][0] * 0.5 * (ends[0] + ends[1])
        known = years < read.values.history_end
        found.append((years[known], output[known] / usual[known]))
    return tuple(found)


def _joined(years: FloatArray, ratio: FloatArray, expected: Knots, end: float) -> Knots:
    """Join steps of the observed years, a jump to the expected series, and its later knots."""
    times, values = expected
    level = float(np.interp(end, times, values))
    steps = np.repeat(years, 2) + np.tile([0.0, 1.0], len(years))
    observed = np.repeat(ratio, 2) * values[0]
    later = times > end
    return (
        np.concatenate([steps, [end], times[later]]),
        np.concatenate([observed, [level], values[later]]),
    )
