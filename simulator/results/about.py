"""What a result data set says of itself in its attributes."""

import json
from typing import Any, NamedTuple

import xarray as xr

from simulator.reading.scenario import Scenario
from simulator.version import code_version


class About(NamedTuple):
    """A run: who, with what, and how well its books close."""

    name: str
    """Name of the scenario."""
    label_en: str
    label_zh: str
    yaml: str
    """The scenario, resolved, as one file."""
    digest: str
    """Hash of everything that the run depends on."""
    version: str
    """Version of the program."""
    solver: dict[str, Any]
    """Method and tolerances."""
    ledger: dict[str, float]
    """Largest relative residual of each conservation law."""
    roadmap: str
    warnings: tuple[str, ...]
    """Of the scenario and of the run."""
    remarks: tuple[tuple[str, str], ...]
    """Those of the run, in English and Chinese."""
    inactive: tuple[str, ...]
    """Policies that are set, but not modelled yet."""


def about(dataset: xr.Dataset) -> About:
    """Read the attributes of a run; what is missing is empty."""
    found = dataset.attrs
    name = str(found.get("scenario", "scenario"))
    return About(
        name=name,
        label_en=str(found.get("label_en") or name),
        label_zh=str(found.get("label_zh") or found.get("label_en") or name),
        yaml=str(found.get("scenario_yaml", "")),
        digest=str(found.get("scenario_hash", "")),
        version=str(found.get("code_version", "")),
        solver=_json(found.get("solver"), {}),
        ledger=_json(found.get("ledger"), {}),
        roadmap=str(found.get("roadmap") or "four_stage"),
        warnings=tuple(_json(found.get("warnings"), [])),
        remarks=tuple((str(en), str(zh)) for en, zh in _json(found.get("remarks"), [])),
        inactive=tuple(_json(found.get("inactive"), [])),
    )


def about_scenario(scenario: Scenario) -> About:
    """Name a scenario of which no run is at hand."""
    return About(
        name=scenario.name, label_en=scenario.label.en, label_zh=scenario.label.zh, yaml="",
        digest=scenario.resolved.digest, version=code_version(), solver={}, ledger={},
        roadmap=scenario.resolved.roadmap, warnings=(), remarks=(), inactive=(),
    )  # fmt: skip


def _json(text: object, default: Any) -> Any:  # noqa: ANN401 - a list or a mapping
    """Read JSON of an attribute; the default where there is none or it is broken."""
    try:
        value = json.loads(str(text))
    except (TypeError, ValueError):
        return default
    return value if isinstance(value, type(default)) else default
