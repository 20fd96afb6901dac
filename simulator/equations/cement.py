r"""Cement: how much clinker it takes, and what the kilns burn.

Three shares move towards what policy, price and habit ask for, each at its own pace: the
clinker ratio $R$, the share $\beta$ of binders that need little clinker, and the share $f$
of kiln heat from alternative fuel.

.. math::

    Q_{clinker} = A\,R\,(1 - \beta), \quad
    \dot R = \frac{R^* - R}{\tau_R}, \quad
    \dot f = \frac{f^* - f}{\tau_f}, \quad
    \dot\beta = \frac{1}{\tau_\beta}
        \left(\frac{\beta_{max}}{1 + e^{-(P \Delta - p_\beta)/w}} - \beta\right)

A low-carbon binder sells once the carbon price $P$ on the emissions $\Delta$ that it avoids
covers its premium $p_\beta$. In history the recorded clinker is made, and $R$ follows the
recorded ratio so that the projection starts from it.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any

NOTHING = 1e-9
"""Guards the recorded ratio where no cement is made [Mt/yr]."""


class CementParameters(NamedTuple):
    """Composition and auxiliary energy of cement; shapes ``(scenario,)``."""

    clinker_ratio_target: Schedule
    """Clinker in cement that the industry moves to [1]."""
    low_carbon_binder_limit: Schedule
    """Largest share of low-carbon binders [1]."""
    alternative_fuel_target: Schedule
    """Share of kiln heat from alternative fuel that the industry moves to [1]."""
    observed_clinker: Schedule
    """Recorded output of clinker, value shape ``(1, scenario)`` [Mt/yr]."""
    adjustment_time: Array
    """Of ratio, binder share, fuel share, shape ``(3, scenario)`` [yr]."""
    history_time: Array
    """Time in which the ratio follows the record [yr]."""
    avoided_emissions: Array
    """CO2 that a tonne of low-carbon binder avoids [t CO2/t]."""
    binder_premium: Array
    """Extra cost of low-carbon binders [CNY/t]."""
    binder_premium_spread: Array
    """Spread of that cost among plants [CNY/t]."""
    auxiliary_electricity: Array
    """Electricity outside the kiln: quarry, grinding, ready-mix [MWh/t cement]."""
    stage_electricity: Array
    """The same by stage, shape ``(stages without kilns, scenario)`` [MWh/t cement]."""
    alternative_fuel_waste_share: Array
    """Part of alternative fuel that is waste, the rest biomass [1]."""


class CementMix(NamedTuple):
    """What cement is made of."""

    change: Array
    """Of clinker ratio, binder share, fuel share, shape ``(3, scenario)`` [1/yr]."""
    clinker_output: Array
    """Clinker to be burnt, shape ``(scenario,)`` [Mt/yr]."""
    electricity: Array
    """Electricity outside the kilns, shape ``(scenario,)`` [TWh/yr]."""


def mix(
    xp: Any,
    shares: Array,
    p: CementParameters,
    clock: Clock,
    *,
    cement_output: Array,
    carbon_price: Array,
    history: Array,
) -> CementMix:
    """Compose cement.

    Parameters
    ----------
    shares
        Clinker ratio, binder share, alternative fuel share, shape ``(3, scenario)`` [1].
    cement_output
        Cement to be made, shape ``(scenario,)`` [Mt/yr].
    carbon_price
        Shape ``(scenario,)`` [CNY/t CO2].
    history
        Weight of the record, shape ``(scenario,)`` [1].

    """
    ratio, binder = shares[0], shares[1]
    worth = (carbon_price * p.avoided_emissions - p.binder_premium) / p.binder_premium_spread
    accepted = at(p.low_carbon_binder_limit, clock) * (0.5 + 0.5 * xp.tanh(worth / 2))
    targets = xp.stack(
        xp.broadcast_arrays(
            at(p.clinker_ratio_target, clock), accepted, at(p.alternative_fuel_target, clock)
        )
    )
    adjusting = (targets - shares) / p.adjustment_time
    recorded = at(p.observed_clinker, clock)[0]
    recorded_ratio = recorded / xp.maximum(cement_output, NOTHING)
    following = history * (recorded_ratio - ratio) / p.history_time
    ratio_change = following + (1 - history) * adjusting[0]
    clinker = history * recorded + (1 - history) * cement_output * ratio * (1 - binder)
    return CementMix(
        change=xp.concatenate([ratio_change[None], adjusting[1:] + 0 * ratio_change]),
        clinker_output=clinker,
        electricity=p.auxiliary_electricity * cement_output,
    )


def alternative_fuel(
    coal: Array, share: Array, waste_share: Array
) -> tuple[Array, Array, Array]:
    """Split kiln heat into coal, waste and biomass of the same total.

    `coal` is the heat that kilns take without alternative fuel, in any unit and shape that
    ends in the scenario axis; the shares are ``(scenario,)`` [1].
    """
    replaced = share * coal
    return coal - replaced, waste_share * replaced, (1 - waste_share) * replaced
