"""A resolved scenario written back as YAML, always in the same form."""

from collections.abc import Mapping
from functools import lru_cache
from textwrap import indent
from typing import Any, Final, NamedTuple

import yaml

from simulator.dimensions import HISTORY_END
from simulator.reading.settings import Series
from simulator.schema.numbers import NEVER, Label


class Canonical(NamedTuple):
    """The parts of a scenario file, resolved."""

    name: str
    label: Label
    description: Label | None
    start: int
    end: int
    history: str
    history_end: int
    policies: Mapping[str, Mapping[str, Series]]
    parameters: Mapping[str, Series]
    roadmap: str


class _Quoted(str):
    """Text that is written in quotes, so that no reader takes it for a number."""

    __slots__ = ()


_Base: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
"""The dumper in C where PyYAML has it; on unbroken lines both write the same."""

UNBROKEN: Final = 100_000
"""Width of a line that no text reaches."""


class _Dumper(_Base):  # type: ignore[misc]  # one of two classes
    """Writes scenarios; a class of its own, so that nothing global changes."""


_Dumper.add_representer(
    _Quoted,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), '"'),
)


def _tidy(value: float) -> float | int:
    """Write whole numbers without a decimal point."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _written(series: Series) -> object:
    """Write a value as a person would."""
    if series.times:
        return {
            _tidy(time): _tidy(value)
            for time, value in zip(series.times, series.values, strict=True)
        }
    value = series.values[0]
    return "never" if value == NEVER else _tidy(value)


def _text(label: Label) -> dict[str, str]:
    """Write a text in both languages."""
    return {"en": _Quoted(label.en), "zh": _Quoted(label.zh)}


def write_yaml(scenario: Canonical) -> str:
    """Write the file."""
    content: dict[str, object] = {
        "schema": 1,
        "name": _Quoted(scenario.name),
        "label": _text(scenario.label),
    }
    if scenario.description is not None:
        content["description"] = _text(scenario.description)
    content["horizon"] = {"start": scenario.start, "end": scenario.end}
    content["history"] = scenario.history
    if scenario.history_end != HISTORY_END:
        content["history_end"] = scenario.history_end
    parts = [_dumped(content)]
    if scenario.policies:
        parts.append("policies:\n")
        for policy, settings in scenario.policies.items():
            parts.append(_policy(policy, tuple(settings.items())))
    if scenario.parameters:
        parameters = {path: _written(series) for path, series in scenario.parameters.items()}
        parts.append(_dumped({"parameters": parameters}))
    parts.append(_dumped({"roadmap": _Quoted(scenario.roadmap)}))
    return "".join(parts)


def write_extending(
    name: str,
    texts: Mapping[str, Label],
    extends: str,
    policies: Mapping[str, Mapping[str, Series]],
    parameters: Mapping[str, Series],
) -> str:
    """Write a scenario that changes a few settings of another one.

    Parameters
    ----------
    name
        Name of the scenario; the same as the file's.
    texts
        ``label`` and, where there is one, ``description``.
    extends
        What it starts from: a name, or a path beside the file.
    policies, parameters
        What it sets.
    """
    content: dict[str, object] = {"schema": 1, "name": _Quoted(name)}
    content |= {key: _text(label) for key, label in texts.items()}
    content["extends"] = _Quoted(extends)
    parts = [_dumped(content)]
    if policies:
        parts.append("policies:\n")
        parts += [_policy(policy, tuple(items.items())) for policy, items in policies.items()]
    if parameters:
        written = {path: _written(series) for path, series in parameters.items()}
        parts.append(_dumped({"parameters": written}))
    return "".join(parts)


@lru_cache(maxsize=1024)
def _policy(name: str, settings: tuple[tuple[str, Series], ...]) -> str:
    """Write a policy below `policies`; a session writes most of them again and again."""
    content = {name: {setting: _written(series) for setting, series in settings}}
    return indent(_dumped(content), "  ")


def _dumped(content: Mapping[str, object]) -> str:
    text: str = yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=UNBROKEN
    )
    return text
