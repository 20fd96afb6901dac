"""The command ``seek``: what it takes to meet a milestone."""

import math
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulator.interface.language import Language, say
from simulator.interface.output import Output, record
from simulator.reading.changes import show
from simulator.results.wording import number, plain
from simulator.schema.numbers import Label

if TYPE_CHECKING:
    from simulator.analysis.sought import Answer, Attempt, Sought

FAILED: Final = 1

YEARS: Final = (2030, 2060)
"""Years of net emissions that are told beside the target."""


def seek_command(output: Output, target: str, *, write: str | None, out: str | None) -> int:
    """Find what it takes, tell it, and write it and the scenario if that is asked for."""
    from simulator.analysis.seek import seek  # noqa: PLC0415 - slow to import
    from simulator.analysis.seek_file import load_seek  # noqa: PLC0415
    from simulator.analysis.sought import extended, write_found  # noqa: PLC0415

    search = load_seek(target)
    if write is not None:
        extended(search, Path(write))
    for warning in search.warnings:
        output.line("warning", text=warning)
    with output.waiting(search.name):
        found = seek(search)
    _print(output, found)
    if out is not None and not found.needless:
        from simulator.interface.seek_written import write_attempts  # noqa: PLC0415

        write_attempts(output, found, Path(out))
    if found.answer is not None and write is not None:
        write_found(found, Path(write))
        output.line("written", folder=write)
    elif found.answer is not None:
        words = ["shuangtan", "seek", target, "--write", f"{found.answer.scenario.name}.yaml"]
        output.line("seek_to_write", command=shlex.join(words))
    elif write is not None:
        output.line("seek_nothing_written", file=write)
    if not found.met:
        output.error(say("seek_failed", output.language))
    output.json(_record(found, write if found.answer else None))
    return 0 if found.met else FAILED


def _print(output: Output, found: "Sought") -> None:
    """Print the target, what each thing does alone and all together, and the answer."""
    goal, before, language = found.search.goal, found.before, output.language
    item, name = goal.milestone, found.search.scenario.name
    spare = _amount(goal.margin, item.unit, language)
    output.line(
        "seek_target",
        label=_told(item.label, language),
        op=item.op,
        target=_amount(item.target, item.unit),
        margin=say("seek_margin", language, margin=spare) if goal.margin else "",
    )
    value = _amount(before.value, item.unit)
    if found.needless:
        room = _amount(-found.missing, item.unit, language)
        output.line("seek_needless", name=name, value=value, room=room)
        return
    if math.isnan(found.missing):
        output.line("seek_before_none", name=name, reason=before.reason)
    else:
        missing = _amount(found.missing, item.unit, language)
        output.line("seek_before", name=name, value=value, missing=missing)
    _print_alone(output, found)
    if found.together is not None:
        _print_together(output, found.together, item.unit)
    if found.answer is not None:
        _print_answer(output, found, found.answer)


def _print_alone(output: Output, found: "Sought") -> None:
    """Print how far each thing alone has to go."""
    language, unit = output.language, found.search.goal.milestone.unit
    body = [
        [_told(one.label, language), *_way(one, language), _verdict(one, unit, language)]
        for one in found.alone
    ]
    output.line("seek_alone")
    heads = ("seek_moved", "seek_now", "seek_end", "seek_needed", "seek_result")
    output.table([say(head, language) for head in heads], body)
    for attempt in found.alone:
        _print_lost(output, attempt)


def _way(attempt: "Attempt", language: Language) -> list[str]:
    """Say from where to where one thing goes, and how far it has to; shortly for a policy."""
    parts = [part for knob in attempt.knobs for part in knob.parts]
    if len(parts) > 1:
        return ["", say("seek_settings", language, count=len(parts)), ""]
    (part,), (item,) = parts, attempt.settings
    found = show(item.after, item.unit) if attempt.met else "–"
    return [show(item.before, item.unit), show(part.end, item.unit), found]


def _verdict(attempt: "Attempt", unit: str, language: Language) -> str:
    """Say whether one thing alone is enough."""
    if attempt.met:
        return say("seek_enough", language, share=_share(attempt.reached.step))
    return say("seek_cannot", language, missing=_amount(-attempt.reached.room, unit, language))


def _print_together(output: Output, attempt: "Attempt", unit: str) -> None:
    """Print how far all together have to go."""
    if attempt.met:
        output.line("seek_together", share=_share(attempt.reached.step))
        _print_lost(output, attempt)
        return
    output.line(
        "seek_together_cannot",
        share=_share(attempt.reached.best),
        missing=_amount(-attempt.reached.room, unit, output.language),
    )


def _print_lost(output: Output, attempt: "Attempt") -> None:
    """Say where a target that was met is missed again."""
    if not math.isnan(attempt.reached.lost):
        output.line("seek_lost", share=_share(attempt.reached.lost))


def _print_answer(output: Output, found: "Sought", answer: "Answer") -> None:
    """Print the settings that meet the target, and what else they move."""
    language, unit = output.language, found.search.goal.milestone.unit
    output.line(
        "seek_answer",
        label=found.search.scenario.name,
        value=_amount(answer.result.value, unit),
        room=_amount(answer.room, unit, language),
        runs=found.runs,
    )
    cheapest = found.least is not None and answer.attempt.label == found.least.label
    if cheapest and answer.minimised is not None and found.search.minimise is not None:
        before, after = answer.minimised
        text = found.search.minimise.text
        output.line("seek_least", what=text, before=number(before, ""), after=number(after, ""))
    if found.together is not None and len(answer.attempt.knobs) < len(found.together.knobs):
        kept = {knob.key for knob in answer.attempt.knobs}
        idle = [_told(knob.label, language) for knob in found.together.knobs
                if knob.key not in kept]  # fmt: skip
        output.line("seek_idle", names="; ".join(idle))
    for item in answer.attempt.settings:
        output.text(f"  {item.key}  ({_told(item.label, language)})")
        output.text(f"      {show(item.before, item.unit)}  ->  {show(item.after, item.unit)}")
    compared = answer.comparison
    body = [
        [line.zh if language == "zh" else line.en, line.unit, str(line.year)]
        + [plain(value, line.digits) for value in line.values]
        for line in compared.outcomes
        if line.key == "emissions_net" and line.year in YEARS
    ]
    body.append(
        [say("seek_cumulative", language), "Gt", ""]
        + [plain(value, 1) for value in answer.cumulative]
    )
    nation = compared.costs.lines[0]
    for key, measure, values in (
        ("seek_cost", "bn CNY", nation.extra_cost),
        ("seek_per_tonne", "CNY/t", nation.abatement_cost),
    ):
        body.append([say(key, language), measure, "", "", plain(values[0], 0)])
    output.line("seek_else")
    heads = ["", say("unit", language), "", say("before", language), say("after", language)]
    output.table(heads, body, numbers=2)
    for key, turned in (("seek_won", answer.won), ("seek_lost_milestones", answer.lost)):
        names = [one.label_zh if language == "zh" else one.label_en for one in turned]
        output.line(key, names="; ".join(names) or say("seek_none", language))


def _told(label: Label, language: Language) -> str:
    return label.zh if language == "zh" else label.en


def _share(step: float) -> str:
    return f"{plain(100.0 * step, 1)} %"


def _amount(value: float, unit: str, language: Language | None = None) -> str:
    """Write a number with its unit; with a language a difference, of shares in points."""
    if unit == "year":
        text = plain(value, 0).replace(",", "")
        return text if language is None else say("seek_years", language, value=text)
    if unit == "1" and language is not None:
        return say("points", language, value=plain(100.0 * value, 1))
    text = number(value, unit)
    return text if unit == "1" else f"{text} {unit}"


def _record(found: "Sought", file: str | None) -> dict[str, Any]:
    """Tell what was found in plain numbers."""
    goal = found.search.goal
    told: dict[str, Any] = {
        "search": found.search.name,
        "scenario": found.search.scenario.name,
        "target": record(goal.milestone) | {"margin": goal.margin},
        "met": found.met,
        "met_already": found.needless,
        "value": found.before.value,
        "missing": found.missing,
        "runs": found.runs,
        "alone": [_attempt(one) for one in found.alone],
        "together": None if found.together is None else _attempt(found.together),
        "least": None if found.least is None else _attempt(found.least),
        "answer": None,
    }
    answer = found.answer
    if answer is not None:
        compared, nation = answer.comparison, answer.comparison.costs.lines[0]
        told["answer"] = {
            "file": file,
            "step": answer.attempt.reached.step,
            "settings": _attempt(answer.attempt)["settings"],
            "value": answer.result.value,
            "room": answer.room,
            "minimised": None
            if answer.minimised is None
            else dict(zip(("before", "after"), answer.minimised, strict=True)),
            "cumulative_emissions": dict(
                zip(("before", "after"), answer.cumulative, strict=True)
            ),
            "outcome": [
                {"key": line.key, "unit": line.unit, "year": line.year}
                | dict(zip(("before", "after"), line.values, strict=True))
                for line in compared.outcomes
            ],
            "extra_cost": nation.extra_cost[0],
            "abatement_cost": nation.abatement_cost[0],
            "won": [one.id for one in answer.won],
            "lost": [one.id for one in answer.lost],
            "hash": answer.scenario.resolved.digest,
        }
    return told


def _attempt(attempt: "Attempt") -> dict[str, Any]:
    """Tell one attempt in plain numbers."""
    return {
        "label": record(attempt.label),
        "met": attempt.met,
        **attempt.reached._asdict(),
        "settings": [
            {"key": item.key, "label": record(item.label), "unit": item.unit}
            | {word: record(getattr(item, word)) for word in ("before", "after")}
            for item in attempt.settings
        ],
    }
