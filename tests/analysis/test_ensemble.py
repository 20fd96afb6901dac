"""Ensembles: bands are quantiles of members, chances are shares, and nothing is run twice."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simulator.analysis.ensemble import QUANTILES, summarise, weighted_quantiles
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
    words += ["--weights", "equal", "--out", str(out)]
    assert invoke([*words, "--ensemble", str(SIZE), "--seed", "7"]) == 0
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
    expected = np.quantile(net, QUANTILES, method="inverted_cdf")
    np.testing.assert_allclose(found, expected, rtol=1e-5)


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
    words += ["--weights", "equal", "--out", str(folder.parent)]
    assert invoke([*words, "--ensemble", str(SIZE), "--seed", "7"]) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert told["ensemble"]["members"] == SIZE
    assert told["ensemble"]["effective"] == pytest.approx(SIZE)
    assert told["ensemble"]["power"] is None
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


@pytest.mark.parametrize("shape", [(7,), (7, 3)])
def test_quantiles_of_equal_weights_are_those_of_numpy(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(1).normal(size=shape)
    found = weighted_quantiles(values, np.full(7, 1 / 7))
    expected = np.quantile(values, QUANTILES, axis=0, method="inverted_cdf")
    np.testing.assert_array_equal(found, expected)


def test_a_member_without_weight_does_not_move_the_bands() -> None:
    values = np.array([3.0, 1.0, 2.0, 900.0])
    found = weighted_quantiles(values, np.array([1.0, 1.0, 1.0, 0.0]) / 3)
    np.testing.assert_array_equal(found, [1.0, 1.0, 2.0, 3.0, 3.0])
    heavy = weighted_quantiles(values, np.array([0.01, 0.01, 0.97, 0.01]))
    np.testing.assert_array_equal(heavy, 2.0)


def test_weights_count_in_chances_and_leave_out_failed_members(members: xr.Dataset) -> None:
    status = members["status"].values.copy()
    status[0] = 2
    weights = np.array([50.0, 3.0, 1.0, 1.0, 1.0, 1.0])
    found = summarise(members.assign(status=("scenario", status)), weights)
    met = members["milestone_status"].values[1:] > 0
    judged = members["milestone_status"].values[1:] >= 0
    for place, chance in enumerate(found.chances):
        total = weights[1:] @ judged[:, place]
        if total:
            wanted = weights[1:] @ met[:, place] / total
            assert chance.probability == pytest.approx(wanted)
    assert found.effective == pytest.approx(7.0**2 / 13.0)
