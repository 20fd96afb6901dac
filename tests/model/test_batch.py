"""One right-hand side for one scenario and for many: column by column the same numbers."""

from typing import Any

import numpy as np
import pytest

from simulator.model.national import NationalModel
from simulator.model.packing import Packing, leaves
from simulator.reading.scenario import load, resolve

EXACT = 1e-12

ROUNDING = 1.0
"""What is unmet is what is left of amounts of thousands: where nothing is, their rounding."""


def join(columns: list[Any]) -> Any:
    """Put states of one scenario each side by side on the scenario axis."""
    first = columns[0]
    if hasattr(first, "_fields"):
        return type(first)(*[join([c[i] for c in columns]) for i in range(len(first))])
    return np.concatenate(columns, axis=-1)


def worst(together: Any, alone: list[Any], scales: list[Any] | None = None) -> float:
    """Largest difference of any array, relative to the largest number in it.

    A rate is a difference of amounts as large as its stock: `scales` are the states, whose
    rounding it carries.
    """
    found = 0.0
    for column, single in enumerate(alone):
        sizes = leaves(scales[column] if scales else single)
        for (name, block), (_, expected), (_, size) in zip(
            leaves(together), leaves(single), sizes, strict=True
        ):
            wide = np.broadcast_to(block, (*np.shape(block)[:-1], len(alone)))
            gap = np.abs(wide[..., column] - expected[..., 0])
            least = ROUNDING if name.endswith("unmet") else 1e-30
            scale = max(np.max(np.abs(expected)), np.max(np.abs(size))) + least
            found = max(found, float(np.max(gap) / scale))
    return found


@pytest.mark.parametrize("time", [2020.3, 2031.7, 2055.2])
def test_sixty_four_states_at_once_are_sixty_four_states_alone(time: float) -> None:
    resolved = resolve(load("national_targets"))
    single, many = NationalModel([resolved]), NationalModel([resolved] * 64)
    state = single.initial()
    packing = Packing.of(state)
    vector = packing.pack(state)
    shake = np.random.default_rng(7).uniform(0.9, 1.1, (64, vector.size))
    states = [packing.unpack(vector * factor) for factor in shake]
    rates, flows = many.evaluate(time, join(states))
    alone = [single.evaluate(time, one) for one in states]
    assert worst(rates, [pair[0] for pair in alone], states) < EXACT
    assert worst(flows, [pair[1] for pair in alone]) < EXACT


@pytest.mark.parametrize("time", [2020.3, 2031.7, 2055.2])
def test_two_different_scenarios_share_one_call(time: float) -> None:
    pair = [resolve(load(name)) for name in ("current_policies", "accelerated")]
    models = [NationalModel([one]) for one in pair]
    both = NationalModel(pair)
    states = [model.initial() for model in models]
    rates, flows = both.evaluate(time, join(states))
    alone = [model.evaluate(time, state) for model, state in zip(models, states, strict=True)]
    assert worst(rates, [one[0] for one in alone], states) < EXACT
    assert worst(flows, [one[1] for one in alone]) < EXACT


def test_a_batch_starts_where_its_scenarios_start() -> None:
    pair = [resolve(load(name)) for name in ("frozen", "accelerated")]
    both = NationalModel(pair).initial()
    alone = [NationalModel([one]).initial() for one in pair]
    assert worst(both, alone) < EXACT
