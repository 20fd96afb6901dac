"""Orders the operations of a program for straight-line code, and gives their values places.

What a program computes element by element is a graph. Operations that repeat others are left
out, and a product that is only added to something becomes one operation with the sum. The rest
is ordered so that a result is used soon after it was made, and cut into parts of some hundred;
what a later part needs is given a slot, used again after the last part that needs it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from simulator.solvers.graph import Graph, order_of, without_repetition

_INTO_SUM: Final = {
    "multiply": ("multiply_add", "subtract_from_product", "subtract_product"),
    "keep": ("add_where", None, None),
    "drop": ("add_unless", None, None),
}
"""What an operation becomes that is only added to something, that something is subtracted
from, or that is subtracted from something."""


class Slots(NamedTuple):
    """Where values lie that one function makes and another takes."""

    place: dict[int, int]
    """Slot of each value."""
    length: int


def improved(graph: Graph, *, fused: bool) -> Graph:
    """The same with fewer operations; those that nothing takes any more stay, for `order_of`.

    Parameters
    ----------
    graph
        What is computed.
    fused
        Whether products may be added to something in one rounding.
    """
    return _with_sums(without_repetition(graph), fused=fused)


def _with_sums(graph: Graph, *, fused: bool) -> Graph:
    """Let what is only added to something be one operation with the sum."""
    height = graph.height
    order = order_of(graph)
    uses = Counter(value for n in order for value in graph.operands[n])
    uses.update(list(graph.results))
    operations, operands = list(graph.operations), list(graph.operands)

    def alone(value: int) -> str:
        """The operation that makes a value which is taken once; empty for others."""
        if value < height or uses[value] != 1:
            return ""
        operation = graph.operations[value - height]
        return operation if fused or operation != "multiply" else ""

    for n in order:
        if operations[n] not in ("add", "subtract"):
            continue
        one, two = graph.operands[n]
        places = (0, 0) if operations[n] == "add" else (1, 2)
        for part, rest, place in ((one, two, places[0]), (two, one, places[1])):
            becomes = _INTO_SUM.get(alone(part), (None, None, None))[place]
            if becomes:
                operations[n] = becomes
                operands[n] = [*operands[part - height], rest]
                break
    return graph._replace(operations=operations, operands=operands)


def slots_of(graph: Graph, parts: Sequence[Sequence[int]]) -> Slots:
    """Give a slot to each value that a later part takes, free again after the last."""
    last: dict[int, int] = {}
    for number_of_part, part in enumerate(parts):
        for operation in part:
            for value in graph.operands[operation]:
                if value >= graph.height:
                    last[value] = number_of_part
    place: dict[int, int] = {}
    count = 0
    free: list[int] = []
    ending: list[list[int]] = [[] for _ in parts]
    for number_of_part, part in enumerate(parts):
        for operation in part:
            value = graph.height + operation
            if last.get(value, -1) <= number_of_part:
                continue
            if free:
                place[value] = free.pop()
            else:
                place[value] = count
                count += 1
            ending[last[value]].append(place[value])
        free += ending[number_of_part]
    return Slots(place, count)
