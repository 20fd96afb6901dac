"""A run with everything that is told about it, told in numbers and in print."""

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.results.about import About
from simulator.results.effects import Effect, ranked_effects
from simulator.results.headline import Headline
from simulator.results.milestones import MilestoneResult
from simulator.results.sectors import COLUMNS, SectorPath
from simulator.results.stages import StageBoundaries
from simulator.results.wording import number, plain, tally
from simulator.schema.roadmap import Roadmap

if TYPE_CHECKING:
    import xarray as xr

TOLD: Final = 10
"""Assumptions that are printed for a year."""


class Finished(NamedTuple):
    """A run with everything that is told about it."""

    dataset: "xr.Dataset"
    who: About
    table: Headline
    roadmap: Roadmap
    board: list[MilestoneResult]
    stages: StageBoundaries
    sectors: list[SectorPath]
    """The nation, then its sectors."""
    notes: list[str]
    changes: list[dict[str, str]]
    """Against the scenario that it extends."""
    description: tuple[str, str]
    command: str
    effects: tuple[Effect, ...] = ()
    """What each uncertain assumption does, where it was measured."""


def summary(done: Finished) -> dict[str, Any]:
    """Tell a run in a few plain numbers, for ``summary.json``."""
    table = done.table
    return {
        "scenario": done.who.name,
        "label": {"en": done.who.label_en, "zh": done.who.label_zh},
        "description": {"en": done.description[0], "zh": done.description[1]},
        "headline": {
            line.key: {"unit": line.unit}
            | {str(year): v for year, v in zip(table.years, line.values, strict=True)}
            for line in table.lines
        },
        "peak": {"year": table.peak_year, "emissions_gross": table.peak, "unit": "Mt CO2/yr"},
        "stages": {
            name: float(getattr(done.stages, name)) for name in ("t1", "t2", "t3", "t4")
        },
        "sectors": {item.sector: _numbers(item) for item in done.sectors[1:]},
        "roadmap": done.roadmap.name,
        "milestones": tally(done.board),
        "warnings": done.notes,
        "remarks": [{"en": en, "zh": zh} for en, zh in done.who.remarks],
        "changes": done.changes,
        "ledger": done.who.ledger,
        "solver": done.who.solver,
        "hash": done.who.digest,
        "version": done.who.version,
        "command": done.command,
    }


def _numbers(path: SectorPath) -> dict[str, float]:
    """Tell the path of a sector in plain numbers."""
    return {key: item for key, item in path._asdict().items() if isinstance(item, float)}


def print_run(done: Finished, output: Output) -> None:
    """Print the headline table, the scoreboard and what a person should know."""
    zh, table = output.language == "zh", done.table
    output.text(f"\n{done.who.label_zh if zh else done.who.label_en} ({done.who.name})")
    head = ["", say("unit", output.language), *map(str, table.years)]
    output.table(
        head,
        [
            [line.zh if zh else line.en, line.unit]
            + [plain(value, line.digits) for value in line.values]
            for line in table.lines
        ],
        numbers=len(table.years),
    )
    ends = table.peak_year == int(done.dataset["time"].values[-1])
    output.line("no_peak" if ends else "peak", year=table.peak_year, size=table.peak)
    print_sectors(done, output)
    print_board(done, output)
    for note in (*done.notes, *(pair[zh] for pair in done.who.remarks)):
        output.line("warning", text=note)


def print_sectors(done: Finished, output: Output) -> None:
    """Print when each sector peaks, passes its stages and uses no more energy."""
    zh = output.language == "zh"
    output.line("sector_stages")
    output.table(
        [pair[zh] for pair in COLUMNS],
        [[path.zh if zh else path.en, *path.cells()] for path in done.sectors],
        numbers=len(COLUMNS) - 1,
    )


def print_board(done: Finished, output: Output) -> None:
    """Print the scoreboard with margins."""
    met, missed, rest = tally(done.board).values()
    output.text()
    output.line("board", roadmap=done.roadmap.name, met=met, missed=missed, rest=rest)
    head = ["", "milestone", "value", "target", "margin", "met_from"]
    cells = []
    for item in done.board:
        known = item.status != "not applicable"
        cells.append([
            say(item.status, output.language),
            item.label_zh if output.language == "zh" else item.label_en,
            number(item.value, item.unit) if known else "–",
            f"{item.op} {number(item.target, item.unit)}",
            number(item.margin, "1" if item.unit == "1" else "") if known else "–",
            "–" if item.year_met is None else str(item.year_met),
        ])  # fmt: skip
    output.table([say(key, output.language) if key else "" for key in head], cells, numbers=4)


def print_effects(done: Finished, output: Output) -> None:
    """Print the assumptions that matter most, by year."""
    chinese = output.language == "zh"
    for year in dict.fromkeys(item.year for item in done.effects):
        found = ranked_effects(done.effects, year)
        output.text()
        output.line("effects", year=year, count=len(found))
        output.table(
            [say(word, output.language) for word in ("assumption", "at_low", "at_high")],
            [
                [
                    item.label_zh if chinese else item.label_en,
                    f"{item.at_low - item.base:+,.0f}",
                    f"{item.at_high - item.base:+,.0f}",
                ]
                for item in found[:TOLD]
            ],
            numbers=2,
        )
