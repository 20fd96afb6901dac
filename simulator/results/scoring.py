"""The scoreboard of a run by the roadmap that it names itself."""

import xarray as xr

from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.milestones import MilestoneResult, milestones
from simulator.schema.roadmap import Roadmap


def score(dataset: xr.Dataset, roadmap: str | Roadmap | None = None) -> list[MilestoneResult]:
    """Judge one run.

    Parameters
    ----------
    dataset
        Results of one scenario.
    roadmap
        A roadmap or its name; that of the scenario unless given.
    """
    chosen = about(dataset).roadmap if roadmap is None else roadmap
    return milestones(dataset, load_roadmap(chosen) if isinstance(chosen, str) else chosen)
