"""Reads one number off a run: an expression in a year, a mean stock, a product's output."""

from typing import NamedTuple

import xarray as xr

from calibration.factors import boundaries
from simulator.dimensions import BASE_YEAR
from simulator.results.expression import evaluate

HEAT = "emissions[sector=heat_supply] / sum(final_energy[carrier=heat])"
"""Emissions of purchased heat [Mt CO2/PJ]."""


class Run(NamedTuple):
    """A run of one scenario."""

    dataset: xr.Dataset

    def at(self, text: str, year: int = BASE_YEAR) -> float:
        """Evaluate an expression in a year."""
        return float(evaluate(text, self.dataset).sel(time=year))

    def delivered(self, year: int = BASE_YEAR) -> float:
        """Emissions of electricity that users receive [t CO2/MWh].

        Documents count the cleaning of flue gas among plants' own use.
        """
        cleaning = "stage_electricity[process_stage=environmental_protection.flue_gas]"
        received = f"(sum(electricity_demand) - {cleaning})"
        return self.at(f"emissions[sector=power] / {received}", year)

    def stock(self, fleet: str, technology: str, year: int = BASE_YEAR) -> float:
        """Mean capacity of a year."""
        return self.at(f"mean_capacity[fleet={fleet}, technology={technology}]", year)

    def made(self, fleet: str, technology: str, year: int) -> float:
        """Output of a technology: utilisation times the mean capacity of the year."""
        used = self.at(f"utilisation[fleet={fleet}, technology={technology}]", year)
        return used * self.stock(fleet, technology, year)


def fibres(run: Run, year: int = BASE_YEAR) -> float:
    """Emissions of makers of chemical fibres, with bought electricity and heat [Mt CO2/yr]."""
    known = boundaries()
    return (
        known["textiles.fibres_fuel_emissions"]
        + known["textiles.fibres_electricity"] * run.delivered(year)
        + known["textiles.fibres_heat"] * run.at(HEAT, year)
    )
