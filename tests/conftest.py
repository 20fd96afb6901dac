"""Runs that several tests look at: made once a session, and only when a test asks."""

import os
import signal
from collections.abc import Callable
from functools import cache

import pytest
import xarray as xr
from hypothesis import HealthCheck, settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that starts the tests in the background ignores Ctrl-C for them and for all that
    # they start; what is tested of Ctrl-C needs it.
    signal.signal(signal.SIGINT, signal.default_int_handler)

SHIPPED = ("frozen", "current_policies", "national_targets", "accelerated", "delayed")

Runner = Callable[[str], xr.Dataset]

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
def run_of() -> Runner:
    """Results of a shipped scenario by name."""
    import simulator  # noqa: PLC0415  (most tests need no run)

    return cache(simulator.run)


@pytest.fixture(scope="session", params=SHIPPED)
def shipped_run(request: pytest.FixtureRequest, run_of: Runner) -> xr.Dataset:
    """Results of every shipped scenario, one after another."""
    return run_of(request.param)
