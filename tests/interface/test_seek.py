"""The command ``seek``: what it prints, writes and leaves with."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.analysis import seek as seeking
from simulator.interface.cli import SCHEMAS, invoke
from simulator.reading.scenario import load
from tests.analysis.test_seek import CAPTURE, HEAD, PRICE
from tests.worlds import Law, World, capture, price

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(monkeypatch, tmp_path: Path, capsys) -> Call:
    """Run ``seek`` in a world with a law."""
    monkeypatch.chdir(tmp_path)

    def run(law: Law, *words: str, varied: str = PRICE) -> tuple[int, str, str]:
        Path("zero.yaml").write_text(HEAD + varied, encoding="utf-8")
        world = World(law).installed(monkeypatch, seeking)
        plain = (
            seeking.seek.__wrapped__ if hasattr(seeking.seek, "__wrapped__") else seeking.seek
        )
        monkeypatch.setattr(seeking, "seek", lambda one: plain(one, solve=world.solve))
        code = invoke(["seek", "zero.yaml", *words])
        monkeypatch.setattr(seeking, "seek", plain)
        return (code, *capsys.readouterr())

    return run


def enough(one: object) -> float:
    return 800 - price(one)  # type: ignore[arg-type]


def test_the_answer_is_printed_and_written(call: Call) -> None:
    code, out, err = call(enough, "--write", "enough.yaml", "--lang", "en")
    assert (code, err) == (0, "")
    assert "250 CNY/t CO2" in out
    assert "55.0 % of the way" in out
    assert "Milestones won: Net CO2 emissions zero in 2060" in out
    found = load("enough.yaml").resolved.policies["carbon_price_floor"]["schedule"]
    assert 800 <= found.values[-1] <= 802


def test_both_languages_tell_the_same_numbers(call: Call) -> None:
    _, en, _ = call(enough, "--lang", "en")
    code, zh, _ = call(enough, "--lang", "zh")
    assert code == 0
    assert "--write zero.yaml" in zh or "--write zero" in zh
    assert "各项单独调整" in zh
    for text in ("250 CNY/t CO2", "55.0 %"):
        assert text in en
        assert text in zh


def test_what_cannot_be_met_is_code_1_and_writes_nothing(call: Call, tmp_path: Path) -> None:
    code, out, err = call(lambda _: 9.0, "--write", "none.yaml", "--lang", "en")
    assert code == 1
    assert "cannot: at best 9 Mt" in out
    assert "No setting within these ranges" in err
    assert not (tmp_path / "none.yaml").exists()


def test_what_is_met_already_is_code_0(call: Call) -> None:
    code, out, err = call(lambda _: -9.0, "--lang", "en")
    assert (code, err) == (0, "")
    assert "met already, with 9 Mt CO2/yr to spare" in out


def test_json_has_all_that_was_found(call: Call) -> None:
    code, out, _ = call(
        lambda one: 1050 - price(one) - 1.2 * capture(one), "--json", varied=PRICE + CAPTURE
    )
    assert code == 0
    found = json.loads(out)
    assert found["met"]
    assert not found["met_already"]
    assert [one["met"] for one in found["alone"]] == [True, False]
    assert found["alone"][1]["step"] is None
    assert found["together"]["step"] == pytest.approx(0.5, abs=0.001)
    assert found["answer"]["won"] == ["neutrality_2060"]
    assert len(found["answer"]["settings"]) == 2


def test_a_table_and_a_figure_are_written(call: Call, tmp_path: Path) -> None:
    words = ("--out", "found", "--lang", "en")
    code, out, _ = call(
        lambda one: 1050 - price(one) - 1.2 * capture(one), *words, varied=PRICE + CAPTURE
    )
    assert code == 0
    assert "Written to found" in out
    folder = tmp_path / "found" / "seek-zero"
    assert (folder / "gap.png").stat().st_size > 5000
    with (folder / "attempts.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["tried"] for row in rows[:2]] == ["alone", "alone"]
    assert [row["enough"] for row in rows[:2]] == ["true", "false"]
    assert float(rows[1]["room"]) < 0.0
    assert {row["tried"] for row in rows} == {"alone", "together", "answer"}


def test_what_is_to_be_least_is_told(call: Call) -> None:
    varied = PRICE + CAPTURE + "minimise: maximum(emissions_net)\n"
    code, out, _ = call(
        lambda one: 1050 - price(one) - 1.2 * capture(one), "--lang", "en", varied=varied
    )
    assert code == 0
    assert "with least maximum(emissions_net) of all mixes that were tried" in out


def test_a_wrong_file_is_code_2_before_anything_is_run(call: Call, tmp_path: Path) -> None:
    def never(_: object) -> float:
        raise AssertionError

    code, out, err = call(never, varied="  policies.carbon_price_flor: {to: 3}\n")
    assert (code, out) == (2, "")
    assert "zero.yaml:7:3" in err
    (tmp_path / "there.yaml").touch()
    code, _, err = call(never, "--write", "there.yaml")
    assert code == 2
    assert "there already" in err


@pytest.mark.parametrize("kind", SCHEMAS)
def test_every_kind_of_file_has_a_schema(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert invoke(["schema", kind]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"schema", "name", "label"} <= set(found["required"])
    if kind == "scenario":
        return
    keys = found["properties"]["vary"]["properties"]
    assert "policies.carbon_price_floor.schedule" in keys
    for below in keys.values():
        assert below["$ref"].rsplit("/", 1)[1] in found["$defs"]
    if kind == "target":
        names = found["$defs"]["TargetBlock"]["properties"]["milestone"]["anyOf"][0]["enum"]
        assert "neutrality_2060" in names


def test_a_year_that_is_just_met_leaves_no_years_and_no_sign(call: Call, monkeypatch) -> None:
    asked = "target: {output: peak_year(emissions_net), at_most: 2026, unit: year}"
    monkeypatch.setattr(
        "tests.interface.test_seek.HEAD",
        HEAD.replace("target: {milestone: neutrality_2060}", asked),
    )
    code, out, _ = call(lambda _: 1.0, "--lang", "en")
    assert code == 0
    assert "has 2026: the target is met already, with 0 years to spare" in out
    assert "-0" not in out
