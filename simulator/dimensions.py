"""Names of the axes and their order; the one place that lists what the model is made of.

Every array of the equations carries the scenario axis last. Stocks live on the bounds of
years (the stock at the end of year Y is the state at t = Y + 1), flows over years.
"""

from typing import Final

CARRIERS: Final = (
    "coal",
    "gas",
    "diesel",
    "gasoline",
    "other_oil",
    "lpg",
    "electricity",
    "heat",
    "hydrogen",
    "biomass",
    "waste",
    "feedstock",
)
"""Energy carriers, in the order of every carrier axis."""

SECTORS: Final = (
    "coal_mining",
    "power",
    "steel",
    "cement",
    "petrochemicals",
    "aluminium",
    "textiles",
    "automotive",
    "construction_machinery",
    "machinery",
    "heavy_machinery",
    "semiconductors",
    "environmental_protection",
    "heat_supply",
    "other_industry",
    "buildings",
    "other_transport",
    "agriculture",
    "hydrogen",
    "carbon_removal",
)
"""Reporting sectors, in the order of every sector axis."""

GROUP_STAGES: Final = {
    "coal_mining": ("underground", "open_cast", "washing"),
    "textiles": ("spinning", "weaving", "dyeing", "garments", "other"),
    "semiconductors": ("utilities", "tools", "rest"),
    "environmental_protection": ("water_supply", "sewage", "solid_waste", "flue_gas"),
}
"""Sectors whose stages of production split the energy of a plain group, and change it."""

PLANT_STAGES: Final = {
    "cement": ("quarry", "kiln", "grinding", "ready_mix"),
    "aluminium": ("bauxite", "alumina", "electrolysis", "remelting"),
    "petrochemicals": (
        "oil_gas_extraction",
        "refining_furnaces",
        "refining_drives",
        "refining_rest",
        "coal_chemicals",
        "petroleum_olefins",
        "ammonia",
        "phosphate",
        "chlor_alkali_soda",
        "calcium_carbide",
        "other_chemicals",
    ),
}
"""Sectors whose stages of production are plants of their own, with the energy of each known."""

PROCESS_STAGES: Final = GROUP_STAGES | PLANT_STAGES
"""Sectors whose energy is split over stages of production, and the stages in order."""

POLLUTANTS: Final = ("HC", "NOx", "PM")
"""Air pollutants of engines."""

ENGINE_FUELS: Final = ("gasoline", "diesel")
"""Fuels that engines of vehicles burn."""

HISTORY_END: Final = 2025.0
"""Observed series drive the model before this time, its own decisions after it.

A scenario may end its history earlier, to be held against what came after."""

BASE_YEAR: Final = 2020
"""Year in which intensities and prices are stated."""
