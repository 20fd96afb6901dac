"""Scenarios side by side: what differs in the outcome."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import xarray as xr

from simulator.analysis.abatement import abatement_cost
from simulator.errors import ScenarioError
from simulator.results.headline import HEADLINE_YEARS, headline
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import label


class OutcomeLine(NamedTuple):
    """One headline number of one year, in every scenario."""

    key: str
    en: str
    zh: str
    unit: str
    digits: int
    year: int
    values: tuple[float, ...]
    """One value for each scenario, the baseline first."""

    @property
    def differences(self) -> tuple[float, ...]:
        """Values less that of the baseline."""
        return tuple(value - self.values[0] for value in self.values)


class MilestoneLine(NamedTuple):
    """A milestone that not all scenarios fare alike with."""

    id: str
    label_en: str
    label_zh: str
    unit: str
    results: tuple[MilestoneResult | None, ...]
    """One for each scenario, the baseline first; none where its roadmap has no such one."""


class CostLine(NamedTuple):
    """What scenarios cost more than the baseline, of the nation or of a sector."""

    sector: str
    """Empty for the nation."""
    en: str
    zh: str
    extra_cost: tuple[float, ...]
    """Present value, one for each scenario but the baseline [bn CNY]."""
    carbon_payments: tuple[float, ...]
    """Present value of a transfer [bn CNY]."""
    avoided: tuple[float, ...]
    """Discounted; net emissions for the nation, scopes 1 and 2 for a sector [Mt CO2]."""
    abatement_cost: tuple[float, ...]
    """Not-a-number where the scenario does not emit less [CNY/t CO2]."""


class CostTable(NamedTuple):
    """Costs against the baseline."""

    discount_rate: float
    first_year: int
    last_year: int
    lines: tuple[CostLine, ...]
    """The nation first, then the sectors."""


class Comparison(NamedTuple):
    """What differs in the outcome of several runs."""

    names: tuple[str, ...]
    """Scenarios, the baseline first."""
    peak_years: tuple[int, ...]
    outcomes: tuple[OutcomeLine, ...]
    milestones: tuple[MilestoneLine, ...]
    costs: CostTable


def compare_runs(
    runs: Mapping[str, xr.Dataset],
    boards: Mapping[str, Sequence[MilestoneResult]],
    baseline: str | None = None,
) -> Comparison:
    """Say what differs between runs.

    Parameters
    ----------
    runs
        Results by the name of the scenario.
    boards
        Judged milestones by the name of the scenario.
    baseline
        Scenario that the others are held against; the first one unless given.
    """
    first = baseline or next(iter(runs))
    if first not in runs:
        message = f'the baseline "{first}" is not among {", ".join(runs)}'
        raise ScenarioError(message)
    names = (first, *(name for name in runs if name != first))
    tables = [headline(runs[name]) for name in names]
    years = [year for year in HEADLINE_YEARS if all(year in table.years for table in tables)]
    outcomes = []
    for place, line in enumerate(tables[0].lines):
        for year in years:
            values = tuple(
                table.lines[place].values[table.years.index(year)] for table in tables
            )
            outcomes.append(OutcomeLine(*line[:5], year, values))
    return Comparison(
        names=names,
        peak_years=tuple(table.peak_year for table in tables),
        outcomes=tuple(outcomes),
        milestones=_milestones([boards.get(name, ()) for name in names]),
        costs=_costs([runs[name] for name in names]),
    )


def _costs(runs: Sequence[xr.Dataset]) -> CostTable:
    """Hold the costs of every run against those of the first."""
    tables = [abatement_cost(run, runs[0]) for run in runs[1:] or runs]

    def line(sector: str, en: str, zh: str) -> CostLine:
        places = {"sector": sector} if sector else {}
        suffix = "" if sector else "_total"
        columns = [
            tuple(float(table[name + suffix].sel(places)) for table in tables)
            for name in ("extra_cost", "carbon_payments", "avoided", "abatement_cost")
        ]
        return CostLine(sector, en, zh, *columns)

    about = tables[0].attrs
    sectors = map(str, runs[0]["sector"].values)
    return CostTable(
        about["discount_rate"],
        about["first_year"],
        about["last_year"],
        (
            line("", "Nation", "全国"),
            *(line(x, label("sector", x, "en"), label("sector", x, "zh")) for x in sectors),
        ),
    )


def _milestones(boards: Sequence[Sequence[MilestoneResult]]) -> tuple[MilestoneLine, ...]:
    """Return the milestones whose result is not the same in all scenarios."""
    found = []
    by_name = [{item.id: item for item in board} for board in boards]
    order = {item.id: item for board in boards for item in board}
    for name, item in order.items():
        results = tuple(board.get(name) for board in by_name)
        if len({result.status if result else "" for result in results}) > 1:
            found.append(MilestoneLine(name, item.label_en, item.label_zh, item.unit, results))
    return tuple(found)
