"""What it takes to meet a milestone, in worlds whose answer is known, and once in the model."""

import dataclasses
from pathlib import Path

import pytest

from simulator.analysis import seek as seeking
from simulator.analysis.reach import RESOLUTION
from simulator.analysis.seek import seek
from simulator.analysis.seek_file import Search, load_seek, seek_names
from simulator.analysis.sought import Sought, write_found
from simulator.errors import ScenarioError
from simulator.reading.scenario import load
from simulator.results.simulation import simulate
from tests.worlds import Law, World, capture, price

HEAD = """\
schema: 1
name: zero
label: {en: Zero, zh: 零}
scenario: current_policies
target: {milestone: neutrality_2060}
vary:
"""
PRICE = "  policies.carbon_price_floor.schedule.2060: {to: 1250}\n"
CAPTURE = "  policies.carbon_sinks.direct_air_capture: {to: {2025: 0, 2060: 500}}\n"
BASE = load("current_policies").resolved


def search(folder: Path, varied: str, head: str = HEAD) -> Search:
    path = folder / "zero.yaml"
    path.write_text(head + varied, encoding="utf-8")
    return load_seek(path)


def sought(
    patch: pytest.MonkeyPatch, wanted: Search, law: Law, engine: Law | None = None
) -> tuple[Sought, World]:
    world = World(law, engine).installed(patch, seeking)
    return seek(wanted, solve=world.solve), world


@pytest.mark.parametrize("name", seek_names())
def test_shipped_targets_are_sound(name: str) -> None:
    found = load_seek(name)
    assert found.varied
    assert not found.warnings
    assert all(item.label.en and item.label.zh for item in found.varied)


def test_one_knob_stops_where_the_target_is_met(monkeypatch, tmp_path) -> None:
    found, world = sought(monkeypatch, search(tmp_path, PRICE), lambda one: 800 - price(one))
    assert found.missing == 800 - 250
    assert found.together is None
    (alone,) = found.alone
    assert alone.reached.step == pytest.approx(0.55, abs=RESOLUTION)
    assert found.answer is not None
    (moved,) = found.answer.attempt.settings
    assert (moved.before.values, moved.unit) == ((250.0,), "CNY/t CO2")
    assert 800.0 <= moved.after.values[0] <= 801.0 + 1000 * RESOLUTION
    assert moved.after.values[0] == round(moved.after.values[0])
    assert found.answer.room == moved.after.values[0] - 800.0
    assert found.answer.result.status == "pass"
    assert "neutrality_2060" in [one.id for one in found.answer.won]
    assert found.runs == world.together + world.apart


def test_what_cannot_be_met_says_what_is_missing(monkeypatch, tmp_path) -> None:
    found, _ = sought(
        monkeypatch, search(tmp_path, PRICE + CAPTURE),
        lambda one: 4000 - price(one) - capture(one),
    )  # fmt: skip
    assert not found.met
    assert [attempt.met for attempt in found.alone] == [False, False]
    assert [attempt.reached.end for attempt in found.alone] == [1250 - 4000, 750 - 4000]
    assert found.together is not None
    assert found.together.reached.room == 1750 - 4000
    with pytest.raises(ScenarioError, match="nothing to write"):
        write_found(found, tmp_path / "none.yaml")


def test_what_is_met_already_needs_nothing(monkeypatch, tmp_path) -> None:
    found, world = sought(monkeypatch, search(tmp_path, PRICE), lambda _: -5.0)
    assert found.met
    assert found.needless
    assert found.answer is None
    assert found.missing == -5.0
    assert (world.apart, world.together) == (1, 0)


def test_a_margin_is_asked_for_on_top(monkeypatch, tmp_path) -> None:
    head = HEAD.replace("neutrality_2060", 'neutrality_2060, margin: "0.1 Gt CO2/yr"')
    found, _ = sought(monkeypatch, search(tmp_path, PRICE, head), lambda one: 800 - price(one))
    assert found.answer is not None
    assert found.answer.attempt.settings[0].after.values[0] == pytest.approx(900, abs=2)
    assert found.answer.result.margin == pytest.approx(100, abs=2)
    assert 0 <= found.answer.room < 2


def test_a_bound_on_an_output_is_a_target_too(monkeypatch, tmp_path) -> None:
    asked = "{output: emissions_net, year: 2060, at_most: 0.3, unit: Gt CO2/yr}"
    head = HEAD.replace("{milestone: neutrality_2060}", asked)
    found, _ = sought(monkeypatch, search(tmp_path, PRICE, head), lambda one: 800 - price(one))
    assert found.search.goal.milestone.target == pytest.approx(300.0)
    assert found.search.goal.milestone.unit == "Mt CO2/yr"
    assert found.answer is not None
    assert found.answer.attempt.settings[0].after.values[0] == pytest.approx(500, abs=2)


def test_two_knobs_share_the_way_and_each_alone_goes_further(monkeypatch, tmp_path) -> None:
    found, _ = sought(
        monkeypatch, search(tmp_path, PRICE + CAPTURE),
        lambda one: 1050 - price(one) - 1.2 * capture(one),
    )  # fmt: skip
    first, second = found.alone
    assert first.reached.step == pytest.approx(0.8, abs=RESOLUTION)
    assert not second.met
    assert found.together is not None
    assert found.together.reached.step == pytest.approx(0.5, abs=RESOLUTION)
    assert found.answer is not None
    assert len(found.answer.attempt.knobs) == 2
    after = {item.key: item.after for item in found.answer.attempt.settings}
    assert after["policies.carbon_price_floor.schedule.2060"].values[0] == pytest.approx(
        750, abs=2
    )
    assert after["policies.carbon_sinks.direct_air_capture"].values == pytest.approx(
        (0.0, 250.0), abs=2
    )


def test_what_does_not_help_stays_as_it_is(monkeypatch, tmp_path) -> None:
    found, _ = sought(
        monkeypatch, search(tmp_path, PRICE + CAPTURE),
        lambda one: 750 - price(one) - 0.002 * capture(one),
    )  # fmt: skip
    assert found.answer is not None
    assert [knob.key for knob in found.answer.attempt.knobs] == [
        "policies.carbon_price_floor.schedule.2060"
    ]
    assert found.answer.scenario.resolved.policies["carbon_sinks"].keys() == {"afforestation"}


def test_the_mix_with_least_cost_takes_what_is_cheap_first(monkeypatch, tmp_path) -> None:
    """Capture gives 600 Mt for 2.5, the price the rest for 0.01 a tonne: 4.5 in all."""
    head = HEAD.replace("vary:", "minimise: at(system_cost_total, 2060)\nvary:")
    world = World(
        lambda one: 1050 - price(one) - 1.2 * capture(one),
        cost=lambda one: 0.01 * (price(one) - 250) + 0.005 * capture(one),
    ).installed(monkeypatch, seeking)
    found = seek(search(tmp_path, PRICE + CAPTURE, head), solve=world.solve)
    assert found.least is not None
    assert found.answer is not None
    assert found.answer.minimised == (0.0, pytest.approx(4.5, rel=0.03))
    after = {item.key: item.after.values[-1] for item in found.answer.attempt.settings}
    assert after["policies.carbon_sinks.direct_air_capture"] == pytest.approx(500, abs=15)
    assert after["policies.carbon_price_floor.schedule.2060"] == pytest.approx(450, abs=20)
    write_found(found, tmp_path / "least.yaml")
    again = load(tmp_path / "least.yaml").resolved
    assert again.digest == found.answer.scenario.resolved.digest


def test_of_two_ways_the_one_that_helps_is_gone(monkeypatch, tmp_path) -> None:
    both = "  policies.carbon_price_floor.schedule.2060: {range: [0, 2250]}\n"
    up, _ = sought(monkeypatch, search(tmp_path, both), lambda one: 1250 - price(one))
    down, _ = sought(monkeypatch, search(tmp_path, both), lambda one: price(one) - 100)
    for found, value in ((up, 1250), (down, 100)):
        assert found.answer is not None
        (moved,) = found.answer.attempt.settings
        assert moved.after.values[0] == pytest.approx(value, abs=3)


def test_an_engine_that_flatters_is_corrected_by_the_other(monkeypatch, tmp_path) -> None:
    found, _ = sought(
        monkeypatch, search(tmp_path, PRICE), lambda one: 800 - 0.97 * price(one),
        lambda one: 800 - price(one),
    )  # fmt: skip
    assert found.answer is not None
    value = found.answer.attempt.settings[0].after.values[0]
    assert 800 / 0.97 <= value <= 830
    assert found.answer.result.status == "pass"


def test_a_scenario_that_is_met_by_less_only_is_found_before_it_is_lost(
    monkeypatch, tmp_path
) -> None:
    found, _ = sought(
        monkeypatch, search(tmp_path, PRICE), lambda one: abs(price(one) - 600) - 100
    )
    (alone,) = found.alone
    assert alone.reached.step == pytest.approx(0.25, abs=RESOLUTION)
    assert 0.45 < alone.reached.lost < 0.5


@pytest.mark.parametrize(
    "varied", [PRICE, PRICE + CAPTURE, "  cement.in_use.saturation: {}\n" + CAPTURE]
)
def test_the_file_that_is_written_gives_the_same_scenario(
    varied: str, monkeypatch, tmp_path
) -> None:
    found, _ = sought(
        monkeypatch, search(tmp_path, varied),
        lambda one: 1050 - price(one) - 1.9 * capture(one),
    )  # fmt: skip
    assert found.answer is not None
    path = tmp_path / "enough.yaml"
    write_found(found, path)
    again = load(path)
    assert again.resolved.digest == found.answer.scenario.resolved.digest
    assert again.label == found.answer.scenario.label
    assert len(again.layers) == len(found.search.scenario.layers) + 1


def test_a_file_is_not_written_over_nor_where_it_finds_nothing(monkeypatch, tmp_path) -> None:
    (tmp_path / "own.yaml").write_text(
        "schema: 1\nname: own\nlabel: {en: a, zh: b}\nextends: current_policies\n", "utf-8"
    )
    head = HEAD.replace("current_policies", "own")
    found, _ = sought(monkeypatch, search(tmp_path, PRICE, head), lambda one: 800 - price(one))
    beside = tmp_path / "beside.yaml"
    write_found(found, beside)
    assert 'extends: "own.yaml"' in beside.read_text("utf-8")
    assert found.answer is not None
    assert load(beside).resolved.digest == found.answer.scenario.resolved.digest
    (tmp_path / "sub").mkdir()
    for path, words in (
        (beside, "there already"),
        (tmp_path / "sub" / "far.yaml", "same folder"),
        (tmp_path / "none" / "far.yaml", "no folder"),
        (tmp_path / "far.txt", "must end with .yaml"),
    ):
        with pytest.raises(ScenarioError, match=words):
            write_found(found, path)


def test_a_label_that_no_run_has_is_told(monkeypatch, tmp_path) -> None:
    asked = '{output: "emissions[sector=steeel]", year: 2060, at_most: 3}'
    head = HEAD.replace("{milestone: neutrality_2060}", asked)
    with pytest.raises(ScenarioError, match='did you mean "steel"'):
        sought(monkeypatch, search(tmp_path, PRICE, head), lambda _: 1.0)


def test_in_the_model_a_dearer_tonne_is_enough(tmp_path) -> None:
    """Through the batch engine, with the bound half way to what the far end achieves."""
    key = "policies.carbon_price_floor.schedule.2030"
    scenario = load("current_policies")
    runs = [
        simulate(item.resolved, "batch").dataset["emissions_net"].sel(time=2030).item()
        for item in (
            scenario,
            scenario.replace(
                {"policies.carbon_price_floor.schedule":
                 dict(zip(*BASE.policies["carbon_price_floor"]["schedule"], strict=True))
                 | {2030: 400}}
            ),
        )
    ]  # fmt: skip
    bound = round(sum(runs) / 2)
    asked = f"{{output: emissions_net, year: 2030, at_most: {bound}}}"
    head = HEAD.replace("{milestone: neutrality_2060}", asked)
    wanted = search(tmp_path, f"  {key}: {{to: 400}}\n", head)
    found = seek(wanted, solve=lambda one: simulate(one, "batch").dataset)
    assert found.answer is not None
    assert 0.0 <= found.answer.room < 0.02 * (runs[0] - runs[1])
    assert found.answer.result.value == pytest.approx(bound, abs=0.02 * (runs[0] - runs[1]))
    assert 0.0 < found.answer.attempt.reached.step < 1.0
    assert dataclasses.is_dataclass(found)
