"""The policy catalogue, read once and checked."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from simulator.errors import Problem, ScenarioError
from simulator.reading.library import Library, Stamp, shipped, stamp
from simulator.reading.structure import check
from simulator.reading.yaml_nodes import Document, Pair, read_yaml
from simulator.schema.policy import Lever

CATALOGUE = "policies.yaml"


def load_policies(library: Library | None = None) -> Mapping[str, Lever]:
    """Read all levers by name; cached until the file changes."""
    where = library or shipped()
    path = where.scenarios / CATALOGUE
    if not path.is_file():
        message = "the policy catalogue is missing"
        raise ScenarioError(Problem(where.show(path), 0, 0, "", message))
    return _read(where, stamp([path]))


@lru_cache(maxsize=4)
def _read(library: Library, files: Stamp) -> Mapping[str, Lever]:
    """Read the catalogue in the state that `files` describes."""
    path = files[0][0]
    document = read_yaml(path, library.show(path))
    problems = list(document.problems)
    levers: dict[str, Lever] = {}
    if not isinstance(document.root.content, dict):
        place = document.root
        message = f"a mapping of policies is expected, found {place.describe()}"
        raise ScenarioError(Problem(document.file, place.line, place.column, "", message))
    numbers: dict[str, str] = {}
    for name, pair in document.root.pairs():
        lever, found = check(Lever, document, pair.value, str(name))
        problems += found
        if lever is None:
            continue
        levers[str(name)] = lever
        problems += _settings(document, str(name), pair, lever)
        if numbers.setdefault(lever.id, str(name)) != name:
            message = f"{lever.id} is already the number of {numbers[lever.id]}"
            place = pair.value.get("id") or pair.value
            problems.append(
                Problem(document.file, place.line, place.column, f"{name}.id", message)
            )
    if problems:
        raise ScenarioError(*problems)
    return MappingProxyType(levers)


def _settings(document: Document, name: str, pair: Pair, lever: Lever) -> list[Problem]:
    """Check that dates are in years and ranges in order."""
    problems = []
    settings = pair.value.get("settings")
    for setting_name, setting in lever.settings.items():
        place = (settings.get(setting_name) if settings else None) or pair.value
        key = f"{name}.settings.{setting_name}"
        message = ""
        if setting.kind == "date" and setting.unit != "year":
            message = f'a date has the unit "year", not "{setting.unit}"'
        if None not in (setting.low, setting.high) and (setting.low or 0) > (setting.high or 0):
            message = f"low {setting.low:g} is above high {setting.high:g}"
        if message:
            problems.append(Problem(document.file, place.line, place.column, key, message))
    return problems
