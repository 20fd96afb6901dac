"""The reference engine: scipy's error-controlled integrators between the bends of the inputs.

No step passes over a time at which a series bends or jumps, so the right-hand side is smooth
inside each call. Annual flows are integrated as states of the same system: Runge-Kutta and
multistep methods keep linear invariants, so balances between flows and stocks hold to
rounding. Errors are controlled on the stocks; the integrals follow.
"""

import itertools
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.errors import SolverError
from simulator.model.packing import Packing
from simulator.model.series import INSIDE
from simulator.solvers.protocol import Model, Trajectory
from simulator.solvers.vectors import OnVectors, on_vectors

FloatArray = NDArray[np.float64]

DEFAULT_METHOD: Final = "RK23"
"""Chosen by the comparison that the benchmarks repeat."""

RELATIVE_TOLERANCE: Final = 1e-4
ABSOLUTE_TOLERANCE: Final = 1e-5
"""In the units of the stocks: million tonnes, GW, million machines."""

EVALUATIONS: Final = 5_000
"""Most evaluations between two bends of the inputs. A run takes at most 40, at a tolerance of
1e-7 at most 140; beyond this many, steps collapse without an end."""

TRANSIENT: Final = ("pipeline", "intensity")
"""Stocks whose errors fade: what is under construction, and coflows of small fleets."""

TRANSIENT_FACTOR: Final = 1e2
"""How much looser their absolute tolerance is."""


def solve(
    model: Model,
    *,
    method: str = DEFAULT_METHOD,
    relative_tolerance: float = RELATIVE_TOLERANCE,
    absolute_tolerance: float = ABSOLUTE_TOLERANCE,
) -> Trajectory:
    """Run a model of one scenario over its grid.

    Raises
    ------
    SolverError
        Where a rate is not finite or steps collapse; the message names the time, the stock
        and the sector.

    """
    from scipy.integrate import solve_ivp  # noqa: PLC0415  (0.4 s that a help page can spare)

    state = model.initial()
    stocks = Packing.of(state)
    vector = stocks.pack(state)
    evaluate = on_vectors(model, stocks, state)
    flows = evaluate.flows
    tolerance = np.concatenate(
        [_absolute(stocks, absolute_tolerance), np.full(flows.size, 1e30)]
    )
    yearly, ends, count, step = np.zeros(flows.size), [], 0, None
    totals = []
    for start, end in zip(model.grid[:-1], model.grid[1:], strict=True):
        vector = stocks.pack(model.jump(float(start), stocks.unpack(vector)))
        solution = solve_ivp(
            _right_hand_side(evaluate, model, stocks, float(start), float(end)),
            (start, end),
            np.concatenate([vector, yearly]),
            method=method,
            rtol=relative_tolerance,
            atol=tolerance,
            first_step=None if step is None else min(step, float(end - start)),
        )
        count += solution.nfev
        if not solution.success:
            message = f"the integration failed at {solution.t[-1]:.3f}: {solution.message}"
            raise SolverError(message)
        if len(solution.t) > 2:
            step = float(solution.t[-2] - solution.t[-3])
        vector, yearly = solution.y[: stocks.size, -1], solution.y[stocks.size :, -1]
        if float(end).is_integer():
            ends.append(stocks.unpack(vector.copy()))
            totals.append(flows.unpack(yearly))
            yearly = np.zeros(flows.size)
    years = tuple(int(t) - 1 for t in model.grid if float(t).is_integer())[1:]
    return Trajectory(
        years=years,
        initial=state,
        states=tuple(ends),
        flows=tuple(totals),
        evaluations=count,
        settings={
            "engine": "reference",
            "method": method,
            "relative_tolerance": relative_tolerance,
            "absolute_tolerance": absolute_tolerance,
        },
    )


def _absolute(stocks: Packing, tolerance: float) -> FloatArray:
    """Absolute tolerance of every stock, looser where an error soon leaves the model."""
    loose = np.full(stocks.size, tolerance)
    for name, start, end in zip(
        stocks.names, stocks.offsets[:-1], stocks.offsets[1:], strict=True
    ):
        if name.endswith(TRANSIENT):
            loose[start:end] *= TRANSIENT_FACTOR
    return loose


def _right_hand_side(
    evaluate: OnVectors, model: Model, stocks: Packing, start: float, end: float
) -> Callable[[float, FloatArray], FloatArray]:
    low, high = start + INSIDE, end - INSIDE
    count = itertools.count(1)

    def rates(time: float, vector: FloatArray) -> FloatArray:
        result = evaluate(min(max(time, low), high), vector[: stocks.size])
        if not np.isfinite(result.sum()):
            raise _failure(model, stocks, evaluate.flows, time, result)
        if next(count) > EVALUATIONS:
            raise _too_fast(model, stocks, time, vector, result)
        return result

    return rates


def _failure(
    model: Model, stocks: Packing, flows: Packing, time: float, result: FloatArray
) -> SolverError:
    """Name the first rate or flow that is not finite."""
    index = int(np.flatnonzero(~np.isfinite(result))[0])
    inside = index < stocks.size
    name = stocks.name_of(index) if inside else flows.name_of(index - stocks.size)
    what = "rate of change" if inside else "flow"
    return SolverError(
        f"the {what} of {model.describe(name)} is not finite at {time:.3f}: look at the"
        " parameters of that sector that the scenario sets"
    )


def _too_fast(
    model: Model, stocks: Packing, time: float, vector: FloatArray, result: FloatArray
) -> SolverError:
    """Name the stock that changes fastest where steps become ever shorter."""
    rates = np.abs(result[: stocks.size]) / (np.abs(vector[: stocks.size]) + ABSOLUTE_TOLERANCE)
    name = stocks.name_of(int(np.argmax(rates)))
    return SolverError(
        f"the integration does not get beyond {time:.3f}, where {model.describe(name)} changes"
        " faster than the model can follow: look at the parameters of that sector that the"
        " scenario sets"
    )
