"""Indices against functions whose sensitivity is known in closed form, and samples refused."""

import builtins
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from numpy.typing import NDArray

from simulator.analysis.indices import Layout, complete, indices, points, refuse_unfit
from simulator.errors import ScenarioError

FloatArray = NDArray[np.float64]

ALONE = (0, 1, 2)


def ishigami(cube: FloatArray, a: float = 7.0, b: float = 0.1) -> FloatArray:
    """Ishigami and Homma (1990), on three angles."""
    x = np.pi * (2.0 * cube - 1.0)
    first = np.sin(x[:, 0])
    return np.asarray(first + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * first)


def ishigami_shares(a: float = 7.0, b: float = 0.1) -> tuple[FloatArray, FloatArray]:
    """First-order and total shares of the variance, in closed form."""
    one = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2
    two = a**2 / 8.0
    both = b**2 * np.pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    whole = one + two + both
    return np.array([one, two, 0.0]) / whole, np.array([one + both, two, both]) / whole


G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0])


def sobol_g(cube: FloatArray) -> FloatArray:
    """The product function of Sobol."""
    return np.asarray(np.prod((abs(4.0 * cube - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS), axis=1))


def sobol_g_shares() -> tuple[FloatArray, FloatArray]:
    """Its shares: partial variances are products of those of single inputs."""
    alone = 1.0 / (3.0 * (1.0 + G_WEIGHTS) ** 2)
    whole = np.prod(1.0 + alone) - 1.0
    total = [v * np.prod(1.0 + np.delete(alone, i)) for i, v in enumerate(alone)]
    return alone / whole, np.array(total) / whole


def found(layout: Layout, function: Any) -> dict[str, FloatArray]:
    """Indices of a function, each by group."""
    sample = points(layout)
    worked = indices(layout, sample, function(sample)[:, np.newaxis], 100)
    return {name: values[:, 0] for name, values in worked.items()}


def test_shares_of_ishigami() -> None:
    shares = found(Layout("sobol", 8192, ALONE, 1), ishigami)
    first, total = ishigami_shares()
    assert_allclose(shares["S1"], first, atol=0.02)
    assert_allclose(shares["ST"], total, atol=0.02)
    assert (abs(shares["ST"] - total) < 2.0 * shares["ST_conf"]).all()


def test_shares_of_the_product_function() -> None:
    shares = found(Layout("sobol", 8192, (0, 1, 2, 3), 2), sobol_g)
    first, total = sobol_g_shares()
    assert_allclose(shares["S1"], first, atol=0.02)
    assert_allclose(shares["ST"], total, atol=0.02)


def test_inputs_that_only_act_together_are_one_group() -> None:
    """Without the interaction of the first and the third, shares add up to one."""
    shares = found(Layout("sobol", 8192, (0, 1, 0), 1), ishigami)
    _, total = ishigami_shares()
    assert_allclose(shares["S1"], [1.0 - total[1], total[1]], atol=0.02)
    assert_allclose(shares["ST"], shares["S1"], atol=0.03)


def test_elementary_effects_of_a_plane_are_its_slopes() -> None:
    slopes = np.array([3.0, -2.0, 0.0])
    effects = found(Layout("morris", 10, ALONE, 1), lambda cube: cube @ slopes)
    assert_allclose(effects["mu_star"], abs(slopes), atol=1e-12)
    assert_allclose(effects["mu"], slopes, atol=1e-12)
    assert_allclose(effects["sigma"], 0.0, atol=1e-12)


def test_elementary_effects_tell_curves_and_interactions_by_their_spread() -> None:
    effects = found(Layout("morris", 40, ALONE, 1), ishigami)
    assert (effects["sigma"] > 1.0).all()
    assert effects["mu"][1] < 0.5 * effects["mu_star"][1]


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_the_same_seed_draws_the_same_bits(method: Any) -> None:
    first, second = (points(Layout(method, 8, ALONE, 3)) for _ in range(2))
    assert_array_equal(first, second)
    assert not np.array_equal(first, points(Layout(method, 8, ALONE, 4)))


@pytest.mark.parametrize("method", ["morris", "sobol"])
@pytest.mark.parametrize("groups", [ALONE, (0, 1, 0), (0, 1, 1)])
def test_a_sample_fits_its_own_method_alone(method: Any, groups: tuple[int, ...]) -> None:
    layout = Layout(method, 8, groups, 1)
    sample = points(layout)
    refuse_unfit(layout, sample)
    shuffled = np.random.default_rng(0).permutation(sample)
    for wrong in (
        shuffled,
        sample[:-1],
        sample[:, :2],
        np.random.default_rng(1).random((40, 3)),
    ):
        with pytest.raises(ScenarioError):
            refuse_unfit(layout, wrong)


def test_a_sample_of_one_method_is_refused_by_the_other() -> None:
    rows = points(Layout("morris", 10, ALONE, 1))
    with pytest.raises(ScenarioError, match="none of sobol"):
        indices(Layout("sobol", 8, ALONE, 1), rows, ishigami(rows)[:, np.newaxis], 100)


def test_a_run_that_failed_takes_its_block_with_it_and_nothing_else() -> None:
    layout = Layout("sobol", 1024, ALONE, 1)
    sample = points(layout)
    values = ishigami(sample)
    values[7] = np.nan
    kept = complete(layout, values)
    assert_array_equal(np.flatnonzero(~kept), np.arange(5, 10))
    shares = indices(layout, sample, values[:, np.newaxis], 100)
    assert_allclose(shares["ST"][:, 0], ishigami_shares()[1], atol=0.06)


def test_what_does_not_vary_has_no_shares() -> None:
    layout = Layout("sobol", 8, ALONE, 1)
    shares = indices(layout, points(layout), np.ones((40, 1)), 100)
    assert np.isnan(shares["ST"]).all()


def test_a_base_sample_is_a_power_of_two() -> None:
    with pytest.raises(ScenarioError, match="powers of two"):
        points(Layout("sobol", 12, ALONE, 1))


def test_the_missing_extra_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    genuine = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("SALib"):
            raise ImportError(name)
        return genuine(name, *rest)

    monkeypatch.setattr("simulator.analysis.indices.import_module", without)
    with pytest.raises(ScenarioError, match=r"shuangtan\[sensitivity\]"):
        points(Layout("morris", 2, ALONE, 1))
