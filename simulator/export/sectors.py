"""A page for each sector: what it makes, emits, burns, owns and pays."""

from collections.abc import Sequence
from functools import partial
from html import escape

import numpy as np
import xarray as xr
from matplotlib.colors import to_hex

from simulator.export.bands import (
    LAST_OBSERVED,
    fleet_label,
    fleets_of,
    named,
    shares,
    summed,
)
from simulator.export.canvas import readable_on
from simulator.export.charts import Chart, Line, figure_of, shown
from simulator.export.charts_national import MT, Runs, on, side_by_side, stacked
from simulator.export.figures_use import SHADES, SUPPLY
from simulator.export.page import both, table
from simulator.export.palette import CARRIER_BANDS, GROSS, SCENARIOS
from simulator.results.about import about
from simulator.results.headline import one_run
from simulator.results.wording import NONE, plain

YEARS = (2020, 2024, 2030, 2035, 2050, 2060)


def sector_charts(runs: Runs, years: Sequence[int]) -> dict[str, list[Chart]]:
    """Charts of every sector; those with nothing to see are left out."""
    first = one_run(next(iter(runs.values())))
    found = {}
    for place, sector in enumerate(str(name) for name in first["sector"].values):
        charts = [
            *_emissions(runs, years, sector, place),
            _activity(runs, years, sector, place),
            _energy(runs, years, sector, place),
            *_fleets(runs, years, sector),
            _cost(runs, years, sector, place),
        ]
        found[sector] = [chart for chart in charts if shown(chart)]
    return found


def _series(run: xr.Dataset, name: str, sector: str) -> list[float]:
    """Read a variable of a sector over the years."""
    place = _place(run, sector)
    values = run.variables[name].transpose("time", ...).values
    return [float(value) for value in values[:, place]]


def _place(run: xr.Dataset, sector: str) -> int:
    """Place of a sector on its axis."""
    return [str(name) for name in run.variables["sector"].values].index(sector)


def _emissions(runs: Runs, years: Sequence[int], sector: str, place: int) -> list[Chart]:
    """CO2 of the sector itself and of the energy that it buys."""
    title = ("CO₂, scopes 1 and 2", "范围一与范围二二氧化碳排放")
    if len(runs) == 1:
        run = one_run(next(iter(runs.values())))
        lines = [
            Line("scope1", "Scope 1, own", "范围一", GROSS,
                 {"": on(run, years, _series(run, "emissions", sector))}),
            Line("scope2", "Scope 2, bought energy", "范围二", SCENARIOS[2],
                 {"": on(run, years, _series(run, "emissions_scope2", sector))},
                 dash="dashed"),
        ]  # fmt: skip
        return [Chart(f"sector{place}-co2", title, MT, lines, 1)]
    own = ("CO₂, scope 1", "范围一二氧化碳排放")
    bought = ("CO₂ of bought energy, scope 2", "范围二二氧化碳排放")
    return [
        Chart(f"sector{place}-{key}", words, MT,
              side_by_side(runs, years, partial(_series, name=name, sector=sector)), 1)
        for key, name, words in (
            ("scope1", "emissions", own), ("scope2", "emissions_scope2", bought),
        )
    ]  # fmt: skip


def _activity(runs: Runs, years: Sequence[int], sector: str, place: int) -> Chart:
    """What the sector makes."""
    first = one_run(next(iter(runs.values())))
    unit = str(first["sector_unit"].sel(sector=sector).values)
    lines = side_by_side(runs, years, lambda run: _series(run, "activity", sector))
    return Chart(f"sector{place}-activity", ("Activity", "活动水平"), (unit, unit), lines, 1)


def _energy(runs: Runs, years: Sequence[int], sector: str, place: int) -> Chart:
    """What the sector burns and buys."""
    lines = stacked(
        runs, years,
        lambda run: summed(run["final_energy"].sel(sector=sector), "carrier", CARRIER_BANDS),
    )  # fmt: skip
    lines = [line for line in lines if any(map(np.nansum, line.values.values()))]
    return Chart(
        f"sector{place}-energy", ("Final energy by carrier", "分品种终端能源"),
        ("PJ a year", "拍焦/年"), lines,
    )  # fmt: skip


def _fleets(runs: Runs, years: Sequence[int], sector: str) -> list[Chart]:
    """What the sector owns."""
    first = one_run(next(iter(runs.values())))
    return [
        Chart(f"fleet-{name}", fleet_label(name), ("% of capacity", "占产能或保有量%"),
              stacked(runs, years, partial(shares, fleet=name)), 1)
        for name in fleets_of(first, sector)
    ]  # fmt: skip


def _cost(runs: Runs, years: Sequence[int], sector: str, place: int) -> Chart:
    """What the sector costs."""
    lines = side_by_side(runs, years, lambda run: _series(run, "system_cost", sector))
    return Chart(
        f"sector{place}-cost", ("Cost", "成本"),
        ("bn CNY (2020) a year", "十亿元（2020年价）/年"), lines, 1,
    )  # fmt: skip


def sector_pages(runs: Runs, charts: dict[str, list[Chart]]) -> str:
    """Write the pages, each behind its name, which opens it."""
    first = one_run(next(iter(runs.values())))
    parts = []
    for sector, own in charts.items():
        drawn = "".join(figure_of(chart) for chart in own)
        parts.append(
            f'<details class="sector" id="sector-{escape(sector)}"><summary>'
            f"{both(*named(first, 'sector', sector))}</summary>"
            f'{_numbers(runs, sector)}<div class="charts">{drawn}</div></details>'
        )
    return "\n".join(parts)


def _numbers(runs: Runs, sector: str) -> str:
    """Write the numbers of a sector, a table a scenario."""
    parts = []
    for name, whole in runs.items():
        run = one_run(whole)
        time = [int(year) for year in run["time"].values]
        years = [year for year in YEARS if year in time]
        unit = str(run["sector_unit"].sel(sector=sector).values)
        rows = [
            [both(en, zh), escape(of), *(
                plain(scale * values[time.index(year)], digits) for year in years
            )]
            for key, en, zh, of, scale, digits in (
                ("activity", "Activity", "活动水平", unit, 1.0, 1),
                ("emissions", "CO₂, scope 1", "范围一二氧化碳", "Mt", 1.0, 1),
                ("emissions_scope2", "CO₂, scope 2", "范围二二氧化碳", "Mt", 1.0, 1),
                ("electricity_demand", "Electricity", "用电量", "TWh", 1.0, 1),
                ("electrification_share", "Electricity in energy", "电气化率", "%", 100.0, 1),
                ("system_cost", "Cost", "成本", "bn CNY", 1.0, 1),
            )
            for values in [_series(run, key, sector)]
        ]  # fmt: skip
        head = ["", both("unit", "单位"), *map(str, years)]
        parts.append(
            f'<div data-scenario="{escape(name)}">{table(head, rows, len(years))}</div>'
        )
    return "".join(parts)


def electrified_sectors(runs: Runs) -> str:
    """Write the share of electricity in the energy of every sector, of all runs together."""
    found = [one_run(run) for run in runs.values()]
    last = min(int(run["time"].values[-1]) for run in found)
    if len(found) == 1:
        columns = [(str(year), found[0], year) for year in YEARS if year in found[0]["time"]]
        title = ("Electricity in final energy by sector [%]", "分行业终端电气化率（%）")
    else:
        people = [about(run) for run in runs.values()]
        columns = [(str(LAST_OBSERVED), found[0], LAST_OBSERVED)] + [
            (both(who.label_en, who.label_zh), run, last)
            for who, run in zip(people, found, strict=True)
        ]
        title = (
            f"Electricity in final energy by sector in {last} [%]",
            f"{last}年分行业终端电气化率（%）",
        )
    names = [str(name) for name in found[0]["sector"].values if str(name) not in SUPPLY]
    rows = []
    for sector in names:
        shares_of = [
            100.0 * float(run["electrification_share"].sel(sector=sector, time=year))
            for _, run, year in columns
        ]
        if np.isfinite(shares_of).any():
            cells = [_shaded(value) for value in shares_of]
            rows.append([both(*named(found[0], "sector", sector)), *cells])
    head = [both("Sector", "行业"), *(name for name, *_ in columns)]
    return f"<h3>{both(*title)}</h3>" + table(head, rows, len(columns))


def _shaded(value: float) -> str:
    """Write a share on a ground that is the darker, the larger it is."""
    if not np.isfinite(value):
        return NONE
    colour = to_hex(SHADES(value / 100.0))
    style = f"background:{colour};color:{readable_on(colour)};padding:.1rem .35rem"
    return f'<span style="{style}">{value:.0f}</span>'
