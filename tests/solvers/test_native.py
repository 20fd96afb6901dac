"""Machine code does what NumPy does, at every width, and is kept on disk."""

import decimal
import math
import os
import subprocess
import sys
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator import disk_cache
from simulator.errors import AssemblyError
from simulator.model.lowering import OPERATIONS
from simulator.model.program import Instruction, Operand, Program
from simulator.solvers import native_code, native_memory
from simulator.solvers.machine import MOMENTS, NumpyMachine
from tests.solvers.programs import (
    SPECIAL,
    programs,
    run,
    same_bits,
)

native = pytest.importorskip("simulator.solvers.native", reason='needs the extra "fast"')


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path_factory.mktemp("code")))


# --- programs --------------------------------------------------------------------------------


@settings(max_examples=60)
@given(programs(), st.integers(1, 8))
def test_every_program_is_that_of_numpy_at_every_width(drawn, part):
    program, scalars, inputs = drawn
    exact = {item.operation for item in program.instructions}.isdisjoint(native_code.CALLS)
    expected = run(NumpyMachine, program, scalars, inputs)
    with mock.patch.object(native_code, "PART", part):  # so that values pass between functions
        for fused in {False, FUSED}:
            with mock.patch.object(native, "_fused", return_value=fused):
                found = run(native.NativeMachine, program, scalars, inputs)
                eight = run(native.NativeMachine, program, scalars, inputs[:, 8:])
                alone = run(native.NativeMachine, program, scalars, inputs[:, 3:4])
                with mock.patch.object(native.QuickNativeMachine, "levels", (native._QUICK,)):
                    quick = run(native.QuickNativeMachine, program, scalars, inputs)
            if exact and not fused:
                np.testing.assert_array_equal(found, expected)
            same_bits(quick, found)
            same_bits(eight, found[:, 8:])
            same_bits(alone, found[:, 3:4])


FUSED = native._fused()


def one(operation, *kinds):
    """A program of one operation; `kinds` says which operands are rows."""
    operands, rows, scalars = [], 0, 0
    for kind in kinds:
        if kind == "row":
            operands.append(Operand(np.array([rows]), in_rows=True))
            rows += 1
        else:
            operands.append(Operand(np.array([scalars]), in_rows=False))
            scalars += 1
    instruction = Instruction(operation, rows, 1, tuple(operands))
    return Program(
        (instruction,), rows + 1, np.arange(rows), np.zeros(scalars, int), np.array([rows])
    )


def applied(operation, *arguments, fused=True):
    """One operation of many numbers."""
    arguments = [np.asarray(argument, float) for argument in arguments]
    count = arguments[0].size
    padded = [np.resize(argument, -(-count // 8) * 8) for argument in arguments]
    program = one(operation, *["row"] * len(padded))
    with mock.patch.object(native, "_fused", return_value=fused and FUSED):
        return run(native.NativeMachine, program, [], np.array(padded))[0, :count]


# --- operations ------------------------------------------------------------------------------


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("operation", OPERATIONS[:12])
def test_two_operands_of_special_values_are_as_numpy_has_them(operation, fused):
    x, y = (grid.ravel() for grid in np.meshgrid(SPECIAL, SPECIAL))
    with np.errstate(all="ignore"):
        expected = np.asarray(getattr(np, operation)(x, y), float)
    found = applied(operation, x, y, fused=fused)
    if operation == "power":
        np.testing.assert_allclose(found, expected, rtol=1e-15, atol=0.0)
    else:
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("fused", [True, False])
@pytest.mark.parametrize("operation", OPERATIONS[12:19])
def test_one_operand_of_special_values_is_as_numpy_has_it(operation, fused):
    with np.errstate(all="ignore"):
        expected = getattr(np, operation)(np.array(SPECIAL))
    found = applied(operation, SPECIAL, fused=fused)
    np.testing.assert_allclose(found, expected, rtol=4e-16, atol=0.0)
    same_bits(np.copysign(1.0, found[:-1]), np.copysign(1.0, expected[:-1]))  # of numbers


def test_a_choice_takes_what_is_not_zero_for_true():
    condition = np.array([0.0, -0.0, 1.0, 1e-300, -2.0, np.inf, np.nan, 5e-324])
    found = applied("where", condition, np.full(8, 1.0), np.full(8, np.nan))
    np.testing.assert_array_equal(found, np.where(condition != 0.0, 1.0, np.nan))


def worst(found, exact):
    """Largest error in units of the last place of the exact results."""
    errors = [
        abs(decimal.Decimal(float(value)) - truth) / decimal.Decimal(math.ulp(float(truth)))
        for value, truth in zip(found, exact, strict=True)
    ]
    return float(max(errors))


@pytest.fixture
def random():
    return np.random.default_rng(20_600)


def around(x):
    """Numbers and their neighbours."""
    return np.concatenate([np.nextafter(x, -np.inf), x, np.nextafter(x, np.inf)])


def test_exponentials_are_exact_to_a_unit_of_the_last_place(random):
    halves = (np.arange(-30, 30) + 0.5) * math.log(2.0)  # where the nearest integer changes
    x = np.concatenate([
        random.uniform(-1, 1, 500), random.uniform(-708, 709, 1000), around(halves),
        around(np.array([708.0, -708.0, 709.7, -707.9999])), random.uniform(-745, -708, 50),
        10.0 ** random.uniform(-20, -1, 200),
    ])  # fmt: skip
    with decimal.localcontext(prec=50):
        exact = [decimal.Decimal(float(value)).exp() for value in x]
        assert worst(applied("exp", x), exact) < 1.0


def test_logarithms_are_exact_to_a_unit_of_the_last_place(random):
    roots = 2.0 ** (np.arange(-40, 40) + 0.5)  # where the exponent changes
    x = np.concatenate([
        random.uniform(0.5, 2, 1000), 10.0 ** random.uniform(-307, 308, 500), around(roots),
        1.0 + random.uniform(-1, 1, 300) * 10.0 ** random.uniform(-15, -1, 300),
        np.array([2.0**-1022, 5e-324, 1e-310, 1.7976931348623157e308]),
    ])  # fmt: skip
    with decimal.localcontext(prec=50):
        exact = [decimal.Decimal(float(value)).ln() for value in x]
        assert worst(applied("log", x), exact) < 1.0


def powers(random):
    """Bases and exponents whose powers are normal numbers."""
    base = np.concatenate(
        [random.uniform(0.3, 3.0, 1500), 10.0 ** random.uniform(-300, 300, 800)]
    )
    limit = 700.0 / np.abs(np.log(base))
    return base, random.uniform(-1, 1, len(base)) * np.minimum(limit, 1e6)


def test_powers_are_exact_to_some_units_of_the_last_place(random):
    x, y = powers(random)
    with decimal.localcontext(prec=60):
        exact = [
            (decimal.Decimal(float(b)).ln() * decimal.Decimal(float(e))).exp()
            for b, e in zip(x, y, strict=True)
        ]
        usual = np.abs(y * np.log(x)) < 40.0
        found = applied("power", x, y)
        # the error of the logarithm grows with the exponent
        assert worst(found, exact) < 40.0
        nearer = [e for e, keep in zip(exact, usual, strict=True) if keep]
        assert worst(found[usual], nearer) < 2.0


@pytest.mark.parametrize("operation", ["exp", "log", "tanh", "power"])
def test_a_result_does_not_depend_on_its_neighbours(operation, random):
    count = 2 if operation == "power" else 1
    usual = [np.tile(random.uniform(0.1, 5.0, 8), 8) for _ in range(count)]
    mixed = [values.copy() for values in usual]
    odd = np.arange(64) % 8 != np.arange(64) // 8  # every lane once among odd ones
    mixed[0][odd] = np.nan
    np.testing.assert_array_equal(
        applied(operation, *mixed)[~odd], applied(operation, *usual)[~odd]
    )


def test_scalars_may_change_after_compiling():
    machine = native.NativeMachine(one("add", "row", "scalar"), 0, 8)
    machine.give(0, np.arange(8.0)[np.newaxis])
    for scalar in (1.0, -2.5):
        machine.scalars[:] = scalar
        np.testing.assert_array_equal(machine.outputs()[0], np.arange(8.0) + scalar)


def test_what_no_instruction_writes_is_passed_on():
    every = np.arange(3)
    program = Program((), 3, every, np.zeros(0, np.int64), np.array([2, 0, 2]))
    inputs = np.arange(24.0).reshape(3, 8)
    np.testing.assert_array_equal(
        run(native.NativeMachine, program, [], inputs), inputs[[2, 0, 2]]
    )


@pytest.mark.parametrize("width", [0, -8, 2, 7, 12])
def test_a_width_between_blocks_is_refused(width):
    with pytest.raises(AssemblyError, match=f"multiple of 8, not {width}"):
        native.NativeMachine(one("add", "row", "row"), 0, width)


# --- steps -----------------------------------------------------------------------------------


def written(write, count, width):
    """What a machine writes to rows of an array, here every other one from the last."""
    array = np.full((2 * count, width), np.nan)
    rows = np.arange(2 * count - 1, 0, -2)
    write(array, rows)
    assert np.isnan(np.delete(array, rows, axis=0)).all()
    return array[rows]


def classical(rates, stocks, length):
    """A step of the method of order four as textbooks have it.

    `rates` gives rates and flows at a moment of the step and stocks; back come the stocks at
    its end and the sums of the flows.
    """
    first = rates(0, stocks)
    second = rates(1, stocks + 0.5 * length * first[0])
    third = rates(1, stocks + 0.5 * length * second[0])
    fourth = rates(2, stocks + length * third[0])
    change, sums = (
        length / 6.0 * (one + 2.0 * two + 2.0 * three + four)
        for one, two, three, four in zip(first, second, third, fourth, strict=True)
    )
    return stocks + change, sums


@pytest.mark.parametrize("cache", [0, 1 << 30], ids=["some together", "one by one"])
@pytest.mark.parametrize("width", [1, 8, 24, 72])
def test_a_step_is_that_of_textbooks(width, cache, random, monkeypatch):
    """The scalar differs from moment to moment; the given inputs do not."""
    monkeypatch.setattr(native_memory, "cache_size", lambda: cache)
    # of four inputs two are stocks; their rates are a product and a stock, the flow is an input
    # times a scalar
    row = [Operand(np.array([place]), in_rows=True) for place in range(5)]
    scalar = Operand(np.array([0]), in_rows=False)
    instructions = (
        Instruction("multiply", 4, 1, (row[0], row[3])),
        Instruction("multiply", 4, 1, (row[4], scalar)),
        Instruction("multiply", 5, 1, (row[2], scalar)),
    )
    program = Program(instructions, 6, np.arange(4), np.zeros(1, np.int64), np.array([4, 0, 5]))
    inputs, scalars = random.normal(size=(4, width)), random.normal(size=MOMENTS)

    def rates(moment, stocks):
        product = stocks[0] * inputs[3] * scalars[moment]
        return np.array([product, stocks[0]]), inputs[2:3] * scalars[moment]

    for make in (NumpyMachine, native.NativeMachine):
        machine = make(program, 2, width)
        machine.scalars[:] = scalars[:, np.newaxis]
        machine.give(0, inputs[:1])
        machine.give(1, inputs[1:])  # stocks and others
        stocks, sums = inputs[:2], 0.0
        for length in (0.25, 0.5, 1.0):
            machine.step(length)
            stocks, flows = classical(rates, stocks, length)
            sums = sums + flows
            near(written(machine.stocks, 2, width), stocks)
        near(written(machine.sums, 1, width), sums)
        np.testing.assert_array_equal(written(machine.sums, 1, width), 0.0)
        machine.give(0, inputs[:2])
        found = np.concatenate(rates(0, inputs[:2]))
        for first in range(3):
            near(machine.outputs(first), found[first:])
        near(written(machine.stocks, 2, width), inputs[:2])


def near(found, expected):
    """The same but for rounding."""
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("make", [NumpyMachine, native.NativeMachine])
def test_steps_are_of_fourth_order(make, random):
    """Exponential decay over a year against its solution."""
    rate = random.uniform(-2.0, -0.5, size=(1, 8))
    errors = []
    for count in (8, 16):
        machine = make(one("multiply", "row", "row"), 1, 8)
        machine.give(0, np.concatenate([np.ones((1, 8)), rate]))
        for _ in range(count):
            machine.step(1.0 / count)
        errors.append(np.abs(written(machine.stocks, 1, 8) - np.exp(rate)).max())
    assert 12.0 < errors[0] / errors[1] < 20.0


@pytest.mark.parametrize(
    ("text", "size"), [("2048K\n", 2 << 20), ("1M\n", 0), ("", 0), (None, 0)]
)
def test_the_size_of_a_cache_is_known_or_not(text, size, tmp_path, monkeypatch):
    place = tmp_path / "size"
    if text is not None:
        place.write_text(text)
    monkeypatch.setattr(native_memory, "_CACHE", place)
    native_memory.cache_size.cache_clear()
    try:
        assert native_memory.cache_size() == size
    finally:
        native_memory.cache_size.cache_clear()


@pytest.mark.parametrize(
    ("shape", "rows"),
    [((1, 8), [1]), ((1, 8), [-1]), ((4, 8), [0, 1]), ((4, 16), [0])],
    ids=["beyond", "before", "more than there are", "other width"],
)
def test_machine_code_writes_to_no_place_outside_an_array(shape, rows):
    machine = native.NativeMachine(one("multiply", "row", "row"), 1, 8)
    with pytest.raises(AssemblyError, match="rows of one stretch of memory"):
        machine.stocks(np.zeros(shape), np.array(rows))
    with pytest.raises(AssemblyError, match="rows of one stretch of memory"):
        machine.stocks(np.zeros((8, 4)).T, np.array([0]))


# --- what is kept on disk --------------------------------------------------------------------


def kept():
    return sorted(disk_cache.folder().glob("*.native"))


def test_code_is_compiled_once():
    program = one("divide", "row", "row")
    inputs = np.arange(16.0).reshape(2, 8) + 1.0
    expected = run(native.NativeMachine, program, [], inputs)
    assert len(kept()) == 1
    native._LOADED.clear()
    with mock.patch.object(native, "_compile", side_effect=AssertionError):
        np.testing.assert_array_equal(run(native.NativeMachine, program, [], inputs), expected)


def test_quick_code_is_made_unless_there_is_better():
    program, inputs = one("divide", "row", "row"), np.arange(16.0).reshape(2, 8) + 1.0
    made = mock.Mock(side_effect=native._compile)
    with mock.patch.object(native, "_compile", made):
        for make in (
            native.QuickNativeMachine,
            native.NativeMachine,
            native.QuickNativeMachine,
        ):
            native._LOADED.clear()
            run(make, program, [], inputs)
    assert [call.args[1] for call in made.call_args_list] == [native._QUICK, native._THOROUGH]
    assert len(kept()) == 2


@pytest.mark.parametrize("damage", [b"", b"something else", None])
def test_a_broken_file_is_made_again(damage):
    program, inputs = one("subtract", "row", "row"), np.arange(16.0).reshape(2, 8)
    expected = run(native.NativeMachine, program, [], inputs)
    (path,) = kept()
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]) if damage is None else damage)
    native._LOADED.clear()
    np.testing.assert_array_equal(run(native.NativeMachine, program, [], inputs), expected)
    assert path.read_bytes() == whole


def test_without_a_folder_code_is_compiled_each_time(tmp_path, monkeypatch):
    place = tmp_path / "a file"
    place.write_text("")
    monkeypatch.setenv(disk_cache.VARIABLE, str(place))
    inputs = np.arange(16.0).reshape(2, 8)
    found = run(native.NativeMachine, one("add", "row", "row"), [], inputs)
    np.testing.assert_array_equal(found[0], inputs.sum(axis=0))
    assert disk_cache.read(native.KIND, "anything") is None


def test_programs_that_differ_have_keys_that_differ():
    base = one("add", "row", "row")
    (item,) = base.instructions
    first, second = item.operands
    programs = [
        base,
        one("subtract", "row", "row"),
        one("add", "row", "scalar"),
        one("add", "scalar", "row"),
        base._replace(height=4),
        base._replace(outputs=np.array([1])),
        base._replace(instructions=(item, item)),
        base._replace(instructions=(item._replace(first=1),)),
        base._replace(instructions=(item._replace(operands=(second, first)),)),
    ]
    keys = {
        native._key(program, stocks, lanes)
        for program in programs
        for stocks in (0, 1)
        for lanes in (1, 8)
    }
    assert len(keys) == 4 * len(programs)


PROCESS = """
import numpy as np
from tests.solvers.test_native import native, one, run
inputs = np.arange(1.0, 17.0).reshape(2, 8)
found = run(native.NativeMachine, one("power", "row", "row"), [], inputs)
np.testing.assert_allclose(found, inputs[:1] ** inputs[1:], rtol=1e-14)
"""


def test_processes_may_compile_the_same_program_together():
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    started = [
        subprocess.Popen([sys.executable, "-c", PROCESS], env=environment, cwd=root)
        for _ in range(3)
    ]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert len(kept()) == 1
    assert not list(disk_cache.folder().glob("*.part"))
