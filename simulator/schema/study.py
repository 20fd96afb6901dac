"""A sensitivity study: which of the things that vary matters, for which output, in which year.

What varies is written as in a sweep, under ``vary``, or taken over from a sweep by its name
under ``inputs``. Outputs are written in the language of milestones, see
`simulator.results.expression`, so that any variable of the result data set can be asked for.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import Field, model_validator

from simulator.schema.numbers import Frozen, Label

Method = Literal["morris", "sobol"]
"""Elementary effects, which screen many inputs, or shares of the variance."""

LEVELS: Final = 4
"""Levels of each input in a sample of elementary effects."""


class StudyFile(Frozen):
    """A study as it is written."""

    schema_version: Literal[1] = Field(alias="schema")
    """Version of the format."""
    name: str = Field(pattern=r"^\w[\w-]{0,63}$")
    """Name; the same as the file's."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What the study asks, in both languages."""
    base: str
    """Scenario around which inputs vary, by name or by path beside this file."""
    inputs: str | None = None
    """Sweep whose inputs vary, by name or by path beside this file."""
    vary: Annotated[dict[str, Any], Field(max_length=1_000)] = Field(default_factory=dict)
    """What varies, as in a sweep; instead of ``inputs``."""
    groups: Annotated[
        dict[str, Annotated[tuple[str, ...], Field(strict=False, min_length=1)]],
        Field(max_length=1_000),
    ] = Field(default_factory=dict)
    """Inputs that are moved together, by the name of their group; the others stand alone."""
    labels: Annotated[dict[str, Label], Field(max_length=1_000)] = Field(default_factory=dict)
    """What figures call the groups, in both languages; the name of a group unless given."""
    method: Method
    """``morris`` or ``sobol``."""
    n: Annotated[int, Field(ge=2, le=1_000_000)]
    """Trajectories of ``morris``, each with a run more than there are groups; rows of the base
    sample of ``sobol``, a power of two, each with two runs more than there are groups."""
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    """Whole number from which the sample is drawn: the same seed gives the same sample."""
    outputs: Annotated[dict[str, str], Field(min_length=1, max_length=200)]
    """Expressions over the result data set, by name."""
    years: Annotated[tuple[int, ...], Field(strict=False, min_length=1)] = (2030, 2060)
    """Years that are printed and drawn; indices are worked out for all years."""
    resamples: Annotated[int, Field(ge=10, le=10_000)] = 200
    """Resamples from which confidence is estimated."""

    @model_validator(mode="after")
    def _one_way_to_vary(self) -> "StudyFile":
        """Ask for exactly one list of what varies."""
        if bool(self.inputs) == bool(self.vary):
            message = "write what varies under vary, or the name of a sweep under inputs"
            raise ValueError(message)
        return self
