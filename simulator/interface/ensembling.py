"""The option ``--ensemble`` of ``run``: what is not known, as bands and probabilities."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from simulator.errors import SimulatorError
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.interface.sweeping import Meter
from simulator.reading.joint import Joint
from simulator.reading.scenario import Scenario
from simulator.reading.sweep import Sweep, load_ensemble
from simulator.results.headline import HEADLINE_YEARS
from simulator.results.wording import plain
from simulator.results.writing import write_table

if TYPE_CHECKING:
    from calibration.weighting import Weights
    from simulator.analysis.ensemble import Ensemble

BANDS: Final = "ensemble.csv"
CHANCES: Final = "ensemble_milestones.csv"
PRINTED: Final = (2030, 2035, 2060)
"""Years that are printed; the file has all."""


def run_ensemble(
    output: Output, scenario: Scenario, size: int, seed: int, target: Path, *, weigh: bool
) -> dict[str, Any]:
    """Run the members that are not there yet, write the tables and print them.

    Members lie in a folder that is named after all that decides them, so that the same command
    goes on where it was interrupted. With `weigh` each counts by the past that it makes of its
    own.
    """
    from calibration.parameter_set import shipped_posterior  # noqa: PLC0415 - the model

    joint = shipped_posterior()
    sweep = load_ensemble(scenario, size, seed, joint)
    folder = target / f"ensemble-{sweep.digest[:12]}"
    output.line("ensemble_start", members=size, inputs=len(sweep.inputs), folder=folder)
    from simulator.analysis.ensemble import summarise  # noqa: PLC0415 - xarray, scipy
    from simulator.analysis.sweep import run_sweep  # noqa: PLC0415
    from simulator.results.sweep_reading import open_sweep  # noqa: PLC0415

    meter = Meter(output)
    try:
        run_sweep(sweep, folder, resume=True, report=meter.show)
    finally:
        meter.end()
    weights = _weights(sweep, joint) if weigh else None
    found = summarise(open_sweep(folder), weights.values if weights else None)
    if not found.members:
        raise SimulatorError(say("ensemble_failed", output.language, folder=folder))
    _write(found, target)
    _print(found, output)
    if weights:
        _tell_weights(found, weights.power, output)
    power = weights.power if weights else None
    return _summary(found, seed) | {"weights": "history" if weigh else "equal", "power": power}


def _weights(sweep: Sweep, joint: Joint) -> "Weights":
    """How well each member tells the past."""
    from calibration.weighting import weigh  # noqa: PLC0415 - runs the model

    return weigh(sweep, joint)


def _tell_weights(found: "Ensemble", power: float, output: Output) -> None:
    """Say how many members the weights leave."""
    from calibration.weighting import THIN  # noqa: PLC0415

    count = f"{found.effective:.0f}"
    told = {"effective": count, "members": found.members, "power": f"{power:.2g}"}
    output.line("ensemble_effective", **told)
    if found.effective < THIN:
        output.line("ensemble_thin", effective=count)


def _write(found: "Ensemble", target: Path) -> None:
    """Write the bands and the chances."""
    from simulator.analysis.ensemble import QUANTILES  # noqa: PLC0415

    names = [f"q{round(100 * part):02d}" for part in QUANTILES]
    bands = [
        {"variable": band.line.key, "unit": band.line.unit, "year": str(year)}
        | {
            name: f"{value:.6g}"
            for name, value in zip(names, band.quantiles[:, i], strict=True)
        }
        for band in found.bands
        for i, year in enumerate(found.years)
    ]
    write_table(bands, ["variable", "unit", "year", *names], target / BANDS)
    chances = [
        {
            "id": chance.id,
            "label_en": chance.label_en,
            "label_zh": chance.label_zh,
            "probability": ""
            if math.isnan(chance.probability)
            else f"{chance.probability:.4g}",
        }
        for chance in found.chances
    ]
    write_table(chances, ["id", "label_en", "label_zh", "probability"], target / CHANCES)


def _print(found: "Ensemble", output: Output) -> None:
    """Print medians with their 90 % bands, and how probable the milestones are."""
    zh = output.language == "zh"
    years = [year for year in PRINTED if year in found.years]
    output.text()
    output.line("ensemble_bands", members=found.members, failed=found.failed)
    rows = []
    for band in found.bands:
        cells = []
        for year in years:
            low, _, middle, _, high = (
                plain(value, band.line.digits)
                for value in band.quantiles[:, found.years.index(year)]
            )
            cells.append(f"{middle} ({low}…{high})")
        rows.append([f"{band.line.zh if zh else band.line.en} [{band.line.unit}]", *cells])
    head = ["", *map(str, years)]
    output.table(head, rows, numbers=len(years))
    output.line("ensemble_holds")
    output.line("ensemble_chances")
    judged = [chance for chance in found.chances if not math.isnan(chance.probability)]
    output.table(
        [say("probability", output.language), say("milestone", output.language)],
        [
            [f"{chance.probability:.0%}", chance.label_zh if zh else chance.label_en]
            for chance in sorted(judged, key=lambda chance: -chance.probability)
        ],
    )


def _summary(found: "Ensemble", seed: int) -> dict[str, Any]:
    """Tell the ensemble in plain numbers."""
    from simulator.analysis.ensemble import QUANTILES  # noqa: PLC0415

    return {
        "members": found.members,
        "failed": found.failed,
        "effective": found.effective,
        "seed": seed,
        "quantiles": list(QUANTILES),
        "bands": {
            band.line.key: {"unit": band.line.unit}
            | {
                str(year): band.quantiles[:, found.years.index(year)].tolist()
                for year in HEADLINE_YEARS
                if year in found.years
            }
            for band in found.bands
        },
        "probability": {chance.id: chance.probability for chance in found.chances},
    }
