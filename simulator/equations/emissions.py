r"""Scopes: who causes the emissions of electricity, heat and hydrogen.

.. math:: S2_s = E_s \frac{S1_{power}}{\sum E} + H_s \frac{S1_{heat}}{\sum H}
                 + Y_s \frac{S1_{hydrogen}}{\sum Y}

Factors are consumption based, so that scope 2 over all sectors is exactly what supply emits.
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
