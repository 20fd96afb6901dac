"""Exponential, logarithm and power of a vector of numbers, as text that LLVM compiles.

Each is a branch-free series for the numbers of everyday use, and a call of the mathematics
library for each of the others: overflow, subnormal numbers, zero, negative, infinite and
not-a-number. Which of the two a number takes depends on nothing but the number itself, so a
result does not depend on the lane that it lies in, nor on how many lanes there are.

The series are those of fdlibm (Sun Microsystems, 1993) for the logarithm and Taylor's for the
rest. They need fused multiplication and addition; without it every number is left to the
library.
"""

import math
import struct
from typing import Final

from simulator.solvers.native_text import Function, vector

_LOG2_HIGH: Final = float.fromhex("0x1.62e42feep-1")
"""Leading bits of log 2: its product with an exponent is exact."""
_LOG2_LOW: Final = 1.90821492927058770002e-10
_ROUND: Final = 1.5 * 2.0**52
"""Added to a number it leaves the nearest integer in the last bits."""
_LARGEST_EXPONENT: Final = 708.0
"""Up to here the exponential is a normal number, and so is its reciprocal."""
_SMALLEST_NORMAL: Final = 2.0**-1022
_ROOT_HALF: Final = 0x3FE6A09E667F3BCD
"""Bits of the square root of a half."""
_EXPONENT_BITS: Final = -(1 << 52)
"""Mask of sign and exponent."""

_EXP: Final = tuple(1.0 / math.factorial(n) for n in range(2, 14))
"""(exp(r) - 1 - r) / r^2 for |r| < log(2) / 2, to 2^-57."""
_LOG: Final = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
"""(log((1 + s) / (1 - s)) - 2 s) / s^3 as a polynomial of s^2, of fdlibm, to 2^-58."""
_LOG_LONG: Final = tuple(2.0 / (2 * n + 3) for n in range(11))
"""The same, exact to the last bit: the error of a logarithm grows with the exponent."""

LIBRARY: Final = {"exp": 1, "log": 1, "tanh": 1, "pow": 2}
"""Functions of the mathematics library and the number of their arguments."""


def definitions(lanes: int, *, fused: bool) -> str:
    """Functions ``vector_exp``, ``vector_log``, ``vector_tanh`` and ``vector_pow``.

    Parameters
    ----------
    lanes
        How many numbers a vector has.
    fused
        Whether the processor multiplies and adds in one rounding.
    """
    parts = [_declarations(lanes)]
    parts += [_by_library(name, lanes) for name in LIBRARY]
    bodies = {"exp": _exp, "log": _log, "pow": _pow} if fused else {}
    for name, arguments in LIBRARY.items():
        if name in bodies:
            function = Function(lanes)
            bodies[name](function)
            parts.append(_guarded(name, function))
        else:
            parts.append(_passed_on(name, arguments, lanes))
    return "\n".join(parts)


def _exp(f: Function) -> None:
    f.odd = f.compare("uge", f.absolute("%x"), f.all(_LARGEST_EXPONENT))
    f.result = _exponential(f, "%x", None)


def _exponential(f: Function, x: str, low: str | None) -> str:
    """exp(x + low) = 2^k exp(r), where r = x + low - k log 2 lies within log(2) / 2."""
    shifted = f.fused(x, f.all(1.0 / math.log(2.0)), f.all(_ROUND))
    k = f.negative(f.subtract(shifted, f.all(_ROUND)))
    r = f.fused(k, f.all(_LOG2_HIGH), x)
    r = f.fused(k, f.all(_LOG2_LOW), r)
    if low is not None:
        r = f.add(r, low)
    series = f.polynomial(_EXP, r)
    power = f.add(f.all(1.0), f.fused(f.multiply(r, r), series, r))
    exponent = f.whole_line("shl", f.bits(shifted), f.all_whole(52))
    return f.real_of_bits(f.whole_line("add", f.bits(power), exponent))


def _log(f: Function) -> None:
    f.odd = _not_normal(f)
    k, m = _taken_apart(f, "%x")
    part = f.subtract(m, f.all(1.0))
    half = f.multiply(f.multiply(part, part), f.all(0.5))
    s = f.divide(part, f.add(part, f.all(2.0)))
    z = f.multiply(s, s)
    rest = f.add(f.multiply(z, f.polynomial(_LOG, z)), half)
    small = f.fused(s, rest, f.multiply(k, f.all(_LOG2_LOW)))
    fraction = f.subtract(f.subtract(half, small), part)
    f.result = f.fused(k, f.all(_LOG2_HIGH), f.negative(fraction))


def _not_normal(f: Function) -> str:
    """Where the base is not a positive normal number."""
    small = f.compare("ult", "%x", f.all(_SMALLEST_NORMAL))
    return f.either(small, f.compare("ueq", "%x", f.all(math.inf)))


def _taken_apart(f: Function, x: str) -> tuple[str, str]:
    """Exponent k and mantissa m of x = 2^k m, m between the roots of a half and of two."""
    bits = f.bits(x)
    above = f.whole_line("sub", bits, f.all_whole(_ROOT_HALF))
    exponent = f.whole_line("and", above, f.all_whole(_EXPONENT_BITS))
    m = f.real_of_bits(f.whole_line("sub", bits, exponent))
    k = f.whole_line("ashr", above, f.all_whole(52))
    round_bits = struct.unpack("<q", struct.pack("<d", _ROUND))[0]
    shifted = f.real_of_bits(f.whole_line("add", k, f.all_whole(round_bits)))
    return f.subtract(shifted, f.all(_ROUND)), m


def _pow(f: Function) -> None:
    """exp(y log x), where logarithm and product carry their rounding errors along."""
    k, m = _taken_apart(f, "%x")
    part = f.subtract(m, f.all(1.0))
    below = f.add(m, f.all(1.0))
    below_low = f.subtract(m, f.subtract(below, f.all(1.0)))
    inverse = f.divide(f.all(1.0), below)
    s = f.multiply(part, inverse)
    left = f.fused(f.negative(s), below, part)
    left = f.fused(f.negative(s), below_low, left)
    s_low = f.multiply(left, inverse)
    z = f.multiply(s, s)
    rest = f.multiply(f.multiply(s, z), f.polynomial(_LOG_LONG, z))
    rest = f.fused(s_low, f.all(2.0), rest)
    rest = f.fused(k, f.all(_LOG2_LOW), rest)
    twice = f.add(s, s)
    exact = f.multiply(k, f.all(_LOG2_HIGH))
    total = f.add(exact, twice)
    rest = f.add(f.subtract(twice, f.subtract(total, exact)), rest)
    high = f.add(total, rest)
    low = f.subtract(rest, f.subtract(high, total))
    product = f.multiply("%y", high)
    error = f.fused("%y", low, f.fused("%y", high, f.negative(product)))
    far = f.compare("uge", f.absolute(product), f.all(_LARGEST_EXPONENT))
    f.odd = f.either(_not_normal(f), far)
    f.result = _exponential(f, product, error)


def _declarations(lanes: int) -> str:
    v = vector(lanes)
    library = [
        f"declare double @{name}({', '.join(['double'] * arguments)})"
        for name, arguments in LIBRARY.items()
    ]
    intrinsics = [
        f"declare {v} @llvm.fma.v{lanes}f64({v}, {v}, {v})",
        f"declare {v} @llvm.fabs.v{lanes}f64({v})",
        f"declare {v} @llvm.sqrt.v{lanes}f64({v})",
    ]
    return "\n".join(library + intrinsics)


def _signature(arguments: int, lanes: int) -> str:
    return ", ".join(f"{vector(lanes)} %{name}" for name in "xy"[:arguments])


def _by_library(name: str, lanes: int) -> str:
    """Replace some lanes, each of them a bit of an integer, by what the library says."""
    v = vector(lanes)
    names = "xy"[: LIBRARY[name]]
    taken = "\n".join(f"  %{a}_lane = extractelement {v} %{a}, i64 %i" for a in names)
    passed = ", ".join(f"double %{a}_lane" for a in names)
    return f"""
define internal {v} @library_{name}({_signature(len(names), lanes)}, {v} %fast, i64 %odd) cold noinline #0 {{
start:
  br label %lane
lane:
  %i = phi i64 [ 0, %start ], [ %next, %joined ]
  %so_far = phi {v} [ %fast, %start ], [ %result, %joined ]
  %shifted = lshr i64 %odd, %i
  %is_odd = trunc i64 %shifted to i1
  br i1 %is_odd, label %call, label %joined
call:
{taken}
  %value = call double @{name}({passed})
  %replaced = insertelement {v} %so_far, double %value, i64 %i
  br label %joined
joined:
  %result = phi {v} [ %so_far, %lane ], [ %replaced, %call ]
  %next = add i64 %i, 1
  %again = icmp ult i64 %next, {lanes}
  br i1 %again, label %lane, label %end
end:
  ret {v} %result
}}"""  # noqa: E501 - a line of LLVM


def _guarded(name: str, function: Function) -> str:
    """The series, and the library where a lane needs it."""
    v, mask, lanes = function.real, function.mask, function.lanes
    arguments = LIBRARY[name]
    body = "\n".join(function.lines)
    result, odd = function.result, function.odd
    return f"""
define internal {v} @vector_{name}({_signature(arguments, lanes)}) noinline #0 {{
{body}
  %lanes = bitcast {mask} {odd} to i{lanes}
  %odd = zext i{lanes} %lanes to i64
  %any = icmp ne i64 %odd, 0
  br i1 %any, label %slow, label %fast
fast:
  ret {v} {result}
slow:
  %exact = call {v} @library_{name}({_signature(arguments, lanes)}, {v} {result}, i64 %odd)
  ret {v} %exact
}}"""


def _passed_on(name: str, arguments: int, lanes: int) -> str:
    """Every lane by the library."""
    v = vector(lanes)
    return f"""
define internal {v} @vector_{name}({_signature(arguments, lanes)}) noinline #0 {{
  %exact = call {v} @library_{name}({_signature(arguments, lanes)}, {v} %x, i64 -1)
  ret {v} %exact
}}"""
