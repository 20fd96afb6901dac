"""The functions around the parts of a compiled program, as text that LLVM compiles."""

# ruff: noqa: E501 - lines of LLVM

from collections.abc import Sequence
from typing import Final

from simulator.solvers.native_text import vector

PARAMETERS: Final = "ptr %rows, ptr noalias readonly %scalars, ptr noalias %slots, i64 %stride"
"""Of the function of each part."""


def frame(inputs: Sequence[int], slot_count: int, parts: int, lanes: int) -> str:
    """``run``, which calls every part, and ``combine``, the arithmetic of a step.

    Parameters
    ----------
    inputs
        Rows that are copied to the first slots.
    slot_count
        Length of the slots.
    parts
        Number of parts.
    lanes
        Scenarios in a vector.
    """
    return _copy(inputs, lanes) + _run(slot_count, parts, lanes) + _combine(lanes)


def _copy(inputs: Sequence[int], lanes: int) -> str:
    """Write the function that copies what is given to slots."""
    v, count = vector(lanes), len(inputs)
    rows = ", ".join(f"i64 {row}" for row in inputs)
    return f"""
@inputs = internal constant [{count} x i64] [{rows}]

define internal void @copy({PARAMETERS}) noinline #0 {{
start:
  br label %test
test:
  %i = phi i64 [ 0, %start ], [ %next, %copy ]
  %more = icmp ult i64 %i, {count}
  br i1 %more, label %copy, label %end
copy:
  %place = getelementptr i64, ptr @inputs, i64 %i
  %row = load i64, ptr %place
  %offset = mul i64 %row, %stride
  %from = getelementptr i8, ptr %rows, i64 %offset
  %value = load {v}, ptr %from, align 8
  %to = getelementptr {v}, ptr %slots, i64 %i
  store {v} %value, ptr %to, align 8
  %next = add i64 %i, 1
  br label %test
end:
  ret void
}}
"""


def _run(slot_count: int, parts: int, lanes: int) -> str:
    """Write the function that calls every other for a band of vectors, then for the next band.

    The code of a program is as long as its slots: each function works on a few vectors before
    the next one is fetched.
    """
    size = 8 * lanes
    table = ", ".join(["ptr @copy", *(f"ptr @part_{n}" for n in range(parts))])
    return f"""
@slot_count = constant i64 {slot_count}
@parts = internal constant [{parts + 1} x ptr] [{table}]

define void @run(ptr %rows, ptr %scalars, ptr %slots, i64 %stride, i64 %vectors, i64 %band) #0 {{
start:
  br label %band_start
band_start:
  %done = phi i64 [ 0, %start ], [ %done_next, %band_end ]
  %left = sub i64 %vectors, %done
  %whole = icmp ult i64 %band, %left
  %here = select i1 %whole, i64 %band, i64 %left
  br label %part
part:
  %p = phi i64 [ 0, %band_start ], [ %p_next, %part_end ]
  %place = getelementptr ptr, ptr @parts, i64 %p
  %function = load ptr, ptr %place
  br label %work
work:
  %b = phi i64 [ 0, %part ], [ %b_next, %work ]
  %vector = add i64 %done, %b
  %shift = mul i64 %vector, {size}
  %my_rows = getelementptr i8, ptr %rows, i64 %shift
  %slot_shift = mul i64 %b, {size * slot_count}
  %my_slots = getelementptr i8, ptr %slots, i64 %slot_shift
  call void %function(ptr %my_rows, ptr %scalars, ptr %my_slots, i64 %stride)
  %b_next = add i64 %b, 1
  %b_more = icmp ult i64 %b_next, %here
  br i1 %b_more, label %work, label %part_end
part_end:
  %p_next = add i64 %p, 1
  %p_more = icmp ult i64 %p_next, {parts + 1}
  br i1 %p_more, label %part, label %band_end
band_end:
  %done_next = add i64 %done, %here
  %more = icmp ult i64 %done_next, %vectors
  br i1 %more, label %band_start, label %end
end:
  ret void
}}
"""


def _combine(lanes: int) -> str:
    """Arithmetic of a step, see `Machine.combine`.

    `chosen` are the rows that are read, `sums` grows by `weight` times them; with `stocks` the
    first rows become `start` and `ahead` times what was read. `length` is the number of bytes
    of a row of sums and of start.
    """
    v, size = vector(lanes), 8 * lanes
    zero = f"{vector(lanes, 'i32')} zeroinitializer"
    return f"""
define void @combine(ptr %rows, i64 %stride, ptr %chosen, i64 %count, ptr %sums, i64 %length, double %weight, ptr %start, double %ahead) #0 {{
begin:
  %weight_0 = insertelement {v} poison, double %weight, i64 0
  %weights = shufflevector {v} %weight_0, {v} poison, {zero}
  %ahead_0 = insertelement {v} poison, double %ahead, i64 0
  %aheads = shufflevector {v} %ahead_0, {v} poison, {zero}
  %stocks = icmp ne ptr %start, null
  br label %test
test:
  %i = phi i64 [ 0, %begin ], [ %next, %advance ]
  %more = icmp ult i64 %i, %count
  br i1 %more, label %row, label %end
row:
  %place = getelementptr i64, ptr %chosen, i64 %i
  %which = load i64, ptr %place
  %read_offset = mul i64 %which, %stride
  %sum_offset = mul i64 %i, %length
  %row_offset = mul i64 %i, %stride
  %read = getelementptr i8, ptr %rows, i64 %read_offset
  %sum = getelementptr i8, ptr %sums, i64 %sum_offset
  %first = getelementptr i8, ptr %start, i64 %sum_offset
  %target = getelementptr i8, ptr %rows, i64 %row_offset
  br label %lanes
lanes:
  %j = phi i64 [ 0, %row ], [ %j_next, %joined ]
  %x_place = getelementptr i8, ptr %read, i64 %j
  %x = load {v}, ptr %x_place, align 8
  %sum_place = getelementptr i8, ptr %sum, i64 %j
  %before = load {v}, ptr %sum_place, align 8
  %weighted = fmul {v} %x, %weights
  %after = fadd {v} %before, %weighted
  store {v} %after, ptr %sum_place, align 8
  br i1 %stocks, label %look, label %joined
look:
  %first_place = getelementptr i8, ptr %first, i64 %j
  %from = load {v}, ptr %first_place, align 8
  %change = fmul {v} %x, %aheads
  %to = fadd {v} %from, %change
  %target_place = getelementptr i8, ptr %target, i64 %j
  store {v} %to, ptr %target_place, align 8
  br label %joined
joined:
  %j_next = add i64 %j, {size}
  %inside = icmp ult i64 %j_next, %length
  br i1 %inside, label %lanes, label %advance
advance:
  %next = add i64 %i, 1
  br label %test
end:
  ret void
}}
"""
