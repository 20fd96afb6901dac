"""NumPy runs one scenario by other calls than many, to the same bits."""

import numpy as np
from hypothesis import given, settings

from simulator.model.program import Instruction, Operand, Program
from simulator.solvers.machine import NumpyMachine
from simulator.solvers.numpy_calls import for_many, for_one
from tests.solvers.programs import programs, run, same_bits


@settings(max_examples=100)
@given(programs())
def test_one_scenario_is_a_column_of_many(drawn):
    program, scalars, inputs = drawn
    many = run(NumpyMachine, program, scalars, inputs)
    for column in range(3):
        here = slice(column, column + 1)
        same_bits(run(NumpyMachine, program, scalars, inputs[:, here]), many[:, here])


def test_what_can_be_done_together_is():
    """A chain of forty sums; nothing waits for the exponentials and products of each."""
    chains, instructions, row = 40, [], 2
    both = [Operand(np.array([place]), in_rows=True) for place in (0, 1)]
    scalar = Operand(np.array([0]), in_rows=False)
    ends = []
    for _ in range(chains):
        instructions.append(Instruction("add", row, 1, tuple(both)))
        mine = Operand(np.array([row]), in_rows=True)
        instructions.append(Instruction("exp", row + 1, 1, (mine,)))
        grown = Operand(np.array([row + 1]), in_rows=True)
        instructions.append(Instruction("multiply", row + 2, 1, (grown, scalar)))
        both = [Operand(np.array([place]), in_rows=True) for place in (0, row)]
        ends.append(row + 2)
        row += 3
    program = Program(
        tuple(instructions), row, np.arange(2), np.zeros(1, np.int64), np.array(ends)
    )
    assert len(for_many(program, 1).steps) > 3 * chains
    steps = len(for_one(program).steps)
    assert steps <= 2 * chains + 2 * 2 + 3  # the sums one by one, the rest at the end
    inputs = np.array([[0.25], [0.5]])
    expected = np.exp(0.5 + 0.25 * np.arange(1, chains + 1)) * 3.0
    found = run(NumpyMachine, program, np.array([3.0]), inputs)
    np.testing.assert_allclose(found[:, 0], expected, rtol=1e-14)
