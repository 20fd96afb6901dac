r"""Which emission standard the engines in use were sold under.

A vehicle keeps the standard of its sale and leaves through the ageing chain of its fleet. Of
the classes :math:`a` with the rate of transfer :math:`\lambda`, those of a standard :math:`k`
with sales :math:`I_k` follow

.. math:: \dot x_{1,k} = I_k - \lambda x_{1,k}, \qquad
          \dot x_{a,k} = \lambda (x_{a-1,k} - x_{a,k})

with sales that are steady over each year. Of class :math:`a` of :math:`A` classes those stand
:math:`n` years on that have moved less than :math:`A - a + 1` times, and of the sales of a year
at the end of the :math:`k`-th year after it

.. math:: \int_k^{k+1} \sum_{i<A} e^{-\lambda u} \frac{(\lambda u)^i}{i!} \, du .

At the start sales have grown at a rate :math:`g`: whoever stands in class :math:`a` has the age
of a Gamma distribution of shape :math:`a` and rate :math:`\lambda + g`. Balance: the standards
add up to the chain without early retirement, which takes no notice of standards.

Reference: Erlang chains as in :mod:`simulator.equations.fleet`.
"""

from typing import Any

Array = Any


def poisson(xp: Any, rate: Array, number: int) -> list[Array]:
    """Chance of 0, 1, ... events at a mean `rate`, as many as `number` [1]."""
    terms = [xp.exp(-rate)]
    for count in range(1, number):
        terms.append(terms[-1] * rate / count)
    return terms


def older_than(xp: Any, age: float, *, rate: Array, classes: int) -> Array:
    """Part of each class that is older than `age` [yr], ``(class, ...)`` [1].

    `rate` is that of transfer and of past growth together [1/yr].
    """
    terms = poisson(xp, rate * age, classes)
    return xp.stack([sum(terms[: place + 1]) for place in range(classes)])


def at_start(xp: Any, *, standing: Array, rate: Array, begun: tuple[float, ...]) -> Array:
    """Vehicles in each class by standard, ``(standard, class, ...)``.

    Parameters
    ----------
    standing
        Vehicles in each class, ``(class, ...)``.
    rate
        Of transfer and of past growth together [1/yr].
    begun
        How long ago each standard but the first began, old ones first; 0 where it has not [yr].
    """
    classes = len(standing)
    none = 0.0 * standing
    sold_before = [none + older_than(xp, age, rate=rate, classes=classes) for age in begun]
    part: Array = xp.stack([*sold_before, none + 1.0]) - xp.stack([none, *sold_before])
    return standing * part


def at_ends(xp: Any, *, standing: Array, sold: Array, rate: Array) -> Array:
    """Vehicles by standard at the end of each year, ``(year, standard, ...)``.

    Parameters
    ----------
    standing
        At the start of the first year, ``(standard, class, ...)``.
    sold
        In each year, steadily, ``(year, standard, ...)``.
    rate
        Of transfer [1/yr].
    """
    classes, years = standing.shape[1], len(sold)
    on = xp.arange(years + 1.0).reshape(-1, *[1] * rate.ndim)
    passed = xp.cumsum(xp.stack(poisson(xp, rate * on, classes)), axis=0)
    after = passed[:, 1:]
    found = sum(
        after[classes - 1 - place, :, xp.newaxis] * standing[:, place]
        for place in range(classes)
    )
    # of what is sold in a unit of time so much stands after 0, 1, ... years
    kept = xp.sum(1.0 - passed, axis=0) / rate
    left = kept[1:] - kept[:-1]
    result: Array = found + 0.0 * sold
    for lag in range(years):
        result[lag:] += left[lag] * sold[: years - lag]
    return result
