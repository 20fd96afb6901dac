"""The registry of outputs: complete, readable, and every equation that it names exists."""

import ast
from pathlib import Path

import pytest

from simulator.dimensions import CARRIERS, POLLUTANTS, SECTORS
from simulator.results.quantities import label, load_labels, load_quantities
from simulator.units import parse

ROOT = Path(__file__).parents[1]
QUANTITIES = load_quantities()
PROMISED = """
emissions emissions_scope2 emissions_scope3_upstream emissions_scope3_downstream
emissions_gross emissions_net emissions_process carbon_captured sink emissions_by_fuel methane
pollutants activity capacity additions retirements retrofits utilisation mean_age final_energy
electrification_share efficiency_mix equipment_factor generation power_capacity
grid_carbon_intensity thermal_carbon_intensity electricity_demand carbon_price scrap_available
scrap_used in_use_stock cost_investment cost_operation cost_energy cost_carbon cbam_cost gdp
population stage
""".split()  # noqa: SIM905
DIMENSIONS = {
    "time", "sector", "technology", "generator", "carrier", "equipment", "efficiency_class",
    "pollutant", "material", "purchased", "vehicle", "heavy_family", "heavy_class",
    "heavy_user", "process_stage", "mine_type", "mine_source",
    "waste_route", "waste_source", "water_service",
    "hot_stage", "battery_stage", "machine_stage", "mandate", "chemical",
}  # fmt: skip
METHODS = {
    "flow": {"time: sum", "time: mean"},
    "stock": {"time: point"},
    "ratio": {"time: mean", "time: point"},
}


def test_every_promised_variable_is_registered():
    assert set(PROMISED) <= set(QUANTITIES)


@pytest.mark.parametrize("name", QUANTITIES)
def test_a_row_is_complete_and_sound(name):
    quantity = QUANTITIES[name]
    assert name.isidentifier()
    assert name == name.lower()
    assert quantity.dims[0] == "time"
    assert set(quantity.dims) <= DIMENSIONS
    assert quantity.cell_method in METHODS.get(quantity.kind, {"time: mean", "time: point"})
    for text in (quantity.long_name, quantity.long_name_zh, quantity.description):
        assert text.strip() == text
        assert text
    assert any("\u4e00" <= sign <= "\u9fff" for sign in quantity.long_name_zh)


@pytest.mark.parametrize("name", QUANTITIES)
def test_the_unit_can_be_read(name):
    quantity = QUANTITIES[name]
    attributes = quantity.attributes()
    parse(attributes["units"])
    if quantity.unit_coordinate:
        assert quantity.unit_coordinate.removesuffix("_unit") in quantity.dims
        assert attributes["units_coordinate"].startswith(quantity.unit_coordinate)


@pytest.mark.parametrize("name", QUANTITIES)
def test_the_equation_exists(name):
    module, _, function = QUANTITIES[name].equation.partition(":")
    path = ROOT / (module.replace(".", "/") + ".py")
    assert path.is_file(), module
    tree = ast.parse(path.read_text("utf-8"))
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert function in defined


def test_every_axis_has_labels_in_both_languages():
    catalogue = load_labels()
    for group, keys in (("sector", SECTORS), ("carrier", CARRIERS), ("pollutant", POLLUTANTS)):
        for key in keys:
            assert f"{group}.{key}" in catalogue
    assert all(en and zh for en, zh in catalogue.values())
    assert label("sector", "steel", "zh") == "钢铁"
    assert label("technology", "cars.hybrid", "en") == "Hybrid"
    assert label("technology", "no_such_thing", "en") == "no such thing"


def test_labels_are_unique_within_an_axis():
    seen: dict[str, set[str]] = {}
    for key, (en, _) in load_labels().items():
        group = key.split(".")[0]
        assert en not in seen.setdefault(group, set()), key
        seen[group].add(en)
