"""Plateaus of annual series, by themselves, in the language of milestones and as milestones."""

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from simulator.results.expression import evaluate
from simulator.results.milestones import judge, judge_all
from simulator.results.trajectory import peak_year, plateau_end, plateau_start, smoothed
from simulator.schema.roadmap import Milestone

YEARS = np.arange(2015, 2061)
LEVEL = np.where(YEARS < 2030, 100.0 * 1.03 ** (YEARS - 2030.0), 100.0)
HILL = 100.0 - 0.05 * (YEARS - 2028.0) ** 2
GROWING = 1.006 ** (YEARS - 2015.0)


def goal(metric: str, target: float = 2030) -> Milestone:
    return Milestone.model_validate(
        {
            "id": "level",
            "label": {"en": "a", "zh": "b"},
            "metric": metric,
            "op": "<=",
            "target": target,
            "unit": "year",
            "source": {"title": "t", "clause": "c"},
        }
    )


def data(**series: np.ndarray) -> xr.Dataset:
    rows = {name: (("scenario", "time"), np.atleast_2d(row)) for name, row in series.items()}
    count = next(iter(rows.values()))[1].shape[0]
    return xr.Dataset(rows, {"time": YEARS, "scenario": [f"s{i}" for i in range(count)]})


def test_a_plateau_starts_where_five_small_changes_follow() -> None:
    assert plateau_start(YEARS, LEVEL) == 2030
    assert plateau_start(YEARS, LEVEL, change=0.05) == 2015
    assert math.isnan(plateau_start(YEARS, GROWING))
    assert plateau_start(YEARS, 0.996 ** (YEARS - 2015.0)) == 2015
    short = np.where(YEARS < 2056, GROWING, GROWING[41])  # level for four changes only
    assert math.isnan(plateau_start(YEARS, short))


def test_a_peak_has_a_plateau_that_ends_two_percent_below_it() -> None:
    top = smoothed(HILL)
    last = YEARS[top >= 0.98 * top.max()][-1]
    assert plateau_end(YEARS, HILL) == last == 2034
    assert math.isnan(plateau_end(YEARS, GROWING))
    assert math.isnan(plateau_end(YEARS, -HILL - 1e4))


@given(st.lists(st.floats(-0.02, 0.02), min_size=12, max_size=12))
def test_many_series_at_once_equal_one_by_one(steps: list[float]) -> None:
    rows = np.exp(np.cumsum([[0.0, *steps], [0.0, *steps[::-1]]], axis=1)).T
    for function in (plateau_start, plateau_end, peak_year):
        found = function(YEARS[:13], rows)
        alone = [float(function(YEARS[:13], rows[:, place])) for place in (0, 1)]
        np.testing.assert_array_equal(found, alone)


def test_the_language_finds_both() -> None:
    many = data(energy=np.stack([LEVEL, GROWING, HILL]))
    np.testing.assert_array_equal(evaluate("plateau_year(energy)", many), [2030, np.nan, 2023])
    np.testing.assert_array_equal(
        evaluate("plateau_end(2 * energy)", many), [np.nan, np.nan, 2034]
    )


@pytest.mark.parametrize(("target", "status"), [(2030, "pass"), (2029, "fail")])
def test_a_plateau_is_a_milestone(target: float, status: str) -> None:
    judged = judge(data(energy=LEVEL), goal("plateau_year(energy)", target))
    assert (judged.status, judged.value, judged.margin) == (status, 2030, target - 2030)
    assert judged.year_met == (2030 if status == "pass" else None)


def test_a_plateau_that_never_comes_is_missed_and_one_without_data_not_judged() -> None:
    many = data(energy=np.stack([LEVEL, GROWING, np.full(YEARS.size, np.nan)]))
    (verdict,) = judge_all(many, [goal("plateau_year(energy)")])
    assert verdict.met.tolist() == [True, False, False]
    assert verdict.applicable.tolist() == [True, True, False]
    never = judge(data(energy=GROWING), goal("plateau_end(energy)"))
    assert (never.status, never.reason) == ("fail", "")
    assert math.isnan(never.value)
