r"""Learning by doing: capital cost falls with cumulative installations towards a floor.

.. math:: \kappa = \kappa_{fl} + (\kappa_0 - \kappa_{fl}) (E / E_0)^{-b}, \quad
          b = -\ln(1 - LR) / \ln 2

Experience :math:`E` counts domestic additions and, with a spill-over, those of the rest of the
world, which are taken as a ratio of the domestic ones (Energy Policy Simulator, endogenous
learning; floors as in REMIND).
"""

from typing import Any

Array = Any


def learning_exponent(xp: Any, learning_rate: Array) -> Array:
    """Exponent b of the experience curve for a cost cut of `learning_rate` per doubling [1]."""
    return -xp.log(1.0 - learning_rate) / xp.log(xp.asarray(2.0))


def capital_cost(
    xp: Any,
    *,
    reference_cost: Array,
    cost_floor: Array,
    experience: Array,
    reference_experience: Array,
    exponent: Array,
) -> Array:
    """Capital cost after learning, shape of the inputs [CNY per unit of capacity].

    Experience below the reference does not raise the cost above twice the reference: the curve
    is not used backwards beyond one doubling.
    """
    ratio = xp.maximum(experience / reference_experience, 0.5)
    return cost_floor + (reference_cost - cost_floor) * ratio ** (-exponent)


def learned_capital(xp: Any, economics: Any, experience: Array) -> Array:
    """Capital cost of a block of fleets, (F, T, S) [CNY per unit of capacity].

    Parameters
    ----------
    xp
        Array namespace.
    economics
        Costs and learning of the block: ``FleetParameters.economics``.
    experience
        Experience of each technology, (F, T, S); technologies of one pool learn together.
    """
    pooled = xp.sum(economics.pooling[..., xp.newaxis] * experience[:, xp.newaxis], axis=2)
    return capital_cost(
        xp,
        reference_cost=economics.capital,
        cost_floor=economics.capital_floor,
        experience=pooled,
        reference_experience=economics.reference_experience,
        exponent=economics.learning_exponent,
    )


def experience_change(*, additions: Array, spill_over: Array) -> Array:
    """Growth of experience with domestic additions and the spill-over ratio [unit/yr]."""
    return additions * (1.0 + spill_over)
