"""Sweeps: the scenarios they make are those that `Scenario.replace` makes, only faster."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.reading.scenario import load
from tests.drawn import ENERGY, FIXTURES, LIFETIME, PRICE, SOLAR, START, read, same, scheduled


def test_a_grid_runs_every_row_on_every_base(tmp_path: Path) -> None:
    sweep = read(
        tmp_path,
        {f"{PRICE}.2030": "{values: [100, 200]}", LIFETIME: "{values: [20, 25, 30]}"},
        "base: [left, base]\ndesign: grid\n",
    )
    assert [base.name for base in sweep.bases] == ["left", "base"]
    assert len(sweep) == 12
    assert sweep.table.tolist() == [
        [100, 20], [100, 25], [100, 30], [200, 20], [200, 25], [200, 30],
    ]  # fmt: skip
    assert [(sweep.base_of(i), sweep.row_of(i)) for i in (0, 5, 6, 11)] == [
        (0, 0), (0, 5), (1, 0), (1, 5),
    ]  # fmt: skip
    for index in (-1, 12):
        with pytest.raises(IndexError, match="the sweep has 12"):
            sweep.resolved(index)
    for index in range(12):
        base = sweep.bases[sweep.base_of(index)]
        price, lifetime = sweep.table[sweep.row_of(index)]
        change = {PRICE: scheduled(base, {2030.0: price}), f"parameters.{LIFETIME}": lifetime}
        same(sweep.resolved(index), base.replace(change).resolved)


def test_what_is_not_varied_stays_the_same_object(tmp_path: Path) -> None:
    sweep = read(tmp_path, {f"{PRICE}.2030": "{values: [100, 200]}"})
    base = sweep.bases[0].resolved.parameters
    first, second = (sweep.resolved(index).parameters for index in (0, 1))
    assert first.base is second.base is base.base
    touched = "carbon_market.price_floor"
    for path, entry in base.overrides.items():
        assert (first.overrides[path] is entry) == (path != touched)
        assert (first.overrides[path] is second.overrides[path]) == (path != touched)
    assert base.overrides[touched].values == (70.0, 100.0)


NUMBERS = st.floats(0.0, 2500.0).map(lambda number: round(number, 3))


@given(
    base=st.sampled_from(["base", "left", "right", "both"]),
    year=st.sampled_from([2025, 2027.5, 2030, 2041]),
    price=NUMBERS,
    start=st.sampled_from([2031, 2033.5, "never", "stage.transition"]),
    strength=st.floats(0.0, 1.0),
    scale=st.floats(0.1, 1.2),
)
@settings(max_examples=40)
def test_any_drawn_settings_are_those_of_replace(
    *,
    base: str,
    year: float,
    price: float,
    start: str | float,
    strength: float,
    scale: float,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    sweep = read(
        tmp_path_factory.mktemp("drawn"),
        {
            f"{PRICE}.{year}": f"{{values: [{price!r}]}}",
            START: f"{{values: [{start}]}}",
            "policies.coal_power_phase_out.strength": f"{{values: [{strength!r}]}}",
            f"{SOLAR}.scale": f"{{values: [{scale!r}]}}",
            f"{ENERGY}.scale": f"{{values: [{scale!r}]}}",
            "parameters.steel.scrap_share": f"{{values: [{strength!r}]}}",
        },
        f"base: {base}\ndesign: grid\n",
    )
    known = load(base, FIXTURES)
    solar = known.resolved.policies["renewable_build_floor"]["solar"].values[0]
    energy = known.resolved.parameters[ENERGY]
    grown = {
        when: value * scale if when > 2025 else value
        for when, value in zip(energy.times, energy.values, strict=True)
    }
    changed = known.replace(
        {
            PRICE: scheduled(known, {year: price}),
            START: start,
            "policies.coal_power_phase_out.strength": strength,
            SOLAR: solar * scale,
            f"parameters.{ENERGY}": grown,
            "parameters.steel.scrap_share": strength,
        }
    )
    assert len(sweep) == 1
    same(sweep.resolved(0), changed.resolved)


def test_a_factor_leaves_history_and_2025_alone(tmp_path: Path) -> None:
    sweep = read(tmp_path, {f"{PRICE}.scale": "{values: [0.5, 3]}"})
    made = [sweep.resolved(row).parameters["carbon_market.price_floor"] for row in (0, 1)]
    assert [one.times for one in made] == [(2025.0, 2030.0)] * 2
    assert [one.values for one in made] == [(70.0, 50.0), (70.0, 300.0)]


def test_a_year_that_the_base_lacks_becomes_a_knot(tmp_path: Path) -> None:
    keys = {f"{PRICE}.2040": "{values: [500]}", f"{PRICE}.2027.5": "{values: [90]}"}
    made = read(tmp_path, keys).resolved(0).parameters["carbon_market.price_floor"]
    assert made.times == (2025.0, 2027.5, 2030.0, 2040.0)
    assert made.values == (70.0, 90.0, 100.0, 500.0)


def test_whole_schedules_and_dates_are_choices(tmp_path: Path) -> None:
    sweep = read(
        tmp_path,
        {
            PRICE: "{values: [{2025: 75, 2030: 200}, 80, {2025: 75, 2030: 400}]}",
            "coal_power_ban.from": "{values: [stage.transition, never, 2033]}",
            START: "{values: [2030, 2035]}",
        },
    )
    price, ban, start = sweep.inputs
    assert (price.numeric, price.unit) == (False, "CNY/t CO2")
    assert price.choices == ("{2025: 75, 2030: 200}", "80", "{2025: 75, 2030: 400}")
    assert (ban.key, ban.numeric) == ("policies.coal_power_ban.from", False)
    assert ban.choices == ("stage.transition", "never", "2033")
    assert (start.numeric, start.choices) == (True, ())
    assert sweep.table[0].tolist() == [0, 0, 2030]
    assert sweep.table[-1].tolist() == [2, 2, 2035]
    base = sweep.bases[0]
    for row, wanted in (
        (0, {PRICE: {2025: 75, 2030: 200}, "coal_power_ban.from": "stage.transition"}),
        (8, {PRICE: 80, "coal_power_ban.from": "never"}),
        (16, {PRICE: {2025: 75, 2030: 400}, "coal_power_ban.from": 2033}),
    ):
        same(sweep.resolved(row), base.replace({**wanted, START: 2030}).resolved)
