"""The command ``run``: simulate, judge, write, print."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import simulator
from simulator.errors import ScenarioError, SimulatorError
from simulator.interface.ensembling import run_ensemble
from simulator.interface.finished import Finished, print_run, summary
from simulator.interface.language import say
from simulator.interface.looking import change_record, load_scenario, notes_of
from simulator.interface.output import Output
from simulator.reading.changes import changes_of
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario
from simulator.results import milestones as scoreboard
from simulator.results.about import about
from simulator.results.headline import headline
from simulator.results.milestones import milestones, rows
from simulator.results.sectors import sector_paths
from simulator.results.stages import stages
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

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.figure import Figure


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
        sectors=sector_paths(dataset),
        notes=notes_of(scenario, output),
        changes=[change_record(change) for change in changes_of(scenario)],
        description=(text.en, text.zh) if text else ("", ""),
        command=command,
    )


def write(done: Finished, target: Path, output: Output, *, report: bool) -> None:
    """Write all files of a run; the folder changes from old to new in one step."""
    with replaced_folder(target) as folder:
        write_dataset(done.dataset, folder / DATASET)
        write_table(rows(done.board), scoreboard.COLUMNS, folder / MILESTONES)
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
        sectors=done.sectors,
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
