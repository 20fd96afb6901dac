"""The executors of a sweep measured: ``python -m tests.benchmarks.scaling [--quick]``.

The same sweep in one process, in two, and on a Dask cluster of one worker and of two, each with
the time of a scenario and what is spent beside the workers' own arithmetic. The last run is
killed at three moments that chance chooses and resumed. All stores must hold the same bytes.
"""

import filecmp
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from simulator.reading.library import shipped
from tests.benchmarks.timing import QUICK, say
from tests.clusters import cluster

SIZE = 512 if QUICK else 10_000
ROOT = Path(__file__).parents[2]
KILLS = 1 if QUICK else 3
MAIN = "from simulator.interface.cli import main; main()"


def start(*words: str) -> subprocess.Popen[bytes]:
    """A process of this interpreter in the project's folder."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([sys.executable, *words], cwd=ROOT, **quiet)


def sweep(folder: Path) -> Path:
    """The shipped sweep at the size of this benchmark."""
    text = (shipped().scenarios / "sweeps" / "policy_and_parameters.yaml").read_text("utf-8")
    assert "\nn: 10000\n" in text
    file = folder / "policy_and_parameters.yaml"
    file.write_text(text.replace("\nn: 10000\n", f"\nn: {SIZE}\n"), encoding="utf-8")
    return file


def command(file: Path, out: Path, *words: str) -> list[str]:
    """The command line of a run."""
    return ["-c", MAIN, "sweep", str(file), "--out", str(out), "--quiet", *words]


def timed(label: str, words: list[str]) -> float:
    """Run a command, and print what a scenario took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    ended = start(*words).wait()
    wall = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert ended == 0, f"{label} ended with {ended}"
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(
        f"  {label}: {wall:.0f} s, {SIZE / wall:.0f} scenarios a second with start-up,"
        f" {wall / SIZE * 1e3:.2f} ms each; CPU time {spent:.0f} s"
    )
    return wall


def killed(label: str, words: list[str], longest: float) -> None:
    """Kill a run at random moments, then let it finish."""
    chance = random.Random(20_600)  # noqa: S311 - moments, not secrets
    moments = [chance.uniform(0.2, 0.6) * longest for _ in range(KILLS)]
    for moment in moments:
        process = start(*words)
        time.sleep(moment)
        process.kill()
        process.wait()
        time.sleep(2.0)  # workers notice that they are alone
    times = ", ".join(f"{moment:.0f}" for moment in moments)
    timed(f"{label} killed after {times} s and resumed", words)


def same(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files with the same bytes."""
    found = filecmp.dircmp(one, other)
    if found.left_only or found.right_only:
        return False
    _, different, broken = filecmp.cmpfiles(one, other, found.common_files, shallow=False)
    return (
        not different
        and not broken
        and all(same(one / name, other / name) for name in found.common_dirs)
    )


def main() -> None:
    """Print everything."""
    say(f"a sweep of {SIZE} scenarios, ten policies and ten parameters, end to end to a store")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        file = sweep(folder)
        out = [folder / f"store-{number}" for number in range(5)]
        wall = timed("one process", command(file, out[0]))
        two = timed("two processes", command(file, out[1], "--workers", "2"))
        print(f"    {wall / two:.2f} times as fast as one")
        for workers, place in ((1, out[2]), (2, out[3])):
            with cluster(folder, workers) as started:
                words = command(file, place, "--scheduler", str(started.file))
                timed(f"Dask, {workers} worker{'s' * (workers > 1)}", words)
        words = command(file, out[4], "--workers", "2", "--resume")
        killed("two processes,", words, two)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
        size = sum(path.stat().st_size for path in out[0].rglob("*") if path.is_file()) / 1e6
        alike = all(same(out[0], other) for other in out[1:])
        print(f"  peak memory of a process {peak:.2f} GB; store {size:.1f} MB")
        print(f"  the stores {'are the same to the last byte' if alike else 'DIFFER'}")
        if not alike:
            sys.exit(1)


if __name__ == "__main__":
    main()
