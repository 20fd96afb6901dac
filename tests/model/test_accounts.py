"""Accounts of money at a moment: each cost stands where it is paid, and once for the nation."""

from types import SimpleNamespace

import numpy as np
import pytest

from simulator.dimensions import CARRIERS, SECTORS
from simulator.equations import coal_mining
from simulator.equations.schedule import at, read_clock
from simulator.model.accounts import _rebuilding
from simulator.model.derivative import work_out
from simulator.model.flows import flows_of
from simulator.model.layout import FLEETS
from simulator.model.national import NationalModel
from simulator.model.rates import group_change
from simulator.reading.parameters import load_parameters
from simulator.reading.scenario import load

POWER = SECTORS.index("power")
MINES = SECTORS.index("coal_mining")
COAL = CARRIERS.index("coal")
HYDROGEN = CARRIERS.index("hydrogen")
ELECTRICITY = CARRIERS.index("electricity")


@pytest.fixture(scope="module")
def model():
    return NationalModel([load("current_policies").resolved])


@pytest.fixture(scope="module")
def state(model):
    return model.initial()


@pytest.fixture(scope="module")
def day(model, state):
    p = model.parameters
    return work_out(np, read_clock(np, p.grid, np.float64(2015.5)), state, p)


def costs_of(model, state, day):
    change = group_change(np, model.parameters, state, day)
    return flows_of(np, model.parameters, state, day, change).costs


def test_rebuilding_a_plant_costs_what_the_data_say(model):
    block, row = model.parameters.fleets, FLEETS.index("clinker")
    fleets = model.layout.fleets
    arcs = [tuple(arc) for arc in fleets[row].declaration.retrofits]
    start = sum(len(fleet.declaration.retrofits) for fleet in fleets[:row])
    converted = np.zeros((len(block.brownfield.capital), 1))
    converted[start : start + len(arcs)] = 2.0
    shape = (len(FLEETS), model.layout.places, 1)
    building = SimpleNamespace(additions=np.zeros(shape), converted=converted)
    spent = _rebuilding(np, block, building)[:, 0]
    known = load_parameters()
    paths = [f"cement.technologies.{target}.retrofit_cost" for _, target in arcs]
    cost = [known[path].values[0] for path in paths if path in known]
    assert sum(cost) > 1000.0
    assert spent[row] == pytest.approx(2.0 * sum(cost))
    assert np.count_nonzero(spent) == 1


@pytest.mark.parametrize("block", ["building", "power_building"])
def test_retrofits_are_part_of_investment(model, state, day, block):
    part = getattr(day, block)
    more = part._replace(converted=part.converted + 3.0)
    before = costs_of(model, state, day).investment
    after = costs_of(model, state, day._replace(**{block: more})).investment
    tree = model.parameters.generators if block == "power_building" else model.parameters.fleets
    extra = 3.0 * tree.brownfield.capital.sum() / 1e3
    assert extra > 0.1
    assert (after - before).sum() == pytest.approx(extra, rel=1e-9)


def test_what_retail_adds_to_the_cost_of_supply_is_the_network(model, state, day):
    costs, prices = costs_of(model, state, day), day.now.prices.carriers
    made = [CARRIERS.index(name) for name in ("electricity", "heat", "hydrogen")]
    paid = (day.energy[made] * prices[made]).sum(axis=0) / 1e3
    paid = paid + day.energy[COAL] * mines(model, state, day).supply / 1e3
    network = day.energy[ELECTRICITY] * model.parameters.prices.electricity_adder / 3.6e3
    rest = np.arange(len(SECTORS)) != POWER
    np.testing.assert_allclose((paid - costs.supplied)[rest], network[rest], atol=1e-9)


def mines(model, state, day):
    p, clock = model.parameters.coal_mining, day.now.clock
    opened = coal_mining.mine_turnover(
        np, p, state.coal_mining.capacity, day.mining.by_mine, clock
    ).opened
    energy = (day.energy * day.now.prices.carriers)[:, MINES].sum(axis=0)
    return coal_mining.mining_costs(
        np, p, clock, flows=day.mining, opened=opened, energy=energy
    )


def test_coal_is_booked_with_the_mines_and_paid_once(model, state, day):
    """Users pay what mines cost and more; what they pay for it is no cost of the nation."""
    found, costs = mines(model, state, day), costs_of(model, state, day)
    assert costs.operation[MINES] == pytest.approx(found.operation / 1e3, rel=0.01)
    assert costs.investment[MINES] >= found.investment / 1e3
    assert 10.0 < float(found.supply[0]) < float(day.now.prices.power_fuels[COAL, 0])
    mining = model.parameters.coal_mining
    free = mining._replace(operation=0.0 * mining.operation)
    none = costs_of(
        SimpleNamespace(parameters=model.parameters._replace(coal_mining=free)), state, day
    )
    spent, paid = (
        float((getattr(costs, name) - getattr(none, name)).sum())
        for name in ("operation", "supplied")
    )
    assert spent == pytest.approx(float(found.operation[0]) / 1e3)
    assert spent > 400.0
    assert paid == pytest.approx(spent, rel=0.1)  # stocks and losses between mines and users


def test_equipment_is_paid_by_who_runs_it(model, state, day):
    """Twice the motors bought: all sectors with motors pay more, together their price."""
    fleet, p = FLEETS.index("motors"), model.parameters
    additions = day.building.additions.copy()
    bought = float((additions[fleet] * day.fleets.unit.capital[fleet]).sum()) / 1e3
    additions[fleet] *= 2.0
    more = day._replace(building=day.building._replace(additions=additions))
    change = costs_of(model, state, more).investment - costs_of(model, state, day).investment
    driven = p.equipment.drive_share.sum(axis=(1, 2)) > 0.0
    assert bought > 10.0
    assert change.sum() == pytest.approx(bought, rel=1e-9)
    assert (change[driven] > 0.0).all()
    np.testing.assert_allclose(change[~driven], 0.0, atol=1e-9)


PAID_BY_ALL = ("investment", "operation", "energy", "supplied")
MATERIALS_BOUGHT = {"steel"}
"""Sectors with a cost of materials: what others buy is booked with its makers."""
NOTHING_CAPTURED = {
    "coal_mining", "aluminium", "textiles", "automotive", "construction_machinery", "machinery",
    "heavy_machinery", "semiconductors", "heat_supply", "buildings", "other_transport",
    "agriculture",
}  # fmt: skip
NOTHING_EMITTED = {"semiconductors", "carbon_removal"}
"""Sectors without carbon dioxide of their own."""


def test_no_component_of_cost_is_nothing_but_by_intent(run_of):
    run = run_of("national_targets")
    zero = {
        name: {
            str(sector)
            for sector in run.sector.values
            if not np.abs(run[f"cost_{name}"].sel(sector=sector)).max() > 1e-9
        }
        for name in (
            "investment",
            "operation",
            "energy",
            "supplied",
            "material",
            "storage",
            "carbon",
        )
    }
    assert zero == {
        **{name: set() for name in PAID_BY_ALL},
        "material": set(SECTORS) - MATERIALS_BOUGHT,
        "storage": NOTHING_CAPTURED,
        "carbon": NOTHING_EMITTED,
    }


def test_hydrogen_that_plants_burn_is_paid_and_paid_to_its_makers(model, state, day):
    burnt = day.grid.burnt
    fuel = burnt.fuel.copy()
    fuel[HYDROGEN] += 5.0
    grid = day.grid._replace(burnt=burnt._replace(fuel=fuel))
    before = costs_of(model, state, day)
    after = costs_of(model, state, day._replace(grid=grid))
    price = float(day.now.hydrogen_price[0])
    assert price > 1.0
    for name in ("energy", "supplied"):
        change = (getattr(after, name) - getattr(before, name))[:, 0]
        assert change[POWER] == pytest.approx(5.0 * price / 1e3)
        assert np.count_nonzero(np.abs(change) > 1e-9) == 1


def test_ore_and_scrap_cost_what_steel_plants_are_charged(model, state, day):
    made = day.fleets.activity[FLEETS.index("steelmaking")].sum()
    costs = costs_of(model, state, day).material[:, 0]
    assert 800.0 < 1e3 * costs[SECTORS.index("steel")] / made < 2500.0
    assert np.count_nonzero(costs) == 1


@pytest.mark.parametrize(("year", "market"), [(2023.5, 0.0), (2030.5, 0.0), (2030.5, 500.0)])
def test_carbon_costs_price_times_emissions_that_are_not_free(model, state, year, market):
    """Price of policy on all of steel, what the market asks above it on the covered share."""
    p, steel = model.parameters, SECTORS.index("steel")
    clock = read_clock(np, p.grid, np.float64(year))
    dear = state._replace(market=state.market._replace(price=np.full(1, market)))
    day = work_out(np, clock, dear, p)
    known = load_parameters()
    share = known["carbon_market.coverage.steel.share"].values[0]
    path = float(at(p.prices.carbon, clock)[0])
    base = 0.0 if year < 2024 else share if year < 2025 else 1.0
    price = path * base + max(market - path, 0.0) * share * (year > 2025)
    free = float(at(p.market.free, clock)[0])
    assert 0.0 < free < 1.0
    paid = costs_of(model, dear, day).carbon[steel, 0]
    emitted = day.carbon.direct[steel, 0]
    assert emitted > 100.0
    assert paid == pytest.approx(price * emitted * (1.0 - free) / 1e3)


def test_free_allocation_of_everything_costs_nothing(state):
    scenario = load("current_policies").replace({"policies.free_allocation.schedule": 1.0})
    model = NationalModel([scenario.resolved])
    clock = read_clock(np, model.parameters.grid, np.float64(2035.5))
    day = work_out(np, clock, state, model.parameters)
    change = group_change(np, model.parameters, state, day)
    flows = flows_of(np, model.parameters, state, day, change)
    assert np.all(flows.costs.carbon == 0.0)
    assert flows.market.revenue == 0.0
