r"""What a pathway costs more than another, and what that is per tonne it avoids.

.. math:: c = \frac{\sum_y d_y (C_y - C^0_y)}{\sum_y d_y (E^0_y - E_y)},
          \qquad d_y = (1 + r)^{-(y - y_0)}

Costs are the system cost: investment in the year in which it is built, operation, materials,
energy, transport and storage of carbon dioxide. Carbon payments are a transfer between the
people of the model: they are reported beside the cost and are no part of it. Costs and tonnes
are discounted alike, so that the quotient is the constant price that would pay for the
pathway. What still stands when the run ends has no value left in it, which makes late
investment look dear. Doing with less material, distance or floor space costs nothing here, nor
does running a policy, which makes pathways that rest on them look cheap.

The nation is judged by net emissions. A sector is judged by scopes 1 and 2, because its costs
hold the energy that it buys; sectors are not to be added up.
"""

from typing import Final

import numpy as np
import xarray as xr

from simulator.dimensions import HISTORY_END
from simulator.errors import ScenarioError
from simulator.reading.parameters import load_parameters
from simulator.results.headline import one_run

FIRST_YEAR: Final = int(HISTORY_END)
"""First year that counts: the first that the model decides itself."""

LEAST_SHARE: Final = 1e-3
"""Reduction, relative to what the baseline emits, under which there is nothing to divide by."""

CNY_PER_T: Final = 1000.0
"""CNY/t in one bn CNY/Mt."""

READS: Final = (
    "system_cost", "system_cost_total", "cost_carbon",
    "emissions", "emissions_scope2", "emissions_net",
)  # fmt: skip

TEXTS: Final = {
    "extra_cost": ("bn CNY", "Extra system cost", "增加的系统成本"),
    "carbon_payments": (
        "bn CNY",
        "Extra carbon payments, a transfer",
        "增加的碳支付（转移支付）",
    ),
    "avoided": ("Mt CO2", "CO2 avoided, scopes 1 and 2", "减少的二氧化碳排放（范围一和二）"),
    "abatement_cost": ("CNY/t CO2", "Abatement cost", "减排成本"),
    "extra_cost_total": ("bn CNY", "Extra system cost of the nation", "全国增加的系统成本"),
    "carbon_payments_total": (
        "bn CNY",
        "Extra carbon payments of the nation, a transfer",
        "全国增加的碳支付（转移支付）",
    ),
    "avoided_total": ("Mt CO2", "Net CO2 avoided by the nation", "全国减少的二氧化碳净排放"),
    "abatement_cost_total": ("CNY/t CO2", "Abatement cost of the nation", "全国减排成本"),
}
"""Unit and labels of what `abatement_cost` returns."""


def social_discount_rate() -> float:
    """Rate at which costs and tonnes are discounted unless another is asked for [1/yr]."""
    (rate,) = load_parameters()["common.social_discount_rate"].values
    return rate


def abatement_cost(
    scenario: xr.Dataset, baseline: xr.Dataset, discount_rate: float | None = None
) -> xr.Dataset:
    """Hold the cost and the emissions of a run against those of a baseline.

    Parameters
    ----------
    scenario, baseline
        Results of one run each.
    discount_rate
        Yearly rate; `common.social_discount_rate` of the data unless given [1/yr].

    Returns
    -------
    xarray.Dataset
        By sector and for the nation, discounted to the first year that counts: the extra
        cost, the extra carbon payments, the tonnes avoided and their quotient. A quotient is
        missing where the run does not emit less than the baseline.

    Raises
    ------
    ScenarioError
        The runs share no year that counts, lack a variable, or the rate is not above -1.
    """
    rate = social_discount_rate() if discount_rate is None else float(discount_rate)
    if not rate > -1.0:
        message = f"the discount rate must be above -1, found {rate}"
        raise ScenarioError(message)
    runs = [one_run(item) for item in (scenario, baseline)]
    for run in runs:
        if missing := [name for name in READS if name not in run]:
            message = f"the results lack {', '.join(missing)}: run the scenario again"
            raise ScenarioError(message)
    years = np.intersect1d(runs[0]["time"].values, runs[1]["time"].values)
    years = years[years >= FIRST_YEAR]
    if not len(years):
        message = f"the runs share no year from {FIRST_YEAR} on, the first that counts"
        raise ScenarioError(message)
    new, old = (run[list(READS)].sel(time=years) for run in runs)
    weight = xr.DataArray((1.0 + rate) ** -(years - years[0]), dims="time")
    change = ((new - old) * weight).sum("time", skipna=False)
    before = (old * weight).sum("time", skipna=False)
    found = xr.Dataset({
        "extra_cost": change["system_cost"],
        "carbon_payments": change["cost_carbon"],
        "avoided": -(change["emissions"] + change["emissions_scope2"]),
        "extra_cost_total": change["system_cost_total"],
        "carbon_payments_total": change["cost_carbon"].sum("sector"),
        "avoided_total": -change["emissions_net"],
    })  # fmt: skip
    emitted = before["emissions"] + before["emissions_scope2"]
    found["abatement_cost"] = _quotient(found["extra_cost"], found["avoided"], emitted)
    found["abatement_cost_total"] = _quotient(
        found["extra_cost_total"], found["avoided_total"], before["emissions_net"]
    )
    for name, (unit, english, chinese) in TEXTS.items():
        found[name].attrs = {"units": unit, "long_name": english, "long_name_zh": chinese}
    found.attrs = {
        "discount_rate": rate,
        "first_year": int(years[0]),
        "last_year": int(years[-1]),
        "scenario": str(runs[0].attrs.get("scenario", "")),
        "baseline": str(runs[1].attrs.get("scenario", "")),
    }
    return found[list(TEXTS)]


def _quotient(cost: xr.DataArray, avoided: xr.DataArray, emitted: xr.DataArray) -> xr.DataArray:
    """Cost of a tonne; missing where too little is avoided to speak of one."""
    least = LEAST_SHARE * abs(emitted)
    enough = (avoided > least) & (avoided > 0)
    return CNY_PER_T * cost / avoided.where(enough)
