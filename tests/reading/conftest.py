"""Small folders to read from: a catalogue of five policies and a dozen parameters."""

import shutil
from pathlib import Path

import pytest

from simulator.reading.library import Library

HERE = Path(__file__).parent


@pytest.fixture
def library() -> Library:
    """The fixtures as they lie in the repository; nothing may be written there."""
    return Library(HERE / "fixtures" / "scenarios", HERE / "fixtures" / "data")


@pytest.fixture
def copied(tmp_path: Path) -> Library:
    """A copy of the fixtures that a test may spoil."""
    shutil.copytree(HERE / "fixtures", tmp_path / "copied")
    return Library(tmp_path / "copied" / "scenarios", tmp_path / "copied" / "data")
