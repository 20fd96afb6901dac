"""The table of numbers that documents print, beside the model's, for ``hindcast``."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.interface.language import Language, say
from simulator.interface.output import Output

if TYPE_CHECKING:
    from calibration.documents import Document, Observation
    from calibration.free_year import Reported

WORDS = ("series", "unit", "printed", "modelled", "bar", "")


def printed_table(output: Output, items: Sequence["Document"]) -> None:
    """Print every number with the tolerance at which it holds and whether it does.

    Below its name stand the facts that print it, as ``explain fact`` takes them, and below
    the verdict what each of them is used for: what calibrates the model is met for that reason.
    """
    chinese = output.language == "zh"
    output.line("documents")
    output.table(
        [say(word, output.language) if word else "" for word in WORDS],
        [
            [
                "\n  ".join((item.zh if chinese else item.en, *item.facts)),
                "" if item.unit == "1" else item.unit,
                as_printed(item),
                "–" if item.met is None else f"{item.model:.4g}",
                allowed(item, output.language),
                "\n".join((say(item.verdict, output.language), *uses(item, output.language))),
            ]
            for item in items
        ],
        numbers=4,
    )
    reasons_list(output, items)
    found = Counter(item.verdict for item in items)
    output.line(
        "documents_sum",
        met=found["met"], missed=found["missed"], contradicted=found["contradicted"],
        without=found["not represented"],
        count=len(items),
    )  # fmt: skip


def reasons_list(output: Output, items: Sequence["Document"]) -> None:
    """Print why each number that is not met is not, and what was observed instead."""
    chinese = output.language == "zh"
    output.line("documents_reasons")
    for item in items:
        name, reason = (item.zh, item.reason_zh) if chinese else (item.en, item.reason_en)
        if reason:
            output.line("documents_reason", name=name, reason=reason)
        if reason and item.observation is not None:
            output.line("documents_observed", **observed(item.observation))


def observed(found: "Observation") -> dict[str, str]:
    """Write an observation beside the model's number, and how far they may be apart."""
    unit = "" if found.unit == "1" else f" {found.unit}"
    return {
        "value": f"{found.value:.4g}{unit}",
        "model": f"{found.model:.4g}{unit}",
        "allowed": f"± {100 * found.tolerance:g} %",
        "source": found.source,
        "where": found.where,
    }


def free_year_table(output: Output, items: Sequence["Reported"]) -> None:
    """Print what was published of the first free year beside the model's numbers."""
    if not items:
        return
    chinese = output.language == "zh"
    output.line("free_year", year=items[0].year)
    body = []
    for item in items:
        level = item.basis == "level"
        numbers = [f"{x:.4g}" if level else signed(x) for x in (item.reported, item.model)]
        unit = item.unit if level else say("change", output.language)
        error = signed(item.error) if level else points(item.error, output.language)
        body.append([item.zh if chinese else item.en, unit, *numbers, error])
    words = ("series", "unit", "reported", "modelled", "error")
    output.table([say(word, output.language) for word in words], body, numbers=3)


def signed(share: float) -> str:
    """Write a share in per cent with its sign; zero has none."""
    text = f"{100 * share:+.1f} %"
    return text if float(text[:-2]) else "0.0 %"


def points(share: float, language: Language) -> str:
    """Write a difference of two shares in percentage points."""
    return say("points", language, value=signed(share).removesuffix(" %"))


def uses(item: "Document", language: Language) -> list[str]:
    """Write what each fact of a number is used for."""
    return [say(f"named.{use}", language) for use in item.used_as]


def as_printed(item: "Document") -> str:
    """Write the number, the range or the bound of a document."""
    if item.low is None and item.high is None:
        return f"{item.document:.4g}"
    if item.low is None:
        return f"< {item.high:g}"
    return f"> {item.low:g}" if item.high is None else f"{item.low:g}–{item.high:g}"


def allowed(item: "Document", language: Language) -> str:
    """Write the tolerance at which a number holds."""
    if item.tolerance is None:
        return say("in_range", language)
    return f"± {100 * item.tolerance:g} %"
