"""Figures and the page of a report, from runs that are finished or were saved."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulator.interface.output import Output
from simulator.results.history import FILE as HISTORY
from simulator.results.history import read_history
from simulator.results.writing import FIGURES, REPORT

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from simulator.export.evidence import Matters
    from simulator.export.report import Story
    from simulator.export.report_parts import Assumption
    from simulator.interface.finished import Finished
    from simulator.results.published import Overlay

MEASURED: Final = Path(str(files("calibration"))) / "measured"
"""Tables that the project ships, written by ``docs/measure.py``."""

SHOWN_ASSUMPTIONS: Final = 15
"""Assumptions that a report lists."""

Changes = Mapping[str, Sequence[Mapping[str, str]]]
"""Input that differs from that of the first run, by scenario."""


def write_report(
    done: Sequence["Finished"],
    folder: Path,
    output: Output,
    differences: Changes | None = None,
    overlay: "Overlay | None" = None,
) -> None:
    """Draw the figures and write the page, of one run or of several side by side."""
    from simulator.export.fonts import advice  # noqa: PLC0415 - plotting is slow to import

    several = len(done) > 1 or overlay is not None
    drawings = _several(done, output, overlay) if several else _one(done[0], output)
    save_figures(folder, drawings)
    if missing := advice(output.language):
        output.error(missing)
    write_page(done, folder / REPORT, output, differences, overlay)


def write_page(
    done: Sequence["Finished"],
    path: Path,
    output: Output,
    differences: Changes | None = None,
    overlay: "Overlay | None" = None,
) -> None:
    """Write the page alone."""
    from simulator.export.report import Background, report  # noqa: PLC0415
    from simulator.export.report_parts import ChangeLine  # noqa: PLC0415

    background = Background(
        sources=sources(),
        observed=observed(),
        assumptions=assumptions(),
        matters=matters(done),
        history=read_history(MEASURED / HISTORY),
        differences={
            name: [ChangeLine(*line.values()) for line in lines]
            for name, lines in (differences or {}).items()
        },
        overlay=overlay,
    )
    text = report([_story(item) for item in done], output.language, background)
    path.write_text(text, encoding="utf-8")


def _story(done: "Finished") -> "Story":
    """Tell a run to the report."""
    from simulator.export.report import Story  # noqa: PLC0415
    from simulator.export.report_parts import ChangeLine  # noqa: PLC0415

    return Story(
        dataset=done.dataset,
        scoreboard=done.board,
        stages=done.stages,
        sectors=done.sectors,
        roadmap=done.roadmap,
        description=done.description,
        changes=[ChangeLine(*change.values()) for change in done.changes],
        command=done.command,
    )


def _one(done: "Finished", output: Output) -> dict[str, Callable[[], "Figure"]]:
    """Figures of one run."""
    from simulator.export import plot as draw  # noqa: PLC0415

    ds, language = done.dataset, output.language
    return {
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
    }


def _several(
    done: Sequence["Finished"], output: Output, overlay: "Overlay | None"
) -> dict[str, Callable[[], "Figure"]]:
    """Figures of several runs side by side, and beside what others published."""
    from simulator.export import comparison as draw  # noqa: PLC0415
    from simulator.export import figures_beside as beside  # noqa: PLC0415
    from simulator.export import figures_fleets_beside as fleets  # noqa: PLC0415
    from simulator.export.published import published  # noqa: PLC0415
    from simulator.export.scoreboard import scoreboard  # noqa: PLC0415
    from simulator.export.waterfall import waterfall  # noqa: PLC0415

    first, language = done[0], output.language
    contest = draw.Contest(
        {item.who.name: item.dataset for item in done},
        {item.who.name: item.board for item in done},
    )
    names = {item.who.name: (item.who.label_en, item.who.label_zh) for item in done}
    found: dict[str, Callable[[], Figure]] = {
        "compared": lambda: draw.compared(
            contest, language, observed(), first.roadmap, overlay
        ),
        "scoreboard": lambda: scoreboard(
            first.who, contest.boards, language, names, [item.who for item in done[1:]]
        ),
    }
    if len(done) > 1:
        found |= {
            "waterfall": lambda: waterfall(first.dataset, done[-1].dataset, language=language),
            "difference": lambda: draw.difference(contest, language),
        }
        drawn = (
            beside.emissions, beside.power, fleets.technology, fleets.efficiency,
            beside.electrification, beside.materials, fleets.machines, beside.costs,
        )  # fmt: skip
        found |= {one.__name__: partial(one, contest.runs, language) for one in drawn}
    if overlay is not None:
        found["published"] = lambda: published(contest.runs, overlay, language)
    return found


def save_figures(folder: Path, drawings: Mapping[str, Callable[[], "Figure"]]) -> None:
    """Draw and write figures."""
    from simulator.export.figures import save  # noqa: PLC0415

    (folder / FIGURES).mkdir(exist_ok=True)
    for name, drawing in drawings.items():
        save(drawing(), folder / FIGURES / f"{name}.png")


def observed() -> dict[int, float]:
    """Observed national CO2 by year [Mt]."""
    from calibration.observations import load_observations  # noqa: PLC0415

    series = load_observations()["co2.total"]
    return dict(zip(map(int, series.years), map(float, series.values), strict=True))


def sources() -> list[str]:
    """Cite every source of the data, in order."""
    from simulator.reading.sources import load_sources  # noqa: PLC0415

    return sorted({reference.citation() for reference in load_sources().values()})


def matters(done: Sequence["Finished"]) -> "Matters | None":
    """What the assumptions do: measured for one of the runs, else as the project ships it."""
    from simulator.export.evidence import Matters  # noqa: PLC0415
    from simulator.reading.sources import load_sources  # noqa: PLC0415
    from simulator.results.effects import FILE, read_effects  # noqa: PLC0415

    own = next((item.effects for item in done if item.effects), ())
    found = own or read_effects(MEASURED / FILE)
    if not found:
        return None
    ran = {item.who.name: item.who for item in done}
    base = ran.get(found[0].scenario)
    citations = {key: one.citation() for key, one in load_sources().items()}
    labels = (base.label_en, base.label_zh) if base else _labels(found[0].scenario)
    return Matters(
        found, labels, citations, own=bool(own),
        outdated=base is not None and base.digest != found[0].digest,
    )  # fmt: skip


def _labels(name: str) -> tuple[str, str]:
    """Name a shipped scenario."""
    from simulator.reading.scenario import list_scenarios  # noqa: PLC0415

    known = {item.name: item.label for item in list_scenarios()}
    return (known[name].en, known[name].zh) if name in known else (name, name)


def assumptions() -> list["Assumption"]:
    """Judged numbers, those whose range is widest for their size first; one of each kind."""
    from simulator.export.report_parts import Assumption  # noqa: PLC0415
    from simulator.reading.changes import show  # noqa: PLC0415
    from simulator.reading.parameters import load_parameters  # noqa: PLC0415
    from simulator.reading.settings import Series  # noqa: PLC0415

    found: list[tuple[float, Any]] = []
    for parameter in load_parameters().values():
        size = max(map(abs, parameter.values))
        low, high = parameter.low, parameter.high
        if parameter.standing != "assumption" or low is None or high is None or not size:
            continue
        if ".observed." in parameter.path:
            continue  # history, which all runs share
        found.append(((high - low) / size, parameter))
    found.sort(key=lambda item: (-item[0], item[1].path))
    alike: dict[tuple[str, str], Any] = {}
    for _, parameter in found:
        words = parameter.path.split(".")
        alike.setdefault((words[0], words[-1]), parameter)
    return [
        Assumption(
            item.path, show(Series(item.times, item.values)), item.unit, item.low, item.high,
            item.note,
        )
        for item in list(alike.values())[:SHOWN_ASSUMPTIONS]
    ]  # fmt: skip
