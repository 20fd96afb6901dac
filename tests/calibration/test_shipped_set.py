"""What is shipped is what the command finds: all stages, and the posterior of ensembles."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from calibration.calibrate import Calibration, calibrate
from calibration.factors import rows
from calibration.fitting import NARROWED, NORMAL_95
from calibration.observations import LAST_YEAR, load_observations
from calibration.parameter_set import FITTED, PARAMETERS, adopted, shipped_posterior
from calibration.stages import load_knobs, load_stages
from simulator.reading.parameters import load_parameters

STAGES = [name for name, stage in load_stages().items() if stage.method == "fitted"]
NEAR = 1 / 3
"""Part of a standard deviation in which later data and other processors may differ."""
BETWEEN = 0.01
"""Narrowing around `NARROWED` in which either is right: to be moved or to stay [1]."""


def shipped_lines() -> dict[str, dict[str, str]]:
    return {row["key"]: row for row in rows(f"{FITTED.name}/{PARAMETERS}")}


def test_the_data_have_the_values_of_the_shipped_set_to_the_last_digit() -> None:
    known, found = load_parameters(), shipped_lines()
    assert set(found) == {knob.path for knob in load_knobs()}
    for path, row in found.items():
        assert known[path].values == (float(f"{float(row['value']):.4g}"),), path
        assert float(row["low"]) == known[path].low
        assert float(row["high"]) == known[path].high
        assert known[path].low <= known[path].values[0] <= known[path].high


def test_what_history_tells_nothing_of_is_shipped_where_its_prior_has_it() -> None:
    found = shipped_lines()
    moved = set()
    for knob in load_knobs():
        (value,) = load_parameters()[knob.path].values
        if found[knob.path]["verdict"] == "not constrained":
            assert value == pytest.approx(knob.centre), knob.path
        else:
            moved.add(knob.path)
            assert load_parameters()[knob.path].standing == "calibrated"
            assert "by calibrate, stage" in load_parameters()[knob.path].where
    assert 10 < len(moved) < len(found) / 2


def test_the_posterior_is_that_of_the_shipped_set() -> None:
    joint, found = shipped_posterior(), shipped_lines()
    assert joint.paths == tuple(found)
    np.linalg.cholesky(joint.correlation)
    np.testing.assert_allclose(np.diag(joint.correlation), 1.0)
    knobs = {knob.path: knob for knob in load_knobs()}
    stages = [knobs[path].stage for path in joint.paths]
    apart = np.array([[one != other for other in stages] for one in stages])
    assert (joint.correlation[apart] == 0.0).all()
    assert np.abs(joint.correlation[~apart & ~np.eye(len(stages), dtype=bool)]).max() > 0.3
    for path, centre, deviation in zip(joint.paths, joint.centre, joint.deviation, strict=True):
        narrowing = float(found[path]["narrowing"])
        assert deviation == pytest.approx(narrowing * knobs[path].spread, rel=1e-4)
        assert centre == pytest.approx(knobs[path].inner(float(found[path]["value"])))


def assert_shipped(found: Calibration) -> None:
    (fitted,) = found.fits
    for place, line in enumerate(found.lines):
        knob = fitted.knobs[place]
        assert line.narrowing is not None
        if abs(line.narrowing - NARROWED) < BETWEEN:
            continue
        gap = abs(knob.inner(line.shipped) - knob.inner(adopted(line)))
        assert gap <= NEAR * float(fitted.spread[place]), (line.key, line.shipped, line.value)


@cache
def calibrated(stage: str) -> Calibration:
    return calibrate(stage=stage)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_the_shipped_parameters_are_the_output_of_the_command(stage: str) -> None:
    assert_shipped(calibrated(stage))


def test_the_shipped_parameters_of_materials_are_the_output_of_the_command() -> None:
    """The quickest of the stages, in every run of the tests; twice the same bits."""
    first, second = calibrated("materials"), calibrate(stage="materials")
    assert first is not second
    assert_shipped(first)
    assert first.lines == second.lines
    assert first.correlations == second.correlations


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["materials", "vehicles"])
def test_a_series_off_by_a_twentieth_moves_parameters_less_than_their_intervals(
    stage: str,
) -> None:
    """The widest move of all four stages is a fifth of an interval, in power."""
    known = dict(load_observations())
    name = load_stages()[stage].comparisons[0].observed[0]
    off = known | {name: replace(known[name], values=1.05 * known[name].values)}
    assert 0.0 < widest_move(calibrate(stage=stage, observations=off)) < 1.0


@pytest.mark.slow
def test_without_the_last_year_parameters_move_less_than_their_intervals() -> None:
    known = {
        name: replace(
            one,
            years=one.years[one.years < LAST_YEAR],
            values=one.values[one.years < LAST_YEAR],
            uncertainty=one.uncertainty[one.years < LAST_YEAR],
        )
        for name, one in load_observations().items()
    }
    assert 0.0 < widest_move(calibrate(stage="materials", observations=known)) < 1.0


def widest_move(found: Calibration) -> float:
    """How far a parameter moves from what is shipped, in widths of its interval of 90 %."""
    (fitted,), joint = found.fits, shipped_posterior()
    places = [joint.paths.index(knob.path) for knob in fitted.knobs]
    width = 2 * NORMAL_95 * joint.deviation[places]
    return float(np.max(np.abs(fitted.coordinates - joint.centre[places]) / width))
