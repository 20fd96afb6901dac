"""Which operations of a program one scenario does together: as few calls as there can be.

Operations of one kind that need not wait for each other are done at once, whatever they belong
to.
"""

from typing import Final, NamedTuple

import numpy as np

from simulator.model.program import Program, Rows
from simulator.solvers.graph import Values, taken_by

OPERANDS: Final = 3
"""Most operands of an instruction."""

_NONE: Final = -(2**40)
"""In place of an operand that an operation does not take."""

_SAME_AS: Final[dict[str, tuple[str, tuple[int | None, ...]]]] = {
    "keep": ("where", (0, 1, None)),
    "drop": ("where", (0, None, 1)),
    "greater": ("less", (1, 0)),
    "greater_equal": ("less_equal", (1, 0)),
}
"""Operations that are another one of other operands, None for zero: more go together."""


class Together(NamedTuple):
    """Operations of one kind that are called together."""

    operation: str
    first: int
    """Row of the first result; the others follow."""
    taken: tuple[Rows, ...]
    """Rows of each operand."""


class Plan(NamedTuple):
    """What to call for one scenario: inputs lie first, then scalars, a zero, then results."""

    inputs: int
    scalars: int
    steps: tuple[Together, ...]
    outputs: Rows
    """Row of each output."""


def plan_of(program: Program) -> Plan:
    """Operations of a program that need not wait for each other, put together."""
    graph = _graph(program)
    inputs, scalars = len(program.inputs), len(program.scalars)
    # scalars and the zero have negative values, results follow step by step
    row_of = np.full(program.height + len(graph.kind), -1)
    row_of[:inputs] = np.arange(inputs)

    def lie(values: Values) -> Rows:
        return np.where(values < 0, inputs - 1 - values, row_of[np.maximum(values, 0)])

    steps = []
    first = inputs + scalars + 1
    for group in _together(graph):
        taken = tuple(lie(column) for column in graph.operands[group].T if column[0] != _NONE)
        row_of[program.height + group] = np.arange(first, first + len(group))
        steps.append(Together(graph.names[graph.kind[group[0]]], first, taken))
        first += len(group)
    return Plan(inputs, scalars, tuple(steps), lie(graph.outputs))


class _Graph(NamedTuple):
    """What is computed from what, element by element, in an order in which it can be."""

    names: list[str]
    """Kinds of operation."""
    kind: Rows
    """Kind of each operation, (operation,)."""
    operands: Values
    """What each takes, (operation, `OPERANDS`)."""
    outputs: Values
    """Value of each output."""
    takers: Rows
    """Operations that take a result, those of the first operation first, (use,)."""
    begin: Rows
    """Where among them those of each operation begin, and the end of all, (operation + 1,)."""
    chain: Rows
    """Operations on the longest way from each to one that nothing takes, (operation,)."""


def _graph(program: Program) -> _Graph:
    taken, outputs = taken_by(program)
    ends = np.cumsum([item.count for item in program.instructions], dtype=np.int64)
    count = int(ends[-1]) if len(ends) else 0
    kinds: dict[str, int] = {}
    kind = np.zeros(count, np.int64)
    operands = np.full((count, OPERANDS), _NONE)
    zero = -1 - len(program.scalars)
    for item, values, end in zip(program.instructions, taken, ends, strict=True):
        here = slice(end - item.count, end)
        name, places = _SAME_AS.get(item.operation, (item.operation, range(values.shape[1])))
        kind[here] = kinds.setdefault(name, len(kinds))
        for column, given in enumerate(places):
            operands[here, column] = zero if given is None else values[:, given]
    makers = operands - program.height
    taker, place = np.nonzero(makers >= 0)
    maker = makers[taker, place]
    order = np.argsort(maker, kind="stable")
    chain = np.ones(count, np.int64)
    for item, end in zip(program.instructions[::-1], ends[::-1], strict=True):
        here = slice(end - item.count, end)
        for column in makers[here].T:
            made = column >= 0
            np.maximum.at(chain, column[made], chain[here][made] + 1)
    return _Graph(
        names=list(kinds),
        kind=kind,
        operands=operands,
        outputs=outputs,
        takers=taker[order],
        begin=np.searchsorted(maker[order], np.arange(count + 1)),
        chain=chain,
    )


def _together(graph: _Graph) -> list[Rows]:
    """Operations by steps, each of one kind and of nothing that the step itself makes.

    Of the kinds that could come next it is the one with the operation from which the longest
    chain leads to a result: what could be done now but is not urgent waits for others of its
    kind.
    """
    count = len(graph.kind)
    missing = np.bincount(graph.takers, minlength=count)
    ready: dict[int, list[Rows]] = {}
    longest: dict[int, int] = {}

    def add(found: Rows) -> None:
        for kind in np.unique(graph.kind[found]).tolist():
            mine = found[graph.kind[found] == kind]
            ready.setdefault(kind, []).append(mine)
            longest[kind] = max(longest.get(kind, 0), int(graph.chain[mine].max()))

    add(np.flatnonzero(missing == 0))
    steps = []
    while ready:
        kind = max(longest, key=longest.__getitem__)
        del longest[kind]
        step = np.concatenate(ready.pop(kind))
        steps.append(step)
        begin, end = graph.begin[step], graph.begin[step + 1]
        sizes = end - begin
        offsets = np.repeat(begin - (np.cumsum(sizes) - sizes), sizes)
        taking = graph.takers[offsets + np.arange(len(offsets))]
        missing -= np.bincount(taking, minlength=count)
        touched = np.unique(taking)
        add(touched[missing[touched] == 0])
    return steps
