"""What a tape computes is what its program computes, however many elements are left out."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import AssemblyError
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.lowering import CONSTANT, UNIFORM, VARYING, Lowering
from simulator.model.program import Program, assemble
from simulator.model.tape import Tape
from simulator.model.tracing import held
from simulator.solvers.machine import NumpyMachine

Array = Any


def compiled(function: Any, *inputs: Array, kinds: Any = None) -> tuple[Program, Array, Array]:
    """Program of a function of arrays (..., 1), the nodes' values, and where outputs lie."""
    tape, lowering = Tape(), Lowering()
    given_kinds = kinds or [VARYING] * len(inputs)
    nodes = [lowering.input(x, kind) for x, kind in zip(inputs, given_kinds, strict=True)]
    outputs = [tape.contiguous(held(function(*map(tape.input, inputs))))]
    lowered = lowering.lower(tape.calls(outputs), outputs)
    rows = np.concatenate(nodes)
    (wanted,) = lowered.outputs
    moving = np.flatnonzero(lowered.kinds[wanted] == VARYING)
    program = assemble(lowered.groups, lowered.kinds == VARYING, rows, wanted[moving])
    return program, lowered.values[program.scalars], moving


def result(function: Any, *inputs: Array, width: int = 3) -> Array:
    """Run the program on columns that differ; (element, width)."""
    program, scalars, moving = compiled(function, *[x[..., :1].copy() for x in inputs])
    machine = NumpyMachine(program, 0, width)
    machine.scalars[:] = scalars
    machine.give(0, np.concatenate([x.reshape(-1, width) for x in inputs]))
    size = np.asarray(function(*inputs)).reshape(-1, width).shape[0]
    found = np.zeros((size, width))
    found[moving] = machine.outputs()
    return found


NUMBERS = np.random.default_rng(3).uniform(0.5, 2.0, (4, 5, 3))
SPARSE = np.where(np.random.default_rng(4).random((4, 5, 1)) < 0.6, 0.0, 1.7)
WHERE = np.random.default_rng(5).random((4, 5, 1)) < 0.5

FUNCTIONS = {
    "arithmetic": lambda x: (x + 2.0) * x / (x - 5.0) - x**2 + x**-0.3,
    "sparse sum": lambda x: (SPARSE * x).sum(axis=0),
    "sum of all": lambda x: FAST_NUMPY.sum(x, axis=(0, 1)),
    "largest": lambda x: FAST_NUMPY.max(x * SPARSE, axis=1, keepdims=True) + x,
    "choice": lambda x: np.where(WHERE, x, SPARSE),
    "choice of choice": lambda x: np.where(x > 1.0, np.where(WHERE, 0.0, x), 3.0),
    "bounds": lambda x: FAST_NUMPY.clip(x, 0.7, SPARSE),
    "gather": lambda x: x[np.array([2, 0, 2])][:, 1:4] + 0.0 * x[:3, :3],
    "join": lambda x: np.concatenate([x[:1], np.stack([x[1], x[2]])]) * 2.0,
    "repeat": lambda x: np.repeat(x[:1], 3, axis=0) - x[1:],
    "matrix": lambda x: SPARSE[:, :, 0].T @ x[:, 0],
    "matrices": lambda x: SPARSE[:, :, 0] @ x,
    "choices": lambda x: np.where(x > 1.2, x, 0.0) + np.where(x > 1.5, 0.0, -x) * SPARSE,
    "quotient": lambda x: x / (SPARSE + 0.3),
    "powers": lambda x: x ** (SPARSE - 1.7) + np.where(SPARSE > 0, 1.0, x) ** x,
    "functions": lambda x: np.exp(-x) + np.log(x) * np.tanh(x) + np.abs(-x),
    "zero": lambda x: 0.0 * x + SPARSE * 0.0,
    "constant": lambda x: 0.0 * x + SPARSE,
    "reversed": lambda x: x[::-1] - x,
    "outer": lambda x: x[:, None] / x[None],
    "power and root": lambda x: (x**2 + x**0.5).sum(axis=0),
    "constant choice": lambda x: np.where(np.arange(4)[:, None, None] > 0, x, 7.0),
    "spread and join": lambda x: np.stack(np.broadcast_arrays(x[0], x[1, 0])),
    "part of a gathered part": lambda x: x[:, np.array([2, 0])] * x[np.array([1, 1, 0, 3]), :2],
    "in one row": lambda x: x[:, :2].reshape(-1, x.shape[-1]) + 0.0,
    "row by row": lambda x: sum(row * 2.0 for row in x),
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_program_gives_what_numpy_gives(name):
    function = FUNCTIONS[name]
    expected = np.asarray(function(NUMBERS) + 0.0 * NUMBERS.sum()).reshape(-1, 3)
    np.testing.assert_allclose(result(function, NUMBERS), expected, rtol=1e-13)


@given(
    st.lists(st.sampled_from([0.0, 1.0, 2.5]), min_size=12, max_size=12),
    st.integers(0, 2**16),
)
def test_what_constants_decide_makes_no_difference(constants, seed):
    weights = np.array(constants).reshape(3, 4, 1)
    x = np.random.default_rng(seed).uniform(0.1, 3.0, (3, 4, 3))

    def function(a):
        share = a * weights / (1.0 + FAST_NUMPY.sum(a * weights, axis=1, keepdims=True))
        kept = np.where(weights > 0, np.maximum(share, weights * 0.1), 0.0)
        return FAST_NUMPY.sum(kept * a, axis=0) ** weights[0] - weights[0]

    expected = function(x).reshape(-1, 3)  # a difference of numbers up to 200
    np.testing.assert_allclose(result(function, x), expected, rtol=1e-12, atol=1e-13)


def test_repeated_and_unread_calls_are_left_out():
    tape, x = Tape(), np.ones((3, 1))
    traced = tape.input(x)
    once = np.exp(traced) * np.exp(traced)
    np.log(traced)
    assert [call.name for call in tape.calls([once.array])] == ["exp", "multiply"]


def test_elements_that_are_zero_for_ever_cost_nothing():
    eye = np.eye(30)[:, :, np.newaxis]
    program, *_ = compiled(lambda x: FAST_NUMPY.sum(eye * x, axis=1), np.ones((30, 30, 1)))
    assert sum(item.count for item in program.instructions) == 0


def test_what_constants_make_simple_is_no_division_and_no_power():
    def function(x):
        share = np.where(x > 1.0, x / (SPARSE + 0.3), 0.0)
        return share ** (0.0 * SPARSE) + np.where(x > 1.2, 0.0, x)

    program, *_ = compiled(function, NUMBERS[..., :1].copy())
    operations = {item.operation for item in program.instructions}
    assert operations == {"greater", "drop", "add"}
    program, *_ = compiled(
        lambda x: np.where(x > 1.0, 0.0 * SPARSE, 0.0) + x / (SPARSE + 0.3),
        NUMBERS[..., :1].copy(),
    )
    assert {item.operation for item in program.instructions} == {"multiply"}


def test_what_follows_from_the_time_alone_is_no_row():
    program, *_ = compiled(
        lambda time, x: np.exp(time * 3.0) * x, np.ones((1,)), np.ones((4, 1)),
        kinds=[UNIFORM, VARYING],
    )  # fmt: skip
    assert [item.operation for item in program.instructions] == ["multiply"]


def test_columns_do_not_depend_on_how_many_there_are():
    function = FUNCTIONS["functions"]
    wide = np.tile(NUMBERS, (1, 1, 11))
    program, scalars, _ = compiled(function, wide[..., :1].copy())
    found = []
    for width in (1, 3, 33):
        machine = NumpyMachine(program, 0, width)
        machine.scalars[:] = scalars
        machine.give(0, wide[..., :width].reshape(20, width))
        found.append(machine.outputs())
    assert found[0].tobytes() == np.ascontiguousarray(found[2][:, :1]).tobytes()
    assert found[1].tobytes() == np.ascontiguousarray(found[2][:, :3]).tobytes()


def test_rows_are_used_again():
    def chain(x):
        for _ in range(200):
            x = np.exp(-x)
        return x

    program, *_ = compiled(chain, np.ones((10, 1)))
    assert program.height <= 40
    assert len(program.instructions) == 400


def test_an_operation_that_is_not_known_is_named():
    with pytest.raises(AssemblyError, match="cumsum"):
        compiled(lambda x: np.cumsum(x, axis=0), np.ones((3, 1)))


def test_kinds_are_ordered():
    assert CONSTANT < UNIFORM < VARYING
