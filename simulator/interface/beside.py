"""Published pathways beside runs: what ``compare --with`` prints and writes."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any, Final

from simulator.interface.finished import Finished
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.reading.pathways import read_pathways
from simulator.results.counterparts import Prepared, prepare
from simulator.results.published import (
    SCORE_COLUMNS,
    Overlay,
    Score,
    overlay,
    score_cells,
)
from simulator.results.writing import PUBLISHED, SCORES, write_table

PRINTED: Final = 12
"""Scores of a run and a pathway that are printed; the file has all."""

NAMED: Final = 6
"""Variables without a counterpart that are named."""


def ready(path: str | None) -> Prepared | None:
    """Read a file of published pathways before anything runs."""
    return None if path is None else prepare(read_pathways(path))


def put_beside(done: Sequence[Finished], prepared: Prepared | None) -> Overlay | None:
    """Put runs beside what was published."""
    if prepared is None:
        return None
    return overlay({item.who.name: item.dataset for item in done}, prepared)


def saved_beside(done: Sequence[Finished], folder: Path) -> Overlay | None:
    """Put runs beside what an earlier comparison kept in its folder."""
    kept = folder / PUBLISHED
    return put_beside(done, ready(str(kept)) if kept.is_file() else None)


def print_beside(output: Output, found: Overlay, done: Sequence[Finished]) -> None:
    """Print the scores of the first variables."""
    zh = output.language == "zh"
    names = {item.who.name: (item.who.label_en, item.who.label_zh)[zh] for item in done}
    head = [say("variable", output.language), say("unit", output.language)]
    head += [pair[zh] for pair in SCORE_COLUMNS]
    output.line("published", file=PurePath(found.file).name)
    left = 0
    for pathway in found.pathways:
        for scenario, name in names.items():
            own = [
                score
                for score in found.scores
                if score.pathway == pathway and score.scenario == scenario
            ]
            left += len(own[PRINTED:])
            output.line("published_pair", name=name, pathway=pathway)
            body = [
                [score.zh if zh else score.en, score.unit, *score_cells(score)]
                for score in own[:PRINTED]
            ]
            output.table(head, body, numbers=len(SCORE_COLUMNS))
    output.line("published_note")
    if left:
        output.line("published_more", count=left, file=SCORES)
    if found.left_out:
        shown = ", ".join(found.left_out[:NAMED]) + (" ..." * (len(found.left_out) > NAMED))
        output.line("published_left_out", count=len(found.left_out), names=shown)


def told(found: Overlay) -> dict[str, Any]:
    """Tell an overlay in plain mappings."""
    return {
        "file": found.file,
        "scores": [score._asdict() for score in found.scores],
        "left_out": list(found.left_out),
    }


def write_beside(found: Overlay, folder: Path) -> None:
    """Write what was published in our units, as a file to compare with, and the scores."""
    columns = ("scenario", "variable", "unit", "year", "value")
    rows = [
        dict(zip(columns, (item.pathway, item.variable, item.ours.unit, str(year),
                           f"{value:.10g}"), strict=True))
        for item in found.series
        for year, value in zip(item.years, item.values, strict=True)
    ]  # fmt: skip
    write_table(rows, columns, folder / PUBLISHED)
    lines = [_line(score) for score in found.scores]
    write_table(lines, tuple(lines[0]) if lines else ("scenario",), folder / SCORES)


def _line(score: Score) -> Mapping[str, str]:
    """Write a score as a row."""
    row = score._asdict()
    gaps = row.pop("differences")
    row |= {f"difference_{year}": gap for year, gap in gaps.items()}
    return {
        name: (f"{cell:.10g}".replace("nan", "") if isinstance(cell, float) else str(cell))
        for name, cell in row.items()
    }
