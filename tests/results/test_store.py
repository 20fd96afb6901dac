"""The store of a sweep: whole at any moment, written once, and only for what made it."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections import namedtuple
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import simulator
from simulator.errors import ScenarioError
from simulator.results import store as writing
from simulator.results.store import StoreError, SweepStore, differences, open_store
from simulator.results.store_arrays import Columns
from tests.sweeps import content, results

SIZE = 8
ROOT = Path(__file__).parents[2]

COLUMNS = Columns(
    ["price", "path"],
    np.stack([np.linspace(0.1, 0.9, SIZE), np.arange(SIZE) % 2.0], axis=1),
    [
        {"units": "CNY/t", "long_name": "Price"},
        {"units": "1", "choices": ["low", "high"]},
    ],
)


def identity(batch: int = 3, **other: object) -> dict[str, object]:
    return {"digest": "abc", "engine": {"steps": 3.0}, "size": SIZE, "batch": batch, **other}


def publish(store: SweepStore, number: int, failures: dict[int, str] | None = None) -> None:
    lost = failures or {}
    dataset = results(store.batches()[number], set(lost))
    store.begin(dataset, COLUMNS, {"sweep": "fake"})
    store.write(number, dataset, lost, {key: {"price": key / 10} for key in lost})


def fill(folder: Path, order: list[int] | None = None, batch: int = 3) -> dict[str, bytes]:
    """Write a store whole, in an order."""
    with open_store(folder, identity(batch), resume=True) as store:
        for number in range(len(store.batches())) if order is None else order:
            publish(store, number)
    return dict(content(folder))


@pytest.mark.parametrize("batch", [1, 3, 4, 8, 100])
def test_what_is_written_is_read(tmp_path, batch):
    fill(tmp_path / "s", batch=batch)
    found = simulator.open_sweep(tmp_path / "s")
    wanted = results(range(SIZE), set())
    for name, item in wanted.data_vars.items():
        assert found[name].dims == item.dims
        assert found[name].dtype == item.dtype
        np.testing.assert_array_equal(found[name], item)
    assert found["emissions_net"].units == "Mt CO2/yr"
    assert found["time"].values.tolist() == wanted["time"].values.tolist()
    assert found["milestone_label_zh"].values.tolist() == ["第一", "第二"]
    assert found["scenario"].values.tolist() == list(range(SIZE))
    np.testing.assert_array_equal(found["price"], COLUMNS.values[:, 0])
    assert found["price"].attrs == {"units": "CNY/t", "long_name": "Price"}
    assert found["status"].values.tolist() == [1] * SIZE
    assert found.attrs["sweep"] == "fake"


def test_filters_and_quantiles_need_no_more_than_xarray(tmp_path):
    fill(tmp_path / "s")
    found = simulator.open_sweep(tmp_path / "s")
    high = found.where(found["path"] == "high", drop=True)
    assert high["scenario"].values.tolist() == [1, 3, 5, 7]
    wanted = results(range(SIZE), set())["emissions_net"].values
    np.testing.assert_allclose(high["emissions_net"], wanted[1::2])
    np.testing.assert_allclose(
        found["emissions_net"].quantile(0.25, "scenario"), np.quantile(wanted, 0.25, axis=0)
    )
    np.testing.assert_array_equal(
        found["emissions_net"].sel(time=2045, scenario=[6, 2]), wanted[[6, 2], 1]
    )


def test_opening_reads_no_results(tmp_path):
    fill(tmp_path / "s")
    for path in (tmp_path / "s" / "results.zarr" / "emissions_net").glob("c.*"):
        path.write_bytes(b"broken")
    found = simulator.open_sweep(tmp_path / "s")
    assert found["emissions_net"].shape == (SIZE, 3)
    assert found["peak_year"].notnull().all()
    with pytest.raises(Exception, match=r".+"):
        found["emissions_net"].load()


def test_a_batch_is_a_chunk(tmp_path):
    fill(tmp_path / "s")
    for name in ("emissions_net", "peak_year", "milestone_status", "status"):
        chunks = list((tmp_path / "s" / "results.zarr" / name).glob("c.*"))
        assert len(chunks) == 3
        told = json.loads((chunks[0].parent / "zarr.json").read_text("utf-8"))
        assert told["zarr_format"] == 3
        assert told["chunk_grid"]["configuration"]["chunk_shape"][0] == 3


def test_bits_do_not_depend_on_the_order(tmp_path):
    assert fill(tmp_path / "a") == fill(tmp_path / "b", [2, 0, 1])


def test_what_has_not_run_is_missing(tmp_path):
    fill(tmp_path / "s", [1])
    found = simulator.open_sweep(tmp_path / "s")
    assert found["status"].values.tolist() == [0, 0, 0, 1, 1, 1, 0, 0]
    np.testing.assert_array_equal(found["peak_year"].notnull(), found["status"] == 1)
    missing = found["milestone_status"].where(found["status"] == 0, drop=True)
    assert (missing == -1).all()


def test_failures_are_told_with_their_inputs(tmp_path):
    with open_store(tmp_path / "s", identity(), resume=False) as store:
        publish(store, 0)
        publish(store, 1, {4: "no 炉", 5: "b"})
        assert store.failures() == {4: "no 炉", 5: "b"}
    assert [item.name for item in (tmp_path / "s" / "failures").iterdir()] == ["000001.json"]
    told = json.loads((tmp_path / "s" / "failures" / "000001.json").read_text("utf-8"))
    assert told[0] == {"scenario": 4, "reason": "no 炉", "inputs": {"price": 0.4}}
    found = simulator.open_sweep(tmp_path / "s")
    assert found["status"].values.tolist() == [1, 1, 1, 1, 2, 2, 0, 0]
    assert found["peak_year"].isnull().values.tolist() == [False] * 4 + [True] * 4


# --- written once, by one -----------------------------------------------------------------


def test_a_batch_is_never_written_twice(tmp_path):
    before = fill(tmp_path / "s", [1])
    with open_store(tmp_path / "s", identity(), resume=True) as store:
        assert store.done() == {1}
        with pytest.raises(ValueError, match="batch 1 is written"):
            publish(store, 1, {3: "now it fails"})
    assert content(tmp_path / "s") == before


def test_an_unfinished_store_wants_resume(tmp_path):
    fill(tmp_path / "s", [1])
    with (
        pytest.raises(ScenarioError, match=r"1 of 3 batches.*--resume"),
        open_store(tmp_path / "s", identity(), resume=False),
    ):
        pass
    fill(tmp_path / "s", [0, 2])
    with open_store(tmp_path / "s", identity(), resume=False) as store:
        assert store.done() == {0, 1, 2}


@pytest.mark.parametrize(
    ("other", "text"),
    [
        ({"digest": "xyz"}, 'digest was "abc", is "xyz"'),
        ({"engine": {"steps": 4.0}}, "engine: steps was 3.0, is 4.0"),
        ({"size": 9}, "size was 8, is 9"),
        ({"more": [1]}, "more was null, is [1]"),
    ],
)
def test_a_store_of_something_else_is_refused(tmp_path, other, text):
    before = fill(tmp_path / "s", [1])
    with (
        pytest.raises(ScenarioError) as told,
        open_store(tmp_path / "s", identity(**other), resume=True),
    ):
        pass
    assert text in str(told.value)
    assert content(tmp_path / "s") == before


def test_how_it_is_cut_is_no_difference(tmp_path):
    fill(tmp_path / "s", [1])
    with open_store(tmp_path / "s", identity(5), resume=True) as store:
        assert store.batch == 3
    assert differences(identity(3), identity(5)) == []


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").touch()
    with (
        pytest.raises(ScenarioError, match="thesis"),
        open_store(tmp_path, identity(), resume=True),
    ):
        pass
    assert [item.name for item in tmp_path.iterdir()] == ["thesis.tex"]
    with (
        pytest.raises(ScenarioError, match="is a file"),
        open_store(tmp_path / "thesis.tex", identity(), resume=True),
    ):
        pass


def test_there_is_no_sweep(tmp_path):
    with pytest.raises(ScenarioError, match="no results of a sweep"):
        simulator.open_sweep(tmp_path)


HOLDER = """
import sys, time
from simulator.results.store_lock import locked
from pathlib import Path
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_two_processes_do_not_write_at_once_and_the_dead_hold_nothing(tmp_path):
    fill(tmp_path / "s", [1])
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "s")], stdout=subprocess.PIPE, cwd=ROOT
    ) as other:
        try:
            assert other.stdout is not None
            assert other.stdout.readline() == b"held\n"
            with (
                pytest.raises(ScenarioError, match="another process"),
                open_store(tmp_path / "s", identity(), resume=True),
            ):
                pass
        finally:
            os.kill(other.pid, signal.SIGKILL)
    fill(tmp_path / "s", [0, 2])


# --- disks --------------------------------------------------------------------------------


def fail_at(patch: pytest.MonkeyPatch, place: int) -> list[int]:
    """Let the disk be full from the given call on that should change it; count the calls."""
    calls: list[int] = []

    def full(real):
        def call(*arguments, **named):
            calls.append(len(calls))
            if len(calls) > place:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real(*arguments, **named)

        return call

    patch.setattr(os, "fsync", full(os.fsync))
    patch.setattr(Path, "replace", full(Path.replace))
    patch.setattr(Path, "mkdir", full(Path.mkdir))
    patch.setattr(shutil, "copyfile", full(shutil.copyfile))
    return calls


def test_a_disk_that_fills_up_at_any_moment_leaves_what_was_finished(tmp_path):
    wanted = fill(tmp_path / "wanted")
    start = tmp_path / "start"
    fill(start, [1])
    place, ended = 0, False
    while not ended:
        folder = tmp_path / str(place)
        shutil.copytree(start, folder)
        before = results(range(3, 6), set())
        with open_store(folder, identity(), resume=True) as store:
            with pytest.MonkeyPatch.context() as patch:
                calls = fail_at(patch, place)
                with suppress(StoreError):
                    publish(store, 0)
            ended = len(calls) <= place
            with simulator.open_sweep(folder) as found:
                kept = found.isel(scenario=slice(3, 6)).load()
                statuses = found["status"].values.tolist()
            np.testing.assert_array_equal(kept["emissions_net"], before["emissions_net"])
            assert store.done() in ({1}, {0, 1})
            assert statuses[:3] == [int(0 in store.done())] * 3
            if 0 in store.done():
                assert place > 10
            assert not list(folder.glob(".batch*"))
        fill(folder, [number for number in (0, 2) if number not in store.done()])
        assert content(folder) == wanted
        shutil.rmtree(folder)
        place += 1
    assert place > 15  # it was full at many places, and at the last one not at all


def test_a_disk_that_is_full_from_the_start_is_told_plainly(tmp_path):
    with open_store(tmp_path / "s", identity(), resume=False) as store:
        with pytest.MonkeyPatch.context() as patch:
            fail_at(patch, 5)
            with pytest.raises(StoreError, match=r"is full; what was finished is kept"):
                publish(store, 0)
        assert store.done() == set()
        publish(store, 0)
        assert store.done() == {0}


def test_room_is_asked_for_before_anything_is_written(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil has it
    with open_store(tmp_path / "s", identity(), resume=False) as store:
        # a scenario holds 3 + 1 numbers of eight bytes and 2 of one
        row = 3 * 8 + 8 + 2 + 1  # rounded up
        full = writing._ROOM + row * SIZE + COLUMNS.values.nbytes
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, full - 1))
        with pytest.raises(StoreError, match=r"need up to .* MB, .* MB are free"):
            publish(store, 0)
        assert not store.results.exists()
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, full))
        publish(store, 0)
        rest = writing._ROOM + row * (SIZE - 3) + COLUMNS.values.nbytes
        monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(0, 0, rest))
        publish(store, 1)


def test_an_identity_that_cannot_be_read_is_told(tmp_path):
    fill(tmp_path / "s", [1])
    (tmp_path / "s" / "identity.json").write_text("{", encoding="utf-8")
    with (
        pytest.raises(ScenarioError, match=r"identity\.json.*cannot be read"),
        open_store(tmp_path / "s", identity(), resume=True),
    ):
        pass


def test_an_attempt_that_was_cut_off_leaves_no_failures(tmp_path):
    with open_store(tmp_path / "s", identity(), resume=False) as store:
        publish(store, 0)
        (tmp_path / "s" / "failures").mkdir()
        stale = [{"scenario": 3, "reason": "its worker died", "inputs": {}}]
        text = json.dumps(stale)
        (tmp_path / "s" / "failures" / "000001.json").write_text(text, encoding="utf-8")
        assert store.failures() == {}
        publish(store, 1)
        assert store.failures() == {}


def test_readers_may_look_while_it_is_written(tmp_path):
    fill(tmp_path / "s", [0])
    found = simulator.open_sweep(tmp_path / "s")
    fill(tmp_path / "s", [2])
    later = simulator.open_sweep(tmp_path / "s")
    assert found["status"].shape == later["status"].shape
    assert int((later["status"] == 1).sum()) == 5
    xr.testing.assert_equal(
        found["emissions_net"].isel(scenario=slice(0, 3)),
        later["emissions_net"].isel(scenario=slice(0, 3)),
    )
