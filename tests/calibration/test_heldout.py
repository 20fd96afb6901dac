"""Years that the model did not see: what is scored, how, and what is said of it."""

import math

import pytest

from calibration.heldout import (
    Point,
    foreknown,
    held_out,
    in_hindsight,
    load_heldout,
)
from calibration.hindcast import load_comparisons
from calibration.observations import LAST_YEAR, load_observations
from calibration.scoring import offsetting, scores, share_better
from simulator.reading.scenario import load

BARS = {
    "co2.total": 0.03,
    "generation.total": 0.03,
    "grid_intensity": 0.03,
    "output.crude_steel": 0.05,
    "output.cement": 0.08,
    "output.primary_aluminium": 0.04,
    "capacity.wind_and_solar": 0.15,
    "vehicle_stock.total": 0.04,
}
"""What was promised."""


@pytest.fixture(scope="module")
def found():
    return held_out(2020)


def test_the_bars_are_those_that_were_promised():
    assert {one.name: one.bar for one in load_heldout() if one.bar is not None} == BARS


def test_every_series_is_a_comparison_with_observations():
    known = {one.name: one for one in load_comparisons()}
    for one in load_heldout():
        assert one.en
        assert one.zh
        assert bool(one.missing_en) == bool(one.missing_zh) == bool(one.where)
        assert one.where in {"", "over", "under", "either"}
        assert all(known[name].observed for name in one.series)


def test_a_series_with_a_bar_that_is_missed_names_what_the_model_lacks(found):
    missed = [one for one in scores(found) if one.met is False]
    assert missed
    assert all(one.missing_en for one in missed)


def test_every_year_after_the_cut_is_scored_and_none_before(found):
    years = {point.year for point in found if point.name == "co2.total"}
    assert years == {2021, 2022, 2023, LAST_YEAR}
    assert min(point.year for point in found) == 2021


def test_what_is_scored_is_what_was_observed(found):
    total = load_observations()["co2.total"]
    for point in found:
        if point.name == "co2.total":
            assert point.observed == total.at(point.year)
    sun = [p for p in found if p.name == "capacity.solar"]
    both = [p for p in found if p.name == "capacity.wind_and_solar"]
    assert all(
        b.observed > s.observed and b.model > s.model for b, s in zip(both, sun, strict=True)
    )


def test_the_model_is_free_after_the_cut(found):
    """In a run that sees history these series are their observations."""
    solar = [point for point in found if point.name == "capacity.solar"]
    assert all(abs(point.model / point.observed - 1.0) > 0.01 for point in solar)
    assert any(point.model != point.model_with_drivers for point in found)


def test_the_two_engines_agree_on_years_that_they_did_not_see(found):
    other = held_out(2020, engine="batch")
    for one, two in zip(found, other, strict=True):
        assert (one.name, one.year) == (two.name, two.year)
        assert two.model == pytest.approx(one.model, rel=2e-3)


def made(name: str, year: int, observed: float, model: float, last: float) -> Point:
    return Point(2020, name, "Mt", year, observed, model, model, last, math.nan)


def test_scores_count_years_and_name_the_worst():
    (one,) = scores([
        made("output.cement", 2021, 100.0, 104.0, 90.0),
        made("output.cement", 2022, 100.0, 90.0, 90.0),
    ])  # fmt: skip
    assert one.model == pytest.approx((0.07, -0.03))
    assert one.worst == pytest.approx(-0.1)
    assert (one.bar, one.met, one.better) == (0.08, False, True)
    assert (one.first, one.last) == (2021, 2022)


def test_a_mechanism_explains_errors_of_its_own_sign_only():
    over, under = (
        scores([made("output.cement", 2021, 100.0, model, 90.0)])[0] for model in (120.0, 80.0)
    )
    assert over.missing_en
    assert under.missing_en == ""


def test_either_of_the_two_runs_is_judged():
    points = [
        Point(2020, "output.cement", "Mt", 2021, 100.0, 104.0, 91.0, 96.0, 105.0),
        Point(2020, "output.cement", "Mt", 2022, 100.0, 90.0, 101.0, 94.0, 105.0),
    ]
    (expected,), (observed,) = scores(points), scores(points, "observed")
    assert (expected.worst, observed.worst) == pytest.approx((-0.1, -0.09))
    assert (expected.met, observed.met) == (False, False)
    assert expected.judged("expected") == expected.model == pytest.approx((0.07, -0.03))
    assert observed.judged("observed") == observed.model_with_drivers
    assert observed.judged("observed").absolute == pytest.approx(0.05)


def test_without_yardsticks_there_is_no_verdict():
    (one,) = scores([made("capacity.gas", 2021, 100.0, 100.0, math.nan)])
    assert one.better is None
    assert share_better([one]) == (0, 0)


def test_errors_that_offset_each_other_are_added_up():
    parts = [made(name, 2021, 100.0, 100.0 + off, 1.0) for name, off in (
        ("co2.coal", 9.0), ("co2.oil", -5.0), ("co2.gas", -4.0), ("co2.process", 1.0),
        ("co2.total", 1.0),
    )]  # fmt: skip
    assert offsetting(parts, 2020) == (19.0, 1.0)


def test_policies_that_act_in_the_scored_years_are_named():
    assert "carbon_price_floor.schedule" in foreknown(load("current_policies"), 2020)
    assert "transformer_standard.s13" in foreknown(load("frozen"), 2020)
    assert "steel.output_limit" in foreknown(load("frozen"), 2020)
    assert "cement.technologies.*.replacement_ratio" in foreknown(load("frozen"), 2019)
    assert "steel.output_limit" not in foreknown(load("frozen"), 2019)
    assert in_hindsight()
