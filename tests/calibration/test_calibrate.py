"""The stages on the model itself: what is shipped comes out, and what is written reads back."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from calibration.calibrate import (
    VERDICTS,
    _constrained,
    _fitted,
    _told,
    calibrate,
    digest,
)
from calibration.closing import close
from calibration.evidence import evidence
from calibration.fitting import NARROWED, NORMAL_95, fit
from calibration.knobs import Knob
from calibration.observations import load_observations
from calibration.parameter_set import write_parameter_set
from calibration.past import Past
from calibration.stages import chosen_stages, load_knobs, load_stages
from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.known_stock import solved_with
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load

SMALL = (
    "vehicles.ownership.saturation",
    "vehicles.ownership.income_response",
    "vehicles.adoption.forgetting",
)
SHORT = load("frozen").replace({"horizon.end": 2025})


def small() -> tuple:
    """A stage of three parameters, one of which history does not tell of."""
    stage = load_stages()["vehicles"]
    return stage._replace(
        knobs=tuple(sorted((k for k in stage.knobs if k.path in SMALL), key=_place)),
        comparisons=stage.comparisons[:2],
    )


def _place(knob: Knob) -> int:
    return SMALL.index(knob.path)


@pytest.fixture(scope="module")
def past() -> Past:
    stage = small()
    return Past(
        SHORT.replace({"history": "endogenous"}).resolved, stage.knobs, stage.comparisons
    )


def series(past: Past, observations=None, until: int = 2024) -> list:
    return [evidence(item, 2015, until, observations) for item in past.comparisons]


def test_every_stage_names_what_exists() -> None:
    known, seen = load_parameters(), set()
    for stage in load_stages().values():
        assert stage.en
        assert stage.zh
        assert stage.comparisons
        assert (stage.method == "closed") is (not stage.knobs)
        for knob in stage.knobs:
            assert knob.path not in seen, knob.path
            seen.add(knob.path)
            assert knob.low < knob.centre < knob.high, knob.path
            assert knob.why
            assert not knob.path.startswith("groups.observed."), "a residual explains nothing"
            assert not known[knob.path].times, f"{knob.path} is a series"
            assert known[knob.path].low == knob.low
            assert not solved_with(knob.path), "outputs tell of it and of what was wanted alike"
    assert len(seen) > 50


def test_what_a_policy_sets_is_no_knob() -> None:
    """History tells of the policy of then."""
    settings = [one for lever in load_policies().values() for one in lever.settings.values()]
    levers = {path for one in settings for path in one.acts_on}
    assert levers
    assert not levers & {knob.path for knob in load_knobs()}


def test_the_shipped_closing_factors_are_the_output_of_the_command() -> None:
    """Half a million tonnes of the nine billion of coal: what the shipped digits hold."""
    found = calibrate(stage="closing")
    assert len(found.lines) == 50
    for line in found.lines:
        assert abs(line.value - line.shipped) < 0.005, (line.key, line.year)
        assert line.verdict == "closed"
        assert load_parameters()[line.key].standing == "calibrated"
    after = np.array([residual.after for residual in found.residuals])
    assert np.abs(after).max() < 1e-5


@pytest.mark.slow
def test_closing_finds_the_shipped_factors_from_elsewhere() -> None:
    stage = load_stages()["closing"]
    away = {
        f"parameters.{item.driver}": {float(year): 0.5 for year in range(2015, 2025)}
        for item in stage.comparisons
    }
    found = close(SHORT.replace(away), stage, 2017)
    for factor in found.factors:
        shipped = load_parameters()[factor.path]
        assert factor.years == (2015, 2016, 2017)
        np.testing.assert_allclose(factor.values, shipped.values[:3], atol=0.005)


def test_the_fit_is_near_what_is_shipped_and_gives_the_same_bits(past: Past) -> None:
    first, second = (fit(past, series(past)) for _ in range(2))
    assert first.coordinates.tobytes() == second.coordinates.tobytes()
    assert first.covariance.tobytes() == second.covariance.tobytes()
    lines = {line.key: line for line in _constrained(first, SHORT.resolved)}
    for key in SMALL[:2]:
        assert lines[key].narrowing < NARROWED
        assert lines[key].lower < lines[key].shipped < lines[key].upper
    assert lines[SMALL[2]].verdict == "not constrained"


def test_without_a_year_or_with_a_series_off_parameters_stay_in_their_intervals(
    past: Past,
) -> None:
    base = fit(past, series(past))
    known = dict(load_observations())
    others = [series(past, until=2023)]
    for name in ("vehicle_stock.total", "vehicle_stock.electric_cars"):
        off = replace(known[name], values=1.05 * known[name].values)
        others.append(series(past, known | {name: off}))
    width = 2 * NORMAL_95 * base.spread
    for other in others:
        moved = np.abs(fit(past, other).coordinates - base.coordinates)
        assert moved.max() > 0
        assert (moved < width).all()


def test_what_is_written_reads_back_and_runs_as_a_scenario(past: Past, tmp_path) -> None:
    found = _told(SHORT, None, (fit(past, series(past)),), 2024)
    write_parameter_set(found, tmp_path / "set")
    with (tmp_path / "set" / "parameters.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["key"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(SMALL)
    scenario = load(tmp_path / "set" / "calibrated.yaml")
    for line in found.lines:
        assert float(rows[line.key]["value"]) == pytest.approx(line.value, rel=1e-5)
        assert rows[line.key]["verdict"] in VERDICTS
        (value,) = scenario.resolved.parameters[line.key].values
        assert value == pytest.approx(line.value, rel=1e-5)
    assert (tmp_path / "set" / "correlations.csv").exists()
    assert found.data == digest(SHORT)
    write_parameter_set(found, tmp_path / "again")
    for path in (tmp_path / "set").iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"until": 2016}, "from 2018 to 2024"),
        ({"until": 2030}, "from 2018 to 2024"),
        ({"stage": "vehicle"}, "vehicles"),
    ],
)
def test_a_wrong_question_is_refused(words: dict, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        calibrate(**words)


def test_a_stage_whose_series_begin_later_is_refused() -> None:
    stage = load_stages()["vehicles"]
    own = SHORT.replace({"history": "endogenous"}).resolved
    with pytest.raises(ScenarioError, match=r"share\.new_energy_sales"):
        _fitted(own, stage._replace(knobs=stage.knobs[:1]), 2018, None, None)


def test_all_stages_are_chosen_in_order() -> None:
    assert [stage.name for stage in chosen_stages(None)] == list(load_stages())
    assert chosen_stages(None)[0].name == "closing"


@pytest.mark.slow
def test_until_an_earlier_year_nothing_later_is_closed() -> None:
    """What comes later is not read at all, which moves the factors by a few million tonnes."""
    found = calibrate(2020, "closing")
    assert {line.year for line in found.lines} == set(range(2015, 2021))
    assert max(abs(line.value - line.shipped) for line in found.lines) < 0.1
    assert max(abs(residual.after) for residual in found.residuals) < 1e-5
