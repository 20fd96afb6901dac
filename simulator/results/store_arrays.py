"""The arrays of a store before the first result is in them."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import xarray as xr

STATUS: Final = "status"
NOT_RUN: Final = 0
DONE: Final = 1
FAILED: Final = 2

_MISSING: Final = -1
"""What stands for no number among whole numbers, as in the status of a milestone."""


class Columns(NamedTuple):
    """Inputs of the scenarios, written with the store."""

    names: Sequence[str]
    values: NDArray[np.float64]
    """(scenario, input)."""
    attributes: Sequence[Mapping[str, Any]]


def make_arrays(
    folder: Path,
    example: "xr.Dataset",
    columns: Columns,
    attributes: Mapping[str, str],
    *,
    size: int,
    batch: int,
) -> None:
    """Write labels and inputs, and declare the variables without a chunk in them.

    Parameters
    ----------
    folder
        The Zarr group to make; there is nothing at its place.
    example
        Variables of some scenarios, (scenario, ...).
    columns
        Inputs of all scenarios.
    attributes
        What the store says of itself.
    size
        Scenarios of the sweep.
    batch
        Scenarios of a chunk.
    """
    import xarray as xr  # noqa: PLC0415 - half a second that other commands spare
    import zarr  # noqa: PLC0415

    labels = example.drop_vars(list(example.data_vars)).assign_attrs(dict(attributes))
    texts = [name for name, item in labels.variables.items() if item.dtype.kind == "U"]
    labels = labels.assign_coords({name: labels[name].astype(object) for name in texts})
    inputs: dict[str, Any] = {"scenario": ("scenario", np.arange(size))}
    for key, values, told in zip(
        columns.names, columns.values.T, columns.attributes, strict=True
    ):
        inputs[key] = xr.Variable("scenario", np.ascontiguousarray(values), dict(told))
    labels.assign_coords(inputs).to_zarr(folder, zarr_format=3, consolidated=False, mode="w-")
    group = zarr.open_group(folder, mode="r+", zarr_format=3)
    for name, item in example.data_vars.items():
        _declare(group, str(name), item.variable, size=size, batch=batch)
    meaning = {
        "units": "1",
        "long_name": "State of the scenario",
        "long_name_zh": "情景状态",
        "description": f"{NOT_RUN} not run yet, {DONE} done, {FAILED} failed",
    }
    status = xr.Variable("scenario", np.empty(0, np.int8), meaning)
    _declare(group, STATUS, status, size=size, batch=batch, missing=NOT_RUN)


def _declare(
    group: Any,  # noqa: ANN401 - Zarr is imported late
    name: str,
    example: "xr.Variable",
    *,
    size: int,
    batch: int,
    missing: float | None = None,
) -> None:
    """Create an array; its chunks are files in its folder, one a batch."""
    from zarr.codecs import ZstdCodec  # noqa: PLC0415

    if missing is None:
        missing = np.nan if example.dtype.kind == "f" else _MISSING
    group.create_array(
        name,
        shape=(size, *example.shape[1:]),
        dtype=example.dtype,
        chunks=(batch, *(max(length, 1) for length in example.shape[1:])),
        compressors=ZstdCodec(level=1),
        chunk_key_encoding={"name": "default", "separator": "."},
        dimension_names=[str(dim) for dim in example.dims],
        fill_value=missing,
        attributes={key: _plain(value) for key, value in example.attrs.items()},
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - an attribute
    """Turn a number of NumPy into one that JSON knows."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value
