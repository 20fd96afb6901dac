"""Prices of products as arrays."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.equations.product_price import (
    PRODUCTS,
    ProductPriceParameters,
    ProductPriceState,
)
from simulator.model.assembly.groups import Groups
from simulator.model.values import Values, stack

FOLDER: Final = "product_price"

FloatArray = NDArray[np.float64]


CHEMICALS: Final = "petrochemicals"
"""Sector whose plain groups answer to their price, but for those that follow a fuel."""


def answering(groups: Groups) -> list[int]:
    """Places of the plain groups whose demand answers to their price."""
    return [
        place
        for place, declared in enumerate(groups.declarations)
        if declared.sector == CHEMICALS and not declared.follows
    ]


def product_prices(values: Values, groups: Groups) -> ProductPriceParameters:
    """Market prices, and the weight of materials in machines."""
    places = answering(groups)
    return ProductPriceParameters(
        level=values.table([f"{FOLDER}.level.{name}" for name in PRODUCTS], "CNY/t"),
        perception_time=values.number(f"{FOLDER}.perception_time", "yr"),
        groups=np.array(places),
        group_place=np.eye(len(groups.names))[:, places],
        group_elasticity=values.number(f"{FOLDER}.chemicals.elasticity", "1"),
        energy_share=values.number(f"{FOLDER}.chemicals.energy_share", "1"),
        machinery_share=stack([_machinery_share(values, name) for name in PRODUCTS]),
    )


def _machinery_share(values: Values, product: str) -> FloatArray:
    """Share of a product in the cost of a machine; machines hold no cement."""
    path = f"{FOLDER}.machinery_share.{product}"
    return values.number(path, "1") if values.has(path) else np.zeros(1)


def product_price_state(groups: Groups) -> ProductPriceState:
    """Stocks before anybody has perceived a cost."""
    products, energy = np.zeros((len(PRODUCTS), 1)), np.zeros((len(answering(groups)), 1))
    return ProductPriceState(products, products, energy, energy)
