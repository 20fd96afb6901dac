"""The compiled interpreter does what NumPy does."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.model.lowering import OPERATIONS
from simulator.model.program import Instruction, Operand, Program
from simulator.solvers.machine import NumpyMachine, Step

compiled = pytest.importorskip("simulator.solvers.compiled", reason='needs the extra "fast"')

INPUTS, WIDTH = 6, 5
NUMBER = st.one_of(
    st.floats(-5.0, 5.0),
    st.sampled_from([0.0, -0.0, 1.0, 2.0, np.inf, -np.inf, np.nan, 1e300, -1e-300, 700.0]),
)
COUNT = {"where": 3} | dict.fromkeys(
    ("negative", "absolute", "exp", "log", "square", "sqrt", "tanh", "spread"), 1
)


@st.composite
def programs(draw: st.DrawFn) -> tuple[Program, np.ndarray, np.ndarray]:
    """A program over all operations, with its scalars and inputs."""
    instructions, scalars, height = [], 0, INPUTS
    for name in draw(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=12)):
        length = draw(st.integers(1, 4))
        operands = []
        kinds = [draw(st.booleans()) for _ in range(COUNT.get(name, 2))]
        if name not in {"spread", "where"}:
            kinds[0] = kinds[0] or not any(kinds)  # an operation on scalars alone is folded
        if name == "spread":
            kinds = [False]
        for is_row in kinds:
            if is_row:
                rows = draw(
                    st.lists(st.integers(0, INPUTS - 1), min_size=length, max_size=length)
                )
                operands.append(Operand(np.array(rows), slice(0)))
            else:
                operands.append(Operand(None, slice(scalars, scalars + length)))
                scalars += length
        instructions.append(Instruction(name, height, length, tuple(operands)))
        height += length
    values = np.array(draw(st.lists(NUMBER, min_size=scalars, max_size=scalars)))
    size = INPUTS * WIDTH
    inputs = np.array(draw(st.lists(NUMBER, min_size=size, max_size=size)))
    every = np.arange(height)
    program = Program(tuple(instructions), height, every[:INPUTS], every[:scalars] * 0, every)
    return program, values, inputs.reshape(INPUTS, WIDTH)


@given(programs())
def test_every_operation_is_that_of_numpy(drawn):
    program, scalars, inputs = drawn
    for width in (1, WIDTH):
        agree(program, scalars, inputs[:, :width])


def agree(program, scalars, inputs):
    """Run a program on both machines."""
    found = []
    for make in (NumpyMachine, compiled.CompiledMachine):
        machine = make(program, inputs.shape[1])
        machine.scalars[:] = scalars
        machine.rows[:INPUTS] = inputs
        machine.run()
        found.append(machine.rows.copy())
    np.testing.assert_allclose(found[1], found[0], rtol=1e-13, atol=0.0)


@pytest.mark.parametrize("make", [NumpyMachine, compiled.CompiledMachine])
def test_a_step_reads_flows_and_rates_before_stocks_look_ahead(make):
    program = Program((), 6, np.arange(6), np.zeros(0, np.int64), np.arange(6))
    machine = make(program, 2)
    machine.rows[:] = np.arange(12.0).reshape(6, 2)
    before = machine.rows.copy()
    step = Step(np.array([1, 4]), np.array([0, 5, 1]), 2)
    step.start[:] = 100.0
    machine.combine(step, 0.5, 2.0)
    np.testing.assert_array_equal(step.total, 0.5 * before[[0, 5, 1]])
    np.testing.assert_array_equal(step.end, 0.5 * before[[1, 4]])
    np.testing.assert_array_equal(machine.rows[:2], 100.0 + 2.0 * before[[1, 4]])
    np.testing.assert_array_equal(machine.rows[2:], before[2:])
