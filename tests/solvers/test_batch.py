"""The batch engine: as exact as its step allows, and the same bits in whatever company."""

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from simulator.errors import SolverError
from simulator.model.balances import ledger
from simulator.model.national import NationalModel
from simulator.model.values import Values
from simulator.reading.resolution import Entries, Resolved
from simulator.reading.scenario import load
from simulator.results.batches import BatchRunner, UnforeseenError
from simulator.results.dataset import variables
from simulator.solvers.batch import BatchEngine
from simulator.solvers.steps import STEPS, step_grid
from tests.conftest import SHIPPED

SMALL = 1e-3
"""Largest relative difference from the reference."""

OF_PEAK = 5e-4
"""Largest difference in parts of a variable's peak, where it is near zero."""

WHOLES = {
    "mandate_shortfall": "mandate_asked",
    "unmet_orders": None,
    "allowance_bank": "emissions_covered",
    "allowances_withheld": "emissions_covered",
    "allowances_expired": "emissions_covered",
    "compliance_gap": "emissions_covered",
}
"""What is left of a larger number, and that number, to which nearness is measured; of a share
of orders that is one. What is kept, cancelled or missing is allowances less emissions."""

LEFT = 1
"""Numbers of a scenario, of 130 000, that may be further off: what changes within days of a New
Year, where the first moment of a step counts for a month. It is the use of a plant that is idle
until a mandate binds, or a share of orders of 0.001 that a limit leaves open; which one moves
with the data, and the benchmark names it."""

EXACT = {"method": "RK45", "relative_tolerance": 1e-7, "absolute_tolerance": 1e-8}
"""The reference, tight enough to agree with the batch engine at a sixteenth of its steps; at a
tolerance of 1e-6 it is itself off where limits bind."""

PRICE = "carbon_market.price_floor"
LIFETIME = "steel.technologies.scrap_eaf.lifetime"


def scaled(base: Resolved, factors: dict[str, float], name: str = "other") -> Resolved:
    """A scenario whose parameters are multiplied from 2025 on."""
    over = dict(base.parameters.overrides)
    for path, factor in factors.items():
        entry = base.parameters[path]
        values = tuple(v * factor for v in entry.values)
        over[path] = replace(entry, values=values)
    return replace(base, name=name, parameters=Entries(base.parameters.base, over))


@cache
def base() -> Resolved:
    return load("national_targets").resolved


def run(runner: BatchRunner, scenarios: list[Resolved]) -> list[dict[str, Any]]:
    """Variables of every scenario."""
    found = []
    for batch in runner.run(scenarios):
        values = variables(batch.model, batch.record)
        found += [
            {name: array[..., column] for name, array in values.items()}
            for column in range(len(batch.scenarios))
        ]
    return found


@cache
def runner(width: int = 8) -> BatchRunner:
    probes = [scaled(base(), {PRICE: 2.0, LIFETIME: 1.1})]
    return BatchRunner(base(), probes, width)


# --- against the reference --------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", SHIPPED)
def test_every_output_is_near_the_reference_in_every_year(name):
    import simulator  # noqa: PLC0415

    fixed = simulator.run(name, engine="batch")
    exact = simulator.run(name, **EXACT)
    beyond = {}
    for key, values in exact.data_vars.items():
        if values.dtype.kind != "f":
            continue
        whole = WHOLES.get(str(key), str(key))
        size = np.abs(exact[whole]).values if whole else np.ones(values.shape)
        peak = float(np.abs(values).max())
        allowed = np.maximum(SMALL * size, max(OF_PEAK * peak, 1e-9))
        found = fixed[key].values
        for place in zip(*np.nonzero(np.abs(found - values.values) > allowed), strict=True):
            at = [str(values[d].values[i]) for d, i in zip(values.dims, place, strict=True)]
            beyond[f"{key} {at}"] = (found[place], values.values[place])
    assert len(beyond) <= LEFT, beyond


def test_halved_steps_come_nearer():
    """Where nothing jumps the method is of fourth order; bends that no knot marks are not.

    Goods in use are smooth unless demand answers to prices, which bend where a limit binds. The
    order of a method is that of each step, so a run to 2040 tells as much as one to 2060.
    """
    goods = ("steel", "cement", "aluminium")
    brief = load("national_targets").replace({"horizon.end": 2040}).resolved
    resolved = scaled(brief, {f"{good}.price_elasticity": 0.0 for good in goods})
    knots = NationalModel([resolved]).grid
    found = []
    for refine in (1, 2, 4, 8):
        grid = step_grid(knots, refine)
        engine = BatchEngine(NationalModel([resolved], grid), [{}, {}], 1)
        (block,) = engine.solve(NationalModel([resolved], grid))
        found.append(variables(block.model, block.record)["in_use_stock"])
    gaps = [float(np.abs(coarse - found[-1]).max()) for coarse in found[:-1]]
    assert gaps[0] > gaps[1] > gaps[2]


def test_books_close():
    scenarios = [scaled(base(), {PRICE: 1.0 + i / 4, LIFETIME: 1.0 + i / 80}) for i in range(5)]
    for batch in runner().run(scenarios):
        assert max(item.relative for item in ledger(batch.model, batch.record).values()) < 1e-9


# --- company ----------------------------------------------------------------------------------


def test_a_result_does_not_depend_on_company_order_or_number():
    scenarios = [
        scaled(base(), {PRICE: 1.0 + i / 3, LIFETIME: 1.0 + i / 50}) for i in range(11)
    ]
    together = run(runner(), scenarios)
    for chosen in ([4], [10, 3, 7], [*range(10, -1, -1)]):
        alone = run(runner(), [scenarios[i] for i in chosen])
        for place, number in enumerate(chosen):
            for name, values in alone[place].items():
                assert values.tobytes() == together[number][name].tobytes(), name


def test_a_shared_past_is_run_once_and_changes_nothing():
    prices = [scaled(base(), {PRICE: 1.0 + i / 3}) for i in range(3)]
    alone = BatchRunner(base(), [prices[-1]], 8)
    found = run(alone, prices)
    wide = run(runner(), prices)  # an engine that allows for other lifetimes too
    for one, other in zip(found, wide, strict=True):
        np.testing.assert_allclose(one["emissions_net"], other["emissions_net"], rtol=1e-9)


def test_scenarios_that_differ_give_different_results():
    plain, dear = run(runner(), [base(), scaled(base(), {PRICE: 3.0})])
    years = np.arange(2015, 2061)
    before = years < 2025
    assert (plain["emissions_net"][before] == dear["emissions_net"][before]).all()
    assert dear["emissions_net"][-1] < plain["emissions_net"][-1]


def test_one_scenario_of_many_is_what_the_reference_gives():
    changed = scaled(base(), {PRICE: 2.5, LIFETIME: 1.2})
    _, found = run(runner(), [base(), changed])
    from simulator.results.simulation import simulate  # noqa: PLC0415

    exact = simulate(changed).dataset["emissions_net"].values
    np.testing.assert_allclose(found["emissions_net"], exact, atol=5e-4 * exact.max())


def test_an_engine_refuses_what_it_was_not_made_for():
    with pytest.raises(SolverError, match="another grid, width or end of history"):
        list(runner().engine.solve(NationalModel([base()] * 8)))


# --- the grid of steps ------------------------------------------------------------------------


def test_knots_lie_on_the_grid_and_no_step_is_too_long():
    knots = np.array([2015.0, 2025.0, 2025.9, 2027.5, 2061.0])
    grid = step_grid(knots)
    assert set(knots) <= set(grid)
    assert (np.diff(grid) > 0).all()
    times, longest = zip(*STEPS, strict=True)
    here = np.searchsorted(times, grid[:-1] + 1e-9, side="right") - 1
    assert (np.diff(grid) <= np.array(longest)[here] + 1e-9).all()


def test_a_date_inside_a_step_keeps_the_integral():
    class Entry:
        times, values, unit = (2020.0, 2030.3, 2030.3, 2040.0), (0.0, 0.0, 1.0, 1.0), "1"

    grid = np.arange(2015.0, 2041.5, 0.5)
    schedule = Values([{"a": Entry()}]).series("a", "1").on_grid(grid)
    steps = np.diff(grid)[:, np.newaxis]
    area = float(((schedule.start + 0.5 * schedule.slope * steps) * steps).sum())
    assert area == pytest.approx(2041.0 - 2030.3)
    assert schedule.start.min() >= 0.0
    assert schedule.start.max() <= 1.0


def test_an_engine_for_some_elements_refuses_others_and_a_wider_one_takes_them():
    other = "steel.technologies.blast_furnace.lifetime"
    scenario = scaled(base(), {other: 1.1})
    probe = scaled(base(), {LIFETIME: 1.1})
    with pytest.raises(UnforeseenError):
        run(runner(), [scenario])
    (wide,) = run(BatchRunner(base(), [probe], 8, whole=True), [scenario])
    (own,) = run(BatchRunner(base(), [scenario], 8), [scenario])
    for name, values in own.items():
        np.testing.assert_allclose(wide[name], values, rtol=1e-6, atol=1e-9, err_msg=name)
