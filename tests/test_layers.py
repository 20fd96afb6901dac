"""Imports point downwards only, also inside functions; equations know no files.

The layers are read from ``.importlinter``, which CI checks a second way, indirect imports
included.
"""

import ast
import configparser
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("simulator", "calibration")


def layers() -> list[list[str]]:
    """Layers from the top down; names in one layer do not import each other."""
    parser = configparser.ConfigParser()
    parser.read(ROOT / ".importlinter", encoding="utf-8")
    text = parser["importlinter:contract:layers"]["layers"]
    return [[part.strip() for part in line.split("|")] for line in text.split("\n") if line]


RANK = {name: rank for rank, names in enumerate(reversed(layers())) for name in names}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def layer_of(name: str) -> str | None:
    """Layer that a dotted name belongs to; none for the front door and for other packages."""
    parts = name.split(".")
    found = [".".join(parts[:length]) for length in (1, 2)]
    return next((item for item in found if item in RANK), None)


def offences(root: Path) -> list[str]:
    found = []
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            name = ".".join(file.relative_to(root).with_suffix("").parts)
            here = layer_of(name)
            if here is None:
                continue
            for target in imports(file):
                there = layer_of(target)
                if here == "simulator.equations" and not may_know(target):
                    found.append(f"{name}: equations may not import {target}")
                elif there not in {None, here} and RANK[there] >= RANK[here]:
                    found.append(f"{name}: may not import {target}")
    return found


def may_know(target: str) -> bool:
    """Whether an equation may import a name."""
    own = ("simulator.equations.", "simulator.dimensions.", "typing.")
    return target.startswith(own)


def test_imports_point_downwards() -> None:
    assert offences(ROOT) == []


def test_every_module_has_a_layer() -> None:
    for package in PACKAGES:
        for path in (ROOT / package).iterdir():
            python = path.suffix == ".py" or any(path.glob("*.py"))
            if python and path.stem != "__init__":
                assert layer_of(f"{package}.{path.stem}"), path.name


def test_a_lazy_upward_import_is_caught(tmp_path: Path) -> None:
    folder = tmp_path / "simulator" / "equations"
    folder.mkdir(parents=True)
    (folder / "bad.py").write_text(
        "def f():\n    import pandas\n    from simulator.solvers import reference\n"
    )
    (tmp_path / "simulator" / "units.py").write_text("from simulator import reading\n")
    (tmp_path / "simulator" / "export").mkdir()
    (tmp_path / "simulator" / "export" / "a.py").write_text(
        "import simulator.analysis.compare\n"
    )
    assert len(offences(tmp_path)) == 4
