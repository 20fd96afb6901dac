"""What a command prints, and how: tables for people, JSON for programs, or nothing."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any

from simulator.interface.language import Language, say
from simulator.results.writing import finite

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 110
"""Columns where the output is not a terminal."""


@dataclass(frozen=True)
class Output:
    """Where and in which language a command prints."""

    language: Language
    quiet: bool = False
    as_json: bool = False

    @property
    def prose(self) -> bool:
        """Whether people read it."""
        return not (self.quiet or self.as_json)

    def line(self, key: str, **values: object) -> None:
        """Print a sentence."""
        if self.prose:
            sys.stdout.write(say(key, self.language, **values) + "\n")

    def text(self, text: str = "") -> None:
        """Print a line that is the same in both languages."""
        if self.prose:
            sys.stdout.write(text + "\n")

    def error(self, text: str) -> None:
        """Print on standard error, also when quiet."""
        sys.stderr.write(text + "\n")

    def json(self, content: object) -> None:
        """Print JSON if it was asked for."""
        if self.as_json and not self.quiet:
            text = json.dumps(
                finite(content), ensure_ascii=False, indent=2, allow_nan=False, default=_plain
            )
            sys.stdout.write(text + "\n")

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0
    ) -> None:
        """Print a table; the last `numbers` columns are set to the right."""
        if not self.prose:
            return
        from rich import box  # noqa: PLC0415 - not needed by quiet commands
        from rich.table import Table  # noqa: PLC0415
        from rich.text import Text  # noqa: PLC0415

        made = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for place, name in enumerate(head):
            right = place >= len(head) - numbers
            made.add_column(
                Text(name), justify="right" if right else "left", no_wrap=right,
                overflow="fold",
            )  # fmt: skip
        for row in rows:
            made.add_row(*(Text(cell) for cell in row))
        console(sys.stdout).print(made)

    @contextmanager
    def waiting(self, name: str) -> Iterator[None]:
        """Show that something runs, on a terminal only."""
        if not self.prose or not sys.stderr.isatty():
            yield
            return
        with console(sys.stderr).status(say("running", self.language, name=name)):
            yield


def console(stream: Any) -> "Console":  # noqa: ANN401 - whatever standard output is
    """Open a Rich console that takes text as it is."""
    from rich.console import Console  # noqa: PLC0415

    width = None if stream.isatty() else WIDTH
    return Console(file=stream, width=width, markup=False, highlight=False, emoji=False)


def _plain(value: object) -> object:
    """Turn what JSON does not know into what it knows."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)


def record(value: Any) -> Any:  # noqa: ANN401 - any tree of tuples and data classes
    """Turn a named tuple or data class into plain mappings and lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: record(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: record(getattr(value, name)) for name in value._fields}
    if isinstance(value, list | tuple):
        return [record(item) for item in value]
    dump = getattr(value, "model_dump", None)
    return dump() if callable(dump) else value
