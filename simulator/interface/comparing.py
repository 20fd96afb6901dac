"""The command ``compare``: what differs in the input, and what in the outcome."""

import math
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from simulator.analysis.compare import Comparison, compare_runs
from simulator.errors import ScenarioError, SimulatorError
from simulator.interface.beside import print_beside, put_beside, ready, told, write_beside
from simulator.interface.contents import (
    content_records,
    contents_of,
    print_contents,
    write_contents,
)
from simulator.interface.finished import Finished, summary
from simulator.interface.language import say
from simulator.interface.looking import change_record, print_changes
from simulator.interface.output import Output, record
from simulator.interface.running import (
    finish,
    load_all,
    simulate,
    write,
)
from simulator.reading.changes import Change, changes
from simulator.reading.scenario import Scenario
from simulator.results.joined import join
from simulator.results.milestones import COLUMNS, rows
from simulator.results.published import Overlay
from simulator.results.wording import number, plain
from simulator.results.writing import (
    DATASET,
    MILESTONES,
    SUMMARY,
    replaced_folder,
    write_dataset,
    write_json,
    write_table,
)


def compare_command(
    output: Output,
    scenarios: Sequence[str],
    baseline: str | None,
    *,
    published: str | None,
    out: str,
    changes: Sequence[str],
    engine: str,
    no_report: bool,
    stage_content: bool,
) -> int:
    """Run scenarios and put them side by side; files go to ``DIR/compare-A-B``."""
    prepared = ready(published)
    found_all = load_all(scenarios, changes, output)
    loaded = _ordered(found_all, baseline, output, least=1 if prepared else 2)
    beside = ["--with", published] if published else []
    command = shlex.join(["shuangtan", "compare", *scenarios, *beside])
    inputs = {item.name: _input(loaded[0], item) for item in loaded[1:]}
    done: dict[str, Finished] = {}
    for scenario in loaded:
        try:
            with output.waiting(scenario.name):
                done[scenario.name] = finish(
                    scenario, simulate(scenario, engine), output, command
                )
        except SimulatorError as error:
            output.error(say("failed", output.language, name=scenario.name, text=error))
    if len(done) < len(loaded):
        for item in done.values():
            write(item, Path(out) / item.who.name, output, report=False)
        return 1
    found = compare_runs(
        {name: item.dataset for name, item in done.items()},
        {name: item.board for name, item in done.items()},
    )
    theirs = put_beside(list(done.values()), prepared)
    contents = contents_of(loaded, output) if stage_content else []
    target = Path(out) / ("compare-" + "-".join(done))[:120]
    outcome = _Outcome(found, inputs, theirs)
    _write(target, done, outcome, output=output, report=not no_report)
    write_contents(contents, target)
    if len(done) > 1:
        _print(output, found, inputs, done)
    if theirs:
        print_beside(output, theirs, list(done.values()))
    print_contents(output, contents)
    output.line("written", folder=target)
    output.json(_record(outcome) | content_records(contents))
    return 0


class _Outcome(NamedTuple):
    """All that a comparison tells."""

    found: Comparison
    inputs: dict[str, list[Change]]
    theirs: Overlay | None
    """Pathways that others published."""


def _ordered(
    loaded: list[Scenario], baseline: str | None, output: Output, least: int
) -> list[Scenario]:
    """Put the baseline first."""
    if len(loaded) < least:
        raise ScenarioError(say("two_needed", output.language))
    names = [scenario.name for scenario in loaded]
    first = Path(baseline).stem if baseline else names[0]
    if first not in names:
        message = f'the baseline "{baseline}" is not among {", ".join(names)}'
        raise ScenarioError(message)
    return sorted(loaded, key=lambda scenario: scenario.name != first)


def _input(base: Scenario, other: Scenario) -> list[Change]:
    """List what a scenario has otherwise than the baseline."""
    return changes(base.resolved, other.resolved)


def _record(outcome: _Outcome) -> dict[str, object]:
    """Write a comparison as plain mappings."""
    found, inputs, theirs = outcome
    return {
        "baseline": found.names[0],
        "scenarios": list(found.names),
        "peak_years": dict(zip(found.names, found.peak_years, strict=True)),
        "outcome": [
            {
                "key": line.key, "unit": line.unit, "year": line.year,
                "values": dict(zip(found.names, line.values, strict=True)),
                "differences": dict(zip(found.names, line.differences, strict=True)),
            }
            for line in found.outcomes
        ],
        "milestones": [record(line) for line in found.milestones],
        "costs": record(found.costs),
        "inputs": {
            name: [change_record(item) for item in lines] for name, lines in inputs.items()
        },
        **({"published": told(theirs)} if theirs else {}),
    }  # fmt: skip


def _write(
    target: Path,
    done: dict[str, Finished],
    outcome: _Outcome,
    *,
    output: Output,
    report: bool,
) -> None:
    """Write the joined data set, tables, figures and the page."""
    with replaced_folder(target) as folder:
        write_dataset(
            join({name: item.dataset for name, item in done.items()}), folder / DATASET
        )
        judged = [
            {"scenario": name} | row for name, item in done.items() for row in rows(item.board)
        ]
        write_table(judged, ("scenario", *COLUMNS), folder / MILESTONES)
        content = _record(outcome)
        content["runs"] = {name: summary(item) for name, item in done.items()}
        write_json(content, folder / SUMMARY)
        if outcome.theirs:
            write_beside(outcome.theirs, folder)
        if report:
            from simulator.interface.reporting import write_report  # noqa: PLC0415 - slow

            lines = {
                name: [change_record(item) for item in of]
                for name, of in outcome.inputs.items()
            }
            write_report(list(done.values()), folder, output, lines, outcome.theirs)


def _print(
    output: Output,
    found: Comparison,
    inputs: dict[str, list[Change]],
    done: dict[str, Finished],
) -> None:
    """Print what differs in input and in outcome."""
    base, zh = found.names[0], output.language == "zh"
    for name, lines in inputs.items():
        output.text()
        output.line("input_differs", name=name, baseline=base, count=len(lines))
        print_changes(output, lines)
    output.line("outcome", baseline=base)
    body = []
    for line in found.outcomes:
        shown = [plain(value, line.digits) for value in line.values]
        shown[1:] = [
            f"{text} ({'+' if gap > 0 else ''}{plain(gap, line.digits)})"
            for text, gap in zip(shown[1:], line.differences[1:], strict=True)
        ]
        body.append([line.zh if zh else line.en, line.unit, str(line.year), *shown])
    body.append([say("peak_year", output.language), "", "", *map(str, found.peak_years)])
    labels = [
        done[name].who.label_zh if zh else done[name].who.label_en for name in found.names
    ]
    output.table(["", say("unit", output.language), "", *labels], body, numbers=len(labels))
    _print_costs(output, found, labels[1:])
    _print_milestones(output, found, labels)


def _print_costs(output: Output, found: Comparison, labels: list[str]) -> None:
    """Print what the scenarios cost more than the baseline, and a tonne avoided."""
    table, zh = found.costs, output.language == "zh"
    output.line(
        "costs",
        baseline=found.names[0],
        rate=f"{100.0 * table.discount_rate:g}",
        first=table.first_year,
        last=table.last_year,
    )
    nation = table.lines[0]
    body = [
        [say(key, output.language), unit, *(plain(value, 0) for value in values)]
        for key, unit, values in (
            ("extra_cost", "bn CNY", nation.extra_cost),
            ("carbon_payments", "bn CNY", nation.carbon_payments),
            ("avoided", "Mt CO2", nation.avoided),
        )
    ]
    for line in table.lines:
        if not all(map(math.isnan, line.abatement_cost)):
            name = f"{say('abatement_cost', output.language)}: {line.zh if zh else line.en}"
            body.append([name, "CNY/t", *(plain(value, 0) for value in line.abatement_cost)])
    output.table(["", say("unit", output.language), *labels], body, numbers=len(labels))


def _print_milestones(output: Output, found: Comparison, labels: list[str]) -> None:
    """Print the milestones that tell the scenarios apart."""
    if not found.milestones:
        output.line("same_milestones")
        return
    output.line("differing_milestones")
    body = []
    for line in found.milestones:
        cells = [
            "–" if item is None
            else f"{number(item.value, line.unit)} {say(item.status, output.language)}"
            for item in line.results
        ]  # fmt: skip
        body.append([line.label_zh if output.language == "zh" else line.label_en, *cells])
    output.table([say("milestone", output.language), *labels], body, numbers=len(labels))
