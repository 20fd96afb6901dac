"""Stages of production: they add up to their sectors, and meet what the documents print."""

from collections.abc import Mapping
from functools import cache

import numpy as np
import pytest
import xarray as xr
from numpy.testing import assert_allclose

from simulator.dimensions import PROCESS_STAGES
from tests.dead_numbers import at_both_ends, largest_move, ranged

READ = (
    "stage_electricity", "stage_fuel", "stage_emissions", "mine_methane", "mine_gas_drained",
    "mine_gas_used", "mine_capacity", "methane", "electricity_gross",
    "fluorinated_gases", "cost_investment", "cost_operation", "cost_supplied",
)  # fmt: skip

OWN = (
    "coal_mining.",
    "textiles.",
    "semiconductors.",
    "cement.quarry",
    "cement.grinding",
    "cement.ready",
    "aluminium.ore",
    "aluminium.reference_alumina",
)
"""Beginnings of the parameters that the stages read."""


@pytest.fixture(scope="module")
def run(run_of) -> xr.Dataset:
    return run_of("national_targets")


def of(run: xr.Dataset, name: str, sector: str) -> xr.DataArray:
    """A variable of the stages of a sector."""
    keys = [f"{sector}.{stage}" for stage in PROCESS_STAGES[sector]]
    return run[name].sel(process_stage=keys)


@pytest.mark.parametrize("sector", PROCESS_STAGES)
def test_stages_add_up_to_their_sector(shipped_run: xr.Dataset, sector: str) -> None:
    here = {name: shipped_run[name].sel(sector=sector) for name in ("emissions",)}
    electricity = of(shipped_run, "stage_electricity", sector).sum("process_stage")
    assert_allclose(electricity, shipped_run["electricity_demand"].sel(sector=sector))
    final = shipped_run["final_energy"].sel(sector=sector)
    other = final.drop_sel(carrier=["electricity", "feedstock"]).sum("carrier")
    assert_allclose(of(shipped_run, "stage_fuel", sector).sum("process_stage"), other)
    both = here["emissions"] + shipped_run["emissions_scope2"].sel(sector=sector)
    stages = of(shipped_run, "stage_emissions", sector).sum("process_stage")
    assert_allclose(stages, both, atol=1e-9)


@pytest.mark.parametrize("sector", PROCESS_STAGES)
def test_no_stage_takes_less_than_nothing(shipped_run: xr.Dataset, sector: str) -> None:
    for name in ("stage_electricity", "stage_fuel"):
        assert float(of(shipped_run, name, sector).min()) >= 0.0


def test_coal_mining_meets_its_chapter(run: xr.Dataset) -> None:
    """Washing: 28.85 % of the energy in 2015; 12.8 bcm drained in 2020, 44.8 % of it used."""
    energy = 3.6 * of(run, "stage_electricity", "coal_mining")
    energy = (energy + of(run, "stage_fuel", "coal_mining")).sel(time=2015)
    washing = energy.sel(process_stage="coal_mining.washing") / energy.sum()
    assert_allclose(washing, 0.2885, rtol=0.02)
    drained, used = (
        float(run[f"mine_gas_{name}"].sel(time=2020)) for name in ("drained", "used")
    )
    assert_allclose(drained, 12.8, rtol=0.03)
    assert_allclose(used / drained, 0.448, rtol=0.03)
    assert_allclose(
        run["mine_methane"].sum("mine_source"), run["methane"].sel(sector="coal_mining")
    )


def test_cement_takes_what_its_tonnes_ask_for(run: xr.Dataset) -> None:
    """A tonne takes 30 kWh in mills; a tonne of clinker 48 to 61 kWh in kilns.

    Kilns give off 95 % of all carbon dioxide, and all that limestone does.
    """
    made, electricity = (
        run["activity"].sel(sector="cement"),
        of(run, "stage_electricity", "cement"),
    )
    for stage, each in (("quarry", 0.0015), ("grinding", 0.03), ("ready_mix", 0.0025)):
        taken = electricity.sel(process_stage=f"cement.{stage}") / made
        assert_allclose(taken, each, rtol=1e-6)
    kilns = electricity.sel(process_stage="cement.kiln") / (made * run["clinker_ratio"])
    assert 0.048 < float(kilns.sel(time=2020)) < 0.061
    emitted = of(run, "stage_emissions", "cement").sel(time=2020)
    share = float(emitted.sel(process_stage="cement.kiln") / emitted.sum())
    assert_allclose(share, 0.95, atol=0.03)
    direct = run["emissions"].sel(sector="cement", time=2020)
    assert float(emitted.sel(process_stage="cement.kiln")) >= float(direct)


def test_plants_of_aluminium_take_what_their_tonnes_ask_for(run: xr.Dataset) -> None:
    """A tonne of metal takes 13.45 MWh and 1.85 t CO2, one of alumina 0.25 MWh, in 2020."""
    here = {
        name: of(run, f"stage_{name}", "aluminium").sel(time=2020)
        for name in ("electricity", "fuel", "emissions")
    }
    metal = float(run["activity"].sel(sector="aluminium", time=2020))
    scrap = float(run["aluminium_recycled"].sel(time=2020))
    alumina = 1.93 * 0.96 * metal

    def per(name: str, stage: str, tonnes: float) -> float:
        return float(here[name].sel(process_stage=f"aluminium.{stage}")) / tonnes

    assert_allclose(per("electricity", "electrolysis", metal), 13.45, rtol=0.01)
    assert_allclose(per("electricity", "alumina", alumina), 0.25, rtol=0.05)
    assert_allclose(per("electricity", "remelting", scrap), 0.08, rtol=1e-6)
    assert_allclose(per("fuel", "remelting", scrap), 2.8, rtol=1e-6)
    assert_allclose(per("fuel", "electrolysis", metal), 0.0, atol=1e-9)
    ore = float(here["emissions"].sel(process_stage="aluminium.bauxite"))
    assert_allclose(ore / 92.7, 0.01, rtol=0.1)
    power = float(run["emissions_scope2"].sel(sector="aluminium", time=2020))
    assert (
        1.85 * metal
        < here["emissions"].sel(process_stage="aluminium.electrolysis")
        < 1.85 * metal + power
    )


def test_textiles_and_chips_meet_their_chapters(run: xr.Dataset) -> None:
    """Printed shares of CO2: 43, 33, 14, 8 and 1 % of textiles; 45 and 35 % of a chip plant."""
    for sector, printed in (
        ("textiles", (0.33, 0.14, 0.43, 0.08, 0.01)),
        ("semiconductors", (0.45, 0.35)),
    ):
        emitted = of(run, "stage_emissions", sector).sel(time=2020)
        shares = (emitted / emitted.sum()).values[: len(printed)]
        assert_allclose(shares, printed, rtol=0.1)
    assert_allclose(run["fluorinated_gases"].sel(time=2020), 16.7, rtol=0.02)


# --- no dead number --------------------------------------------------------------------------


MINE = ranged(*OWN)
"""Parameters with a range that are looked at here."""


ONLY_AT_THE_EDGE = {
    "coal_mining.utilisation_limit": {
        "coal_mining.new_mine_ban": 2016.0,
        "coal_mining.mine_life": 25.0,
    },
    "coal_mining.gas_content.documents": {"coal_mining.methane_source": 0.0},
    "coal_mining.drainage_limit": {"coal_mining.drained_share": 0.9},
    "coal_mining.washing_floor": {"coal_mining.washed_share": 1.0},
    **{
        f"textiles.exposure.{stage}": {"textiles.relocation": 0.2}
        for stage in PROCESS_STAGES["textiles"]
    },
    **{
        f"semiconductors.{name}": {"semiconductors.thermoelectric_adoption": 0.5}
        for name in ("chiller_share", "thermoelectric_saving")
    },
}
"""Limits that bind only where something else is far out."""


@cache
def ends() -> Mapping[str, np.ndarray]:
    return at_both_ends(MINE, 2036, READ, ONLY_AT_THE_EDGE)


@pytest.mark.slow
@pytest.mark.parametrize("path", MINE)
def test_no_parameter_is_dead(path: str) -> None:
    assert largest_move(ends(), MINE.index(path)) > 1e-6
