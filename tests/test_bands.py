"""Outcomes beside the ranges that published pathways span.

The ranges are wide readings of the literature: national pathways of C3IAM, of the Energy Policy
Simulator, of the IEA and of the Global Carbon Budget, and the sector pathways of the Mission
Possible Partnership and of the China steel model; scrap is within a tenth of what worldsteel
expects of China, 300 Mt in 2030 and 400 Mt in 2050. They judge the model and set nothing in it.
What lies outside is named below with its reason, and nothing else may.
"""

from collections.abc import Callable

import pytest
import xarray as xr

from simulator.results.expression import evaluate

Run = Callable[[str], xr.Dataset]
Bands = dict[str, dict[int, tuple[float, float]]]

CP, NT, AC, DL = "current_policies", "national_targets", "accelerated", "delayed"

ROUTES = "capacity[fleet=steelmaking{0}]) * each(utilisation[fleet=steelmaking{0}]"
SCRAP_STEEL = "sum(each({})) / sum(each({}))".format(
    ROUTES.format(",technology=scrap_eaf"), ROUTES.format("")
)
HYDROGEN = (
    "(sum(final_energy[carrier=hydrogen]) + sum(transformation_input[carrier=hydrogen])) / 120"
)
"""Used for its energy, at 120 GJ a tonne [Mt/yr]."""

BANDS: dict[str, Bands] = {
    "emissions_gross": {
        CP: {2025: (12.0e3, 12.5e3), 2030: (10.8e3, 12.6e3), 2035: (9.6e3, 11.8e3),
             2050: (5.8e3, 8.5e3), 2060: (4e3, 7e3)},
        NT: {2025: (12.0e3, 12.5e3), 2030: (10e3, 11.6e3), 2035: (8.2e3, 10.3e3),
             2050: (2.3e3, 4e3), 2060: (0.8e3, 1.4e3)},
        AC: {2030: (8.8e3, 10.2e3), 2035: (6e3, 8e3), 2050: (1.2e3, 2.4e3),
             2060: (0.4e3, 1.2e3)},
        DL: {2030: (10.8e3, 12.8e3), 2035: (9.6e3, 12.2e3), 2050: (3.2e3, 5.5e3),
             2060: (0.8e3, 1.8e3)},
    },
    "emissions_net": {
        CP: {2060: (3e3, 6e3)}, NT: {2060: (-200, 100)}, AC: {2060: (-1500, -100)},
        DL: {2060: (-200, 300)},
    },
    "grid_carbon_intensity": {
        CP: {2030: (380, 430), 2035: (310, 370), 2050: (170, 230), 2060: (100, 160)},
        NT: {2030: (340, 390), 2035: (250, 300), 2050: (40, 80), 2060: (0, 20)},
        AC: {2030: (290, 320), 2035: (170, 200), 2050: (0, 45), 2060: (0, 10)},
        DL: {2030: (385, 430), 2050: (70, 110), 2060: (0, 20)},
    },
    "sum(generation)": {
        CP: {2030: (12e3, 13.5e3), 2050: (15.5e3, 17e3), 2060: (16e3, 18e3)},
        NT: {2030: (12e3, 13.5e3), 2050: (17e3, 19e3), 2060: (18e3, 20e3)},
        AC: {2030: (12.2e3, 14e3), 2050: (17.5e3, 19.5e3), 2060: (18.5e3, 20.5e3)},
    },
    "power_capacity[generator=onshore_wind|offshore_wind|solar_utility|solar_distributed]": {
        CP: {2035: (3300, 4200)}, NT: {2035: (3600, 4800)}, AC: {2035: (4500, 5500)},
        DL: {2035: (3200, 4200)},
    },
    "activity[sector=steel]": {
        CP: {2030: (780, 900), 2050: (640, 760), 2060: (600, 830)},
        NT: {2030: (740, 870), 2050: (560, 700)}, AC: {2030: (700, 850), 2050: (510, 650)},
    },
    "emissions[sector=steel]": {
        CP: {2030: (1000, 1350), 2060: (350, 600)}, NT: {2030: (900, 1250), 2060: (100, 350)},
    },
    "activity[sector=cement]": {
        CP: {2030: (1250, 1600), 2050: (700, 950)}, NT: {2030: (1150, 1550), 2050: (550, 800)},
    },
    SCRAP_STEEL: {
        CP: {2030: (0.15, 0.20), 2050: (0.40, 0.50)},
        NT: {2030: (0.20, 0.24), 2050: (0.50, 0.58)},
        AC: {2030: (0.23, 0.30), 2050: (0.55, 0.62)},
    },
    "scrap_available[material=steel]": {
        CP: {2030: (270, 330), 2050: (360, 440)}, NT: {2030: (270, 330), 2050: (360, 440)},
    },
    "new_energy_vehicle_share[vehicle=cars]": {
        CP: {2030: (0.65, 0.80), 2035: (0.80, 0.90)},
        NT: {2030: (0.75, 0.85), 2035: (0.88, 0.97)},
    },
    HYDROGEN: {CP: {2060: (3, 8)}, NT: {2060: (25, 70)}, AC: {2060: (25, 80)}},
    "sink - direct_air_capture": {NT: {2060: (1010, 1310)}},
    "carbon_captured": {
        CP: {2060: (0, 300)}, NT: {2060: (900, 2200)}, AC: {2060: (900, 2200)},
        DL: {2060: (1200, 2600)},
    },
}  # fmt: skip
"""Lowest and highest value by quantity, scenario and year, in the units of the data set."""

GRID, PLANTS = list(BANDS)[2], list(BANDS)[4]
OUTSIDE: dict[tuple[str, str, int], str] = {
    ("emissions_gross", NT, 2035): "wind and sun are built beyond their floor: they are cheap",
    ("emissions_gross", AC, 2035): "as above: fitted to history, investors follow cost more",
    ("emissions_net", NT, 2060): "from 2054 the cap asks for more than the price floor",
    (GRID, NT, 2035): "as above",
    (GRID, NT, 2050): "as above",
    (GRID, CP, 2050): "as above",
    (GRID, AC, 2030): "as above",
    (GRID, AC, 2035): "as above",
    (GRID, AC, 2060): "biomass with capture takes carbon out of the air",
    (GRID, DL, 2030): "at the edge: 384.99 of 385",
    (GRID, DL, 2050): "late, then as above",
    (PLANTS, NT, 2035): "beyond the floor; 434 GW were built in 2025, 330 GW a year would do",
    (PLANTS, AC, 2035): "as above",
    ("sum(generation)", AC, 2030): "at the edge",
    ("sum(generation)", NT, 2050): "at the edge; water and waste take less",
    ("emissions[sector=steel]", CP, 2060): "scrap fills half of output by then",
    ("emissions[sector=steel]", NT, 2060): "at the edge, as above",
    ("activity[sector=cement]", CP, 2050): "goods in use saturate at 50 t a person",
    ("activity[sector=cement]", NT, 2050): "as above, with 12 % less material",
    # 370 Mt are what RMI has in 2050 (60 % of 621 Mt), in 578 Mt of steel
    (SCRAP_STEEL, NT, 2050): "without new blast furnaces all scrap there is goes to furnaces",
    (SCRAP_STEEL, AC, 2050): "at the edge: young plants for hydrogen are not up for renewal",
    ("carbon_captured", CP, 2060): "power plants with capture pay at the price of the market",
    ("carbon_captured", NT, 2060): "hydrogen and scrap leave steel less to capture",
    ("carbon_captured", AC, 2060): "as above",
    ("carbon_captured", DL, 2060): "as above",
}
"""What lies outside, and why."""


def found_outside(run_of: Run) -> dict[tuple[str, str, int], float]:
    """What lies outside its band, with its value."""
    found = {}
    for metric, bands in BANDS.items():
        for scenario, years in bands.items():
            series = evaluate(metric, run_of(scenario))
            for year, (low, high) in years.items():
                value = float(series.sel(time=year))
                if not low <= value <= high:
                    found[metric, scenario, year] = value
    return found


def test_what_lies_outside_the_bands_is_named_with_its_reason(run_of: Run) -> None:
    assert set(found_outside(run_of)) == set(OUTSIDE)
    assert all(reason for reason in OUTSIDE.values())


@pytest.mark.parametrize("scenario", [CP, NT, AC, DL])
def test_no_pathway_exceeds_the_envelope_of_low_policy(run_of: Run, scenario: str) -> None:
    gross = run_of(scenario)["emissions_gross"]
    for year, ceiling in {2030: 14.3e3, 2040: 13.5e3, 2060: 8.8e3}.items():
        assert float(gross.sel(time=year)) < ceiling


@pytest.mark.parametrize(
    ("scenario", "latest"), [(CP, 2030), (NT, 2029), (AC, 2027), (DL, 2030)]
)
def test_emissions_peak_before(run_of: Run, scenario: str, latest: int) -> None:
    gross = run_of(scenario)["emissions_gross"]
    assert 2024 <= int(gross["time"][int(gross.argmax("time"))]) <= latest
