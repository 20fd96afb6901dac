"""Stages: shares close, history is left alone, levers act where they should, exact decay."""

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from simulator.equations import semiconductors, textiles
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.5), 0, np.float64(0.0))
ONE = np.array([1.0])


def always(value: float) -> Schedule:
    start = np.array([[value]])
    return Schedule(start, np.zeros_like(start))


def column(*values: float) -> np.ndarray:
    return np.array(values)[:, None]


def cloth(**changes: Any) -> textiles.TextileParameters:
    return textiles.TextileParameters(
        electricity_shares=column(0.5, 0.16, 0.24, 0.08, 0.02),
        heat_shares=column(0.0, 0.12, 0.8, 0.08, 0.0),
        relocation=always(0.1),
        exposure=column(0.8, 0.8, 0.7, 1.5, 0.8),
        dyeing=column(0, 0, 1, 0, 0),
        low_liquor_saving=0.3 * ONE,
        low_liquor_target=always(0.6),
        low_liquor_base=0.25 * ONE,
        low_liquor_time=6.0 * ONE,
    )._replace(**changes)


def chips(**changes: Any) -> semiconductors.SemiconductorParameters:
    return semiconductors.SemiconductorParameters(
        electricity_shares=column(0.45, 0.35, 0.2),
        fuel_shares=column(0.5, 0.1, 0.4),
        utilities=column(1, 0, 0),
        chiller_share=0.4 * ONE,
        thermoelectric_saving=0.08 * ONE,
        thermoelectric_adoption=always(0.5),
        fluorinated_base=16.7 * ONE,
        abatement_base=0.3 * ONE,
        abatement_target=always(0.9),
        abatement_time=6.0 * ONE,
    )._replace(**changes)


@settings(max_examples=40)
@given(away=st.floats(0.0, 0.3), liquor=st.floats(0.0, 1.0))
def test_textile_stages_close_and_history_is_left_alone(away: float, liquor: float) -> None:
    for history in (0.0, 1.0):
        found = textiles.textile_stages(
            np, cloth(relocation=always(away)), liquor * ONE, NOW, history * ONE
        )
        assert_allclose(found.electricity.sum(axis=0), 1.0)
        assert_allclose(found.fuel.sum(axis=0), 1.0)
        assert_allclose(found.fuel[[0, 4]], 0.0)
        if history:
            assert_allclose([found.electricity_factor, found.fuel_factor], 1.0)


def test_dyeing_in_little_liquor_saves_three_tenths_of_its_heat() -> None:
    plain = cloth(relocation=always(0.0), low_liquor_base=0.0 * ONE)
    found = textiles.textile_stages(np, plain, ONE, NOW, 0.0 * ONE)
    assert_allclose(found.fuel_factor, 1.0 - 0.8 * 0.3)
    assert_allclose(found.electricity_factor, 1.0)
    gone = textiles.textile_stages(np, cloth(), 0.25 * ONE, NOW, 0.0 * ONE)
    stays = 1.0 - 0.1 * np.array([0.8, 0.8, 0.7, 1.5, 0.8])
    assert_allclose(gone.electricity_factor, stays @ [0.5, 0.16, 0.24, 0.08, 0.02])
    change = textiles.low_liquor_change(cloth(), 0.3 * ONE, NOW, 0.0 * ONE)
    assert_allclose(change, 0.3 / 6.0)
    assert_allclose(textiles.low_liquor_change(cloth(), 0.3 * ONE, NOW, ONE), 0.0)


@settings(max_examples=40)
@given(factor=st.floats(0.7, 1.1))
def test_equipment_improves_the_utilities_and_leaves_the_plant_its_factor(
    factor: float,
) -> None:
    none = chips(thermoelectric_adoption=always(0.0))
    found = semiconductors.semiconductor_stages(np, none, NOW, 0.0 * ONE, factor * ONE)
    assert_allclose(found.electricity_factor, 1.0)
    assert_allclose(factor * found.electricity[:, 0], [0.45 + factor - 1.0, 0.35, 0.2])


def test_thermoelectric_control_saves_part_of_the_chillers() -> None:
    found = semiconductors.semiconductor_stages(np, chips(), NOW, 0.0 * ONE, ONE)
    assert_allclose(found.electricity_factor, 1.0 - 0.45 * 0.4 * 0.08 * 0.5)
    past = semiconductors.semiconductor_stages(np, chips(), NOW, ONE, ONE)
    assert_allclose(past.electricity_factor, 1.0)


def test_gases_follow_output_and_abatement() -> None:
    gases = semiconductors.fluorinated_gases
    assert_allclose(gases(chips(), ONE, 0.3 * ONE), 16.7)
    assert_allclose(gases(chips(), 3.0 * ONE, 0.9 * ONE), 16.7 * 3.0 / 7.0)
    assert_allclose(gases(chips(), ONE, ONE), 0.0)
    assert_allclose(semiconductors.abatement_change(chips(), 0.3 * ONE, NOW), 0.1)
