"""The command ``hindcast --until``: years that the model did not see, and how it fared."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.errors import ScenarioError
from simulator.interface.hindcast_told import Cut, tell, tell_bands, tell_drivers, tell_rolling
from simulator.interface.language import say
from simulator.interface.looking import BASELINE, closing_command, load_scenario
from simulator.interface.output import Output, record

if TYPE_CHECKING:
    from calibration.bands import Bands
    from calibration.drivers import Drivers
    from calibration.heldout import Point
    from calibration.refit import Posterior
    from calibration.scoring import Score
    from simulator.reading.scenario import Scenario

FIRST: Final = 2018
LAST: Final = 2023
"""Last known years that leave something to fit before and something to score after."""

ERRORS: Final = ("model", "model_with_drivers", "last_value", "linear_trend")


class _Results(NamedTuple):
    """What a hindcast found, to be written."""

    chosen: "Scenario"
    found: "Sequence[Point]"
    scored: "Sequence[Score]"
    around: "dict[int, Bands]"

    def ends(self, point: "Point") -> tuple[float, float] | None:
        """Ends of the band of a point, where there is one."""
        bands = self.around.get(point.until)
        return None if bands is None else bands.ends[point.until, point.name, point.year]


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
    for year in years:
        cut = Cut(
            year, [one for one in scored if one.until == year],
            [point for point in found if point.until == year], chosen, drivers,
            fitted.get(year),
        )  # fmt: skip
        tell(output, cut)
        if drivers == "observed":
            moved[year] = heldout.by_driver(year, found, chosen, engine, fitted.get(year))
            tell_drivers(output, cut.scored, moved[year])
        if year in around:
            tell_bands(output, around[year])
    if rolling:
        tell_rolling(output, scored, drivers)
    results = _Results(chosen, found, scored, around)
    written = [] if out is None else _write(Path(out), results, output)
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


def _write(folder: Path, results: "_Results", output: Output) -> list[Path]:
    """Write the tidy tables and a figure for each series and cut."""
    folder.mkdir(parents=True, exist_ok=True)
    names = ("until", "name", "unit", "year", "observed", *ERRORS)
    points = []
    for point in results.found:
        low, high = results.ends(point) or (None, None)
        row = {name: getattr(point, name) for name in names}
        points.append({**row, "low": low, "high": high})
    files = [_table(folder / "heldout.csv", points)]
    rows = []
    for one in results.scored:
        row = {name: getattr(one, name) for name in ("until", "name", "unit", "first", "last")}
        for name in ERRORS:
            errors = getattr(one, name)
            row |= {f"{name}_error": errors.absolute, f"{name}_bias": errors.bias}
        rows.append(row | {n: getattr(one, n) for n in ("worst", "bar", "met", "better")})
    files.append(_table(folder / "scores.csv", rows))
    return [*files, *_figures(folder, results, output)]


def _table(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _figures(folder: Path, results: "_Results", output: Output) -> list[Path]:
    from calibration.heldout import observed_of  # noqa: PLC0415
    from simulator.export.heldout import Drawn, heldout  # noqa: PLC0415 - matplotlib is slow
    from simulator.results.about import About  # noqa: PLC0415
    from simulator.version import code_version  # noqa: PLC0415

    chosen = results.chosen
    who = About(
        name=chosen.name, label_en=chosen.label.en, label_zh=chosen.label.zh, yaml="",
        digest=chosen.resolved.digest, version=code_version(), solver={}, ledger={},
        roadmap=chosen.resolved.roadmap, warnings=(), remarks=(), inactive=(),
    )  # fmt: skip
    written = []
    for one in results.scored:
        own = [p for p in results.found if (p.until, p.name) == (one.until, one.name)]
        drawn = Drawn(
            one.en, one.zh, one.unit, one.until, observed_of(one.name),
            [p.year for p in own], [p.model for p in own],
            [p.last_value for p in own], [p.linear_trend for p in own], one.model.absolute,
            [ends for p in own if (ends := results.ends(p)) is not None],
        )  # fmt: skip
        path = folder / f"{one.until}_{one.name.replace('.', '_')}.png"
        heldout(drawn, who, output.language).savefig(path)
        written.append(path)
    return written
