"""The model as a Vensim file: with subscripts, or one equation for each number."""

from collections.abc import Iterable
from typing import Final

from tests.benchmarks.peers.chain import (
    ADJUSTMENT_TIME,
    CLASSES,
    END,
    EULER_STEP,
    FLEETS,
    KNOTS,
    PRICE,
    START,
    TECHNOLOGIES,
    FloatArray,
    Numbers,
)

PARAMETERS: Final = (
    "lifetime", "share_weight", "capital", "capital_floor", "learning_exponent", "running",
    "emissions",
)  # fmt: skip
"""Parameters of a technology, by their names in `Numbers`."""

WIDE: Final = "fleet,technology"


def names(letter: str, count: int) -> list[str]:
    """Names of the elements of a subscript."""
    return [f"{letter}{place}" for place in range(1, count + 1)]


def equation(left: str, right: str) -> str:
    """One equation, without unit and comment."""
    return f"{left} = {right}\n\t~ \n\t~ \n\t|\n"


def table(values: FloatArray) -> str:
    """Numbers of two subscripts."""
    return "".join(",".join(map(repr, row)) + ";" for row in values.tolist())


def path(values: Iterable[float]) -> str:
    """A value that bends in the years of `KNOTS`."""
    points = ",".join(f"({year},{value!r})" for year, value in zip(KNOTS, values, strict=True))
    return f"WITH LOOKUP(Time, ({points}))"


COMMON: Final = (
    ("price factor", "1"),
    ("exponent", "4"),
    ("adjustment time", repr(ADJUSTMENT_TIME)),
    ("price path", path(PRICE)),
    ("price", "price factor * price path"),
    ("INITIAL TIME", repr(START)),
    ("FINAL TIME", repr(END)),
    ("TIME STEP", repr(EULER_STEP)),
    ("SAVEPER", "1"),
)
"""What has no subscript."""


def subscripted(given: Numbers) -> str:
    """The Vensim model.

    The class is the first subscript: PySD cannot hold stocks of shapes (6, 6) and (6, 6, 1) in
    one model, but it can hold (6, 6) and (1, 6, 6).
    """
    first, last = "a1", f"a{CLASSES}"
    classes = names("a", CLASSES)
    lines = ["{UTF-8}\n"]
    for subscript, members in (
        ("fleet", ", ".join(names("f", FLEETS))),
        ("technology", ", ".join(names("t", TECHNOLOGIES))),
        ("class", ", ".join(classes)),
        ("older", ", ".join(classes[1:])),
        ("previous", ", ".join(classes[:-1]) + " -> older"),
    ):
        lines.append(f"{subscript}: {members} ~~|\n")
    for name in PARAMETERS:
        label = name.replace("_", " ")
        lines.append(equation(f"{label}[{WIDE}]", table(getattr(given, name))))
    for fleet, values in zip(names("f", FLEETS), given.demand.tolist(), strict=True):
        lines.append(equation(f"demand[{fleet}]", path(values)))
    begin = f"first capacity[{WIDE}]/{CLASSES}"
    pairs = (
        (
            f"capacity[{first},{WIDE}]",
            f"INTEG(bought[{WIDE}] - ageing[{first},{WIDE}], {begin})",
        ),
        (
            f"capacity[older,{WIDE}]",
            f"INTEG(ageing[previous,{WIDE}] - ageing[older,{WIDE}], {begin})",
        ),
        (f"first capacity[{WIDE}]", table(given.capacity)),
        (f"first experience[{WIDE}]", table(given.experience)),
        (f"experience[{WIDE}]", f"INTEG(bought[{WIDE}], first experience[{WIDE}])"),
        (f"learnable capital[{WIDE}]", f"capital[{WIDE}] - capital floor[{WIDE}]"),
        (
            f"gained[{WIDE}]",
            f"(experience[{WIDE}]/first experience[{WIDE}])^(-learning exponent[{WIDE}])",
        ),
        (
            f"learned capital[{WIDE}]",
            f"capital floor[{WIDE}] + learnable capital[{WIDE}]*gained[{WIDE}]",
        ),
        (
            f"cost[{WIDE}]",
            f"learned capital[{WIDE}] + running[{WIDE}] + price*emissions[{WIDE}]",
        ),
        (f"weight[{WIDE}]", f"share weight[{WIDE}] * cost[{WIDE}]^(-exponent)"),
        (f"share[{WIDE}]", f"weight[{WIDE}] / SUM(weight[fleet,technology!])"),
        (f"ageing[class,{WIDE}]", f"capacity[class,{WIDE}]*{CLASSES}/lifetime[{WIDE}]"),
        ("retirement[fleet]", f"SUM(ageing[{last},fleet,technology!])"),
        (
            "gap[fleet]",
            "(demand[fleet] - SUM(capacity[class!,fleet,technology!])) / adjustment time",
        ),
        ("orders[fleet]", "MAX(retirement[fleet] + gap[fleet], 0)"),
        (f"bought[{WIDE}]", f"orders[fleet] * share[{WIDE}]"),
    )
    return "".join([*lines, *(equation(*pair) for pair in (*pairs, *COMMON))])


def scalar(given: Numbers) -> str:
    """The Vensim model without subscripts."""
    pairs: list[tuple[str, str]] = []
    for fleet in range(FLEETS):
        marks = [f"{fleet} {technology}" for technology in range(TECHNOLOGIES)]
        held = [f"capacity {age} {mark}" for mark in marks for age in range(CLASSES)]
        retiring = " + ".join(f"ageing {CLASSES - 1} {mark}" for mark in marks)
        pairs += [
            (f"demand {fleet}", path(given.demand[fleet].tolist())),
            (f"weights {fleet}", " + ".join(f"weight {mark}" for mark in marks)),
            (f"held {fleet}", " + ".join(held)),
            (f"gap {fleet}", f"(demand {fleet} - held {fleet}) / adjustment time"),
            (f"orders {fleet}", f"MAX({retiring} + gap {fleet}, 0)"),
        ]
        for technology, mark in enumerate(marks):
            pairs += _technology(given, (fleet, technology), mark)
    return "".join(["{UTF-8}\n", *(equation(*pair) for pair in (*pairs, *COMMON))])


def _technology(given: Numbers, place: tuple[int, int], mark: str) -> list[tuple[str, str]]:
    """Equations of one technology."""
    experience = float(given.experience[place])
    pairs = [
        (f"{name.replace('_', ' ')} {mark}", repr(float(getattr(given, name)[place])))
        for name in PARAMETERS
    ]
    pairs += [
        (f"first experience {mark}", repr(experience)),
        (f"first capacity {mark}", repr(float(given.capacity[place]))),
        (f"experience {mark}", f"INTEG(bought {mark}, first experience {mark})"),
        (
            f"gained {mark}",
            f"(experience {mark}/first experience {mark})^(-learning exponent {mark})",
        ),
        (f"use {mark}", f"running {mark} + price*emissions {mark}"),
        (f"learnable capital {mark}", f"capital {mark} - capital floor {mark}"),
        (
            f"cost {mark}",
            f"capital floor {mark} + learnable capital {mark}*gained {mark} + use {mark}",
        ),
        (f"weight {mark}", f"share weight {mark} * cost {mark}^(-exponent)"),
        (f"bought {mark}", f"orders {mark[0]} * weight {mark} / weights {mark[0]}"),
    ]
    arriving = f"bought {mark}"
    for age in range(CLASSES):
        leaving = f"ageing {age} {mark}"
        first = f"first capacity {mark}/{CLASSES}"
        pairs += [
            (leaving, f"capacity {age} {mark}*{CLASSES}/lifetime {mark}"),
            (f"capacity {age} {mark}", f"INTEG({arriving} - {leaving}, {first})"),
        ]
        arriving = leaving
    return pairs


def scalar_stocks() -> list[str]:
    """Names of the stocks of the model without subscripts, in the order of comparison."""
    marks = [f"{fleet} {kind}" for fleet in range(FLEETS) for kind in range(TECHNOLOGIES)]
    capacities = [f"capacity {age} {mark}" for age in range(CLASSES) for mark in marks]
    return [*capacities, *(f"experience {mark}" for mark in marks)]
