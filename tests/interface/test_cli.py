"""Exit codes, languages, quiet and JSON of the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import simulator
from simulator.errors import SolverError
from simulator.interface.cli import COLLECT_AFTER, COMMANDS, main
from simulator.interface.language import TEXTS, language_of, say

HEAVY = ("numpy", "xarray", "pydantic", "matplotlib", "yaml", "pint", "scipy", "pandas")


def test_help_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from simulator.interface.cli import invoke\n"
        "assert invoke(['--help']) == 0\n"
        "print('LOADED', [name for name in sys.argv[1:] if name in sys.modules])\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, *HEAVY], capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-1] == "LOADED []"


def test_a_command_looks_for_cycles_less_often(monkeypatch):
    chosen = []
    monkeypatch.setattr("gc.set_threshold", chosen.append)
    with pytest.raises(SystemExit):
        main(["--version"])
    assert chosen == [COLLECT_AFTER]


def test_help_names_every_command(shuangtan):
    code, out, _ = shuangtan("--help")
    assert code == 0
    for name in COMMANDS:
        assert f" {name} " in out


@pytest.mark.parametrize("words", [("--lang", "zh", "--help"), ("run", "--lang=zh", "--help")])
def test_help_speaks_chinese(shuangtan, words):
    code, out, _ = shuangtan(*words)
    assert code == 0
    assert "情景" in out


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "C"}, "en"),
    ],
)
def test_language_follows_the_locale(environment, language):
    assert language_of([], environment) == language
    assert language_of(["--lang", "zh"], environment) == "zh"
    assert language_of(["run", "--lang=en"], environment) == "en"


def test_texts_have_the_same_blanks_in_both_languages():
    for key, (en, zh) in TEXTS.items():
        blanks = [
            {part.split("}")[0].split(":")[0] for part in text.split("{")[1:]}
            for text in (en, zh)
        ]
        assert blanks[0] == blanks[1], key
    assert say("written", "zh", folder="x") == "已写入 x"


@pytest.mark.parametrize(
    "words",
    [
        ("nothing",),
        ("run",),
        ("run", "national_targets", "--engine", "abacus"),
        ("run", "no_such_scenario"),
        ("run", "national_targets", "--set", "no equals sign"),
        ("run", "national_targets", "--set", "no.such.key=1"),
        ("run", "national_targets", "national_targets"),
        ("compare", "national_targets"),
        ("compare", "national_targets", "frozen", "--baseline", "delayed"),
        ("check", "no_such_file.yaml"),
        ("explain", "no_such_key"),
        ("explain", "carbon_price_floor", "--set", "x=1"),
        ("explain", "mechanism"),
        ("explain", "mechanism", "no_such_mechanism"),
        ("explain", "carbon_price_floor", "steel_ccus"),
        ("report", "no_such_folder"),
        ("export", "no_such_folder"),
    ],
)
def test_wrong_input_is_told_without_traceback(shuangtan, tmp_path, words):
    code, out, err = shuangtan(*words)
    assert code == 2
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_wrong_file_is_told_with_its_place(shuangtan, tmp_path):
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "schema: 1\nname: bad\nlabel: {en: Bad, zh: 坏}\nextends: frozen\n"
        "policies:\n  carbn_price_floor: {schedule: 100}\n",
        encoding="utf-8",
    )
    code, _, err = shuangtan("run", str(bad))
    assert code == 2
    assert "bad.yaml:6:3" in err
    assert 'did you mean "carbon_price_floor"' in err
    assert [item.name for item in tmp_path.iterdir()] == ["bad.yaml"]


def test_a_failed_run_leaves_the_others(shuangtan, tmp_path, monkeypatch):
    working = simulator.run

    def sometimes(scenario, *, engine):
        if scenario.name == "frozen":
            message = "the stock of steel is not finite at 2031.2"
            raise SolverError(message)
        return working(scenario, engine=engine)

    monkeypatch.setattr(simulator, "run", sometimes)
    code, out, err = shuangtan("run", "frozen", "delayed", "--no-report", "--json")
    assert code == 1
    assert "frozen failed: the stock of steel" in err
    assert [item["scenario"] for item in json.loads(out)] == ["delayed"]
    assert [item.name for item in (tmp_path / "outputs").iterdir()] == ["delayed"]


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [(KeyboardInterrupt(), 130, "interrupted"), (ZeroDivisionError("oops"), 1, "oops")],
)
def test_interrupts_and_bugs_are_told(  # noqa: PLR0917 - fixtures and cases
    shuangtan, tmp_path, monkeypatch, error, code, text
):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(simulator, "run", fail)
    found, _, err = shuangtan("run", "frozen")
    assert found == code
    assert text in err
    assert "Traceback" not in err
    assert not list(Path(tmp_path).iterdir())


def test_list_names_scenarios_roadmaps_and_policies(shuangtan):
    _, out, _ = shuangtan("list", "--lang", "zh")
    for text in ("national_targets", "four_stage", "carbon_price_floor", "碳价下限"):
        assert text in out
    found = json.loads(shuangtan("list", "--json")[1])
    assert len(found["policies"]) == 34
    assert shuangtan("list", "--quiet")[1] == ""


def test_check_says_what_changes(shuangtan):
    code, out, _ = shuangtan("check", "national_targets", "--json")
    assert code == 0
    found = json.loads(out)
    paths = {change["parameter"] for change in found["changes"]}
    assert "carbon_market.price_floor" in paths
    assert found["inactive"] == []
    code, out, _ = shuangtan("check", "national_targets")
    assert "carbon_market.price_floor" in out
    assert "not yet active" not in out


def test_check_warns_when_nothing_changes(shuangtan, tmp_path):
    path = tmp_path / "same.yaml"
    path.write_text(
        "schema: 1\nname: same\nlabel: {en: Same, zh: 同}\nextends: frozen\n", encoding="utf-8"
    )
    code, out, _ = shuangtan("check", str(path))
    assert code == 0
    assert "changes nothing" in out


def test_explain_names_the_source_and_the_chain(shuangtan):
    code, out, _ = shuangtan("explain", "L01", "--scenario", "national_targets")
    assert code == 0
    assert "scenarios/national_targets.yaml" in out
    code, out, _ = shuangtan("explain", "carbon_market.price_floor", "--json")
    assert json.loads(out)["unit"] == "CNY/t CO2"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("cbam_phase_in",), "setting border_adjustment.eu_price"),
        (("steel_ccs_green_premium",), "and 13 more parameters"),
        (("efficient_equipment_demand",), "feedback loop R7"),
        (("machinery_14fyp_energy_intensity",), "<= -0.13"),
        (("use_phase_dominance",), "variable grid_carbon_intensity"),
        (("talent_training",), "nothing (outside the model)"),
        (("cbam_phase_in", "--lang", "zh"), "市场机制"),
        (("cbam_phase_in", "--scenario", "national_targets"), "2026: 600"),
    ],
)
def test_explain_tells_what_stands_for_a_mechanism(shuangtan, words, said):
    code, out, _ = shuangtan("explain", "mechanism", *words)
    assert code == 0
    assert said in out


def test_explain_tells_what_a_fact_is_used_for(shuangtan):
    code, out, _ = shuangtan("explain", "fact", "nev_projection_2025")
    assert code == 0
    assert "milestone new_energy_sales_2025" in out
    assert "500" in out
    assert "source: " in out
    code, _, err = shuangtan("explain", "fact", "nev_projection")
    assert code == 2
    assert "no fact has this id, did you mean nev_projection_2025" in err


def test_explain_suggests_ids(shuangtan):
    code, out, err = shuangtan("explain", "mechanism", "cbam_phase")
    assert (code, out) == (2, "")
    assert "no mechanism has this id, did you mean cbam_phase_in" in err
    code, out, err = shuangtan("explain", "mechanism", "premium_of_green_steel")
    assert "steel_ccs_green_premium" in err


def test_a_mechanism_as_json(shuangtan):
    found = json.loads(shuangtan("explain", "mechanism", "cbam_phase_in", "--json")[1])
    assert found["named"]["kind"] == "market_mechanism"
    assert found["counterparts"][0]["name"] == "border_adjustment"


def test_schema_is_json(shuangtan):
    assert "properties" in json.loads(shuangtan("schema")[1])


def test_explain_product_prints_a_card(shuangtan):
    code, out, _ = shuangtan("explain", "product", "transformer", "--lang", "en")
    assert code == 0
    assert "Materials" in out
    assert "sold in 2050" in out
    code, out, _ = shuangtan("explain", "product", "crane", "--json")
    assert code == 0
    first = json.loads(out)["cards"][0]
    assert first["year"] == 2020
    assert sum(first["share"]) == pytest.approx(1.0)


def test_explain_product_names_the_nearest_and_needs_a_name(shuangtan):
    code, _, err = shuangtan("explain", "product", "craine")
    assert code == 2
    assert "crane" in err
    assert shuangtan("explain", "product")[0] == 2
