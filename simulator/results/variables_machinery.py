"""Variables of the makers of machines and of the heavy machines at work."""

from typing import Final

import numpy as np

from simulator.equations.heavy_machinery import class_shares
from simulator.model.record import Record
from simulator.results.axes import FloatArray, ratio

AGES: Final = 3
"""Axis of the ages of heavy machines in a record, (time, family, class, age, scenario)."""


def heavy_machinery_variables(record: Record) -> dict[str, FloatArray]:
    """Classes at work and in sales, and what they do to the energy of their users."""
    flows, means = record.flows, record.flows.means
    machines = record.after.heavy_machinery.machines
    bought = flows.heavy_machinery.additions
    whole = bought.sum(axis=2, keepdims=True)
    share = [class_shares(np, year) for year in machines]
    return {
        "heavy_machinery_class_share": np.stack(share),
        "heavy_machinery_sales_share": ratio(bought, whole + 0.0 * bought),
        "heavy_machinery_service": machines.sum(axis=(2, AGES)),
        "heavy_machinery_electricity": means.heavy_machinery_electricity,
        "heavy_machinery_diesel": means.heavy_machinery_diesel,
    }
