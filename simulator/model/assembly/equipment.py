"""Parameters of motors, driven machines and transformers as arrays."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import SECTORS
from simulator.equations.equipment import EquipmentParameters, EquipmentState
from simulator.equations.schedule import Schedule
from simulator.model.layout import EQUIPMENT_FLEETS
from simulator.model.series import SeriesSpec
from simulator.model.values import Values, stack
from simulator.reading.fleets import load_fleets

FloatArray = NDArray[np.float64]

DRIVES: Final = ("fans", "pumps", "compressors", "other_drives")
"""Order of the drive axis."""

USE_GROUPS: Final = (
    "agriculture",
    "coal_mining",
    "oil_and_gas_extraction",
    "other_mining",
    "food",
    "textiles",
    "wood",
    "paper",
    "refining",
    "chemicals",
    "rubber_and_plastics",
    "glass",
    "cement_and_minerals",
    "steel",
    "nonferrous_metals",
    "metal_products",
    "electronics",
    "electrical_equipment",
    "machinery",
    "vehicle_manufacture",
    "other_transport_equipment",
    "other_manufacture",
    "gas_pipelines",
    "water_and_waste",
    "construction",
    "residential",
    "services",
    "railways_and_other",
)
"""Groups of electricity users whose drives are known; each lies in one or a few sectors."""

QUALITY: Final = {
    "motors": "efficiency",
    "fans": "efficiency",
    "pumps": "efficiency",
    "compressors": "efficiency",
    "transformers": "loss_share",
}
"""What is averaged over the machines in use of each equipment."""

CLASSES: Final = 5
"""Places on the class axis; fleets with fewer classes leave the last ones empty."""


def equipment_parameters(values: Values) -> EquipmentParameters:
    """Look up and stack what the equations of the equipment need."""
    quality = _by_class(values, QUALITY)
    reference = _by_class(values, "reference_share")
    applicability = [f"equipment.variable_speed.applicability.{name}" for name in DRIVES]
    return EquipmentParameters(
        quality=quality,
        reference_quality=(quality * reference).sum(axis=1) / reference.sum(axis=1),
        drive_share=sector_drive_share(values),
        full_load_hours=values.number("equipment.full_load_hours", "h/yr"),
        distributed_share=values.number("equipment.distributed_share", "1"),
        line_loss=_series(values, "equipment.line_loss", "1"),
        speed_control_saving=values.number("equipment.variable_speed.saving", "1"),
        speed_control_applicability=values.table(applicability, "1"),
        speed_control_reference=values.number("equipment.variable_speed.reference", "1"),
        speed_control_target=_series(values, "equipment.variable_speed.target", "1"),
        speed_control_rate=values.number("equipment.variable_speed.rate", "1/yr"),
        speed_control_lever=_series(values, "equipment.variable_speed_lever", "1"),
        early_replacement=_series(values, "equipment.transformer_early_replacement", "1/yr"),
        replaced_early=_by_class(values, "replaced_early"),
        rebound=_rebound(values),
        efficient_product=_by_class(values, "efficient_product"),
    )


def _rebound(values: Values) -> Schedule:
    """Nothing in history, which contains it; then the elasticity."""
    end = values.history_end
    rows = tuple(
        (np.array([0.0, end, end]), np.array([0.0, 0.0, elasticity]))
        for elasticity in values.number("equipment.rebound_elasticity", "1")
    )
    return cast("Schedule", SeriesSpec((rows,), ()))


def equipment_state(values: Values) -> EquipmentState:
    """Speed control at the start of 2015; the machines in use are in the fleets."""
    initial = values.number("equipment.variable_speed.initial", "1")
    return EquipmentState(speed_control=stack([initial] * len(DRIVES)))


def sector_drive_share(values: Values) -> FloatArray:
    """Share of a sector's electricity in each drive, ``(sector, drive, scenario)``.

    The groups of a sector are weighted by the electricity they used in 2020; the parts of a
    group in its sectors are brought to a sum of one.
    """
    used = values.table(
        [f"equipment.use.{group}.electricity" for group in USE_GROUPS], "TWh/yr"
    )
    shares = stack([values.table(_paths(group, "", DRIVES), "1") for group in USE_GROUPS])
    member = stack(
        [values.table(_paths(group, "sector.", SECTORS), "1", 0.0) for group in USE_GROUPS]
    )
    member = member / member.sum(axis=1, keepdims=True)
    weight = member * used[:, np.newaxis]
    driven = (weight[:, :, np.newaxis] * shares[:, np.newaxis]).sum(axis=0)
    total = np.maximum(weight.sum(axis=0), 1e-12)[:, np.newaxis]
    scale = values.number("equipment.drive_share_scale", "1")
    share: FloatArray = driven / total * scale
    return share


def _series(values: Values, path: str, unit: str) -> Schedule:
    """Stand in for the schedule that the series becomes on the grid of the run."""
    return cast("Schedule", values.series(path, unit))


def _paths(group: str, part: str, names: Sequence[str]) -> list[str]:
    return [f"equipment.use.{group}.{part}{name}" for name in names]


def _by_class(
    values: Values, names: Mapping[str, str] | str, unit: str = "1", default: float = 0.0
) -> FloatArray:
    """Look up a number of every class of every equipment, ``(equipment, class, scenario)``."""
    fleets = load_fleets()
    rows = []
    for fleet in EQUIPMENT_FLEETS:
        name = names if isinstance(names, str) else names[fleet]
        classes = list(fleets[fleet].declaration.technologies)
        own = [f"equipment.fleets.{fleet}.technologies.{k}.{name}" for k in classes]
        shared = [f"equipment.technologies.{k}.{name}" for k in classes]
        paths = [a if values.has(a) else b for a, b in zip(own, shared, strict=True)]
        numbers = [values.number(path, unit, default) for path in paths]
        rows.append(stack(numbers + [np.full(1, default)] * (CLASSES - len(classes))))
    return stack(rows)
