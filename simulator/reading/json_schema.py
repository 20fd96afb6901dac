"""The JSON Schema of the files that people write, with every policy, for editors."""

from typing import Any, Final

from pydantic import BaseModel

from simulator.reading.catalogue import load_policies
from simulator.reading.library import Library, shipped
from simulator.reading.roadmap import list_roadmaps, load_roadmap
from simulator.schema.policy import Lever, Setting
from simulator.schema.scenario import ScenarioFile
from simulator.schema.seek import ReachBlock, SeekFile
from simulator.schema.study import StudyFile
from simulator.schema.sweep import SweepFile, VaryBlock

Schema = dict[str, Any]

QUANTITY: Schema = {"type": "string", "pattern": r"^[-+]?[0-9.]+([eE][-+]?[0-9]+)? .+$"}
"""A number with its unit, as text."""


def _number(setting: Setting) -> Schema:
    """Describe a number inside the range."""
    bounds = {"minimum": setting.low, "maximum": setting.high}
    return {"type": "number"} | {key: end for key, end in bounds.items() if end is not None}


def _setting(setting: Setting) -> Schema:
    """Describe what a setting may be."""
    number = _number(setting)
    forms: list[Schema] = [number, QUANTITY, {"type": "null"}]
    if setting.kind == "date":
        dates: Schema = {"type": "string", "pattern": r"^(never|stage\.[a-z0-9_]+)$"}
        forms = [number, dates, {"type": "null"}]
    elif setting.kind == "schedule":
        knots: Schema = {
            "type": "object",
            "patternProperties": {r"^20[0-9]{2}(\.[0-9]+)?$": {"anyOf": [number, QUANTITY]}},
            "additionalProperties": False,
            "minProperties": 1,
        }
        forms.insert(0, knots)
    unit = "" if setting.unit == "1" else f" [{setting.unit}]"
    return {
        "title": f"{setting.label.en} / {setting.label.zh}{unit}",
        "description": setting.description.en if setting.description else setting.label.en,
        "anyOf": forms,
    }


def _lever(lever: Lever) -> Schema:
    """Describe the block of a policy."""
    properties = {name: _setting(setting) for name, setting in lever.settings.items()}
    properties["unit"] = {"type": "string", "description": "Unit of the bare numbers here."}
    note = "" if lever.active else " (not yet active)"
    return {
        "title": f"{lever.id} {lever.label.en} / {lever.label.zh}{note}",
        "description": lever.description.en if lever.description else lever.label.en,
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
    }


def json_schema(library: Library | None = None) -> Schema:
    """Build the schema of scenario files from the catalogue and the shipped roadmaps."""
    where = library or shipped()
    schema: Schema = ScenarioFile.model_json_schema(by_alias=True)
    levers = load_policies(where)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = "Scenario / 情景"
    properties: Schema = schema["properties"]
    properties["policies"] |= {
        "properties": {name: _lever(lever) for name, lever in levers.items()},
        "additionalProperties": False,
    }
    known = list(list_roadmaps(where))
    properties["roadmap"] |= {"anyOf": [{"enum": known}, {"type": "null"}]}
    properties["parameters"]["additionalProperties"] = {
        "anyOf": [
            {"type": "number"},
            {"type": "string"},
            {"type": "null"},
            {"type": "object", "additionalProperties": {"type": ["number", "string"]}},
        ]
    }
    names: Schema = {"type": "string"}
    properties["extends"] = {
        "description": properties["extends"].get("description", ""),
        "anyOf": [names, {"type": "array", "items": names}],
    }
    return schema


VARYING: Final[dict[str, tuple[str, type[BaseModel], type[BaseModel]]]] = {
    "sweep": ("Sweep / 批量模拟", SweepFile, VaryBlock),
    "study": ("Study / 敏感性分析", StudyFile, VaryBlock),
    "target": ("Target / 目标", SeekFile, ReachBlock),
}
"""Title of the files that vary something, what they are, and what stands under each key."""


def schema_of(kind: str, library: Library | None = None) -> Schema:
    """Build the schema of a kind of files: ``scenario``, or one of `VARYING`."""
    where = library or shipped()
    if kind == "scenario":
        return json_schema(where)
    title, whole, block = VARYING[kind]
    schema: Schema = whole.model_json_schema(by_alias=True)
    inner: Schema = block.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["title"] = title
    schema.setdefault("$defs", {}).update(inner.pop("$defs", {}))
    inner["type"] = ["object", "null"] if kind != "target" else "object"
    schema["$defs"][block.__name__] = inner
    below: Schema = {"$ref": f"#/$defs/{block.__name__}"}
    keys: Schema = {}
    for name, lever in load_policies(where).items():
        if kind == "target":
            keys[f"policies.{name}"] = below
        for setting in lever.settings:
            keys[f"policies.{name}.{setting}"] = below
    schema["properties"]["vary"] |= {"properties": keys, "additionalProperties": below}
    if kind == "target":
        ids = {
            one.id
            for name in list_roadmaps(where)
            for one in load_roadmap(name, where).milestones
        }
        texts: Schema = {"anyOf": [{"enum": sorted(ids)}, {"type": "null"}]}
        schema["$defs"]["TargetBlock"]["properties"]["milestone"] |= texts
    return schema
