"""Commands on saved results: report and export."""

import csv
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simulator.errors import ScenarioError
from simulator.export.table import COLUMNS, tidy
from simulator.interface.beside import saved_beside
from simulator.interface.finished import Finished
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.interface.reporting import sources
from simulator.interface.running import write
from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.effects import FILE as EFFECTS
from simulator.results.effects import read_effects
from simulator.results.headline import headline
from simulator.results.joined import split
from simulator.results.milestones import milestones
from simulator.results.sectors import sector_paths
from simulator.results.stages import stages
from simulator.results.writing import SUMMARY, read_dataset, read_json

if TYPE_CHECKING:
    import xarray as xr


def report_command(output: Output, results: Sequence[str], out: str | None) -> int:
    """Judge saved results again and write their report.

    One folder gets its tables, figures and page anew; several get one page for all of them.
    """
    found = [item for result in results for item in _saved(Path(result), output)]
    names = [item.who.name for item in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise ScenarioError(say("twice", output.language, name=", ".join(twice)))
    if len(results) == 1 and out is None:
        target = Path(results[0])
        theirs = saved_beside(found, target)
        if len(found) == 1 and theirs is None:
            write(found[0], target, output, report=True)
        else:
            from simulator.interface.reporting import write_report  # noqa: PLC0415 - slow

            inputs = read_json(target / SUMMARY).get("inputs")
            write_report(found, target, output, inputs, theirs)
    else:
        from simulator.interface.reporting import write_page  # noqa: PLC0415 - slow

        target = Path(out or Path(results[0]).parent / f"report-{'-'.join(names)}.html"[:120])
        write_safely(target, lambda path: write_page(found, path, output))
    output.line("written", folder=target)
    output.json({"written": str(target)})
    return 0


def _saved(folder: Path, output: Output) -> list[Finished]:
    """Read the run or the runs of a folder and judge them."""
    if not folder.is_dir():
        raise ScenarioError(say("exists_folder", output.language, folder=folder))
    known = read_json(folder / SUMMARY)
    runs = split(read_dataset(folder))
    summaries = known.get("runs") or dict.fromkeys(runs, known)
    found = [_judged(run, summaries.get(name) or {}) for name, run in runs.items()]
    measured = read_effects(folder / EFFECTS)
    return [
        item._replace(effects=tuple(e for e in measured if e.digest == item.who.digest))
        for item in found
    ]


def _judged(dataset: "xr.Dataset", known: Mapping[str, Any]) -> Finished:
    """Judge a run; `known` is what its summary says."""
    who = about(dataset)
    roadmap = load_roadmap(who.roadmap)
    words = known.get("description") or {}
    return Finished(
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


def write_safely(target: Path, write_to: Callable[[Path], object]) -> None:
    """Write a file that is either the old one or the new one."""
    staging = target.with_name(f".{target.name}.part")
    try:
        write_to(staging)
        staging.replace(target)
    except OSError as error:
        message = f'cannot write "{target}": {error.strerror or error}'
        raise ScenarioError(message) from error
    finally:
        staging.unlink(missing_ok=True)


def export_command(output: Output, results: str, form: str, out: str | None) -> int:
    """Write saved results in another form, to a file or, as text, to standard output."""
    dataset = read_dataset(Path(results))
    if out is None and form != "xlsx":
        if not output.quiet:
            _write(sys.stdout, dataset, form)
        return 0
    target = Path(out) if out else _beside(results, form)

    def export(path: Path) -> None:
        if form == "xlsx":
            path.write_bytes(_workbook(dataset, output))
            return
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            _write(stream, dataset, form)

    write_safely(target, export)
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
