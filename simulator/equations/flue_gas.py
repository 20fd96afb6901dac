r"""Flue-gas cleaning of coal plants: what it takes, and what its limestone gives off.

Removal of sulphur, nitrogen oxides and dust takes part of the electricity that coal plants
make, and limestone that absorbs sulphur dioxide gives off carbon dioxide:

.. math::

    E = \epsilon G_c, \qquad C = \lambda G_c, \qquad
    G = \frac{(F - E)/(1 - \ell) + (1 - h) E}{1 - o + (1 - h)\,\bar\epsilon}

with coal power :math:`G_c`, gross generation :math:`G`, final use with cleaning :math:`F`, grid
losses :math:`\ell` and history :math:`h`. Cleaning draws its electricity at the plant. The rate
of own use :math:`o` holds it: observed years keep that rate, later ones give back the share
:math:`\bar\epsilon` that it assumes and take :math:`E` instead. Less coal power is then less
cleaning: a negative coupling. All arrays are (S).
"""

from typing import Any, NamedTuple

from simulator.equations.schedule import Schedule

Array = Any


class FlueGasParameters(NamedTuple):
    """What cleaning of flue gas needs to know; arrays (S) unless a shape is given."""

    electricity: Array
    """Part of the generation of coal plants that cleaning takes [1]."""
    limestone: Array
    """Carbon dioxide of limestone per generation of coal plants [t CO2/MWh]."""
    in_own_use: Schedule
    """Part of all generation that the rate of own use assumes for cleaning, () [1]."""
    following_time: Array
    """Time in which cleaning follows what coal plants make [yr]."""
    member: Array
    """1 for coal plants, (technology, 1) [1]."""


class Cleaning(NamedTuple):
    """Cleaning now; both (S)."""

    electricity: Array
    """[TWh/yr]."""
    limestone: Array
    """[Mt CO2/yr]."""


def cleaning(parameters: FlueGasParameters, coal_power: Array) -> Cleaning:
    """Electricity and carbon dioxide of cleaning; coal power is (S) [TWh/yr]."""
    return Cleaning(parameters.electricity * coal_power, parameters.limestone * coal_power)


def gross_demand(
    *,
    final: Array,
    cleaning_electricity: Array,
    grid_loss: Array,
    own_use: Array,
    in_own_use: Array,
    history: Array,
) -> Array:
    """Gross generation that final use needs, (S) [TWh/yr].

    Parameters
    ----------
    final, cleaning_electricity
        Final electricity with cleaning, and that of cleaning alone [TWh/yr].
    grid_loss, own_use, in_own_use
        Shares lost in lines and transformers, used by plants, and of that assumed for
        cleaning [1].
    history
        1 where observation rules [1].

    """
    modelled = 1.0 - history
    bought = (final - cleaning_electricity) / (1.0 - grid_loss)
    needed: Array = bought + modelled * cleaning_electricity
    gross: Array = needed / (1.0 - own_use + modelled * in_own_use)
    return gross
