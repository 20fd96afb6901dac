r"""Shapley values: who has how large a part in what all achieve together.

.. math::
    \phi_i = \sum_{S \not\ni i} \frac{|S|!\,(n-|S|-1)!}{n!}
             \left[v(S \cup \{i\}) - v(S)\right]

is what player i adds, as the mean over all orders in which players can come. It is the only
division [1]_ that adds up to :math:`v(all) - v(none)`, gives nothing to who changes nothing,
the same to who does the same, and of two games added up the sum of both. Up to `EXACT` players
every coalition is asked for. Beyond, orders are drawn in pairs, each with its reverse [2]_:
along an order what players add telescopes, so that every pair, and their mean, adds up as
well; how far pairs differ gives the standard error.

A coalition is written as a whole number whose bit i says whether player i is in it.

References
----------
.. [1] L. S. Shapley: A value for n-person games. Contributions to the Theory of Games II,
       1953.
.. [2] R. Mitchell et al.: Sampling permutations for Shapley value estimation. Journal of
       Machine Learning Research 23, 2022.
"""

import math
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

EXACT: Final = 8
"""Most players whose every coalition is asked for: 256 of them."""

Worth = Callable[[Sequence[int]], FloatArray]
"""What coalitions achieve, (coalition, quantity)."""


class Division(NamedTuple):
    """The part of each player."""

    parts: FloatArray
    """(player, quantity)."""
    error: FloatArray
    """Standard errors of them, zero where every coalition was asked for, (player, quantity)."""
    coalitions: int
    """How many were asked for."""


def exact(worth: Worth, players: int) -> Division:
    """Ask for every coalition.

    Parameters
    ----------
    worth
        What coalitions achieve.
    players
        How many there are.
    """
    masks = np.arange(1 << players)
    values = worth(masks.tolist())
    sizes = np.array([int(mask).bit_count() for mask in masks])
    whole = math.factorial(players)
    weight = np.array([
        math.factorial(size) * math.factorial(players - size - 1) / whole
        for size in range(players)
    ])  # fmt: skip
    parts = np.empty((players, values.shape[1]))
    for player in range(players):
        without = masks[masks & (1 << player) == 0]
        added = values[without | (1 << player)] - values[without]
        parts[player] = weight[sizes[without]] @ added
    return Division(parts, np.zeros_like(parts), len(masks))


def sampled(worth: Worth, players: int, orders: int, seed: int) -> Division:
    """Draw orders in pairs, each with its reverse.

    Parameters
    ----------
    worth
        What coalitions achieve; each is asked for once.
    players
        How many there are.
    orders
        How many orders are drawn, an even number of at least 4.
    seed
        From which they are drawn.
    """
    generator = np.random.default_rng(seed)
    drawn = [generator.permutation(players) for _ in range(orders // 2)]
    chains = [
        np.concatenate([[0], np.cumsum(1 << order.astype(object))]).tolist()
        for first in drawn
        for order in (first, first[::-1])
    ]
    masks = sorted({mask for chain in chains for mask in chain})
    place = {mask: row for row, mask in enumerate(masks)}
    values = worth(masks)
    total = np.zeros((players, values.shape[1]))
    square = np.zeros_like(total)
    for number, first in enumerate(drawn):
        pair = np.zeros_like(total)
        for order, chain in zip((first, first[::-1]), chains[2 * number :], strict=False):
            pair[order] += 0.5 * np.diff(values[[place[mask] for mask in chain]], axis=0)
        # Welford: means and squares without the difference of large numbers
        apart = pair - total
        total += apart / (number + 1)
        square += apart * (pair - total)
    count = len(drawn)
    return Division(total, np.sqrt(square / (count - 1) / count), len(masks))


def divide(worth: Worth, players: int, orders: int, seed: int) -> Division:
    """Ask for every coalition where there are few players, else draw orders."""
    if players <= EXACT:
        return exact(worth, players)
    return sampled(worth, players, orders, seed)
