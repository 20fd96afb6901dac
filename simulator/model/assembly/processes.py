"""Textiles and semiconductors by stage: parameters and initial stocks."""

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import PROCESS_STAGES
from simulator.equations.semiconductors import SemiconductorParameters
from simulator.equations.textiles import TextileParameters
from simulator.model.series import later
from simulator.model.state import ProcessState
from simulator.model.values import Values

FloatArray = NDArray[np.float64]


def textile_parameters(values: Values) -> TextileParameters:
    """Look up the stages of textiles."""
    return TextileParameters(
        electricity_shares=_by_stage(values, "textiles", "electricity_share"),
        heat_shares=_by_stage(values, "textiles", "heat_share"),
        relocation=later(values.series("textiles.relocation", "1")),
        exposure=_by_stage(values, "textiles", "exposure"),
        dyeing=_mark("textiles", "dyeing"),
        low_liquor_saving=values.number("textiles.low_liquor_saving", "1"),
        low_liquor_target=later(values.series("textiles.low_liquor_target", "1")),
        low_liquor_base=values.number("textiles.low_liquor_base", "1"),
        low_liquor_time=values.number("textiles.low_liquor_time", "yr"),
    )


def semiconductor_parameters(values: Values) -> SemiconductorParameters:
    """Look up the parts of a semiconductor plant and its gases."""
    folder = "semiconductors"
    return SemiconductorParameters(
        electricity_shares=_by_stage(values, folder, "electricity_share"),
        fuel_shares=_by_stage(values, folder, "fuel_share"),
        utilities=_mark(folder, "utilities"),
        chiller_share=values.number(f"{folder}.chiller_share", "1"),
        thermoelectric_saving=values.number(f"{folder}.thermoelectric_saving", "1"),
        thermoelectric_adoption=later(values.series(f"{folder}.thermoelectric_adoption", "1")),
        fluorinated_base=values.number(f"{folder}.fluorinated_base", "Mt CO2e/yr"),
        abatement_base=values.number(f"{folder}.abatement_base", "1"),
        abatement_target=later(values.series(f"{folder}.abatement_target", "1")),
        abatement_time=values.number(f"{folder}.abatement_time", "yr"),
    )


def process_state(values: Values) -> ProcessState:
    """Shares at the start: dyeing as at the end of history, abatement as in the base year."""
    return ProcessState(
        low_liquor=values.number("textiles.low_liquor_base", "1"),
        abated=values.number("semiconductors.abatement_base", "1"),
    )


def _by_stage(values: Values, folder: str, name: str) -> FloatArray:
    return values.table([f"{folder}.{name}.{stage}" for stage in PROCESS_STAGES[folder]], "1")


def _mark(folder: str, stage: str) -> FloatArray:
    return np.array([[float(name == stage)] for name in PROCESS_STAGES[folder]])
