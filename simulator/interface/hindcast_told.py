"""What the command ``hindcast --until`` prints of years that the model did not see."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from simulator.interface.language import Language, say
from simulator.interface.output import Output
from simulator.interface.printed import signed

if TYPE_CHECKING:
    from calibration.bands import Bands
    from calibration.drivers import Drivers
    from calibration.heldout import Point
    from calibration.refit import Posterior
    from calibration.scoring import Score
    from simulator.reading.scenario import Scenario


class Cut(NamedTuple):
    """What one last known year led to."""

    until: int
    scored: "Sequence[Score]"
    points: "Sequence[Point]"
    chosen: "Scenario"
    drivers: "Drivers"
    fitted: "Posterior | None"


class Results(NamedTuple):
    """What a hindcast found."""

    cuts: Sequence[Cut]
    around: "Mapping[int, Bands]"
    """Bands by last known year, where they were asked for."""
    moved: Mapping[int, dict[str, dict[str, float]]]
    """What each kind of driver changes, by last known year, where that was asked for."""
    command: str

    @property
    def drivers(self) -> "Drivers":
        """Which drivers are judged."""
        return self.cuts[0].drivers

    def ends(self, point: "Point") -> tuple[float, float] | None:
        """Ends of the band of a point, where there is one."""
        bands = self.around.get(point.until)
        return None if bands is None else bands.ends[point.until, point.name, point.year]


def judged_by(cut: Cut, language: Language) -> str:
    """Say which drivers are judged."""
    return say("heldout_judged", language, drivers=say("drivers_" + cut.drivers, language))


def verdicts(cut: Cut, language: Language) -> list[str]:
    """Say how many series beat the yardsticks, and how far errors offset each other."""
    from calibration.scoring import offsetting, share_better  # noqa: PLC0415

    better, count = share_better(cut.scored)
    enough = say("pass" if 3 * better >= 2 * count else "fail", language)
    parts, total = offsetting(cut.points, cut.until, cut.drivers)
    return [
        say("heldout_better", language, better=better, count=count, verdict=enough),
        say("heldout_offset", language, parts=f"{parts:,.0f}", total=f"{total:,.0f}"),
    ]


def conditions(cut: Cut, language: Language) -> list[str]:
    """Say what the model knew after all, and how its parameters came about."""
    from calibration.heldout import foreknown, in_hindsight  # noqa: PLC0415

    early = ", ".join(foreknown(cut.chosen, cut.until))
    return [
        *([say("heldout_foreknown", language, names=early)] if early else []),
        say("heldout_drivers", language),
        say("heldout_shipped", language) if cut.fitted is None else say(
            "heldout_refitted", language, count=len(cut.fitted.knobs), until=cut.until
        ),
        say("heldout_hindsight", language, count=len(in_hindsight())),
    ]  # fmt: skip


def tell(output: Output, cut: Cut) -> None:
    """Print the table of one cut, what is missing, and what the model knew after all."""
    chinese = output.language == "zh"
    until, scored = cut.until, cut.scored
    output.line("heldout", until=until, name=cut.chosen.name)
    output.text(judged_by(cut, output.language))
    words = (
        "series", "expected", "observed", "bias", "last_value", "trend",
        "worst_bar", "",
    )  # fmt: skip
    rows = []
    for one in scored:
        judged = one.judged(cut.drivers)
        verdict = "" if one.met is None else "pass" if one.met else "fail"
        rows.append([
            one.zh if chinese else one.en,
            size(one.model.absolute), size(one.model_with_drivers.absolute),
            signed(judged.bias),
            size(one.last_value.absolute), size(one.linear_trend.absolute),
            "" if one.bar is None else f"{signed(one.worst)} / {100 * one.bar:.0f} %",
            say(verdict, output.language) if verdict else "",
        ])  # fmt: skip
    output.table([say(w, output.language) if w else "" for w in words], rows, numbers=7)
    for sentence in verdicts(cut, output.language):
        output.text(sentence)
    for one in scored:
        lacks = one.missing_zh if chinese else one.missing_en
        if one.met is False or (one.better is False and lacks):
            name = one.zh if chinese else one.en
            lacks = lacks or say("heldout_unexplained", output.language)
            output.line("heldout_missing", name=name, lacks=lacks)
    for sentence in conditions(cut, output.language):
        output.text(sentence)
    output.text()


DRIVEN = ("expected", "driver_macro", "driver_price", "driver_trade", "observed")
"""Heads of what drivers explain."""


def by_driver_rows(
    scored: Sequence["Score"], moved: dict[str, dict[str, float]]
) -> "list[tuple[Score, list[str]]]":
    """What part of each promised series' bias its drivers explain, and what is left."""
    kinds = [name.removeprefix("driver_") for name in DRIVEN[1:-1]]
    return [
        (one, [
            signed(one.model.bias),
            *(signed(moved[one.name][kind]) for kind in kinds),
            signed(one.model_with_drivers.bias),
        ])
        for one in scored
        if one.bar is not None
    ]  # fmt: skip


def tell_drivers(
    output: Output, scored: Sequence["Score"], moved: dict[str, dict[str, float]]
) -> None:
    """Print what part of each promised series' bias its drivers explain, and what is left."""
    rows = [
        [one.zh if output.language == "zh" else one.en, *cells]
        for one, cells in by_driver_rows(scored, moved)
    ]
    head = [say(word, output.language) for word in ("series", *DRIVEN)]
    output.line("heldout_by_driver")
    output.table(head, rows, numbers=len(DRIVEN))


def coverage(found: "Bands", language: Language) -> list[str]:
    """Say what part of the observed points the bands hold."""
    from calibration.bands import COVERAGE  # noqa: PLC0415

    least, most = COVERAGE
    verdict = "pass" if least <= found.coverage <= most else "fail"
    alone = f"{100 * found.coverage_of_members:.0f}"
    return [
        say(
            "heldout_bands", language, members=found.members, verdict=say(verdict, language),
            share=f"{100 * found.coverage:.0f}", least=f"{100 * least:.0f}",
            most=f"{100 * most:.0f}",
        ),
        say("heldout_bands_hold", language, share=alone),
    ]  # fmt: skip


def tell_bands(output: Output, found: "Bands") -> None:
    """Print what part of the observed points the bands hold."""
    for sentence in coverage(found, output.language):
        output.text(sentence)
    output.text()


def rolling_rows(
    scored: Sequence["Score"], drivers: "Drivers"
) -> "tuple[list[int], list[tuple[Score, list[str]]]]":
    """Last known years, and the mean absolute error of each series by them."""
    cuts = sorted({one.until for one in scored})
    found = {(one.name, one.until): one for one in scored}
    rows = []
    for first in {one.name: one for one in scored}.values():
        cells = []
        for cut in cuts:
            one = found.get((first.name, cut))
            mark = "*" if one is not None and one.better else ""
            cells.append("" if one is None else size(one.judged(drivers).absolute) + mark)
        rows.append((first, cells))
    return cuts, rows


def tell_rolling(output: Output, scored: Sequence["Score"], drivers: "Drivers") -> None:
    """Print the mean absolute error of each series by cut."""
    cuts, rows = rolling_rows(scored, drivers)
    output.line("heldout_rolling")
    head = [say("series", output.language), *map(str, cuts)]
    output.table(
        head,
        [[one.zh if output.language == "zh" else one.en, *cells] for one, cells in rows],
        numbers=len(cuts),
    )


def size(share: float) -> str:
    """Write an error in per cent; nothing where there is none."""
    return f"{100 * share:.1f} %" if share == share else "–"  # noqa: PLR0124 - not a number
