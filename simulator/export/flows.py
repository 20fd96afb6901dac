"""Figures of what goes where: final energy of a year, and what sectors change between runs."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from simulator.errors import ScenarioError
from simulator.export.canvas import Sheet, sheet, title
from simulator.export.palette import CARRIER_BANDS, SECTOR_BANDS, Band
from simulator.results.about import about
from simulator.results.headline import electrified_share, one_run
from simulator.results.quantities import Language

EXAJOULE: Final = 1000.0
"""Petajoules in one [PJ]."""


class Flows(NamedTuple):
    """Final energy from carriers to groups of sectors in one year."""

    carriers: tuple[Band, ...]
    users: tuple[Band, ...]
    table: NDArray[np.float64]
    """What each user takes of each carrier, (carrier, user) [EJ]."""


def final_energy(dataset: xr.Dataset, year: int) -> Flows:
    """Sum final energy by carrier and user; what is not used is left out."""
    run = one_run(dataset)
    if year not in run["time"].values:
        first, last = (int(end) for end in run["time"].values[[0, -1]])
        message = f"the run has no year {year}: choose one from {first} to {last}"
        raise ScenarioError(message)
    used = run["final_energy"].sel(time=year).transpose("carrier", "sector")
    values = np.nan_to_num(used.values.astype(float)) / EXAJOULE
    carriers = [str(name) for name in used["carrier"].values]
    sectors = [str(name) for name in used["sector"].values]
    rows = _member(CARRIER_BANDS, carriers)
    columns = _member(SECTOR_BANDS, sectors)
    table = rows @ values @ columns.T
    keep = [place for place in range(len(CARRIER_BANDS)) if table[place].sum() > 0.0]
    take = [place for place in range(len(SECTOR_BANDS)) if table[:, place].sum() > 0.0]
    return Flows(
        tuple(CARRIER_BANDS[place] for place in keep),
        tuple(SECTOR_BANDS[place] for place in take),
        table[np.ix_(keep, take)],
    )


def _member(bands: Sequence[Band], names: Sequence[str]) -> NDArray[np.float64]:
    """Which names each band has, (band, name)."""
    return np.array([[float(name in band.members) for name in names] for band in bands])


def energy_flows(
    dataset: xr.Dataset, year: int | None = None, language: Language = "en"
) -> Figure:
    """Final energy from carriers to users in a year, widths in proportion [EJ]."""
    who = about(dataset)
    chosen = year or int(dataset["time"].values[-1])
    flows = final_energy(dataset, chosen)
    total = float(flows.table.sum())
    with sheet(who, language, height=4.8) as paper:
        where = paper.figure.add_axes((0.2, 0.06, 0.55, 0.8))
        draw_flows(paper, where, flows)
        run = one_run(dataset)
        share = 100.0 * float(electrified_share(run)[run["time"].values == chosen][0])
        finding = (
            f"electricity is {share:.0f} % of final energy but for feedstock in {chosen};"
            f" all flows are {total:.0f} EJ"
        )
        finding_zh = (
            f"{chosen}年电力占终端能源（不含原料用能）的{share:.0f}%，各项合计{total:.0f}艾焦"
        )
        title(paper, who, finding, finding_zh)
        return paper.figure


def draw_flows(paper: Sheet, where: Axes, flows: Flows) -> None:
    """Draw nodes at both sides and the flows between them."""
    gap = 0.025 * float(flows.table.sum())
    where.set_axis_off()
    where.set_xlim(0, 1)
    left = _places(flows.table.sum(axis=1), gap)
    right = _places(flows.table.sum(axis=0), gap)
    where.set_ylim(max(left[-1], right[-1]) + gap, -gap)
    starts, ends = list(left[:-1]), list(right[:-1])
    for row, carrier in enumerate(flows.carriers):
        for column in range(len(flows.users)):
            width = float(flows.table[row, column])
            if width > 0.0:
                _ribbon(where, starts[row], ends[column], width, carrier.colour)
                starts[row] += width
                ends[column] += width
    _nodes(paper, where, flows.carriers, flows.table.sum(axis=1), left, at_left=True)
    _nodes(paper, where, flows.users, flows.table.sum(axis=0), right, at_left=False)


def _places(sizes: NDArray[np.float64], gap: float) -> NDArray[np.float64]:
    """Where each node begins, and the end of the last one."""
    return np.concatenate([[0.0], np.cumsum(sizes + gap)])


def _ribbon(where: Axes, start: float, end: float, width: float, colour: str) -> None:
    """Draw a flow from the left to the right."""
    corners = [
        (0.02, start), (0.5, start), (0.5, end), (0.98, end),
        (0.98, end + width), (0.5, end + width), (0.5, start + width), (0.02, start + width),
        (0.02, start),
    ]  # fmt: skip
    codes = [
        Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY,
    ]  # fmt: skip
    where.add_patch(PathPatch(Path(corners, codes), facecolor=colour, alpha=0.55, linewidth=0))


def _nodes(
    paper: Sheet,
    where: Axes,
    bands: Sequence[Band],
    sizes: NDArray[np.float64],
    places: NDArray[np.float64],
    *,
    at_left: bool,
) -> None:
    """Draw the nodes of one side with names and sizes."""
    tall = 72.0 * where.get_position().height * paper.figure.get_figheight()
    step = 10.0 / tall * abs(where.get_ylim()[0] - where.get_ylim()[1])
    before = -np.inf
    for band, size, place in zip(bands, sizes, places[:-1], strict=True):
        where.add_patch(
            Rectangle((0.0 if at_left else 0.98, place), 0.02, size, color=band.colour)
        )
        middle = max(place + size / 2, before + step)
        before = middle
        text = paper.say(f"{band.en}  {size:,.1f} EJ", f"{band.zh}  {size:,.1f} 艾焦")
        where.text(
            -0.015 if at_left else 1.015, middle, text, size=8, va="center",
            ha="right" if at_left else "left",
        )  # fmt: skip
