"""The functions around the parts of a compiled program, as text that LLVM compiles."""

from typing import Final, NamedTuple

from simulator.solvers.native_text import vector


class Frame(NamedTuple):
    """Where the functions of the parts find the arrays of one vector: addresses."""

    stocks: int
    """At which the outputs are worked out, (stock)."""
    given: int
    """The other inputs, (input)."""
    scalars: int
    """Those of the moment of a stage, (scalar)."""
    slots: int
    """What one part leaves for a later one, (slot)."""
    base: int
    """Stocks that the next stage starts from, (stock)."""
    ahead: int
    """Where the stocks of the next stage go, (stock)."""
    before: int
    """Stocks and the change so far, (stock)."""
    after: int
    """Where they go with this stage's change, (stock)."""
    sums: int
    """Sums of the flows, (flow)."""
    factors: int
    """Weight of this stage, and how far the next one looks ahead, (2)."""


SIZE: Final = 8 * len(Frame._fields)
"""Length of a frame [bytes]."""


def around(slot_count: int, parts: int) -> str:
    """``run``, which takes a band of vectors through every stage, then the next band.

    It takes frames, (stage, vector), how many stages and vectors there are, and how many
    vectors a band has. In a stage every part works on the band before the next part.

    Parameters
    ----------
    slot_count
        How many slots the parts use.
    parts
        Number of parts.
    """
    table = ", ".join(f"ptr @part_{n}" for n in range(parts))
    return f"""
@slot_count = constant i64 {slot_count}
@parts = internal constant [{parts} x ptr] [{table}]

define void @run(ptr %frames, i64 %stages, i64 %vectors, i64 %band) #0 {{
start:
  br label %band_start
band_start:
  %done = phi i64 [ 0, %start ], [ %done_next, %band_end ]
  %left = sub i64 %vectors, %done
  %whole = icmp ult i64 %band, %left
  %here = select i1 %whole, i64 %band, i64 %left
  br label %stage
stage:
  %s = phi i64 [ 0, %band_start ], [ %s_next, %stage_end ]
  %row = mul i64 %s, %vectors
  %first = add i64 %row, %done
  br label %part
part:
  %p = phi i64 [ 0, %stage ], [ %p_next, %part_end ]
  %place = getelementptr ptr, ptr @parts, i64 %p
  %function = load ptr, ptr %place
  br label %work
work:
  %b = phi i64 [ 0, %part ], [ %b_next, %work ]
  %number = add i64 %first, %b
  %shift = mul i64 %number, {SIZE}
  %frame = getelementptr i8, ptr %frames, i64 %shift
  call void %function(ptr %frame)
  %b_next = add i64 %b, 1
  %b_more = icmp ult i64 %b_next, %here
  br i1 %b_more, label %work, label %part_end
part_end:
  %p_next = add i64 %p, 1
  %p_more = icmp ult i64 %p_next, {parts}
  br i1 %p_more, label %part, label %stage_end
stage_end:
  %s_next = add i64 %s, 1
  %s_more = icmp ult i64 %s_next, %stages
  br i1 %s_more, label %stage, label %band_end
band_end:
  %done_next = add i64 %done, %here
  %more = icmp ult i64 %done_next, %vectors
  br i1 %more, label %band_start, label %end
end:
  ret void
}}
"""


def keeping(lanes: int) -> str:
    """``keep``, which writes elements of (vector, element, lane) to rows of (row, scenario).

    It takes where the elements lie, how many a vector has and how many of them are asked for,
    how many vectors there are, where the rows lie, and which of them each element goes to.

    Parameters
    ----------
    lanes
        Scenarios in a vector.
    """
    v, size = vector(lanes), 8 * lanes
    return f"""
define void @keep(ptr %from, i64 %elements, i64 %count, i64 %vectors, ptr %to, ptr %rows) #0 {{
start:
  %some = icmp ult i64 0, %count
  br i1 %some, label %element, label %end
element:
  %n = phi i64 [ 0, %start ], [ %n_next, %element_end ]
  %row_place = getelementptr i64, ptr %rows, i64 %n
  %row = load i64, ptr %row_place
  %first = mul i64 %row, %vectors
  br label %work
work:
  %k = phi i64 [ 0, %element ], [ %k_next, %work ]
  %before = mul i64 %k, %elements
  %source = add i64 %before, %n
  %source_shift = mul i64 %source, {size}
  %source_place = getelementptr i8, ptr %from, i64 %source_shift
  %value = load {v}, ptr %source_place, align 8
  %target = add i64 %first, %k
  %target_shift = mul i64 %target, {size}
  %target_place = getelementptr i8, ptr %to, i64 %target_shift
  store {v} %value, ptr %target_place, align 8
  %k_next = add i64 %k, 1
  %k_more = icmp ult i64 %k_next, %vectors
  br i1 %k_more, label %work, label %element_end
element_end:
  %n_next = add i64 %n, 1
  %n_more = icmp ult i64 %n_next, %count
  br i1 %n_more, label %element, label %end
end:
  ret void
}}
"""
