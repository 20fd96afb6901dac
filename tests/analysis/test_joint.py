"""Parameters drawn together: margins in their ranges, correlations of a fit, the density."""

import numpy as np
import pytest
from scipy import stats

from calibration.parameter_set import shipped_posterior
from simulator.reading.joint import Joint
from simulator.reading.sampling import unit_cube
from simulator.reading.scenario import load
from simulator.reading.sweep import load_ensemble

PAIR = Joint(
    paths=("one", "two"),
    low=np.array([0.5, -1.0]),
    high=np.array([2.0, 1.0]),
    centre=np.array([0.1, 0.2]),
    deviation=np.array([0.2, 0.3]),
    correlation=np.array([[1.0, -0.7], [-0.7, 1.0]]),
)
"""One parameter in ratios, one in differences."""


def test_margins_are_normal_in_their_coordinates_cut_off_at_their_ranges() -> None:
    drawn = PAIR.values(unit_cube("latin_hypercube", 4000, 2, 1))
    assert (drawn >= PAIR.low).all()
    assert (drawn <= PAIR.high).all()
    coordinates = PAIR.inner(drawn)
    for place in range(2):
        centre, deviation = PAIR.centre[place], PAIR.deviation[place]
        ends = (PAIR.inner(end)[place] for end in (PAIR.low, PAIR.high))
        away = [(end - centre) / deviation for end in ends]
        margin = stats.truncnorm(*away, centre, deviation)
        assert stats.kstest(coordinates[:, place], margin.cdf).pvalue > 0.05


def test_draws_hang_together_as_the_fit_says() -> None:
    drawn = PAIR.inner(PAIR.values(unit_cube("latin_hypercube", 4000, 2, 2)))
    assert stats.pearsonr(*drawn.T).statistic == pytest.approx(-0.7, abs=0.03)
    apart = PAIR._replace(correlation=np.eye(2))
    alone = apart.inner(apart.values(unit_cube("latin_hypercube", 4000, 2, 2)))
    assert abs(stats.pearsonr(*alone.T).statistic) < 0.05


def test_the_density_integrates_to_one() -> None:
    ends = PAIR.inner(np.stack([PAIR.low, PAIR.high]))
    parts = (np.arange(400) + 0.5) / 400
    axes = ends[0] + parts[:, np.newaxis] * (ends[1] - ends[0])
    first, second = np.meshgrid(*axes.T, indexing="ij")
    points = np.stack([np.exp(first.ravel()), second.ravel()], axis=1)
    whole = np.exp(PAIR.log_density(points)).mean() * np.prod(ends[1] - ends[0])
    assert whole == pytest.approx(1.0, abs=0.01)


def test_without_ends_the_density_is_that_of_the_normal_distribution() -> None:
    wide = PAIR._replace(low=np.array([1e-3, -9.0]), high=np.array([1e3, 9.0]))
    values = np.array([[1.0, 0.0], [1.3, 0.4]])
    covariance = PAIR.correlation * np.outer(PAIR.deviation, PAIR.deviation)
    expected = stats.multivariate_normal(PAIR.centre, covariance).logpdf(wide.inner(values))
    np.testing.assert_allclose(wide.log_density(values), expected, rtol=1e-6)


def test_an_ensemble_draws_the_posterior_and_leaves_the_other_inputs_independent() -> None:
    joint = shipped_posterior()
    scenario = load("national_targets")
    plain = load_ensemble(scenario, 200, 1)
    sweep = load_ensemble(scenario, 200, 1, joint)
    keys = [item.key for item in sweep.inputs]
    own = [item.key for item in plain.inputs if item.key not in joint.paths]
    assert keys == [*own, *joint.paths]
    assert len(own) < len(plain.inputs)
    assert load_ensemble(scenario, 200, 1, joint).digest == sweep.digest != plain.digest
    table = sweep.table
    places = [keys.index(path) for path in joint.paths]
    assert (table[:, places] >= joint.low).all()
    assert (table[:, places] <= joint.high).all()
    drawn = np.corrcoef(joint.inner(table[:, places]).T)
    strongest = np.unravel_index(np.abs(np.triu(joint.correlation, 1)).argmax(), drawn.shape)
    assert drawn[strongest] == pytest.approx(joint.correlation[strongest], abs=0.15)
    place = keys.index("common.gdp_growth.2035")
    others = np.corrcoef(table.T)[place]
    assert np.abs(np.delete(others, place)).max() < 0.3
    entry = sweep.resolved(3).parameters.find(joint.paths[0])
    assert entry.values == (table[3, places[0]],)


def test_a_label_that_the_sweep_gives_is_kept() -> None:
    joint = shipped_posterior()
    labels = {item.key: item.label_zh for item in load_ensemble(load("frozen"), 2, 1).inputs}
    sweep = load_ensemble(load("frozen"), 2, 1, joint)
    found = {item.key: item.label_zh for item in sweep.inputs}
    both = set(labels) & set(found)
    assert both & set(joint.paths)
    assert all(labels[key] == found[key] for key in both)
