"""Print every measurement: ``python -m tests.benchmarks [--quick]``.

Times are compared as ratios within one run, since machines differ; nothing here fails on a
time. `--quick` takes one repetition and skips the stiff methods: a smoke test.
"""

import cProfile
import pstats
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from simulator.model import derivative
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.national import NationalModel
from simulator.model.packing import Packing, leaves
from simulator.reading.scenario import load, resolve
from simulator.solvers.reference import solve
from tests.benchmarks.timing import QUICK, cpu, peak_memory

SCENARIO = "national_targets"


def net(run: Any) -> np.ndarray:
    """Net CO2 by year [Mt]."""
    return np.array(
        [
            np.sum(flow.emissions_by_carrier)
            + np.sum(flow.emissions_process)
            - np.sum(flow.sink)
            for flow in run.flows
        ]
    )


def right_hand_side() -> None:
    """Time of one evaluation and agreement of 64 scenarios at once with 64 alone."""
    resolved = resolve(load(SCENARIO))
    single = NationalModel([resolved])
    state = single.initial()
    count = 20 if QUICK else 300
    one = cpu(lambda: [single.evaluate(2030.3, state) for _ in range(count)]) / count
    print(f"right-hand side, 1 scenario: {one * 1e3:.2f} ms, {Packing.of(state).size} stocks")
    many = NationalModel([resolved] * 64)
    rng = np.random.default_rng(1)
    packing = Packing.of(state)
    vector = packing.pack(state)
    vectors = [vector * rng.uniform(0.9, 1.1, vector.size) for _ in range(64)]
    columns = [packing.unpack(v) for v in vectors]
    wide = join(columns)
    batch = cpu(lambda: many.evaluate(2030.3, wide))
    each = batch / 64
    print(f"right-hand side, 64 scenarios: {each * 1e3:.3f} ms each, {one / each:.1f}x")
    together = list(leaves(many.evaluate(2030.3, wide)[0]))
    worst = 0.0
    for column, alone in enumerate(columns):
        for (_, block), (_, expected) in zip(
            together, leaves(single.evaluate(2030.3, alone)[0]), strict=True
        ):
            mine = np.broadcast_to(block, (*block.shape[:-1], 64))[..., column]
            scale = np.max(np.abs(expected)) + 1e-30
            worst = max(worst, float(np.max(np.abs(mine - expected[..., 0])) / scale))
    print(f"64 at once against 64 alone: largest relative difference {worst:.1e}")


def blocks() -> None:
    """Stocks of each block of the state, and time spent in each module of equations."""
    model = NationalModel([resolve(load(SCENARIO))])
    state = model.initial()
    stocks = {name: Packing.of(part).size for name, part in state._asdict().items()}
    print("stocks: " + ", ".join(f"{name} {size}" for name, size in stocks.items()))

    def work() -> None:
        """Evaluate without the tape, on which modules cannot be told apart."""
        for _ in range(5 if QUICK else 50):
            derivative.evaluate(FAST_NUMPY, np.float64(2030.3), state, model.parameters)

    work()
    profile = cProfile.Profile(time.process_time)
    profile.runcall(work)
    spent: Counter[str] = Counter()
    for (file, _, _), (*_, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        path = Path(file)
        if path.parent.name == "equations":
            outside = [rest for (by, _, _), rest in callers.items() if "equations" not in by]
            spent[path.stem] += sum(cumulative for *_, cumulative in outside)
    total = sum(spent.values())
    shares = ", ".join(f"{name} {part / total:.0%}" for name, part in spent.most_common())
    print(f"time in equations, by module: {shares}")


def join(columns: list[Any]) -> Any:
    """Put states of one scenario each side by side on the scenario axis."""
    first = columns[0]
    if hasattr(first, "_fields"):
        return type(first)(*[join([c[i] for c in columns]) for i in range(len(first))])
    return np.concatenate(columns, axis=-1)


def methods() -> None:
    """CPU time and accuracy of scipy's methods against a tight reference."""
    model = NationalModel([resolve(load(SCENARIO))])
    exact = net(solve(model, method="DOP853", relative_tolerance=1e-8, absolute_tolerance=1e-9))
    names = ["RK23"] if QUICK else ["RK23", "RK45", "DOP853", "LSODA"]
    for name in names:
        for tolerance in (1e-5,) if QUICK else (1e-3, 2e-4, 1e-4, 1e-5):
            start = time.process_time()
            run = solve(
                model,
                method=name,
                relative_tolerance=tolerance,
                absolute_tolerance=tolerance / 10,
            )
            used = time.process_time() - start
            error = np.max(np.abs(net(run) - exact)) / np.max(np.abs(exact))
            print(
                f"{name:7s} rtol {tolerance:.0e}: {used:6.2f} s CPU, {run.evaluations:6d}"
                f" evaluations, net CO2 within {error:.1e} of its peak"
            )
    stocks = Packing.of(model.initial()).size
    print(
        f"BDF    is compared in the tests over one year: a Jacobian by differences takes"
        f" {stocks} evaluations, more than a whole run of the explicit methods"
    )


COMMAND = [sys.executable, "-c", "from simulator.interface.cli import main; main()"]


def command_line() -> None:
    """Cold start of the command, and a run from the shell to files written."""
    start = time.perf_counter()
    shown = subprocess.run([*COMMAND, "--help"], check=True, capture_output=True, text=True)
    assert "hindcast" in shown.stdout
    print(f"shuangtan --help: {time.perf_counter() - start:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        words = ["run", SCENARIO, "--quiet", "--out", folder]
        subprocess.run([*COMMAND, *words], check=True, capture_output=True)
        used = time.perf_counter() - start
        assert (Path(folder) / SCENARIO / "report.html").exists()
        print(f"shuangtan run {SCENARIO} --quiet: {used:.2f} s to files written")


def reference_run() -> None:
    """CPU and memory of one reference run."""
    used = cpu(lambda: solve(NationalModel([resolve(load(SCENARIO))])))
    memory = peak_memory()
    print(f"one reference run with assembly: {used:.2f} s CPU, {memory:.0f} MB at most so far")


if __name__ == "__main__":
    reference_run()
    right_hand_side()
    blocks()
    methods()
    command_line()
