"""``explain mechanism`` and ``explain fact``: what stands for what the documents name."""

from typing import Final

from simulator.interface.language import say
from simulator.interface.output import Output, record
from simulator.reading.resolution import Resolved
from simulator.schema.numbers import Label

NAMED: Final = ("mechanism", "fact")
"""Words that may stand before an id."""

PRODUCT: Final = "product"
"""Word that stands before the name of a product."""


def explain_named(output: Output, what: str, name: str, resolved: Resolved | None) -> int:
    """Print a mechanism or a fact of the founding documents, and what stands for it."""
    from simulator.reading import explain_inventory as reading  # noqa: PLC0415

    explain = reading.explain_mechanism if what == "mechanism" else reading.explain_fact
    account = explain(name, resolved)
    named = account.named

    def tell(label: Label | None) -> str:
        return "" if label is None else label.zh if output.language == "zh" else label.en

    def word(key: str) -> str:
        return say(f"named.{key}", output.language)

    output.text(f"{named.id} - {tell(named.label)}")
    facts = (
        ("kind", word(named.kind) if named.kind else ""),
        ("sector", named.sector),
        ("value", f"{named.value} {'' if named.unit == '1' else named.unit}".strip()),
        ("year", named.year),
        ("source", cited(named.source, named.clause)),
        ("represented_by" if named.kind else "used_as", word(named.represented_by)),
    )
    for key, text in facts:
        if text:
            output.text(f"  {word(key)}: {text}")
    for item in account.counterparts:
        if item.left_out:
            output.text("    " + say("named.more", output.language, count=item.left_out))
            continue
        label = f" - {tell(item.label)}" if item.label else ""
        unset = f" ({word('unset')})" if item.unset else ""
        if item.inactive:
            unset += f" ({say('inactive_note', output.language)})"
        indent = "      " if item.kind == "setting" else "    "
        value = f": {item.value}" if item.value else ""
        output.text(f"{indent}{word(item.kind)} {item.name}{label}{value}{unset}")
    if named.note:
        output.text(f"  {word('note')}: {named.note}")
    output.json(record(account))
    return 0


def cited(source: str, clause: str) -> str:
    """Write the document of a fact and the place in it; nothing for a mechanism."""
    from simulator.reading.sources import load_sources  # noqa: PLC0415

    known = load_sources().get(source)
    return ", ".join(filter(None, (known.citation() if known else source, clause)))
