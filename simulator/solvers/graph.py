"""What a program computes element by element, as a graph of values and operations."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.model.program import Program

_EITHER_WAY: Final = ("add", "multiply", "maximum", "minimum", "equal")
"""Operations whose two operands may change places."""


Values = NDArray[np.int64]
"""Integers: scalar n is -1 - n, what row n holds before a run is n, and the result of operation
n is the height of the program + n."""


class Graph(NamedTuple):
    """What is computed from what, in the integers of `Values`."""

    height: int
    operations: list[str]
    operands: list[list[int]]
    """Values that each operation takes."""
    results: dict[int, list[int]]
    """Places among the outputs of each value that is asked for."""


def taken_by(program: Program) -> tuple[list[Values], Values]:
    """Values that each instruction takes, (element, operand), and the value of each output."""
    current, made = np.arange(program.height), program.height
    taken = []
    for item in program.instructions:
        values = [
            current[operand.places] if operand.in_rows else -1 - operand.places
            for operand in item.operands
        ]
        taken.append(np.stack(values, axis=1))
        current[item.first : item.first + item.count] = np.arange(made, made + item.count)
        made += item.count
    return taken, current[program.outputs]


def graph_of(program: Program) -> Graph:
    """Operations element by element, and what each takes."""
    taken, outputs = taken_by(program)
    operations: list[str] = []
    operands: list[list[int]] = []
    for item, values in zip(program.instructions, taken, strict=True):
        operations += [item.operation] * item.count
        operands += values.tolist()
    results: dict[int, list[int]] = {}
    for place, output in enumerate(outputs.tolist()):
        value = output
        if value < program.height:  # what is given is passed on
            operations.append("spread")
            operands.append([value])
            value = program.height + len(operations) - 1
        results.setdefault(value, []).append(place)
    return Graph(program.height, operations, operands, results)


def without_repetition(graph: Graph) -> Graph:
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
