"""The table of numbers that documents print, beside the model's, for ``hindcast``."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simulator.interface.language import Language, say
from simulator.interface.output import Output

if TYPE_CHECKING:
    from calibration.documents import Document

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
    found = Counter(item.verdict for item in items)
    output.line(
        "documents_sum",
        met=found["met"], missed=found["missed"], without=found["not represented"],
        count=len(items),
    )  # fmt: skip


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
