"""A sweep survives kills, gives the same bits whoever works it out, and tells what failed."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from simulator.analysis import evaluation, execution
from simulator.analysis.evaluation import engine_settings, evaluate
from simulator.analysis.sweep import identity, run_sweep
from simulator.errors import SolverError
from simulator.reading.sweep import Sweep, load_sweep
from simulator.results.batches import BatchRunner, UnforeseenError
from simulator.results.scoring import score
from simulator.results.simulation import simulate
from simulator.results.sweep_reading import open_sweep
from tests.clusters import cluster

ROWS = 24

TEXT = f"""schema: 1
name: small
label: {{en: Small, zh: 小}}
base: brief.yaml
vary:
  policies.carbon_price_floor.schedule.scale: {{range: [0.5, 1.8]}}
  policies.coal_power_phase_out.start: {{range: [2030, 2038]}}
  common.gdp_growth.scale: {{range: [0.9, 1.1]}}
design: latin_hypercube
n: {ROWS}
seed: 3
keep: {{variables: [emissions_net, power_capacity], years: [2028, 2030]}}
"""

BRIEF = """schema: 1
name: brief
label: {en: To 2030, zh: 至2030年}
extends: national_targets
horizon: {end: 2030}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sweep") / "small.yaml"
    path.write_text(TEXT, encoding="utf-8")
    path.with_name("brief.yaml").write_text(BRIEF, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def sweep(file: Path) -> Sweep:
    return load_sweep(file)


@pytest.fixture(scope="module")
def whole(sweep: Sweep, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of an undisturbed run."""
    folder = tmp_path_factory.mktemp("whole") / "small"
    run_sweep(sweep, folder, batch=8)
    return folder


def content(folder: Path) -> dict[str, bytes]:
    """Every file of a store but its lock."""
    files = [item for item in folder.rglob("*") if item.is_file() and item.name != "lock"]
    return {str(item.relative_to(folder)): item.read_bytes() for item in files}


# --- what is stored ---------------------------------------------------------------------------


def test_a_stored_scenario_is_that_scenario(sweep, whole):
    found = open_sweep(whole)
    resolved = sweep.resolved(7)
    alone = simulate(resolved, "batch").dataset
    for year in (2028, 2030):
        mine = float(found["emissions_net"].sel(scenario=7, time=year))
        assert mine == pytest.approx(float(alone["emissions_net"].sel(time=year)), rel=1e-6)
    met = sum(line.status == "pass" for line in score(alone))
    assert int(found["milestones_met"][7]) == met
    np.testing.assert_array_equal(found["common.gdp_growth.scale"], sweep.table[:, 2])


def test_quantiles_and_filters_need_no_more_than_xarray(whole):
    found = open_sweep(whole)
    low, high = found["emissions_net"].sel(time=2030).quantile([0.05, 0.95], "scenario").values
    assert low < high
    strict = found.where(found["policies.carbon_price_floor.schedule.scale"] > 1.0, drop=True)
    assert 0 < strict.sizes["scenario"] < ROWS


def test_no_scenario_is_silently_equal_to_another(whole):
    values = open_sweep(whole)["emissions_net"].sel(time=2030).values
    assert len(np.unique(values)) == ROWS


# --- whoever works it out ---------------------------------------------------------------------


def test_batch_size_and_order_make_no_difference_to_the_numbers(sweep, whole, tmp_path):
    run_sweep(sweep, tmp_path / "small", batch=5)
    assert open_sweep(tmp_path / "small").load().identical(open_sweep(whole).load())


def test_processes_give_the_same_bytes_and_a_killed_one_is_replaced(sweep, whole, tmp_path):
    killed = []

    def report(_: object) -> None:
        if not killed:
            children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
            for child in children.read_text().split() if children.exists() else []:
                words = Path(f"/proc/{child}/cmdline").read_bytes()
                if b"spawn_main" in words and not killed:
                    os.kill(int(child), signal.SIGKILL)
                    killed.append(child)

    ended = run_sweep(sweep, tmp_path / "small", workers=2, batch=8, report=report)
    assert ended.done == ROWS
    assert not ended.failures
    assert content(tmp_path / "small") == content(whole)
    if sys.platform == "linux":
        assert killed


def test_a_batch_that_kills_its_workers_is_recorded(sweep, tmp_path, monkeypatch):
    real = execution.Here.results

    def dying(self: execution.Here, jobs: list[execution.Job]) -> Iterator[execution.Result]:
        yield execution.Result(0, None)
        yield from real(self, jobs[1:])

    monkeypatch.setattr(execution.Here, "results", dying)
    ended = run_sweep(sweep, tmp_path / "small", batch=8)
    assert sorted(ended.failures) == list(range(8))
    assert "worker died" in ended.failures[0]
    found = open_sweep(tmp_path / "small")
    assert found["emissions_net"][:8].isnull().all()
    assert found["emissions_net"][8:].notnull().all()


def test_dask_gives_the_same_bytes_though_a_worker_is_killed(sweep, whole, tmp_path):
    killed = []

    def report(_: object) -> None:
        if not killed:
            started.workers[0].kill()
            killed.append(True)

    with cluster(tmp_path) as started:
        ended = run_sweep(
            sweep, tmp_path / "small", scheduler=str(started.file), batch=4, report=report
        )
    assert killed
    assert ended.done == ROWS
    assert open_sweep(tmp_path / "small").load().identical(open_sweep(whole).load())


# --- stopped and resumed ----------------------------------------------------------------------


def test_killed_at_random_and_resumed_it_is_bit_for_bit_the_same(file, whole, tmp_path):
    folder = tmp_path / "small"
    words = [sys.executable, "-c", "from simulator.interface.cli import main; main()", "sweep"]
    words += [str(file), "--out", str(tmp_path), "--batch", "8", "--quiet"]
    chance = random.Random(11)  # noqa: S311 - moments to kill at
    for _ in range(3):
        process = subprocess.Popen([*words, "--resume"])
        deadline = time.monotonic() + 60
        done = len(list((folder / "results.zarr" / "status").glob("c.*")))
        while process.poll() is None and time.monotonic() < deadline:
            if len(list((folder / "results.zarr" / "status").glob("c.*"))) > done:
                break
            time.sleep(0.05)
        time.sleep(chance.uniform(0.0, 1.5))
        process.kill()
        process.wait()
    ended = subprocess.run([*words, "--resume", "--json"], check=False, capture_output=True)
    assert ended.returncode == 0, ended.stderr.decode()
    assert content(folder) == content(whole)


def test_a_finished_batch_is_never_worked_out_again(sweep, whole, tmp_path, monkeypatch):
    seen = []
    real = execution.evaluate

    def watched(this: Sweep, first: int, last: int) -> object:
        seen.append((first, last))
        if len(seen) == 2:
            raise KeyboardInterrupt
        return real(this, first, last)

    monkeypatch.setattr(execution, "evaluate", watched)
    with pytest.raises(KeyboardInterrupt):
        run_sweep(sweep, tmp_path / "small", batch=8)
    ended = run_sweep(sweep, tmp_path / "small", batch=8, resume=True)
    assert seen == [(0, 8), (8, 16), (8, 16), (16, 24)]
    assert ended.new == 16
    assert content(tmp_path / "small") == content(whole)
    assert run_sweep(sweep, tmp_path / "small", batch=8).new == 0


# --- scenarios that fail ----------------------------------------------------------------------


def test_a_scenario_that_cannot_start_does_not_disturb_the_others(sweep, monkeypatch):
    run = BatchRunner.run
    bad = sweep.resolved(5).digest

    def refusing(self: BatchRunner, scenarios: list) -> object:
        if any(item.digest == bad for item in scenarios):
            message = "fleets of steel is not finite at the start"
            raise SolverError(message)
        return run(self, scenarios)

    monkeypatch.setattr(BatchRunner, "run", refusing)
    found = evaluate(sweep, 4, 8)
    assert found.failures == {5: "fleets of steel is not finite at the start"}
    missing = found.dataset["emissions_net"].isnull().all("time").values
    assert missing.tolist() == [False, True, False, False]
    assert (found.dataset["milestone_status"][1] == -1).all()


def test_a_scenario_that_no_extreme_foresaw_has_a_wider_engine(sweep, monkeypatch):
    expected = evaluate(sweep, 4, 8).dataset
    run, narrow = BatchRunner.run, evaluation._runners(sweep, 0).narrow
    odd = sweep.resolved(5).digest
    wide: list[BatchRunner] = []

    def refusing(self: BatchRunner, scenarios: list) -> object:
        if self is not narrow:
            wide.append(self)
        elif any(item.digest == odd for item in scenarios):
            message = "a scenario changes what the batch engine was not made for"
            raise UnforeseenError(message)
        return run(self, scenarios)

    monkeypatch.setattr(BatchRunner, "run", refusing)
    found = evaluate(sweep, 4, 8)
    assert found.failures == {}
    assert len(wide) == 1
    np.testing.assert_allclose(found.dataset["emissions_net"], expected["emissions_net"])


def test_numbers_that_are_not_finite_fail_only_their_scenario(sweep, monkeypatch):
    run = BatchRunner.run

    def spoilt(self: BatchRunner, scenarios: list) -> object:
        for batch in run(self, scenarios):
            batch.record.flows.captured[10, :, 2] = np.nan
            yield batch

    monkeypatch.setattr(BatchRunner, "run", spoilt)
    found = evaluate(sweep, 4, 8)
    assert list(found.failures) == [6]
    assert "captured is not finite in 2025" in found.failures[6]
    assert found.dataset["emissions_net"].isnull().any("time").values.tolist() == [
        False, False, True, False,
    ]  # fmt: skip


# --- identity ---------------------------------------------------------------------------------


def test_identity_is_plain_and_tells_inputs_engine_and_version(sweep):
    found = json.loads(json.dumps(identity(sweep, engine_settings(sweep), 8)))
    assert found["digest"] == sweep.digest
    assert found["engine"]["brief"]["method"] == "RK4"
    assert found["code_version"]
