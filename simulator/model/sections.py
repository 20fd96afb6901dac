"""Parts of the parameters that are made once and taken over where nothing of theirs changed."""

from collections.abc import Callable, Sequence
from typing import Any

from simulator.model.values import Values


class Sections:
    """Parts of the parameters, each with the values that it was made from.

    A scenario that changes a price does not change the fleets: what was made from the same
    values for another model is taken over.
    """

    def __init__(self, values: Values, known: "Sections | None" = None) -> None:
        self.values = values
        self._known = known
        self._changed = values.recall(known.values) if known is not None else None
        self.made: dict[str, tuple[Any, frozenset[str]]] = {}
        self.taken_over: set[str] = set()

    def __call__(self, name: str, make: Callable[[], Any], needs: Sequence[str] = ()) -> Any:
        """Make a section, or take it over if neither its values nor what it needs changed."""
        if self._known is not None and self._changed is not None:
            result, read = self._known.made[name]
            if not (read & self._changed) and self.taken_over.issuperset(needs):
                self.made[name] = (result, read)
                self.taken_over.add(name)
                return result
        self.values.read = set()
        result = make()
        self.made[name] = (result, frozenset(self.values.read))
        return result
