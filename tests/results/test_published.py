"""Published pathways beside our own: units, scores by hand, and our own tables as overlays."""

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import simulator
from simulator.errors import ScenarioError
from simulator.export.iamc import long, wide
from simulator.export.table import COLUMNS, tidy
from simulator.reading.pathways import Published, PublishedSeries
from simulator.results.counterparts import prepare
from simulator.results.exchange import definitions
from simulator.results.joined import join
from simulator.results.published import SCORE_YEARS, overlay
from tests.synthetic import dataset

RUN = dataset()
NET = RUN["emissions_net"].to_series()


@pytest.fixture
def put(tmp_path: Path):
    def call(text: str, run=RUN):
        path = tmp_path / "published.csv"
        path.write_text(text, encoding="utf-8")
        return simulator.overlay(run, path)

    return call


def tidy_table(rows, unit: str = "Mt CO2/yr", variable: str = "Emissions|CO2") -> str:
    lines = "".join(f"{variable},{unit},{year},{value!r}\n" for year, value in rows)
    return "variable,unit,year,value\n" + lines


def test_scores_by_hand(put) -> None:
    theirs = {2030: 10.0, 2040: 4.0}
    (score,) = put(tidy_table(theirs.items(), "Gt CO2/yr")).scores
    gaps = [NET[year] - 1000.0 * value for year, value in theirs.items()]
    parts = [gaps[0] / 10_000.0, gaps[1] / 4000.0]
    assert score.unit == "Mt CO2/yr"
    assert score.mean_difference == pytest.approx(50.0 * sum(map(abs, parts)))
    assert score.weighted_difference == pytest.approx(100 * sum(map(abs, gaps)) / 14_000.0)
    assert score.differences[2030] == pytest.approx(gaps[0])
    assert math.isnan(score.differences[2050])
    assert tuple(score.differences) == SCORE_YEARS
    straight = sum(10_000.0 - 600.0 * step for step in range(11))
    assert score.cumulative == pytest.approx(NET.loc[2030:2040].sum() - straight)
    assert score.cumulative_unit == "Mt CO2"
    assert (score.first_year, score.last_year, score.years) == (2030, 2040, 2)


@given(st.floats(-0.9, 3.0).filter(lambda share: abs(share) > 1e-6))
def test_a_pathway_that_is_a_share_off_is_scored_as_that(share: float) -> None:
    gross = RUN["emissions_gross"].to_series().loc[2026:2060]
    values = tuple(float(value) * (1.0 + share) for value in gross)
    series = PublishedSeries("x", "emissions_gross", "Mt CO2/yr", 2, tuple(gross.index), values)
    found = overlay({"a": RUN}, prepare(Published("f", strict=True, series=(series,))))
    (score,) = found.scores
    expected = 100.0 * abs(share) / (1.0 + share)
    assert score.mean_difference == pytest.approx(expected, rel=1e-6)
    assert score.weighted_difference == pytest.approx(expected, rel=1e-6)
    assert score.cumulative == pytest.approx(-share * gross.sum(), rel=1e-6)


def test_what_is_published_as_zero_has_no_percentage(put) -> None:
    (score,) = put(tidy_table([(2060, 0.0)])).scores
    assert math.isnan(score.mean_difference)
    assert math.isnan(score.cumulative)
    assert score.differences[2060] == pytest.approx(NET[2060])


@pytest.mark.parametrize("form", ["wide", "long", "csv"])
def test_our_own_tables_are_overlays_without_a_difference(form: str, tmp_path: Path) -> None:
    both = join({"a": dataset("a"), "b": dataset("b", 0.5)})
    path = tmp_path / "own.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        if form == "csv":
            writer.writerow(COLUMNS)
        writer.writerows({"wide": wide, "long": long, "csv": tidy}[form](both))
    found = simulator.overlay(both, path)
    assert not found.left_out
    own = [score for score in found.scores if score.pathway.split()[-1] == score.scenario]
    for score in own:
        assert score.mean_difference == 0.0, score
        assert score.weighted_difference == 0.0, score
        assert score.cumulative == 0.0 or math.isnan(score.cumulative), score
    if form == "csv":
        numbers = [name for name in both.data_vars if "time" in both[name].dims]
        assert {score.variable.split("[")[0] for score in own} == set(numbers)
    else:
        national = sum(variable.dims == ("time",) for variable in RUN.data_vars.values())
        plain = {item.expression for item in definitions()} & set(RUN.data_vars)
        assert len(own) == 2 * (len(definitions()) + national - len(plain))
    other = [score for score in found.scores if score not in own]
    assert any(score.mean_difference > 1.0 for score in other)


def test_labels_in_both_languages_and_selections_are_variables(put) -> None:
    known = RUN["grid_carbon_intensity"].attrs
    for name in (known["long_name"], known["long_name_zh"], "grid_carbon_intensity"):
        (score,) = put(tidy_table([(2030, 0.5)], "kg CO2/kWh", name)).scores
        assert score.unit == "g CO2/kWh"
    (score,) = put(tidy_table([(2030, 1.0)], "Gt CO2/yr", "emissions[sector=steel]")).scores
    assert score.en.endswith(": Steel")
    assert score.zh.endswith("：钢铁")
    steel = float(RUN["emissions"].sel(time=2030, sector="steel"))
    assert score.differences[2030] == pytest.approx(steel - 1000.0)
    (score,) = put(tidy_table([(2030, 9.0)], "Gt/yr", "activity[sector=cement]")).scores
    assert score.unit == "Mt/yr"


BAD = {
    "wrong unit": (("Mt/yr", "Emissions|CO2"), ["Mt CO2/yr", "measure different"]),
    "no unit": (("heaps", "Emissions|CO2"), ["heaps"]),
    "unknown variable": (("Mt CO2/yr", "Emissions|CO3"), ["Emissions|CO2"]),
    "unknown name": (("Mt CO2/yr", "emission_net"), ["emissions_net"]),
    "unknown label": (("Mt CO2/yr", "emissions[sector=steal]"), ["steal", "steel"]),
    "open dimension": (("Mt CO2/yr", "emissions"), ["sector"]),
    "mixed units": (("Mt/yr", "activity[sector=cement|automotive]"), ["2 units"]),
    "arithmetic": (("Mt CO2/yr", "emissions_net + sink"), ["no such variable"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_row_is_named_with_line_key_and_remedy(put, name: str) -> None:
    (unit, variable), words = BAD[name]
    with pytest.raises(ScenarioError) as caught:
        put(tidy_table([(2030, 1.0)], unit, variable))
    (problem,) = caught.value.problems
    assert (problem.line, problem.key) == (2, variable)
    for word in words:
        assert word in problem.message, problem.message


def test_years_outside_the_run_are_refused_or_left_out(put) -> None:
    with pytest.raises(ScenarioError, match="2015 to 2060: no year is in both"):
        put(tidy_table([(2070, 1.0), (2080, 1.0)]))
    (score,) = put(tidy_table([(2060, 1.0), (2070, 1.0)])).scores
    assert score.last_year == 2060


def test_a_published_table_may_hold_more_than_we_have(put) -> None:
    head = "Model,Scenario,Region,Variable,Unit,2030\n"
    row = "M,S,China,{},{},1\n"
    text = head + row.format("Emissions|CO2", "Mt CO2/yr") + row.format("Price|Carbon", "any")
    found = put(text)
    assert found.left_out == ("Price|Carbon",)
    assert len(found.scores) == 1
    with pytest.raises(ScenarioError, match=r"Price\|Carbon: there is no such variable"):
        put(head + row.format("Price|Carbon", "any"))


def test_runs_of_other_length_are_scored_on_their_own_years(put) -> None:
    short = dataset("short").sel(time=slice(2015, 2035))
    both = join({"long": RUN, "short": short})
    found = put(tidy_table([(2030, 1.0), (2050, 1.0)]), both)
    scores = {item.scenario: item for item in found.scores}
    assert scores["long"].years == 2
    assert scores["short"].years == 1
    assert np.isnan(scores["short"].differences[2050])
