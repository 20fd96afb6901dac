"""One number from the world: its value, unit, year and source, never apart."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Standing = Literal["measured", "literature", "calibrated", "assumption"]
"""How far a number can be trusted, from a meter to a judgement."""

Number = Annotated[float, Field(allow_inf_nan=False)]

NEVER = 9999.0
"""The date of what does not happen."""


class Frozen(BaseModel):
    """Base of every schema: closed to unknown keys, immutable, documented by field."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, use_attribute_docstrings=True
    )


class Label(Frozen):
    """A text in both languages."""

    en: str = Field(min_length=1)
    """English."""
    zh: str = Field(min_length=1)
    """Chinese."""


class Source(Frozen):
    """The document that names something, and where in it."""

    title: str = Field(min_length=1)
    """Title of a public document."""
    clause: str = ""
    """Section, clause, page or table inside the document."""


class SourcedNumber(Frozen):
    """A row of a data table: a number with its unit and where it comes from."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$")
    """Path of the parameter inside its folder, lower-case words joined by dots."""
    year: Number | None = None
    """Decimal year of a knot or calendar year of an observation; none for a constant."""
    value: Number
    """The number, in `unit`."""
    unit: str = Field(min_length=1)
    """Unit; a number without dimension has the unit ``1``, a date the unit ``year``."""
    low: Number | None = None
    """Lower end of the plausible range, same unit."""
    high: Number | None = None
    """Upper end of the plausible range, same unit."""
    source: str = Field(min_length=1)
    """Key in the bibliography, or ``assumption``."""
    where: str = ""
    """Page, table, section or cell inside the source."""
    standing: Standing
    """How far the number can be trusted."""
    note: str = ""
    """What a reader should know about the choice."""

    @model_validator(mode="after")
    def _judgement_has_a_range(self) -> Self:
        """Refuse an assumption without a range, and a value outside its range."""
        if self.source == "assumption" and self.standing != "assumption":
            message = "the source is an assumption, the standing says otherwise"
            raise ValueError(message)
        if "assumption" in (self.source, self.standing) and None in (self.low, self.high):
            message = "an assumption needs low and high"
            raise ValueError(message)
        if self.low is not None and self.value < self.low:
            message = f"the value {self.value:g} is below low {self.low:g}"
            raise ValueError(message)
        if self.high is not None and self.value > self.high:
            message = f"the value {self.value:g} is above high {self.high:g}"
            raise ValueError(message)
        return self
