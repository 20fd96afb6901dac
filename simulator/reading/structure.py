"""A document against its schema: every error of pydantic walked back to its line and column."""

from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from simulator.errors import Problem
from simulator.reading.suggest import did_you_mean
from simulator.reading.yaml_nodes import Document, Node, Pair, plain

Model = TypeVar("Model", bound=BaseModel)

_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "dict_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
}


def nested_model(annotation: object) -> type[BaseModel] | None:
    """Find the model inside an annotation like ``tuple[Stage, ...] | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (nested_model(part) for part in get_args(annotation))
    return next((model for model in found if model is not None), None)


def field_names(model: type[BaseModel]) -> dict[str, object]:
    """Map the keys a person may write to their annotations."""
    return {
        field.alias or name: field.rebuild_annotation()
        for name, field in model.model_fields.items()
    }


def siblings(model: type[BaseModel], place: Sequence[str | int]) -> list[str]:
    """List the keys that the mapping at `place` may hold."""
    here: type[BaseModel] | None = model
    for step in place:
        if here is None:
            return []
        names = field_names(here)
        if isinstance(step, str) and step in names:
            here = nested_model(names[step])
    return list(field_names(here)) if here else []


def _step(node: Node, step: str | int) -> Pair | None:
    """Take one step of a path, None where the path leaves the document."""
    if isinstance(node.content, dict):
        return node.content.get(step)
    if isinstance(node.content, list) and isinstance(step, int) and step < len(node.content):
        return Pair(node.content[step], node.content[step])
    return None


def _sentence(error: Any, node: Node, model: type[BaseModel], place: list[str | int]) -> str:  # noqa: ANN401
    """Say in words what an error of pydantic means."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = siblings(model, place[:-1])
        hint = did_you_mean(str(place[-1]), known) or f"; the keys here are {', '.join(known)}"
        return f"unknown key{hint}"
    if kind == "missing":
        return "this key is required"
    found = f"found {node.describe()}"
    if kind in _EXPECTED:
        text = node.content if isinstance(node.content, str) else ""
        hint = ' (a full-width colon "：" was found; use ": ")' if "：" in text else ""
        return f"{_EXPECTED[kind]} is expected, {found}{hint}"
    if kind == "literal_error":
        hint = did_you_mean(
            str(node.content), str(context["expected"]).replace("'", "").split(" or ")
        )
        return f"{context['expected']} is expected, {found}{hint}".replace("'", "")
    if kind == "value_error":
        return str(context["error"])
    said = str(error["msg"]).replace("Input should be", "must be").replace("String", "text")
    return f"{said}, {found}"


def check(
    model: type[Model], document: Document, node: Node | None = None, prefix: str = ""
) -> tuple[Model | None, list[Problem]]:
    """Validate a document, or one node of it; return the value or what is wrong."""
    root = node or document.root
    try:
        return model.model_validate(plain(root)), []
    except ValidationError as error:
        problems: list[Problem] = []
        for item in error.errors(include_url=False, include_input=False):
            here, place, at = root, list[str | int](), root
            for step in item["loc"]:
                pair = _step(here, step)
                if pair is not None:
                    here, at = pair.value, pair.value
                    place.append(step)
                    if item["type"] == "extra_forbidden":
                        at = pair.key
                elif item["type"] == "missing":
                    place.append(step)
            key = ".".join([prefix, *map(str, place)] if prefix else map(str, place))
            sentence = _sentence(item, here, model, place)
            problems.append(Problem(document.file, at.line, at.column, key, sentence))
        return None, problems


def unique(problems: Sequence[Problem]) -> list[Problem]:
    """Keep the first problem of each place and key, in reading order of each file."""
    seen: dict[tuple[str, int, int], Problem] = {}
    missing: list[Problem] = []
    for problem in problems:
        if "required" in problem.message:
            missing.append(problem)
        else:
            seen.setdefault((problem.file, problem.line, problem.column), problem)
    files = {problem.file: rank for rank, problem in reversed(list(enumerate(problems)))}
    everything = [*seen.values(), *dict.fromkeys(missing)]
    return sorted(everything, key=lambda one: (files[one.file], one.line, one.column))
