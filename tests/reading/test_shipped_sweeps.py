"""The sweeps that ship: read without a warning, and as large as they say."""

import time

import numpy as np
import pytest

from simulator.reading.library import shipped
from simulator.reading.scenario import list_scenarios
from simulator.reading.sweep import list_sweeps, load_sweep
from tests.drawn import same


@pytest.mark.parametrize("name", list_sweeps())
def test_every_shipped_sweep_reads_without_a_warning(name: str) -> None:
    sweep = load_sweep(name)
    assert sweep.name == name
    assert sweep.warnings == ()
    assert sweep.file == f"scenarios/sweeps/{name}.yaml"
    assert all(one.label_en and one.label_zh for one in sweep.inputs)


def test_the_shipped_sweeps_are_no_scenarios() -> None:
    assert set(list_sweeps()) == {"carbon_price_grid", "policy_and_parameters", "uncertainty"}
    assert not set(list_sweeps()) & {one.name for one in list_scenarios()}
    assert (shipped().scenarios / "sweeps").is_dir()


def test_the_large_shipped_sweep_has_ten_policies_and_ten_parameters() -> None:
    sweep = load_sweep("policy_and_parameters")
    policies = [one for one in sweep.inputs if one.key.startswith("policies.")]
    assert (len(sweep), len(policies), len(sweep.inputs)) == (10_000, 10, 20)
    assert all(len(np.unique(column)) == 10_000 for column in sweep.table.T)
    started = time.process_time()
    for index in range(500):
        sweep.resolved(index)
    assert (time.process_time() - started) / 500 < 2e-3  # ten times what it takes


def test_a_shipped_scenario_of_the_sweep_is_that_of_replace() -> None:
    sweep = load_sweep("policy_and_parameters")
    base, row = sweep.bases[0], sweep.table[1234]
    changes: dict[str, object] = {}
    for one, value in zip(sweep.inputs, row, strict=True):
        whole, _, ending = one.key.rpartition(".")
        if not (ending == "scale" or ending.isdigit()):
            key = one.key if one.key.startswith("policies.") else f"parameters.{one.key}"
            changes[key] = value
            continue
        if whole.startswith("policies."):
            _, policy, setting = whole.split(".")
            series, key = base.resolved.policies[policy][setting], whole
        else:
            series, key = base.resolved.parameters.series(whole), f"parameters.{whole}"
        knots = dict(zip(*series, strict=True))
        if ending == "scale":
            knots = {when: old * value if when > 2025 else old for when, old in knots.items()}
        else:
            knots[float(ending)] = value
        changes[key] = dict(sorted(knots.items()))
    same(sweep.resolved(1234), base.replace(changes).resolved)
