"""What ``seek --out`` writes: a table of what was tried, and a figure."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from simulator.interface.output import Output
from simulator.reading.changes import show
from simulator.results.writing import write_table

if TYPE_CHECKING:
    from simulator.analysis.sought import Attempt, Sought

TABLE: Final = "attempts.csv"
FIGURE: Final = "gap.png"


def write_attempts(output: Output, found: "Sought", folder: Path) -> None:
    """Write a table and a figure to a folder of their own."""
    from simulator.export.figures import save  # noqa: PLC0415 - matplotlib
    from simulator.export.gap import gap  # noqa: PLC0415
    from simulator.results.about import about_scenario  # noqa: PLC0415

    target = folder / f"seek-{found.search.name}"[:120]
    target.mkdir(parents=True, exist_ok=True)
    rows = rows_of(found)
    write_table(rows, list(rows[0]), target / TABLE)
    scenario, together = found.search.scenario, found.together
    who = about_scenario(scenario)
    label = found.search.goal.milestone.label
    alone = [one.closing(found.missing) for one in found.alone]
    all_of_them = None if together is None else together.closing(found.missing)
    figure = gap(who, (label.en, label.zh), alone, all_of_them, output.language)
    save(figure, target / FIGURE)
    output.line("written", folder=target)


def rows_of(found: "Sought") -> list[dict[str, str]]:
    """Every setting of everything that was tried in a row."""
    tried = [("alone", one) for one in found.alone]
    if found.together is not None:
        tried.append(("together", found.together))
    if found.answer is not None:
        tried.append(("answer", found.answer.attempt))
    return [row for how, one in tried for row in _rows(how, one, found)]


def _rows(how: str, attempt: "Attempt", found: "Sought") -> list[dict[str, str]]:
    unit, reached = found.search.goal.milestone.unit, attempt.reached
    return [
        {
            "tried": how,
            "label_en": attempt.label.en,
            "label_zh": attempt.label.zh,
            "setting": item.key,
            "unit": item.unit,
            "before": show(item.before),
            "after": show(item.after),
            "enough": str(attempt.met).lower(),
            "step": f"{reached.step:.6g}" if attempt.met else "",
            "room": f"{reached.room:.6g}",
            "room_unit": unit,
        }
        for item in attempt.settings
    ]
