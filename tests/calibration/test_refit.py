"""A fit of the years up to a cut as the start of a hindcast."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from calibration.fitting import Fit
from calibration.heldout import blind, start
from calibration.refit import posterior
from calibration.stages import load_knobs, load_stages, not_of_later_years
from simulator.reading.known import TABLE, known_until, load_known, load_rules, rule_of
from simulator.reading.library import shipped
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load

KNOBS = load_stages()["materials"].knobs[2:4]


def made(knobs, shift, covariance):
    coordinates = np.array([knob.inner(knob.centre) + shift for knob in knobs])
    return SimpleNamespace(
        knobs=knobs, coordinates=coordinates, covariance=np.array(covariance)
    )


def test_stages_are_joined_and_draws_have_their_covariance():
    other = load_stages()["vehicles"].knobs[:1]
    fits: list[Fit] = [
        made(KNOBS, 0.01, [[0.04, 0.03], [0.03, 0.09]]),
        made(other, 0.0, [[0.25]]),
    ]
    found = posterior(fits)
    assert found.knobs == (*KNOBS, *other)
    assert found.coordinates(np.zeros(3)) == pytest.approx(found.centre)
    normal = np.random.default_rng(1).standard_normal((40_000, 3))
    drawn = np.array([found.coordinates(row) for row in normal])
    expected = [[0.04, 0.03, 0.0], [0.03, 0.09, 0.0], [0.0, 0.0, 0.25]]
    assert np.cov(drawn.T) == pytest.approx(np.array(expected), abs=0.006)


def test_the_run_starts_from_the_fit_and_from_nothing_else():
    found = posterior([made(KNOBS, 0.02, np.eye(2) * 1e-4)])
    plain, fitted = (start(2020, None, one) for one in (None, found))
    for knob in KNOBS:
        (value,) = fitted.parameters.find(knob.path).values
        assert value == pytest.approx(found.values[knob.path])
        assert plain.parameters.find(knob.path).values != (value,)
    known = blind(load("frozen"), 2020).resolved.parameters.overrides
    assert set(fitted.parameters.overrides) - set(known) <= {knob.path for knob in KNOBS}


def test_without_a_fit_of_its_own_nothing_that_was_fitted_later_is_used():
    plain = start(2020, None, None)
    for knob in not_of_later_years(load_knobs()):
        assert plain.parameters.find(knob.path).values == pytest.approx((knob.centre,))
    late = "vehicles.ownership.income_response"
    known = load_known(shipped(), 2021.0)[late].values
    assert plain.parameters.find(late).values == known != (3.4e-05,)
    path = load_knobs()[0].path
    own = start(2020, load("frozen").replace({path: 0.013}), None)
    assert own.parameters.find(path).values == (0.013,)


def test_a_fit_to_a_cut_moves_no_knob_whose_prior_was_read_off_later_years():
    left = set(load_knobs()) - set(not_of_later_years(load_knobs()))
    paths = {knob.path for knob in left}
    assert "vehicles.ownership.income_response" in paths
    assert "steel.in_use.buildings.collection" not in paths


def test_the_rise_of_ownership_is_read_with_the_saturation_of_the_prior():
    """What is shipped was fitted to later years; known to the last one, the priors agree."""
    centres = {knob.path: knob.centre for knob in load_knobs()}
    response = "vehicles.ownership.income_response"
    rule = rule_of(load_rules(shipped().data / TABLE), response)
    assert float(rule.value) == centres["vehicles.ownership.saturation"]
    fitted = dict(load_parameters())
    path = "vehicles.ownership.saturation"
    fitted[path] = replace(fitted[path], values=(0.39,))
    found, other = (
        known_until(data, 2025.0, (rule,))[response].values
        for data in (load_parameters(), fitted)
    )
    assert found == other == pytest.approx((centres[response],), rel=2e-2)
