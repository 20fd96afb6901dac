r"""Energy and emissions of petrochemicals by product, and of refining by what uses it.

Eight products have routes of their own, whose energy is a flow of the run; other chemicals are
what the sector takes beside them. Refining is split by use: drives take their part of its
electricity (the only part that more efficient motors, fans and pumps act on), furnaces theirs
of its fuel and what electric furnaces take, the rest are boilers, coking and catalysts. Bought
energy carries the emissions of its makers, as in scope 2. Balance: stages add up to the sector.
"""

from typing import Final, NamedTuple

import numpy as np

from simulator.dimensions import CARRIERS, PLANT_STAGES, SECTORS
from simulator.equations.emissions import share_of_supply
from simulator.model.layout import CHEMICALS
from simulator.model.national import NationalModel
from simulator.model.record import SUPPLIERS, Record
from simulator.results.axes import FloatArray, ratio

SECTOR: Final = SECTORS.index("petrochemicals")
REFINING: Final = CHEMICALS.index("refining")
ELECTRICITY: Final = CARRIERS.index("electricity")
FEEDSTOCK: Final = CARRIERS.index("feedstock")
DRIVES: Final = ("fans", "pumps", "compressors", "other_drives")


class Taken(NamedTuple):
    """Of a product, (time, scenario)."""

    electricity: FloatArray
    """[PJ/yr]."""
    fuel: FloatArray
    """Energy other than electricity and feedstock [PJ/yr]."""
    emissions: FloatArray
    """With those of bought energy [Mt CO2/yr]."""


def chemical_stages(model: NationalModel, record: Record) -> Taken:
    """Stages of petrochemicals in the order of the axis, each (time, stage, scenario)."""
    flows = record.flows
    power, heat, hydrogen, fuel, direct = np.moveaxis(flows.chemical_energy, 1, 0)
    per_unit = _per_unit(record)
    burnt = direct + heat * per_unit["heat"] + hydrogen * per_unit["hydrogen"]
    known = {
        name: Taken(power[:, row], (heat + hydrogen + fuel)[:, row], burnt[:, row])
        for row, name in enumerate(CHEMICALS)
    }
    whole = flows.energy[:, :, SECTOR]
    everything = Taken(
        whole[:, ELECTRICITY],
        whole.sum(axis=1) - whole[:, ELECTRICITY] - whole[:, FEEDSTOCK],
        record.direct[:, SECTOR]
        + record.indirect[:, SECTOR]
        - whole[:, ELECTRICITY] * per_unit["electricity"][:, 0],
    )
    rest = [
        total - sum(parts) for total, *parts in zip(everything, *known.values(), strict=True)
    ]
    refining = _refining(model, record, known.pop("refining"))
    stages = known | refining | {"other_chemicals": Taken(*rest)}
    ordered = [stages[name] for name in PLANT_STAGES["petrochemicals"]]
    current, other, own = (np.stack(part, axis=1) for part in zip(*ordered, strict=True))
    return Taken(current, other, own + current * per_unit["electricity"])


def _per_unit(record: Record) -> dict[str, FloatArray]:
    """Emissions of a unit of bought energy, (time, 1, scenario) [Mt CO2/PJ]."""
    taken, direct = record.taken, record.direct
    found = {}
    for name, maker in SUPPLIERS.items():
        used = taken[:, CARRIERS.index(name), SECTOR]
        carried = share_of_supply(
            np, taken[:, CARRIERS.index(name)], direct[:, SECTORS.index(maker)]
        )[:, SECTOR]
        found[name] = ratio(carried, used)[:, np.newaxis]
    return found


def _refining(model: NationalModel, record: Record, whole: Taken) -> dict[str, Taken]:
    """Furnaces, drives and the rest of refining, electricity left without its emissions."""
    value = model.values.number
    green = model.chemicals.technologies(model.chemicals.fleets[REFINING]).index("green")
    heated = (
        model.parameters.chemicals.technique.energy[ELECTRICITY, REFINING, green]
        * record.flows.chemicals.output[:, REFINING, green]
    )
    drives = sum(value(f"equipment.use.refining.{name}", "1") for name in DRIVES)
    driven = drives * value("equipment.drive_share_scale", "1") * (whole.electricity - heated)
    part = value("petrochemicals.refining_furnaces", "1")
    left = whole.electricity - heated - driven
    return {
        "refining_furnaces": Taken(heated, part * whole.fuel, part * whole.emissions),
        "refining_drives": Taken(driven, 0.0 * whole.fuel, 0.0 * whole.emissions),
        "refining_rest": Taken(left, (1.0 - part) * whole.fuel, (1.0 - part) * whole.emissions),
    }
