"""The command ``sensitivity``: tables, figures, the same again on a second call."""

import json
from pathlib import Path

import pytest

from simulator.interface.cli import invoke

TEXT = """\
schema: 1
name: two
label: {en: Two inputs, zh: 两项输入}
base: current_policies
vary: {cement.in_use.saturation: {}, common.gdp_growth.2035: {range: [0.03, 0.04]}}
method: morris
n: 2
seed: 1
outputs: {net: emissions_net}
years: [2030, 2060]
"""


def test_a_study_writes_tables_and_figures_and_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TEXT, encoding="utf-8")
    words = ["sensitivity", str(file), "--out", str(tmp_path / "out"), "--lang", "en"]
    assert invoke(words) == 0
    assert "gdp_growth" in capsys.readouterr().out
    made = tmp_path / "out" / "two"
    before = (made / "indices.csv").read_bytes()
    assert before.count(b"\n") == 1 + 46 * 2
    assert {path.name for path in (made / "figures").iterdir()} == {
        "net_tornado.png",
        "net_over_time.png",
    }
    assert invoke([*words, "--json", "--no-report"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["runs"] == 6
    assert told["mu_star"]["net"]["2060"]["cement.in_use.saturation"] > 0
    assert (made / "indices.csv").read_bytes() == before


def test_a_wrong_study_is_refused_with_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "two.yaml"
    file.write_text(TEXT.replace("method: morris", "method: moris"), encoding="utf-8")
    assert invoke(["sensitivity", str(file), "--out", str(tmp_path / "out")]) == 2
    assert "two.yaml:6" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
