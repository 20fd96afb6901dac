"""Sweeps: the scenarios they make are those that `Scenario.replace` makes, only faster."""

import json
import pickle
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.reading.library import Library, shipped
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario, list_scenarios, load
from simulator.reading.sweep import Sweep, list_sweeps, load_sweep
from simulator.schema.sweep import DERIVED

FIXTURES = Library(
    Path(__file__).parent / "fixtures" / "scenarios",
    Path(__file__).parent / "fixtures" / "data",
)
HEAD = "schema: 1\nname: drawn\nlabel: {en: a, zh: b}\nkeep: {variables: [emissions_net]}\n"
PRICE = "policies.carbon_price_floor.schedule"
SOLAR = "policies.renewable_build_floor.solar"
START = "policies.coal_power_phase_out.start"
LIFETIME = "steel.technologies.scrap_eaf.lifetime"
ENERGY = "steel.technologies.scrap_eaf.energy_new"


def write(folder: Path, body: str) -> Path:
    path = folder / "drawn.yaml"
    path.write_text(HEAD + body, "utf-8")
    return path


def read(folder: Path, vary: dict[str, str], body: str = "base: base\ndesign: grid\n") -> Sweep:
    """Read a sweep of the fixtures that varies what is given."""
    lines = "".join(f"  {key}: {block}\n" for key, block in vary.items())
    return load_sweep(write(folder, f"{body}vary:\n{lines}"), FIXTURES)


def same(one: Resolved, other: Resolved) -> None:
    """Check that two scenarios give a run the same, and say the same as a file."""
    assert one.digest == other.digest
    assert one.policies == other.policies
    assert one.changed_parameters == other.changed_parameters
    assert one.yaml == other.yaml
    assert one.inactive == other.inactive
    assert set(one.parameters.overrides) == set(other.parameters.overrides)
    for path, entry in one.parameters.overrides.items():
        known = other.parameters.overrides[path]
        assert (entry.times, entry.values, entry.unit) == (
            known.times, known.values, known.unit,
        )  # fmt: skip
        # The model keeps history where a policy wrote last.
        assert [place.by for place in entry.chain] == [place.by for place in known.chain]


def scheduled(base: Scenario, change: dict[float, float]) -> dict[float, float]:
    """Return the carbon price of a scenario with some years set."""
    price = base.resolved.policies["carbon_price_floor"]["schedule"]
    return dict(sorted({**dict(zip(*price, strict=True)), **change}.items()))


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


def test_units_are_those_of_a_scenario_file(tmp_path: Path) -> None:
    sweep = read(
        tmp_path,
        {
            f"{PRICE}.2030": "{values: [0.1, 0.2], unit: CNY/kg CO2}",
            LIFETIME: '{values: ["8760 day", 30]}',
        },
    )
    assert [one.unit for one in sweep.inputs] == ["CNY/t CO2", "yr"]
    assert sweep.table == pytest.approx(np.array([[100, 24], [100, 30], [200, 24], [200, 30]]))
    sample = read(
        tmp_path,
        {f"{PRICE}.2030": "{range: [0.1, '200 CNY/t CO2'], unit: CNY/kg CO2}"},
        "base: base\ndesign: sobol\nn: 64\nseed: 3\n",
    )
    assert 100 <= sample.table.min() < 110
    assert 190 < sample.table.max() <= 200


def test_a_policy_may_have_another_unit_than_what_it_acts_on(copied: Library) -> None:
    catalogue = copied.scenarios / "policies.yaml"
    text = catalogue.read_text("utf-8").replace("unit: CNY/t CO2, low", "unit: CNY/kg CO2, low")
    catalogue.write_text(text, "utf-8")
    base = copied.scenarios / "base.yaml"
    base.write_text(
        base.read_text("utf-8").replace("{2025: 70, 2030: 100}", "{2025: 70, 2030: 90}"),
        "utf-8",
    )
    body = f"base: base\ndesign: grid\nvary: {{{PRICE}.2030: {{values: [0.1, 0.2]}}}}\n"
    sweep = load_sweep(write(copied.scenarios, body), copied)
    assert sweep.inputs[0].unit == "CNY/kg CO2"
    made = sweep.resolved(1).parameters["carbon_market.price_floor"]
    assert made.values == pytest.approx((70.0, 200.0))
    changed = sweep.bases[0].replace({PRICE: {2025: 0.07, 2030: 0.2}})
    assert made.values == pytest.approx(changed.resolved.parameters[made.path].values)


def test_an_empty_block_is_the_range_of_the_data(tmp_path: Path) -> None:
    body = "base: base\ndesign: latin_hypercube\nn: 50\nseed: 3\n"
    sweep = read(tmp_path, {LIFETIME: "{}", "steel.demand_growth": "{}"}, body)
    strata = np.floor((sweep.table - [20, -0.05]) / [15, 0.1] * 50)
    assert [sorted(column) for column in strata.T] == [list(range(50))] * 2


def test_values_in_a_sample_are_taken_equally_often(tmp_path: Path) -> None:
    body = "base: base\ndesign: latin_hypercube\nn: 12\nseed: 0\n"
    keys = {START: "{values: [2030, 2032, 2035]}", PRICE: "{values: [{2030: 9}, 100]}"}
    table = read(tmp_path, keys, body).table
    assert sorted(table[:, 0]) == [2030] * 4 + [2032] * 4 + [2035] * 4
    assert sorted(table[:, 1]) == [0] * 6 + [1] * 6


def test_the_seed_decides_the_table_bit_by_bit(tmp_path: Path) -> None:
    def drawn(seed: int) -> bytes:
        body = f"base: base\ndesign: latin_hypercube\nn: 20\nseed: {seed}\n"
        keys = {
            LIFETIME: "{distribution: normal, mean: 25, sd: 3}",
            START: "{range: [2030, 2040]}",
        }
        return read(tmp_path, keys, body).table.tobytes()

    assert drawn(5) == drawn(5) != drawn(6)


def test_a_base_may_lie_beside_the_sweep(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        "schema: 1\nname: own\nlabel: {en: a, zh: b}\nextends: left\n"
        "parameters: {steel.scrap_share: 0.33}\n",
        "utf-8",
    )
    body = "base: [own, left]\ndesign: grid\n"
    sweep = read(tmp_path, {LIFETIME: "{values: [20]}"}, body)
    shares = [sweep.resolved(row).parameters["steel.scrap_share"].values for row in (0, 1)]
    assert shares == [(0.33,), (0.2,)]
    assert sweep.resolved(0).name == "own"


def test_what_is_kept(tmp_path: Path) -> None:
    sweep = read(tmp_path, {LIFETIME: "{values: [20]}"}, "base: both\ndesign: grid\n")
    assert sweep.years == tuple(range(2015, 2051))  # the horizon of this base ends in 2050
    assert sweep.keep == ("emissions_net",)
    assert sweep.derive == DERIVED
    assert sweep.roadmap == "four_stage"


def test_labels_come_from_the_catalogue_or_the_file(tmp_path: Path) -> None:
    keys = {
        f"{PRICE}.2030": "{values: [9]}",
        f"{SOLAR}.scale": "{values: [1.1]}",
        LIFETIME: "{values: [20], label: {en: Life, zh: 寿命}}",
    }
    labels = [(one.label_en, one.label_zh) for one in read(tmp_path, keys).inputs]
    assert labels == [
        ("Carbon price floor, Price, 2030", "碳价下限，价格，2030年"),
        ("Renewable build floor, Solar, factor", "可再生新增下限，光伏，倍数"),
        ("Life", "寿命"),
    ]


@pytest.mark.parametrize(
    ("key", "block", "words"),
    [
        ("policies.carbon_market_cap.schedule", "{values: [0.9]}", "does not have this policy"),
        (LIFETIME, "{values: [40]}", "outside its studied range 20 to 35 yr"),
        ("steel.observed.output.2020", "{values: [1000]}", "changes observed history"),
        (f"{PRICE}.2020", "{values: [10]}", "no policy reaches back before 2025"),
    ],
)
def test_a_doubtful_input_gets_a_warning(
    key: str, block: str, words: str, tmp_path: Path
) -> None:
    (warning,) = read(tmp_path, {key: block}).warnings
    assert words in warning
    assert "drawn.yaml:8:" in warning
    assert f"vary.{key}" in warning


def test_an_inactive_policy_is_told_with_every_scenario(tmp_path: Path) -> None:
    sweep = read(tmp_path, {"policies.carbon_market_cap.schedule": "{values: [0.9]}"})
    assert sweep.resolved(0).inactive == ("carbon_market_cap",)


def test_equal_rows_get_a_warning(tmp_path: Path) -> None:
    body = "base: base\ndesign: latin_hypercube\nn: 4\nseed: 0\n"
    (warning,) = read(tmp_path, {START: "{values: [2030, 2035]}"}, body).warnings[:1]
    assert "are the same (the first is row 0)" in warning


def test_two_roadmaps_need_a_word(copied: Library, tmp_path: Path) -> None:
    maps = copied.scenarios / "roadmaps"
    text = (maps / "four_stage.yaml").read_text("utf-8")
    (maps / "other.yaml").write_text(text.replace("name: four_stage", "name: other"), "utf-8")
    (copied.scenarios / "own.yaml").write_text(
        "schema: 1\nname: own\nlabel: {en: a, zh: b}\nextends: base\nroadmap: other\n", "utf-8"
    )
    body = f"base: [base, own]\ndesign: grid\nvary: {{{LIFETIME}: {{values: [20]}}}}\n"
    with pytest.raises(ScenarioError, match="scored against four_stage and other"):
        load_sweep(write(tmp_path, body), copied)
    assert load_sweep(write(tmp_path, body + "roadmap: other\n"), copied).roadmap == "other"


def test_the_digest_is_that_of_what_decides_the_results(tmp_path: Path) -> None:
    keys = {f"{PRICE}.2030": "{values: [100, 200]}"}
    known = read(tmp_path, keys)
    assert read(tmp_path, keys).digest == known.digest
    relabelled = {f"{PRICE}.2030": "{values: [100, 200], label: {en: Other, zh: 其他}}"}
    assert read(tmp_path, relabelled).digest == known.digest
    moved = "# a comment\nbase: base\ndesign: grid\n"
    assert read(tmp_path, keys, moved).digest == known.digest
    others = [
        read(tmp_path, {f"{PRICE}.2030": "{values: [100, 201]}"}),
        read(tmp_path, {f"{PRICE}.2031": "{values: [100, 200]}"}),
        read(tmp_path, {PRICE: "{values: [100, 200]}"}),
        read(tmp_path, keys, "base: left\ndesign: grid\n"),
        read(tmp_path, keys, "base: [base, left]\ndesign: grid\n"),
        read(tmp_path, keys, "base: [left, base]\ndesign: grid\n"),
        read(tmp_path, keys, "base: base\ndesign: grid\nderive: [peak_year]\n"),
    ]
    digests = {one.digest for one in [known, *others]}
    assert len(digests) == 1 + len(others)
    assert json.loads(json.dumps(known.describe())) == known.describe()
    changed = {
        key for key, part in others[0].describe().items() if known.describe()[key] != part
    }
    assert changed == {"values of the inputs"}


def test_equal_choices_in_another_schedule_are_another_sweep(tmp_path: Path) -> None:
    one = read(tmp_path, {PRICE: "{values: [{2030: 100}]}"})
    other = read(tmp_path, {PRICE: "{values: [{2031: 100}]}"})
    assert one.table.tobytes() == other.table.tobytes()
    assert one.digest != other.digest


def test_a_policy_and_a_parameter_of_the_same_values_are_two_bases(copied: Library) -> None:
    digests = []
    for body in (
        "policies: {coal_power_phase_out: {strength: 0.4}}",
        "parameters: {power.phase_out.strength: 0.4}",
    ):
        (copied.scenarios / "own.yaml").write_text(
            f"schema: 1\nname: own\nlabel: {{en: a, zh: b}}\nextends: base\n{body}\n", "utf-8"
        )
        text = f"base: own\ndesign: grid\nvary: {{{LIFETIME}: {{values: [20]}}}}\n"
        sweep = load_sweep(write(copied.scenarios, text), copied)
        digests.append((sweep.digest, sweep.bases[0].resolved.digest))
    assert digests[0][1] == digests[1][1]
    assert digests[0][0] != digests[1][0]


def test_the_table_cannot_be_changed(tmp_path: Path) -> None:
    sweep = read(tmp_path, {LIFETIME: "{values: [20]}"})
    for one in (sweep, pickle.loads(pickle.dumps(sweep))):  # noqa: S301 - made above
        with pytest.raises(ValueError, match="read-only"):
            one.table[0, 0] = 3.0


def test_another_process_gets_the_same_sweep(tmp_path: Path) -> None:
    sweep = load_sweep("carbon_price_grid")
    parcel = tmp_path / "sweep.pickle"
    parcel.write_bytes(pickle.dumps(sweep))
    program = (
        "import pickle, sys\n"
        "sweep = pickle.load(open(sys.argv[1], 'rb'))\n"
        "one, other = sweep.resolved(0), sweep.resolved(5)\n"
        "assert one.parameters.base is other.parameters.base\n"
        "print(sweep.digest, sweep.resolved(17).digest, len(sweep))\n"
    )
    found = subprocess.run(
        [sys.executable, "-W", "error", "-c", program, str(parcel)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.split() == [sweep.digest, sweep.resolved(17).digest, "32"]


def test_a_process_with_other_data_refuses_the_sweep(copied: Library) -> None:
    body = f"base: base\ndesign: grid\nvary: {{{LIFETIME}: {{values: [20]}}}}\n"
    parcel = pickle.dumps(load_sweep(write(copied.scenarios, body), copied))
    table = copied.data / "steel" / "technologies.csv"
    table.write_text(
        table.read_text("utf-8").replace("scrap_share,,0.2", "scrap_share,,0.3"), "utf-8"
    )
    with pytest.raises(ScenarioError, match="install the same version"):
        pickle.loads(parcel)  # noqa: S301 - made above


@pytest.mark.parametrize("name", list_sweeps())
def test_every_shipped_sweep_reads_without_a_warning(name: str) -> None:
    sweep = load_sweep(name)
    assert sweep.name == name
    assert sweep.warnings == ()
    assert sweep.file == f"scenarios/sweeps/{name}.yaml"
    assert all(one.label_en and one.label_zh for one in sweep.inputs)


def test_the_shipped_sweeps_are_no_scenarios() -> None:
    assert set(list_sweeps()) == {"carbon_price_grid", "policy_and_parameters", "uncertainty"}
    assert not set(list_sweeps()) & {one.name for one in list_scenarios()}
    assert (shipped().scenarios / "sweeps").is_dir()


def test_the_large_shipped_sweep_has_ten_policies_and_ten_parameters() -> None:
    sweep = load_sweep("policy_and_parameters")
    policies = [one for one in sweep.inputs if one.key.startswith("policies.")]
    assert (len(sweep), len(policies), len(sweep.inputs)) == (10_000, 10, 20)
    assert all(len(np.unique(column)) == 10_000 for column in sweep.table.T)
    started = time.process_time()
    for index in range(500):
        sweep.resolved(index)
    assert (time.process_time() - started) / 500 < 2e-3  # ten times what it takes


def test_a_shipped_scenario_of_the_sweep_is_that_of_replace() -> None:
    sweep = load_sweep("policy_and_parameters")
    base, row = sweep.bases[0], sweep.table[1234]
    changes: dict[str, object] = {}
    for one, value in zip(sweep.inputs, row, strict=True):
        whole, _, ending = one.key.rpartition(".")
        if not (ending == "scale" or ending.isdigit()):
            key = one.key if one.key.startswith("policies.") else f"parameters.{one.key}"
            changes[key] = value
            continue
        if whole.startswith("policies."):
            _, policy, setting = whole.split(".")
            series, key = base.resolved.policies[policy][setting], whole
        else:
            series, key = base.resolved.parameters.series(whole), f"parameters.{whole}"
        knots = dict(zip(*series, strict=True))
        if ending == "scale":
            knots = {when: old * value if when > 2025 else old for when, old in knots.items()}
        else:
            knots[float(ending)] = value
        changes[key] = dict(sorted(knots.items()))
    same(sweep.resolved(1234), base.replace(changes).resolved)
