"""The right-hand side from one vector to another, as an integrator of scipy asks for it.

The national model is taken apart into operations on single numbers. Those that lead to no rate
or flow are left out, and those of one kind that need not wait for each other are called
together. Any other model is evaluated as it is.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.model.national import NationalModel
from simulator.model.packing import Packing
from simulator.model.parameters import Parameters
from simulator.model.series import INSIDE
from simulator.model.tracing import Given
from simulator.solvers.numpy_calls import calls_of
from simulator.solvers.protocol import Model
from simulator.solvers.recordings import planned, within
from simulator.solvers.steps import stretches_of

FloatArray = NDArray[np.float64]


class OnVectors(Protocol):
    """Rates of change and flows for a vector of stocks."""

    flows: Packing
    """Shapes of the flows."""

    def __call__(self, time: float, stocks: FloatArray) -> FloatArray:
        """Rates of the stocks, then flows, at a time inside an interval of the grid."""


def on_vectors(model: Model, stocks: Packing, state: Any) -> OnVectors:  # noqa: ANN401
    """The right-hand side of a model of one scenario.

    Parameters
    ----------
    model
        The model.
    stocks
        Shapes of its state.
    state
        Its state at the start.
    """
    if isinstance(model, NationalModel):
        return _TakenApart(model, stocks)
    return _AsItIs(model, stocks, state)


class _AsItIs:
    """A model that is evaluated by its own method."""

    def __init__(self, model: Model, stocks: Packing, state: Any) -> None:  # noqa: ANN401
        self._model, self._stocks = model, stocks
        self.flows = Packing.of(model.evaluate(float(model.grid[0]) + INSIDE, state)[1])

    def __call__(self, time: float, stocks: FloatArray) -> FloatArray:
        """Rates of the stocks, then flows, at a time inside an interval of the grid."""
        change, flows = self._model.evaluate(time, self._stocks.unpack(stocks))
        return np.concatenate([self._stocks.pack(change), self.flows.pack(flows)])


class _TakenApart:
    """The national model: history and projection, each by its own plan of calls."""

    def __init__(self, model: NationalModel, stocks: Packing) -> None:
        self._model, self._stocks = model, stocks
        self._now = self._stretch_at(float(model.grid[0]) + INSIDE)
        self.flows = self._now.flows

    def __call__(self, time: float, stocks: FloatArray) -> FloatArray:
        """Rates of the stocks, then flows, at a time inside an interval of the grid."""
        if not self._now.start <= time <= self._now.end:
            self._now = self._stretch_at(time)
        return self._now(time, stocks)

    def _stretch_at(self, time: float) -> "_Stretch":
        model = self._model
        history, projection = stretches_of(model.grid, model.history_end)
        stretch = history if time < model.history_end else projection
        return _Stretch(within(model.parameters, stretch), self._stocks)


class _Stretch:
    """History or projection of the national model."""

    def __init__(self, parameters: Parameters, stocks: Packing) -> None:
        self.start, self.end = parameters.grid[[0, -1]].tolist()
        found = planned(parameters, stocks)
        self.flows = found.flows
        self._size = stocks.size
        self._given = Given(parameters, stocks)
        self._calls = calls_of(found.plan)
        self._calls.scalars[:] = found.scalars
        self._vector = self._calls.rows[: self._given.size, 0]
        self._places = found.places
        self._found = np.empty((len(found.places), 1))

    def __call__(self, time: float, stocks: FloatArray) -> FloatArray:
        """Rates and flows."""
        self._vector[: self._size] = stocks
        self._given.fill(self._vector, time)
        self._calls.run(self._found)
        result = np.zeros(self._size + self.flows.size)
        result[self._places] = self._found[:, 0]
        return result
