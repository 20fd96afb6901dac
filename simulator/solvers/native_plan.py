"""Orders the operations of a program for straight-line code, and gives their values places.

What a program computes element by element is a graph. Its operations are ordered so that a
result is used soon after it was made, and cut into parts of some hundred; what a later part
needs is given a slot, used again after the last part that needs it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Program


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
    """Rows in which each value that is asked for must stand at the end."""


class Slots(NamedTuple):
    """Where values lie that one function makes and another takes."""

    inputs: list[int]
    """Rows that are copied to the first slots."""
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
            -1 - np.arange(operand.scalars.start, operand.scalars.stop)
            if operand.rows is None
            else current[operand.rows]
            for operand in item.operands
        ]
        first = program.height + len(operations)
        current[item.first : item.first + item.count] = np.arange(first, first + item.count)
        operations += [item.operation] * item.count
        operands += np.stack(taken, axis=1).tolist()
    results: dict[int, list[int]] = {}
    for row in np.unique(program.outputs).tolist():
        if current[row] != row:
            results.setdefault(int(current[row]), []).append(row)
    return Graph(program.height, operations, operands, results)


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
    made: dict[int, int] = {}
    last: dict[int, int] = {}
    for number_of_part, part in enumerate(parts):
        for operation in part:
            made[graph.height + operation] = number_of_part
            for value in graph.operands[operation]:
                if value >= 0:
                    last[value] = number_of_part
    inputs = sorted(value for value in last if value < graph.height)
    place = {row: slot for slot, row in enumerate(inputs)}
    count = len(inputs)
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
    return Slots(inputs, place, count)
