"""Every figure under one name, ``simulator.plot``: results in, a matplotlib figure out.

    figure = st.plot.fleet(ds, "automotive")
    st.plot.save(figure, Path("cars.png"))

Each takes the data set of one scenario or, as `simulator.compare` returns it, of several with a
``scenario`` dimension, which it draws beside each other on one scale. `pathways`, `scoreboards`
and `between` are about several; `tornado` and `over_time` show a sensitivity study, `wedges`
and `policy_steps` an attribution.
"""

from collections.abc import Callable, Sequence

import xarray as xr
from matplotlib.figure import Figure

from simulator.errors import ScenarioError
from simulator.export import figures, figures_beside, figures_use, flows
from simulator.export import figures_fleets as fleets
from simulator.export import figures_fleets_beside as fleets_beside
from simulator.export.comparison import Contest, compared
from simulator.export.figures import Observed, save
from simulator.export.published import published as draw_published
from simulator.export.scoreboard import scoreboard
from simulator.export.sensitivity import over_time, tornado
from simulator.export.waterfall import waterfall
from simulator.export.wedges import policy_steps, wedges
from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.joined import split
from simulator.results.milestones import MilestoneResult, milestones
from simulator.results.published import Overlay
from simulator.results.quantities import Language
from simulator.schema.roadmap import Roadmap

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
    "over_time",
    "pathway",
    "pathways",
    "policy_steps",
    "power",
    "published",
    "save",
    "scoreboards",
    "technology",
    "tornado",
    "waterfall",
    "wedges",
]


def emissions(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """CO2 by sector, stacked, with the net line and the sinks below zero [Mt]."""
    return _drawn(dataset, figures.emissions, figures_beside.emissions, language)


def pathway(
    dataset: xr.Dataset,
    language: Language = "en",
    *,
    observed: Observed | None = None,
    roadmap: Roadmap | None = None,
    scoreboard: Sequence[MilestoneResult] = (),
) -> Figure:
    """Gross and net CO2 with stage windows and milestones [Mt]; of several the net alone.

    Without a roadmap the one that the run names is drawn and judged.
    """
    if _several(dataset):
        return pathways(dataset, language)
    if roadmap is None:
        roadmap = load_roadmap(about(dataset).roadmap)
        scoreboard = milestones(dataset, roadmap)
    return figures.pathway(
        dataset, language, observed=observed, roadmap=roadmap, scoreboard=scoreboard
    )


def power(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Electricity by plant type [TWh] and the carbon intensity of the grid [g/kWh]."""
    return _drawn(dataset, figures.power, figures_beside.power, language)


def technology(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Shares of steel routes in capacity and of drives in the cars on the road [%]."""
    return _drawn(dataset, fleets.technology, fleets_beside.technology, language)


def fleet(dataset: xr.Dataset, sector: str, language: Language = "en") -> Figure:
    """Mix of technologies of every fleet of a sector, in capacity [%].

    Raises
    ------
    ScenarioError
        The sector has no fleet; the message names those that have.
    """
    return _drawn(dataset, fleets.fleet, fleets_beside.fleet, sector, language)


def motors(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Efficiency classes of the motors in use [%]."""
    return _drawn(dataset, fleets.motors, fleets_beside.motors, language)


def efficiency(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Efficiency classes of motors and transformers in use [%]."""
    return _drawn(dataset, fleets.efficiency, fleets_beside.efficiency, language)


def machines(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Construction machinery by powertrain [million] and what its engines emit [kt]."""
    return _drawn(dataset, fleets.machines, fleets_beside.machines, language)


def electrification(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Share of electricity in the final energy of every sector [%]."""
    one, beside = figures_use.electrification, figures_beside.electrification
    return _drawn(dataset, one, beside, language)


def materials(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """Material in use [Gt] and the scrap that it gives and that is used [Mt]."""
    return _drawn(dataset, figures_use.materials, figures_beside.materials, language)


def costs(dataset: xr.Dataset, language: Language = "en") -> Figure:
    """What the system costs a year, by part [bn CNY of 2020]."""
    return _drawn(dataset, figures_use.costs, figures_beside.costs, language)


def energy_flows(
    dataset: xr.Dataset, year: int | None = None, language: Language = "en"
) -> Figure:
    """Final energy from carriers to users in a year, widths in proportion [EJ]."""
    return _drawn(dataset, flows.energy_flows, figures_beside.energy_flows, year, language)


def _drawn(
    dataset: xr.Dataset,
    one: Callable[..., Figure],
    beside: Callable[..., Figure],
    *chosen: object,
) -> Figure:
    """Draw one scenario, or several beside each other."""
    if _several(dataset):
        return beside(split(dataset), *chosen)
    return one(dataset, *chosen)


def _several(dataset: xr.Dataset) -> bool:
    """Whether a data set holds more than one scenario."""
    return bool(dataset.sizes.get("scenario", 1) > 1)


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
