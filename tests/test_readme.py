"""Every command of the README does what it says."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.interface.cli import invoke

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALLING = re.compile(r"^pip install [^&]*(&& )?")


def blocks(name: str) -> list[tuple[str, str]]:
    """Language and content of each block of code."""
    return BLOCK.findall((ROOT / name).read_text("utf-8"))


def steps(name: str) -> list[list[str]]:
    """Commands of a page in order; installing, and the tests that run this, are left out."""
    found = []
    for language, content in blocks(name):
        if language == "python":
            found.append([sys.executable, "-c", content])
        for line in content.splitlines() if language == "bash" else ():
            rest = INSTALLING.sub("", line.strip())
            if rest and rest != "pytest":
                found.append(shlex.split(rest))
    return found


def outside(words: list[str], folder: Path) -> tuple[int, str]:
    """Run a command as a process of its own."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words, cwd=folder, env=os.environ | {"PATH": path}, capture_output=True,
        text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    return done.returncode, done.stderr


def try_out(page: str, commands: list[list[str]], folder: Path, capsys) -> None:
    """Run commands of a page one after another in a folder with the files that it shows."""
    for language, content in blocks(page):
        if language == "yaml":
            file = content.splitlines()[0].removeprefix("# ")
            (folder / file).write_text(content, encoding="utf-8")
        if language == "csv":
            (folder / "outlook.csv").write_text(content, encoding="utf-8")
    for number, words in enumerate(commands):
        if words[0] == "shuangtan" and number:
            code, trouble = invoke(words[1:]), capsys.readouterr().err
        else:  # the first one, to see that it is installed, and all that is Python
            code, trouble = outside(words, folder)
        assert code == 0, (words, trouble)
        assert "Traceback" not in trouble, words
    for file in ("results.nc", "report.html", "summary.json", "milestones.csv"):
        assert (folder / "outputs" / "national_targets" / file).stat().st_size > 1000


def distinct(commands: list[list[str]]) -> list[list[str]]:
    """Each command once, where it stands first."""
    return [list(words) for words in dict.fromkeys(map(tuple, commands))]


@pytest.mark.usefixtures("remembered_runs")
def test_every_command_works(tmp_path, monkeypatch, capsys) -> None:
    """Those of the Chinese page that differ are in a file of their own, beside this one."""
    monkeypatch.chdir(tmp_path)
    try_out("README.md", distinct(steps("README.md")), tmp_path, capsys)


def test_the_pages_open_with_the_two_commands() -> None:
    for name in ("README.md", "README.zh.md"):
        first = [content.strip() for _, content in blocks(name)[:2]]
        assert first == [
            "pip install -e . && shuangtan run national_targets --out outputs",
            'pip install -e ".[dev]" && pytest',
        ]


def test_both_languages_show_the_same_commands() -> None:
    def plain(name: str) -> list[list[str]]:
        return [
            [word for word in words if word not in {"--lang", "zh"}]
            for words in steps(name) if words[0] == "shuangtan"
        ]  # fmt: skip

    assert plain("README.md") == plain("README.zh.md")
    assert len(plain("README.md")) >= 8


def test_every_file_that_the_pages_name_exists() -> None:
    for name in ("README.md", "README.zh.md", "CONTRIBUTING.md", "outputs/README.md"):
        text = (ROOT / name).read_text("utf-8")
        named = re.findall(r"`((?:simulator|scenarios|calibration|tests|\.ci)/[\w./]+)`", text)
        for path in named:
            assert (ROOT / path).exists(), (name, path)
