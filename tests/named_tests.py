"""Tests that tables name, as ``tests/test_closure.py::test_the_ledger_closes``."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]


@cache
def functions(file: str) -> frozenset[str]:
    """Names of the test functions of a file; none where there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    found = (node.name for node in tree.body if isinstance(node, ast.FunctionDef))
    return frozenset(name for name in found if name.startswith("test_"))


def exists(name: str) -> bool:
    """Whether a test is there under that name."""
    file, _, function = name.partition("::")
    return function in functions(file)
