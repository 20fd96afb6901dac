"""The exchange tables: known names, right units, sums that hold, nothing lost."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from simulator.export.iamc import INDEX, iamc, long, wide
from simulator.interface.cli import invoke
from simulator.results.exchange import definitions
from simulator.results.quantities import load_quantities

PJ_PER_EJ = 1000.0


@pytest.fixture(scope="module")
def dataset(run_of) -> xr.Dataset:
    return run_of("national_targets")


@pytest.fixture(scope="module")
def table(dataset: xr.Dataset) -> pd.DataFrame:
    text = io.StringIO()
    csv.writer(text).writerows(wide(dataset))
    head, *rows = csv.reader(io.StringIO(text.getvalue()))
    read = pd.DataFrame(rows, columns=head).set_index("Variable")
    # Python reads every digit; readers of tables may be off by the last bit.
    for name in filter(str.isdigit, head):
        read[name] = [float(value) if value else np.nan for value in read[name]]
    return read


def years(table: pd.DataFrame) -> pd.DataFrame:
    return table[[name for name in table.columns if name.isdigit()]]


def test_every_definition_is_worked_out(table: pd.DataFrame) -> None:
    assert set(table.columns[:4]) | {table.index.name} == set(INDEX)
    for item in definitions():
        assert table.loc[item.variable, "Unit"] == item.unit
        assert years(table).loc[item.variable].notna().all(), item.variable
    assert table.index.is_unique


def test_a_name_stands_in_one_table_only() -> None:
    names = [item.variable for item in definitions()]
    assert len(set(names)) == len(names)
    for name, quantity in load_quantities().items():
        if quantity.iamc:
            assert quantity.dims == ("time",), name
    expressions = [
        item.expression for item in definitions() if item.unit == item.expression_unit
    ]
    assert len(set(expressions)) == len(expressions)


def test_units_are_converted(table: pd.DataFrame, dataset: xr.Dataset) -> None:
    power = dataset["electricity_gross"] * 3.6 / PJ_PER_EJ
    found = years(table).loc["Secondary Energy|Electricity"]
    np.testing.assert_allclose(found, power, rtol=1e-9)
    final = dataset["final_energy"].sum(["sector", "carrier"])
    fuel = final - dataset["final_energy"].sel(carrier="feedstock").sum("sector")
    found = years(table).loc["Final Energy"]
    np.testing.assert_allclose(found, fuel / PJ_PER_EJ, rtol=1e-9)


@pytest.mark.parametrize("head", ["Secondary Energy|Electricity", "Capacity|Electricity"])
def test_parts_add_up(table: pd.DataFrame, head: str) -> None:
    numbers = years(table)
    for whole, parts in {
        "Coal": ("Coal|w/ CCS", "Coal|w/o CCS"),
        "Gas": ("Gas|w/ CCS", "Gas|w/o CCS"),
        "Biomass": ("Biomass|w/ CCS", "Biomass|w/o CCS"),
        "Solar": ("Solar|PV", "Solar|CSP"),
        "Wind": ("Wind|Onshore", "Wind|Offshore"),
    }.items():
        total = sum(numbers.loc[f"{head}|{part}"] for part in parts)
        np.testing.assert_allclose(numbers.loc[f"{head}|{whole}"], total, rtol=1e-8)


def test_every_national_series_is_there(table: pd.DataFrame, dataset: xr.Dataset) -> None:
    plain = {item.expression for item in definitions()}
    for key, variable in dataset.data_vars.items():
        if variable.dims == ("time",) and variable.dtype.kind == "f":
            assert key in plain or variable.attrs["long_name"] in table.index, key
            if key not in plain:
                found = years(table).loc[variable.attrs["long_name"]]
                np.testing.assert_array_equal(found, variable, err_msg=str(key))


def test_the_long_table_says_the_same(dataset: xr.Dataset) -> None:
    head, *rows = long(dataset)
    assert head == (*INDEX, "Year", "Value")
    numbers = sum(int(np.isfinite(series.values).sum()) for series in iamc(dataset))
    assert len(rows) == numbers


def test_the_command_prints_it(tmp_path, capsys) -> None:
    words = ["run", "frozen", "--engine", "batch", "--no-report", "-q", "--out", str(tmp_path)]
    assert invoke(words) == 0
    assert invoke(["export", str(tmp_path / "frozen"), "--format", "iamc"]) == 0
    first, *rows = capsys.readouterr().out.splitlines()
    assert first.startswith("Model,Scenario,Region,Variable,Unit,2015,")
    head = "shuangtan,frozen,China,Emissions|CO2,Mt CO2/yr,"
    assert sum(row.startswith(head) for row in rows) == 1
