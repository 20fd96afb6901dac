r"""Heat for processes and rooms: how much is wanted, and what policy adds to the choice.

The heaters are fleets (coal, gas, oil and biomass, electric, heat pump, hydrogen); here is
their demand for useful heat,

.. math:: D_f = D_f^0\, i_f(t)\, g^{\epsilon_f}\, p_f^{\epsilon_p}\, (1 - b_f\, r\, R)\,
          \frac{1 - \ell_f}{1 - \ell_f + (\ell_f - \ell_f^*) R}

with a reference index i, gross domestic product g relative to its reference path, the cost of
heat p relative to the base year, the share b that warms rooms, and the share R of floor area
renovated since the end of history, each saving r. Renovation: :math:`\dot R = \rho (1 - R)`,
so that :math:`R = 1 - e^{-\rho t}` at a constant rate. Networks lose the share :math:`\ell` of
what is fed in. One programme renovates buildings and the networks that serve them: renewed
pipes lose :math:`\ell^*`, and less has to be made for the same heat at the door.

Delivered heat is split over the sectors that use it by fixed shares, so that what the sectors
receive is what the fleets deliver, exactly.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any


class HeatParameters(NamedTuple):
    """Demand for heat and the policies on it; F heat fleets, T technologies."""

    level: Array
    """Useful heat in the base year, (F, S) [PJ/yr]."""
    reference_demand: Schedule
    """Reference demand relative to the base year, (F) [1]."""
    gdp_elasticity: Array
    """(F, S) [1]."""
    price_elasticity: Array
    """(S) [1]."""
    space_heating_share: Array
    """Part of the demand that the quality of buildings governs, (F, S) [1]."""
    loss: Array
    """Part of the heat that networks lost at the end of history, (F, S) [1]."""
    renewed_loss: Array
    """The same of renewed networks, (F, S) [1]."""
    retrofit_rate: Schedule
    """Floor area renovated in a year, () [1/yr]."""
    retrofit_saving: Array
    """Room heat saved by a renovation, (S) [1]."""
    low_temperature_share: Array
    """Largest share of each technology in the capacity wanted, (F, T, S) [1]."""
    support: Schedule
    """Payment for heat from electricity, () [CNY/GJ]."""
    support_eligible: Array
    """1 where it is paid, (1, T, S) [1]."""
    feeds: Array
    """Share of the delivered heat that each sector uses, (F, sector, S) [1]."""


class HeatState(NamedTuple):
    """Stock of the module; the heaters themselves are in the fleets."""

    renovated: Array
    """Share of floor area and of networks renovated since the end of history, (S) [1]."""


def room_heat_factor(*, renovated: Array, saving: Array, share: Array) -> Array:
    """Heat demand after renovation relative to before, (F, S) [1]."""
    return 1.0 - share * saving * renovated


def network_loss(*, renovated: Array, loss: Array, renewed: Array) -> Array:
    """Part of the heat made that networks lose, (F, S) [1]."""
    return loss - (loss - renewed) * renovated


def heat_demand(
    xp: Any,
    p: HeatParameters,
    *,
    index: Array,
    relative_gdp: Array,
    relative_cost: Array,
    renovated: Array,
) -> Array:
    """Demand for useful heat, (F, S) [PJ/yr].

    Parameters
    ----------
    index
        Reference demand relative to the base year, (F, S) [1].
    relative_gdp
        Gross domestic product relative to its reference path, (S) [1].
    relative_cost
        Cost of heat relative to its reference, (F, S) or (S) [1].
    renovated
        Share of floor area renovated, (S) [1].

    """
    response = xp.power(relative_gdp, p.gdp_elasticity)
    response = response * xp.power(relative_cost, p.price_elasticity)
    rooms = room_heat_factor(
        renovated=renovated, saving=p.retrofit_saving, share=p.space_heating_share
    )
    lost = network_loss(renovated=renovated, loss=p.loss, renewed=p.renewed_loss)
    return p.level * index * response * rooms * (1.0 - p.loss) / (1.0 - lost)


def renovation(*, renovated: Array, rate: Array, history: Array) -> Array:
    """Renovation of the floor area that is not yet renovated, (S) [1/yr].

    Renovation before the end of history is part of the observed demand: `history` is 1 then,
    and nothing is counted twice.
    """
    return rate * (1.0 - renovated) * (1.0 - history)


def support(*, payment: Array, eligible: Array) -> Array:
    """Payment of policy per useful heat, shape of `eligible` [CNY/GJ]."""
    return payment * eligible


def heat_by_sector(xp: Any, *, delivered: Array, feeds: Array) -> Array:
    """Split what belongs to the heat fleets over the sectors that use the heat.

    Parameters
    ----------
    delivered
        Heat, fuel or emissions by fleet, (..., F, S).
    feeds
        (F, sector, S) [1].

    Returns
    -------
    Array
        (..., sector, S), unit of `delivered`; its sum over sectors is that over fleets.

    """
    return xp.sum(delivered[..., xp.newaxis, :] * feeds, axis=-3)
