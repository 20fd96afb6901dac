"""What a solver needs of a model, and what it gives back."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


class Model(Protocol):
    """A model that a solver can run."""

    grid: FloatArray
    """Times at which a series bends or jumps; no step may pass over one."""

    def initial(self) -> Any:
        """State at the first time of the grid."""

    def evaluate(self, time: float, state: Any) -> tuple[Any, Any]:
        """Rates of change of the state and the flows to integrate over each year."""

    def jump(self, time: float, state: Any) -> Any:
        """State after what happens at a moment of the grid; mostly the state itself."""

    def describe(self, name: str) -> str:
        """Sector and technology behind an element of the state, for messages."""


@dataclass(frozen=True)
class Trajectory:
    """A solved run."""

    years: tuple[int, ...]
    """Calendar years of the flows; stocks are at their ends."""
    initial: Any
    """State at the start."""
    states: tuple[Any, ...]
    """State at the end of each year."""
    flows: tuple[Any, ...]
    """Integral of the flows over each year."""
    evaluations: int
    """How often the right-hand side was evaluated."""
    settings: dict[str, str | float]
    """Method and tolerances."""
