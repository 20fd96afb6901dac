"""Writes a program as straight-line vector code that LLVM compiles.

Every part of the plan becomes a function. What is used in the same function stays in registers;
what a later one needs goes through slots, an array with as many lanes as a vector, so that it
stays in the caches of one core while the whole program runs on these lanes. An output is added
to what it changes where it is worked out, and stored nowhere else.
"""

from collections.abc import Iterable
from typing import Final

from simulator.model.program import Program
from simulator.solvers.graph import Graph, graph_of, order_of
from simulator.solvers.native_frame import Frame, around, keeping
from simulator.solvers.native_math import definitions
from simulator.solvers.native_plan import Slots, improved, slots_of
from simulator.solvers.native_text import number, vector

PART: Final = 250
"""Operations in a function: the time to compile one grows faster than its length."""

_ARITHMETIC: Final = {
    "add": "fadd", "subtract": "fsub", "multiply": "fmul", "divide": "fdiv",
}  # fmt: skip
_COMPARISONS: Final = {
    "greater": "ogt", "greater_equal": "oge", "less": "olt", "less_equal": "ole",
    "equal": "oeq",
}  # fmt: skip
_EXTREMES: Final = {"maximum": "ogt", "minimum": "olt"}
_CHOICES: Final = ("where", "keep", "drop", "add_where", "add_unless")
_FUSED: Final = {
    "multiply_add": ("", ""), "subtract_from_product": ("", "-"), "subtract_product": ("-", ""),
}  # fmt: skip
"""Signs of the product and of what is added to it."""
CALLS: Final = {"exp": "exp", "log": "log", "tanh": "tanh", "power": "pow"}


def native_code(program: Program, stocks: int, lanes: int, *, fused: bool) -> str:
    """LLVM's text of a program.

    It defines three names: ``run``, see `around`, ``slot_count``, the length of the slots, and
    ``keep``, see `keeping`.

    Parameters
    ----------
    program
        What to compute.
    stocks
        How many of the first inputs are stocks; the first outputs are their rates of change.
    lanes
        Scenarios in a vector.
    fused
        Whether the processor multiplies and adds in one rounding.
    """
    graph = improved(graph_of(program), fused=fused)
    order = order_of(graph)
    parts = [order[start : start + PART] for start in range(0, len(order), PART)]
    slots = slots_of(graph, parts)
    texts = [
        _Part(graph, slots, stocks, lanes, fused=fused).text(n, part)
        for n, part in enumerate(parts)
    ]
    attributes = f'"prefer-vector-width"="{64 * lanes}" "min-legal-vector-width"="{64 * lanes}"'
    last = f"attributes #0 = {{ nounwind {attributes if lanes > 1 else ''} }}\n"
    frame = around(slots.length, len(parts))
    return "\n".join([definitions(lanes, fused=fused), *texts, frame, keeping(lanes), last])


class _Part:
    """One function: some operations in order."""

    def __init__(
        self, graph: Graph, slots: Slots, stocks: int, lanes: int, *, fused: bool
    ) -> None:
        self._graph = graph
        self._slots = slots
        self._stocks = stocks
        self._lanes = lanes
        self._fused = fused
        self._type = vector(lanes)
        self._mask = vector(lanes, "i1")
        self._lines: list[str] = []
        self._names: dict[int, str] = {}
        """Register of each value that has been made or loaded."""
        self._masks: dict[int, str] = {}
        """Register of the truth of each comparison that has been made."""

    def text(self, which: int, part: Iterable[int]) -> str:
        """Write the function."""
        arrays = {field: self._array(n) for n, field in enumerate(Frame._fields)}
        self._arrays = arrays
        self._weight, self._ahead = (self._broadcast(arrays["factors"], n) for n in range(2))
        for operation in part:
            value = self._graph.height + operation
            self._operation(value, self._graph.operations[operation])
            if value in self._slots.place:
                self._store(self._name(value), "slots", self._slots.place[value])
            for place in self._graph.results.get(value, ()):
                self._output(place, self._name(value))
        body = "\n".join(self._lines)
        head = f"define internal void @part_{which}(ptr noalias readonly %frame) noinline #0"
        return f"{head} {{\n{body}\n  ret void\n}}"

    # --- arrays ------------------------------------------------------------------------------

    def _line(self, text: str) -> str:
        name = f"%t{len(self._lines)}"
        self._lines.append(f"  {name} = {text}")
        return name

    def _array(self, field: int) -> str:
        place = self._line(f"getelementptr ptr, ptr %frame, i64 {field}")
        return self._line(f"load ptr, ptr {place}")

    def _place(self, array: str, element: int) -> str:
        pointer = self._arrays[array]
        return self._line(f"getelementptr i8, ptr {pointer}, i64 {8 * self._lanes * element}")

    def _load(self, array: str, element: int) -> str:
        return self._line(f"load {self._type}, ptr {self._place(array, element)}, align 8")

    def _store(self, name: str, array: str, element: int) -> None:
        place = self._place(array, element)
        self._lines.append(f"  store {self._type} {name}, ptr {place}, align 8")

    def _broadcast(self, pointer: str, element: int) -> str:
        place = self._line(f"getelementptr double, ptr {pointer}, i64 {element}")
        one = self._line(f"load double, ptr {place}")
        first = self._line(f"insertelement {self._type} poison, double {one}, i64 0")
        return self._line(
            f"shufflevector {self._type} {first}, {self._type} poison, "
            f"{vector(self._lanes, 'i32')} zeroinitializer"
        )

    def _output(self, place: int, name: str) -> None:
        """Add an output to what it changes."""
        if place >= self._stocks:
            flow = place - self._stocks
            self._store(self._grown("sums", flow, name, self._weight), "sums", flow)
            return
        ahead = self._grown("base", place, name, self._ahead)
        after = self._grown("before", place, name, self._weight)
        self._store(ahead, "ahead", place)
        self._store(after, "after", place)

    def _grown(self, array: str, element: int, rate: str, factor: str) -> str:
        return self._product_and(rate, factor, self._load(array, element))

    # --- operations --------------------------------------------------------------------------

    def _name(self, value: int) -> str:
        """Register of a value."""
        if value not in self._names:
            if value in self._masks:
                name = self._line(
                    f"select {self._mask} {self._masks[value]}, "
                    f"{self._type} {self._all(1.0)}, {self._type} zeroinitializer"
                )
            elif value < 0:
                name = self._broadcast(self._arrays["scalars"], -1 - value)
            elif value < self._stocks:
                name = self._load("stocks", value)
            elif value < self._graph.height:
                name = self._load("given", value - self._stocks)
            else:
                name = self._load("slots", self._slots.place[value])
            self._names[value] = name
        return self._names[value]

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
        if operation in _COMPARISONS:
            one, two = map(self._name, operands)
            how = _COMPARISONS[operation]
            self._masks[value] = self._line(f"fcmp {how} {self._type} {one}, {two}")
        elif operation in _CHOICES:
            self._names[value] = self._choice(operation, operands)
        elif operation in _EXTREMES:
            self._names[value] = self._extreme(_EXTREMES[operation], operands)
        else:
            self._names[value] = self._computed(operation, *map(self._name, operands))

    def _choice(self, operation: str, operands: list[int]) -> str:
        v, truth = self._type, self._truth(operands[0])
        name = self._name(operands[1])
        other = self._name(operands[2]) if len(operands) > 2 else "zeroinitializer"
        if operation.startswith("add"):
            name = self._line(f"fadd {v} {other}, {name}")
        yes, no = (other, name) if operation in ("drop", "add_unless") else (name, other)
        return self._line(f"select {self._mask} {truth}, {v} {yes}, {v} {no}")

    def _computed(self, operation: str, *names: str) -> str:
        v = self._type
        if operation == "spread":
            return names[0]
        if operation in _ARITHMETIC:
            return self._line(f"{_ARITHMETIC[operation]} {v} {', '.join(names)}")
        if operation in _FUSED:
            signs = _FUSED[operation]
            one, rest = (
                self._line(f"fneg {v} {name}") if sign else name
                for sign, name in zip(signs, (names[0], names[2]), strict=True)
            )
            return self._product_and(one, names[1], rest)
        if operation in CALLS:
            arguments = ", ".join(f"{v} {name}" for name in names)
            return self._line(f"call {v} @vector_{CALLS[operation]}({arguments})")
        x = names[0]
        text = {
            "square": f"fmul {v} {x}, {x}",
            "negative": f"fneg {v} {x}",
            "absolute": f"call {v} @llvm.fabs.v{self._lanes}f64({v} {x})",
            "sqrt": f"call {v} @llvm.sqrt.v{self._lanes}f64({v} {x})",
        }
        return self._line(text[operation])

    def _product_and(self, one: str, two: str, rest: str) -> str:
        """Sum of a product and something, in one rounding where the processor does that."""
        v = self._type
        if self._fused:
            triple = ", ".join(f"{v} {name}" for name in (one, two, rest))
            return self._line(f"call {v} @llvm.fma.v{self._lanes}f64({triple})")
        product = self._line(f"fmul {v} {one}, {two}")
        return self._line(f"fadd {v} {product}, {rest}")

    def _extreme(self, how: str, operands: list[int]) -> str:
        """Larger or smaller of two numbers; not-a-number where one is, as NumPy has it.

        The choice is the instruction of x86, which takes its second operand where either is
        not-a-number. A scalar never is: as the first operand it needs no further look.
        """
        v, mask = self._type, self._mask
        x, y = (self._name(operand) for operand in sorted(operands))
        better = self._line(f"fcmp {how} {v} {x}, {y}")
        chosen = self._line(f"select {mask} {better}, {v} {x}, {v} {y}")
        if min(operands) < 0:
            return chosen
        missing = self._line(f"fcmp uno {v} {x}, zeroinitializer")
        return self._line(f"select {mask} {missing}, {v} {x}, {v} {chosen}")
