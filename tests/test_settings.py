"""No dead setting: each one of each policy moves an outcome, by itself or beside the others."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from simulator.reading.catalogue import load_policies
from simulator.reading.library import shipped
from simulator.reading.resolution import Entries, Resolved
from simulator.reading.scenario import load
from simulator.results.dataset import variables
from tests.test_levers import END, strongest
from tests.together import run_together

READ = (
    "emissions_net", "methane", "capacity", "cost_carbon", "cbam_cost", "allowances",
    "aluminium_clean_power_share", "efficiency_mix", "carbon_price", "chargers",
)  # fmt: skip
WRITTEN: dict[tuple[str, str], Any] = {
    ("blast_furnace_moratorium", "replacement_ratio"): 2.0,
    ("kiln_benchmark", "replacement_ratio"): 2.0,
    ("aluminium_capacity_ceiling", "replacement_ratio"): 2.0,
    ("carbon_market_cap", "mode"): 0.5,
    ("motor_standard", "ie2"): 2030,
    ("transformer_standard", "s13"): 2035,
    ("circularity", "plastics_recycling"): {2024: 0.31, 2040: 0.6},
    ("building_programme", "building_heat_pumps"): 0.6,
    ("building_programme", "network_heat_pumps"): 0.4,
    ("border_adjustment", "deduction"): 0.5,
}
"""Settings that the strongest shipped scenario leaves alone, or that are history there."""

WANTED: dict[tuple[str, str], dict[str, float]] = {
    ("blast_furnace_moratorium", "replacement_ratio"): {
        "parameters.steel.in_use.infrastructure.saturation": 3.0,
        "parameters.steel.in_use.buildings.saturation": 5.5,
    },
    ("aluminium_capacity_ceiling", "replacement_ratio"): {
        "parameters.aluminium.in_use.saturation": 0.65
    },
}
"""A rule of replacement binds only where new plants are wanted."""

SETTINGS = [
    (name, key)
    for name, policy in load_policies(shipped()).items()
    if policy.active
    for key in policy.settings
]


def pairs(name: str, key: str) -> tuple[tuple[Resolved, Resolved], tuple[Resolved, Resolved]]:
    """Without and with the setting: where nothing else is set, and where all is."""
    none, full = (
        load(each).replace({"horizon.end": END}) for each in ("frozen", "accelerated")
    )
    written = WRITTEN.get((name, key), strongest().get(name, {}).get(key))
    assert written is not None, "no shipped scenario sets it: write it above"
    world = WANTED.get((name, key), {})
    alone = {f"policies.{name}.{key}": written}
    bare, strong = none.replace(world).resolved, full.replace({**world, **alone}).resolved
    acts_on = load_policies(shipped())[name].settings[key].acts_on
    over = {path: e for path, e in strong.parameters.overrides.items() if path not in acts_on}
    over |= {path: bare.parameters[path] for path in acts_on if path in bare.parameters}
    without = replace(strong, parameters=Entries(strong.parameters.base, over))
    return (bare, none.replace({**world, **alone}).resolved), (without, strong)


@cache
def moved() -> dict[tuple[str, str], float]:
    """Largest change of any result, in parts of its peak, by setting."""
    runs = [each for setting in SETTINGS for pair in pairs(*setting) for each in pair]
    batch = run_together(runs)
    found = {
        name: np.nan_to_num(array[..., : len(runs)])
        for name, array in variables(batch.model, batch.record, READ).items()
    }
    change = np.zeros(len(runs) // 2)
    for array in found.values():
        off, on = array[..., ::2], array[..., 1::2]
        axes = tuple(range(array.ndim - 1))
        peak = np.maximum(np.abs(off).max(axis=axes), 1e-12)
        change = np.maximum(change, np.abs(on - off).max(axis=axes) / peak)
    both = change.reshape(-1, 2).max(axis=1)
    return dict(zip(SETTINGS, both.tolist(), strict=True))


@pytest.mark.slow
@pytest.mark.parametrize(("name", "key"), SETTINGS)
def test_every_setting_acts(name: str, key: str) -> None:
    assert moved()[name, key] > 1e-5
