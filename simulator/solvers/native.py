"""Runs a program as machine code that LLVM makes of it: the extra ``fast``.

Compiling the whole model takes some seconds; the code is kept on disk (see `disk_cache`) and
fits every width that is a multiple of `BLOCK`, so that later processes start at once. A width
of one has code of its own, for sessions that run a single scenario. Results are the same for
every width, and whether code was made quickly or thoroughly.
"""

import ctypes
import hashlib
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from typing import Any, ClassVar, Final, NamedTuple
from weakref import WeakValueDictionary

import llvmlite
import numpy as np
from llvmlite import binding as llvm
from numpy.typing import NDArray

from simulator import disk_cache
from simulator.errors import AssemblyError
from simulator.model.program import Program, Rows
from simulator.solvers.machine import MOMENTS, STAGES
from simulator.solvers.native_code import PART, native_code
from simulator.solvers.native_frame import Frame
from simulator.solvers.native_memory import aligned, band_of

FloatArray = NDArray[np.float64]

BLOCK: Final = 8
"""Widths are multiples of it, or one: the lanes of the longest vectors there are."""

KIND: Final = "native"
"""Kind of files that hold compiled code."""

_THOROUGH: Final = 1
"""LLVM's level: higher ones take longer and gain nothing on code without branches."""

_QUICK: Final = 0
"""Level at which code takes half the time to make and up to a third more to run, to the same
bits."""

_GENERATORS: Final = (
    "graph.py", "native_code.py", "native_frame.py", "native_math.py", "native_plan.py",
    "native_text.py",
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
        self._engine = llvm.create_mcjit_compiler(llvm.parse_assembly(""), target(_THOROUGH))
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        place, whole = ctypes.c_void_p, ctypes.c_int64
        self.run = self._function("run", place, whole, whole, whole)
        """Takes what `around` says."""
        self.keep = self._function("keep", place, whole, whole, whole, place, place)
        """Takes what `keeping` says."""
        self.slots: int = whole.from_address(
            self._engine.get_global_value_address("slot_count")
        ).value
        """Length of the array that `run` works in, for each vector of a band."""

    def _function(self, name: str, *arguments: Any) -> Callable[..., None]:  # noqa: ANN401
        address = self._engine.get_function_address(name)
        if not address:
            message = f"compiled code lacks {name}: remove {disk_cache.folder()}"
            raise AssemblyError(message)
        function: Callable[..., None] = ctypes.CFUNCTYPE(None, *arguments)(address)
        return function


_LOADED: WeakValueDictionary[str, _Code] = WeakValueDictionary()
"""Code that some machine of this process uses, by key."""


class _Frames(NamedTuple):
    """A frame for each stage and vector."""

    fields: NDArray[np.int64]
    """(stage, vector, field)."""
    address: int
    """Where they lie; looking it up takes as long as a tenth of a small program."""

    @classmethod
    def of(cls, frames: Sequence[Sequence[Frame]]) -> "_Frames":
        """Keep frames where they lie."""
        fields = np.array(frames, dtype=np.int64)
        return cls(fields, fields.ctypes.data)


class NativeMachine:
    """A program run as machine code.

    Arrays are (vector, element, lane), so that what belongs to one vector lies together; only
    inputs and what outputs change are there, what lies in between is never stored.
    """

    name: ClassVar[str] = "NativeMachine"
    levels: ClassVar[tuple[int, ...]] = (_THOROUGH,)
    """Of LLVM: code of any of them is taken, of the last one it is made."""

    def __init__(self, program: Program, stocks: int, width: int) -> None:
        """Compile a program, or find it compiled.

        Raises
        ------
        AssemblyError
            The width is neither one nor a multiple of `BLOCK`.
        """
        if width != 1 and (width < 1 or width % BLOCK):
            message = f"compiled code runs one scenario or a multiple of {BLOCK}, not {width}"
            raise AssemblyError(message)
        lanes = 1 if width == 1 else _lanes()
        self._lanes, self._vectors, self._width = lanes, width // lanes, width
        self._code = _compiled(program, stocks, lanes, self.levels)
        given, flows = len(program.inputs) - stocks, len(program.outputs) - stocks
        slots = self._code.slots
        self._band = band_of(8 * lanes * (5 * stocks + given + flows + slots))
        whole, band = self._vectors, min(self._band, self._vectors)
        lengths = [(whole, stocks)] * 5 + [
            (whole, given),
            (whole, flows),
            (whole, flows),
            (band, slots),
        ]
        arrays = aligned(*((*shape, lanes) for shape in lengths))
        self._stocks, *looks, self._end, self._found, self._given = arrays[:6]
        self._sums, self._flows, self._slots = arrays[6:]
        self.scalars = np.zeros((MOMENTS, len(program.scalars)))
        self._factors = np.zeros((len(STAGES), 2))
        self._weights = np.array([[weight, ahead] for _, weight, ahead in STAGES])
        # from the last stage on it is the stocks of the next step that come next
        self._weights[-1, 1] = self._weights[-1, 0]
        start, end, sums = self._stocks, self._end, self._sums
        # where a stage looks, starts from, puts the next stocks, and adds its change to what
        steps = [
            (start, start, looks[0], start, end, sums),
            (looks[0], start, looks[1], end, end, sums),
            (looks[1], start, looks[0], end, end, sums),
            (looks[0], end, start, end, end, sums),
        ]
        self._step = _Frames.of([self._frames(n, *taken) for n, taken in enumerate(steps)])
        look = (start, start, looks[0], self._found, self._found, self._flows)
        self._look = _Frames.of([self._frames(0, *look)])

    def give(self, first: int, values: FloatArray) -> None:
        """Fill inputs from one on, (input, scenario); stocks as at the start of a step."""
        count = self._stocks.shape[1]
        stocks = max(min(count - first, len(values)), 0)
        if stocks:
            self._stocks[:, first : first + stocks] = self._apart(values[:stocks])
        if stocks < len(values):
            place = first + stocks - count
            there = slice(place, place + len(values) - stocks)
            self._given[:, there] = self._apart(values[stocks:])

    def outputs(self, first: int = 0) -> FloatArray:
        """What the outputs are at the first moment, from one output on, (output, scenario)."""
        self._found[:] = self._flows[:] = -0.0  # to which every number is added unchanged
        self._factors[0] = 1.0, 0.0
        self._code.run(self._look.address, 1, self._vectors, self._band)
        count = self._stocks.shape[1]
        rates, flows = self._found[:, first:], self._flows[:, max(first - count, 0) :]
        return np.concatenate([self._together(rates), self._together(flows)])

    def step(self, length: float) -> None:
        """Take a step of some length: stocks change by the rates, sums grow by the flows."""
        np.multiply(self._weights, length, self._factors)
        self._code.run(self._step.address, len(STAGES), self._vectors, self._band)

    def stocks(self, into: FloatArray, rows: Rows) -> None:
        """Write the stocks at the start of the next step to rows of (row, scenario)."""
        self._keep(self._stocks, into, rows)

    def sums(self, into: FloatArray, rows: Rows) -> None:
        """Write the first sums of flows to rows of (row, scenario), and begin all anew."""
        self._keep(self._sums, into, rows)
        self._sums[:] = 0.0

    def _keep(self, values: FloatArray, into: FloatArray, rows: Rows) -> None:
        """Write the first elements of (vector, element, lane) to rows of (row, scenario).

        Raises
        ------
        AssemblyError
            An array does not lie as the compiled code takes it, or has no room.
        """
        lie = into.flags.c_contiguous and rows.flags.c_contiguous and rows.dtype == np.int64
        fit = len(rows) <= values.shape[1] and into.shape[1:] == (self._width,)
        if not (lie and fit and (not len(rows) or 0 <= rows.min() <= rows.max() < len(into))):
            message = "numbers of machine code go to rows of one stretch of memory"
            raise AssemblyError(message)
        self._code.keep(
            values.ctypes.data, values.shape[1], len(rows), self._vectors,
            into.ctypes.data, rows.ctypes.data,
        )  # fmt: skip

    def _frames(self, stage: int, *arrays: FloatArray) -> list[Frame]:
        """Frame of each vector at a stage.

        Parameters
        ----------
        stage
            Whose moment and factors are taken.
        arrays
            Stocks, base, ahead, before, after and sums, in the words of `Frame`.
        """
        scalars = self.scalars[STAGES[stage].moment].ctypes.data
        factors = self._factors[stage].ctypes.data

        def frame(vector: int) -> Frame:
            stocks, base, ahead, before, after, sums, given = (
                array[vector].ctypes.data for array in (*arrays, self._given)
            )
            return Frame(
                stocks=stocks,
                given=given,
                scalars=scalars,
                slots=self._slots[vector % self._band].ctypes.data,
                base=base,
                ahead=ahead,
                before=before,
                after=after,
                sums=sums,
                factors=factors,
            )

        return [frame(vector) for vector in range(self._vectors)]

    def _apart(self, values: FloatArray) -> FloatArray:
        """(element, scenario) as (vector, element, lane)."""
        return values.reshape(len(values), self._vectors, self._lanes).swapaxes(0, 1)

    def _together(self, values: FloatArray) -> FloatArray:
        """(vector, element, lane) as (element, scenario)."""
        return np.array(values.swapaxes(0, 1)).reshape(values.shape[1], self._width)


class QuickNativeMachine(NativeMachine):
    """The same with code that is soon made, for programs that do not run for long."""

    levels = (_THOROUGH, _QUICK)


@cache
def _target() -> tuple[Callable[[int], Any], str]:
    """What makes a target machine of a level for this processor, and a text that names it."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    triple = llvm.get_process_triple()
    try:
        features = llvm.get_host_cpu_features().flatten()
    except RuntimeError:  # LLVM does not know them for this processor
        features = ""
    name = llvm.get_host_cpu_name()

    def make(level: int) -> Any:  # noqa: ANN401 - llvmlite has no types
        return llvm.Target.from_triple(triple).create_target_machine(
            name, features, level, codemodel="jitdefault", jit=True
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


def _compiled(program: Program, stocks: int, lanes: int, levels: Sequence[int]) -> _Code:
    """Code of a program: in memory, on disk, or made now at the last level."""
    about = _key(program, stocks, lanes)
    keys = [f"{about}-{level}" for level in levels]
    for key in keys:
        if (code := _LOADED.get(key)) is not None:
            return code
    for key in keys:
        if (kept := disk_cache.read(KIND, key)) is not None:
            break
    else:
        kept = _compile(native_code(program, stocks, lanes, fused=_fused()), levels[-1])
        disk_cache.write(KIND, key, kept)
    code = _LOADED[key] = _Code(kept)
    return code


def _compile(text: str, level: int) -> bytes:
    """Object file of a text of LLVM."""
    target = _target()[0](level)
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_process_triple()
    module.data_layout = str(target.target_data)
    return bytes(target.emit_object(module))


def _key(program: Program, stocks: int, lanes: int) -> str:
    """Digest of all that the code depends on; quicker than writing the text."""
    machine = f"{llvmlite.__version__} {_target()[1]} {_fused()}"
    about = f"{machine} {lanes} {PART} {program.height} {stocks}"
    digest = hashlib.sha256(about.encode() + _generators())
    for item in program.instructions:
        digest.update(f"{item.operation} {item.first} {item.count}".encode())
        for operand in item.operands:
            digest.update(b"rows" if operand.in_rows else b"scalars")
            digest.update(operand.places.astype("<i8").tobytes())
    digest.update(program.outputs.astype("<i8").tobytes())
    return digest.hexdigest()


@cache
def _generators() -> bytes:
    here = resources.files("simulator.solvers")
    return b"".join((here / name).read_bytes() for name in _GENERATORS)
