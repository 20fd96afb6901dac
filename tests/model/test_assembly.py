"""Any parameters may differ between scenarios that are assembled together."""

from dataclasses import replace

import numpy as np
import pytest

from simulator.model.national import NationalModel
from simulator.model.packing import leaves
from simulator.reading.resolution import Entries, Entry, Resolved, origin_of
from simulator.reading.scenario import load

KINDS = ("merit_tier", "metered", "storage")
"""Last words of parameters that say of what kind a generator is, in all scenarios."""


def changed(base: Resolved, paths: list[str]) -> Resolved:
    """The scenario with some parameters a little larger."""
    over = dict(base.parameters.overrides)
    for path in paths:
        known = base.parameters[path]
        entry = over.get(path) or Entry(**{**vars(known), "chain": (origin_of(known),)})
        over[path] = replace(entry, values=tuple(value * 1.0001 for value in entry.values))
    return replace(base, name="other", parameters=Entries(base.parameters.base, over))


@pytest.mark.parametrize("seed", range(6))
def test_any_half_of_the_parameters_may_differ(seed: int) -> None:
    """Each half mixes, wherever numbers are put together, those that differ and others."""
    base = load("national_targets").resolved
    paths = [
        path
        for path, entry in base.parameters.items()
        if entry.unit != "year"
        and any(entry.values)
        and not path.endswith(KINDS)
        and "observed" not in path
    ]
    half = np.random.default_rng(seed).permutation(paths)[: len(paths) // 2]
    other = changed(base, half.tolist())
    together, alone = NationalModel([base, other]), NationalModel([other])
    pairs = zip(leaves(alone.parameters), leaves(together.parameters), strict=True)
    for (name, mine), (_, shared) in pairs:
        one, both = np.atleast_1d(mine), np.atleast_1d(shared)
        if one.shape[:-1] == both.shape[:-1]:
            np.testing.assert_allclose(one[..., -1], both[..., -1], rtol=1e-12, err_msg=name)
