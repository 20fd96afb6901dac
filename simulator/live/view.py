"""What the live page shows: the numbers of its charts, its cards and its scoreboard."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from typing import Any, Final, NamedTuple

import xarray as xr

from simulator.export.boards import boards_side_by_side, missing
from simulator.export.charts import Chart, specifications, windows
from simulator.export.charts_national import national
from simulator.export.page import both
from simulator.export.workbook import workbook
from simulator.live.bench import LABEL, Bench, Place, Setting
from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.derived import FIRST_YEAR, derive
from simulator.results.headline import Headline, headline
from simulator.results.milestones import MilestoneResult, milestones
from simulator.results.quantities import Language
from simulator.results.wording import plain, tally
from simulator.schema.numbers import NEVER

SHOWN: Final = (
    "chart-net", "chart-sectors", "chart-power", "chart-intensity", "chart-price",
    "chart-electrified", "chart-energy", "chart-costs",
)  # fmt: skip
"""Charts of the page, of those that a report has."""


class Card(NamedTuple):
    """A number that everybody asks for, of your pathway and of the two ends."""

    en: str
    zh: str
    unit: tuple[str, str]
    values: tuple[str, ...]


class Judged(NamedTuple):
    """What a run is told by."""

    headline: Headline
    board: Sequence[MilestoneResult]
    cumulative: float
    """Net emissions from 2025 on [Gt CO2]."""


class View:
    """Reads off what is shown at a place.

    Parameters
    ----------
    bench
        What is moved.
    observed
        Observed gross CO2 by year [Mt].
    sources
        Citations of the data.
    """

    def __init__(
        self, bench: Bench, observed: Mapping[int, float], sources: Sequence[str] = ()
    ) -> None:
        self.bench, self.observed, self.sources = bench, observed, sources
        self.roadmap = load_roadmap(bench.base.resolved.roadmap, bench.base.library)

    @cached_property
    def ends(self) -> dict[str, xr.Dataset]:
        """The two pathways between which policies move, by name."""
        return {about(run).name: run for run in self.bench.run_ends()}

    @cached_property
    def years(self) -> list[int]:
        """Years of the charts."""
        first = next(iter(self.ends.values()))
        return [int(year) for year in first["time"].values]

    @property
    def people(self) -> list[tuple[str, str, str]]:
        """Name and both labels of your pathway and of the two ends."""
        found = [about(run) for run in self.ends.values()]
        return [
            (self.bench.name, LABEL.en, LABEL.zh),
            *((who.name, who.label_en, who.label_zh) for who in found),
        ]

    def runs(self, place: Place) -> dict[str, xr.Dataset]:
        """Your pathway, then the two ends."""
        return {self.bench.name: self.bench.run(place), **self.ends}

    def charts(self, runs: Mapping[str, xr.Dataset]) -> list[Chart]:
        """Charts with the numbers of all three."""
        found = national(runs, self.years, self.observed, windows(self.roadmap))
        return [chart for chart in found if chart.id in SHOWN]

    def answer(self, place: Place) -> dict[str, Any]:
        """Everything on the page that a move changes, as JSON has it."""
        runs = self.runs(place)
        judged = self.judged(runs)
        return {
            "charts": specifications(self.charts(runs)),
            "cards": cards_of(self.cards(judged)),
            "boards": self.boards(judged),
            "settings": {
                name: "".join(map(setting_of, settings))
                for name, settings in self.bench.told(place).items()
            },
        }

    def judged(self, runs: Mapping[str, xr.Dataset]) -> dict[str, Judged]:
        """Judge your pathway; the ends are judged once."""
        name = self.bench.name
        return {name: self._judged(runs[name]), **self._ends_judged}

    @cached_property
    def _ends_judged(self) -> dict[str, Judged]:
        return {name: self._judged(run) for name, run in self.ends.items()}

    def _judged(self, run: xr.Dataset) -> Judged:
        years = tuple(year for year in (2030, self.years[-1]) if year in self.years)
        one = derive(run.expand_dims("scenario"), ["cumulative_emissions"], self.roadmap)
        return Judged(
            headline(run, years),
            milestones(run, self.roadmap),
            float(one["cumulative_emissions"][0]),
        )

    def cards(self, judged: Mapping[str, Judged]) -> list[Card]:
        """The numbers on top."""
        found = list(judged.values())
        net = [
            line for one in found for line in one.headline.lines if line.key == "emissions_net"
        ]
        met = [tally(one.board) for one in found]
        mt, gt = ("Mt CO₂", "百万吨"), ("Gt CO₂", "十亿吨")
        return [
            *(
                Card(f"Net in {year}", f"{year}年净排放", mt,
                     tuple(plain(line.values[place], 0) for line in net))
                for place, year in enumerate(found[0].headline.years)
            ),
            Card("Peak, gross", "总排放达峰", ("year", "年"),
                 tuple(str(one.headline.peak_year) for one in found)),
            Card(f"Net, {FIRST_YEAR} to {self.years[-1]}",
                 f"{FIRST_YEAR}至{self.years[-1]}年累计净排放", gt,
                 tuple(plain(one.cumulative, 0) for one in found)),
            Card("Milestones met", "达标里程碑", ("", "项"),
                 tuple(f"{one['met']} / {one['met'] + one['missed']}" for one in met)),
        ]  # fmt: skip

    def boards(self, judged: Mapping[str, Judged]) -> str:
        """What is missing, and the scoreboards side by side."""
        boards = {name: one.board for name, one in judged.items()}
        labels = {name: (en, zh) for name, en, zh in self.people}
        return missing(boards[self.bench.name]) + boards_side_by_side(boards, labels)

    def workbook(self, place: Place, language: Language) -> bytes:
        """Your pathway as a workbook."""
        run = self.bench.run(place)
        return workbook(run, milestones(run, self.roadmap), self.sources, language)


def cards_of(cards: Sequence[Card]) -> str:
    """Write the cards: your number large, the two ends below."""
    found = []
    for card in cards:
        mine, *ends = card.values
        beside = " … ".join(escape(value) for value in ends)
        found.append(
            f'<div class="card"><span class="soft">{both(card.en, card.zh)}</span>'
            f"<b>{escape(mine)}</b><small>{both(*card.unit)}</small>"
            f'<span class="soft">{beside}</span></div>'
        )
    return "".join(found)


def setting_of(setting: Setting) -> str:
    """Write what a policy says, in a few years."""
    label = setting.label
    name = both(f"{label.en}: ", f"{label.zh}：") if label else ""
    if setting.date:
        ((_, year),) = setting.values
        said = both("never", "无") if year == NEVER else f"{year:g}"
        return f"<span>{name}{said}</span>"
    share = setting.unit == "1"
    parts = [
        (f"{year}: " if year else "") + (f"{100 * value:.3g} %" if share else f"{value:.4g}")
        for year, value in setting.values
    ]
    unit = "" if share else f" {escape(setting.unit)}"
    return f"<span>{name}{', '.join(parts)}{unit}</span>"
