"""The command ``sensitivity``: a study from its file to indices, tables and figures."""

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulator.errors import SimulatorError
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.interface.sweeping import INTERRUPTED, Meter
from simulator.results.writing import write_dataset, write_table

if TYPE_CHECKING:
    import xarray as xr

    from simulator.analysis.study import Study

TABLE: Final = "indices.csv"
DATA: Final = "indices.nc"
TOLD: Final = 10
"""Groups that are printed for an output."""


def sensitivity_command(
    output: Output, study: str, *, out: str, workers: int | None, no_report: bool
) -> int:
    """Run a study, or go on with one, and tell what matters."""
    from simulator.analysis.indices import MEASURES  # noqa: PLC0415 - these are slow to import
    from simulator.analysis.sensitivity import sensitivity  # noqa: PLC0415
    from simulator.analysis.study import load_study  # noqa: PLC0415
    from simulator.analysis.sweep import run_sweep  # noqa: PLC0415
    from simulator.results.sweep_reading import open_sweep  # noqa: PLC0415

    read = load_study(study)
    target = Path(out) / read.content.name
    folder = target / f"runs-{read.sweep.digest[:12]}"
    output.line(
        "study_start", runs=len(read.sweep), groups=len(read.groups), folder=folder,
        method=read.content.method,
    )  # fmt: skip
    for warning in read.sweep.warnings:
        output.line("warning", text=warning)
    meter = Meter(output)
    try:
        ended = run_sweep(
            read.sweep, folder, workers=workers or 1, resume=True, report=meter.show
        )
    except KeyboardInterrupt:
        meter.end()
        again = shlex.join(["shuangtan", "sensitivity", study, "--out", out])
        output.error(say("sweep_stopped", output.language, folder=folder, command=again))
        return INTERRUPTED
    meter.end()
    found = sensitivity(read, open_sweep(folder))
    if not int(found["used"].max()):
        raise SimulatorError(say("study_failed", output.language, folder=folder))
    measures = MEASURES[read.content.method]
    rows = _rows(found, measures)
    write_table(rows, ["output", "year", "group", *measures], target / TABLE)
    write_dataset(found, target / DATA)
    if not no_report:
        _draw(read, found, target, output)
    _print(read, found, output)
    output.line("written", folder=target)
    output.json(_summary(read, found, ended.failures))
    return 1 if ended.failures else 0


def _rows(found: "xr.Dataset", measures: tuple[str, ...]) -> list[dict[str, str]]:
    """Every index in a row."""
    values = {name: found[name].values for name in measures}
    return [
        {"output": str(output), "year": str(int(year)), "group": str(group)}
        | {name: _cell(values[name][i, j, k]) for name in measures}
        for i, output in enumerate(found["output"].values)
        for k, year in enumerate(found["time"].values)
        for j, group in enumerate(found["group"].values)
    ]


def _cell(value: float) -> str:
    """Write a number; nothing where there is none."""
    return f"{value:.6g}" if np.isfinite(value) else ""


def _draw(study: "Study", found: "xr.Dataset", target: Path, output: Output) -> None:
    """Draw both figures of every output."""
    from simulator.export.figures import save  # noqa: PLC0415 - matplotlib
    from simulator.export.sensitivity import over_time, tornado  # noqa: PLC0415

    folder = target / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for name in study.content.outputs:
        one = tornado(found, name, study.content.years, output.language)
        save(one, folder / f"{name}_tornado.png")
        save(over_time(found, name, output.language), folder / f"{name}_over_time.png")


def _print(study: "Study", found: "xr.Dataset", output: Output) -> None:
    """Print the groups that matter most, by output, in the years that are asked for."""
    from simulator.results.ranking import leading, ranked  # noqa: PLC0415

    measure = leading(found)
    labels = found[f"group_label_{output.language}"].values
    for name in study.content.outputs:
        part = found.sel(output=name)
        table = np.stack([part[measure].sel(time=year).values for year in study.content.years])
        spread = np.stack(
            [part[f"{measure}_conf"].sel(time=year).values for year in study.content.years]
        )
        order = ranked(table[-1])[:TOLD]
        output.text()
        output.line(f"study_{measure}", output=name, expression=study.content.outputs[name])
        output.table(
            ["", *map(str, study.content.years)],
            [
                [
                    str(labels[group]),
                    *(
                        f"{value:.3g} ± {half:.2g}"
                        for value, half in zip(table[:, group], spread[:, group], strict=True)
                    ),
                ]
                for group in order
            ],
            numbers=len(study.content.years),
        )


def _summary(study: "Study", found: "xr.Dataset", failures: dict[int, str]) -> dict[str, Any]:
    """Tell the study in plain numbers."""
    from simulator.results.ranking import leading  # noqa: PLC0415

    measure = leading(found)
    return {
        "study": study.content.name,
        "method": study.content.method,
        "runs": len(study.sweep),
        "failed": {str(number): reason for number, reason in failures.items()},
        measure: {
            name: {
                str(year): {
                    str(group): None if np.isnan(value) else float(value)
                    for group, value in zip(
                        found["group"].values,
                        found[measure].sel(output=name, time=year).values,
                        strict=True,
                    )
                }
                for year in study.content.years
            }
            for name in study.content.outputs
        },
    }
