"""Commands and options that the READMEs name in passing work; what is large runs smaller."""

import json
import os
import re
import shlex
import tomllib
from functools import partial
from pathlib import Path

import pytest

import simulator
from calibration import refit
from calibration.calibrate import calibrate
from simulator.interface.cli import COMMANDS, invoke
from simulator.live import server
from tests import clusters
from tests.test_readme import BLOCK, ROOT, steps

PAGES = ("README.md", "README.zh.md")
SPAN = re.compile(r"`([^`\n]+)`")
STUDY = ROOT / "scenarios" / "studies" / "what_matters.yaml"
SWEEP = """schema: 1
name: few
label: {en: Few, zh: 少}
base: national_targets
vary: {policies.carbon_price_floor.schedule.scale: {values: [0.5, 1.5]}}
design: grid
keep: {variables: [emissions_net], years: [2030, 2060]}
"""
HELD = "hindcast --until 2020 --members 2 --drivers observed --out held"
APP = "app --towards national_targets --port 0"
RUNS = {
    "shuangtan schema": "schema",
    "shuangtan app": APP,
    "--towards": APP,
    "shuangtan export outputs/national_targets --format xlsx":
        "export outputs/national_targets --format xlsx",
    "--format iamc": "export outputs/national_targets --format iamc",
    "--format csv": "export outputs/national_targets --format csv",
    "shuangtan run national_targets --ensemble 500":
        "run national_targets --ensemble 3 --no-report --out ensemble",
    "--weights equal":
        "run national_targets --ensemble 3 --weights equal --no-report --out ensemble",
    "--assumptions": "run national_targets --assumptions --no-report --out assumed",
    "shuangtan sensitivity what_matters": "sensitivity what_matters.yaml --no-report",
    "--resume": "sweep few.yaml --out outputs --resume",
    "--scheduler": "sweep few.yaml --out cluster --scheduler {scheduler}",
    "shuangtan hindcast --until 2020": "hindcast --until 2020",
    "--rolling": "hindcast --rolling",
    "--refit": "hindcast --until 2020 --refit",
    "--members N": HELD,
    "--drivers observed": HELD,
    "--out DIR": HELD,
    "shuangtan calibrate": "calibrate --stage closing",
    "--until": "calibrate --stage closing --until 2020 --out until_2020",
    "--lang zh|en": "list --lang zh",
    "--quiet": "list --quiet",
    "--json": "list --json",
}  # fmt: skip
"""What is run for each command and each option that stands in a sentence: the same, with fewer
members, one stage of the calibration or of a refit, or a study of two trajectories."""

TRANSLATED = {"--out 文件夹": "--out DIR"}


def spans(page: str) -> set[str]:
    """Pieces of code in the sentences of a page."""
    text = BLOCK.sub("", (ROOT / page).read_text("utf-8"))
    return {TRANSLATED.get(span, span) for span in SPAN.findall(text)}


def named(page: str) -> set[str]:
    """Commands and options in the sentences of a page, besides what only names a command."""
    bare = {f"shuangtan {name}" for name in COMMANDS} - set(RUNS)
    found = {span for span in spans(page) if span.startswith(("shuangtan ", "--"))}
    in_blocks = {" ".join(words[:2]) for words in steps(page) if words[0] == "shuangtan"}
    for span in found & bare:
        assert span in in_blocks or any(run.startswith(span[10:]) for run in RUNS.values()), (
            span
        )
    return found - bare - {"run --ensemble"}


@pytest.mark.parametrize("page", PAGES)
def test_every_command_and_option_in_a_sentence_is_run_here(page: str) -> None:
    assert named(page) == set(RUNS)


def test_what_is_run_is_what_is_named() -> None:
    for span, command in RUNS.items():
        options = [word for word in shlex.split(span) if word.startswith("--")]
        words = shlex.split(command)
        assert all(option in words for option in options), span
        if span.startswith("shuangtan "):
            assert words[0] == span.split()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, remembered) -> Path:
    """A folder in which the first command of the page has run."""
    made = tmp_path_factory.mktemp("readme")
    few = STUDY.read_text("utf-8").replace("\nn: 20\n", "\nn: 2\n")
    assert few != STUDY.read_text("utf-8")
    (made / "what_matters.yaml").write_text(few, encoding="utf-8")
    (made / "few.yaml").write_text(SWEEP, encoding="utf-8")
    out = str(made / "outputs")
    words = ["run", "national_targets", "--no-report", "--quiet", "--out", out]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulator, "run", remembered)
        assert invoke(words) == 0
    return made


@pytest.mark.slow
@pytest.mark.usefixtures("remembered_runs")
@pytest.mark.parametrize("command", dict.fromkeys(RUNS.values()))
def test_it_works(command: str, folder: Path, monkeypatch, capsys, tmp_path) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setattr(server, "serve", lambda *_: None)  # it would not end
    if "--refit" in command:
        monkeypatch.setattr(refit, "calibrate", partial(calibrate, stage="materials"))
    if "{scheduler}" not in command:
        assert invoke(shlex.split(command)) == 0, capsys.readouterr().err
        return
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    )
    with clusters.cluster(tmp_path) as started:
        words = shlex.split(command.format(scheduler=started.file))
        assert invoke(words) == 0, capsys.readouterr().err


def test_json_is_json_and_quiet_is_quiet(capsys) -> None:
    assert invoke(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)
    assert invoke(["list", "--quiet"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("page", PAGES)
def test_every_extra_and_every_name_of_the_library_exists(page: str) -> None:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = content["project"]["optional-dependencies"]
    asked = {name for span in spans(page) for name in re.findall(r'"\.\[(\w+)\]"', span)}
    assert asked
    assert asked <= set(extras)
    names = {name for span in spans(page) for name in re.findall(r"\bst\.(\w+)", span)}
    assert names
    assert names <= set(simulator.__all__)
