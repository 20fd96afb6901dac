"""The command ``attribute``: why one scenario emits less than another, policy by policy."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from simulator.errors import SimulatorError
from simulator.interface.language import say
from simulator.interface.output import Output
from simulator.interface.sweeping import INTERRUPTED, Meter
from simulator.results.wording import plain
from simulator.results.writing import write_dataset, write_table

if TYPE_CHECKING:
    import xarray as xr

YEARS: Final = (2030, 2035, 2050, 2060)
"""Years that are printed."""

DATA: Final = "attribution.nc"
TABLE: Final = "attribution.csv"
FIGURES: Final = "figures"


def attribute_command(
    output: Output,
    first: str,
    second: str,
    *,
    orders: int | None,
    seed: int,
    out: str,
    changes: Sequence[str],
    no_report: bool,
) -> int:
    """Divide the difference, tell it, and write it down; `--set` changes the second one."""
    from simulator.analysis.attribute import (  # noqa: PLC0415 - slow to import
        ORDERS,
        attribute,
        groups_of,
    )
    from simulator.analysis.sweep import Progress  # noqa: PLC0415
    from simulator.interface.looking import load_scenario  # noqa: PLC0415

    one, two = load_scenario(first), load_scenario(second, changes)
    groups = groups_of(one, two)
    output.line("attribute_start", first=one.name, second=two.name, count=len(groups))
    meter, chosen = Meter(output), orders or ORDERS

    def tell(done: int, total: int) -> None:
        meter.show(Progress(done, done, total, {}))

    try:
        found = attribute(one, two, orders=chosen, seed=seed, report=tell)
    except KeyboardInterrupt:
        meter.end()
        output.error(say("interrupted", output.language))
        return INTERRUPTED
    except SimulatorError:
        meter.end()
        raise
    meter.end()
    target = Path(out) / f"attribute-{one.name}-{two.name}"[:120]
    target.mkdir(parents=True, exist_ok=True)
    write_dataset(found, target / DATA)
    rows = rows_of(found)
    write_table(rows, list(rows[0]), target / TABLE)
    if not no_report:
        _draw(found, target / FIGURES, output)
    _print(output, found, chosen, seed)
    output.line("written", folder=target)
    output.json(_record(found))
    return 0


def rows_of(found: "xr.Dataset") -> list[dict[str, str]]:
    """Every contribution in a row."""
    return [
        {
            "policy": str(group), "lever": str(lever), "year": str(int(year)),
            "contribution_mt_co2": f"{value:.6g}",
            "standard_error_mt_co2": f"{error:.3g}",
            "cost_bn_cny": f"{cost:.6g}",
        }
        for place, (group, lever) in enumerate(
            zip(found["group"].values, found["lever"].values, strict=True)
        )
        for year, value, error, cost in zip(
            found["time"].values,
            found["contribution"].values[:, place],
            found["contribution_error"].values[:, place],
            found["contribution_cost"].values[:, place],
            strict=True,
        )
    ]  # fmt: skip


def _draw(found: "xr.Dataset", folder: Path, output: Output) -> None:
    """Draw wedges over the years, and steps in the last one."""
    from simulator.export.figures import save  # noqa: PLC0415 - matplotlib
    from simulator.export.wedges import policy_steps, wedges  # noqa: PLC0415

    folder.mkdir(exist_ok=True)
    last = int(found["time"].values[-1])
    save(wedges(found, output.language), folder / "wedges.png")
    save(policy_steps(found, last, output.language), folder / f"steps_{last}.png")


def _print(output: Output, found: "xr.Dataset", orders: int, seed: int) -> None:
    """Print what each group adds, the largest reduction first, and that all add up."""
    language, told = output.language, found.attrs
    years = [year for year in YEARS if year in found["time"].values]
    part = found.sel(time=years)
    sums = found["contribution_cumulative"].values
    errors = found["contribution_cumulative_error"].values
    whole = not errors.any()
    body = []
    for place in np.argsort(sums, kind="stable").tolist():
        name = str(found[f"group_label_{language}"].values[place])
        numbers = [plain(value, 0) for value in part["contribution"].values[:, place]]
        body.append([
            str(found["lever"].values[place]), name, *numbers, plain(float(sums[place]), 2),
            "" if whole else plain(float(errors[place]), 2),
        ])  # fmt: skip
    net = {side: part["emissions_net"].sel(side=side).values for side in ("first", "second")}
    gap = [plain(value, 0) for value in net["second"] - net["first"]]
    body.append([
        "", say("attribute_total", language), *gap, plain(float(sums.sum()), 2), "",
    ])  # fmt: skip
    for side, name in (("first", told["baseline"]), ("second", told["scenario"])):
        words = say("attribute_side", language, name=name)
        body.append(["", words, *(plain(value, 0) for value in net[side]), "", ""])
    output.line("attribute_head", first=told["baseline"], second=told["scenario"])
    heads = [say(key, language) for key in ("attribute_cumulative", "attribute_error")]
    output.table(["", "", *map(str, years), *heads], body, numbers=len(years) + 2)
    how = "attribute_exact" if whole else "attribute_sampled"
    method = say(how, language, **({} if whole else {"orders": orders, "seed": seed}))
    output.line("attribute_method", runs=told["runs"], method=method)


def _record(found: "xr.Dataset") -> dict[str, Any]:
    """Tell the division in plain numbers."""
    years = [str(int(year)) for year in found["time"].values]

    def by_year(values: Any) -> dict[str, float]:  # noqa: ANN401 - an array
        return dict(zip(years, map(float, values), strict=True))

    groups = []
    for place, key in enumerate(found["group"].values):
        one = found.isel(group=place)
        groups.append({
            "policy": str(key),
            "lever": str(one["lever"].item()),
            "label": {word: str(one[f"group_label_{word}"].item()) for word in ("en", "zh")},
            "contribution": by_year(one["contribution"].values),
            "standard_error": by_year(one["contribution_error"].values),
            "cost": by_year(one["contribution_cost"].values),
            "cumulative": float(one["contribution_cumulative"]),
            "cumulative_standard_error": float(one["contribution_cumulative_error"]),
        })  # fmt: skip
    net = found["emissions_net"]
    apart = net.sel(side="second") - net.sel(side="first") - found["contribution"].sum("group")
    return {
        **{key: found.attrs[key] for key in ("baseline", "scenario", "method", "runs")},
        "units": {"contribution": "Mt CO2/yr", "cost": "bn CNY/yr", "cumulative": "Gt CO2"},
        "emissions_net": {side: by_year(net.sel(side=side).values) for side in
                          ("first", "second")},
        "groups": groups,
        "largest_gap": math.fabs(float(abs(apart).max())),
    }  # fmt: skip
