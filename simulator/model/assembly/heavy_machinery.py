"""Heavy machinery: its parameters and the machines at the start."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.equations.heavy_machinery import HeavyMachineryParameters, HeavyMachineryState
from simulator.model.layout import FLEETS
from simulator.model.series import later
from simulator.model.values import Values, stack

FloatArray = NDArray[np.float64]

FAMILIES: Final = ("metallurgical", "castings_forgings", "mining", "cranes", "conveyors")
"""Order of the family axis."""

CLASSES: Final = ("old", "efficient", "smart")
"""Order of the class axis."""

USERS: Final = ("steel", "mining_other", "coal_mining", "shipping", "heavy_machinery")
"""Order of the user axis: steelmaking, a fleet, then plain groups."""

STEEL: Final = "steel"

AGES: Final = 3
"""Ages through which machines pass."""


class HeavyMachineryBlock(NamedTuple):
    """Heavy machinery ready to run."""

    parameters: HeavyMachineryParameters
    """Parameters, with series still to be placed on the grid."""
    initial: HeavyMachineryState
    """Stocks at the start."""


def assemble_heavy_machinery(values: Values, groups: Sequence[str]) -> HeavyMachineryBlock:
    """Parameters and initial stocks; `groups` are the plain groups in their order."""

    def number(name: str, unit: str = "1") -> FloatArray:
        return values.number(f"heavy_machinery.{name}", unit)

    def families(name: str, unit: str = "1") -> FloatArray:
        paths = [f"heavy_machinery.families.{family}.{name}" for family in FAMILIES]
        return values.table(paths, unit, 0.0)

    def by(name: str, places: Sequence[str]) -> FloatArray:
        return np.stack(
            np.broadcast_arrays(*[families(f"{name}.{place}") for place in places]), axis=1
        )

    weight = stack([number(f"weight.{name}") for name in CLASSES])
    serves = by("serves", USERS)
    parameters = HeavyMachineryParameters(
        lifetime=families("lifetime", "yr"),
        adjustment_time=number("adjustment_time", "yr"),
        capital=by("capital", CLASSES),
        electricity_use=families("electricity_use", "GJ/CNY"),
        diesel_use=families("diesel_use", "GJ/CNY"),
        weight=np.repeat(weight[np.newaxis], len(FAMILIES), axis=0),
        exponent=number("choice_exponent"),
        floor=later(values.series("heavy_machinery.efficient_floor", "1")),
        saving=families("saving"),
        middle=number("middle_part"),
        hybrid_saving=number("hybrid_saving"),
        electric_ratio=number("electric_ratio"),
        electricity_exposure=by("electricity_exposure", USERS),
        diesel_exposure=by("diesel_exposure", USERS),
        serves=serves,
        digital_gain=number("digital_gain"),
        steel_reference=number("steel_reference", "Mt/yr"),
        group_of_user=np.array([[float(g == user) for user in USERS] for g in groups]),
        fleet_of_user=np.array(
            [
                [float(fleet == "steelmaking" and user == STEEL) for user in USERS]
                for fleet in FLEETS
            ]
        ),
    )
    return HeavyMachineryBlock(parameters, _initial(values, serves, by))


def _initial(values: Values, serves: FloatArray, by: object) -> HeavyMachineryState:
    """Machines that the users of 2015 ask for, evenly spread over the ages."""
    service = stack(
        [
            values.number("heavy_machinery.initial_service.steel", "1")
            if user == STEEL
            else np.array([float(index[0]) for _, index in values.knots(_activity(user), "1")])
            for user in USERS
        ]
    )
    share: FloatArray = by("initial_share", CLASSES)  # type: ignore[operator]
    share = share / share.sum(axis=1, keepdims=True)
    standing = (serves * service).sum(axis=1)
    machines = np.repeat((standing[:, np.newaxis] * share)[:, :, np.newaxis], AGES, axis=2)
    return HeavyMachineryState(machines / AGES, share + 0.0 * standing[:, np.newaxis])


def _activity(group: str) -> str:
    return f"groups.observed.{group}.activity"
