"""Settings on their way: ends, what lies between, and the scenario that a file would give."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.reading.knobs import Knob, Part, blend, changes, moved, of_scenario
from simulator.reading.library import Library
from simulator.reading.scenario import load
from simulator.reading.settings import LAST_YEAR, Series
from simulator.reading.sweep_targets import Target, TargetFinder
from simulator.reading.yaml_nodes import Node
from simulator.schema.numbers import NEVER

PRICE = "policies.carbon_price_floor.schedule"
STEPS = st.floats(0.0, 1.0)
RISING = Series((2025.0, 2030.0), (70.0, 100.0))
STEEP = Series((2025.0, 2040.0), (80.0, 500.0))


def target(library: Library, key: str) -> Target:
    finder = TargetFinder(library, [])
    found = finder.find("here", Node(key, 1, 1), key, "")
    assert found is not None, finder.problems
    return found


def part(start: Series, end: Series, kind: str = "number") -> Part:
    return Part(SimpleNamespace(kind=kind), start, end)  # type: ignore[arg-type]


def test_the_ends_are_themselves() -> None:
    one = part(RISING, STEEP)
    assert one.at(0.0) is RISING
    assert one.at(1.0, tidy=True) is STEEP


@given(STEPS)
def test_a_number_goes_in_proportion(step: float) -> None:
    found = blend(Series((), (100.0,)), Series((), (300.0,)), step)
    assert found.values[0] == pytest.approx(100.0 + 200.0 * step)


def test_schedules_are_mixed_at_the_knots_of_both() -> None:
    found = blend(RISING, STEEP, 0.5)
    assert found.times == (2025.0, 2030.0, 2040.0)
    assert found.values == pytest.approx((75.0, (100.0 + 220.0) / 2, (100.0 + 500.0) / 2))


def test_a_number_becomes_a_schedule() -> None:
    found = blend(Series((), (0.0,)), STEEP, 0.25)
    assert found.times == STEEP.times
    assert found.values == pytest.approx((20.0, 125.0))


def test_what_never_happens_comes_from_after_the_last_year() -> None:
    never = Series((), (NEVER,))
    one = part(never, Series((), (2030.0,)), "date")
    assert one.at(0.0) is never
    assert one.at(0.5).values == ((LAST_YEAR + 2030.0) / 2,)


@given(st.floats(0.01, 0.99), st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
def test_short_numbers_lie_a_little_further_on(step: float, start: float, end: float) -> None:
    if abs(end - start) < 1e-6:
        return
    one = part(Series((), (start,)), Series((), (end,)))
    exact, short = one.at(step).values[0], one.at(step, tidy=True).values[0]
    assert min(start, end) <= short <= max(start, end)
    gone = (short - exact) / (end - start)
    assert -1e-6 <= gone <= 1.1e-3


def knob(library: Library, key: str, end: Series, start: Series | None = None) -> Knob:
    found = target(library, key)
    begin = start or of_scenario(found, load("base", library).resolved)
    assert begin is not None
    return Knob(key, found.label, (Part(found, begin, end),))


@pytest.mark.parametrize("step", [0.0, 0.1, 0.5, 1 / 3, 0.999, 1.0])
def test_a_step_gives_the_scenario_that_a_file_would(step: float, library: Library) -> None:
    base = load("base", library)
    knobs = [
        knob(library, f"{PRICE}.2030", Series((), (400.0,)), Series((), (100.0,))),
        knob(library, f"{PRICE}.2045", Series((), (900.0,)), Series((), (100.0,))),
        knob(library, "policies.renewable_build_floor.solar", Series((), (300.0,))),
        knob(library, "policies.coal_power_ban.from", Series((), (2030.0,))),
        knob(library, "steel.scrap_share", Series((), (0.4,))),
    ]
    written = changes(base.resolved, knobs, step, tidy=False)
    expected = base.resolved if step == 0.0 else base.replace(written).resolved
    assert moved(base.resolved, knobs, step).digest == expected.digest


def test_a_factor_multiplies_what_the_scenario_has(library: Library) -> None:
    base = load("base", library).resolved
    one = knob(library, f"{PRICE}.scale", Series((), (3.0,)), Series((), (1.0,)))
    found = moved(base, [one], 0.5).policies["carbon_price_floor"]["schedule"]
    assert found.values == (70.0, 200.0)


def test_a_policy_that_is_not_set_starts_from_its_parameters(library: Library) -> None:
    base = load("base", library).resolved
    found = of_scenario(target(library, "policies.coal_power_phase_out.strength"), base)
    (own,) = target(library, "policies.coal_power_phase_out.strength").acts_on
    assert found is not None
    assert found.values == base.parameters.find(own).values
