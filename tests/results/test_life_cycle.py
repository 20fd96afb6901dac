"""Cards of products: the printed tables at their base year, and how a run changes them."""

import numpy as np
import pytest
import xarray as xr

import simulator
from simulator.dimensions import CARRIERS, SECTORS
from simulator.errors import ScenarioError
from simulator.reading.parameters import load_parameters
from simulator.results.axes import PURCHASED
from simulator.results.life_cycle import STAGES, life_cycle, products
from simulator.results.quantities import load_labels

YEARS = np.arange(2015, 2036)


@pytest.fixture(scope="module")
def run():
    return simulator.run(
        simulator.load("national_targets").replace({"horizon.end": 2045}), "batch"
    )


@pytest.fixture
def plain_world() -> xr.Dataset:
    """Electricity of 0.5 t/MWh for ever; steel of 2 t/t, everything else without carbon."""
    shape = (len(YEARS), len(SECTORS))
    energy = xr.DataArray(np.ones((*shape, len(CARRIERS))), dims=("time", "sector", "carrier"))
    emissions = np.zeros(shape)
    emissions[:, SECTORS.index("power")] = 0.5 / 3.6 * len(SECTORS)
    materials = np.zeros((len(YEARS), len(PURCHASED)))
    materials[:, PURCHASED.index("steel")] = 2.0
    return xr.Dataset(
        {
            "final_energy": energy,
            "transformation_input": 0.0 * energy,
            "emissions": (("time", "sector"), emissions),
            "material_footprint": (("time", "purchased"), materials),
            "battery_footprint": ("time", np.zeros(len(YEARS))),
        },
        {
            "time": YEARS, "sector": list(SECTORS), "carrier": list(CARRIERS),
            "purchased": list(PURCHASED),
        },
    )  # fmt: skip


# --- printed tables ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "printed"),
    [
        ("materials", 3769.03), ("manufacture", 72.60), ("transport", 0.045),
        ("use", 465_000.0), ("recycling", 24.20),
    ],
)  # fmt: skip
def test_the_transformer_of_the_document(run, stage, printed):
    card = life_cycle(run, "transformer", 2020, projected=False)
    assert float(card["emissions"].sel(stage=stage)) == pytest.approx(printed, rel=0.03)
    assert card.attrs["total"] == pytest.approx(468_865.88, rel=0.03)


@pytest.mark.parametrize(
    ("stage", "printed"),
    [
        ("materials", 40), ("transport", 3), ("manufacture", 5), ("use", 20),
        ("recycling", 30), ("disposal", 2),
    ],
)  # fmt: skip
def test_the_crane_of_the_document(run, stage, printed):
    card = life_cycle(run, "crane", 2020, projected=False)
    assert 100.0 * float(card["share"].sel(stage=stage)) == pytest.approx(printed, rel=0.05)


def test_vehicles_and_motors_emit_most_in_use_and_batteries_as_published(run):
    vehicle = life_cycle(run, "vehicle", 2020, projected=False)
    assert float(vehicle["share"].sel(stage="use")) == pytest.approx(0.90, rel=0.07)
    motor = life_cycle(run, "motor", 2020, projected=False)
    assert float(motor["share"].sel(stage="use")) > 0.9
    battery = life_cycle(run, "battery", 2020)["emissions"]
    made = float(battery.sel(stage=["materials", "manufacture"]).sum())
    assert 61.0 <= made <= 106.0
    assert made == pytest.approx(float(run["battery_footprint"].sel(time=2020)), rel=1e-9)


# --- arithmetic -------------------------------------------------------------------------------


def test_a_card_by_hand(plain_world):
    card = life_cycle(plain_world, "crane", 2020)
    known = {
        path.removeprefix("life_cycle.product.crane."): item.values[0]
        for path, item in load_parameters().items()
        if path.startswith("life_cycle.product.crane.")
    }
    kg = {stage: float(card["emissions"].sel(stage=stage)) for stage in STAGES}
    assert kg["materials"] == pytest.approx(2000.0 * known["materials.steel"])
    use = 500.0 * known["use.electricity"] * known["lifetime"]
    assert kg["use"] == pytest.approx(use)
    gas = load_parameters()["common.emission_factor.gas"].values[0]
    made = 500.0 * known["manufacture.electricity"] + 1e3 * gas * known["manufacture.gas"]
    assert kg["manufacture"] == pytest.approx(made)


@pytest.mark.parametrize("name", products())
def test_shares_add_up_and_labels_are_there(plain_world, name):
    card = life_cycle(plain_world, name, 2025)
    assert float(card["share"].sum()) == pytest.approx(1.0)
    assert card.attrs["total"] == pytest.approx(float(card["emissions"].sum()))
    assert (card["emissions"] >= 0).all()
    assert f"product.{name}" in load_labels()
    assert all(f"stage.{stage}" in load_labels() for stage in STAGES)


def test_with_factors_that_stay_projected_and_printed_are_the_same(plain_world):
    for name in products():
        cards = [life_cycle(plain_world, name, 2020, projected=x) for x in (True, False)]
        xr.testing.assert_allclose(*cards)


def test_a_cleaner_grid_makes_use_and_recycling_smaller(run):
    early, late = (life_cycle(run, "motor", year)["emissions"] for year in (2020, 2035))
    assert (late <= early).all()
    assert float(late.sel(stage="use")) < 0.6 * float(early.sel(stage="use"))
    printed = life_cycle(run, "motor", 2020, projected=False)["emissions"]
    assert float(early.sel(stage="use")) < float(printed.sel(stage="use"))


def test_amounts_that_the_model_knows_are_those_of_the_model():
    known = load_parameters()
    loss = known["equipment.fleets.motors.technologies.ie3.energy.electricity"].values[0]
    motor = known["life_cycle.product.motor.use.electricity"].values[0]
    assert motor == pytest.approx(22.0 * loss / 3.6, rel=1e-3)
    car = known["vehicles.fleets.cars.technologies.battery_electric.energy.electricity"]
    electric = known["life_cycle.product.car_battery_electric.use.electricity"].values[0]
    assert electric == pytest.approx(car.values[0] / 3.6, rel=1e-3)
    pack = known["vehicles.fleets.cars.technologies.battery_electric.battery_capacity"]
    bought = known["life_cycle.product.car_battery_electric.materials.battery"]
    assert bought.values == pack.values


def test_what_is_not_there_is_named(plain_world):
    with pytest.raises(ScenarioError, match="crane"):
        life_cycle(plain_world, "craine")
    with pytest.raises(ScenarioError, match="2015 to 2035"):
        life_cycle(plain_world, "crane", 2050)
    with pytest.raises(ScenarioError, match="material_footprint"):
        life_cycle(plain_world.drop_vars("material_footprint"), "crane")
