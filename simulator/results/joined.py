"""Several runs in one data set with a ``scenario`` dimension, and back."""

import json
from collections.abc import Mapping

import xarray as xr

from simulator.errors import ScenarioError


def join(runs: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """Put runs into one data set with a ``scenario`` dimension.

    The attributes of each run are kept as JSON in the attribute ``runs``; `split` finds them.
    """
    if not runs:
        message = "a comparison needs at least one scenario"
        raise ScenarioError(message)
    joined: xr.Dataset = xr.concat(
        list(runs.values()),
        dim="scenario",
        join="outer",
        combine_attrs="drop_conflicts",
        data_vars="all",
        coords="minimal",
        compat="override",
    )
    attributes = {name: run.attrs for name, run in runs.items()}
    joined = joined.assign_coords(scenario=list(runs))
    joined.attrs["runs"] = json.dumps(attributes, default=str)
    return joined


def split(dataset: xr.Dataset) -> dict[str, xr.Dataset]:
    """Take a data set of several scenarios apart, each with its own attributes."""
    if "scenario" not in dataset.dims:
        return {str(dataset.attrs.get("scenario", "scenario")): dataset}
    known = json.loads(dataset.attrs.get("runs", "{}"))
    found = {}
    for name in map(str, dataset["scenario"].values):
        run = dataset.sel(scenario=name, drop=True)
        run.attrs = dict(known.get(name, {"scenario": name}))
        found[name] = run
    return found
