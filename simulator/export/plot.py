"""Every figure under one name, ``simulator.plot``: results in, a matplotlib figure out.

    figure = st.plot.fleet(ds, "automotive")
    st.plot.save(figure, Path("cars.png"))

A figure of one run takes the data set of one scenario; `pathways`, `scoreboards` and
`between` take a data set with a ``scenario`` dimension, as `simulator.compare` returns it.
"""

import xarray as xr
from matplotlib.figure import Figure

from simulator.errors import ScenarioError
from simulator.export.comparison import Contest, compared
from simulator.export.figures import emissions, pathway, power, save
from simulator.export.figures_fleets import efficiency, fleet, machines, motors, technology
from simulator.export.figures_use import costs, electrification, materials
from simulator.export.flows import energy_flows
from simulator.export.published import published as draw_published
from simulator.export.scoreboard import scoreboard
from simulator.export.waterfall import waterfall
from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.joined import split
from simulator.results.milestones import milestones
from simulator.results.published import Overlay
from simulator.results.quantities import Language

__all__ = [
    "between",
    "costs",
    "efficiency",
    "electrification",
    "emissions",
    "energy_flows",
    "fleet",
    "machines",
    "materials",
    "motors",
    "pathway",
    "pathways",
    "power",
    "published",
    "save",
    "scoreboards",
    "technology",
    "waterfall",
]


def pathways(
    dataset: xr.Dataset, language: Language = "en", overlay: Overlay | None = None
) -> Figure:
    """Net CO2 of several scenarios with stages and the milestones that each meets [Mt].

    `overlay`, as `simulator.overlay` returns it, adds what others published.
    """
    contest = _contest(dataset)
    first = next(iter(contest.runs.values()))
    roadmap = load_roadmap(about(first).roadmap)
    return compared(contest, language, roadmap=roadmap, overlay=overlay)


def published(dataset: xr.Dataset, overlay: Overlay, language: Language = "en") -> Figure:
    """Draw what others published and our scenarios, a panel a variable."""
    return draw_published(split(dataset), overlay, language)


def scoreboards(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Milestones down, scenarios across: met or missed, and by how much."""
    contest = _contest(dataset)
    who = {name: about(run) for name, run in contest.runs.items()}
    names = {name: (one.label_en, one.label_zh) for name, one in who.items()}
    first, *others = who.values()
    return scoreboard(first, contest.boards, language, names, others)


def between(
    dataset: xr.Dataset,
    first: str,
    second: str,
    year: int | None = None,
    language: Language = "en",
) -> Figure:
    """Net CO2 of two scenarios in a year, and what each group of sectors changes [Mt].

    Raises
    ------
    ScenarioError
        The data set does not hold one of them.
    """
    runs = split(dataset)
    if missing := [name for name in (first, second) if name not in runs]:
        message = f"no scenario {' and '.join(missing)}; there are {', '.join(runs)}"
        raise ScenarioError(message)
    return waterfall(runs[first], runs[second], year, language)


def _contest(dataset: xr.Dataset) -> Contest:
    """Take a data set apart and judge every run by its roadmap."""
    runs = split(dataset)
    boards = {
        name: milestones(run, load_roadmap(about(run).roadmap)) for name, run in runs.items()
    }
    return Contest(runs, boards)
