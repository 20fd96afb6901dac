"""The tidy table has every number of the data set, with its unit."""

import numpy as np

from simulator.export.table import tidy
from simulator.results.joined import join
from tests.synthetic import dataset


def test_every_finite_number_is_there_once():
    run = dataset()
    rows = list(tidy(run))
    count = sum(int(np.isfinite(variable.values).sum()) for variable in run.data_vars.values())
    assert len(rows) == count
    assert len({row[:5] for row in rows}) == count


def test_every_number_reads_back_to_the_last_bit():
    run = dataset()
    run["emissions"] = run["emissions"] / 3.0
    run["carbon_price"] = run["carbon_price"] * 1e-7
    read = {row[1:5]: float(row[5]) for row in tidy(run)}
    for year in (2015, 2040, 2060):
        for sector in ("steel", "power"):
            kept = float(run["emissions"].sel(time=year, sector=sector))
            assert read["emissions", "sector", sector, str(year)] == kept
        assert read["carbon_price", "", "", str(year)] == float(
            run["carbon_price"].sel(time=year)
        )


def test_units_follow_the_labels():
    units = {(row[1], row[3]): row[6] for row in tidy(dataset())}
    assert units["activity", "steel"] == "Mt/yr"
    assert units["activity", "textiles"] == "1"
    assert units["capacity", "cars.hybrid"] == "million"
    assert units["additions", "cars.hybrid"] == "million/yr"
    assert units["emissions", "steel"] == "Mt CO2/yr"


def test_scenarios_have_their_names():
    rows = list(tidy(join({"a": dataset("a", 0.5), "b": dataset("b")})))
    assert {row[0] for row in rows} == {"a", "b"}
    assert {row[2] for row in rows if row[1] == "final_energy"} == {"sector|carrier"}
