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
    total = sum(float(row[5]) for row in rows if row[1] == "emissions")
    np.testing.assert_allclose(total, float(run["emissions"].sum()), rtol=1e-9)


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
