"""Observations: the tables are sound, and bad tables are refused with file and line."""

import csv
import io
from pathlib import Path

import pytest
from numpy.testing import assert_allclose

from calibration.observations import FOLDER, HEARSAY, LAST_YEAR, UNITS, load_observations
from simulator.errors import ScenarioError
from simulator.reading.parameters import load_parameters

HEADER = "variable,unit,year,value,uncertainty,publisher,licence,note"


def row(year: int = 2020, **changes: str) -> str:
    cells = {
        "variable": "co2.coal",
        "unit": "Mt CO2/yr",
        "year": str(year),
        "value": "7679.4",
        "uncertainty": "0.05",
        "publisher": "Global Carbon Project",
        "licence": "CC BY 4.0",
        "note": "",
    }
    return ",".join((cells | changes).values())


def table(folder: Path, *rows: str, header: str = HEADER) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "emissions.csv").write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return folder


def refused(folder: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load_observations(folder)
    return str(caught.value)


def test_the_fuels_and_processes_add_up_to_the_national_total() -> None:
    found = load_observations()
    parts = ("coal", "oil", "gas", "cement", "flaring", "other_process")
    total = sum(found[f"co2.{part}"].values for part in parts)
    assert_allclose(total, found["co2.total"].values, rtol=1e-4)


def test_carbon_intensity_is_that_of_the_power_report() -> None:
    found = load_observations()
    assert found["grid_intensity"].at(2021) == 558.0
    assert found["thermal_intensity"].at(2021) == 828.0
    with pytest.raises(KeyError, match="2018 to 2023"):
        found["grid_intensity"].at(2015)


def test_generation_by_source_agrees_with_the_total_within_three_percent() -> None:
    found = load_observations()
    sources = ("coal", "gas", "oil", "nuclear", "hydro", "wind", "solar", "bioenergy")
    for year in range(2015, 2024):
        total = sum(found[f"generation.{source}"].at(year) for source in sources)
        assert_allclose(total, found["generation.total"].at(year), rtol=0.03)


def test_every_series_has_its_family_and_full_decade_where_it_drives_the_model() -> None:
    found = load_observations()
    assert {name.split(".")[0] for name in found} == set(UNITS)
    for name in ("co2.total", "output.crude_steel", "capacity.coal", "vehicle_stock.total"):
        assert set(range(2015, 2025)) <= set(found[name].years.tolist())


def test_a_sound_table_reads(tmp_path: Path) -> None:
    found = load_observations(table(tmp_path / "good", row(2019), row(2020)))
    assert found["co2.coal"].at(2019) == 7679.4
    assert found["co2.coal"].line == 2


@pytest.mark.parametrize(
    ("rows", "place", "words"),
    [
        ((row(2020), row(2019)), "emissions.csv:3", "sort the rows"),
        ((row(2019), row(2019)), "emissions.csv:3", "keep one of lines 2, 3"),
        ((row(2018), row(2020)), "emissions.csv:3", "add the years"),
        ((row(unit="TWh/yr"),), "emissions.csv:2", "Mt CO2/yr"),
        ((row(unit="Mt CO3/yr"),), "emissions.csv:2", "CO3"),
        ((row(variable="carbon.coal"),), "emissions.csv:2", "no family"),
        ((row(unit="kt CO2/yr"),), "emissions.csv:2", "multiply the values by 0.001"),
        ((row(value="nan"),), "emissions.csv:2", "number from 0 to 20000"),
        ((row(value="-1"),), "emissions.csv:2", "number from 0 to 20000"),
        ((row(value="7679400"),), "emissions.csv:2", "Multiplied by 0.001 it would fit"),
        ((row(note="STEPS of an outlook"),), "emissions.csv:2", "not observed"),
        ((row(note="projected by growth"),), "emissions.csv:2", "not observed"),
        ((row(publisher="国家情景"),), "emissions.csv:2", "not observed"),
        ((row(value="7 679"),), "emissions.csv:2", "7 679"),
        ((row(uncertainty="5"),), "emissions.csv:2", "relative"),
        ((row(1999),), "emissions.csv:2", "outside 2000 to 2024"),
        ((row(2025),), "emissions.csv:2", "outside 2000 to 2024"),
        ((row(publisher=""),), "emissions.csv:2", "who published"),
        ((row() + ",more",), "emissions.csv:2", "9 cells"),
        (
            (row(), row(variable="co2.gas"), row(2021)),
            "emissions.csv:4",
            "keep its rows together",
        ),
    ],
)
def test_a_bad_table_is_refused(
    tmp_path: Path, rows: tuple[str, ...], place: str, words: str
) -> None:
    message = refused(table(tmp_path / "bad", *rows))
    assert place in message
    assert words in message


def test_a_wrong_header_is_refused(tmp_path: Path) -> None:
    folder = table(tmp_path / "bad", row(), header=HEADER.replace("unit,year", "year,unit"))
    assert "emissions.csv:1" in refused(folder)


def test_the_shipped_tables_shuffled_are_refused(tmp_path: Path) -> None:
    lines = (FOLDER / "emissions.csv").read_text(encoding="utf-8").splitlines()
    message = refused(table(tmp_path / "shuffled", *reversed(lines[1:])))
    assert "must increase" in message


def test_all_problems_come_at_once(tmp_path: Path) -> None:
    message = refused(table(tmp_path / "bad", row(value="x"), row(uncertainty="0")))
    assert "emissions.csv:2" in message
    assert "emissions.csv:3" in message


def test_a_table_in_another_unit_under_the_right_label_is_refused(tmp_path: Path) -> None:
    """Grams for tonnes, kilowatts for gigawatts: the label is kept, the values are not."""
    for name in ("emissions", "industry", "power", "vehicles", "carbon_market"):
        lines = (FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        cells = [next(csv.reader([line])) for line in lines[1:]]
        largest = max(cells, key=lambda row: float(row[3]))
        largest[3] = str(float(largest[3]) * 1000)
        with io.StringIO(newline="") as text:
            csv.writer(text, lineterminator="\n").writerow(largest)
            message = refused(table(tmp_path / name, text.getvalue().rstrip("\n")))
        assert "Multiplied by 0.001" in message


def test_a_series_is_cut_at_a_year() -> None:
    whole = load_observations()["co2.total"]
    cut = whole.until(2020)
    assert cut.years[-1] == 2020
    assert_allclose(cut.values, whole.values[: len(cut.years)])
    assert len(cut.uncertainty) == len(cut.years)
    assert len(whole.until(1990).years) == 0


def test_shares_of_electric_cars_and_stocks_agree() -> None:
    """The projected 2.98 million battery cars of 2023 are not taken for observed ones."""
    found = load_observations()
    stock = found["vehicle_stock.electric_cars"]
    added = stock.at(2023) - stock.at(2022)
    assert 6.0 < added < 8.1


def test_nothing_else_is_read_as_an_observation() -> None:
    """Observed series of the data end with history, and are not assumed."""
    for path, parameter in load_parameters().items():
        if ".observed." in path and parameter.times:
            assert parameter.times[-1] <= LAST_YEAR, path
            told = f"{parameter.where} {parameter.note}"
            assert parameter.standing == "assumption" or not HEARSAY.search(told), path
    for series in load_observations().values():
        assert series.years[-1] <= LAST_YEAR
