"""Writes functions without branches as text that LLVM compiles."""

import struct
from collections.abc import Sequence


def number(value: float) -> str:
    """A number as LLVM reads it: its bits."""
    return f"0x{struct.unpack('>Q', struct.pack('>d', value))[0]:016X}"


def vector(lanes: int, element: str = "double") -> str:
    """Type of a vector."""
    return f"<{lanes} x {element}>"


class Function:
    """The lines of a function without branches."""

    def __init__(self, lanes: int) -> None:
        self.lanes = lanes
        self.real = vector(lanes)
        self.whole = vector(lanes, "i64")
        self.mask = vector(lanes, "i1")
        self.lines: list[str] = []
        self.result = ""
        """What holds in lanes that the series is made for."""
        self.odd = ""
        """Mask of the other lanes."""

    def line(self, text: str) -> str:
        """Add a line; the name of its result."""
        name = f"%t{len(self.lines)}"
        self.lines.append(f"  {name} = {text}")
        return name

    def all(self, value: float) -> str:
        """The same number in every lane."""
        return f"<{', '.join([f'double {number(value)}'] * self.lanes)}>"

    def all_whole(self, value: int) -> str:
        """The same integer in every lane."""
        return f"<{', '.join([f'i64 {value}'] * self.lanes)}>"

    def add(self, a: str, b: str) -> str:
        """The sum."""
        return self.line(f"fadd {self.real} {a}, {b}")

    def subtract(self, a: str, b: str) -> str:
        """The difference."""
        return self.line(f"fsub {self.real} {a}, {b}")

    def multiply(self, a: str, b: str) -> str:
        """The product."""
        return self.line(f"fmul {self.real} {a}, {b}")

    def divide(self, a: str, b: str) -> str:
        """The ratio."""
        return self.line(f"fdiv {self.real} {a}, {b}")

    def fused(self, a: str, b: str, c: str) -> str:
        """One rounding of a b + c."""
        v, n = self.real, self.lanes
        return self.line(f"call {v} @llvm.fma.v{n}f64({v} {a}, {v} {b}, {v} {c})")

    def negative(self, a: str) -> str:
        """The opposite."""
        return self.line(f"fneg {self.real} {a}")

    def absolute(self, a: str) -> str:
        """The magnitude."""
        return self.line(f"call {self.real} @llvm.fabs.v{self.lanes}f64({self.real} {a})")

    def whole_line(self, operation: str, a: str, b: str) -> str:
        """An operation on integers."""
        return self.line(f"{operation} {self.whole} {a}, {b}")

    def bits(self, a: str) -> str:
        """The bits of numbers as integers."""
        return self.line(f"bitcast {self.real} {a} to {self.whole}")

    def real_of_bits(self, a: str) -> str:
        """Integers read as the bits of numbers."""
        return self.line(f"bitcast {self.whole} {a} to {self.real}")

    def compare(self, how: str, a: str, b: str) -> str:
        """A mask of where a comparison holds."""
        return self.line(f"fcmp {how} {self.real} {a}, {b}")

    def either(self, a: str, b: str) -> str:
        """A mask of where one of two masks holds."""
        return self.line(f"or {self.mask} {a}, {b}")

    def polynomial(self, coefficients: Sequence[float], x: str) -> str:
        """By Estrin's scheme: short chains, so that the processor works on several at once."""
        terms = [self.all(value) for value in coefficients]
        power = x
        while len(terms) > 1:
            pairs = [
                self.fused(high, power, low)
                for low, high in zip(terms[::2], terms[1::2], strict=False)
            ]
            terms = pairs + terms[2 * len(pairs) :]
            if len(terms) > 1:
                power = self.multiply(power, power)
        return terms[0]
