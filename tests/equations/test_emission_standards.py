"""Standards of engines in use: they add up to their chain, and leave as it does."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy.integrate import solve_ivp
from scipy.stats import gamma

from simulator.equations import emission_standards as standards

CLASSES = 4
RATE = 4.0 / 14.0
rates = st.floats(0.05, 0.9)
amounts = st.floats(0.0, 50.0)


def chain(_: float, x: np.ndarray, sold: float, rate: float) -> np.ndarray:
    enters = np.concatenate([[sold], rate * x[:-1]])
    return enters - rate * x


@given(
    start=st.lists(amounts, min_size=CLASSES, max_size=CLASSES),
    sold=st.lists(amounts, min_size=3, max_size=3),
    rate=rates,
)
def test_years_are_the_solution_of_the_chain(
    start: list[float], sold: list[float], rate: float
):
    found = standards.at_ends(
        np,
        standing=np.array([start]),
        sold=np.array(sold)[:, np.newaxis],
        rate=np.array(rate),
    )
    standing = np.array(start)
    for year, amount in zip(found[:, 0], sold, strict=True):
        solved = solve_ivp(
            chain, (0.0, 1.0), standing, args=(amount, rate), rtol=1e-9, atol=1e-11
        )
        standing = solved.y[:, -1]
        assert_allclose(year, standing.sum(), rtol=1e-6, atol=1e-8)


def test_steady_sales_fill_every_class_alike() -> None:
    found = standards.at_ends(
        np,
        standing=np.zeros((1, CLASSES)),
        sold=np.full((400, 1), 2.0),
        rate=np.array(RATE),
    )
    assert_allclose(found[-1], CLASSES * 2.0 / RATE, rtol=1e-9)


@given(begun=st.lists(st.floats(0.0, 40.0), min_size=1, max_size=4).map(sorted), rate=rates)
def test_standards_share_what_stands_at_the_start(begun: list[float], rate: float) -> None:
    standing = np.array([5.0, 3.0, 2.0, 1.0])
    found = standards.at_start(
        np, standing=standing, rate=np.float64(rate), begun=tuple(reversed(begun))
    )
    assert_allclose(found.sum(axis=0), standing, rtol=1e-12)
    assert (found >= -1e-12).all()


def test_classes_have_the_ages_of_a_chain_that_grew() -> None:
    found = standards.older_than(np, 7.0, rate=np.float64(0.4), classes=CLASSES)
    exact = [gamma.sf(7.0, shape, scale=1.0 / 0.4) for shape in range(1, CLASSES + 1)]
    assert_allclose(found, exact, rtol=1e-12)


def test_a_standard_that_has_not_begun_has_no_vehicle() -> None:
    found = standards.at_start(np, standing=np.ones(4), rate=np.float64(RATE), begun=(9.0, 0.0))
    assert (found[2] == 0.0).all()
    assert (found[0] > 0.0).all()


def test_scenarios_share_a_rate():
    standing = np.ones((3, 4))
    shared = standards.at_start(np, standing=standing, rate=np.array([0.2]), begun=(5.0,))
    own = standards.at_start(np, standing=standing, rate=np.full(4, 0.2), begun=(5.0,))
    assert (shared == own).all()
    assert_allclose(shared.sum(axis=0), standing)
