"""A command line whose model is a data set drawn by hand."""

from collections.abc import Callable
from pathlib import Path

import pytest

import simulator
from simulator.interface.cli import invoke
from simulator.reading.scenario import Scenario
from tests.synthetic import dataset

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shuangtan(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command in an empty folder; returns exit code, output and errors."""

    def fake(scenario: Scenario, *, engine: str = "reference") -> object:
        assert engine == "reference"
        return dataset(scenario.name, 0.6 if scenario.name == "current_policies" else 1.0)

    monkeypatch.setattr(simulator, "run", fake, raising=False)
    monkeypatch.chdir(tmp_path)
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE", "LANG"):
        monkeypatch.delenv(name, raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        code = invoke(words)
        out, err = capsys.readouterr()
        return code, out, err

    return call
