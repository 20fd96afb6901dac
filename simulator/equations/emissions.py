r"""Scopes: who causes the emissions of electricity, heat and hydrogen.

.. math:: S2_s = E_s \frac{S1_{power}}{\sum E} + H_s \frac{S1_{heat}}{\sum H}
                 + Y_s \frac{S1_{hydrogen}}{\sum Y}

Factors are consumption based, so that scope 2 over all sectors is exactly what supply emits.
Upstream, each tonne of a material that is used at home has one buyer and carries scopes 1 and 2
of its maker; downstream, what is sold in a year carries its use over its expected life:

.. math:: S3^{up}_s = \sum_m M_{s,m} \frac{(S1 + S2)_m}{Q_m}, \qquad
          S3^{down}_s = \sum_k N_{k}(t) \int_t^{t + L_k} \varepsilon_k\, EF(\tau)\, d\tau

Scopes 2 and 3 are never added to the national total, which is the sum of scope 1.
"""

from typing import Any

Array = Any

_NOTHING = 1e-12


def share_of_supply(xp: Any, use: Array, supply_emissions: Array) -> Array:
    """Emissions of a supplier spread over its users by their use.

    Parameters
    ----------
    use
        Energy used by sector, ``(..., sector, scenario)``, any unit.
    supply_emissions
        Direct emissions of the supplier, ``(..., scenario)`` [Mt CO2/yr].

    """
    total = xp.sum(use, axis=-2, keepdims=True)
    return use * (supply_emissions[..., xp.newaxis, :] / xp.maximum(total, _NOTHING))


def scope2(
    xp: Any,
    *,
    electricity: Array,
    heat: Array,
    hydrogen: Array,
    power_emissions: Array,
    heat_emissions: Array,
    hydrogen_emissions: Array,
) -> Array:
    """Scope 2 by sector, ``(..., sector, scenario)`` [Mt CO2/yr]."""
    return (
        share_of_supply(xp, electricity, power_emissions)
        + share_of_supply(xp, heat, heat_emissions)
        + share_of_supply(xp, hydrogen, hydrogen_emissions)
    )


def purchased_electricity(
    xp: Any, *, scope2_all: Array, electricity: Array, power_emissions: Array, share: Array
) -> Array:
    """Scope 2 that counts bought electricity alone, ``(..., sector, scenario)`` [Mt CO2/yr].

    Parameters
    ----------
    scope2_all
        Scope 2 with all electricity used, ``(..., sector, scenario)`` [Mt CO2/yr].
    electricity
        Electricity used, ``(..., sector, scenario)``, any unit.
    power_emissions
        Direct emissions of power, ``(..., scenario)`` [Mt CO2/yr].
    share
        Part of the electricity that is bought, ``(sector, scenario)`` [1].

    """
    return scope2_all - (1.0 - share) * share_of_supply(xp, electricity, power_emissions)


def use_phase(xp: Any, *, rate: Array, lifetime: Array) -> Array:
    """Emissions of a unit sold in each year while it lives, ``(time, ..., scenario)`` [t CO2].

    Sales lie in the middle of the year. After the last year its rate holds on.

    Parameters
    ----------
    rate
        Emissions of a unit in use, in each year, ``(time, ..., scenario)`` [t CO2/yr].
    lifetime
        Expected life, ``(..., scenario)`` [yr]; of scenarios one where all agree.

    """
    years = len(rate)
    until = xp.cumsum(xp.concatenate([0.0 * rate[:1], rate]), axis=0)  # at each New Year
    sold = xp.arange(years).reshape(-1, *([1] * (rate.ndim - 1)))
    end = sold + 0.5 + lifetime
    within = xp.minimum(end, float(years))
    last = xp.minimum(xp.floor(within), years - 1).astype(int)
    up_to_end = xp.take_along_axis(until, last, axis=0)
    up_to_end = up_to_end + (within - last) * xp.take_along_axis(rate, last, axis=0)
    after = rate[-1] * xp.maximum(end - years, 0.0)
    return up_to_end - (until[:-1] + 0.5 * rate) + after
