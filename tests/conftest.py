"""Runs that several tests look at: made once a session, and only when a test asks."""

import hashlib
import os
import pickle
import signal
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import xarray as xr
from hypothesis import HealthCheck, settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background ignores Ctrl-C for them and for all that
    # they start; what is tested of Ctrl-C needs it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHIPPED = ("frozen", "current_policies", "national_targets", "accelerated", "delayed")

if TYPE_CHECKING:
    from simulator import Scenario

    Asked = str | Path | Scenario

Runner = Callable[..., xr.Dataset]

LONG = (
    "test_readme.py", "test_readme_inline.py", "solvers/test_batch.py",
    "calibration/test_shipped_set.py", "analysis/test_sweep_running.py", "test_extremes.py",
    "interface/test_running.py", "analysis/test_sweep.py", "test_every_number.py",
    "test_readme_chinese.py", "test_solver_agreement.py", "live/test_app.py",
    "calibration/test_calibrate.py", "results/test_session.py",
    "export/test_report_browser.py", "analysis/test_sweep_cluster.py", "test_blindness.py",
    "calibration/test_bands.py", "test_process_stages.py", "model/test_market.py",
)  # fmt: skip
"""Files of tests that take longest, these first: whoever begins one of them last has nobody
to share it with."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest."""
    ranks = {Path(__file__).parent / name: rank for rank, name in enumerate(LONG)}
    assert all(path.is_file() for path in ranks), "LONG names a file that is not there"
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))


# No deadline, nor a limit to the time of drawing: machines differ and a slow one is no bug. In
# CI the examples are the same each time, so that a red run points at the change; at a desk
# they differ and find new ones.
settings.register_profile(
    "shuangtan",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("shuangtan")


@pytest.fixture(scope="session")
def remembered(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Runner:
    """Results of a scenario, run by the first of all processes that asks for it.

    That the same run gives the same bits is tested elsewhere.
    """
    import simulator  # noqa: PLC0415  (most tests need no run)

    run, known = simulator.run, {}
    alone = worker_id == "master"
    base = tmp_path_factory.getbasetemp()
    folder = base if alone else base.parent

    def found(scenario: "Asked", engine: str = "reference") -> xr.Dataset:
        chosen = simulator.load(scenario) if isinstance(scenario, (str, Path)) else scenario
        about = f"{engine}\n{chosen.resolved.digest}\n{chosen.resolved.yaml}"
        key = hashlib.sha256(about.encode()).hexdigest()
        path = folder / f"{key}.run"
        if key not in known and path.exists():
            known[key] = pickle.loads(path.read_bytes())  # noqa: S301 - written below
        elif key not in known:
            known[key] = run(chosen, engine=engine)
            part = path.with_suffix(f".{worker_id}")
            part.write_bytes(pickle.dumps(known[key]))
            part.replace(path)
        return known[key]

    return found


@pytest.fixture(scope="session")
def run_of(remembered: Runner) -> Runner:
    """Results of a shipped scenario by name."""
    return cache(remembered)


@pytest.fixture
def remembered_runs(monkeypatch: pytest.MonkeyPatch, remembered: Runner) -> None:
    """Commands of this process that run a scenario again find its results."""
    import simulator  # noqa: PLC0415

    def run(scenario: "Asked", engine: str = "reference") -> xr.Dataset:
        return remembered(scenario, engine).copy(deep=True)

    monkeypatch.setattr(simulator, "run", run)


@pytest.fixture(scope="session", params=SHIPPED)
def shipped_run(request: pytest.FixtureRequest, run_of: Runner) -> xr.Dataset:
    """Results of every shipped scenario, one after another."""
    return run_of(request.param)
