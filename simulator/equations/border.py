r"""Carbon charged at a foreign border, and the exports that it costs.

Steel and aluminium sold to the European Union pay for the emissions that its own makers would
pay for, at its price less what was paid at home:

.. math::

    m = \max(0, e\,q - b\,(1 - \phi)) \max(0, P_{EU} - d\,P), \qquad
    \dot X = \left(X_0 (1 + m / v)^{-\eta} - X\right) / \tau

with emissions :math:`e` per tonne, the part :math:`q` in scope, the benchmark :math:`b` given
free while the charge is phased in by :math:`\phi`, value :math:`v` and elasticity :math:`\eta`.
Exports are a stock, so that no charge needs the output of the same day. What is no longer sold
is not made: demand falls by it, as far as there are net exports to lose.

Reference: Regulation (EU) 2023/956, articles 9, 21 and 31. The scenario axis is last.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class BorderParameters(NamedTuple):
    """Rules of the charge and answer of trade; rows are steel and aluminium."""

    price: Schedule
    """Carbon price abroad, () [CNY/t CO2]."""
    begun: Schedule
    """1 once the charge is paid, () [1]."""
    phase: Schedule
    """Share of free allocation abroad that has ended, () [1]."""
    deducted: Array
    """Share of the price paid at home that is deducted, (S) [1]."""
    scope: Array
    """Part of a sector's direct emissions that is charged, (2, S) [1]."""
    benchmark: Array
    """Free allocation abroad before the phase-in, (2, S) [t CO2/t]."""
    exports: Array
    """Exports without a charge, (2, S) [Mt/yr]."""
    value: Array
    """Value of exports, (2, S) [CNY/t]."""
    elasticity: Array
    """Answer of exports to their price, positive, (S) [1]."""
    response_time: Array
    """Time in which trade answers, (S) [yr]."""


class Border(NamedTuple):
    """Trade at one moment, (2, S)."""

    charge: Array
    """Charge on a tonne [CNY/t]."""
    paid: Array
    """Payments at the border [million CNY/yr]."""
    change: Array
    """Change of exports [Mt/yr per yr]."""


def border(
    xp: Any,
    p: BorderParameters,
    clock: Clock,
    *,
    exports: Array,
    emissions: Array,
    output: Array,
    paid_at_home: Array,
) -> Border:
    """Charge per tonne, what is paid, and how exports answer.

    Parameters
    ----------
    exports
        Exports to the European Union, (2, S) [Mt/yr].
    emissions
        Direct emissions of the makers, (2, S) [Mt CO2/yr].
    output
        What they make, (2, S) [Mt/yr].
    paid_at_home
        Carbon price paid on their emissions, net of free allocation, (2, S) [CNY/t CO2].

    """
    intensity = emissions / xp.maximum(output, 1e-6)
    given = p.benchmark * (1.0 - at(p.phase, clock))
    charged = xp.maximum(intensity * p.scope - given, 0.0)
    difference = xp.maximum(at(p.price, clock) - p.deducted * paid_at_home, 0.0)
    charge = at(p.begun, clock) * charged * difference
    wanted = p.exports * xp.power(1.0 + charge / p.value, -p.elasticity)
    return Border(charge, exports * charge, (wanted - exports) / p.response_time)


def lost_exports(xp: Any, p: BorderParameters, *, exports: Array, net_export: Array) -> Array:
    """Net exports that the charge has cost, at most all of them, (2, S) [Mt/yr]."""
    return xp.clip(p.exports - exports, 0.0, xp.maximum(net_export, 0.0))
