"""Which assumptions matter: each at the two ends of its range, all else as in the scenario.

The assumptions are those of the shipped sweep ``uncertainty``. One at a time they show size and
direction; what two do together is for a study (``shuangtan sensitivity what_matters``).
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from simulator.errors import ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario
from simulator.reading.sweep import load_ensemble
from simulator.reading.sweep_overlay import overlay
from simulator.reading.sweep_targets import Target
from simulator.reading.sweep_values import Column
from simulator.results.batches import BatchRunner
from simulator.results.dataset import variables
from simulator.results.effects import Effect
from simulator.results.quantities import load_quantities
from simulator.schema.policy import Lever
from simulator.version import code_version

OUTPUT: Final = "emissions_net"
YEARS: Final = (2030, 2060)


def effects(
    scenario: Scenario, output: str = OUTPUT, years: Sequence[int] = YEARS
) -> tuple[Effect, ...]:
    """Run every assumption at its low and at its high end, in one batch.

    Parameters
    ----------
    scenario
        What everything else stays at.
    output
        A variable of the result data set that has no dimension but the years.
    years
        Calendar years; those beyond the horizon are left out.

    Raises
    ------
    ScenarioError
        The output has another dimension.
    SolverError
        A run failed.
    """
    quantity = load_quantities()[output]
    if tuple(quantity.dims) != ("time",):
        message = f"{output} has more than one value a year: choose a national total"
        raise ScenarioError(message)
    base = scenario.resolved
    columns = [one for one in load_ensemble(scenario, 2, 1).columns if one.distribution]
    rows = [row for column in columns for row in _ends(base, column)]
    found, calendar = _runs(base, rows, output)
    levers = load_policies(scenario.library)
    told = []
    for place, column in enumerate(columns):
        target, spread = column.target, column.distribution
        assert spread is not None  # noqa: S101 - those without were left out
        source, where = _source(target, base, levers)
        for year in (year for year in years if year in calendar):
            centre, low, high = found[calendar.index(year), [0, 2 * place + 1, 2 * place + 2]]
            told.append(
                Effect(
                    base.name, base.digest, code_version(), output, quantity.unit,
                    target.key, column.label.en, column.label.zh, target.value_unit,
                    _value(target, base), spread.low, spread.high, source, where,
                    year, float(centre), float(low), float(high),
                )
            )  # fmt: skip
    return tuple(told)


def _ends(base: Resolved, column: Column) -> Iterator[Resolved]:
    """The scenario with one assumption at its low, then at its high end."""
    spread = column.distribution
    assert spread is not None  # noqa: S101 - those without were left out
    laid = overlay(base, [column])
    yield laid.resolved([spread.low])
    yield laid.resolved([spread.high])


def _runs(
    base: Resolved, rows: Sequence[Resolved], output: str
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], list[int]]:
    """The output of the base and of every row, (year, run), and the years."""
    runner = BatchRunner(base, rows)
    parts: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = []
    calendar: list[int] = []
    for batch in runner.run([base, *rows]):
        values = variables(batch.model, batch.record, {output})[output]
        parts.append(values[..., : len(batch.scenarios)])
        calendar = [int(year) for year in batch.record.years]
    return np.concatenate(parts, axis=-1), calendar


def _value(target: Target, base: Resolved) -> float:
    """What the scenario has for an assumption; not-a-number for a whole schedule."""
    series = target.of_base(base)
    if target.part == "scale":
        return 1.0
    if series is None:
        return float("nan")
    if target.part == "knot" and series.times:
        return float(np.interp(target.year, series.times, series.values))
    return series.values[0] if not series.times else float("nan")


def _source(target: Target, base: Resolved, levers: Mapping[str, Lever]) -> tuple[str, str]:
    """Where an assumption comes from: a key of the bibliography, or the paper of a policy."""
    if target.section == "policies":
        told = levers[target.name].source
        first = told[0] if isinstance(told, tuple) else told
        return first.title, first.clause
    known = base.parameters.base.get(target.name)
    if known is None:
        return "", ""
    return known.source, "; ".join(part for part in (known.where, known.note) if part)
