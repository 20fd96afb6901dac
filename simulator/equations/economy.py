"""Drivers of the economy and programmes that reach every sector."""

from typing import Any, NamedTuple

from simulator.equations.schedule import Clock, Schedule, at

Array = Any


class EconomyParameters(NamedTuple):
    """What drives the model from outside."""

    population: Schedule
    """() [million]."""
    income_growth: Schedule
    """Growth of the gross domestic product from year to year, () [1/yr]."""
    observed_product: Schedule
    """Gross domestic product of each observed year, () [bn CNY/yr]."""
    digital_adoption: Schedule
    """Share of users with digital energy management, () [1]."""
    digital_base: Array
    """That share in the base year, (S) [1]."""
    digital_known: Array
    """That share where history ends, (S) [1]."""
    digital_effect: Array
    """Energy saved by full adoption, (sector, S) [1]."""
    material_efficiency: Schedule
    """Share of materials in use that the same service no longer needs, () [1]."""
    collection: Schedule
    """Share of old scrap that is collected, () [1]."""


class Economy(NamedTuple):
    """Drivers now."""

    population: Array
    """(S) [million]."""
    population_growth: Array
    """(S) [1/yr]."""
    income: Array
    """Gross domestic product per person, (S) [CNY/yr]."""
    income_growth: Array
    """Growth of the gross domestic product, continuous, (S) [1/yr]."""
    digital_saving: Array
    """Energy saved since the base year, (sector, S) [1]."""
    digital_plants: Array
    """Adoption of digital control by plants since the end of history, (S) [1]."""
    material_efficiency: Array
    """(S) [1]."""
    collection: Array
    """(S) [1]."""


def economy(xp: Any, p: EconomyParameters, clock: Clock, *, gross_product: Array) -> Economy:
    """Drivers from their schedules and the state of the gross product [bn CNY/yr]."""
    population = at(p.population, clock)
    return Economy(
        population=population,
        population_growth=p.population.slope[clock.interval] / population,
        income=gross_product * 1e3 / population,
        income_growth=xp.log(1.0 + at(p.income_growth, clock)),
        digital_saving=p.digital_effect * (at(p.digital_adoption, clock) - p.digital_base),
        digital_plants=at(p.digital_adoption, clock) - p.digital_known,
        material_efficiency=at(p.material_efficiency, clock),
        collection=at(p.collection, clock),
    )
