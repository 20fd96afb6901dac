"""The stages of calibration: what each fits to what, keeping what those before it found."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple

from calibration.factors import rows
from calibration.hindcast import Comparison, load_comparisons
from calibration.knobs import Knob
from simulator.errors import ScenarioError
from simulator.reading.known import TABLE as KNOWN
from simulator.reading.known import UNCHANGED, load_rules, rule_of
from simulator.reading.library import shipped
from simulator.reading.parameters import Parameter, load_parameters
from simulator.reading.suggest import did_you_mean

Method = Literal["closed", "fitted"]

CLOSING: Final = "closing"
"""The stage whose factors follow from the totals that they close."""


class Stage(NamedTuple):
    """A few series and the parameters that they tell of."""

    name: str
    method: Method
    """``closed`` with history observed, or ``fitted`` to the model's own history."""
    comparisons: tuple[Comparison, ...]
    knobs: tuple[Knob, ...]
    en: str
    zh: str
    note: str


@cache
def load_stages() -> Mapping[str, Stage]:
    """Read the stages, in their order."""
    known = {item.name: item for item in load_comparisons()}
    knobs = load_knobs()
    return {
        row["stage"]: Stage(
            name=row["stage"],
            method="closed" if row["method"] == "closed" else "fitted",
            comparisons=tuple(known[name] for name in row["series"].split(";")),
            knobs=tuple(knob for knob in knobs if knob.stage == row["stage"]),
            en=row["en"],
            zh=row["zh"],
            note=row["note"],
        )
        for row in rows("stages.csv")
    }


def chosen_stages(name: str | None) -> tuple[Stage, ...]:
    """One stage by name, or all of them in order."""
    stages = load_stages()
    if name is None:
        return tuple(stages.values())
    if name not in stages:
        message = (
            f'there is no stage "{name}"; there is {", ".join(stages)}'
            f"{did_you_mean(name, stages)}"
        )
        raise ScenarioError(message)
    return (stages[name],)


def load_knobs() -> tuple[Knob, ...]:
    """Read what is fitted, with the ranges of the data."""
    return tuple(_knob(row, load_parameters()) for row in rows("knobs.csv"))


def not_of_later_years(knobs: Sequence[Knob]) -> tuple[Knob, ...]:
    """Knobs whose ranges do not rest on a number that was read off later years."""
    rules = load_rules(shipped().data / KNOWN)
    found = []
    for knob in knobs:
        rule = rule_of(rules, knob.path)
        if rule is None or rule.rule in UNCHANGED:
            found.append(knob)
    return tuple(found)


def _knob(row: dict[str, str], known: Mapping[str, Parameter]) -> Knob:
    """Join a row with the parameter that it names."""
    parameter = known[row["path"]]
    assert parameter.low is not None  # noqa: S101 - the tests look at every row
    assert parameter.high is not None  # noqa: S101
    return Knob(
        stage=row["stage"],
        path=row["path"],
        unit=parameter.unit,
        centre=float(row["centre"]),
        low=parameter.low,
        high=parameter.high,
        why=row["why"],
    )
