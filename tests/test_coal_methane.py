"""Methane of coal mines in a run: its source can be chosen, mines age, a ban ends new ones."""

import pytest
import xarray as xr
from numpy.testing import assert_allclose

import simulator
from simulator.reading.scenario import load
from tests.changes import EARLY_END_OF_COAL

SOURCE = "parameters.coal_mining.methane_source"
CONTENT = "parameters.coal_mining.gas_content.underground"


@pytest.fixture(scope="module")
def changed() -> dict[str, xr.Dataset]:
    base = load("current_policies").replace({"horizon.end": 2045})
    changes = {
        "live": {},
        "documents": {SOURCE: 0.0},
        "same content": {CONTENT: 6.6},
        "ban": {"parameters.coal_mining.new_mine_ban": 2026},
        "less coal": EARLY_END_OF_COAL,
    }
    return {name: simulator.run(base.replace(change)) for name, change in changes.items()}


def of_mines(run: xr.Dataset) -> xr.DataArray:
    return run["methane"].sel(sector="coal_mining")


def test_the_source_of_methane_is_a_switch(changed: dict[str, xr.Dataset]) -> None:
    """421.3 Mt CO2e at 21 times, six tenths of it gas: 12.0 Mt; inventories have 19 to 25."""
    assert_allclose(of_mines(changed["documents"]).sel(time=2019), 12.04, rtol=0.1)
    assert 18.0 < float(of_mines(changed["live"]).sel(time=2019)) < 25.0
    assert_allclose(of_mines(changed["documents"]), of_mines(changed["same content"]))
    for name in ("emissions_net", "electricity_gross"):
        assert_allclose(changed["documents"][name], changed["live"][name])


def test_without_new_mines_old_ones_close_and_coal_is_imported(
    changed: dict[str, xr.Dataset],
) -> None:
    live, ban = changed["live"], changed["ban"]
    assert_allclose(ban["mine_capacity"].sel(time=2025), live["mine_capacity"].sel(time=2025))
    capacity = ban["mine_capacity"].sum("mine_type").sel(time=slice(2026, 2045))
    assert (capacity.diff("time") < 0.0).all()
    mined = [run["activity"].sel(sector="coal_mining", time=2045) for run in (live, ban)]
    most = 1.2 * float(ban["mine_capacity"].sum("mine_type").sel(time=2044))
    assert float(mined[1]) <= min(float(mined[0]), most) + 1e-6


def test_closed_mines_leak_more_where_coal_ends(changed: dict[str, xr.Dataset]) -> None:
    live, less = changed["live"], changed["less coal"]
    part = {
        name: run["mine_methane"].sel(time=2040) / of_mines(run).sel(time=2040)
        for name, run in (("live", live), ("less", less))
    }
    abandoned = {
        name: float(found.sel(mine_source="abandoned")) for name, found in part.items()
    }
    assert abandoned["less"] > abandoned["live"]
    assert float(of_mines(less).sel(time=2036)) < float(of_mines(live).sel(time=2036))
