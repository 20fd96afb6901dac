"""No dead number: every parameter with a range moves an output, or stands here with a reason.

All of them together take minutes, so an ordinary run moves one of `TURNS` parts, the same each
time; with ``EVERY_NUMBER`` in the environment it moves all.
"""

import os
from collections.abc import Mapping
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from inspect import getsource
from typing import Any, Final, NamedTuple

import numpy as np
import pytest

from simulator.model.assembly.power import observed_share
from simulator.model.national import NationalModel
from simulator.model.packing import leaves
from simulator.reading.fleets import load_fleets
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load
from tests.every_number import MOVES, Move, Mover, Settings, ranged, with_moved

TURNS: Final = 8
"""Parts of the parameters, of which an ordinary run moves one."""

BASE: Final = "current_policies"

_CHOSEN = {"history": "endogenous"}
_BUILD = ("hydro",)

SCENARIOS: Final[Mapping[str, tuple[str, Settings]]] = {
    BASE: (BASE, {}),
    "national_targets": ("national_targets", {}),
    "accelerated": ("accelerated", {}),
    "frozen": ("frozen", {}),
    "history modelled": (BASE, _CHOSEN),
    "nothing banned": (
        BASE,
        _CHOSEN
        | {
            f"parameters.{kind}.ban": 2040
            for kind in (
                "construction_machinery.technologies.stage_0",
                "construction_machinery.technologies.stage_1",
                "equipment.technologies.s9",
            )
        },
    ),
    "methane of the documents": (BASE, {"parameters.coal_mining.methane_source": 0.0}),
    "plastics recycled": (
        BASE,
        {"policies.circularity.plastics_recycling": {2024: 0.31, 2040: 0.6}},
    ),
    "chillers replaced": (BASE, {"parameters.semiconductors.thermoelectric_adoption": 0.5}),
    "textiles leave": (BASE, {"parameters.textiles.relocation": 0.2}),
    "warm metalworking": (
        BASE,
        {"parameters.heat.fleets.metalworking_heat.low_temperature_share": 0.15},
    ),
    "every group moves": (
        BASE,
        {
            f"parameters.groups.{group}.{name}": 0.1
            for group in ("defaults", "coal_mining")
            for name in ("hydrogen_target", "hydrogen_potential")
        }
        | {
            "parameters.groups.defaults.electrification_target": 0.1,
            "parameters.groups.defaults.electrification_potential": 0.1,
            "parameters.groups.defaults.capture_target": 0.1,
        },
    ),
    "capacity does not follow": ("national_targets", {"parameters.loops.capacity_gap": 0.0}),
    "building unlimited": (
        BASE,
        {f"parameters.power.maximum_build.{name}": 1000.0 for name in _BUILD},
    ),
}
"""Where a parameter may be felt that the base does not feel: a shipped scenario, or the base
with other settings."""


class Elsewhere(NamedTuple):
    """Parameters that the base does not feel."""

    where: str
    """One of `SCENARIOS` that feels them."""
    why: str
    paths: tuple[str, ...]
    """Patterns of paths."""
    to: float | None = None
    """Where they are moved to be felt, if no value in their range is."""


POLICY: Final = "what it belongs to comes with policies only"
LATER: Final = "history is observed, and no more is ordered afterwards"
LIMIT: Final = "a limit that binds nowhere in its range"

ELSEWHERE: Final = (
    Elsewhere(
        "national_targets",
        POLICY,
        (
            "carbon_market.forecast.minimum",
            "carbon_removal.technologies.direct_air_capture.availability",
            "carbon_removal.technologies.direct_air_capture.ramp",
            "carbon_removal.technologies.direct_air_capture.seed",
            "carbon_removal.fleets.direct_air_capture.maximum_utilisation",
            "cement.technologies.kiln_ccs.ramp",
            "cement.technologies.kiln_electric.ramp",
            "equipment.technologies.*.replaced_early",
            "equipment.fleets.motors.technologies.ie[45].ramp",
            "equipment.fleets.*.technologies.grade_[12].ramp",
            "groups.domestic_aviation.electrification_potential",
            "heat.technologies.electric.ramp",
            "heat.technologies.heat_pump.seed",
            "hydrogen.support_eligible.*",
            "hydrogen.technologies.coal_ccs.ramp",
            "hydrogen.technologies.grid_electrolysis.seed",
            "petrochemicals.fleets.coal_chemicals.technologies.*.ramp",
            "petrochemicals.fleets.ammonia.technologies.green.ramp",
            "power.maximum_build.csp",
            "power.maximum_build.beccs",
            "power.maximum_build.battery",
            "power.phase_out.*",
            "power.technologies.coal_ccs.ramp",
            "power.technologies.csp.ramp",
            "power.technologies.csp.seed",
            "power.technologies.offshore_wind.potential",
            "power.technologies.beccs.potential",
            "steel.technologies.gas_dri.ramp",
            "steel.technologies.hydrogen_dri.ramp",
            "vehicles.adoption.charger_lifetime",
        ),
    ),
    Elsewhere(
        "accelerated",
        POLICY,
        (
            "petrochemicals.fleets.phosphate.technologies.capture.ramp",
            "power.technologies.gas_ccs.ramp",
            "power.technologies.offshore_wind.ramp",
            "power.technologies.beccs.seed",
            "power.technologies.onshore_wind.potential",
            "power.technologies.biomass.potential",
        ),
    ),
    Elsewhere(
        "frozen",
        "felt where supply is short or coal stays",
        ("carbon_market.corridor.maximum",),
    ),
    Elsewhere(
        "history modelled",
        LATER,
        (
            "carbon_market.forecast.maximum",
            "construction_machinery.technologies.hybrid.availability",
            "construction_machinery.technologies.battery_electric.availability",
            "construction_machinery.technologies.stage_[23].ramp",
            "construction_machinery.technologies.stage_[23].seed",
            "construction_machinery.technologies.stage_[23].share_weight",
            "equipment.fleets.motors.technologies.ie[12].share_weight",
            "equipment.fleets.transformers.technologies.s11.share_weight",
            "equipment.fleets.transformers.technologies.s13.share_weight",
            "equipment.fleets.transformers.technologies.nx[12].ramp",
            "heat.technologies.coal.ramp",
            "heat.technologies.gas.seed",
            "heat.technologies.oil_biomass.ramp",
            "heat.technologies.oil_biomass.seed",
            "heat.technologies.hydrogen.seed",
            "petrochemicals.fleets.phosphate.technologies.green.ramp",
            "petrochemicals.fleets.calcium_carbide.technologies.green.ramp",
            "power.technologies.coal_supercritical.ramp",
            "power.technologies.onshore_wind.ramp",
            "power.technologies.onshore_wind.seed",
            "power.technologies.offshore_wind.seed",
            "power.technologies.solar_*.ramp",
            "power.technologies.solar_*.seed",
            "power.technologies.biomass.ramp",
            "power.technologies.biomass.seed",
            "power.technologies.gas.seed",
            "vehicles.technologies.hybrid.ramp",
            "vehicles.technologies.hybrid.seed",
        ),
    ),
    Elsewhere(
        "nothing banned",
        "off the market before history begins",
        (
            "construction_machinery.technologies.stage_[01].ramp",
            "construction_machinery.technologies.stage_[01].seed",
            "construction_machinery.technologies.stage_[01].share_weight",
            "equipment.fleets.transformers.technologies.s9.share_weight",
        ),
    ),
    Elsewhere(
        "methane of the documents",
        "one of two sources of methane is chosen",
        ("coal_mining.gas_content.documents",),
    ),
    Elsewhere(
        "plastics recycled",
        "no more is recycled than at the end of history",
        (
            "petrochemicals.plastics.*",
            "petrochemicals.recycling_electricity",
        ),
    ),
    Elsewhere(
        "chillers replaced",
        "nobody has decided for it",
        (
            "semiconductors.chiller_share",
            "semiconductors.thermoelectric_saving",
        ),
    ),
    Elsewhere(
        "textiles leave", "no more relocation than the index expects", ("textiles.exposure.*",)
    ),
    Elsewhere(
        "warm metalworking",
        "metalworking takes no heat that a heat pump can give",
        ("heat.fleets.metalworking_heat.technologies.heat_pump.*",),
    ),
    Elsewhere(
        "every group moves",
        "no group moves that has no number of its own",
        (
            "groups.defaults.*_ratio",
            "groups.defaults.*_premium",
            "groups.defaults.capture_cost",
            "groups.coal_mining.hydrogen_ratio",
            "groups.coal_mining.hydrogen_premium",
        ),
    ),
    Elsewhere(
        "capacity does not follow",
        "nothing is short in the shipped scenarios",
        ("common.price.scarcity_response", "loops.scarcity"),
    ),
    Elsewhere("frozen", LIMIT, ("steel.scrap.drawdown_time",), 5.0),
    Elsewhere(
        "building unlimited",
        "what may be built in a year is less",
        (
            "power.technologies.hydro.ramp",
            "power.technologies.hydro.seed",
        ),
    ),
    Elsewhere("national_targets", LIMIT, ("carbon_storage.maximum_injection",), 300.0),
    Elsewhere("national_targets", LIMIT, ("power.curtailment.maximum",), 0.02),
    Elsewhere("national_targets", LIMIT, ("power.technologies.csp.potential",), 2.0),
    Elsewhere(BASE, LIMIT, ("power.technologies.coal_subcritical.maximum_utilisation",), 0.3),
    Elsewhere(BASE, LIMIT, ("heat.fleets.agriculture_heat.low_temperature_share",), 0.05),
    Elsewhere(BASE, LIMIT, ("steel.output_limit",), 600.0),
    Elsewhere(BASE, LIMIT, ("groups.pipelines.electrification_target",), 0.65),
    Elsewhere(
        "history modelled",
        LIMIT,
        ("vehicles.technologies.combustion.ramp",),
        0.0,
    ),
)
"""A parameter belongs to the last entry that names it."""

OUTSIDE: Final[Mapping[str, str]] = {
    **{
        f"life_cycle.product.{product}.*": "simulator.results.life_cycle"
        for product in (
            "battery.recycling",
            "car_battery_electric",
            "car_combustion",
            "crane",
            "motor",
            "transformer",
            "vehicle",
        )
    },
    "life_cycle.copper.*": "simulator.results.life_cycle",
    "common.social_discount_rate": "simulator.analysis.abatement",
    "aluminium.coal_power_intensity": "calibration.materials_side",
    "equipment.fleets.transformers.technologies.*.reference_share": "calibration.factors",
}
"""Parameters that no run reads, and the module that does."""

EARLIER: Final = {"power.usual_years": 2022, "vehicles.travel.reference.*": 2019}
"""Parameters that are read where history ends in an earlier year, and such a year."""

ALONE: Final = "equipment.use.machinery.sector.*"
"""Parts of a group that is the only one of its sectors: its drives are theirs however it is
split."""

UNUSED_DEFAULTS: Final = ("choice_exponent", "maximum_utilisation", "past_growth")
"""Defaults of fleets that only fleets leave out in which they do nothing: one technology has
nothing to be chosen from, machines in use start with the ages that are given, and power plants
have a largest use of their own."""


@cache
def elsewhere() -> dict[str, Elsewhere]:
    """What is said of each parameter that is felt elsewhere."""
    return {
        path: entry
        for entry in ELSEWHERE
        for path in ranged()
        if any(fnmatchcase(path, pattern) for pattern in entry.paths) and path not in outside()
    }


@cache
def outside() -> set[str]:
    """Parameters that no run of today reads."""
    patterns = [
        *OUTSIDE,
        *EARLIER,
        ALONE,
        *(f"common.fleet_defaults.{n}" for n in UNUSED_DEFAULTS),
    ]
    return {path for path in ranged() if any(fnmatchcase(path, each) for each in patterns)}


def whose_turn() -> list[str]:
    """One part of the parameters, of all sectors; all where that is asked."""
    mixed = np.random.default_rng(0).permutation(np.array(ranged())).tolist()
    if "EVERY_NUMBER" in os.environ:
        return list(mixed)
    return list(mixed[TURNS - 1 :: TURNS])


@cache
def mover() -> Mover:
    """The engine, made once."""
    beyond = {path: entry.to for path, entry in elsewhere().items() if entry.to is not None}
    return Mover(SCENARIOS, beyond)


@pytest.mark.slow
def test_every_number_moves_an_output() -> None:
    """In current policies; the text of a failure names those that are dead."""
    paths = [path for path in whose_turn() if path not in outside() | set(elsewhere())]
    assert len(paths) > len(ranged()) / TURNS / 2
    found = dict(zip(paths, mover()([Move(path, BASE) for path in paths]), strict=True))
    assert [path for path, change in found.items() if not MOVES < change < np.inf] == []


@pytest.mark.slow
def test_the_others_move_one_where_it_is_said() -> None:
    """Elsewhere they are felt; where that is a value within the range, the base feels none."""
    known = elsewhere()
    paths = [path for path in whose_turn() if path in known]
    there = [Move(path, known[path].where, known[path].to) for path in paths]
    here = [Move(path, BASE) for path in paths]
    felt = dict(zip(paths, mover()(there), strict=True))
    assert [path for path, change in felt.items() if not MOVES < change < np.inf] == []
    idle = dict(zip(paths, mover()(here), strict=True))
    assert [path for path, change in idle.items() if change > MOVES] == []


def test_nothing_is_excused_that_is_not_there() -> None:
    patterns = {
        *OUTSIDE,
        *EARLIER,
        ALONE,
        *(path for entry in ELSEWHERE for path in entry.paths),
    }
    told = {each for each in patterns if not any(fnmatchcase(p, each) for p in ranged())}
    assert told == set()


def test_who_is_said_to_read_what_no_run_reads_names_it() -> None:
    for pattern, module in OUTSIDE.items():
        word = "life_cycle.product." if "product" in pattern else pattern.split(".")[-1]
        assert word.replace("*", "copper") in getsource(import_module(module)), pattern
    read = NationalModel([load(BASE).resolved]).values.read
    assert read.isdisjoint(path for path in outside() if path.startswith("common."))


def test_numbers_of_an_earlier_end_of_history_act_there() -> None:
    for pattern, year in EARLIER.items():
        early = load(BASE).replace({"history_end": year}).resolved
        base = NationalModel([early])
        for path in (path for path in ranged() if fnmatchcase(path, pattern)):
            moved = NationalModel([with_moved(early, path)])
            pairs = zip(_made(base), _made(moved), strict=True)
            assert any(not np.array_equal(one, other) for one, other in pairs), path


def _made(model: NationalModel) -> list[Any]:
    """Everything that a model is made of: its parameters, and what was built last."""
    built = observed_share(model.values, load_fleets()["generators"])
    return [array for _, array in leaves(model.parameters)] + [built]


def test_defaults_that_do_nothing_are_left_out_where_they_would_do_nothing() -> None:
    data = load_parameters()
    for fleet in load_fleets().values():
        kinds = fleet.declaration
        for name in UNUSED_DEFAULTS:
            own = f"{fleet.folder}.fleets.{fleet.name}.{name}" in data
            idle = kinds.kind == "stock" or len(kinds.technologies) == 1
            assert own or idle or fleet.folder == "power", (fleet.name, name)


def test_a_group_that_is_alone_in_its_sectors_says_all_of_their_drives() -> None:
    sectors = [path.split(".")[-1] for path in ranged() if fnmatchcase(path, ALONE)]
    assert len(sectors) > 1
    for sector in sectors:
        owners = [
            p for p in load_parameters() if fnmatchcase(p, f"equipment.use.*.sector.{sector}")
        ]
        assert owners == [ALONE.replace("*", sector)]
