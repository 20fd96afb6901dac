"""Run every tool on the same model and print one table.

``python -m tests.benchmarks.peers [--quick] [--without-peers]``

Every tool runs in a process of its own, one after the other, on one core; what they hand over
is checked before any time is printed. `--quick` sweeps for two seconds instead of twenty. The
peers have an environment of their own in the cache folder, made at the first call.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from simulator.results.batches import machine_class
from simulator.solvers.machine import NumpyMachine
from tests.benchmarks.peers import environment
from tests.benchmarks.peers.chain import CHECKED, FloatArray, scenario
from tests.benchmarks.peers.with_scipy import euler, exact
from tests.benchmarks.timing import QUICK, say

ROOT: Final = Path(__file__).parents[3]
SECONDS: Final = 2.0 if QUICK else 20.0

FROM_EXACT: Final = {"RK4": 1e-6, "RK45": 1e-5, "Euler": 1e-2}
"""Largest relative error of a final stock that the method allows, at the steps used here."""
FROM_EULER: Final = 1e-9
"""Largest relative difference of a tool with Euler's method from the same steps by hand."""


class Tool(NamedTuple):
    """A process to measure."""

    words: str
    """Module in this folder, and its options."""
    peer: str = ""
    """Package in the environment of the peers that it needs."""


def tools() -> list[Tool]:
    """What is measured; the first is what the others are compared with."""
    ours = [Tool("with_simulator")]
    if machine_class() is not NumpyMachine:
        ours.append(Tool("with_simulator --numpy"))
    return [
        *ours,
        Tool("with_scipy"),
        Tool("with_bptk --rust", "BPTK-Py"),
        Tool("with_bptk", "BPTK-Py"),
        Tool("with_pysd --scalar", "pysd"),
        Tool("with_pysd", "pysd"),
    ]


def measured(tool: Tool) -> dict[str, Any] | None:
    """What a tool found; None, after a sentence, if it failed."""
    python = str(environment.python()) if tool.peer else sys.executable
    module, *options = tool.words.split()
    words = [python, "-m", f"tests.benchmarks.peers.{module}", *options]
    one_thread = {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
    outside = {} if tool.peer else {"PYTHONPATH": str(ROOT)}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    ran = subprocess.run(
        [*words, "--seconds", str(SECONDS)],
        check=False, capture_output=True, text=True, cwd=ROOT, env=kept | one_thread | outside,
    )  # fmt: skip
    if ran.returncode:
        print(f"  {tool.words} failed: {environment.reason(ran)}", flush=True)
        return None
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def largest(stocks: FloatArray, right: FloatArray) -> float:
    """Largest relative difference of a stock; not a number if any is none."""
    return float(np.max(np.abs(stocks / right - 1.0)))


def check(found: dict[str, Any], right: FloatArray, by_hand: FloatArray) -> list[str]:
    """Add the error of a tool to what it found; what is wrong with it, in sentences."""
    stocks, method = np.array(found["stocks"]), found["method"]
    found["error"] = largest(stocks, right)
    wrong = []
    if not found["error"] <= FROM_EXACT[method]:
        wrong.append(
            f"{found['tool']}: a final stock is off by {found['error']:.1e}, its method allows"
            f" {FROM_EXACT[method]:.0e}"
        )
    if method == "Euler" and not largest(stocks, by_hand) <= FROM_EULER:
        wrong.append(
            f"{found['tool']}: a final stock differs by {largest(stocks, by_hand):.1e} from"
            f" the same steps by hand, {FROM_EULER:.0e} is rounding"
        )
    return wrong


def table(all_found: Sequence[dict[str, Any]]) -> str:
    """One line a tool; ratios are to the first."""
    ours = all_found[0]
    head = (
        "tool", "method", "imports", "first run", "one run", "ratio", "each of", "scenarios",
        "ratio", "error",
    )  # fmt: skip
    lines = [head, tuple("---" for _ in head)]
    lines += [
        (
            f"{found['tool']} {found['version']}",
            f"{found['method']}, {found['precision']:g}",
            f"{found['imports']:.2f} s",
            f"{found['ready']:.2f} s",
            f"{found['one run'] * 1e3:.1f} ms",
            f"{found['one run'] / ours['one run']:.1f}",
            f"{found['each'] * 1e3:.2f} ms",
            f"{found['each, scenarios']}",
            f"{found['each'] / ours['each']:.0f}",
            f"{found['error']:.0e}",
        )
        for found in all_found
    ]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


def notes(found: dict[str, Any]) -> list[str]:
    """What has no column."""
    said = []
    for name, seconds in found.items():
        if name.startswith("batch of "):
            count = int(name.removeprefix("batch of "))
            said.append(
                f"{found['tool']}: {count} scenarios in {seconds:.1f} s,"
                f" {seconds / count * 1e3:.2f} ms each"
            )
    if "one stock read" in found:
        said.append(
            f"{found['tool']}: {found['one stock read'] * 1e3:.1f} ms a scenario where one"
            " stock is read instead of all"
        )
    return said


def main() -> None:
    """Measure, check, print."""
    peers = () if "--without-peers" in sys.argv else environment.prepare()
    chosen = [tool for tool in tools() if not tool.peer or tool.peer in peers]
    right = np.array([exact(scenario(place)) for place in range(CHECKED)])
    by_hand = np.array([euler(scenario(place)) for place in range(CHECKED)])
    all_found, wrong = [], []
    for tool in chosen:
        print(f"  {tool.words} ...", file=sys.stderr, flush=True)
        found = measured(tool)
        if found is not None:
            wrong += check(found, right, by_hand)
            all_found.append(found)
    if wrong:
        sys.exit("\n".join(wrong))
    if not all_found or not all_found[0]["tool"].startswith("simulator"):
        sys.exit("the simulator itself could not be measured: there is nothing to compare with")
    say("one model in every tool, CPU time of one core; error of the final stocks")
    print(table(all_found))
    for found in all_found:
        for line in notes(found):
            print(line)
    print(
        f"all agree on the final stocks of {CHECKED} scenarios: within"
        f" {FROM_EXACT['RK4']:.0e} (RK4), {FROM_EXACT['RK45']:.0e} (RK45) and"
        f" {FROM_EXACT['Euler']:.0e} (Euler) of a tight solution, and every tool with Euler's"
        f" method within {FROM_EULER:.0e} of the same steps by hand"
    )


if __name__ == "__main__":
    main()
