"""The charge at the European border: its formula, its limits, the answer of trade."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.equations.border import BorderParameters, border, lost_exports
from simulator.equations.schedule import Clock, Schedule

NOW = Clock(np.float64(2030.0), 0, 0.0)


def flat(value: float) -> Schedule:
    return Schedule(np.array([[value]]), np.zeros((1, 1)))


def pair(steel: float, aluminium: float) -> np.ndarray:
    return np.array([[steel], [aluminium]])


def rules(**changes: Any) -> BorderParameters:
    return BorderParameters(
        price=flat(900.0),
        begun=flat(1.0),
        phase=flat(0.5),
        deducted=np.array([1.0]),
        scope=pair(0.9, 1.0),
        benchmark=pair(1.2, 1.4),
        exports=pair(6.0, 0.9),
        value=pair(13000.0, 33000.0),
        elasticity=np.array([1.5]),
        response_time=np.array([2.0]),
    )._replace(**changes)


def trade(p: BorderParameters, exports: float = 6.0, home: float = 200.0) -> Any:
    return border(
        np,
        p,
        NOW,
        exports=pair(exports, 0.9),
        emissions=pair(1800.0, 72.0),
        output=pair(1000.0, 40.0),
        paid_at_home=pair(home, home),
    )


def test_the_charge_is_the_stated_product() -> None:
    found = trade(rules())
    np.testing.assert_allclose(
        found.charge[:, 0], [(1.8 * 0.9 - 0.6) * 700.0, (1.8 - 0.7) * 700.0]
    )
    np.testing.assert_allclose(found.paid[0, 0], 6.0 * found.charge[0, 0])
    wanted = 6.0 * (1.0 + found.charge[0, 0] / 13000.0) ** -1.5
    assert found.change[0, 0] == pytest.approx((wanted - 6.0) / 2.0)


@pytest.mark.parametrize(
    "changes", [{"begun": flat(0.0)}, {"price": flat(200.0)}, {"price": flat(100.0)}]
)
def test_nothing_is_charged_before_the_start_or_when_home_is_as_dear(changes: Any) -> None:
    found = trade(rules(**changes))
    assert np.all(found.charge == 0.0)
    assert np.all(found.change == 0.0)


def test_without_deduction_the_price_at_home_does_not_matter() -> None:
    p = rules(deducted=np.array([0.0]))
    np.testing.assert_array_equal(trade(p, home=0.0).charge, trade(p, home=800.0).charge)


def test_more_free_allocation_abroad_charges_less() -> None:
    early, late = trade(rules(phase=flat(0.0))), trade(rules(phase=flat(1.0)))
    assert early.charge[0, 0] == pytest.approx((1.8 * 0.9 - 1.2) * 700.0)
    assert late.charge[0, 0] == pytest.approx(1.8 * 0.9 * 700.0)


@given(exports=st.floats(0.0, 8.0), net=st.floats(-5.0, 120.0))
def test_no_more_is_lost_than_is_exported(exports: float, net: float) -> None:
    lost = lost_exports(np, rules(), exports=pair(exports, 0.9), net_export=pair(net, net))
    assert 0.0 <= lost[0, 0] <= max(net, 0.0)
    if net >= 6.0 >= exports:
        assert lost[0, 0] == pytest.approx(6.0 - exports)
