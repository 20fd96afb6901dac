"""Chemicals: fleets of routes beside the plain groups whose energy they change."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import CARRIERS
from simulator.equations import activity
from simulator.equations.chemical_routes import RouteParameters
from simulator.equations.fleet_parameters import Observed
from simulator.model.assembly.fleet_reader import Reader
from simulator.model.assembly.fleets import Block, assemble_fleets
from simulator.model.assembly.groups import GroupBlock
from simulator.model.layout import Layout
from simulator.model.series import Knots, SeriesSpec, constant, later
from simulator.model.values import Values, at_end_of_history, stack

FloatArray = NDArray[np.float64]

KEPT: Final = {"electricity": "electricity", "feedstock": "feedstock"}
"""What each carrier counts as where a route keeps part of it; every other one is a fuel."""

RECYCLING: Final = "petrochemicals.plastics_recycling"
HYDROGEN: Final = CARRIERS.index("hydrogen")


class ChemicalBlock(NamedTuple):
    """The routes of chemicals ready to run."""

    fleets: Block
    """One fleet a product, with series still to be placed on the grid."""
    routes: RouteParameters


def assemble_chemicals(values: Values, layout: Layout, groups: GroupBlock) -> ChemicalBlock:
    """Fleets of routes, and what their tonnes keep of a conventional one."""
    read = Reader(values, layout)
    products = [fleet.name for fleet in layout.fleets]
    names = groups.groups.names
    output = stack(
        [values.number(f"petrochemicals.output.{name}", "Mt/yr") for name in products]
    )
    block = assemble_fleets(values, layout)
    observed = _observed(values, read, block, output)
    block = block._replace(parameters=block.parameters._replace(observed=observed))
    kept = {
        name: read.technologies(f"kept.{name}", "1", missing=1.0)
        for name in ("fuel", "electricity", "feedstock", "process")
    }
    plain: activity.GroupParameters = groups.parameters
    added = block.parameters.technique.energy[HYDROGEN].max(axis=-1, keepdims=True)
    routes = RouteParameters(
        group=np.array([names.index(name) for name in products]),
        place=np.array([[float(name == product) for product in products] for name in names]),
        base_output=output,
        kept=stack([kept[KEPT.get(carrier, "fuel")] for carrier in CARRIERS]),
        kept_process=kept["process"],
        emission_factor=plain.emission_factor[:, :, np.newaxis],
        capture_electricity=plain.capture.electricity,
        electric=np.array([[[[float(c == "electricity")]]] for c in CARRIERS]),
        uses_hydrogen=(added > 0).astype(float),
        plastics=stack(
            [values.number(f"petrochemicals.plastics.{n}", "1", 0.0) for n in products]
        ),
        recycled=later(values.series(RECYCLING, "1")),
        recycled_reference=at_end_of_history(values, RECYCLING, "1"),
        recycling_electricity=values.number("petrochemicals.recycling_electricity", "GJ/t"),
    )
    return ChemicalBlock(block, routes)


def _observed(values: Values, read: Reader, block: Block, output: FloatArray) -> Observed:
    """Capacity grows as observed output did, at target utilisation; all of it conventional."""
    wanted = block.parameters.planning.target_utilisation
    changes = [
        _changes(values, fleet.name, output[row] / wanted[row])
        for row, fleet in enumerate(read.layout.fleets)
    ]
    fleets, places = len(read.layout.fleets), read.layout.places
    shares = [(constant(float(place == 0)),) for _ in changes for place in range(places)]
    known = block.parameters.observed
    return known._replace(
        total_change=later(SeriesSpec(tuple(changes), (fleets, 1))),
        by_total=np.ones_like(known.by_total),
        addition_share=later(SeriesSpec(tuple(shares), (fleets, places))),
    )


def _changes(values: Values, product: str, capacity: FloatArray) -> tuple[Knots, ...]:
    """Yearly change of capacity, constant within each observed year and 0 outside.

    At the bound of two years capacity serves the mean of their output; the first and the last
    year go on with the change beside them.

    Parameters
    ----------
    product
        Name of the product.
    capacity
        Capacity that serves the output of the base year, (S) [Mt/yr].
    """
    found = []
    index = values.knots(f"groups.observed.{product}.activity", "1")
    for n in range(max(len(index), len(capacity))):
        years, level = index[n % len(index)]
        middle = 0.5 * (level[1:] + level[:-1])
        bounds = np.concatenate([[level[0]], middle, [level[-1]]])
        steps = np.diff(level) if len(level) > 1 else np.zeros(1)
        bounds[0] -= 0.5 * steps[0]
        bounds[-1] += 0.5 * steps[-1]
        rate = np.diff(bounds) * capacity[n % len(capacity)]
        edges = np.append(years, years[-1] + 1.0)
        found.append((np.repeat(edges, 2)[1:], np.append(np.repeat(rate, 2), 0.0)))
    return tuple(found)
