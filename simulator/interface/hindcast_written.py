"""What the command ``hindcast`` writes: tidy tables, a figure for each series, and a page."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from calibration.heldout import observed_of
from calibration.scoring import JUDGED, value
from simulator.export.heldout import Drawn, heldout
from simulator.export.hindcast_page import Common, Table, Words, hindcast_page
from simulator.export.hindcast_page import Cut as Told
from simulator.interface.hindcast_told import (
    DRIVEN,
    Cut,
    Results,
    by_driver_rows,
    conditions,
    coverage,
    judged_by,
    rolling_rows,
    verdicts,
)
from simulator.interface.language import TEXTS
from simulator.interface.output import Output
from simulator.interface.reporting import save_figures, sources
from simulator.results.about import about_scenario
from simulator.results.history import Held, History
from simulator.results.writing import FIGURES, REPORT

if TYPE_CHECKING:
    from calibration.drivers import Drivers
    from calibration.scoring import Score

ERRORS: Final = ("model", "model_with_drivers", "last_value", "linear_trend")


def write_hindcast(folder: Path, results: Results, output: Output) -> list[Path]:
    """Write the tidy tables, a figure for each series and cut, and the page."""
    folder.mkdir(parents=True, exist_ok=True)
    who = about_scenario(results.cuts[0].chosen)
    drawn = {cut.until: _drawn(cut, results) for cut in results.cuts}
    figures = {
        f"{until}_{one.name.replace('.', '_')}": lambda one=one: heldout(
            one, who, output.language
        )
        for until, found in drawn.items()
        for one in found
    }
    save_figures(folder, figures)
    page = folder / REPORT
    told = [_told(cut, results, drawn[cut.until]) for cut in results.cuts]
    common = Common(results.command, sources(), _rolling(results))
    page.write_text(hindcast_page(who, told, common, output.language), encoding="utf-8")
    return [
        _table(folder / "heldout.csv", _points(results)),
        _table(folder / "scores.csv", _scores(results)),
        page,
        *(folder / FIGURES / f"{name}.png" for name in figures),
    ]


def _points(results: Results) -> list[dict[str, object]]:
    """Every series in every year that was not seen."""
    names = ("until", "name", "unit", "year", "observed", *ERRORS)
    rows = []
    for point in (point for cut in results.cuts for point in cut.points):
        low, high = results.ends(point) or (None, None)
        row = {name: getattr(point, name) for name in names}
        rows.append({**row, "low": low, "high": high})
    return rows


def _scores(results: Results) -> list[dict[str, object]]:
    """Errors of every series."""
    rows = []
    for one in (one for cut in results.cuts for one in cut.scored):
        row = {name: getattr(one, name) for name in ("until", "name", "unit", "first", "last")}
        for name in ERRORS:
            errors = getattr(one, name)
            row |= {f"{name}_error": errors.absolute, f"{name}_bias": errors.bias}
        rows.append(row | {n: getattr(one, n) for n in ("worst", "bar", "met", "better")})
    return rows


def _table(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def _drawn(cut: Cut, results: Results) -> list[Drawn]:
    """Every series of a cut; of the two runs the one that is judged and has the bands."""
    found = []
    for one in cut.scored:
        own = [point for point in cut.points if point.name == one.name]
        found.append(Drawn(
            one.en, one.zh, one.unit, cut.until, observed_of(one.name),
            [p.year for p in own], [value(p, results.drivers) for p in own],
            [p.last_value for p in own], [p.linear_trend for p in own],
            one.judged(results.drivers).absolute,
            [ends for p in own if (ends := results.ends(p)) is not None], one.name,
        ))  # fmt: skip
    return found


def _told(cut: Cut, results: Results, drawn: Sequence[Drawn]) -> Told:
    """Tell a cut to the page."""
    bands = results.around.get(cut.until)
    who = about_scenario(cut.chosen)
    history = History(
        who.name, who.digest, who.version, cut.until, bands.members if bands else 0,
        bands.coverage if bands else float("nan"), (results.command,),
        tuple(_held(one, results.drivers) for one in cut.scored), (),
    )  # fmt: skip
    remarks = [
        [
            judged_by(cut, language),
            *verdicts(cut, language),
            *(coverage(bands, language) if bands else []),
            *conditions(cut, language),
        ]
        for language in ("en", "zh")
    ]
    return Told(history, drawn, list(zip(*remarks, strict=True)), _driven(cut, results.moved))


def _driven(cut: Cut, moved: Mapping[int, dict[str, dict[str, float]]]) -> Table | None:
    """What part of the errors of a cut the drivers explain, where that was asked."""
    if cut.until not in moved:
        return None
    rows = by_driver_rows(cut.scored, moved[cut.until])
    return Table([TEXTS[word] for word in DRIVEN], _labelled(rows))


def _held(one: "Score", drivers: "Drivers") -> Held:
    """Errors of a series, of the run that is judged."""
    errors = {name: getattr(one, name).absolute for name in ERRORS}
    rest = {name: getattr(one, name) for name in Held._fields if name not in errors}
    return Held(**errors | {"model": errors[JUDGED[drivers]]}, **rest)


def _rolling(results: Results) -> Table | None:
    """Errors by last known year, where there are several."""
    if len(results.cuts) < 2:
        return None
    scored = [one for cut in results.cuts for one in cut.scored]
    cuts, rows = rolling_rows(scored, results.drivers)
    return Table([(str(cut), str(cut)) for cut in cuts], _labelled(rows))


def _labelled(rows: "Sequence[tuple[Score, list[str]]]") -> list[tuple[Words, Sequence[str]]]:
    """Put both names of a series before its cells."""
    return [((one.en, one.zh), cells) for one, cells in rows]
