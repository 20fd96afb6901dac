"""What a reader of a run should know: demand, orders and mandates that were not filled."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import xarray as xr

from simulator.model.balances import Wanted, demand, electricity, orders
from simulator.model.layout import CHEMICALS, FLEETS, Layout
from simulator.model.record import Record
from simulator.results.mandates import unfilled_mandates
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
    declared = {fleet.name: fleet.declaration for one in layouts for fleet in one.fleets}
    served = (*FLEETS[: record.flows.unmet.shape[1]], *CHEMICALS)
    unserved = _worst(record, demand(record), WORTH_A_REMARK)
    unsold = _worst(record, orders(record), UNFILLED)
    found = []
    for place, (year, missing, asked) in unserved.items():
        of = declared[served[place]]
        what = f"{missing} of {asked} {of.unit}"
        en = f"{of.label.en}: {what} of demand in {year} found no plant"
        zh = f"{of.label.zh}：{year}年需求{asked} {of.unit}中有{missing}未能满足"
        found.append(Remark(en, zh))
    for year, missing, asked in _worst(record, electricity(record), WORTH_A_REMARK).values():
        en = f"Electricity: {missing} of {asked} TWh asked for in {year} were not generated"
        zh = f"电力：{year}年需求{asked} TWh中有{missing}未能发出"
        found.append(Remark(en, zh))
    for place, (year, missing, asked) in unsold.items():
        of = declared[(*FLEETS, *CHEMICALS)[place]]
        what = f"{missing} of {asked} {of.unit}"
        en = f"{of.label.en}: {what} ordered in {year} could not be built"
        zh = f"{of.label.zh}：{year}年订单{asked} {of.unit}中有{missing}无法建成"
        found.append(Remark(en, zh))
    for item in unfilled_mandates(run):
        unit = "" if item.unit == "1" else f" {item.unit}"
        asked, reached = (number(part, item.unit) + unit for part in (item.asked, item.reached))
        en = f"{item.en}: policy asks for {asked} in {item.year}, the run reaches {reached}"
        zh = f"{item.zh}：政策要求{item.year}年达到{asked}，模拟仅{reached}"
        found.append(Remark(en, zh))
    return found


def _worst(record: Record, of: Wanted, least: float) -> dict[int, tuple[int, str, str]]:
    """Year in which most is missing, with what is missing and asked for, by place.

    Only places at which a larger part than `least` is missing in some year.
    """
    worth = np.where(of.share > least, of.missing, 0.0).max(axis=-1)
    places = np.flatnonzero(worth.max(axis=0))
    years = worth.argmax(axis=0)
    found = {}
    for place in places.tolist():
        year = int(years[place])
        missing, asked = (number(float(part[year, place].max()), "") for part in of)
        found[place] = int(record.years[year]), missing, asked
    return found
