"""The first free year: the table is whole, its arithmetic holds, nothing is fitted to it."""

from collections.abc import Callable

import pytest
import xarray as xr

from calibration.factors import rows
from calibration.free_year import TABLE, free_year
from simulator.interface.output import Output
from simulator.interface.printed import free_year_table
from simulator.reading.parameters import load_parameters
from simulator.reading.sources import load_sources
from simulator.units import check


@pytest.fixture(scope="module")
def shipped(run_of: Callable[[str], xr.Dataset]) -> xr.Dataset:
    return run_of("current_policies")


def test_every_row_has_a_source_and_a_unit() -> None:
    table = rows(TABLE)
    assert {row["source"] for row in table} <= set(load_sources())
    assert {row["basis"] for row in table} == {"level", "change"}
    assert len({row["key"] for row in table}) == len(table)
    for row in table:
        check(row["unit"])
        assert row["unit"] == "1" or row["basis"] == "level"


def test_no_parameter_takes_its_value_from_it() -> None:
    reports = {row["source"] for row in rows(TABLE)}
    assert not {
        name for name, parameter in load_parameters().items() if parameter.source in reports
    }


def test_a_level_is_compared_by_ratio_and_a_change_by_difference(shipped: xr.Dataset) -> None:
    found = {item.key: item for item in free_year(shipped)}
    steel = shipped["activity"].sel(sector="steel")
    assert found["steel"].error == pytest.approx(float(steel.sel(time=2025)) / 960.81 - 1)
    gross = shipped["emissions_gross"]
    change = float(gross.sel(time=2025) / gross.sel(time=2024)) - 1
    assert found["national_emissions"].model == pytest.approx(change)
    assert found["national_emissions"].error == pytest.approx(change + 0.003)


def test_a_run_that_ends_before_has_nothing_to_compare(
    shipped: xr.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    early = free_year(shipped.sel(time=slice(2015, 2024)))
    assert early == ()
    free_year_table(Output("en"), early)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("language", "word"), [("en", "points"), ("zh", "个百分点")])
def test_the_table_speaks_both_languages(
    shipped: xr.Dataset, capsys: pytest.CaptureFixture[str], language: str, word: str
) -> None:
    free_year_table(Output(language), free_year(shipped))
    shown = capsys.readouterr().out
    assert "2025" in shown
    assert word in shown


def test_the_shipped_baseline_foresees_the_year_in_most_series(shipped: xr.Dataset) -> None:
    """Levels within 8 %; what is worse in the changes is known: chemicals, transport, wind."""
    found = free_year(shipped)
    assert all(abs(item.error) < 0.08 for item in found if item.basis == "level")
    wide = {i.key for i in found if i.basis == "change" and abs(i.error) > 0.03}
    assert wide <= {
        "chemical_emissions", "transport_emissions", "wind_generation", "solar_generation",
    }  # fmt: skip
