"""The command ``sweep``: what it prints, its exit codes, and how it says what went wrong."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from simulator.analysis import execution
from simulator.interface import sweeping
from simulator.interface.output import Output
from tests.sweeps import Arithmetic, FakeSweep, stand_in

ROOT = Path(__file__).parents[2]

FILE = """schema: 1
name: tiny
label: {en: Tiny, zh: 小}
base: national_targets
vary:
  policies.carbon_price_floor.schedule.scale: {range: [0.5, 1.8]}
design: latin_hypercube
n: 3
seed: 1
keep: {variables: [emissions_net], years: [2030, 2060]}
"""


@pytest.fixture
def sweep(shuangtan, monkeypatch):
    """Run a sweep of arithmetic by the command line, in an empty folder."""
    fake = SimpleNamespace(rows=5, warnings=("file.yaml:3:1: look here",), task=Arithmetic())

    def load(path: str) -> object:
        if path != "fake.yaml":
            return load_sweep(path)
        made = FakeSweep(fake.rows)
        object.__setattr__(made, "warnings", fake.warnings)
        return made

    load_sweep = sweeping.load_sweep
    monkeypatch.setattr(sweeping, "load_sweep", load)

    def call(*words: str, path: str = "fake.yaml", task: Arithmetic | None = None):
        stand_in(monkeypatch, task or fake.task)
        return shuangtan("sweep", path, *words)

    return call


def test_it_says_what_it_does(sweep):
    code, out, err = sweep("--batch", "4")
    assert code == 1  # scenario 5 is unlucky
    assert "10 scenarios of 2 inputs, to outputs/fake" in out
    assert "warning: file.yaml:3:1: look here" in out
    assert "10 scenarios are in outputs/fake; 1 of them failed" in out
    assert "scenario 5 failed: scenario 5 was unlucky" in err
    assert re.search(r"10 of 10 scenarios, [\d.]+ a second, 0:00:00 left", err)


def test_a_finished_sweep_is_not_run_again(sweep):
    sweep()
    code, out, _ = sweep(task=Arithmetic(wrong=0))
    assert code == 1  # as before: one of its scenarios failed
    assert "Everything was there already: outputs/fake" in out


def test_programs_read_json(sweep):
    code, out, err = sweep("--json", "--out", "here")
    told = json.loads(out)
    assert code == 1
    assert (told["scenarios"], told["computed"]) == (10, 10)
    assert told["failed"] == {"5": "scenario 5 was unlucky"}
    assert told["folder"] == str(Path("here") / "fake")
    assert "a second" not in err
    _, out, _ = sweep("--json", "--out", "here")
    assert json.loads(out) == told | {"computed": 0}


def test_quiet_tells_only_what_failed(sweep):
    code, out, err = sweep("--quiet")
    assert (code, out) == (1, "")
    assert err == "scenario 5 failed: scenario 5 was unlucky\n"


def test_in_chinese(sweep):
    _, out, err = sweep("--lang", "zh")
    assert "共10个情景" in out
    assert "失败1个" in out
    assert "情景5失败" in err


def test_an_interrupt_says_how_to_go_on(sweep):
    code, _, err = sweep("--out", "a b", "--batch", "2", task=Arithmetic(stopped=4))
    assert code == 130
    assert "To go on: shuangtan sweep fake.yaml --out 'a b' --resume" in err
    assert "Traceback" not in err
    code, _, err = sweep("--out", "a b")
    assert code == 2
    assert "2 of 5 batches of this sweep: go on with --resume" in err
    code, out, _ = sweep("--out", "a b", "--resume", "--json")
    assert code == 1
    assert json.loads(out)["computed"] == 6


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--workers", "2", "--scheduler", "tcp://x:1"), "choose between --workers and"),
        (("--workers", "0"), "0 is not in the range"),
        (("--batch", "0"), "0 is not in the range"),
    ],
)
def test_options_that_make_no_sense(sweep, words, text):
    code, _, err = sweep(*words)
    assert code == 2
    assert text in " ".join(err.replace("│", " ").split())


def test_a_missing_file_is_told(sweep):
    code, _, err = sweep(path="nowhere.yaml")
    assert code == 2
    assert "nowhere.yaml" in err


def test_without_the_extra_it_says_what_to_install(sweep, monkeypatch):
    monkeypatch.setattr(
        execution, "find_spec", lambda name: None if name == "distributed" else find_spec(name)
    )
    code, _, err = sweep("--scheduler", "tcp://127.0.0.1:1")
    assert code == 2
    assert err.strip().endswith(
        'shuangtan sweep --scheduler needs the extra "dask": pip install "shuangtan[dask]"'
    )


def test_many_failures_are_counted(capsys):
    ended = SimpleNamespace(failures=dict.fromkeys(range(8), "no"))
    sweeping._tell_failures(Output("en"), ended, Path("here"))
    err = capsys.readouterr().err
    assert err.count("failed: no") == sweeping.SHOWN
    assert "3 more failed; the reasons are in here" in err


def test_the_time_left_follows_from_the_rate(capsys, monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    meter = sweeping.Meter(Output("en"))
    now[0] = 150.0  # reading takes its time, which is not counted
    meter.show(SimpleNamespace(done=40, new=0, total=1000))
    now[0] = 170.0
    meter.show(SimpleNamespace(done=140, new=100, total=1000))
    assert capsys.readouterr().err == "140 of 1000 scenarios, 5.0 a second, 0:02:52 left\n"
    now[0] = 171.0  # soon after the last line
    meter.show(SimpleNamespace(done=150, new=110, total=1000))
    assert capsys.readouterr().err == ""


def test_help_loads_neither_zarr_nor_dask_nor_xarray():
    code = (
        "import sys; from simulator.interface.cli import invoke; invoke(['sweep', '--help']);"
        "print([name for name in ('zarr', 'dask', 'distributed', 'xarray', 'scipy')"
        " if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "--resume" in done.stdout


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_ctrl_c_during_the_model_leaves_no_traceback(tmp_path):
    (tmp_path / "tiny.yaml").write_text(FILE, encoding="utf-8")
    words = ["sweep", str(tmp_path / "tiny.yaml"), "--out", str(tmp_path), "--workers", "2"]
    program = "from simulator.interface.cli import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", program, *words, "--batch", "1", "--lang", "en"],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True,
    )  # fmt: skip
    identity = tmp_path / "tiny" / "identity.json"
    deadline = time.monotonic() + 120
    while not identity.exists() and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1.0)  # workers start
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert "To go on: shuangtan sweep" in err
    assert "--workers 2 --resume" in err
