"""Parameters moved from end to end of their range: each must move something that is read."""

from collections.abc import Mapping, Sequence

import numpy as np

from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load
from simulator.results.dataset import variables
from tests.together import run_together


def ranged(*beginnings: str) -> list[str]:
    """Parameters with a range whose paths begin so."""
    return [
        path
        for path, parameter in load_parameters().items()
        if path.startswith(beginnings)
        and parameter.low != parameter.high
        and parameter.low is not None
    ]


def at_both_ends(
    paths: Sequence[str],
    end: int,
    read: Sequence[str],
    company: Mapping[str, Mapping[str, float]] | None = None,
) -> Mapping[str, np.ndarray]:
    """Results to a year with every parameter at its low and at its high end, in turn.

    `company` sets other parameters beside one that acts only with them.
    """
    base, known = load("current_policies").replace({"horizon.end": end}), load_parameters()
    changes = [
        {path: value, **(company or {}).get(path, {})}
        for path in paths
        for value in (known[path].low, known[path].high)
    ]
    scenarios = [
        base.replace({f"parameters.{path}": value for path, value in change.items()}).resolved
        for change in changes
    ]
    batch = run_together(scenarios)
    return variables(batch.model, batch.record, read)


def largest_move(found: Mapping[str, np.ndarray], place: int) -> float:
    """Largest change of any result from one end to the other, in parts of its peak."""
    low = 2 * place
    return max(
        float(np.abs(one[..., low + 1] - one[..., low]).max() / np.abs(one[..., low]).max())
        for one in found.values()
    )
