"""A number without unit or source does not enter the model."""

import pytest
from pydantic import BaseModel, ValidationError

from simulator.schema.numbers import SourcedNumber
from simulator.schema.policy import Lever, Setting
from simulator.schema.roadmap import Milestone, Roadmap, Stage, Window
from simulator.schema.scenario import Horizon, ScenarioFile

GOOD: dict[str, object] = {
    "key": "technologies.scrap_eaf.lifetime",
    "value": 25.0,
    "unit": "yr",
    "low": 20.0,
    "high": 35.0,
    "source": "agora_steel",
    "where": "table 13",
    "standing": "literature",
}


def test_a_complete_number_is_accepted() -> None:
    assert SourcedNumber.model_validate(GOOD).value == 25.0


@pytest.mark.parametrize("missing", ["key", "value", "unit", "source", "standing"])
def test_each_part_is_required(missing: str) -> None:
    with pytest.raises(ValidationError, match=missing):
        SourcedNumber.model_validate({k: v for k, v in GOOD.items() if k != missing})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"souce": "typo"}, "souce"),
        ({"value": float("nan")}, "finite"),
        ({"value": 36.0}, "above high"),
        ({"value": 19.0}, "below low"),
        ({"source": "assumption"}, "standing says otherwise"),
        ({"standing": "assumption", "low": None}, "needs low and high"),
        ({"standing": "guess"}, "measured"),
        ({"key": "Capital Letters"}, "pattern"),
        ({"unit": ""}, "at least 1"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        SourcedNumber.model_validate({**GOOD, **change})


@pytest.mark.parametrize(
    "model",
    [SourcedNumber, Setting, Lever, Window, Stage, Milestone, Roadmap, Horizon, ScenarioFile],
)
def test_every_field_is_documented(model: type[BaseModel]) -> None:
    fields = model.model_fields
    assert [name for name, field in fields.items() if not field.description] == []


def test_a_schema_cannot_be_changed() -> None:
    number = SourcedNumber.model_validate(GOOD)
    with pytest.raises(ValidationError, match="frozen"):
        number.value = 3.0
