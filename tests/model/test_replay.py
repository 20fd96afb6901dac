"""The tape gives what NumPy gives, whatever the state, the time and the parameters."""

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from simulator.model import derivative
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.national import NationalModel
from simulator.model.packing import Packing, leaves
from simulator.model.tape import Tape
from simulator.reading.scenario import load, resolve


def shaken(model: NationalModel, seed: int) -> Any:
    packing = Packing.of(model.initial())
    vector = packing.pack(model.initial())
    return packing.unpack(vector * np.random.default_rng(seed).uniform(0.9, 1.1, vector.size))


def plain(model: NationalModel, time: float, state: Any) -> Any:
    return derivative.evaluate(FAST_NUMPY, np.float64(time), state, model.parameters)


def same(found: Any, expected: Any) -> None:
    """Rates and flows agree, relative to the largest number of each array."""
    for mine, other in zip(found, expected, strict=True):
        for (name, array), (_, known) in zip(leaves(mine), leaves(other), strict=True):
            wide = np.broadcast_to(known, array.shape)
            scale = np.max(np.abs(wide)) + 1e-30
            assert_allclose(array / scale, wide / scale, rtol=0, atol=1e-12, err_msg=name)


@pytest.mark.parametrize("name", ["frozen", "national_targets"])
def test_a_replay_is_the_right_hand_side(name: str) -> None:
    """Recorded on one state and time, replayed on others, in history and after it."""
    model = NationalModel([resolve(load(name))])
    for seed, time in enumerate([2016.2, 2024.9, 2019.4, 2031.7, 2025.1, 2060.9, 2016.2]):
        state = shaken(model, seed)
        same(model.evaluate(time, state), plain(model, time, state))


def test_a_result_is_not_overwritten_by_the_next_call() -> None:
    model = NationalModel([resolve(load("frozen"))])
    state = shaken(model, 1)
    first, _ = model.evaluate(2030.5, state)
    kept = first.fleets.capacity.copy()
    model.evaluate(2050.5, shaken(model, 2))
    assert_array_equal(first.fleets.capacity, kept)


def test_other_parameters_are_recorded_anew() -> None:
    model = NationalModel([resolve(load("frozen"))])
    state = shaken(model, 3)
    model.evaluate(2030.5, state)
    sinks = model.parameters.sinks
    model.parameters = model.parameters._replace(
        sinks=sinks._replace(uptake=2.0 * sinks.uptake)
    )
    same(model.evaluate(2030.5, state), plain(model, 2030.5, state))


def replayed(work: Any, first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Record `work` on one array, replay it on another."""
    tape, array = Tape(), first.copy()
    result = work(tape.input(array))
    array[...] = second
    for step in tape.steps([result.array]):
        step()
    return result.array


@pytest.mark.parametrize(
    "work",
    [
        lambda x: 2.0 - x * np.ones((4, 1)),
        lambda x: (x**2 + x**0.5).sum(axis=0),
        lambda x: np.add.reduce(x, axis=(0, 1)) / x[1],
        lambda x: np.where(x > 1.5, x, -x),
        lambda x: np.where(np.arange(3) > 0, x, 7.0),
        lambda x: np.concatenate([x[:1], np.maximum(x, 1.0), np.zeros((1, 3))], axis=0),
        lambda x: np.stack(np.broadcast_arrays(x[0], x[1, 0])),
        lambda x: x[:, np.array([2, 0])] * x[np.array([1, 1, 0, 3])][:, :2],
        lambda x: x[:, :2].reshape(-1) + 0.0,
        lambda x: np.matmul(np.arange(8.0).reshape(2, 4), x),
        lambda x: np.repeat(x[:2], 2, axis=0) + x * np.zeros(3) + x * 1.0,
        lambda x: sum(row * 2.0 for row in x),
    ],
)
def test_every_kind_of_call_is_replayed(work: Any) -> None:
    first = np.linspace(0.5, 2.5, 12).reshape(4, 3)
    second = np.linspace(2.9, 0.3, 12).reshape(4, 3)
    assert_allclose(replayed(work, first, second), work(second), rtol=1e-14)


def test_repeated_and_unread_calls_are_left_out() -> None:
    tape, x = Tape(), np.ones((3, 1))
    traced = tape.input(x)
    once = np.exp(traced) * np.exp(traced)
    np.log(traced)
    assert len(tape.steps([once.array])) == 2
