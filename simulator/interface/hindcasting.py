"""The command ``hindcast --until``: years that the model did not see, and how it fared."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.errors import ScenarioError
from simulator.interface.hindcast_told import (
    Cut,
    Results,
    tell,
    tell_bands,
    tell_drivers,
    tell_rolling,
)
from simulator.interface.language import say
from simulator.interface.looking import BASELINE, closing_command, load_scenario
from simulator.interface.output import Output, record

if TYPE_CHECKING:
    from calibration.bands import Bands
    from calibration.drivers import Drivers
    from calibration.heldout import Point
    from calibration.refit import Posterior
    from simulator.reading.scenario import Scenario

FIRST: Final = 2018
LAST: Final = 2023
"""Last known years that leave something to fit before and something to score after."""


def hindcast_command(
    output: Output,
    *,
    scenario: str | None,
    until: int | None,
    out: str | None,
    engine: str,
    members: int | None,
    seed: int,
    rolling: bool,
    drivers: "Drivers",
    refit: bool,
) -> int:
    """Hold history against the model: as it closes, or as the model would have foreseen it."""
    if until is None and not rolling:
        if (out, engine, members, drivers, refit) != (
            None, "reference", None, "expected", False,
        ):  # fmt: skip
            raise ScenarioError(say("hindcast_until", output.language))
        return closing_command(output, scenario or BASELINE)
    from calibration import heldout, scoring  # noqa: PLC0415 - the model is needed by this command alone

    if until is not None and not FIRST <= until <= LAST:
        text = say("hindcast_years", output.language, first=FIRST, last=LAST)
        raise ScenarioError(text)
    chosen = load_scenario(scenario or heldout.SCENARIO)
    cuts = heldout.ROLLING if rolling else ()
    years = sorted({*cuts, *([] if until is None else [until])})
    fitted = _fitted(output, years) if refit else {}
    found: list[Point] = []
    for year in years:
        with output.waiting(f"{chosen.name} {year}"):
            found += heldout.held_out(year, chosen, engine, fitted.get(year))
    scored = scoring.scores(found, drivers)
    moved: dict[int, dict[str, dict[str, float]]] = {}
    settings = _Settings(chosen, members, seed, drivers, fitted)
    around = _bands(output, found, settings)
    told: list[Cut] = []
    for year in years:
        cut = Cut(
            year, [one for one in scored if one.until == year],
            [point for point in found if point.until == year], chosen, drivers,
            fitted.get(year),
        )  # fmt: skip
        told.append(cut)
        tell(output, cut)
        if drivers == "observed":
            moved[year] = heldout.by_driver(year, found, chosen, engine, fitted.get(year))
            tell_drivers(output, cut.scored, moved[year])
        if year in around:
            tell_bands(output, around[year])
    if rolling:
        tell_rolling(output, scored, drivers)
    words = _command(scenario, until, members, seed, drivers, rolling=rolling, refit=refit)
    written = _written(out, Results(told, around, moved, words), output)
    if written:
        output.line("written", folder=out)
    output.json({
        "scenario": chosen.name,
        "hash": chosen.resolved.digest,
        "drivers": drivers,
        "refitted": {str(year): one.values for year, one in fitted.items()},
        "by_driver": {str(year): one for year, one in moved.items()},
        "scores": [record(one) for one in scored],
        "points": [record(one) for one in found],
        "bands": {
            str(year): {
                "members": one.members,
                "coverage": one.coverage,
                "coverage_of_members": one.coverage_of_members,
            }
            for year, one in around.items()
        },
        "foreknown": {str(year): heldout.foreknown(chosen, year) for year in years},
        "in_hindsight": [record(rule) for rule in heldout.in_hindsight()],
        "files": [str(path) for path in written],
    })  # fmt: skip
    return 0


class _Settings(NamedTuple):
    """What bands are drawn with."""

    chosen: "Scenario"
    members: int | None
    """How many, or None for no bands."""
    seed: int
    drivers: "Drivers"
    fitted: "dict[int, Posterior]"


def _fitted(output: Output, years: Sequence[int]) -> "dict[int, Posterior]":
    """Fit the parameters to the years up to every cut."""
    from calibration.refit import refit  # noqa: PLC0415

    made = {}
    for year in years:
        with output.waiting(f"{year}"):
            made[year] = refit(year)
    return made


def _bands(output: Output, found: Sequence["Point"], settings: _Settings) -> "dict[int, Bands]":
    """Run the members of every cut."""
    from calibration.bands import bands  # noqa: PLC0415

    chosen, members, seed, drivers, fitted = settings
    if members is None:
        return {}
    made = {}
    for year in sorted({point.until for point in found}):
        with output.waiting(f"{chosen.name} {year} × {members}"):
            made[year] = bands(
                year, found, members, chosen, seed, drivers=drivers, fitted=fitted.get(year)
            )
    return made


def _written(out: str | None, results: Results, output: Output) -> list[Path]:
    """Write all that was found to a folder, if one was named."""
    if out is None:
        return []
    from simulator.interface.hindcast_written import (  # noqa: PLC0415 - plotting is slow
        write_hindcast,
    )

    return write_hindcast(Path(out), results, output)


def _command(
    scenario: str | None, until: int | None, members: int | None, seed: int,
    drivers: "Drivers", *, rolling: bool, refit: bool,
) -> str:  # fmt: skip
    """The command that repeats a hindcast."""
    words = ["shuangtan", "hindcast", *([scenario] if scenario else [])]
    words += [] if until is None else ["--until", str(until)]
    words += ["--rolling"] * rolling + ["--refit"] * refit
    words += ["--drivers", drivers] if drivers == "observed" else []
    words += [] if members is None else ["--members", str(members), "--seed", str(seed)]
    return shlex.join(words)
