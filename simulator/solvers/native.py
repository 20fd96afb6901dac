"""Runs a program as machine code that LLVM makes of it: the extra ``fast``.

Compiling the whole model takes some seconds; the code is kept on disk (see `native_cache`) and
fits every width that is a multiple of `BLOCK`, so that later processes start at once. A width
of one has code of its own, for sessions that run a single scenario. Results are the same for
every width.
"""

import ctypes
import hashlib
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any, Final
from weakref import WeakValueDictionary

import llvmlite
import numpy as np
from llvmlite import binding as llvm
from numpy.typing import NDArray

from simulator.errors import AssemblyError
from simulator.model.program import Program, Rows
from simulator.solvers import native_cache
from simulator.solvers.machine import NumpyMachine, Step
from simulator.solvers.native_code import PART, native_code

FloatArray = NDArray[np.float64]

BLOCK: Final = 8
"""Widths are multiples of it, or one: the lanes of the longest vectors there are."""

BAND: Final = 4
"""Vectors that a function works on before the next function."""

_LINE: Final = 64
"""Bytes of a line of the caches."""

_OPTIMISATION: Final = 1
"""LLVM's level: higher ones take longer and gain nothing on code without branches."""

_GENERATORS: Final = (
    "native_code.py", "native_frame.py", "native_math.py", "native_plan.py", "native_text.py",
)  # fmt: skip
"""Sources whose change makes what is kept on disk stale."""


class _Code:
    """A compiled program."""

    def __init__(self, code: bytes) -> None:
        """Load an object file.

        Raises
        ------
        AssemblyError
            The processor or the operating system does not run it.
        """
        target, _ = _target()
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        pointer, whole, real = ctypes.c_void_p, ctypes.c_int64, ctypes.c_double
        self.run: Callable[..., None] = self._function("run", [pointer] * 3 + [whole] * 3)
        self.combine: Callable[..., None] = self._function(
            "combine", [pointer, whole, pointer, whole, pointer, whole, real, pointer, real]
        )
        address = self._engine.get_global_value_address("slot_count")
        self.slots = whole.from_address(address).value
        """Length of the array that `run` works in, for each vector of a band."""

    def _function(self, name: str, arguments: list[Any]) -> Callable[..., None]:
        address = self._engine.get_function_address(name)
        if not address:
            message = f"compiled code lacks {name}: remove {native_cache.folder()}"
            raise AssemblyError(message)
        return ctypes.CFUNCTYPE(None, *arguments)(address)


_LOADED: WeakValueDictionary[str, _Code] = WeakValueDictionary()
"""Code that some machine of this process uses, by key."""


class NativeMachine(NumpyMachine):
    """A program run as machine code.

    Of the rows only the inputs and the outputs are there; what lies in between is never stored.
    """

    def __init__(self, program: Program, width: int) -> None:
        """Compile a program, or find it compiled.

        Raises
        ------
        AssemblyError
            The width is neither one nor a multiple of `BLOCK`.
        """
        if width != 1 and (width < 1 or width % BLOCK):
            message = f"compiled code runs one scenario or a multiple of {BLOCK}, not {width}"
            raise AssemblyError(message)
        super().__init__(program._replace(instructions=()), width)
        lanes = 1 if width == 1 else _lanes()
        self._code = _compiled(program, lanes)
        # rows are an odd number of cache lines apart: else they would share few cache sets
        length = 1 if width == 1 else BLOCK * (width // BLOCK | 1)
        self.rows = _aligned(program.height * length).reshape(program.height, length)[:, :width]
        self.scalars = _aligned(len(program.scalars))
        self._slots = _aligned(BAND * lanes * self._code.slots)
        self._stride = 8 * length
        self._length = 8 * width
        places = [array.ctypes.data for array in (self.rows, self.scalars, self._slots)]
        self._arguments = (*places, self._stride, width // lanes, BAND)

    def run(self) -> None:
        """Work out the outputs from the inputs and the scalars."""
        self._code.run(*self._arguments)

    def combine(self, step: Step, weight: float, ahead: float) -> None:
        """Add what was worked out to the sums of a step, and look ahead."""
        if step.moves_stocks:  # a rate that is a stock must not be overwritten
            super().combine(step, weight, ahead)
            return
        self._add(step.flows, step.total, weight, None, 0.0)
        self._add(step.rates, step.end, weight, step.start, ahead)

    def _add(
        self,
        rows: Rows,
        sums: FloatArray,
        weight: float,
        start: FloatArray | None,
        ahead: float,
    ) -> None:
        self._code.combine(
            self._arguments[0],
            self._stride,
            rows.ctypes.data,
            len(rows),
            sums.ctypes.data,
            self._length,
            weight,
            None if start is None else start.ctypes.data,
            ahead,
        )


def _aligned(count: int) -> FloatArray:
    """Zeros that begin on a line of the caches."""
    spare = _LINE // 8
    array = np.zeros(count + spare)
    first = -(array.ctypes.data // 8) % spare
    return array[first : first + count]


@cache
def _target() -> tuple[Callable[[], Any], str]:
    """What makes a target machine for this processor, and a text that names it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    triple = llvm.get_process_triple()
    try:
        features = llvm.get_host_cpu_features().flatten()
    except RuntimeError:  # LLVM does not know them for this processor
        features = ""
    name = llvm.get_host_cpu_name()

    def make() -> Any:  # noqa: ANN401 - llvmlite has no types
        return llvm.Target.from_triple(triple).create_target_machine(
            name, features, _OPTIMISATION, codemodel="jitdefault", jit=True
        )

    return make, f"{triple} {name} {features}"


def _has(feature: str) -> bool:
    return f"+{feature}" in _target()[1].replace(" ", ",").split(",")


def _lanes() -> int:
    """Lanes of a vector: as long as the processor's, or two of its shorter ones."""
    return 8 if _has("avx512f") else 4


def _fused() -> bool:
    """Whether the processor multiplies and adds in one rounding."""
    return _has("fma") or _target()[1].startswith(("aarch64", "arm64"))


def _compiled(program: Program, lanes: int) -> _Code:
    """Code of a program: in memory, on disk, or made now."""
    key = _key(program, lanes)
    code = _LOADED.get(key)
    if code is None:
        kept = native_cache.read(key)
        if kept is None:
            kept = _compile(native_code(program, lanes, fused=_fused()))
            native_cache.write(key, kept)
        code = _LOADED[key] = _Code(kept)
    return code


def _compile(text: str) -> bytes:
    """Object file of a text of LLVM."""
    target = _target()[0]()
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_process_triple()
    module.data_layout = str(target.target_data)
    return bytes(target.emit_object(module))


def _key(program: Program, lanes: int) -> str:
    """Digest of all that the code depends on; quicker than writing the text."""
    about = f"{llvmlite.__version__} {_target()[1]} {lanes} {PART} {program.height}"
    digest = hashlib.sha256(about.encode() + _generators())
    for item in program.instructions:
        digest.update(f"{item.operation} {item.first} {item.count}".encode())
        for operand in item.operands:
            if operand.rows is None:
                digest.update(f"scalars {operand.scalars.start}".encode())
            else:
                digest.update(b"rows" + operand.rows.astype("<i8").tobytes())
    digest.update(program.outputs.astype("<i8").tobytes())
    return digest.hexdigest()


@cache
def _generators() -> bytes:
    here = resources.files("simulator.solvers")
    return b"".join((here / name).read_bytes() for name in _GENERATORS)
