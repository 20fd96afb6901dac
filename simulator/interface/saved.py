"""Commands on saved results: report and export."""

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from simulator.errors import ScenarioError
from simulator.export.table import COLUMNS, tidy
from simulator.interface.finished import Finished
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.interface.running import sources, write
from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.headline import headline
from simulator.results.milestones import milestones
from simulator.results.sectors import sector_paths
from simulator.results.stages import stages
from simulator.results.writing import SUMMARY, read_dataset, read_json

if TYPE_CHECKING:
    import xarray as xr


def report_command(output: Output, results: str) -> int:
    """Judge saved results again and write tables, figures and report anew."""
    folder = Path(results)
    if not folder.is_dir():
        raise ScenarioError(say("exists_folder", output.language, folder=results))
    dataset = read_dataset(folder)
    if "scenario" in dataset.dims:
        message = (
            f'"{results}" holds a comparison: run "shuangtan compare" again for its report'
        )
        raise ScenarioError(message)
    known = read_json(folder / SUMMARY)
    who = about(dataset)
    roadmap = load_roadmap(who.roadmap)
    words = known.get("description") or {}
    done = Finished(
        dataset=dataset,
        who=who,
        table=headline(dataset),
        roadmap=roadmap,
        board=milestones(dataset, roadmap),
        stages=stages(dataset),
        sectors=sector_paths(dataset),
        notes=[str(note) for note in known.get("warnings", [])],
        changes=list(known.get("changes", [])),
        description=(str(words.get("en", "")), str(words.get("zh", ""))),
        command=str(known.get("command", "")),
    )
    write(done, folder, output, report=True)
    output.line("written", folder=folder)
    output.json({"written": str(folder)})
    return 0


def export_command(output: Output, results: str, form: str, out: str | None) -> int:
    """Write saved results in another form, to a file or, as text, to standard output."""
    dataset = read_dataset(Path(results))
    if out is None and form != "xlsx":
        if not output.quiet:
            _write(sys.stdout, dataset, form)
        return 0
    target = Path(out) if out else _beside(results, form)
    staging = target.with_name(f".{target.name}.part")
    try:
        if form == "xlsx":
            staging.write_bytes(_workbook(dataset, output))
        else:
            with staging.open("w", encoding="utf-8-sig", newline="") as stream:
                _write(stream, dataset, form)
        staging.replace(target)
    except OSError as error:
        message = f'cannot write "{target}": {error.strerror or error}'
        raise ScenarioError(message) from error
    finally:
        staging.unlink(missing_ok=True)
    output.line("written", folder=target)
    output.json({"written": str(target)})
    return 0


def _beside(results: str, form: str) -> Path:
    """A file beside the results, named after them."""
    folder = Path(results) if Path(results).is_dir() else Path(results).parent
    return folder / f"results.{form}"


def _workbook(dataset: "xr.Dataset", output: Output) -> bytes:
    """Make a workbook of one run."""
    from simulator.export.workbook import workbook  # noqa: PLC0415 - other forms spare it

    if "scenario" in dataset.dims:
        message = (
            "a workbook holds one scenario: export the folder of one of those compared, or csv"
        )
        raise ScenarioError(message)
    board = milestones(dataset, load_roadmap(about(dataset).roadmap))
    return workbook(dataset, board, sources(), output.language)


def _write(stream: object, dataset: "xr.Dataset", form: str) -> None:
    """Write a table as CSV."""
    writer = csv.writer(stream, lineterminator="\n")  # type: ignore[arg-type]
    if form == "csv":
        writer.writerow(COLUMNS)
        writer.writerows(tidy(dataset))
        return
    from simulator.export import iamc  # noqa: PLC0415 - other forms spare it

    writer.writerows(iamc.wide(dataset) if form == "iamc" else iamc.long(dataset))
