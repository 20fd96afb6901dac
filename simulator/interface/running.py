"""The command ``run``: simulate, judge, write, print."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import simulator
from simulator.errors import ScenarioError, SimulatorError
from simulator.interface.ensembling import run_ensemble
from simulator.interface.finished import Finished, print_effects, print_run, summary
from simulator.interface.language import say
from simulator.interface.looking import change_record, load_scenario, notes_of
from simulator.interface.output import Output
from simulator.reading.changes import changes_of
from simulator.reading.roadmap import load_roadmap
from simulator.reading.scenario import Scenario
from simulator.results import milestones as scoreboard
from simulator.results.about import about
from simulator.results.effects import FILE as EFFECTS
from simulator.results.effects import Effect, write_effects
from simulator.results.headline import headline
from simulator.results.milestones import milestones, rows
from simulator.results.sectors import sector_paths
from simulator.results.stages import stages
from simulator.results.writing import (
    DATASET,
    MILESTONES,
    SUMMARY,
    replaced_folder,
    write_dataset,
    write_json,
    write_table,
)

if TYPE_CHECKING:
    import xarray as xr


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
    weights: str,
    assumptions: bool,
) -> int:
    """Run scenarios one after the other; one that fails does not stop the rest."""
    loaded = load_all(scenarios, changes, output)
    summaries, failed = [], False
    for scenario in loaded:
        command = _command("run", [scenario_word(scenario, scenarios)], changes)
        try:
            with output.waiting(scenario.name):
                done = finish(scenario, simulate(scenario, engine), output, command)
                if assumptions:
                    done = done._replace(effects=_effects(scenario))
                write(done, Path(out) / scenario.name, output, report=not no_report)
            told = summary(done)
            print_run(done, output)
            print_effects(done, output)
            if ensemble is not None:
                target = Path(out) / scenario.name
                told["ensemble"] = run_ensemble(
                    output, scenario, ensemble, seed, target, weigh=weights == "history"
                )
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


def _effects(scenario: Scenario) -> tuple[Effect, ...]:
    """Measure what each uncertain assumption does."""
    from simulator.analysis.effects import effects  # noqa: PLC0415 - scipy

    return effects(scenario)


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
        if done.effects:
            write_effects(done.effects, folder / EFFECTS)
        if report:
            from simulator.interface.reporting import write_report  # noqa: PLC0415 - slow

            write_report([done], folder, output)


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
