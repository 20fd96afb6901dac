"""The batch engine measured: ``python -m tests.benchmarks.batch [--quick]``.

Prints how exact it is, how many scenarios it runs in a second and what bounds that, how memory
and time grow with the batch, and how soon an interactive change is answered. CPU time of one
core throughout; ratios hold on other machines, times do not.
"""

import subprocess
import sys
import time
from typing import Any

import numpy as np
import xarray as xr

import simulator
from simulator.model.national import NationalModel
from simulator.reading.scenario import load
from simulator.reading.sweep import load_sweep
from simulator.results.batches import BatchRunner, machine_class, runner_for
from simulator.results.dataset import variables
from simulator.results.session import Session
from simulator.solvers.batch import BatchEngine
from simulator.solvers.machine import NumpyMachine
from simulator.solvers.steps import step_grid
from tests.benchmarks.timing import QUICK, cpu, peak_memory, say

SHIPPED = ("frozen", "current_policies", "national_targets", "accelerated", "delayed")
SWEEP = "policy_and_parameters"
POLICIES = "carbon_price_grid"
TOGETHER = 256
"""Scenarios of a measurement of throughput, as in a batch of a sweep."""


def convergence() -> None:
    """Every output of every shipped scenario against the reference at tight tolerance."""
    say("exactness: every output in every year, against the reference at a tolerance of 1e-7")
    for name in SHIPPED[2:3] if QUICK else SHIPPED:
        fixed = simulator.run(name, engine="batch")
        exact = simulator.run(
            name, method="RK45", relative_tolerance=1e-7, absolute_tolerance=1e-8
        )
        print(f"  {name}: {agreement(fixed, exact)}")


def agreement(fixed: xr.Dataset, exact: xr.Dataset) -> str:
    """What part of the numbers is within 1e-3, or within 5e-4 of their variable's peak."""
    inside = total = 0
    off = []
    for key, values in exact.data_vars.items():
        if values.dtype.kind != "f":
            continue
        gap = np.abs(fixed[key] - values)
        peak = float(np.abs(values).max())
        bad = int((gap > np.maximum(1e-3 * np.abs(values), max(5e-4 * peak, 1e-9))).sum())
        inside, total = inside + values.size - bad, total + values.size
        if bad:
            off.append(f"{key} {bad}")
    net = float(np.abs(fixed["emissions_net"] - exact["emissions_net"]).max())
    net /= float(exact["emissions_net"].max())
    return (
        f"{inside / total:.3%} of {total} numbers; net CO2 within {net:.1e} of its peak;"
        f" beyond: {', '.join(off) or 'none'}"
    )


def order() -> None:
    """Errors of halved steps on what moves smoothly, and on net CO2."""
    say("order of convergence (ratio of errors for halved steps; 16 is fourth order)")
    resolved = load("national_targets").resolved
    knots = NationalModel([resolved]).grid
    found: list[dict[str, Any]] = []
    for refine in (1, 2, 4) if QUICK else (1, 2, 4, 8):
        grid = step_grid(knots, refine)
        engine = BatchEngine(NationalModel([resolved], grid), [{}, {}], 1)
        (block,) = engine.solve(NationalModel([resolved], grid))
        found.append(variables(block.model, block.record))
    for name in ("population", "in_use_stock", "emissions_net"):
        gaps = [float(np.abs(run[name] - found[-1][name]).max()) for run in found[:-1]]
        print(f"  {name}: {', '.join(f'{gap:.1e}' for gap in gaps)}")


def throughput() -> None:
    """Scenarios a second, and what a scenario costs."""
    say("throughput of one core, from resolved scenarios to all variables")
    machines = {NumpyMachine, machine_class()}
    for name in (POLICIES, SWEEP):
        sweep = load_sweep(name)
        for make in sorted(machines, key=lambda one: one.__name__):
            start = time.perf_counter()
            runner = runner_for(sweep, 0, make=make)
            first = time.perf_counter() - start
            size = runner.engine.width if QUICK else TOGETHER
            scenarios = [sweep.resolved(i % len(sweep.table)) for i in range(size)]
            spent = cpu(lambda: work(runner, scenarios)) / size  # noqa: B023
            parts = [phase.recorded.program for phase in runner.engine.phases]
            operations = [sum(item.count for item in part.instructions) for part in parts]
            print(
                f"  {name}, {make.__name__}: {1 / spent:.0f} scenarios a second a core,"
                f" {spent * 1e3:.1f} ms each; engine ready after {first:.1f} s;"
                f" {operations[0]} and {operations[1]} operations an evaluation"
            )
    bounds(sum(operations) / 2, spent)


def work(runner: BatchRunner, scenarios: list[Any]) -> None:
    """Run scenarios and read off every variable."""
    for batch in runner.run(scenarios):
        variables(batch.model, batch.record)


def bounds(operations: float, spent: float) -> None:
    """How far the engine is from what the core can do with numbers in its caches."""
    x = np.random.default_rng(1).random((64, 64))
    y, z = x.copy(), np.empty_like(x)
    count = 2000
    adding = cpu(lambda: [np.add(x, y, z) for _ in range(count)]) / count / x.size
    steps = 4 * 128 * operations
    print(
        f"  an addition of NumPy in cache takes {adding * 1e9:.2f} ns; {steps:.0f} operations"
        f" a scenario would take {steps * adding * 1e3:.1f} ms at that rate, they take"
        f" {spent * 1e3:.1f} ms with assembly and reading off"
    )


def growth() -> None:
    """Time and memory as the batch grows."""
    say("as the batch grows (each in a process of its own)")
    sizes = (1, 100) if QUICK else (1, 10, 100, 1000, 10000)
    for size in sizes:
        code = (
            "import sys,time;from tests.benchmarks.batch import *;"
            f"s=load_sweep('{SWEEP}');t=time.process_time();r=runner_for(s,0);"
            "a=time.process_time()-t;t=time.process_time();"
            f"[work(r,[s.resolved(i % len(s.table)) for i in range(n,min(n+512,{size}))])"
            f" for n in range(0,{size},512)];b=time.process_time()-t;"
            "m=peak_memory();"
            f"print(f'  {size} scenarios: engine {{a:.2f}} s, {{b/{size}*1e3:.1f}} ms each,"
            " {m:.0f} MB at most')"
        )
        subprocess.run([sys.executable, "-c", code], check=True)


def interactive() -> None:
    """From a changed policy to its data set, after warm-up."""
    say("interactive: a changed policy value to the complete data set")
    start = time.perf_counter()
    session = Session("national_targets")
    print(f"  warm-up {time.perf_counter() - start:.1f} s ({machine_class().__name__})")
    prices = iter(range(200, 1000))

    def move() -> None:
        session.run({"policies.carbon_price_floor.schedule": {2025: 75, 2030: next(prices)}})

    move()
    slowest = max(cpu(move, 1) for _ in range(5))
    print(f"  median {np.median([cpu(move, 1) for _ in range(9)]) * 1e3:.0f} ms,"
          f" slowest of the first five {slowest * 1e3:.0f} ms")  # fmt: skip


def main() -> None:
    """Print everything."""
    convergence()
    order()
    throughput()
    growth()
    interactive()
    print(f"peak memory of this process {peak_memory():.0f} MB")


if __name__ == "__main__":
    main()
