"""Writes a program as straight-line vector code that LLVM compiles.

Every part of the plan becomes a function. What is used in the same function stays in registers;
what a later one needs goes through slots, an array with as many lanes as a vector, so that it
stays in the caches of one core while the whole program runs on these lanes.
"""

from collections.abc import Iterable
from typing import Final

from simulator.model.program import Program
from simulator.solvers.native_frame import PARAMETERS, frame
from simulator.solvers.native_math import definitions
from simulator.solvers.native_plan import Graph, Slots, graph_of, order_of, slots_of
from simulator.solvers.native_text import number, vector

PART: Final = 500
"""Operations in a function: the time to compile one grows faster than its length."""

_ARITHMETIC: Final = {
    "add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv",
}  # fmt: skip
_COMPARISONS: Final = {
    "greater": "ogt", "greater_equal": "oge", "less": "olt", "less_equal": "ole",
    "equal": "oeq",
}  # fmt: skip
_EXTREMES: Final = {"maximum": "ogt", "minimum": "olt"}
CALLS: Final = {"exp": "exp", "log": "log", "tanh": "tanh", "power": "pow"}


def native_code(program: Program, lanes: int, *, fused: bool) -> str:
    """LLVM's text of a program.

    It defines three names: ``run(rows, scalars, slots, stride, blocks)``, where `stride` is the
    number of bytes between rows and `blocks` the number of vectors in one, ``combine`` (see
    `Machine.combine`), and ``slot_count``, the length of the slots.

    Parameters
    ----------
    program
        What to compute.
    lanes
        Scenarios in a vector.
    fused
        Whether the processor multiplies and adds in one rounding.
    """
    graph = graph_of(program)
    order = order_of(graph)
    parts = [order[start : start + PART] for start in range(0, len(order), PART)]
    slots = slots_of(graph, parts)
    texts = [_Part(graph, slots, lanes).text(n, part) for n, part in enumerate(parts)]
    around = frame(slots.inputs, slots.length, len(parts), lanes)
    attributes = f'"prefer-vector-width"="{64 * lanes}" "min-legal-vector-width"="{64 * lanes}"'
    last = f"attributes #0 = {{ nounwind {attributes if lanes > 1 else ''} }}\n"
    return "\n".join([definitions(lanes, fused=fused), *texts, around, last])


class _Part:
    """One function: some operations in order."""

    def __init__(self, graph: Graph, slots: Slots, lanes: int) -> None:
        self._graph = graph
        self._slots = slots
        self._lanes = lanes
        self._type = vector(lanes)
        self._mask = vector(lanes, "i1")
        self._lines: list[str] = []
        self._names: dict[int, str] = {}
        """Register of each value that has been made or loaded."""
        self._masks: dict[int, str] = {}
        """Register of the truth of each comparison that has been made."""

    def text(self, which: int, part: Iterable[int]) -> str:
        """Write the function."""
        for operation in part:
            value = self._graph.height + operation
            self._operation(value, self._graph.operations[operation])
            if value in self._slots.place:
                self._store(value, self._slot(value))
            for row in self._graph.results.get(value, ()):
                offset = self._line(f"mul i64 %stride, {row}")
                self._store(value, self._line(f"getelementptr i8, ptr %rows, i64 {offset}"))
        body = "\n".join(self._lines)
        head = f"define internal void @part_{which}({PARAMETERS}) noinline #0"
        return f"{head} {{\n{body}\n  ret void\n}}"

    def _line(self, text: str) -> str:
        name = f"%t{len(self._lines)}"
        self._lines.append(f"  {name} = {text}")
        return name

    def _slot(self, value: int) -> str:
        offset = 8 * self._lanes * self._slots.place[value]
        return self._line(f"getelementptr i8, ptr %slots, i64 {offset}")

    def _store(self, value: int, place: str) -> None:
        self._lines.append(f"  store {self._type} {self._name(value)}, ptr {place}, align 8")

    def _name(self, value: int) -> str:
        """Register of a value."""
        if value not in self._names:
            if value in self._masks:
                name = self._line(
                    f"select {self._mask} {self._masks[value]}, "
                    f"{self._type} {self._all(1.0)}, {self._type} zeroinitializer"
                )
            elif value < 0:
                name = self._broadcast(-1 - value)
            else:
                name = self._line(f"load {self._type}, ptr {self._slot(value)}, align 8")
            self._names[value] = name
        return self._names[value]

    def _broadcast(self, scalar: int) -> str:
        place = self._line(f"getelementptr double, ptr %scalars, i64 {scalar}")
        one = self._line(f"load double, ptr {place}")
        first = self._line(f"insertelement {self._type} poison, double {one}, i64 0")
        return self._line(
            f"shufflevector {self._type} {first}, {self._type} poison, "
            f"{vector(self._lanes, 'i32')} zeroinitializer"
        )

    def _all(self, value: float) -> str:
        return f"<{', '.join([f'double {number(value)}'] * self._lanes)}>"

    def _truth(self, value: int) -> str:
        """Register that says in which lanes a value is not zero."""
        if value not in self._masks:
            name = self._name(value)
            self._masks[value] = self._line(f"fcmp une {self._type} {name}, zeroinitializer")
        return self._masks[value]

    def _operation(self, value: int, operation: str) -> None:
        """Write one operation; `value` is its result."""
        operands = self._graph.operands[value - self._graph.height]
        v = self._type
        if operation == "where":
            truth = self._truth(operands[0])
            one, two = (self._name(operand) for operand in operands[1:])
            self._names[value] = self._line(
                f"select {self._mask} {truth}, {v} {one}, {v} {two}"
            )
            return
        names = [self._name(operand) for operand in operands]
        pair = f"{v} {', '.join(names)}"
        if operation in _COMPARISONS:
            self._masks[value] = self._line(f"fcmp {_COMPARISONS[operation]} {pair}")
        elif operation == "spread":
            self._names[value] = names[0]
        elif operation in _ARITHMETIC:
            self._names[value] = self._line(f"{_ARITHMETIC[operation]} {pair}")
        elif operation in _EXTREMES:
            self._names[value] = self._extreme(_EXTREMES[operation], *names)
        elif operation in CALLS:
            arguments = ", ".join(f"{v} {name}" for name in names)
            self._names[value] = self._line(f"call {v} @vector_{CALLS[operation]}({arguments})")
        elif operation == "square":
            self._names[value] = self._line(f"fmul {v} {names[0]}, {names[0]}")
        elif operation == "negative":
            self._names[value] = self._line(f"fneg {v} {names[0]}")
        else:
            function = {"absolute": "fabs", "sqrt": "sqrt"}[operation]
            call = f"call {v} @llvm.{function}.v{self._lanes}f64({v} {names[0]})"
            self._names[value] = self._line(call)

    def _extreme(self, how: str, x: str, y: str) -> str:
        """Larger or smaller of two numbers; not-a-number where one is, as NumPy has it.

        The choice is the instruction of x86, which takes `y` where either is not-a-number.
        """
        v, mask = self._type, self._mask
        better = self._line(f"fcmp {how} {v} {x}, {y}")
        chosen = self._line(f"select {mask} {better}, {v} {x}, {v} {y}")
        missing = self._line(f"fcmp uno {v} {x}, zeroinitializer")
        return self._line(f"select {mask} {missing}, {v} {x}, {v} {chosen}")
