"""What a sweep varies: units, samples, labels, bases, and warnings."""

from pathlib import Path

import numpy as np
import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library
from simulator.reading.sweep import load_sweep
from simulator.schema.sweep import DERIVED
from tests.drawn import LIFETIME, PRICE, SOLAR, START, read, write


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
