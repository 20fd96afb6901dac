"""What ``compare --stage-content`` writes and prints: what each stage consists of."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import xarray as xr

from simulator.analysis.stage_content import Judged, judge, stage_content
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.reading.scenario import Scenario
from simulator.results.writing import write_table

FILE: Final = "stage_content.csv"
COLUMNS: Final = ("scenario", "baseline", "boundary", "stage", "group", "share", "increment")


def contents_of(loaded: Sequence[Scenario], output: Output) -> list[xr.Dataset]:
    """Leave out the groups of every scenario after the first, which is the baseline.

    Seven runs are too few for the batch engine, which takes longer to prepare than to run.
    """
    found = []
    for scenario in loaded[1:]:
        with output.waiting(scenario.name):
            found.append(stage_content(scenario, loaded[0]))
    return found


def content_records(contents: Sequence[xr.Dataset]) -> dict[str, object]:
    """Rows as plain mappings, under a name of their own; nothing where nobody asked."""
    return (
        {"stage_content": [row for item in contents for row in _rows(item)]} if contents else {}
    )


def write_contents(contents: Sequence[xr.Dataset], folder: Path) -> None:
    """Write the table beside the other results."""
    if contents:
        write_table([row for item in contents for row in _rows(item)], COLUMNS, folder / FILE)


def _rows(content: xr.Dataset) -> list[dict[str, Any]]:
    """One row for each boundary, stage and group; None where a stage has no years."""
    return [
        {
            "scenario": content.attrs["scenario"],
            "baseline": content.attrs["baseline"],
            "boundary": str(boundary),
            "stage": str(stage),
            "group": str(group),
        }
        | {
            measure: _plain(
                float(content[measure].sel(boundary=boundary, stage=stage, group=group))
            )
            for measure in ("share", "increment")
        }
        for boundary in content["boundary"].values
        for stage in content["stage"].values
        for group in content["group"].values
    ]


def _plain(value: float) -> float | None:
    return None if math.isnan(value) else value


def print_contents(output: Output, contents: Sequence[xr.Dataset]) -> None:
    """Print the shares of the groups by stage, and what was expected of them."""
    language = output.language
    for content in contents:
        groups = list(content[f"group_label_{language}"].values)
        for boundary in content["boundary"].values:
            output.text()
            output.line(
                "content",
                name=content.attrs["scenario"],
                baseline=content.attrs["baseline"],
                boundary=say(f"boundary.{boundary}", language),
            )
            here = content.sel(boundary=boundary)
            body = [
                [
                    str(here[f"stage_label_{language}"].sel(stage=stage).item()),
                    say(f"content.{measure}", language),
                    *(_percent(value) for value in here[measure].sel(stage=stage).values),
                ]
                for stage in here["stage"].values
                for measure in ("share", "increment")
            ]
            output.table(["", "", *groups], body, numbers=len(groups))
            for item in judge(content, str(boundary)):
                _print_expected(output, content, item)


def _print_expected(output: Output, content: xr.Dataset, item: Judged) -> None:
    """Print one expectation of the founding documents beside what came out."""
    language, expected = output.language, item.expected
    percent = f"{100.0 * expected.least:g}"
    output.line(
        "content.expected",
        stage=content[f"stage_label_{language}"].sel(stage=expected.stage).item(),
        group=content[f"group_label_{language}"].sel(group=expected.group).item(),
        found=_percent(item.value),
        named=_percent(item.named),
        least=say("content.above", language, percent=percent)
        if expected.least
        else say("content.leads", language),
    )


def _percent(value: float) -> str:
    return "–" if math.isnan(value) else f"{100.0 * value:.0f}"
