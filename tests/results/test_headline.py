"""The headline numbers come from the variables that they name."""

import numpy as np
import pytest

from simulator.results.headline import electricity, electrified_share, headline
from simulator.results.wording import number, plain, tally
from tests.synthetic import dataset


def test_headline_reads_the_right_years():
    run = dataset()
    found = headline(run)
    assert found.years == (2020, 2024, 2030, 2035, 2050, 2060)
    lines = {line.key: line for line in found.lines}
    for year, value in zip(found.years, lines["emissions_net"].values, strict=True):
        assert value == float(run["emissions_net"].sel(time=year))
    assert lines["cement"].values[1] == float(run["activity"].sel(time=2024, sector="cement"))
    assert (found.peak_year, found.peak) == (2026, float(run["emissions_gross"].max()))


def test_a_short_run_has_fewer_years():
    assert headline(dataset().sel(time=slice(2015, 2035))).years == (2020, 2024, 2030, 2035)


def test_storage_is_not_generation():
    run = dataset()
    stored = run["generation"].sel(generator=["battery", "long_storage"]).sum("generator")
    total = run["generation"].sum("generator")
    np.testing.assert_allclose(electricity(run) + stored, total)
    assert float(stored.min()) > 0


def test_electrified_share_leaves_feedstock_out():
    run = dataset().drop_vars("electrified_share")
    run["final_energy"].values[:] = 1.0
    np.testing.assert_allclose(electrified_share(run), 1 / 11)
    run["electrified_share"] = ("time", np.full(46, 0.25))
    np.testing.assert_allclose(electrified_share(run), 0.25)


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (0.2549, "1", "25.5 %"),
        (-0.00001, "1", "0.0 %"),
        (2029.0, "year", "2029"),
        (12345.6, "Mt CO2/yr", "12,346"),
        (3.14159, "GW", "3.14"),
        (float("nan"), "1", "–"),
    ],
)
def test_numbers_read_well(value, unit, text):
    assert number(value, unit) == text


def test_zero_has_no_sign():
    assert plain(-0.04, 1) == "0.0"
    assert plain(-0.06, 1) == "-0.1"
    assert tally([]) == {"met": 0, "missed": 0, "not applicable": 0}
