"""The command ``hindcast --until``: years that the model did not see, and how it fared."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from simulator.errors import ScenarioError
from simulator.interface.language import say
from simulator.interface.looking import BASELINE, closing_command, load_scenario
from simulator.interface.output import Output, record
from simulator.interface.printed import signed

if TYPE_CHECKING:
    from calibration.bands import Bands
    from calibration.heldout import Point, Score
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
) -> int:
    """Hold history against the model: as it closes, or as the model would have foreseen it."""
    if until is None and not rolling:
        if out is not None or engine != "reference" or members is not None:
            raise ScenarioError(say("hindcast_until", output.language))
        return closing_command(output, scenario or BASELINE)
    from calibration import heldout  # noqa: PLC0415 - the model is needed by this command alone

    if until is not None and not FIRST <= until <= LAST:
        text = say("hindcast_years", output.language, first=FIRST, last=LAST)
        raise ScenarioError(text)
    chosen = load_scenario(scenario or heldout.SCENARIO)
    cuts = heldout.ROLLING if rolling else ()
    years = sorted({*cuts, *([] if until is None else [until])})
    found: list[Point] = []
    for year in years:
        with output.waiting(f"{chosen.name} {year}"):
            found += heldout.held_out(year, chosen, engine)
    scored = heldout.scores(found)
    around = {} if members is None else _bands(output, found, chosen, members, seed)
    for year in years:
        own = [one for one in scored if one.until == year]
        _tell(output, year, own, found, chosen)
        if year in around:
            _tell_bands(output, around[year])
    if rolling:
        _tell_rolling(output, scored)
    results = _Results(chosen, found, scored, around)
    written = [] if out is None else _write(Path(out), results, output)
    if written:
        output.line("written", folder=out)
    output.json({
        "scenario": chosen.name,
        "hash": chosen.resolved.digest,
        "scores": [record(one) for one in scored],
        "points": [record(one) for one in found],
        "bands": {
            str(year): {
                "members": one.members,
                "coverage": one.coverage,
                "coverage_as_observed": one.coverage_as_observed,
            }
            for year, one in around.items()
        },
        "foreknown": {str(year): heldout.foreknown(chosen, year) for year in years},
        "in_hindsight": [record(rule) for rule in heldout.in_hindsight()],
        "files": [str(path) for path in written],
    })  # fmt: skip
    return 0


def _tell(
    output: Output,
    until: int,
    scored: Sequence["Score"],
    points: Sequence["Point"],
    chosen: "Scenario",
) -> None:
    """Print the table of one cut, what is missing, and what the model knew after all."""
    from calibration.heldout import (  # noqa: PLC0415
        foreknown,
        in_hindsight,
        offsetting,
        share_better,
    )

    chinese = output.language == "zh"
    output.line("heldout", until=until, name=chosen.name)
    words = ("series", "model", "bias", "with_drivers", "last_value", "trend", "worst_bar", "")
    rows = []
    for one in scored:
        verdict = "" if one.met is None else "pass" if one.met else "fail"
        rows.append([
            one.zh if chinese else one.en,
            size(one.model.absolute), signed(one.model.bias),
            size(one.model_with_drivers.absolute),
            size(one.last_value.absolute), size(one.linear_trend.absolute),
            "" if one.bar is None else f"{signed(one.worst)} / {100 * one.bar:.0f} %",
            say(verdict, output.language) if verdict else "",
        ])  # fmt: skip
    output.table([say(w, output.language) if w else "" for w in words], rows, numbers=7)
    better, count = share_better(scored)
    enough = "pass" if 3 * better >= 2 * count else "fail"
    output.line(
        "heldout_better", better=better, count=count, verdict=say(enough, output.language)
    )
    parts, total = offsetting(points, until)
    output.line("heldout_offset", parts=f"{parts:,.0f}", total=f"{total:,.0f}")
    for one in scored:
        lacks = one.missing_zh if chinese else one.missing_en
        if one.met is False or (one.better is False and lacks):
            name = one.zh if chinese else one.en
            lacks = lacks or say("heldout_unexplained", output.language)
            output.line("heldout_missing", name=name, lacks=lacks)
    if early := foreknown(chosen, until):
        output.line("heldout_foreknown", names=", ".join(early))
    output.line("heldout_drivers")
    output.line("heldout_hindsight", count=len(in_hindsight()))
    output.text()


def _bands(
    output: Output,
    found: Sequence["Point"],
    chosen: "Scenario",
    members: int,
    seed: int,
) -> dict[int, "Bands"]:
    """Run the members of every cut."""
    from calibration.bands import bands  # noqa: PLC0415

    made = {}
    for year in sorted({point.until for point in found}):
        with output.waiting(f"{chosen.name} {year} × {members}"):
            made[year] = bands(year, found, members, chosen, seed)
    return made


def _tell_bands(output: Output, found: "Bands") -> None:
    """Print what part of the observed points the bands hold."""
    from calibration.bands import COVERAGE  # noqa: PLC0415

    least, most = COVERAGE
    verdict = "pass" if least <= found.coverage <= most else "fail"
    output.line(
        "heldout_bands", members=found.members, share=f"{100 * found.coverage:.0f}",
        least=f"{100 * least:.0f}", most=f"{100 * most:.0f}",
        verdict=say(verdict, output.language),
    )  # fmt: skip
    if found.coverage < least:
        output.line("heldout_bands_missing")
    output.line("heldout_bands_observed", share=f"{100 * found.coverage_as_observed:.0f}")
    output.text()


def _tell_rolling(output: Output, scored: Sequence["Score"]) -> None:
    """Print the mean absolute error of each series by cut."""
    chinese = output.language == "zh"
    cuts = sorted({one.until for one in scored})
    found = {(one.name, one.until): one for one in scored}
    labels = {one.name: one.zh if chinese else one.en for one in scored}
    rows = []
    for name, label in labels.items():
        cells = []
        for cut in cuts:
            one = found.get((name, cut))
            mark = "*" if one is not None and one.better else ""
            cells.append("" if one is None else size(one.model.absolute) + mark)
        rows.append([label, *cells])
    output.line("heldout_rolling")
    head = [say("series", output.language), *map(str, cuts)]
    output.table(head, rows, numbers=len(cuts))


def size(share: float) -> str:
    """Write an error in per cent; nothing where there is none."""
    return f"{100 * share:.1f} %" if share == share else "–"  # noqa: PLR0124 - not a number


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
