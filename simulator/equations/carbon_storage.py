r"""Transport and storage of carbon dioxide: capacity that capture has to wait for.

Injection capacity J and what is under construction P follow the capture that is expected,
limited by how fast such projects can multiply:

.. math:: \dot P = \min\!\big(\rho (J + P) + s,\ (m D^e - J - P)^+ / \tau_p\big) - P/\tau_c,
          \qquad \dot J = P / \tau_c

Balance: injection capacity and construction together grow by orders, exactly. What is
captured is stored, and capture never exceeds injection. Shared pipelines make transport
cheaper as the network grows, within limits.
"""

from typing import Any, NamedTuple

from simulator.equations.loops import felt
from simulator.equations.schedule import Schedule

Array = Any


class StorageParameters(NamedTuple):
    """Building and cost of transport and storage; every array (S)."""

    growth: Array
    """Fastest growth of the network [1/yr]."""
    seed: Array
    """Projects that start from nothing [Mt CO2/yr2]."""
    construction_time: Array
    """[yr]."""
    planning_time: Array
    """Time in which a gap is ordered [yr]."""
    expectation_time: Array
    """Time over which capture is perceived [yr]."""
    margin: Array
    """Injection wanted per flow captured [1]."""
    maximum_injection: Array
    """[Mt CO2/yr]."""
    reference_cost: Array
    """Cost at the reference injection [CNY/t CO2]."""
    reference_injection: Array
    """[Mt CO2/yr]."""
    cost_exponent: Array
    """Change of cost with size [1]."""
    minimum_cost: Array
    """[CNY/t CO2]."""
    maximum_cost: Array
    """[CNY/t CO2]."""
    support: Schedule
    """Payment per tonne captured and stored, () [CNY/t CO2]."""


class StorageState(NamedTuple):
    """Stocks of the network, each (S)."""

    injection: Array
    """Injection capacity [Mt CO2/yr]."""
    construction: Array
    """Injection capacity under construction [Mt CO2/yr]."""
    expected: Array
    """Capture that planners expect [Mt CO2/yr]."""
    stored: Array
    """Carbon dioxide underground [Mt CO2]."""


def capture_share(xp: Any, *, wanted: Array, injection: Array) -> Array:
    """Share of the wanted capture that finds injection capacity, (S) [1]."""
    return injection / xp.maximum(xp.maximum(wanted, injection), 1e-12)


def transport_cost(xp: Any, p: StorageParameters, *, injection: Array) -> Array:
    """Cost of transport and storage, (S) [CNY/t CO2]."""
    size = xp.maximum(injection, 1e-6) / p.reference_injection
    cost = p.reference_cost * xp.power(size, p.cost_exponent)
    return xp.clip(cost, p.minimum_cost, p.maximum_cost)


def storage_change(
    xp: Any,
    p: StorageParameters,
    state: StorageState,
    *,
    wanted: Array,
    captured: Array,
    ramp_binds: Array = 1.0,
) -> StorageState:
    """Rates of change of the network, each (S).

    Parameters
    ----------
    wanted
        Capture that the plants would run with enough injection, (S) [Mt CO2/yr].
    captured
        Capture that takes place, (S) [Mt CO2/yr].
    ramp_binds
        1 where the growth of the network is limited, 0 where it is not, (S) [1].

    """
    network = state.injection + state.construction
    target = xp.minimum(p.margin * state.expected, p.maximum_injection)
    gap = xp.maximum(target - network, 0.0) / p.planning_time
    orders = felt(ramp_binds, xp.minimum(p.growth * network + p.seed, gap), gap)
    completed = state.construction / p.construction_time
    return StorageState(
        injection=completed,
        construction=orders - completed,
        expected=(wanted - state.expected) / p.expectation_time,
        stored=captured,
    )
