"""What history says of fleets: capacities, additions and output that were observed."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.equations import fleet_parameters as kernel
from simulator.model.assembly.fleet_reader import Reader
from simulator.model.series import Knots, SeriesSpec, constant, later
from simulator.model.values import Values
from simulator.reading.fleets import Fleet

FloatArray = NDArray[np.float64]


def observed_history(read: Reader) -> kernel.Observed:
    """Observed capacities, additions and output of a block, with masks of what is known."""
    layout, values = read.layout, read.values
    by_technology = np.zeros((len(layout.fleets), 1, 1))
    by_total, by_output = np.zeros_like(by_technology), np.zeros_like(by_technology)
    totals: list[tuple[Knots, ...]] = []
    for row, fleet in enumerate(layout.fleets):
        total = f"{fleet.folder}.observed.{fleet.name}.year_end_total"
        known = values.has(total)
        by_total[row] = float(known)
        totals.append(_changes(values, total) if known else (constant(0.0),))
        first = layout.technologies(fleet)[0]
        by_technology[row] = float(_has(read, fleet, "year_end_capacity", first))
        by_output[row] = float(_has(read, fleet, "output_share", first))

    def change(fleet: Fleet, technology: str) -> tuple[Knots, ...] | None:
        path = history_path(fleet, "year_end_capacity", technology)
        return _changes(values, path) if values.has(path) else None

    def share(kind: str) -> Callable[[Fleet, str], tuple[Knots, ...] | None]:
        def knots(fleet: Fleet, technology: str) -> tuple[Knots, ...] | None:
            path = history_path(fleet, kind, technology)
            return values.annual_knots(path, "1") if values.has(path) else None

        return knots

    return kernel.Observed(
        net_change=later(read.series(change)),
        by_technology=by_technology,
        total_change=later(SeriesSpec(tuple(totals), (len(layout.fleets), 1))),
        by_total=by_total * (1.0 - by_technology),
        addition_share=later(read.series(share("addition_share"))),
        output_share=later(read.series(share("output_share"))),
        by_output=by_output,
    )


def history_path(fleet: Fleet, kind: str, technology: str) -> str:
    """Path of an observed series of a technology."""
    return f"{fleet.folder}.observed.{fleet.name}.{kind}.{technology}"


def _has(read: Reader, fleet: Fleet, kind: str, technology: str) -> bool:
    return read.values.has(history_path(fleet, kind, technology))


def _changes(values: Values, path: str) -> tuple[Knots, ...]:
    """Yearly change of an observed year-end stock, constant within each year, 0 outside."""
    found = []
    for times, stock in values.knots(path, values.entries(path)[0].unit):
        ends = times + 1.0
        rate = np.diff(stock) / np.diff(ends)
        edges = np.repeat(ends, 2)[1:]
        levels = np.concatenate([np.repeat(rate, 2), [0.0]])
        found.append((edges, levels))
    return tuple(found)


def observed_growth(read: Reader, until: float) -> FloatArray:
    """Growth of observed capacity from the start to `until`, 0 where unknown, (F, T, 1)."""
    growth = np.zeros((len(read.layout.fleets), read.layout.places, 1))
    for row, place, fleet, technology in read.layout.slots():
        path = history_path(fleet, "year_end_capacity", technology)
        if read.values.has(path):
            times, stock = read.values.year_end_knots(path, read.values.entries(path)[0].unit)[
                0
            ]
            growth[row, place] = max(
                float(np.interp(until, times, stock)) - float(stock[0]), 0.0
            )
    return growth


def first_additions(read: Reader) -> FloatArray:
    """Net change of capacity in the first year, 0 where unknown, (F, T, 1)."""
    change = np.zeros((len(read.layout.fleets), read.layout.places, 1))
    for row, place, fleet, technology in read.layout.slots():
        path = history_path(fleet, "year_end_capacity", technology)
        if read.values.has(path):
            change[row, place] = _changes(read.values, path)[0][1][0]
    return change


def end_of_history(endogenous: FloatArray, end: float) -> SeriesSpec:
    """1 while observation rules, 0 afterwards or throughout an endogenous run, shape ()."""
    knots = tuple(
        (np.array([0.0, end, end]), np.array([1.0 - e, 1.0 - e, 0.0])) for e in endogenous
    )
    return SeriesSpec((knots,), ())
