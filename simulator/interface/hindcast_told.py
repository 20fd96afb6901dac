"""What the command ``hindcast --until`` prints of years that the model did not see."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from simulator.interface.language import say
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


def tell(output: Output, cut: Cut) -> None:
    """Print the table of one cut, what is missing, and what the model knew after all."""
    from calibration.heldout import foreknown, in_hindsight  # noqa: PLC0415
    from calibration.scoring import offsetting, share_better  # noqa: PLC0415

    chinese = output.language == "zh"
    until, scored = cut.until, cut.scored
    output.line("heldout", until=until, name=cut.chosen.name)
    output.line("heldout_judged", drivers=say("drivers_" + cut.drivers, output.language))
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
    better, count = share_better(scored)
    enough = "pass" if 3 * better >= 2 * count else "fail"
    output.line(
        "heldout_better", better=better, count=count, verdict=say(enough, output.language)
    )
    parts, total = offsetting(cut.points, until, cut.drivers)
    output.line("heldout_offset", parts=f"{parts:,.0f}", total=f"{total:,.0f}")
    for one in scored:
        lacks = one.missing_zh if chinese else one.missing_en
        if one.met is False or (one.better is False and lacks):
            name = one.zh if chinese else one.en
            lacks = lacks or say("heldout_unexplained", output.language)
            output.line("heldout_missing", name=name, lacks=lacks)
    if early := foreknown(cut.chosen, until):
        output.line("heldout_foreknown", names=", ".join(early))
    output.line("heldout_drivers")
    if cut.fitted is None:
        output.line("heldout_shipped")
    else:
        output.line("heldout_refitted", count=len(cut.fitted.knobs), until=until)
    output.line("heldout_hindsight", count=len(in_hindsight()))
    output.text()


def tell_drivers(
    output: Output, scored: Sequence["Score"], moved: dict[str, dict[str, float]]
) -> None:
    """Print what part of each promised series' bias its drivers explain, and what is left."""
    from calibration.drivers import KINDS  # noqa: PLC0415

    rows = [
        [
            one.zh if output.language == "zh" else one.en,
            signed(one.model.bias),
            *(signed(moved[one.name][kind]) for kind in KINDS),
            signed(one.model_with_drivers.bias),
        ]
        for one in scored
        if one.bar is not None
    ]
    names = ("expected", *(f"driver_{kind}" for kind in KINDS), "observed")
    head = [say(word, output.language) for word in ("series", *names)]
    output.line("heldout_by_driver")
    output.table(head, rows, numbers=len(names))


def tell_bands(output: Output, found: "Bands") -> None:
    """Print what part of the observed points the bands hold."""
    from calibration.bands import COVERAGE  # noqa: PLC0415

    least, most = COVERAGE
    verdict = "pass" if least <= found.coverage <= most else "fail"
    output.line(
        "heldout_bands", members=found.members, share=f"{100 * found.coverage:.0f}",
        least=f"{100 * least:.0f}", most=f"{100 * most:.0f}",
        verdict=say(verdict, output.language),
    )  # fmt: skip
    alone = f"{100 * found.coverage_of_members:.0f}"
    output.line("heldout_bands_hold", share=alone)
    output.text()


def tell_rolling(output: Output, scored: Sequence["Score"], drivers: "Drivers") -> None:
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
            cells.append("" if one is None else size(one.judged(drivers).absolute) + mark)
        rows.append([label, *cells])
    output.line("heldout_rolling")
    head = [say("series", output.language), *map(str, cuts)]
    output.table(head, rows, numbers=len(cuts))


def size(share: float) -> str:
    """Write an error in per cent; nothing where there is none."""
    return f"{100 * share:.1f} %" if share == share else "–"  # noqa: PLR0124 - not a number
