"""The bibliography: a small reader of BibTeX, enough to name a source to a reader."""

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from simulator.reading.library import Library, Stamp, shipped, stamp

_ENTRY = re.compile(r"@(\w+)\s*\{\s*([^,\s{}]+)\s*,")
_FIELD = re.compile(r"\s*(\w+)\s*=\s*")
_SKIPPED = {"comment", "string", "preamble"}


class Reference(NamedTuple):
    """One entry of the bibliography."""

    key: str
    kind: str
    fields: Mapping[str, str]
    file: str
    line: int

    def citation(self) -> str:
        """Write author, title, publisher and year in one line."""
        fields = self.fields
        publisher = next(
            (
                fields[name]
                for name in (
                    "journal",
                    "publisher",
                    "institution",
                    "organization",
                    "howpublished",
                )
                if fields.get(name)
            ),
            "",
        )
        who = fields.get("author", "").replace(" and ", ", ")
        parts = (who, fields.get("title", self.key), publisher, fields.get("year", ""))
        return ". ".join(part.rstrip(".") for part in parts if part)


def _value(text: str, start: int) -> tuple[str, int]:
    """Read a field's value, in braces, in quotes or bare; return it and where it ends."""
    opening = text[start : start + 1]
    if opening not in ("{", '"'):
        end = next((i for i in range(start, len(text)) if text[i] in ",}\n"), len(text))
        return text[start:end].strip(), end
    depth = 0
    for place in range(start, len(text)):
        mark = text[place]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
        ends = depth == 0 if opening == "{" else (mark == '"' and depth == 0 and place > start)
        if ends:
            inner = text[start + 1 : place].replace("{", "").replace("}", "").replace("\\", "")
            return " ".join(inner.split()), place + 1
    return text[start:], len(text)


def read_bibtex(text: str, file: str) -> list[Reference]:
    """Read all entries of a BibTeX text."""
    found = []
    for entry in _ENTRY.finditer(text):
        kind = entry.group(1).lower()
        if kind in _SKIPPED:
            continue
        fields, place = {}, entry.end()
        while name := _FIELD.match(text, place):
            fields[name.group(1).lower()], place = _value(text, name.end())
            separator = re.compile(r"\s*,?").match(text, place)
            place = separator.end() if separator else place
        line = text.count("\n", 0, entry.start()) + 1
        found.append(Reference(entry.group(2), kind, MappingProxyType(fields), file, line))
    return found


@lru_cache(maxsize=4)
def _read(library: Library, files: Stamp) -> Mapping[str, Reference]:
    """Read the bibliography in the state that `files` describes."""
    found: dict[str, Reference] = {}
    for path, _, _ in files:
        for reference in read_bibtex(path.read_text("utf-8"), library.show(path)):
            found.setdefault(reference.key, reference)
    return MappingProxyType(found)


def bibliography(library: Library) -> list[Path]:
    """List the bibliography's files."""
    return sorted((library.data / "sources").glob("*.bib")) + sorted(library.data.glob("*.bib"))


def load_sources(library: Library | None = None) -> Mapping[str, Reference]:
    """Read every source by its key."""
    where = library or shipped()
    return _read(where, stamp(bibliography(where)))
