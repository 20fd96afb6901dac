"""A target file: which milestone a scenario should meet, and what may be moved to meet it.

What may be moved stands under ``vary``. Its keys are those of a sweep, see
`simulator.schema.sweep`, and the name of a whole policy with ``like``::

    policies.carbon_price_floor.schedule.2060: {to: 2000, unit: CNY/t CO2}
    policies.carbon_price_floor.schedule.scale: {to: 3}
    policies.coal_power_phase_out: {like: national_targets}
    steel.technologies.scrap_eaf.lifetime: {}

Each goes from what the scenario has, step 0, to its far end, step 1. Numbers, dates and the
knots of schedules move in proportion.
"""

from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from simulator.schema.numbers import Frozen, Label

MOST: Final = 50
"""Most things that a file moves."""


def _one(unit: object) -> object:
    """Read the unit of a number without one, which YAML takes for a number."""
    return "1" if unit == 1 else unit


Unit = Annotated[str, BeforeValidator(_one)]


class TargetBlock(Frozen):
    """What should hold: a milestone, or a bound on an output."""

    milestone: str | None = None
    """Id of a milestone of the roadmap."""
    roadmap: str | None = None
    """Roadmap that has the milestone; the one of the scenario unless written."""
    margin: Any = None
    """Room to spare that is asked for, in the unit of the milestone; none unless written. Below
    zero it is what may be missing."""
    output: str | None = None
    """Expression over the result data set, instead of a milestone."""
    year: int | None = None
    """Year of the output; none when it is one number by itself."""
    at_most: Any = None
    """Largest value that the output may have."""
    at_least: Any = None
    """Smallest value that the output may have."""
    unit: Unit | None = None
    """Unit of the bound or the margin; that of the variable or the milestone unless written."""

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        """Ask for one milestone, or for one bound on one output."""
        bounds = [word for word in ("at_most", "at_least") if getattr(self, word) is not None]
        alien = ("roadmap", "margin") if self.output else ("output", "year", *bounds)
        mixed = [word for word in alien if getattr(self, word) is not None]
        message = ""
        if bool(self.milestone) == bool(self.output):
            message = "write the id of a milestone, or an output with at_most or at_least"
        elif mixed:
            what = "an output" if self.output else "a milestone"
            message = f"{what} has no {mixed[0]}; leave it out"
        elif self.output and len(bounds) != 1:
            message = "an output needs at_most or at_least, one of them"
        if message:
            raise ValueError(message)
        return self


class ReachBlock(Frozen):
    """How far something may go; an empty block is the range of the data."""

    to: Any = None
    """Far end, as it would stand in a scenario file: a number, a date, a schedule."""
    range: Annotated[tuple[Any, ...], Field(strict=False, min_length=2, max_length=2)] = ()
    """Both ends between which a number or a date may go, when it is not known which way helps;
    for a parameter of the data its low and high unless written."""
    like: str | None = None
    """Scenario that has the far end, by name or by path beside this file."""
    unit: Unit | None = None
    """Unit of the bare numbers here; it must measure the same as the setting's."""
    label: Label | None = None
    """Name in both languages; the catalogue's for a policy unless written."""

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        """Ask for one way to say how far."""
        written = [word for word in ("to", "range", "like") if getattr(self, word)]
        written += ["to"] if self.to == 0 else []  # a far end like any other
        if len(written) > 1:
            message = f'write either "{written[0]}" or "{written[1]}", not both'
            raise ValueError(message)
        if self.like is not None and self.unit is not None:
            message = 'the scenario under "like" has units of its own; leave unit out'
            raise ValueError(message)
        return self


class SeekFile(Frozen):
    """A target file as it is written."""

    schema_version: Literal[1] = Field(alias="schema")
    """Version of the format."""
    name: str = Field(pattern=r"^\w[\w-]{0,63}$")
    """Name; the same as the file's."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What is asked, in both languages."""
    scenario: str
    """Scenario that should meet the target, by name or by path beside this file."""
    target: TargetBlock
    """What should hold."""
    vary: Annotated[dict[str, Any], Field(min_length=1, max_length=MOST)]
    """What may be moved; each alone is tried, and all together along one line."""
    minimise: str | None = None
    """Expression over the result data set that is one number by itself: of all ways to move
    things together that meet the target the one is looked for that has least of it."""
