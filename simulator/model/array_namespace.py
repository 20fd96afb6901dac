"""NumPy as the array namespace of the equations, without the cost of its Python wrappers.

At one scenario the arrays are small, and a third of an evaluation went into the argument
handling of ``numpy.sum``, ``numpy.max`` and ``numpy.clip``. Here they call the ufuncs behind
those functions directly, with the same meaning and the same bits; everything else is NumPy.
"""

from typing import Any

import numpy as np


class NumpyNamespace:
    """NumPy with direct reductions."""

    def __getattr__(self, name: str) -> Any:
        """Everything that is not sped up."""
        attribute = getattr(np, name)
        setattr(self, name, attribute)
        return attribute

    @staticmethod
    def sum(array: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
        """Sum over axes."""
        return np.add.reduce(array, axis=axis, keepdims=keepdims)

    @staticmethod
    def max(array: Any, axis: Any = None, *, keepdims: Any = False) -> Any:
        """Largest over axes."""
        return np.maximum.reduce(array, axis=axis, keepdims=keepdims)

    @staticmethod
    def clip(array: Any, low: Any, high: Any) -> Any:
        """Bound an array from both sides."""
        return np.minimum(np.maximum(array, low), high)


FAST_NUMPY = NumpyNamespace()
"""The namespace that the NumPy engines use."""
