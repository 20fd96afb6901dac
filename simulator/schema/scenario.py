"""A scenario file: what it extends, the policies it sets and the parameters it changes."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from simulator.schema.numbers import Frozen, Label

History = Literal["observed", "endogenous"]
"""Whether observed series drive the years before 2025, or the model's own decisions do."""


def _as_list(value: object) -> object:
    """Let one name stand for a list of one."""
    return [value] if isinstance(value, str) else value


class Horizon(Frozen):
    """First and last calendar year of a run."""

    start: Literal[2015] = 2015
    """First year; the stocks of the model are known at the end of 2014."""
    end: int = Field(default=2060, ge=2025, le=2060)
    """Last year."""


class ScenarioFile(Frozen):
    """A scenario as it is written."""

    schema_version: Literal[1] = Field(alias="schema")
    """Version of the format."""
    name: str = Field(pattern=r"^\w[\w-]{0,63}$")
    """Name; the same as the file's."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What the scenario tells, in both languages."""
    extends: Annotated[
        tuple[str, ...], BeforeValidator(_as_list), Field(strict=False, max_length=20)
    ] = ()
    """Scenarios that this one starts from, by name or by path beside this file; a list composes
    from left to right."""
    horizon: Horizon | None = None
    """First and last calendar year; 2015 to 2060 unless written."""
    history: History | None = None
    """``observed`` (the default) or ``endogenous``."""
    history_end: int | None = Field(default=None, ge=2017, le=2025)
    """First calendar year of which nothing that was observed is known; 2025 unless written."""
    policies: dict[str, Any] = Field(default_factory=dict)
    """Settings of policies of the catalogue; null removes what was inherited."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Values of parameters by dotted path; null removes what was inherited."""
    roadmap: str | None = None
    """Roadmap that the run is scored against; ``four_stage`` unless written."""
