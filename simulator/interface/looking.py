"""Commands that look: list, check, explain, schema, and history as it closes."""

from collections.abc import Iterable, Sequence
from typing import Final

from simulator.errors import ScenarioError
from simulator.interface.language import say
from simulator.interface.naming import NAMED, PRODUCT, explain_named
from simulator.interface.output import Output, record
from simulator.interface.printed import free_year_table, printed_table, signed
from simulator.reading.changes import Change, changes_of, show
from simulator.reading.scenario import Scenario, load, parse_assignment
from simulator.schema.numbers import Label

BASELINE: Final = "current_policies"
"""Scenario whose run is looked at where none is named."""


def load_scenario(name: str, changes: Sequence[str] = ()) -> Scenario:
    """Read a scenario and change the settings that the command line gives."""
    scenario = load(name)
    if changes:
        scenario = scenario.replace(dict(map(parse_assignment, changes)), file="<set>")
    return scenario


def list_command(output: Output) -> int:
    """List what there is."""
    from simulator.reading.catalogue import load_policies  # noqa: PLC0415
    from simulator.reading.roadmap import list_roadmaps, load_roadmap  # noqa: PLC0415
    from simulator.reading.scenario import list_scenarios  # noqa: PLC0415

    scenarios, levers = list_scenarios(), load_policies()
    roadmaps = {name: load_roadmap(name).label for name in list_roadmaps()}
    head = [say(key, output.language) for key in ("name", "label")]

    def tell(label: Label | None) -> str:
        return "" if label is None else label.zh if output.language == "zh" else label.en

    output.line("scenarios")
    output.table(
        head, [[item.name, tell(item.description or item.label)] for item in scenarios]
    )
    output.line("roadmaps")
    output.table(head, [[name, tell(label)] for name, label in roadmaps.items()])
    output.line("policies")
    rows = []
    for name, lever in levers.items():
        note = "" if lever.active else f" ({say('inactive_note', output.language)})"
        settings = ", ".join(f"{word} [{item.unit}]" for word, item in lever.settings.items())
        rows.append([lever.id, name, tell(lever.label) + note, settings])
    output.table(["", *head, say("settings", output.language)], rows)
    output.json({
        "scenarios": {item.name: item.label.model_dump() for item in scenarios},
        "roadmaps": {name: label.model_dump() for name, label in roadmaps.items()},
        "policies": {name: lever.model_dump() for name, lever in levers.items()},
    })  # fmt: skip
    return 0


def check_command(output: Output, scenario: str, changes: Sequence[str]) -> int:
    """Check a file and say what it changes."""
    read = load_scenario(scenario, changes)
    found, name = changes_of(read), read.name
    output.line("fine", file=scenario)
    notes = notes_of(read, output)
    if len(read.layers) < 2:
        count = len(read.resolved.parameters.overrides)
        output.line("extends_nothing", name=name, count=count)
    elif found:
        output.line("changes", name=name, count=len(found))
        print_changes(output, found)
    else:
        notes.append(say("changes_nothing", output.language, name=name))
    for note in notes:
        output.line("warning", text=note)
    output.json({
        "name": name,
        "changes": [change_record(change) for change in found],
        "warnings": notes,
        "inactive": list(read.resolved.inactive),
        "hash": read.resolved.digest,
    })  # fmt: skip
    return 0


def notes_of(scenario: Scenario, output: Output) -> list[str]:
    """Say what a person should look at, policies that do nothing yet included."""
    resolved = scenario.resolved
    idle = [say("not_active", output.language, name=name) for name in resolved.inactive]
    return [*map(str, resolved.warnings), *idle]


def print_changes(output: Output, changes: Iterable[Change]) -> None:
    """Print differences between two scenarios."""
    for change in changes:
        line = change_record(change)
        place = f"   [{line['set_at'].rsplit('/', 1)[-1]}]" if line["set_at"] else ""
        output.text(f"  {line['parameter']}{place}")
        output.text(f"      {line['before']}  ->  {line['after']}")


def change_record(change: Change) -> dict[str, str]:
    """Write a difference as text."""
    origin = change.origin
    return {
        "parameter": change.path,
        "before": show(change.before, change.unit),
        "after": show(change.after, change.unit),
        "set_at": f"{origin.file}:{origin.line}" if origin else "",
    }


def explain_command(
    output: Output, key: Sequence[str], scenario: str | None, changes: Sequence[str]
) -> int:
    """Say where a number comes from, or what stands for a mechanism or fact."""
    from simulator.reading.explain import explain  # noqa: PLC0415

    if changes and scenario is None:
        message = "--set changes a scenario: say which one with --scenario"
        raise ScenarioError(message)
    what, *names = key
    if len(names) != (what in (*NAMED, PRODUCT)):
        raise ScenarioError(say("explain_words", output.language))
    if what == PRODUCT:
        from simulator.interface.products import explain_product  # noqa: PLC0415

        chosen = load_scenario(scenario or BASELINE, changes)
        return explain_product(output, names[0], chosen)
    resolved = load_scenario(scenario, changes).resolved if scenario else None
    if names:
        return explain_named(output, what, names[0], resolved)
    found = explain(what, resolved)
    for line in found.lines():
        output.text(line)
    output.json(record(found))
    return 0


def schema_command(output: Output, kind: str) -> int:
    """Print the JSON Schema of a kind of files; it is JSON in any case."""
    from simulator.reading.json_schema import schema_of  # noqa: PLC0415

    Output(output.language, quiet=output.quiet, as_json=True).json(schema_of(kind))
    return 0


def closing_command(output: Output, scenario: str) -> int:
    """Hold a run against observed history, and say how much of it was free to fail."""
    import simulator  # noqa: PLC0415 - the model is needed by this command alone
    from calibration.closure import residuals  # noqa: PLC0415
    from calibration.documents import documents  # noqa: PLC0415
    from calibration.free_year import free_year  # noqa: PLC0415
    from calibration.hindcast import ROLES, hindcast  # noqa: PLC0415

    chosen, place = load_scenario(scenario), 1 if output.language == "zh" else 0
    with output.waiting(chosen.name):
        dataset = simulator.run(chosen)
        lines, printed = hindcast(dataset), documents(dataset)
        reported = free_year(dataset)
    body = []
    for name in dict.fromkeys(line.name for line in lines):
        own = [line for line in lines if line.name == name]
        worst = max(own, key=lambda line: abs(line.error))
        bar = "" if worst.bar is None else f"{100 * worst.bar:.1f} %"
        verdict = "" if worst.met is None else "pass" if worst.met else "fail"
        body.append([
            worst.zh if place else worst.en, ROLES[worst.role][place], worst.unit,
            f"{own[0].year}–{own[-1].year}", signed(worst.error), str(worst.year),
            bar, say(verdict, output.language) if verdict else "",
        ])  # fmt: skip
    words = ("series", "role", "unit", "years", "worst", "worst_year", "bar", "")
    head = [say(word, output.language) if word else "" for word in words]
    output.table(head, body, numbers=4)
    output.line("residuals")
    closing = residuals()
    output.table(
        [say(word, output.language) for word in ("series", "unit", "years", "largest_share")],
        [
            [
                worst.zh if place else worst.en, worst.unit, str(worst.year),
                signed(worst.share),
            ]
            for fuel in dict.fromkeys(item.fuel for item in closing)
            for worst in [
                max((r for r in closing if r.fuel == fuel), key=lambda item: abs(item.share))
            ]
        ],
        numbers=1,
    )  # fmt: skip
    free_year_table(output, reported)
    printed_table(output, printed)
    output.json({
        "series": [record(line) for line in lines],
        "residuals": [record(line) for line in closing],
        "free_year": [record(item) for item in reported],
        "documents": [record(item) for item in printed],
    })  # fmt: skip
    return 0
