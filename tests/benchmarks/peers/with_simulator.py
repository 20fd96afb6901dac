"""The simulator: its equations recorded once, run for many scenarios by its batch machinery."""

import sys
from typing import Any

import numpy as np

import simulator
from simulator.equations.choice import logit_weights, shares
from simulator.equations.fleet import Chain, ageing, capacity_gap, natural_retirement
from simulator.equations.learning import capital_cost, experience_change
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.lowering import CONSTANT, UNIFORM, VARYING, Lowering
from simulator.model.program import assemble
from simulator.model.tape import Tape
from simulator.results.batches import machine_class
from simulator.solvers.machine import MOMENTS, Machine, NumpyMachine
from tests.benchmarks.peers.chain import (
    ADJUSTMENT_TIME,
    CAPACITIES,
    CLASSES,
    END,
    FLEETS,
    KNOTS,
    PRICE,
    RK4_STEP,
    START,
    TECHNOLOGIES,
    FloatArray,
    Numbers,
    first_stocks,
    numbers,
    scenario,
)
from tests.benchmarks.peers.measuring import Measuring

NUMPY_WIDTH = 256
COMPILED_WIDTH = 64
"""Scenarios that a machine works out together, so that they fit its caches."""

BATCH = 10_000
"""Scenarios of the one large batch."""


def change(
    xp: Any, given: Numbers, *, stocks: Any, demand: Any, price: Any, varied: Any
) -> Any:
    """Rate of change of all stocks, by the equations of the simulator [unit/yr].

    Parameters
    ----------
    stocks
        (stock, scenario).
    demand, price
        Those of the moment, (fleet, 1) and (1,).
    varied
        Factor on the price and exponent of the choice, (2, scenario).
    """

    def wide(array: FloatArray) -> FloatArray:
        return array[..., np.newaxis]

    shape = (FLEETS, TECHNOLOGIES, -1)
    capacity = stocks[:CAPACITIES].reshape(CLASSES, *shape)
    experience = stocks[CAPACITIES:].reshape(*shape)
    older = np.arange(CLASSES).reshape(-1, 1, 1, 1) == CLASSES - 1
    chain = Chain(
        wide(CLASSES / given.lifetime), 1.0 - older, 1.0 * older, np.ones(older.shape)
    )
    capital = capital_cost(
        xp,
        reference_cost=wide(given.capital),
        cost_floor=wide(given.capital_floor),
        experience=experience,
        reference_experience=wide(given.experience),
        exponent=wide(given.learning_exponent),
    )
    weights = logit_weights(
        xp,
        cost=capital + wide(given.running) + price * varied[0] * wide(given.emissions),
        log_share_weight=wide(np.log(given.share_weight)),
        availability=np.ones((FLEETS, TECHNOLOGIES, 1)),
        exponent=varied[1],
    )
    orders = capacity_gap(
        xp,
        required=demand,
        capacity=xp.sum(capacity, axis=(0, 2)),
        pipeline=0.0,
        retirement=xp.sum(natural_retirement(xp, chain, capacity), axis=1),
        adjustment_time=ADJUSTMENT_TIME,
    )
    bought = orders[:, np.newaxis] * shares(xp, weights)
    aged = ageing(
        xp,
        chain,
        capacity=capacity,
        installations=bought,
        hazard=np.zeros((CLASSES, FLEETS, TECHNOLOGIES, 1)),
        retrofit_change=np.zeros((CLASSES, FLEETS, TECHNOLOGIES, 1)),
    ).change
    grown = experience_change(additions=bought, spill_over=0.0)
    return xp.concatenate(
        [aged.reshape(CAPACITIES, -1), grown.reshape(FLEETS * TECHNOLOGIES, -1)], axis=0
    )


class Engine:
    """The recorded model, for a fixed number of scenarios together."""

    def __init__(self, width: int, make: type[Machine], longest: float = RK4_STEP) -> None:
        """Record the right-hand side and make room for the scenarios.

        Parameters
        ----------
        width
            How many scenarios are run together.
        make
            What runs the program.
        longest
            Length of a step [yr]; every year at which a path bends must end one.
        """
        given = numbers()
        stocks = first_stocks(given)[:, np.newaxis]
        demand, price, varied = given.demand[:, :1].copy(), np.array([0.5]), np.ones((2, 1))
        tape, lowering = Tape(), Lowering()
        rows = [lowering.input(array, VARYING) for array in (stocks, varied)]
        columns = [lowering.input(array, UNIFORM) for array in (demand, price)]
        rates = change(
            FAST_NUMPY,
            given,
            stocks=tape.input(stocks),
            demand=tape.input(demand),
            price=tape.input(price),
            varied=tape.input(varied),
        )
        output = tape.contiguous(rates.array)
        lowered = lowering.lower(tape.calls([output]), [output])
        kinds = lowered.kinds
        program = assemble(
            lowered.groups, kinds == VARYING, np.concatenate(rows), lowered.outputs[0]
        )
        self.machine = make(program, len(program.outputs), width)
        self.first = stocks
        self.machine.scalars[:] = np.where(
            kinds[program.scalars] == CONSTANT, lowered.values[program.scalars], 0.0
        )
        moving = np.flatnonzero(kinds[program.scalars] == UNIFORM)
        source = np.concatenate(columns).searchsorted(program.scalars[moving])
        self.moving = moving
        count = round((END - START) / longest)
        self.grid = np.linspace(START, END, count + 1)
        # demand and price at starts and middles of steps, (moment, value)
        moments = np.linspace(START, END, 2 * count + 1)
        paths = [np.interp(moments, KNOTS, path) for path in (*given.demand, PRICE)]
        self.given = np.stack(paths, axis=1)[:, source]

    def run(self, varied: FloatArray) -> FloatArray:
        """Stocks at the end, (stock, scenario), of as many scenarios as the engine is wide.

        Parameters
        ----------
        varied
            Factor on the price and exponent of the choice, (2, scenario).
        """
        machine = self.machine
        machine.give(0, np.broadcast_to(self.first, (len(self.first), varied.shape[1])))
        machine.give(len(self.first), varied)
        for interval, length in enumerate(np.diff(self.grid).tolist()):
            first = 2 * interval
            machine.scalars[:, self.moving] = self.given[first : first + MOMENTS]
            machine.step(length)
        found = np.empty((len(self.first), varied.shape[1]))
        machine.stocks(found, np.arange(len(found)))
        return found


def columns(first: int, count: int) -> FloatArray:
    """What differs between scenarios, (2, scenario)."""
    return np.array([scenario(place) for place in range(first, first + count)]).T


def main() -> None:
    """Measure."""
    numpy_only = "--numpy" in sys.argv
    if numpy_only:
        sys.argv.remove("--numpy")
    make = NumpyMachine if numpy_only else machine_class()
    width = NUMPY_WIDTH if make is NumpyMachine else COMPILED_WIDTH
    measuring = Measuring(f"simulator, {make.__name__}", "RK4", RK4_STEP)
    with measuring.ready():
        alone = Engine(1, make)
        alone.run(columns(0, 1))
        together = Engine(width, make)

    def batch(first: int, count: int) -> list[FloatArray]:
        return [together.run(columns(first + place, width)) for place in range(0, count, width)]

    measuring.single(lambda place: alone.run(columns(place, 1))[:, 0].tolist())
    measuring.sweep(batch, width)
    with measuring.timed(f"batch of {BATCH}"):
        batch(0, BATCH)
    measuring.hand_over(version=simulator.__version__)


if __name__ == "__main__":
    main()
