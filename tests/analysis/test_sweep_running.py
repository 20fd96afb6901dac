"""Running a sweep: who works, what is worked out again, what a kill or Ctrl-C leaves."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

import simulator
from simulator.analysis import sweep as running
from simulator.analysis.processes import Processes
from simulator.errors import ScenarioError, SimulatorError
from tests.sweeps import SLOW, UNLUCKY, Arithmetic, FakeSweep, content, results, stand_in

ROWS = 10
SIZE = 2 * ROWS
ROOT = Path(__file__).parents[2]
PROGRAM = "from tests.sweeps import main; main()"


def workers_of(parent: int) -> list[psutil.Process]:
    """Worker processes; what Python starts beside them to clean up is none."""
    children = psutil.Process(parent).children(recursive=True)
    return [child for child in children if "spawn_main" in " ".join(child.cmdline())]


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Run a sweep of arithmetic in a folder of a name."""

    def call(name="s", task=None, rows=ROWS, **options):
        stand_in(monkeypatch, task or Arithmetic())
        options = {"batch": 3, **options}
        return running.run_sweep(FakeSweep(rows), tmp_path / name, **options)

    return call


def test_a_sweep_is_what_its_task_says(run, tmp_path):
    ended = run()
    unlucky = [i for i in range(SIZE) if i % UNLUCKY == 5]
    assert (ended.done, ended.new, ended.total) == (SIZE, SIZE, SIZE)
    assert list(ended.failures) == unlucky
    found = simulator.open_sweep(tmp_path / "s")
    np.testing.assert_array_equal(
        found["emissions_net"], results(range(SIZE), set(unlucky))["emissions_net"]
    )
    assert np.flatnonzero(found["status"] == 2).tolist() == unlucky
    assert found["base"].values.tolist() == ["here"] * ROWS + ["there"] * ROWS
    assert found["path"].values.tolist() == ["low", "high"] * ROWS
    np.testing.assert_allclose(found["price"], 100 + np.tile(np.arange(ROWS), 2) / 3)
    text = (tmp_path / "s" / "failures" / "000001.json").read_text("utf-8")
    for part in ('"scenario": 5', '"base": "here"', '"path": "high"', "5 was unlucky"):
        assert part in text


def test_bits_do_not_depend_on_who_works_nor_on_the_batch(run, tmp_path):
    run("one")
    run("pool", Arithmetic(pause=0.01), workers=3)
    assert content(tmp_path / "pool") == content(tmp_path / "one")
    wanted = simulator.open_sweep(tmp_path / "one").load()
    for batch in (1, 7, 256):
        run(f"batch {batch}", batch=batch)
        assert simulator.open_sweep(tmp_path / f"batch {batch}").load().identical(wanted)


def test_what_is_done_is_not_done_again(run, tmp_path):
    (tmp_path / "log").mkdir()
    with pytest.raises(KeyboardInterrupt):
        run(task=Arithmetic(stopped=9, log=str(tmp_path / "log")))
    before = content(tmp_path / "s")
    kept = {path.name for path in (tmp_path / "s/results.zarr/status").glob("c.*")}
    assert kept == {"c.0", "c.1", "c.2"}
    with pytest.raises(ScenarioError, match="--resume"):
        run()
    ended = run(task=Arithmetic(log=str(tmp_path / "log")), resume=True)
    assert (ended.done, ended.new) == (SIZE, SIZE - 9)
    assert 5 in ended.failures
    names = sorted(path.name.rsplit("-", 1)[0] for path in (tmp_path / "log").iterdir())
    assert names == sorted(["0-3", "3-6", "6-9", "9-12", *["9-12"], "12-15", "15-18", "18-20"])
    after = content(tmp_path / "s")
    assert {name: after[name] for name in before} == before
    run("straight")
    assert after == content(tmp_path / "straight")
    assert run().new == 0
    assert run(resume=True).new == 0
    assert content(tmp_path / "s") == after


def test_another_sweep_is_refused(run, tmp_path):
    run()
    before = content(tmp_path / "s")
    with pytest.raises(ScenarioError, match=r"sweep: rows was 10, is 11"):
        run(rows=11, resume=True)
    with pytest.raises(ScenarioError, match="cut into batches of 3: leave out --batch 4"):
        run(batch=4, resume=True)
    assert content(tmp_path / "s") == before
    assert run(batch=None).new == 0


def test_another_engine_is_refused(run, tmp_path, monkeypatch):
    run()
    stand_in(monkeypatch, Arithmetic())
    other = {"here": {"method": "arithmetic", "steps": 4.0}}
    monkeypatch.setattr(running, "engine_settings", lambda _: other)
    with pytest.raises(ScenarioError, match=r"engine: here: steps was 3\.0, is 4\.0"):
        running.run_sweep(FakeSweep(ROWS), tmp_path / "s", batch=3)


# --- processes ----------------------------------------------------------------------------


def test_a_worker_that_dies_is_replaced(run, tmp_path):
    (tmp_path / "once").touch()
    task = Arithmetic(pause=0.05, deadly=8, once=str(tmp_path / "once"))
    ended = run("pool", task, workers=2)
    assert not (tmp_path / "once").exists()
    assert all(i % UNLUCKY == 5 for i in ended.failures)
    run("one")
    assert content(tmp_path / "pool") == content(tmp_path / "one")


def test_only_the_batch_that_kills_its_workers_is_given_up(run, tmp_path):
    ended = run("pool", Arithmetic(pause=0.02, deadly=8), workers=3)
    assert ended.done == SIZE
    died = [i for i, reason in ended.failures.items() if "worker died" in reason]
    assert died == [6, 7, 8]
    run("one")
    mine, other = (simulator.open_sweep(tmp_path / name).load() for name in ("pool", "one"))
    assert mine["status"].values[6:9].tolist() == [2, 2, 2]
    assert (
        mine["emissions_net"].values[6:9].tolist()
        == [[pytest.approx(np.nan, nan_ok=True)] * 3] * 3
    )
    rest = [i for i in range(SIZE) if i not in died]
    assert mine.isel(scenario=rest).identical(other.isel(scenario=rest))


def test_where_every_worker_dies_no_scenario_is_blamed(run, tmp_path):
    with pytest.raises(SimulatorError, match="every worker process died"):
        run("pool", Arithmetic(deadly=0), rows=1, batch=2, workers=2)
    assert not (tmp_path / "pool" / "results.zarr").exists()
    assert run("pool", rows=1, batch=2).done == 2


def test_what_is_wrong_in_a_worker_is_told_here(run):
    with pytest.raises(ScenarioError, match="the data are others here"):
        run("pool", Arithmetic(wrong=10), workers=2)
    assert not workers_of(os.getpid())


def test_what_came_back_is_handed_over_after_an_interrupt():
    with Processes(Arithmetic(), 2) as pool:
        jobs = [running.Job(number, range(number, number + 1)) for number in range(3)]
        fetched = next(pool.results(jobs))
        deadline = time.monotonic() + 60
        while len(pool.ready()) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
        ready = pool.ready()
    assert sorted([fetched.number, *(item.number for item in ready)]) == [0, 1, 2]
    assert not workers_of(os.getpid())


def test_what_still_runs_is_ended_at_once():
    with Processes(Arithmetic(slow=1), 2) as pool:
        jobs = [running.Job(number, range(number, number + 1)) for number in range(2)]
        assert next(pool.results(jobs)).number == 0
        left = time.monotonic()
    assert time.monotonic() - left < SLOW / 2
    assert not workers_of(os.getpid())


# --- killed -------------------------------------------------------------------------------


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PROGRAM, str(folder), *words]
    return subprocess.Popen(
        command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip


def batches(folder: Path) -> int:
    return len(list((folder / "results.zarr" / "status").glob("c.*")))


def finish(process: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = process.communicate(timeout=120)
    return process.returncode, errors


def wait_for(condition) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.01)
    return False


@pytest.mark.parametrize("workers", [1, 2])
def test_killed_again_and_again_it_ends_with_the_same_bits(run, tmp_path, workers):
    run("straight", rows=60, batch=1)
    folder = tmp_path / "killed"
    words = ["--rows", "60", "--batch", "1", "--pause", "0.005", "--workers", str(workers)]
    chance = random.Random(workers)  # noqa: S311 - moments to kill at
    kills, seen = 0, set()
    while kills < 4:
        before = batches(folder)
        process = start(folder, *words)
        wait_for(lambda b=before, p=process: batches(folder) > b or p.poll() is not None)
        time.sleep(chance.uniform(0.0, 0.3))
        if process.poll() is not None:
            break
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        kills += 1
        seen.add(batches(folder))
        if (folder / "results.zarr").exists():
            found = simulator.open_sweep(folder).load()
            done = found["status"].values > 0
            wanted = simulator.open_sweep(tmp_path / "straight").load()
            assert found.isel(scenario=done).identical(wanted.isel(scenario=done))
    assert kills >= 2
    assert len(seen) > 1
    assert finish(start(folder, *words)) == (0, "")
    assert content(folder) == content(tmp_path / "straight")


def test_no_worker_outlives_its_parent(tmp_path):
    process = start(tmp_path / "s", "--workers", "2", "--pause", "5", "--batch", "1")
    try:
        assert wait_for(lambda: len(workers_of(process.pid)) == 2)
        children = workers_of(process.pid)
    finally:
        process.kill()
        process.communicate()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_interrupt_keeps_what_is_done_and_leaves_nobody(run, tmp_path, workers):
    folder = tmp_path / "s"
    words = ["--workers", workers, "--pause", "0.3", "--batch", "1"]
    process = start(folder, *words)
    assert wait_for(lambda: batches(folder) >= 2 or process.poll() is not None)
    children = workers_of(process.pid)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: all of them get it
    assert finish(process) == (130, "")
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive
    kept = batches(folder)
    assert 2 <= kept < SIZE
    assert not list(folder.glob(".batch*"))
    run("straight", rows=20, batch=1)
    assert finish(start(folder, "--batch", "1"))[0] == 0
    assert content(folder) == content(tmp_path / "straight")


def test_a_full_disk_keeps_what_is_finished(run, tmp_path):
    """On a real disk of one megabyte, where one can be had."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(disk)]
    if (
        sys.platform != "linux"
        or subprocess.run(mount, check=False, capture_output=True).returncode
    ):
        pytest.skip("no disk can be mounted here")
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("simulator.results.store._ROOM", 0)
            with pytest.raises(SimulatorError, match="full; what was finished is kept"):
                run("disk/s", rows=60, batch=1)
        kept = batches(disk / "s")
        assert 0 < kept < 120
        run("straight", rows=60, batch=1)
        found = simulator.open_sweep(disk / "s").load()
        wanted = simulator.open_sweep(tmp_path / "straight").load()
        first = {"scenario": slice(0, kept)}
        assert found.isel(first).identical(wanted.isel(first))
        subprocess.run(["mount", "-o", "remount,size=200m", str(disk)], check=True)  # noqa: S607
        assert run("disk/s", rows=60, batch=1, resume=True).new == 120 - kept
        assert content(disk / "s") == content(tmp_path / "straight")
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)  # noqa: S607
