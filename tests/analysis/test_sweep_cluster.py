"""A sweep on a real Dask cluster: a scheduler and two workers on loopback, some killed."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

import simulator
from simulator.analysis import cluster as connecting
from simulator.analysis import sweep as running
from simulator.errors import ScenarioError, SimulatorError
from tests import clusters
from tests.clusters import Started
from tests.sweeps import Arithmetic, FakeSweep, content, stand_in

ROWS = 10
SIZE = 2 * ROWS


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Started]:
    with clusters.cluster(tmp_path, threads=2) as started:
        yield started


@pytest.fixture
def run(monkeypatch, tmp_path):
    def call(name, task=None, **options):
        stand_in(monkeypatch, task or Arithmetic())
        options = {"batch": 1, **options}
        return running.run_sweep(FakeSweep(ROWS), tmp_path / name, **options)

    return call


def test_the_bits_are_the_same_though_a_worker_is_killed(run, tmp_path, cluster):
    run("one")
    (tmp_path / "log").mkdir()
    killed = []

    def report(state) -> None:
        if state.new >= 4 and not killed:
            cluster.workers[0].kill()
            killed.append(state.new)

    task = Arithmetic(pause=0.2, log=str(tmp_path / "log"))
    ended = run("many", task, scheduler=str(cluster.file), report=report)
    assert ended.done == SIZE
    assert killed[0] < SIZE
    assert content(tmp_path / "many") == content(tmp_path / "one")
    begun = [path.name.rsplit("-", 1)[0] for path in (tmp_path / "log").iterdir()]
    assert set(begun) == {f"{i}-{i + 1}" for i in range(SIZE)}


def test_an_address_does_as_well_and_the_cluster_is_left_as_it_was(run, tmp_path, cluster):
    run("one")
    from distributed import Client  # noqa: PLC0415

    with Client(scheduler_file=str(cluster.file), set_as_default=False) as client:
        address = client.scheduler.address
        client.wait_for_workers(2, timeout=60)
        run("many", scheduler=address)
        assert client.run(
            lambda: len(__import__("sys").modules["simulator.analysis.cluster"]._TASKS)
        ) == dict.fromkeys(client.nthreads(), 0)
    assert content(tmp_path / "many") == content(tmp_path / "one")


def test_a_batch_that_kills_its_workers_is_recorded_and_none_beside_it(run, tmp_path, cluster):
    nanny = clusters.worker(
        cluster.file, threads=2, nanny=True
    )  # starts its worker again, which has two threads
    clusters.stop(*cluster.workers)
    try:
        task = Arithmetic(deadly=0, slow=2)  # the slow one dies with it, each time
        ended = run("many", task, scheduler=str(cluster.file), batch=2)
    finally:
        clusters.stop(nanny)
    assert ended.done == SIZE
    died = [i for i, reason in ended.failures.items() if "worker died" in reason]
    assert died == [0, 1]
    found = simulator.open_sweep(tmp_path / "many")
    assert found["peak_year"].isnull().values.tolist() == [
        i in ended.failures for i in range(SIZE)
    ]


def test_what_is_wrong_on_a_worker_is_told_here(run, cluster):
    with pytest.raises(ScenarioError, match="the data are others here"):
        run("many", Arithmetic(wrong=3), scheduler=str(cluster.file))


def test_a_scheduler_that_goes_away_is_told_and_what_is_done_is_kept(run, tmp_path, cluster):
    def report(state) -> None:
        if state.new == 3:
            cluster.scheduler.kill()

    task = Arithmetic(pause=0.2)
    with pytest.raises(SimulatorError, match="went away; what was finished is kept"):
        run("many", task, scheduler=str(cluster.file), report=report)
    ended = run("many", resume=True)
    assert ended.new <= SIZE - 3
    run("one")
    assert content(tmp_path / "many") == content(tmp_path / "one")


def test_there_is_no_scheduler(run, monkeypatch, tmp_path):
    monkeypatch.setattr(connecting, "CONNECT", 1)
    for place in ("tcp://127.0.0.1:1", str(tmp_path / "missing.json"), "nonsense"):
        with pytest.raises(ScenarioError, match="there is no Dask scheduler at"):
            run("many", scheduler=place)
        gc.collect()  # Dask's client that did not connect: not while the next one starts


def test_a_scheduler_without_workers_is_told(run, monkeypatch, tmp_path):
    monkeypatch.setattr(connecting, "FIRST_WORKER", 3)
    file = tmp_path / "scheduler.json"
    alone = clusters.scheduler(file)
    try:
        with pytest.raises(ScenarioError, match="has no workers: start some with"):
            run("many", scheduler=str(file))
    finally:
        clusters.stop(alone)
