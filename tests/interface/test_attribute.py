"""The command ``attribute``: table, files, JSON, and what it leaves with."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulator.analysis import attribute as dividing
from simulator.interface.cli import invoke
from simulator.results.writing import read_dataset
from tests.worlds import World, capture, price

Call = Callable[..., tuple[int, str, str]]
TEXT = """\
schema: 1
name: dearer
label: {en: Dearer, zh: 更贵}
extends: current_policies
policies:
  carbon_price_floor: {schedule: {2024: 0, 2025: 70, 2060: 1250}}
  carbon_sinks: {direct_air_capture: {2025: 0, 2060: 100}}
"""


@pytest.fixture
def call(monkeypatch, tmp_path: Path, capsys) -> Call:
    """Run ``attribute`` in a world where nothing interacts."""
    monkeypatch.chdir(tmp_path)
    Path("dearer.yaml").write_text(TEXT, encoding="utf-8")
    World(lambda one: 3000 - price(one) - 2 * capture(one)).installed(monkeypatch, dividing)

    def run(*words: str) -> tuple[int, str, str]:
        code = invoke(["attribute", *words])
        return (code, *capsys.readouterr())

    return run


def test_the_table_adds_up_and_files_are_written(call: Call, tmp_path: Path) -> None:
    code, out, _ = call("current_policies", "dearer.yaml", "--out", "o", "--lang", "en")
    assert code == 0
    for text in ("L01", "Carbon price floor", "-1,000", "-200", "-1,200", "every combination"):
        assert text in out
    made = tmp_path / "o" / "attribute-current_policies-dearer"
    assert {path.name for path in made.iterdir()} == {
        "attribution.nc", "attribution.csv", "figures",
    }  # fmt: skip
    assert {path.name for path in (made / "figures").iterdir()} == {
        "wedges.png", "steps_2060.png",
    }  # fmt: skip
    with (made / "attribution.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2 * 46
    assert sum(float(row["contribution_mt_co2"]) for row in rows) == pytest.approx(-1200)
    again = read_dataset(made / "attribution.nc")
    assert again["contribution"].attrs["units"] == "Mt CO2/yr"


def test_chinese_and_no_figures(call: Call, tmp_path: Path) -> None:
    code, out, _ = call(
        "current_policies", "dearer.yaml", "--out", "o", "--lang", "zh", "--no-report"
    )
    assert code == 0
    assert "碳价下限" in out
    assert "合计" in out
    assert not (tmp_path / "o" / "attribute-current_policies-dearer" / "figures").exists()


def test_json_has_every_group_and_year(call: Call) -> None:
    code, out, _ = call("current_policies", "dearer.yaml", "--json", "--no-report")
    assert code == 0
    found = json.loads(out)
    assert found["runs"] == 4
    assert found["largest_gap"] < 1e-9
    assert {group["lever"] for group in found["groups"]} == {"L01", "L33"}
    first = next(group for group in found["groups"] if group["lever"] == "L01")
    assert first["contribution"]["2060"] == pytest.approx(-1000)
    assert first["cumulative"] == pytest.approx(-1.0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("current_policies", "current_policies"), "nothing to explain"),
        (("current_policies", "no_such"), "unknown scenario"),
        (("current_policies", "dearer.yaml", "--orders", "5"), "must be even"),
        (("current_policies",), "B"),
    ],
)
def test_wrong_input_is_code_2_and_writes_nothing(
    call: Call, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    code, out, err = call(*words, "--lang", "en", "--quiet")
    assert code == 2
    assert out == ""
    assert said in err
    assert [path.name for path in tmp_path.iterdir()] == ["dearer.yaml"]
