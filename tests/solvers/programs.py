"""Programs drawn at random, and what runs them."""

import math

import numpy as np
from hypothesis import strategies as st

from simulator.model.lowering import OPERATIONS
from simulator.model.program import Instruction, Operand, Program

INPUTS, WIDTH = 6, 16
COUNT = {"where": 3} | dict.fromkeys(
    ("negative", "absolute", "exp", "log", "square", "sqrt", "tanh", "spread"), 1
)
SPECIAL = (
    0.0, -0.0, 1.0, -1.0, 2.0, -3.0, 0.5, 1e300, -1e-300, 5e-324, -5e-324, 2.0**-1022,
    708.0, -708.0, 709.78, 710.0, -745.2, -746.0, np.inf, -np.inf, np.nan,
)  # fmt: skip
NUMBER = st.one_of(st.floats(-5.0, 5.0), st.sampled_from(SPECIAL), st.floats())


@st.composite
def programs(draw: st.DrawFn) -> tuple[Program, np.ndarray, np.ndarray]:
    """A program over all operations that takes results on, and writes rows again."""
    instructions, scalars, height = [], 0, INPUTS
    for name in draw(st.lists(st.sampled_from(OPERATIONS), min_size=1, max_size=12)):
        length = draw(st.integers(1, 4))
        operands, taken = [], set()
        kinds = [draw(st.booleans()) for _ in range(COUNT.get(name, 2))]
        if name not in {"spread", "where", "keep", "drop"}:
            kinds[0] = kinds[0] or not any(kinds)  # an operation on scalars alone is folded
        if name == "spread":
            kinds = [False]
        for is_row in kinds:
            if is_row:
                row = st.integers(0, height - 1)
                rows = draw(st.lists(row, min_size=length, max_size=length))
                operands.append(Operand(np.array(rows), in_rows=True))
                taken |= set(rows)
            else:
                place = st.integers(0, scalars + length - 1)  # some are taken again
                places = draw(st.lists(place, min_size=length, max_size=length))
                operands.append(Operand(np.array(places), in_rows=False))
                scalars += length
        free = [
            first
            for first in range(INPUTS, height - length)
            if not taken & set(range(first, first + length))
        ]
        first = draw(st.sampled_from([height, *free]))
        instructions.append(Instruction(name, first, length, tuple(operands)))
        height = max(height, first + length)
    finite = NUMBER.filter(lambda value: not math.isnan(value))  # as scalars are
    values = np.array(draw(st.lists(finite, min_size=scalars, max_size=scalars)))
    size = INPUTS * WIDTH
    inputs = np.array(draw(st.lists(NUMBER, min_size=size, max_size=size)))
    every = np.arange(height)
    chosen = draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
    program = Program(
        tuple(instructions),
        height,
        every[:INPUTS],
        np.zeros(scalars, np.int64),
        np.array(chosen),
    )
    return program, values, inputs.reshape(INPUTS, WIDTH)


def run(make, program, scalars, inputs):
    """Rows of the outputs, (output, scenario)."""
    machine = make(program, 0, inputs.shape[1])
    machine.scalars[:] = scalars
    machine.give(0, inputs)
    found = machine.outputs()
    np.testing.assert_array_equal(machine.outputs(), found)  # inputs are still there
    return found


def same_bits(one, two):
    """Whether numbers are the same, not-a-number being one number."""
    missing = np.isnan(one)
    np.testing.assert_array_equal(missing, np.isnan(two))
    np.testing.assert_array_equal(
        np.where(missing, 0.0, one).view(np.int64), np.where(missing, 0.0, two).view(np.int64)
    )
