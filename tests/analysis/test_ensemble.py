"""Ensembles: bands are quantiles of members, chances are shares, and nothing is run twice."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simulator.analysis.ensemble import QUANTILES, summarise
from simulator.interface.cli import invoke
from simulator.reading.scenario import load
from simulator.reading.sweep import load_ensemble
from simulator.results.headline import headline
from simulator.results.sweep_reading import open_sweep

SIZE = 6


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a small ensemble writes."""
    out = tmp_path_factory.mktemp("outputs")
    words = ["run", "national_targets", "--engine", "batch", "--no-report", "--quiet"]
    assert invoke([*words, "--out", str(out), "--ensemble", str(SIZE), "--seed", "7"]) == 0
    return out / "national_targets"


@pytest.fixture(scope="module")
def members(folder: Path) -> xr.Dataset:
    (store,) = folder.glob("ensemble-*")
    return open_sweep(store).load()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_bands_are_quantiles_of_the_members(folder: Path, members: xr.Dataset) -> None:
    net = members["emissions_net"].sel(time=2060).values
    assert len(np.unique(net)) == SIZE
    (row,) = (
        row
        for row in rows(folder / "ensemble.csv")
        if (row["variable"], row["year"]) == ("emissions_net", "2060")
    )
    found = [float(row[f"q{round(100 * part):02d}"]) for part in QUANTILES]
    np.testing.assert_allclose(found, np.quantile(net, QUANTILES), rtol=1e-5)


def test_every_headline_number_has_its_band_in_every_year(
    folder: Path, members: xr.Dataset
) -> None:
    keys = [line.key for line in headline(members.isel(scenario=0)).lines]
    years = [str(year) for year in members["time"].values]
    found = [(row["variable"], row["year"]) for row in rows(folder / "ensemble.csv")]
    assert found == [(key, year) for key in keys for year in years]


def test_chances_are_shares_of_the_members(folder: Path, members: xr.Dataset) -> None:
    met = members["milestone_status"].sel(milestone="neutrality_2060").values == 1
    table = {row["id"]: row["probability"] for row in rows(folder / "ensemble_milestones.csv")}
    assert float(table["neutrality_2060"]) == pytest.approx(met.mean(), abs=1e-4)


def test_a_member_that_failed_does_not_count(members: xr.Dataset) -> None:
    status = members["status"].values.copy()
    status[0] = 2
    found = summarise(members.assign(status=("scenario", status)))
    assert (found.members, found.failed) == (SIZE - 1, 1)


def test_the_same_command_finds_its_members_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / "ensemble.csv").read_bytes()
    (store,) = folder.glob("ensemble-*")
    written = {path: path.stat().st_mtime_ns for path in store.rglob("*") if path.is_file()}
    words = ["run", "national_targets", "--engine", "batch", "--no-report", "--json"]
    out = str(folder.parent)
    assert invoke([*words, "--out", out, "--ensemble", str(SIZE), "--seed", "7"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["ensemble"]["members"] == SIZE
    assert set(told["ensemble"]["bands"]["emissions_net"]) >= {"2030", "2060"}
    assert (folder / "ensemble.csv").read_bytes() == before
    assert {p: p.stat().st_mtime_ns for p in written} == written


def test_what_a_scenario_does_not_set_is_left_out() -> None:
    policies = {
        item.key for item in load_ensemble(load("national_targets"), 2, 1).inputs
        if item.key.startswith("policies.")
    }  # fmt: skip
    found = load_ensemble(load("frozen"), 2, 1)
    assert policies
    assert not {item.key for item in found.inputs} & policies
    assert len(found) == 2


def test_members_are_drawn_from_the_seed() -> None:
    scenario = load("national_targets")
    one, same, other = (load_ensemble(scenario, 4, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.table, same.table)
    assert one.digest == same.digest != other.digest
