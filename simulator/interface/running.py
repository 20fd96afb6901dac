"""The command ``run``: simulate, judge, write, print."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import simulator
from simulator.errors import ScenarioError, SimulatorError
from simulator.interface.ensembling import run_ensemble
from simulator.interface.language import say
from simulator.interface.looking import change_record, load_scenario, notes_of
from simulator.interface.output import Output
from simulator.reading.changes import changes_of
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario
from simulator.results.about import About, about
from simulator.results.headline import Headline, headline
from simulator.results.milestones import COLUMNS, MilestoneResult, milestones, rows
from simulator.results.stages import StageBoundaries, stages
from simulator.results.wording import number, plain, tally
from simulator.results.writing import (
    DATASET,
    FIGURES,
    MILESTONES,
    REPORT,
    SUMMARY,
    replaced_folder,
    write_dataset,
    write_json,
    write_table,
)
from simulator.schema.roadmap import Roadmap

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


class Finished(NamedTuple):
    """A run with everything that is told about it."""

    dataset: "xr.Dataset"
    who: About
    table: Headline
    roadmap: Roadmap
    board: list[MilestoneResult]
    stages: StageBoundaries
    notes: list[str]
    changes: list[dict[str, str]]
    """Against the scenario that it extends."""
    description: tuple[str, str]
    command: str


def run_command(
    output: Output,
    scenarios: Sequence[str],
    *,
    out: str,
    changes: Sequence[str],
    engine: str,
    no_report: bool,
    ensemble: int | None,
    seed: int,
) -> int:
    """Run scenarios one after the other; one that fails does not stop the rest."""
    loaded = load_all(scenarios, changes, output)
    summaries, failed = [], False
    for scenario in loaded:
        command = _command("run", [scenario_word(scenario, scenarios)], changes)
        try:
            with output.waiting(scenario.name):
                done = finish(scenario, simulate(scenario, engine), output, command)
                write(done, Path(out) / scenario.name, output, report=not no_report)
            told = summary(done)
            print_run(done, output)
            if ensemble is not None:
                target = Path(out) / scenario.name
                told["ensemble"] = run_ensemble(output, scenario, ensemble, seed, target)
        except SimulatorError as error:
            failed = True
            output.error(say("failed", output.language, name=scenario.name, text=error))
            continue
        summaries.append(told)
        output.line("written", folder=Path(out) / scenario.name)
    output.json(summaries)
    return 1 if failed else 0


def load_all(names: Sequence[str], changes: Sequence[str], output: Output) -> list[Scenario]:
    """Read every scenario before the first one runs; all that is wrong is said at once."""
    loaded, wrong = [], []
    for name in names:
        try:
            loaded.append(load_scenario(name, changes))
        except ScenarioError as error:
            wrong += [item for item in error.args if item not in wrong]
    known = [scenario.name for scenario in loaded]
    wrong += [
        say("twice", output.language, name=name)
        for name in sorted({name for name in known if known.count(name) > 1})
    ]
    if wrong:
        raise ScenarioError(*wrong)
    return loaded


def simulate(scenario: Scenario, engine: str) -> "xr.Dataset":
    """Run one scenario."""
    found: xr.Dataset = simulator.run(scenario, engine=engine)
    return found


def finish(scenario: Scenario, dataset: "xr.Dataset", output: Output, command: str) -> Finished:
    """Judge a run."""
    roadmap = load_roadmap(scenario.resolved.roadmap)
    text = scenario.description
    return Finished(
        dataset=dataset,
        who=about(dataset),
        table=headline(dataset),
        roadmap=roadmap,
        board=milestones(dataset, roadmap),
        stages=stages(dataset),
        notes=notes_of(scenario, output),
        changes=[change_record(change) for change in changes_of(scenario)],
        description=(text.en, text.zh) if text else ("", ""),
        command=command,
    )


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


def write(done: Finished, target: Path, output: Output, *, report: bool) -> None:
    """Write all files of a run; the folder changes from old to new in one step."""
    with replaced_folder(target) as folder:
        write_dataset(done.dataset, folder / DATASET)
        write_table(rows(done.board), COLUMNS, folder / MILESTONES)
        write_json(summary(done), folder / SUMMARY)
        if report:
            write_report(done, folder, output)


def write_report(done: Finished, folder: Path, output: Output) -> None:
    """Draw the figures and write the page that holds them."""
    from simulator.export import plot as draw  # noqa: PLC0415 - plotting is slow to import
    from simulator.export.fonts import advice  # noqa: PLC0415
    from simulator.export.report import ChangeLine, Story, report  # noqa: PLC0415

    ds, language = done.dataset, output.language
    pictures = save_figures(folder, {
        "emissions": lambda: draw.emissions(ds, language),
        "pathway": lambda: draw.pathway(
            ds, language, observed=observed(), roadmap=done.roadmap, scoreboard=done.board
        ),
        "power": lambda: draw.power(ds, language),
        "technology": lambda: draw.technology(ds, language),
        "efficiency": lambda: draw.efficiency(ds, language),
        "electrification": lambda: draw.electrification(ds, language),
        "energy_flows": lambda: draw.energy_flows(ds, language=language),
        "materials": lambda: draw.materials(ds, language),
        "machines": lambda: draw.machines(ds, language),
        "costs": lambda: draw.costs(ds, language),
    })  # fmt: skip
    story = Story(
        dataset=ds,
        scoreboard=done.board,
        stages=done.stages,
        roadmap=done.roadmap,
        description=done.description,
        changes=[ChangeLine(*change.values()) for change in done.changes],
        sources=sources(),
        command=done.command,
    )
    page = report(story, pictures, language, advice(language))
    (folder / REPORT).write_text(page, encoding="utf-8")


def save_figures(
    folder: Path, drawings: Mapping[str, Callable[[], "Figure"]]
) -> dict[str, bytes]:
    """Draw and write figures; return them by name."""
    from simulator.export.figures import save  # noqa: PLC0415

    (folder / FIGURES).mkdir(exist_ok=True)
    found = {}
    for name, drawing in drawings.items():
        path = folder / FIGURES / f"{name}.png"
        save(drawing(), path)
        found[name] = path.read_bytes()
    return found


def observed() -> dict[int, float]:
    """Observed national CO2 by year, from the first year of the model [Mt]."""
    from calibration.observations import load_observations  # noqa: PLC0415
    from simulator.model.national import START  # noqa: PLC0415

    series = load_observations()["co2.total"]
    return {int(year): series.at(int(year)) for year in series.years if year >= START}


def sources() -> list[str]:
    """Cite every source of the data, in order."""
    from simulator.reading.sources import load_sources  # noqa: PLC0415

    return sorted({reference.citation() for reference in load_sources().values()})


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
    print_board(done, output)
    for note in (*done.notes, *(pair[zh] for pair in done.who.remarks)):
        output.line("warning", text=note)


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


def scenario_word(scenario: Scenario, words: Sequence[str]) -> str:
    """Return how the scenario was named on the command line."""
    found = [word for word in words if Path(word).stem == scenario.name]
    return found[0] if found else scenario.name


def _command(verb: str, names: Sequence[str], changes: Sequence[str]) -> str:
    """Write the command that repeats a run."""
    words = ["shuangtan", verb, *names]
    for change in changes:
        words += ["--set", change]
    return shlex.join(words)
