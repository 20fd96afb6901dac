"""The end of observed history: preferences are set so that choice continues what was seen."""

from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.equations import dispatch, expansion
from simulator.equations.fleet_parameters import FleetParameters, FleetState
from simulator.equations.heavy_machinery import class_shares
from simulator.equations.product_price import ProductPriceState
from simulator.equations.schedule import at, read_clock
from simulator.model.day import Perception
from simulator.model.parameters import Parameters
from simulator.model.series import INSIDE
from simulator.model.start import remembered
from simulator.model.state import State

FloatArray = NDArray[np.float64]
Array = Any

NO_SALES: Final = 1e-6
"""Share of additions under which a technology counts as not yet sold."""

FAINT_WEIGHT: Final = -9.0
"""Least logarithm of an anchored share weight, relative to the largest."""

NEW_WEIGHT: Final = -3.0
"""Logarithm by which buyers discount what was not yet sold at the end of history."""

HALF_YEAR: Final = 0.5
"""From the middle of the last observed year to its end [yr]."""


def referred(state: State) -> State:
    """Today becomes what later changes are measured against."""
    heavy = state.heavy_machinery
    return state._replace(
        heavy_machinery=heavy._replace(reference=class_shares(np, heavy.machines)),
        hot_working=state.hot_working._replace(reference=state.hot_working.efficient),
        makers=state.makers._replace(reference=state.makers.planned),
    )


def anchored(
    state: State, seen: Perception, p: Parameters, *, observed: FloatArray, added: FloatArray
) -> State:
    """Set preferences such that choice and dispatch give what was last observed.

    Parameters
    ----------
    state
        State at the end of history.
    seen
        What is perceived just before.
    p
        Parameters.
    observed
        1 for scenarios whose history is observed, 0 where it is endogenous, ``(S,)``.
    added
        Share of each generator in the energy of what was last added, ``(T, S)``.
    """
    fleets, generators, society = state.fleets, state.generators, state.society
    chemicals = state.chemicals
    return state._replace(
        fleets=fleets._replace(
            log_share_weight=_blend(
                observed, _choice(fleets, seen, p.fleets), fleets.log_share_weight
            ),
            log_operating_weight=_blend(
                observed, _operation(fleets, seen, p), fleets.log_operating_weight
            ),
            perceived_cost=_blend(observed, seen.levelised, fleets.perceived_cost),
        ),
        generators=generators._replace(
            log_share_weight=_blend(
                observed, _generation(seen, p, added), generators.log_share_weight
            ),
            log_operating_weight=_blend(
                observed, _habit(generators, seen, p), generators.log_operating_weight
            ),
            perceived_cost=_blend(observed, seen.generator_cost, generators.perceived_cost),
        ),
        chemicals=chemicals._replace(
            log_share_weight=_blend(
                observed,
                _choice(chemicals, seen.chemicals, p.chemicals),
                chemicals.log_share_weight,
            ),
            perceived_cost=_blend(observed, seen.chemicals.levelised, chemicals.perceived_cost),
        ),
        society=society._replace(
            electricity_price_reference=_blend(
                observed, society.electricity_price, society.electricity_price_reference
            ),
            heat_cost_reference=_blend(observed, seen.heat_cost, society.heat_cost_reference),
        ),
        product_prices=ProductPriceState(
            _blend(observed, seen.product_cost, state.product_prices.perceived),
            _blend(observed, seen.product_cost, state.product_prices.reference),
            _blend(observed, seen.group_cost, state.product_prices.energy),
            _blend(observed, seen.group_cost, state.product_prices.energy_reference),
        ),
        held=remembered(state, seen),
    )


class Ordered(Protocol):
    """What investors of a block of fleets perceive, and what they last added, (F, T, S)."""

    @property
    def levelised(self) -> Array:
        """Levelised cost [CNY/u]."""

    @property
    def additions(self) -> Array:
        """Capacity added [unit/yr]."""

    @property
    def preference(self) -> Array:
        """Multiplier of the choice weights [1]."""


def _choice(fleets: FleetState, seen: Ordered, p: FleetParameters) -> FloatArray:
    """Preferences with which the logit gives the additions last observed, (F, T, S)."""
    added = seen.additions
    share = added / np.maximum(added.sum(axis=1, keepdims=True), 1e-12)
    observed = np.maximum(p.observed.by_technology, p.observed.by_total) > 0
    known = observed & (added.sum(axis=1, keepdims=True) > 0) & (p.exists > 0)
    scale = np.maximum(np.abs(seen.levelised).max(axis=1, keepdims=True), 1e-9)
    cost = np.log(np.maximum(seen.levelised / scale, 0.05))
    inverted = (
        np.log(np.maximum(share, 1e-9))
        + p.choosing.exponent * cost
        - np.log(np.maximum(seen.preference, 1e-12))
    )
    inverted = inverted - inverted.max(axis=1, keepdims=True)
    long_run = p.choosing.long_run_log_share_weight
    sold = share > NO_SALES
    anchored = np.where(sold, np.maximum(inverted, FAINT_WEIGHT), long_run + NEW_WEIGHT)
    return np.asarray(np.where(known, anchored, fleets.log_share_weight))


def _operation(fleets: FleetState, seen: Perception, parameters: Parameters) -> FloatArray:
    """Preferences with which dispatch gives the output last observed, (F, T, S).

    Shares in output are those of a whole year, so the capacity beside them is what stood on
    average in that year; of a technology that grows or goes, less or more than at its end.
    """
    p = parameters.fleets
    run = np.zeros_like(seen.levelised)
    run[: seen.activity.shape[0]] = seen.activity
    before = np.float64(parameters.history_end - INSIDE)
    clock = read_clock(np, parameters.grid, before, parameters.history_end)
    standing = fleets.capacity.sum(axis=0) - HALF_YEAR * at(p.observed.net_change, clock)
    scale = np.maximum(np.abs(seen.short_run).max(axis=1, keepdims=True), 1e-12)
    cost = np.log(np.maximum(seen.short_run / scale, 0.05))
    rate = np.maximum(run, 1e-12) / np.maximum(standing, 1e-12)
    weight = np.log(rate) + p.technique.operating_exponent * cost
    used = (run > NO_SALES) & (standing > NO_SALES)
    top = np.where(used, weight, -np.inf).max(axis=1, keepdims=True)
    known = (p.observed.by_output > 0) & used
    return np.where(known, weight - np.where(np.isfinite(top), top, 0.0), 0.0)


def _generation(seen: Perception, p: Parameters, added: FloatArray) -> FloatArray:
    """Preferences with which the choice of generators gives what was last added, (1, T, S)."""
    power = p.power
    weights = expansion.anchor_weights(
        np,
        cost=seen.effective_cost,
        share=added,
        long_run=p.generators.choosing.long_run_log_share_weight[0],
        exponent=power.expansion.choice_exponent,
        member=power.expansion.energy_member,
    )
    return np.asarray(weights[None])


def _habit(generators: FleetState, seen: Perception, p: Parameters) -> FloatArray:
    """Preferences with which dispatch gives the metered output last observed, (1, T, S)."""
    found = dispatch.habit(
        np,
        p.power.dispatch,
        generation=seen.generation,
        capacity=generators.capacity.sum(axis=0)[0],
        short_run_cost=seen.generator_short_run,
    )
    return np.asarray(found[None])


def _blend(weight: FloatArray, a: Array, b: Array) -> FloatArray:
    return np.asarray(weight * a + (1.0 - weight) * b)
