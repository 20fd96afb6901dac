"""The policy catalogue: which levers exist, in which unit and range, and on what they act."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from simulator.schema.numbers import Frozen, Label, Number, Source

SettingKind = Literal["schedule", "date", "number"]
"""A path over years, a point in time, or one number."""

Semantics = Literal["price", "additive", "floor", "ban"]
"""How a lever works on what the model would do without it."""


class Setting(Frozen):
    """One thing that a policy sets."""

    kind: SettingKind
    """What is written: years with numbers, a date, or one number."""
    unit: str = Field(min_length=1)
    """Unit of what is written; dates have the unit ``year``."""
    low: Number | None = None
    """Smallest value allowed."""
    high: Number | None = None
    """Largest value allowed."""
    acts_on: Annotated[tuple[str, ...], Field(min_length=1, strict=False)]
    """Paths of the parameters whose value or series it replaces."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What the setting means, in both languages."""


class Lever(Frozen):
    """One policy of the catalogue."""

    id: str = Field(pattern=r"^L[0-9]{2,3}$")
    """Short number, L01 and up."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What the policy does, in both languages."""
    semantics: Semantics
    """How it works on what the model would do without it."""
    source: Source | Annotated[tuple[Source, ...], Field(strict=False)]
    """The document and clause that name the lever."""
    active: bool = True
    """Whether the model has the mechanism; a setting of an inactive lever is reported."""
    settings: dict[str, Setting] = Field(min_length=1)
    """What can be set, by name."""

    @model_validator(mode="after")
    def _reserved_names(self) -> Self:
        """Refuse setting names that a policy block uses itself."""
        if "unit" in self.settings:
            message = '"unit" is reserved and cannot be the name of a setting'
            raise ValueError(message)
        return self
