"""Charts of the nation for a report: one run in depth, or several side by side."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
import xarray as xr

from simulator.export.bands import over_years, summed
from simulator.export.canvas import Series
from simulator.export.charts import Chart, Line, Window, area
from simulator.export.figures_fleets import classes, powertrains
from simulator.export.figures_use import cost_bands
from simulator.export.palette import (
    CARRIER_BANDS,
    DASHES,
    GENERATOR_BANDS,
    GROSS,
    MOTOR_BANDS,
    NET,
    OBSERVED,
    SCENARIOS,
    SECTOR_BANDS,
    TRANSFORMER_BANDS,
    Band,
)
from simulator.export.waterfall import parts
from simulator.results.about import about
from simulator.results.headline import electrified_share, one_run

Runs = Mapping[str, xr.Dataset]
Numbers = Sequence[float] | Series
Read = Callable[[xr.Dataset], Numbers]

MT: Final = ("Mt CO₂ a year", "百万吨二氧化碳/年")


def side_by_side(runs: Runs, years: Sequence[int], read: Read) -> list[Line]:
    """Make a line a scenario."""
    found = []
    for place, run in enumerate(runs.values()):
        who = about(run)
        found.append(Line(
            f"scenario{place}", plain_text(who.label_en), plain_text(who.label_zh),
            SCENARIOS[place % len(SCENARIOS)], {"": on(run, years, read(one_run(run)))},
            dash=DASHES[place // len(SCENARIOS) % len(DASHES)],
        ))  # fmt: skip
    return found


def plain_text(text: str) -> str:
    """Shorten a label, so that a legend stays one."""
    return text if len(text) <= 48 else text[:47] + "…"


def stacked(
    runs: Runs,
    years: Sequence[int],
    read: Callable[[xr.Dataset], list[tuple[Band, Series]]],
) -> list[Line]:
    """Make a band for each group, with the values of every scenario."""
    bands: dict[str, Band] = {}
    values: dict[str, dict[str, Sequence[float]]] = {}
    for name, run in runs.items():
        for band, series in read(one_run(run)):
            bands.setdefault(band.key, band)
            values.setdefault(band.key, {})[name] = on(run, years, series)
    return [area(band, values[key]) for key, band in bands.items()]


def on(run: xr.Dataset, years: Sequence[int], values: Numbers) -> list[float]:
    """Put a series on the years of the page; years that a run does not have stay empty."""
    time = (int(year) for year in run.variables["time"].values)
    known = dict(zip(time, values, strict=True))
    return [float(known.get(year, np.nan)) for year in years]


def national(
    runs: Runs,
    years: Sequence[int],
    observed: Mapping[int, float],
    stages: Sequence[Window],
    theirs: Sequence[Line] = (),
) -> list[Chart]:
    """Charts that a report opens with; `theirs` are net emissions that others published."""
    single = next(iter(runs)) if len(runs) == 1 else ""
    seen = Line(
        "observed", "Observed, gross", "实测总排放", OBSERVED if single else NET,
        {"": [observed.get(year, np.nan) for year in years]}, "points",
    )  # fmt: skip

    def lines(
        key: str, title: tuple[str, str], unit: tuple[str, str], read: Read, digits: int = 0
    ) -> Chart:
        return Chart(key, title, unit, side_by_side(runs, years, read), digits)

    net = [
        Line("net", "Net", "净排放", NET,
             {name: on(run, years, over_years(one_run(run), "emissions_net"))
              for name, run in runs.items()})
    ]  # fmt: skip
    if single:
        run = runs[single]
        gross = Line(
            "gross", "Gross", "总排放", GROSS,
            {"": on(run, years, over_years(one_run(run), "emissions_gross"))},
        )  # fmt: skip
        top = [
            Chart("chart-pathway",
                  ("The pathway and the windows of its stages", "路径与阶段窗口"),
                  MT, [gross, net[0]._replace(dash="dashed"), *theirs, seen], 0, stages)
        ]  # fmt: skip
    else:
        top = [
            Chart("chart-net",
                  ("Net CO₂ and the windows of the stages", "净排放与阶段窗口"), MT,
                  [*side_by_side(runs, years, _read("emissions_net")), *theirs, seen], 0,
                  stages),
            lines("chart-gross", ("Gross CO₂", "二氧化碳总排放"), MT,
                  _read("emissions_gross")),
        ]  # fmt: skip
    return [
        *top,
        Chart("chart-sectors", ("CO₂ by sector", "分行业二氧化碳排放"), MT,
              [*stacked(runs, years, _of("emissions", "sector", SECTOR_BANDS)), *net]),
        Chart("chart-power", ("Electricity by plant type", "分电源发电量"),
              ("TWh a year", "太瓦时/年"),
              stacked(runs, years, _of("generation", "generator", GENERATOR_BANDS))),
        lines("chart-intensity", ("Carbon intensity of electricity", "电力碳排放强度"),
              ("g CO₂/kWh", "克二氧化碳/千瓦时"), _read("grid_carbon_intensity")),
        Chart("chart-energy", ("Final energy by carrier", "分品种终端能源"),
              ("PJ a year", "拍焦/年"), stacked(runs, years, _final_energy)),
        lines("chart-electrified", ("Electricity in final energy", "终端电气化率"), ("%", "%"),
              lambda run: 100.0 * electrified_share(run), 1),
        lines("chart-price", ("Carbon price", "碳价"), ("CNY/t CO₂", "元/吨二氧化碳"),
              _read("carbon_price")),
        Chart("chart-costs", ("Cost of the system", "系统成本"),
              ("bn CNY (2020) a year", "十亿元（2020年价）/年"),
              stacked(runs, years, cost_bands)),
        Chart("chart-machines", ("Construction machinery by powertrain", "工程机械动力构成"),
              ("million", "百万台"), stacked(runs, years, powertrains), 2),
        Chart("chart-motors", ("Motors in use by efficiency class", "在用电机能效构成"),
              ("%", "%"), stacked(runs, years, _classes("motors", MOTOR_BANDS)), 1),
        Chart("chart-transformers",
              ("Transformers in use by efficiency class", "在用变压器能效构成"), ("%", "%"),
              stacked(runs, years, _classes("transformers", TRANSFORMER_BANDS)), 1),
        lines("chart-stock", ("Steel in use", "在用钢铁"), ("Gt", "十亿吨"),
              lambda run: 0.001 * over_years(run.sel(material="steel"), "in_use_stock"), 2),
        lines("chart-scrap", ("Steel scrap used", "废钢利用量"),
              ("Mt a year", "百万吨/年"),
              lambda run: over_years(run.sel(material="steel"), "scrap_used")),
    ]  # fmt: skip


def from_first(runs: Runs, years: Sequence[int]) -> list[Chart]:
    """From the first scenario to the chosen one, sector by sector; of one there is none."""
    if len(runs) < 2:
        return []
    base = about(next(iter(runs.values())))
    title = (
        f"From {plain_text(base.label_en)} to the scenario shown, by sector",
        f"从{plain_text(base.label_zh)}到所示情景：分行业差异",
    )
    unit = ("Net, Mt CO₂ a year", "净排放，百万吨二氧化碳/年")
    return [Chart("chart-steps", title, unit, stacked(runs, years, parts), steps=True)]


def _read(name: str) -> Read:
    """Read a variable over the years."""
    return lambda run: over_years(run, name)


def _of(
    name: str, dimension: str, bands: Sequence[Band]
) -> Callable[[xr.Dataset], list[tuple[Band, Series]]]:
    """Read the bands of a variable."""
    return lambda run: summed(run[name], dimension, bands)


def _classes(
    kind: str, bands: Sequence[Band]
) -> Callable[[xr.Dataset], list[tuple[Band, Series]]]:
    """Read the efficiency classes of a kind of equipment [%]."""
    return lambda run: classes(run, kind, bands)


def _final_energy(run: xr.Dataset) -> list[tuple[Band, Series]]:
    """Read final energy of all sectors by carrier."""
    return summed(run["final_energy"].sum("sector"), "carrier", CARRIER_BANDS)
