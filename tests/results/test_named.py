"""Expressions mean what xarray makes of them, whatever is missing and however axes lie."""

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.results.expression import Evaluation, MissingDataError, evaluate

YEARS = np.arange(2020, 2026)
FLEETS = np.array(["mills", "mills", "cars"])
Formula = Callable[[xr.Dataset], xr.DataArray]


def drawn(seed: int, holes: float, runs: int = 3) -> xr.Dataset:
    """Runs of random numbers in which a share is missing."""
    random = np.random.default_rng(seed)

    def values(*size: int) -> np.ndarray:
        found = random.normal(size=(runs, YEARS.size, *size))
        return np.where(random.random(found.shape) < holes, np.nan, found)

    return xr.Dataset(
        {
            "gdp": (("scenario", "time"), values()),
            "use": (("scenario", "time", "technology"), values(3)),
            "hours": (("scenario", "time", "technology"), values(3)),
            "energy": (("scenario", "time", "technology", "carrier"), values(3, 4)),
            "factor": ("technology", random.normal(size=3)),
        },
        coords={
            "time": YEARS,
            "technology": ["steel.old", "steel.new", "cars.old"],
            "fleet": ("technology", FLEETS),
            "carrier": ["coal", "gas", "heat", "waste"],
            "season": ("time", ["dry", "wet"] * 3),
            "name": ("scenario", [f"run {place}" for place in range(runs)]),
        },
    )


def total(value: xr.DataArray, *dims: str) -> xr.DataArray:
    """Sum in which missing counts as nothing unless all is missing."""
    return value.sum(dims, min_count=1)


MEANINGS: dict[str, Formula] = {
    "gdp": lambda ds: ds.gdp,
    "-gdp + 2 * gdp - +gdp / 4": lambda ds: 0.75 * ds.gdp,
    "gdp / (gdp - gdp)": lambda ds: ds.gdp * np.nan,
    "sum(gdp)": lambda ds: ds.gdp,
    "sum(use)": lambda ds: total(ds.use, "technology"),
    "sum(energy)": lambda ds: total(ds.energy, "technology", "carrier"),
    "sum(factor)": lambda ds: ds.factor.sum(),
    "sum(each(energy[carrier=gas|coal]))": lambda ds: total(
        ds.energy.sel(carrier=["coal", "gas"]), "technology", "carrier"
    ),
    "energy[carrier=coal|waste, technology=old]": lambda ds: total(
        ds.energy.isel(technology=[0, 2], carrier=[0, 3]), "technology", "carrier"
    ),
    "use[fleet=mills,technology=old]": lambda ds: ds.use.isel(technology=0),
    "use[fleet=cars,technology=old]": lambda ds: ds.use.isel(technology=2),
    "use[technology=steel.new]": lambda ds: ds.use.isel(technology=1),
    "share(use[fleet=cars], energy[fleet=mills])": lambda ds: (
        ds.use.isel(technology=2) / total(ds.energy[:, :, :2], "technology", "carrier")
    ),
    "sum(use * energy)": lambda ds: total(ds.use * ds.energy, "technology", "carrier"),
    "sum(energy * factor * use)": lambda ds: total(
        ds.energy * ds.factor * ds.use, "technology", "carrier"
    ),
    "sum(each(use[technology=old]) * each(hours[technology=old]))": lambda ds: total(
        (ds.use * ds.hours)[:, :, [0, 2]], "technology"
    ),
    "sum(each(use[technology=cars.old|steel.old]) * each(hours[technology=old|new]))": (
        lambda ds: total((ds.use * ds.hours)[:, :, [0, 2]], "technology")
    ),
    "sum(each(use[technology=old]) * each(hours[fleet=mills]))": lambda ds: (
        ds.use[:, :, 0] * ds.hours[:, :, 0]
    ),
    "sum(use * each(hours[technology=cars.old|steel.new]))": lambda ds: total(
        (ds.use * ds.hours)[:, :, 1:], "technology"
    ),
    "sum(each(use[fleet=mills]) * each(hours[fleet=cars]))": lambda ds: ds.gdp * np.nan,
    "at(gdp, 2022)": lambda ds: ds.gdp.sel(time=2022),
    "change(gdp, 2021, 2024)": lambda ds: ds.gdp.sel(time=2024) / ds.gdp.sel(time=2021) - 1,
    "cumulative(gdp, 2021, 2024)": lambda ds: ds.gdp[:, 1:5].sum("time", skipna=False),
    "cumulative(gdp, 2024, 2021)": lambda ds: xr.zeros_like(ds.gdp[:, 0]),
    "maximum(sum(use))": lambda ds: total(ds.use, "technology").max("time"),
    "minimum(gdp)": lambda ds: ds.gdp.min("time"),
    "peak_year(gdp)": lambda ds: ds.gdp.idxmax("time"),
    "gdp * at(gdp, 2020)": lambda ds: ds.gdp * ds.gdp.isel(time=0),
    "at(gdp, 2020) * gdp": lambda ds: ds.gdp * ds.gdp.isel(time=0),
}


@pytest.mark.parametrize("text", MEANINGS)
@settings(max_examples=12)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.2, 0.8, 1.0]))
def test_an_expression_is_what_xarray_makes_of_it(text: str, seed: int, holes: float) -> None:
    dataset = drawn(seed, holes)
    found = evaluate(text, dataset)
    expected = MEANINGS[text](dataset)
    plain = expected.reset_coords(drop=True).drop_vars("technology", errors="ignore")
    kept = [name for name in plain.dims if name in {"scenario", "time"}]
    plain = plain.drop_vars([name for name in plain.coords if name not in kept])
    xr.testing.assert_allclose(found, plain.rename(None), rtol=1e-11)
    assert set(found.coords) == {"time"} & set(found.dims)


@settings(max_examples=12)
@given(st.integers(0, 1000), st.sampled_from([0.0, 0.2]))
def test_a_run_has_the_same_bits_alone_and_in_any_company(seed: int, holes: float) -> None:
    dataset = drawn(seed, holes, runs=4)
    turned = dataset.transpose("carrier", "technology", "time", "scenario")
    for name in turned.data_vars:
        turned[name] = turned[name].copy(data=np.ascontiguousarray(turned[name].values))
    for text in MEANINGS:
        together = Evaluation(dataset).table(text)
        np.testing.assert_array_equal(Evaluation(turned).table(text), together)
        for place in range(4):
            alone = Evaluation(dataset.isel(scenario=place)).table(text)
            np.testing.assert_array_equal(alone[0], together[place])
            sliced = Evaluation(dataset.isel(scenario=[place])).table(text)
            np.testing.assert_array_equal(sliced[0], together[place])


def test_nothing_that_is_read_is_written_to() -> None:
    dataset = drawn(1, 0.2)
    before = dataset.copy(deep=True)
    evaluation = Evaluation(dataset)
    first = {text: evaluation.table(text).copy() for text in MEANINGS}
    for text, values in first.items():
        np.testing.assert_array_equal(evaluation.table(text), values)
        evaluate(text, dataset).values[...] = 0.0
    xr.testing.assert_identical(dataset, before)


def test_years_and_runs_have_no_labels_to_choose() -> None:
    dataset = drawn(1, 0.0)
    for text in ("gdp[season=dry]", "gdp[name=x]"):
        with pytest.raises(MissingDataError, match="no dimension"):
            evaluate(text, dataset)


def test_a_full_name_comes_before_a_last_part() -> None:
    names = ["steel.old", "old", "cars.old"]
    dataset = drawn(1, 0.0).assign_coords(technology=names)
    found = evaluate("use[technology=old]", dataset)
    np.testing.assert_array_equal(found, dataset.use.isel(technology=1))


def test_a_result_without_years_has_no_year_to_read() -> None:
    empty = drawn(1, 0.0).isel(time=[])
    assert evaluate("gdp", empty).shape == (3, 0)
    for text in ("at(gdp, 2020)", "peak_year(gdp)", "maximum(gdp)"):
        with pytest.raises(MissingDataError, match="no years"):
            evaluate(text, empty)


def test_text_is_no_number() -> None:
    dataset = xr.Dataset({"x": ("time", ["a", "b"])}, coords={"time": [2020, 2021]})
    with pytest.raises(MissingDataError, match='"x" holds no numbers'):
        evaluate("x", dataset)
