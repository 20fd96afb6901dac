"""The pictures of the READMEs: there, light, and drawn by the script of the project."""

import re
import runpy
from pathlib import Path

import pytest

import simulator
from simulator.results.joined import join
from tests.synthetic import dataset

ROOT = Path(__file__).parents[1]
PICTURES = sorted((ROOT / "docs" / "pictures").glob("*.png"))
HEAVIEST = 200_000


@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_every_picture_that_is_shown_is_there(name):
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (ROOT / name).read_text("utf-8"))
    assert shown
    assert all((ROOT / path).is_file() for path in shown)


def test_pictures_are_light():
    assert PICTURES
    assert all(path.stat().st_size < HEAVIEST for path in PICTURES)


def test_the_script_draws_every_picture(monkeypatch, tmp_path):
    monkeypatch.setattr(
        simulator, "compare", lambda names: join({name: dataset(name) for name in names}),
        raising=False,
    )  # fmt: skip
    script = runpy.run_path(str(ROOT / "docs" / "pictures.py"))
    script["main"].__globals__["HERE"] = tmp_path
    script["main"].__globals__["live"] = str.encode  # tests/live open the page itself
    script["main"]()
    assert sorted(path.name for path in tmp_path.iterdir()) == [path.name for path in PICTURES]
