"""The ledger: conservation laws, evaluated on what a run reports, and what stayed unserved."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.errors import BalanceError
from simulator.model.laws import Law, laws
from simulator.model.national import NationalModel
from simulator.model.record import Record

FloatArray = NDArray[np.float64]

TOLERANCE: Final = 1e-6
"""Largest gap relative to the turnover of its balance [1]."""

NOTHING: Final = 1e-12

LEAST: Final = 1e-6
"""Turnover under which a balance is measured against this: a tonne, a vehicle, a MWh [unit]."""


class Residual(NamedTuple):
    """The largest gap of one law."""

    law: str
    year: int
    where: str
    """Sector, fleet, technology or material; empty for the country."""
    gap: float
    """In the unit of the law: Mt, PJ, TWh, or the unit of the fleet."""
    relative: float
    """Relative to the turnover [1]."""

    def __str__(self) -> str:
        """Write a sentence."""
        place = f" of {self.where}" if self.where else ""
        return (
            f'the balance "{self.law}"{place} does not close in {self.year}:'
            f" the gap is {self.gap:.6g}, {self.relative:.2g} of its turnover"
        )


Ledger = Mapping[str, Residual]


def ledger(model: NationalModel, record: Record) -> Ledger:
    """Evaluate every law on a record; the largest gap of each, by name."""
    found: dict[str, Residual] = {}
    for law in laws(model, record):
        worst = _worst(law, record)
        known = found.get(law.name)
        if known is None or worst.relative > known.relative:
            found[law.name] = worst
    return found


def check(found: Ledger, tolerance: float = TOLERANCE) -> None:
    """Raise where a law does not close.

    Raises
    ------
    BalanceError
        Names every broken law with its worst year, its place and its gap.

    """
    broken = [item for item in found.values() if not item.relative <= tolerance]
    if broken:
        raise BalanceError("; ".join(str(item) for item in broken))


def broken(
    model: NationalModel, record: Record, tolerance: float = TOLERANCE
) -> dict[int, str]:
    """Scenarios in which a law does not close, each with the first such law."""
    found: dict[int, str] = {}
    for law in laws(model, record):
        closes = np.abs(law.gap) <= tolerance * np.maximum(law.turnover, LEAST)
        if closes.all():
            continue
        _, relative = _gaps(law)
        inner = tuple(range(closes.ndim - 1))
        for scenario in np.flatnonzero(~closes.all(axis=inner)):
            place = relative[..., scenario]
            year = record.years[np.unravel_index(int(np.argmax(place)), place.shape)[0]]
            text = f'the balance "{law.name}" does not close in {year}'
            found.setdefault(int(scenario), text)
    return found


def _gaps(law: Law) -> tuple[FloatArray, FloatArray]:
    """Gaps of a law, and gaps relative to the turnover, (time, ..., scenario)."""
    gap = np.broadcast_to(law.gap, np.broadcast_shapes(law.gap.shape, law.turnover.shape))
    relative = np.abs(gap) / np.maximum(law.turnover, LEAST)
    return gap, np.where(np.isfinite(gap), relative, np.inf)


def _worst(law: Law, record: Record) -> Residual:
    gap, relative = _gaps(law)
    place = np.unravel_index(int(np.argmax(relative)), relative.shape)
    names = [axis[int(n)] for axis, n in zip(law.axes, place[1:-1], strict=True)]
    return Residual(
        law=law.name,
        year=int(record.years[place[0]]),
        where=", ".join(names),
        gap=float(gap[place]),
        relative=float(relative[place]),
    )


class Wanted(NamedTuple):
    """What was asked for, and the part of it that nobody could give."""

    missing: FloatArray
    """(time, F + P, scenario), chemicals after the other fleets [unit of the fleet]."""
    asked: FloatArray
    """Same shape."""

    @property
    def share(self) -> FloatArray:
        """Part that is missing, same shape [1]."""
        return np.asarray(self.missing / np.maximum(self.asked, NOTHING))


def orders(record: Record) -> Wanted:
    """Orders of each fleet, and those that found no technology.

    Bans, mandates and ramps can leave nothing to buy. What is observed was bought.
    """
    flows = record.flows
    added = [flows.fleets.additions.sum(axis=2), flows.chemicals.additions.sum(axis=2)]
    missing = np.concatenate([flows.unmet_orders, flows.chemical_orders_unmet], axis=1)
    asked = np.concatenate(added, axis=1) + missing
    decided = (record.years >= HISTORY_END)[:, np.newaxis, np.newaxis]
    return Wanted(np.where(decided & (asked > LEAST), missing, 0.0), asked)


def demand(record: Record) -> Wanted:
    """Demand on each fleet that has one, and what no plant served."""
    flows = record.flows
    missing = np.concatenate([flows.unmet, flows.chemicals_unmet], axis=1)
    plants = flows.fleets.output.sum(axis=2)[:, : flows.unmet.shape[1]]
    made = np.concatenate([plants, flows.chemicals.output.sum(axis=2)], axis=1)
    return Wanted(missing, made + missing)


def electricity(record: Record) -> Wanted:
    """Electricity asked for and not generated, (time, 1, scenario) [TWh]."""
    grid = record.flows.power
    missing = grid.unmet[:, np.newaxis]
    return Wanted(missing, grid.gross[:, np.newaxis] + missing)
