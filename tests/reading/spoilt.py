"""Files of which a line is replaced, and what is said about them."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from simulator.errors import ScenarioError
from simulator.reading.library import Library


class Case(NamedTuple):
    """A line of the sound file that is replaced, and what must be said about it."""

    name: str
    line: int
    text: str
    key: str
    words: str
    at: int = 0
    """Line of the problem where it is another."""

    def spoils(self, sound: str) -> list[str]:
        """Lines of the file with the one replaced."""
        lines = sound.splitlines()
        lines[self.line - 1] = self.text
        return lines


def put(text: str, folder: str, library: Library) -> None:
    """Write ``broken.yaml`` into a new folder of the library."""
    path = library.scenarios / folder / "broken.yaml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")


def problems(
    text: str, folder: str, library: Library, load: Callable[[str, Library], object]
) -> list[tuple[int, str, str]]:
    """Read a spoilt file; return the problems as line, key and sentence."""
    put(text, folder, library)
    with pytest.raises(ScenarioError) as caught:
        load("broken", library)
    found = caught.value.problems
    assert {problem.file for problem in found} == {f"scenarios/{folder}/broken.yaml"}
    assert all(problem.column >= 1 for problem in found)
    return [(problem.line, problem.key, problem.message) for problem in found]
