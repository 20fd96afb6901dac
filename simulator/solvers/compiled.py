"""Runs a program by a small interpreter that numba compiles: the extra ``fast``.

The interpreter knows the operations, not the model: it is compiled once, kept on disk, and
runs whatever program it is given, for any number of scenarios. An instruction is a loop over
rows, and inside it a loop over scenarios that the compiler turns into vector instructions.
"""

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from simulator.model.lowering import OPERATIONS
from simulator.model.program import Program
from simulator.solvers.machine import NumpyMachine, Step

_SCALARS: Final = 0
_ROWS: Final = 1

(
    _ADD, _SUBTRACT, _MULTIPLY, _DIVIDE, _MAXIMUM, _MINIMUM, _POWER,
    _GREATER, _GREATER_EQUAL, _LESS, _LESS_EQUAL, _EQUAL,
    _NEGATIVE, _ABSOLUTE, _EXP, _LOG, _SQUARE, _SQRT, _TANH, _WHERE, _SPREAD,
) = range(len(OPERATIONS))  # fmt: skip


def _inline(function: Callable[..., float]) -> Any:
    return njit(function, inline="always", error_model="numpy")


def _binary(function: Callable[[float, float], float]) -> Any:
    """Loop of an operation with two operands."""
    apply = _inline(function)

    def loop(rows, scalars, index, first, count, one, a, two, b):
        if one == _ROWS and two == _ROWS:
            for i in range(count):
                x, y, result = rows[index[a + i]], rows[index[b + i]], rows[first + i]
                for w in range(result.shape[0]):
                    result[w] = apply(x[w], y[w])
        elif one == _ROWS:
            for i in range(count):
                x, s, result = rows[index[a + i]], scalars[b + i], rows[first + i]
                for w in range(result.shape[0]):
                    result[w] = apply(x[w], s)
        else:
            for i in range(count):
                s, y, result = scalars[a + i], rows[index[b + i]], rows[first + i]
                for w in range(result.shape[0]):
                    result[w] = apply(s, y[w])

    return njit(loop, error_model="numpy")


def _unary(function: Callable[[float], float]) -> Any:
    """Loop of an operation with one operand."""
    apply = _inline(function)

    def loop(rows, index, first, count, a):
        for i in range(count):
            x, result = rows[index[a + i]], rows[first + i]
            for w in range(result.shape[0]):
                result[w] = apply(x[w])

    return njit(loop, error_model="numpy")


def _nan_first(better: Callable[[float, float], bool]) -> Callable[[float, float], float]:
    """Larger or smaller of two numbers; not-a-number where one of them is, as NumPy has it."""
    test = _inline(better)

    def choose(x: float, y: float) -> float:
        return x if (test(x, y) or x != x) else y  # noqa: PLR0124 - only not-a-number does

    return choose


_add = _binary(lambda x, y: x + y)
_subtract = _binary(lambda x, y: x - y)
_multiply = _binary(lambda x, y: x * y)
_divide = _binary(lambda x, y: x / y)
_maximum = _binary(_nan_first(lambda x, y: x >= y))
_minimum = _binary(_nan_first(lambda x, y: x <= y))
_power = _binary(lambda x, y: x**y)
_greater = _binary(lambda x, y: 1.0 if x > y else 0.0)
_greater_equal = _binary(lambda x, y: 1.0 if x >= y else 0.0)
_less = _binary(lambda x, y: 1.0 if x < y else 0.0)
_less_equal = _binary(lambda x, y: 1.0 if x <= y else 0.0)
_equal = _binary(lambda x, y: 1.0 if x == y else 0.0)
_negative = _unary(lambda x: -x)
_absolute = _unary(lambda x: abs(x))
_exp = _unary(lambda x: math.exp(x))
_log = _unary(lambda x: np.log(x))
_square = _unary(lambda x: x * x)
_sqrt = _unary(lambda x: np.sqrt(x))
_tanh = _unary(lambda x: math.tanh(x))


@njit(error_model="numpy")
def _fill(rows, scalars, index, target, kind, place):
    """Copy a row or spread a scalar."""
    result = rows[target]
    if kind == _ROWS:
        x = rows[index[place]]
        for w in range(result.shape[0]):
            result[w] = x[w]
    else:
        s = scalars[place]
        for w in range(result.shape[0]):
            result[w] = s


@njit(error_model="numpy")
def _where(rows, scalars, index, first, count, zero, c, one, a, two, b):
    """Choose between two operands by the first."""
    for i in range(count):
        result = rows[first + i]
        if zero == _SCALARS:
            if scalars[c + i] != 0.0:
                _fill(rows, scalars, index, first + i, one, a + i)
            else:
                _fill(rows, scalars, index, first + i, two, b + i)
            continue
        condition = rows[index[c + i]]
        if one == _ROWS and two == _ROWS:
            x, y = rows[index[a + i]], rows[index[b + i]]
            for w in range(result.shape[0]):
                p, q = x[w], y[w]
                result[w] = p if condition[w] != 0.0 else q
        elif one == _ROWS:
            x, s = rows[index[a + i]], scalars[b + i]
            for w in range(result.shape[0]):
                p = x[w]
                result[w] = p if condition[w] != 0.0 else s
        elif two == _ROWS:
            s, y = scalars[a + i], rows[index[b + i]]
            for w in range(result.shape[0]):
                q = y[w]
                result[w] = s if condition[w] != 0.0 else q
        else:
            s, t = scalars[a + i], scalars[b + i]
            for w in range(result.shape[0]):
                result[w] = s if condition[w] != 0.0 else t


@njit(error_model="numpy", cache=True, nogil=True)
def _run(code, index, rows, scalars):  # noqa: PLR0912 - one branch an operation
    """Carry out every instruction."""
    for n in range(code.shape[0]):
        operation, first, count = code[n, 0], code[n, 1], code[n, 2]
        one, a, two, b = code[n, 3], code[n, 4], code[n, 5], code[n, 6]
        if operation == _ADD:
            _add(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _MULTIPLY:
            _multiply(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _SUBTRACT:
            _subtract(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _DIVIDE:
            _divide(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _MAXIMUM:
            _maximum(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _MINIMUM:
            _minimum(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _WHERE:
            three, c = code[n, 7], code[n, 8]
            _where(rows, scalars, index, first, count, one, a, two, b, three, c)
        elif operation == _POWER:
            _power(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _GREATER:
            _greater(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _GREATER_EQUAL:
            _greater_equal(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _LESS:
            _less(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _LESS_EQUAL:
            _less_equal(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _EQUAL:
            _equal(rows, scalars, index, first, count, one, a, two, b)
        elif operation == _NEGATIVE:
            _negative(rows, index, first, count, a)
        elif operation == _ABSOLUTE:
            _absolute(rows, index, first, count, a)
        elif operation == _EXP:
            _exp(rows, index, first, count, a)
        elif operation == _LOG:
            _log(rows, index, first, count, a)
        elif operation == _SQUARE:
            _square(rows, index, first, count, a)
        elif operation == _SQRT:
            _sqrt(rows, index, first, count, a)
        elif operation == _TANH:
            _tanh(rows, index, first, count, a)
        else:
            for i in range(count):
                _fill(rows, scalars, index, first + i, one, a + i)


@njit(error_model="numpy", cache=True, nogil=True)
def _combine(rows, rates, flows, start, end, total, weight, ahead):
    """Add rates and flows to the sums of a step, and look ahead."""
    for i in range(flows.shape[0]):
        x, result = rows[flows[i]], total[i]
        for w in range(result.shape[0]):
            result[w] += weight * x[w]
    for i in range(rates.shape[0]):
        x, result = rows[rates[i]], end[i]
        for w in range(result.shape[0]):
            result[w] += weight * x[w]
    for i in range(rates.shape[0]):  # a rate may lie in a row that looks ahead: all are added
        x, y, result = rows[rates[i]], start[i], rows[i]
        for w in range(result.shape[0]):
            result[w] = y[w] + ahead * x[w]


class CompiledMachine(NumpyMachine):
    """A program run by the compiled interpreter."""

    def __init__(self, program: Program, width: int) -> None:
        super().__init__(program._replace(instructions=()), width)
        self._code, self._index = _encoded(program)

    def run(self) -> None:
        """Work out every row from the inputs and the scalars."""
        _run(self._code, self._index, self.rows, self.scalars)

    def combine(self, step: Step, weight: float, ahead: float) -> None:
        """Add what was worked out to the sums of a step, and look ahead."""
        if (step.rates < len(step.rates)).any():  # a rate that is a stock: do not overwrite it
            super().combine(step, weight, ahead)
            return
        _combine(
            self.rows, step.rates, step.flows, step.start, step.end, step.total, weight, ahead
        )


def _encoded(program: Program) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
    """Instructions as numbers: operation, first row, count, then kind and place of operands."""
    code = np.zeros((len(program.instructions), 9), np.int64)
    index: list[NDArray[np.int64]] = []
    filled = 0
    for line, item in zip(code, program.instructions, strict=True):
        line[:3] = OPERATIONS.index(item.operation), item.first, item.count
        for place, operand in enumerate(item.operands):
            here = slice(3 + 2 * place, 5 + 2 * place)
            if operand.rows is None:
                line[here] = _SCALARS, operand.scalars.start
            else:
                line[here] = _ROWS, filled
                index.append(operand.rows)
                filled += len(operand.rows)
    return code, np.concatenate([*index, np.zeros(0, np.int64)]).astype(np.uint32)
