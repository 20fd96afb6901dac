"""Variables of chemicals: what is made, and by which routes."""

from typing import Final

import numpy as np

from simulator.model.national import NationalModel
from simulator.model.record import Record
from simulator.results.axes import FloatArray, ratio

GREEN: Final = "green"
"""Name of the route that mandates ask for."""

DIRECT: Final = -1
"""Place of direct emissions beside the energy of a product."""


def chemical_variables(model: NationalModel, record: Record) -> dict[str, FloatArray]:
    """Output by product, the share of its green route, and what its plants emit."""
    made = record.flows.chemicals.output
    total = made.sum(axis=2)
    places = [fleet.declaration.technologies for fleet in model.chemicals.fleets]
    green = np.stack(
        [made[:, row, list(names).index(GREEN)] for row, names in enumerate(places)], axis=1
    )
    return {
        "chemical_output": total,
        "green_route_share": ratio(green, total),
        "chemical_emissions": record.flows.chemical_energy[:, DIRECT],
    }
