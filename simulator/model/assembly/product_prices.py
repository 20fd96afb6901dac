"""Prices of products as arrays."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.equations.product_price import (
    PRODUCTS,
    ProductPriceParameters,
    ProductPriceState,
)
from simulator.model.values import Values, stack

FOLDER: Final = "product_price"

FloatArray = NDArray[np.float64]


def product_prices(values: Values) -> ProductPriceParameters:
    """Market prices, and the weight of materials in machines."""
    return ProductPriceParameters(
        level=values.table([f"{FOLDER}.level.{name}" for name in PRODUCTS], "CNY/t"),
        perception_time=values.number(f"{FOLDER}.perception_time", "yr"),
        machinery_share=stack([_machinery_share(values, name) for name in PRODUCTS]),
    )


def _machinery_share(values: Values, product: str) -> FloatArray:
    """Share of a product in the cost of a machine; machines hold no cement."""
    path = f"{FOLDER}.machinery_share.{product}"
    return values.number(path, "1") if values.has(path) else np.zeros(1)


def product_price_state() -> ProductPriceState:
    """Stocks before anybody has perceived a cost."""
    return ProductPriceState(np.zeros((len(PRODUCTS), 1)), np.zeros((len(PRODUCTS), 1)))
