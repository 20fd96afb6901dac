"""The digest of a sweep, and that another process gets the same one."""

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library
from simulator.reading.sweep import load_sweep
from tests.drawn import (
    LIFETIME,
    PRICE,
    read,
    write,
)


def test_the_digest_is_that_of_what_decides_the_results(tmp_path: Path) -> None:
    keys = {f"{PRICE}.2030": "{values: [100, 200]}"}
    known = read(tmp_path, keys)
    assert read(tmp_path, keys).digest == known.digest
    relabelled = {f"{PRICE}.2030": "{values: [100, 200], label: {en: Other, zh: 其他}}"}
    assert read(tmp_path, relabelled).digest == known.digest
    moved = "# a comment\nbase: base\ndesign: grid\n"
    assert read(tmp_path, keys, moved).digest == known.digest
    others = [
        read(tmp_path, {f"{PRICE}.2030": "{values: [100, 201]}"}),
        read(tmp_path, {f"{PRICE}.2031": "{values: [100, 200]}"}),
        read(tmp_path, {PRICE: "{values: [100, 200]}"}),
        read(tmp_path, keys, "base: left\ndesign: grid\n"),
        read(tmp_path, keys, "base: [base, left]\ndesign: grid\n"),
        read(tmp_path, keys, "base: [left, base]\ndesign: grid\n"),
        read(tmp_path, keys, "base: base\ndesign: grid\nderive: [peak_year]\n"),
    ]
    digests = {one.digest for one in [known, *others]}
    assert len(digests) == 1 + len(others)
    assert json.loads(json.dumps(known.describe())) == known.describe()
    changed = {
        key for key, part in others[0].describe().items() if known.describe()[key] != part
    }
    assert changed == {"values of the inputs"}


def test_equal_choices_in_another_schedule_are_another_sweep(tmp_path: Path) -> None:
    one = read(tmp_path, {PRICE: "{values: [{2030: 100}]}"})
    other = read(tmp_path, {PRICE: "{values: [{2031: 100}]}"})
    assert one.table.tobytes() == other.table.tobytes()
    assert one.digest != other.digest


def test_a_policy_and_a_parameter_of_the_same_values_are_two_bases(copied: Library) -> None:
    digests = []
    for body in (
        "policies: {coal_power_phase_out: {strength: 0.4}}",
        "parameters: {power.phase_out.strength: 0.4}",
    ):
        (copied.scenarios / "own.yaml").write_text(
            f"schema: 1\nname: own\nlabel: {{en: a, zh: b}}\nextends: base\n{body}\n", "utf-8"
        )
        text = f"base: own\ndesign: grid\nvary: {{{LIFETIME}: {{values: [20]}}}}\n"
        sweep = load_sweep(write(copied.scenarios, text), copied)
        digests.append((sweep.digest, sweep.bases[0].resolved.digest))
    assert digests[0][1] == digests[1][1]
    assert digests[0][0] != digests[1][0]


def test_the_table_cannot_be_changed(tmp_path: Path) -> None:
    sweep = read(tmp_path, {LIFETIME: "{values: [20]}"})
    for one in (sweep, pickle.loads(pickle.dumps(sweep))):  # noqa: S301 - made above
        with pytest.raises(ValueError, match="read-only"):
            one.table[0, 0] = 3.0


def test_another_process_gets_the_same_sweep(tmp_path: Path) -> None:
    sweep = load_sweep("carbon_price_grid")
    parcel = tmp_path / "sweep.pickle"
    parcel.write_bytes(pickle.dumps(sweep))
    program = (
        "import pickle, sys\n"
        "sweep = pickle.load(open(sys.argv[1], 'rb'))\n"
        "one, other = sweep.resolved(0), sweep.resolved(5)\n"
        "assert one.parameters.base is other.parameters.base\n"
        "print(sweep.digest, sweep.resolved(17).digest, len(sweep))\n"
    )
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(parcel)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == [sweep.digest, sweep.resolved(17).digest, "32"]


def test_a_process_with_other_data_refuses_the_sweep(copied: Library) -> None:
    body = f"base: base\ndesign: grid\nvary: {{{LIFETIME}: {{values: [20]}}}}\n"
    parcel = pickle.dumps(load_sweep(write(copied.scenarios, body), copied))
    table = copied.data / "steel" / "technologies.csv"
    table.write_text(
        table.read_text("utf-8").replace("scrap_share,,0.2", "scrap_share,,0.3"), "utf-8"
    )
    with pytest.raises(ScenarioError, match="install the same version"):
        pickle.loads(parcel)  # noqa: S301 - made above
