"""BPTK-Py: the model in its Python language, one element for each number.

Run by its Python engine, or with ``--rust`` by its compiled one. The compiled one is kept
loaded and given the constants of each scenario, as BPTK's server does with scenarios.

A sum that is subtracted, and the two sides of a power, are elements of their own: the Python
engine writes expressions as text and leaves the brackets of sums and powers out.
"""

import logging
import sys
from collections.abc import Callable, Iterable
from typing import Any

from tests.benchmarks.peers.chain import (
    ADJUSTMENT_TIME,
    CLASSES,
    END,
    EULER_STEP,
    FLEETS,
    KNOTS,
    PRICE,
    START,
    TECHNOLOGIES,
    numbers,
    scenario,
)
from tests.benchmarks.peers.measuring import Measuring

Element = Any

LAST = str(float(END))
"""How the compiled engine names the last moment."""


def model_and_stocks() -> tuple[Any, list[str]]:
    """The model, and its stocks in the order in which they are compared."""
    from BPTK_Py import Model  # noqa: PLC0415 - may be missing, and is measured apart
    from BPTK_Py import sd_functions as sd  # noqa: PLC0415

    model = Model(starttime=float(START), stoptime=float(END), dt=EULER_STEP, name="chain")
    given = numbers()

    def constant(name: str, value: float) -> Element:
        element = model.constant(name)
        element.equation = float(value)
        return element

    def converter(name: str, equation: Element) -> Element:
        element = model.converter(name)
        element.equation = equation
        return element

    def path(name: str, values: Iterable[float]) -> Element:
        model.points[name] = [[float(x), float(y)] for x, y in zip(KNOTS, values, strict=True)]
        return converter(f"{name}_path", sd.lookup(sd.time(), name))

    price = constant("price_factor", 1.0) * path("price", PRICE)
    price = converter("carbon_price", price)
    dislike = converter("dislike_of_cost", -1.0 * constant("exponent", 4.0))
    adjustment = constant("adjustment_time", ADJUSTMENT_TIME)
    capacities: dict[tuple[int, int, int], str] = {}
    experiences: dict[tuple[int, int], str] = {}
    for fleet in range(FLEETS):
        retiring: list[Element] = []
        weights: list[Element] = []
        held: list[Element] = []
        bought: list[Element] = []
        demand = path(f"demand_{fleet}", given.demand[fleet])
        for technology in range(TECHNOLOGIES):
            mark = f"{fleet}_{technology}"

            def value(name: str, mark: str = mark, place: Any = (fleet, technology)) -> Element:
                return constant(f"given_{name}_{mark}", getattr(given, name)[place])

            order = model.flow(f"bought_{mark}")
            experience = model.stock(f"experience_{mark}")
            experience.initial_value = float(given.experience[fleet, technology])
            experience.equation = order
            experiences[fleet, technology] = experience.name
            floor = value("capital_floor")
            doubled = converter(f"relative_experience_{mark}", experience / value("experience"))
            steepness = converter(f"steepness_{mark}", -1.0 * value("learning_exponent"))
            gained = doubled**steepness
            cost = converter(
                f"cost_{mark}",
                floor + (value("capital") - floor) * gained
                + value("running") + price * value("emissions"),
            )  # fmt: skip
            weights.append(converter(f"weight_{mark}", value("share_weight") * cost**dislike))
            lifetime = value("lifetime")
            arriving = order
            for age in range(CLASSES):
                stock = model.stock(f"capacity_{age}_{mark}")
                stock.initial_value = float(given.capacity[fleet, technology]) / CLASSES
                leaving = model.flow(f"ageing_{age}_{mark}")
                leaving.equation = stock * CLASSES / lifetime
                stock.equation = arriving - leaving
                arriving = leaving
                held.append(stock)
                capacities[age, fleet, technology] = stock.name
            retiring.append(arriving)
            bought.append(order)
        total = converter(f"weights_{fleet}", added(weights))
        capacity = converter(f"capacity_{fleet}", added(held))
        wanted = added(retiring) + (demand - capacity) / adjustment
        orders = converter(f"orders_{fleet}", sd.max(wanted, 0.0))
        for order, weight in zip(bought, weights, strict=True):
            order.equation = orders * weight / total
    ordered = [capacities[key] for key in sorted(capacities)]
    return model, ordered + [experiences[key] for key in sorted(experiences)]


def added(terms: list[Element]) -> Element:
    """Sum of elements."""
    total = terms[0]
    for term in terms[1:]:
        total = total + term
    return total


def by_python(model: Any, stocks: list[str]) -> Callable[..., list[float]]:
    """A run by the engine in Python."""

    def run(place: int, _: int = 1) -> list[float]:
        chosen = scenario(place)
        model.constants["price_factor"].equation = chosen.price_factor
        model.constants["exponent"].equation = chosen.exponent
        model.reset_cache()
        found = model.simulate(stocks, backend="python")
        return [float(found[name].iloc[-1]) for name in stocks]

    return run


def by_rust(model: Any, stocks: list[str]) -> Callable[..., list[float]]:
    """A run by the compiled engine."""
    return of_loaded(compiled(model), stocks)


def compiled(model: Any) -> Any:
    """The model in the compiled engine."""
    from BPTK_Py._rust_engine import RustSdEngine  # noqa: PLC0415

    return RustSdEngine().load_model(model.to_json())


def of_loaded(loaded: Any, stocks: list[str]) -> Callable[..., list[float]]:
    """A run of a model in the compiled engine, for some of its stocks."""

    def run(place: int, _: int = 1) -> list[float]:
        chosen = scenario(place)
        loaded.set_constant("price_factor", chosen.price_factor)
        loaded.set_constant("exponent", chosen.exponent)
        found = loaded.simulate(stocks)
        return [found[name][LAST] for name in stocks]

    return run


def main() -> None:
    """Measure."""
    rust = "--rust" in sys.argv
    if rust:
        sys.argv.remove("--rust")
    logging.disable(logging.CRITICAL)
    name = "Rust" if rust else "Python"
    measuring = Measuring(f"BPTK-Py, {name}", "Euler", EULER_STEP)
    import BPTK_Py  # noqa: PLC0415

    with measuring.ready():
        model, stocks = model_and_stocks()
        run = (by_rust if rust else by_python)(model, stocks)
        run(0)
    measuring.single(run)
    measuring.sweep(run)
    if rust:
        measuring.sweep(of_loaded(compiled(model), stocks[:1]), name="one stock read")
    measuring.hand_over(version=BPTK_Py.__version__)


if __name__ == "__main__":
    main()
