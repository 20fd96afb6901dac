r"""Which emission standard the engines in use were sold under.

A vehicle keeps the standard of its sale and leaves through the ageing chain of its fleet. Of
the classes :math:`a` with the rate of transfer :math:`\lambda`, those of a standard :math:`k`
with sales :math:`I_k` follow

.. math:: \dot x_{1,k} = I_k - \lambda x_{1,k}, \qquad
          \dot x_{a,k} = \lambda (x_{a-1,k} - x_{a,k})

which the terms of the Poisson distribution solve exactly over a year of steady sales. At the
start sales have grown at a rate :math:`g`: whoever stands in class :math:`a` has the age of a
Gamma distribution of shape :math:`a` and rate :math:`\lambda + g`. Balance: the standards add
up to the chain without early retirement, which takes no notice of standards.

Reference: Erlang chains as in :mod:`simulator.equations.fleet`.
"""

from typing import Any, NamedTuple

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


class Passage(NamedTuple):
    """What a year does to the classes of a chain."""

    moved: list[Array]
    """Part of a class that is 0, 1, ... classes on a year later, ``(...)`` each [1]."""
    entered: Array
    """Part of a year's sales that is in class a at its end, ``(a, ...)`` [1]."""


def passage(xp: Any, *, rate: Array, classes: int) -> Passage:
    """Where a year takes vehicles of each class, and those that are sold in it.

    `rate` is that of transfer [1/yr].
    """
    terms = poisson(xp, rate, classes)
    passed = [sum(terms[: place + 1]) for place in range(classes)]
    return Passage(terms, xp.stack([(1.0 - part) / rate for part in passed]))


def a_year_on(xp: Any, *, standing: Array, sold: Array, year: Passage) -> Array:
    """Vehicles by standard and class after a year, ``(standard, class, ...)``.

    Parameters
    ----------
    standing
        At the start of the year, ``(standard, class, ...)``.
    sold
        In the year, ``(standard, ...)``.
    """
    after: Array = year.entered * sold[:, xp.newaxis]
    for on, part in enumerate(year.moved):
        after[:, on:] += part * standing[:, : len(year.moved) - on]
    return after
