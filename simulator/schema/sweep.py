"""A sweep file: one or several scenarios run many times, with some of their settings varied.

A sweep names the scenarios that it starts from (``base``), what it varies and how (``vary``),
how the values are put together to rows (``design``), and what is kept of every run (``keep``,
``derive``). Every row of the design is run on every base.

Keys of ``vary`` are the ones that `Scenario.replace` takes, with two endings of their own::

    policies.coal_power_phase_out.start               a date or a number of a policy
    policies.carbon_price_floor.schedule              a whole schedule
    policies.carbon_price_floor.schedule.2030         one knot of the base's schedule
    policies.carbon_price_floor.schedule.scale        a factor on every knot after 2025
    power.technologies.solar_utility.learning_rate    a parameter of the data; the same endings

A year that the base's schedule does not have becomes a knot of it. What stands under a key says
which values it takes, see `VaryBlock`.
"""

from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field

from simulator.schema.numbers import Frozen, Label

Design = Literal["grid", "latin_hypercube", "sobol", "table"]
"""How rows are made: every combination, a Latin hypercube, a Sobol sequence, a file."""

DistributionName = Literal["uniform", "loguniform", "triangular", "normal"]
"""How a number is spread over its range."""

DERIVED: Final = (
    "peak_year",
    "peak_emissions",
    "cumulative_emissions",
    "net_zero_year",
    "milestones",
)
"""What can be derived of every run."""

ROW_LIMIT: Final = 1_000_000
"""Most rows of a design."""


def _as_list(value: object) -> object:
    """Let one name stand for a list of one."""
    return [value] if isinstance(value, str) else value


class VaryBlock(Frozen):
    """The values that one setting takes; an empty block is the range of the data, uniform.

    Numbers are bare, in the unit of the catalogue or the data unless ``unit`` says another, or
    texts with a unit of their own like ``"30 yr"``.
    """

    values: Annotated[
        tuple[Any, ...], Field(strict=False, min_length=1, max_length=10_000)
    ] = ()
    """The values, each as it would stand in a scenario file: a number, a date, a schedule. A
    grid takes all of them in turn; a sample takes each of them equally often."""
    range: Annotated[tuple[Any, ...], Field(strict=False, min_length=2, max_length=2)] = ()
    """Lowest and highest value of a number or a date; for a parameter of the data its low and
    high unless written."""
    distribution: DistributionName | None = None
    """``uniform`` unless written; ``loguniform`` needs a range above zero, ``triangular`` a
    ``mode``, ``normal`` a ``mean`` and an ``sd`` and is cut off at the range."""
    mode: Any = None
    """Most likely value of a triangular distribution."""
    mean: Any = None
    """Mean of a normal distribution, before it is cut off."""
    sd: Any = None
    """Standard deviation of a normal distribution, before it is cut off."""
    unit: Annotated[str, BeforeValidator(lambda unit: "1" if unit == 1 else unit)] | None = None
    """Unit of the bare numbers here; it must measure the same as the setting's."""
    label: Label | None = None
    """Name in both languages; the catalogue's for a policy unless written."""


class Keep(Frozen):
    """What is stored of every run."""

    variables: Annotated[tuple[str, ...], Field(strict=False)]
    """Variables of the result data set, names of ``simulator/data/quantities.csv``."""
    years: Annotated[tuple[int, ...], Field(strict=False, min_length=1)] | None = None
    """Calendar years; all years of the horizon unless written."""


class SweepFile(Frozen):
    """A sweep as it is written."""

    schema_version: Literal[1] = Field(alias="schema")
    """Version of the format."""
    name: str = Field(pattern=r"^\w[\w-]{0,63}$")
    """Name; the same as the file's."""
    label: Label
    """Name in both languages."""
    description: Label | None = None
    """What the sweep asks, in both languages."""
    base: Annotated[
        tuple[str, ...],
        BeforeValidator(_as_list),
        Field(strict=False, min_length=1, max_length=20),
    ]
    """Scenarios that are run, by name or by path beside this file; every row of the design is
    run on each of them."""
    roadmap: str | None = None
    """Roadmap that every run is scored against; the one of the bases unless written."""
    vary: Annotated[dict[str, Any], Field(max_length=1_000)] = Field(default_factory=dict)
    """What is varied, by key; with ``design: table`` the columns of the table say it."""
    design: Design
    """``grid``, ``latin_hypercube``, ``sobol`` or ``table``."""
    table: str | None = None
    """With ``design: table``, a CSV file beside this one: a column for each key, written
    ``key`` or ``key [unit]`` in the first line, and a line for each row."""
    n: Annotated[int, Field(ge=1, le=ROW_LIMIT)] | None = None
    """Number of rows of a sample; a Sobol sequence needs a power of two."""
    seed: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    """Whole number from which a sample is drawn: the same seed gives the same rows."""
    keep: Keep
    """What is stored of every run."""
    derive: Annotated[tuple[str, ...], Field(strict=False)] = DERIVED
    """What is derived of every run before the rest is dropped; everything unless written."""
