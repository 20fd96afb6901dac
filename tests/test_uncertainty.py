"""The first-order uncertainties: none is dead, and each is centred on what is shipped."""

from functools import cache
from typing import Any

import numpy as np
import pytest
import yaml

from simulator.reading.library import shipped
from simulator.reading.scenario import load
from simulator.reading.sweep import load_sweep
from simulator.results.batches import runner_for
from simulator.results.dataset import variables

NAME = "uncertainty"
READ = ("emissions_net", "methane", "electricity_demand", "capacity", "scrap_price")

with (shipped().scenarios / "sweeps" / f"{NAME}.yaml").open(encoding="utf-8") as file:
    VARIED: dict[str, dict[str, Any]] = yaml.safe_load(file)["vary"]


@cache
def ends() -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Results at both ends of every input, the others in the middle."""
    sweep = load_sweep(NAME)
    middle = np.median(sweep.table, axis=0)
    rows = np.repeat(middle[np.newaxis], 2 * len(sweep.inputs), axis=0)
    for number, column in enumerate(sweep.table.T):
        rows[2 * number : 2 * number + 2, number] = column.min(), column.max()
    scenarios = [sweep.overlays[0].resolved(row.tolist()) for row in rows]
    found: list[dict[str, Any]] = []
    for batch in runner_for(sweep, 0).run(scenarios):
        values = variables(batch.model, batch.record, READ)
        found += [
            {name: array[..., column].copy() for name, array in values.items()}
            for column in range(len(batch.scenarios))
        ]
    keys = [item.key for item in sweep.inputs]
    return dict(zip(keys, zip(found[::2], found[1::2], strict=True), strict=True))


def test_all_lie_in_their_plausible_ranges():
    sweep = load_sweep(NAME)
    assert len(sweep) == 500
    assert sweep.warnings == ()


@pytest.mark.parametrize("key", VARIED)
def test_the_mode_is_what_is_shipped(key):
    base = load(load_sweep(NAME).bases[0].resolved.name).resolved
    mode = VARIED[key]["mode"]
    if key.endswith(".scale"):
        assert mode == 1
        return
    path, _, year = key.rpartition(".")
    if year.isdigit():
        entry = base.parameters[path]
        assert np.interp(float(year), entry.times, entry.values) == pytest.approx(mode)
    else:
        assert base.parameters[key].values == (pytest.approx(mode),)


@pytest.mark.parametrize("key", VARIED)
def test_no_knob_is_dead(key):
    low, high = ends()[key]
    moved = max(
        float(np.abs(high[name] - low[name]).max() / np.abs(low[name]).max()) for name in READ
    )
    assert moved > 1e-3
