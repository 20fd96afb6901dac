"""Orders the operations of a program for straight-line code, and gives their values places.

What a program computes element by element is a graph. Operations that repeat others are left
out, and a product that is only added to something becomes one operation with the sum. The rest
is ordered so that a result is used soon after it was made, and cut into parts of some hundred;
what a later part needs is given a slot, used again after the last part that needs it.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Program

_EITHER_WAY: Final = ("add", "multiply", "maximum", "minimum", "equal")
"""Operations whose two operands may change places."""

_INTO_SUM: Final = {
    "multiply": ("multiply_add", "subtract_from_product", "subtract_product"),
    "keep": ("add_where", None, None),
    "drop": ("add_unless", None, None),
}
"""What an operation becomes that is only added to something, that something is subtracted
from, or that is subtracted from something."""


class Graph(NamedTuple):
    """What is computed from what.

    A value is an integer: scalar n is -1 - n, what row n holds before a run is n, and the
    result of operation n is `height` + n.
    """

    height: int
    operations: list[str]
    operands: list[list[int]]
    """Values that each operation takes."""
    results: dict[int, list[int]]
    """Places among the outputs of each value that is asked for."""


class Slots(NamedTuple):
    """Where values lie that one function makes and another takes."""

    place: dict[int, int]
    """Slot of each value."""
    length: int


def graph_of(program: Program) -> Graph:
    """Operations element by element, and what each takes."""
    current = np.arange(program.height)
    operations: list[str] = []
    operands: list[list[int]] = []
    for item in program.instructions:
        taken: list[NDArray[np.int64]] = [
            current[operand.places] if operand.in_rows else -1 - operand.places
            for operand in item.operands
        ]
        first = program.height + len(operations)
        current[item.first : item.first + item.count] = np.arange(first, first + item.count)
        operations += [item.operation] * item.count
        operands += np.stack(taken, axis=1).tolist()
    results: dict[int, list[int]] = {}
    for place, row in enumerate(program.outputs.tolist()):
        value = int(current[row])
        if value < program.height:  # what is given is passed on
            operations.append("spread")
            operands.append([value])
            value = program.height + len(operations) - 1
        results.setdefault(value, []).append(place)
    return Graph(program.height, operations, operands, results)


def improved(graph: Graph, *, fused: bool) -> Graph:
    """The same with fewer operations; those that nothing takes any more stay, for `order_of`.

    Parameters
    ----------
    graph
        What is computed.
    fused
        Whether products may be added to something in one rounding.
    """
    return _with_sums(_without_repetition(graph), fused=fused)


def _without_repetition(graph: Graph) -> Graph:
    """Let every value that is made twice be taken from where it is made first."""
    height = graph.height
    same = np.arange(height + len(graph.operations)).tolist()
    known: dict[tuple[str, tuple[int, ...]], int] = {}
    operands = []
    for n, (operation, given) in enumerate(zip(graph.operations, graph.operands, strict=True)):
        taken = [value if value < height else same[value] for value in given]
        operands.append(taken)
        alike = tuple(sorted(taken) if operation in _EITHER_WAY else taken)
        same[height + n] = known.setdefault((operation, alike), height + n)
    results: dict[int, list[int]] = {}
    for value, places in graph.results.items():
        results.setdefault(same[value], []).extend(places)
    return graph._replace(operands=operands, results=results)


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


def order_of(graph: Graph) -> list[int]:
    """Operations that results need, each as soon as possible before the first that takes it."""
    done = np.zeros(len(graph.operations), bool)
    order = []
    for value in graph.results:
        waiting = [value - graph.height]
        while waiting:
            operation = waiting[-1]
            before = [value - graph.height for value in graph.operands[operation]]
            missing = [n for n in reversed(before) if n >= 0 and not done[n]]
            if missing and not done[operation]:
                waiting += missing
                continue
            waiting.pop()
            if not done[operation]:
                done[operation] = True
                order.append(operation)
    return order


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
