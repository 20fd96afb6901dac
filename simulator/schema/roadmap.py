"""A roadmap: stages with windows, and milestones that every run is scored against."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.schema.numbers import Frozen, Label, Number, Source

Operator = Literal["<", "<=", ">", ">=", "within"]
"""How a metric is compared with its target."""

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class Window(Frozen):
    """First and last year of a stage."""

    start: Number = Field(ge=2015, le=2061)
    """Year in which the stage begins."""
    end: Number = Field(ge=2015, le=2061)
    """Year in which it ends."""

    @model_validator(mode="after")
    def _forwards(self) -> Self:
        """Refuse a window that ends before it starts."""
        if self.end <= self.start:
            message = f"the window ends in {self.end:g}, which is not after {self.start:g}"
            raise ValueError(message)
        return self


class Stage(Frozen):
    """One stage of the way."""

    id: Identifier
    """Name used in scenario files as ``stage.<id>``."""
    label: Label
    """Name in both languages."""
    window: Window
    """When the stage is declared to be."""
    emphasis: Label | None = None
    """What the stage is about, in both languages."""


class Milestone(Frozen):
    """A target that a run meets or misses."""

    id: Identifier
    """Unique name."""
    label: Label
    """Name in both languages."""
    stage: Identifier | None = None
    """Stage of the roadmap that it belongs to."""
    metric: str = Field(min_length=1, max_length=400)
    """Expression over the variables of a result."""
    by: int | None = Field(default=None, ge=2015, le=2060)
    """Year in which the metric is read; none when the metric is one number by itself."""
    op: Operator
    """How the metric is compared with the target."""
    target: Number
    """The value to reach, in `unit`."""
    tolerance: Number | None = Field(default=None, ge=0)
    """Half width of the band, for ``within``."""
    unit: str = Field(min_length=1)
    """Unit of the target."""
    source: Source
    """The document and clause that set the target."""
    note: str | Label | None = None
    """What a reader should know."""

    @model_validator(mode="after")
    def _within_needs_a_width(self) -> Self:
        """Require a tolerance for a band, and only there."""
        if (self.op == "within") != (self.tolerance is not None):
            message = '"within" needs a tolerance, and only "within" has one'
            raise ValueError(message)
        return self


class Roadmap(Frozen):
    """Stages and milestones, as one file."""

    schema_version: Literal[1] = Field(alias="schema")
    """Version of the format."""
    name: str = Field(min_length=1)
    """Name; the same as the file's."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What the roadmap is, in both languages."""
    source: Source | None = None
    """The document that the whole roadmap follows, when there is one."""
    stages: Annotated[tuple[Stage, ...], Field(strict=False)] = ()
    """Stages in order of time; none for a roadmap that only adds milestones."""
    milestones: Annotated[tuple[Milestone, ...], Field(strict=False)] = ()
    """Targets to score."""
