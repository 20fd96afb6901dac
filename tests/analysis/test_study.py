"""Studies: what is wrong is told by line, and indices of the model lie on labelled axes."""

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from simulator.analysis.sensitivity import sensitivity
from simulator.analysis.study import Study, load_study, study_names
from simulator.analysis.sweep import run_sweep
from simulator.errors import ScenarioError
from simulator.export.fonts import usable
from simulator.export.sensitivity import over_time, tornado
from simulator.results.ranking import projected, ranked
from simulator.results.sweep_reading import open_sweep

HEAD = """\
schema: 1
name: small
label: {en: Small, zh: 小}
base: current_policies
"""
VARY = """\
vary:
  steel.in_use.buildings.saturation: {}
  cement.in_use.saturation: {range: [46, 54]}
  common.gdp_growth.2035: {range: [0.03, 0.04]}
"""
REST = """\
method: morris
n: 2
seed: 1
outputs: {net: emissions_net, late: "cumulative(emissions_net, 2030, 2060)"}
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "small.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("name", study_names())
def test_shipped_studies_are_sound(name: str) -> None:
    study = load_study(name)
    assert len(study.sweep) == study.layout.size * study.layout.block
    assert all(en and zh for en, zh in study.labels)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + VARY + REST.replace("morris", "morriss"), 9, "morris"),
        (HEAD + VARY + REST.replace("n: 2", "n: 1"), 10, "greater than or equal to 2"),
        (HEAD + VARY + REST.replace("morris\nn: 2", "sobol\nn: 6"), 10, "power of two"),
        (HEAD + VARY + REST.replace("emissions_net,", "emission_net,"), 12, "emissions_net"),
        (HEAD + VARY + REST.replace("net: emissions_net", "net: emissions"), 12, "sector"),
        (HEAD + VARY + REST.replace("net: emissions_net", 'net: "os.system(1)"'), 12, "net"),
        (HEAD + VARY.replace("cement.in_use.sat", "cement.in_use.sta") + REST, 7, "saturation"),
        (HEAD + VARY + REST + "groups: {goods: [cement.in_use.lifetime]}\n", 13, "not vary"),
        (
            HEAD + VARY + REST
            + "groups: {a: [cement.in_use.saturation], b: [cement.in_use.saturation]}\n",
            13,
            "already",
        ),
        (HEAD + VARY + REST + "labels: {goods: {en: Goods, zh: 货}}\n", 13, "no group"),
        (HEAD + VARY + REST + "inputs: uncertainty\n", 1, "what varies"),
        (HEAD + REST, 1, "what varies"),
        (HEAD + "inputs: uncertainy\n" + REST, 5, "uncertainty"),
        (HEAD + "inputs: ../../etc/x.yaml\n" + REST, 5, "refused"),
        (HEAD.replace("current_policies", "curent_policies") + VARY + REST, 4, "current"),
        (HEAD.replace("name: small", "name: other") + VARY + REST, 2, "small"),
        (HEAD + VARY + REST + "years: [2030, 2070]\n", 13, "horizon"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(ScenarioError) as caught:
        load_study(written(tmp_path, text))
    assert f"small.yaml:{line}:" in str(caught.value)
    assert said in str(caught.value)


def test_an_unknown_study_is_named_with_what_there_is() -> None:
    with pytest.raises(ScenarioError, match="what_matters"):
        load_study("what_matter")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, xr.Dataset]:
    """A study of three inputs, and its runs."""
    folder = tmp_path_factory.mktemp("study")
    groups = "groups: {goods: [steel.in_use.buildings.saturation, cement.in_use.saturation]}\n"
    groups += "labels: {goods: {en: Goods, zh: 材料}}\n"
    study = load_study(written(folder, HEAD + VARY + REST + groups))
    run_sweep(study.sweep, folder / "runs")
    return study, open_sweep(folder / "runs")


def test_indices_have_labels_years_and_units(small: tuple[Study, xr.Dataset]) -> None:
    found = sensitivity(*small)
    assert found["mu_star"].dims == ("output", "group", "time")
    assert found["group"].values.tolist() == ["goods", "common.gdp_growth.2035"]
    assert found["time"].values.tolist() == list(range(2015, 2061))
    net = found["mu_star"].sel(output="net", group="goods")
    assert np.isnan(net.sel(time=2020)) or float(net.sel(time=2020)) == 0.0
    assert float(net.sel(time=2030)) > 10.0
    assert (found["used"].sel(time=2060) == 2).all()
    assert str(found["output_unit"].sel(output="net").item()) == "Mt CO2/yr"


def test_what_belongs_to_no_year_is_the_same_in_all(small: tuple[Study, xr.Dataset]) -> None:
    late = sensitivity(*small)["mu_star"].sel(output="late")
    assert (late == late.isel(time=0)).all()


def test_growth_of_2035_matters_after_2034_alone(small: tuple[Study, xr.Dataset]) -> None:
    growth = sensitivity(*small)["mu_star"].sel(output="net", group="common.gdp_growth.2035")
    assert float(growth.sel(time=2045)) > 1.0
    assert float(growth.fillna(0.0).sel(time=slice(2015, 2024)).max()) == 0.0


def test_years_that_were_observed_rank_nothing(small: tuple[Study, xr.Dataset]) -> None:
    found = sensitivity(*small)
    assert projected(found)["time"].values.tolist() == list(range(2025, 2061))
    history = found.sel(time=slice(2015, 2020))
    assert projected(history).identical(history)
    loud = found.copy(deep=True)
    loud["mu_star"].loc[{"group": "common.gdp_growth.2035", "time": 2020}] = 1e9
    quiet, other = (over_time(one, "net") for one in (found, loud))
    for figure in (quiet, other):
        assert "Goods matters most" in figure.texts[0].get_text()
        assert figure.axes[0].get_xlim()[0] > 2024


def test_runs_of_something_else_are_refused(small: tuple[Study, xr.Dataset]) -> None:
    study, runs = small
    with pytest.raises(ScenarioError, match="not those of the study"):
        sensitivity(study, runs.isel(scenario=slice(0, 3)))
    with pytest.raises(ScenarioError, match="not those of the study"):
        sensitivity(study, runs.assign_attrs(sweep_hash="another"))
    with pytest.raises(ScenarioError, match="size"):
        sensitivity(study, runs, size=9)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_name_the_groups(small: tuple[Study, xr.Dataset], language) -> None:
    found = sensitivity(*small)
    for figure in (
        tornado(found, "net", (2030, 2060), language),
        over_time(found, "net", language),
    ):
        shown = [text.get_text() for axes in figure.axes for text in axes.get_yticklabels()]
        assert ("材料" if usable(language) == "zh" else "Goods") in shown
    assert ranked(np.array([0.1, np.nan, 3.0])).tolist() == [2, 0, 1]


def test_what_matters_in_an_early_year_alone_is_shown(small: tuple[Study, xr.Dataset]) -> None:
    found = sensitivity(*small).copy(deep=True)
    found["mu_star"].loc[{"group": "common.gdp_growth.2035", "time": 2030}] = 1e9
    figure = tornado(found, "net", (2030, 2060))
    (where,) = figure.axes
    first = where.get_yticklabels()[0].get_text()
    last = found["mu_star"].sel(output="net", time=2060)
    assert first == str(found["group_label_en"].sel(group="common.gdp_growth.2035").values)[:46]
    top = found["group"].values[int(np.nanargmax(last.values))]
    assert str(found["group_label_en"].sel(group=top).values) in figure.texts[0].get_text()
