r"""Hot working of machine makers: casting, forging and heat treatment.

Efficient furnaces spread among the makers as they see them at work, and faster where a
standard asks for them:

.. math:: \dot H = (1 - H)(r H + \epsilon f)

which without a standard is the logistic curve, and with one never passes the whole. Hot
working takes, relative to the end of history,

.. math:: \frac{(1 - s H) \sum_i w_i \phi_i}{(1 - s H_h) \sum_i w_i \phi_{i,h}}

with the stages' shares :math:`w_i` and energy per tonne :math:`\phi_i`. Where output grows by
the part :math:`g` a year, energy stays level if its use per output falls by
:math:`d = g / (1 + g)`, because :math:`(1 + g)(1 - d) = 1` [1]_.

Balance: the energy of the stages is that of hot working. Arrays end with the scenario.

References
----------
.. [1] Opportunities and challenges for the machinery industry under carbon peak and
   neutrality (2023), sections 1.1, 1.3, 2.3 and 3.2.
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class HotWorkingParameters(NamedTuple):
    """What hot working depends on."""

    growth: Array
    """Spread of efficient furnaces among those who see them, ``(S)`` [1/yr]."""
    standard: Schedule
    """Least share of efficient products that policy asks for, ``()`` [1]."""
    standard_effect: Array
    """Furnaces replaced in a year where the standard asks for all, ``(S)`` [1/yr]."""
    saving: Array
    """Energy that efficient furnaces save, ``(S)`` [1]."""
    share: Array
    """Part of hot working in the energy of making machines, ``(S)`` [1]."""
    stage_share: Array
    """Parts of casting, forging and heat treatment in it in 2020, ``(stage, S)`` [1]."""
    stage_intensity: Schedule
    """Energy per tonne relative to 2020, ``(stage)`` [1]."""
    last_intensity: Array
    """The same at the end of history, ``(stage, S)`` [1]."""
    maker: Array
    """1 for the plain group that makes machines, ``(G, 1)`` [1]."""
    heat_share: Array
    """Part of machine makers in the heat of each heat fleet, ``(fleet, S)`` [1]."""


class HotWorkingState(NamedTuple):
    """Efficient furnaces, or their rate of change."""

    efficient: Array
    """Share of furnaces, ``(S)`` [1]."""
    reference: Array
    """That share at the end of history, ``(S)`` [1]."""


def adoption(p: HotWorkingParameters, clock: Clock, efficient: Array) -> Array:
    """Furnaces that become efficient, ``(S)`` [1/yr]."""
    pushed = p.standard_effect * at(p.standard, clock)
    change: Array = (1.0 - efficient) * (p.growth * efficient + pushed)
    return change


def relative_energy(
    xp: Any,
    p: HotWorkingParameters,
    clock: Clock,
    state: HotWorkingState,
    projected: Array,
) -> Array:
    """Energy of making machines relative to the end of history, ``(S)`` [1].

    `projected` is 0 before that moment: what is observed holds the furnaces of its time.
    """
    now = xp.sum(p.stage_share * at(p.stage_intensity, clock), axis=0)
    then = xp.sum(p.stage_share * p.last_intensity, axis=0)
    furnaces = (1.0 - p.saving * state.efficient) / (1.0 - p.saving * state.reference)
    return 1.0 + projected * p.share * (furnaces * now / then - 1.0)


def stage_energy(*, energy: Array, share: Array, hot: Array, weight: Array) -> Array:
    """Energy of the stages of hot working, ``(stage, ...)``, unit of `energy`.

    Parameters
    ----------
    energy
        Energy of making machines, ``(...)``.
    share
        Part of hot working in it at the end of history, ``(...)`` [1].
    hot
        Energy of making machines relative to the end of history, ``(...)`` [1].
    weight
        Stages' shares times their energy per tonne, ``(stage, ...)`` [1].

    """
    other = (1.0 - share) / hot
    found: Array = energy * (1.0 - other) * weight / weight.sum(axis=0)
    return found


def plateau_cut(growth: Array) -> Array:
    """Fall of energy per output that holds energy level, from the growth of output, [1]."""
    return growth / (1.0 + growth)
