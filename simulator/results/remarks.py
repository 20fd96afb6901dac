"""What a reader of a run should know: demand, orders and mandates that were not filled."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import xarray as xr

from simulator.dimensions import SECTORS
from simulator.model.balances import unfilled, unmet
from simulator.model.layout import CHEMICALS, FLEETS, Layout
from simulator.model.record import Record
from simulator.results.mandates import unfilled_mandates
from simulator.results.quantities import label
from simulator.results.wording import number

WORTH_A_REMARK: Final = 1e-3
"""Unmet share of demand from which a reader should know of it [1]."""

UNFILLED: Final = 0.05
"""Unmet share of a fleet's orders from which a reader should know of it [1]."""


class Remark(NamedTuple):
    """A sentence in both languages."""

    en: str
    zh: str


def remarks(layouts: Sequence[Layout], record: Record, run: xr.Dataset) -> list[Remark]:
    """Everything of a run that a reader should know.

    Parameters
    ----------
    layouts
        Of the fleets and of the routes of chemicals.
    record
        The years of one scenario.
    run
        Its variables.
    """
    chinese = {
        fleet.name: fleet.declaration.label.zh for layout in layouts for fleet in layout.fleets
    }
    chinese |= {name: label("sector", name, "zh") for name in SECTORS if name not in chinese}
    found = [
        Remark(
            f"{share:.1%} of the demand on {fleet} found no plant in the worst year",
            f"{chinese[fleet]}最差年份有{share:.1%}的需求未能满足",
        )
        for fleet, share in unmet(record).items()
        if share > WORTH_A_REMARK
    ]
    names = (*FLEETS, *CHEMICALS)
    orders = zip(names, unfilled(record).max(axis=(0, 2)).tolist(), strict=True)
    found += [
        Remark(
            f"{share:.1%} of the orders of {fleet} found nothing to buy in the worst year",
            f"{chinese[fleet]}最差年份有{share:.1%}的订单无技术可选",
        )
        for fleet, share in orders
        if share > UNFILLED
    ]
    for item in unfilled_mandates(run):
        unit = "" if item.unit == "1" else f" {item.unit}"
        asked, reached = (number(part, item.unit) + unit for part in (item.asked, item.reached))
        en = f"{item.en}: policy asks for {asked} in {item.year}, the run reaches {reached}"
        zh = f"{item.zh}：政策要求{item.year}年达到{asked}，模拟仅{reached}"
        found.append(Remark(en, zh))
    return found
