"""Printed numbers: the table is whole, agrees with the facts, and every verdict can fail."""

import csv
import math
from collections import Counter

import pytest
import xarray as xr
from numpy.testing import assert_allclose

from calibration.documents import VERDICTS, Document, beside, documents
from calibration.factors import boundaries, coal_rate, plateau, rows, transformer_saving
from calibration.nation_side import INDUSTRY, counted
from calibration.reading_runs import Run
from calibration.users_side import MACHINES
from simulator.dimensions import SECTORS
from simulator.interface.printed import allowed, as_printed
from simulator.reading.library import shipped
from simulator.reading.sources import load_sources
from simulator.units import check, convert

TABLES = {
    "petrochemicals.": 11,
    "aluminium.": 11,
    "cement.": 26,
    "coal_mining.": 10,
    "textiles.": 9,
    "construction_machinery.hc_": 12,
    "construction_machinery.making_": 8,
    "equipment.ie": 5,
    "equipment.transformers": 3,
    "equipment.transformer_card_": 5,
    "heavy_machinery.crane_card_": 6,
    "vehicles.battery_making_": 4,
    "vehicles.use": 2,
    "power.": 11,
}
"""Rows that the tables of the documents have, by the beginning of their key."""

UNREPRESENTED: set[str] = set()
"""Numbers without a counterpart; another that loses its counterpart is an error."""

DIFFERENT = {
    "nation.coal_share_fall", "power.thermal_ratio", "coal_mining.emissions_2019",
    "steel.furnace_share",
    "petrochemicals.sector", "equipment.label_claim", "power.use_services_homes",
}  # fmt: skip
"""Rows whose number follows from their facts in another way than by its unit."""


@pytest.fixture(scope="module")
def run(run_of) -> xr.Dataset:
    return run_of("current_policies")


@pytest.fixture(scope="module")
def found(run: xr.Dataset) -> dict[str, Document]:
    return {line.key: line for line in documents(run)}


def facts() -> dict[str, dict[str, str]]:
    path = shipped().scenarios / "catalogue" / "facts.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["id"]: row for row in csv.DictReader(stream)}


def row(**cells: str) -> dict[str, str]:
    blank = dict.fromkeys(rows("documents.csv")[0], "")
    return blank | {"key": "x", "facts": "grid_intensity_2021"} | cells


def test_the_tables_are_whole(found: dict[str, Document]) -> None:
    counts = Counter(
        beginning for key in found for beginning in TABLES if key.startswith(beginning)
    )
    assert dict(counts) == TABLES
    assert len(found) == len(rows("documents.csv"))


def test_every_row_can_be_read_and_judged(found: dict[str, Document]) -> None:
    sources, known = load_sources(), facts()
    for line in found.values():
        assert line.en
        assert line.zh
        assert line.en != line.zh
        assert line.source in sources
        assert line.where
        assert line.verdict in VERDICTS
        assert set(line.facts) <= set(known), line.key
        assert line.used_as == tuple(known[name]["used_as"] for name in line.facts)
        check(line.unit)
        ranged = line.low is not None or line.high is not None
        assert ranged is math.isnan(line.document), line.key
        assert ranged is (line.tolerance is None), line.key
        assert line.tolerance is None or 0.0 < line.tolerance <= 0.5, line.key


def printed(fact: dict[str, str], year: int | None) -> list[float]:
    """Read the number of a fact or the ends of its range; of a table, the cell of a year."""
    cells = dict(cell.split("=") for cell in fact["value"].split("; ") if "=" in cell)
    text = cells.get(str(year), "") if cells else fact["value"]
    return [float(word) for word in text.split("..")] if text else []


def test_printed_numbers_are_those_of_their_facts(found: dict[str, Document]) -> None:
    known, compared = facts(), 0
    for line in found.values():
        fact = known[line.facts[0]]
        expected = printed(fact, line.year)
        if line.key in DIFFERENT or not expected:
            continue
        expected = [convert(end, fact["unit"], line.unit) for end in expected]
        there = (line.low, line.high, None if line.low or line.high else line.document)
        for value in (value for value in there if value is not None):
            assert min(abs(value / end - 1) for end in expected) < 1e-3, line.key
        compared += 1
    assert compared > 90


def test_what_is_missed_says_why_in_both_languages(found: dict[str, Document]) -> None:
    for key, line in found.items():
        texts = (line.reason_en, line.reason_zh)
        assert all(texts) is (line.verdict != "met"), key
        assert any(texts) is all(texts), key
    known = row(value="200", tolerance="0.02", reason_en="because", reason_zh="因为")
    assert beside(known, 230.0).reason_en == "because"
    assert beside(known, 201.0).reason_zh == ""


def test_what_data_contradict_agrees_with_the_data(found: dict[str, Document]) -> None:
    """A row that names an observation is contradicted, not missed: the model agrees with it."""
    sources = load_sources()
    named = [line for line in found.values() if line.observation is not None]
    assert len(named) == 20
    for line in named:
        against = line.observation
        assert against is not None
        assert line.verdict == "contradicted", (line.key, against)
        assert abs(against.error) <= against.tolerance <= 0.1, line.key
        assert against.source in sources
        assert against.where
        check(against.unit)
        assert against.value != line.document, line.key


def test_a_number_is_missed_where_the_model_is_off_the_observation_too() -> None:
    line = row(
        value="200", tolerance="0.02", observed="3", observed_unit="PJ/yr",
        observed_tolerance="0.1", observed_source="nbs_energy_2020", observed_where="table",
    )  # fmt: skip
    assert beside(line, 230.0, 3.2).verdict == "contradicted"
    assert beside(line, 230.0, 3.4).verdict == "missed"
    assert beside(line, 230.0, 2.6).verdict == "missed"
    assert beside(line, 230.0).verdict == "missed"
    assert beside(line, 201.0, 9.0).verdict == "met"
    assert not beside(line, 230.0, 3.2).met
    same = line | {"observed": "231"}
    assert beside(same, 230.0).verdict == "contradicted"


def test_contradicted_numbers_fall_to_missed_when_the_run_leaves_the_data(
    run: xr.Dataset, found: dict[str, Document]
) -> None:
    """Each standing can fail: what it rests on is moved by a fifth, and it is lost."""
    places = {
        "final_energy": {"sector": "coal_mining"},
        "electricity_demand": {"sector": ["coal_mining", "agriculture", "machinery"]},
        "methane": {"sector": "coal_mining"},
        "emissions_by_fuel": {"carrier": "coal"},
        "emissions": {"sector": "cement"},
    }
    changed = run.copy(deep=True)
    for name, place in places.items():
        changed[name].loc[place] *= 1.2
    later = {line.key: line.verdict for line in documents(changed)}
    lost = {
        key for key, line in found.items()
        if line.verdict == "contradicted" and later[key] == "missed"
    }  # fmt: skip
    assert lost >= {
        "coal_mining.coal_share", "coal_mining.electricity_share", "coal_mining.oil_gas_share",
        "coal_mining.emissions_2019", "coal_mining.methane_share", "power.use_primary",
        "nation.coal_chain", "cement.kiln_process", "cement.kiln_total",
        "machinery.industry_share",
    }  # fmt: skip


def test_nothing_else_is_without_counterpart(found: dict[str, Document]) -> None:
    lost = {key for key, line in found.items() if line.verdict == "not represented"}
    assert lost <= UNREPRESENTED


def test_cards_of_products_are_met(found: dict[str, Document]) -> None:
    cards = [line for key, line in found.items() if "_card" in key]
    assert len(cards) == 12
    assert {line.verdict for line in cards} == {"met"}


def test_shares_of_the_model_add_up(found: dict[str, Document]) -> None:
    for prefix, count in (("construction_machinery.hc_s", 5), ("coal_mining.", 10)):
        assert sum(key.startswith(prefix) for key in found) == count
    hydrocarbons = [found[f"construction_machinery.hc_{name}"].model for name in MACHINES]
    stages = [found[f"construction_machinery.hc_stage_{place}"].model for place in range(4)]
    carriers = [
        found[f"coal_mining.{name}_share"].model for name in ("coal", "electricity", "oil_gas")
    ]
    key = "construction_machinery.making_"
    made = [found[key + name].model for name in ("parts", "welding", "surface", "assembly")]
    burnt = [found[key + name].model for name in ("electricity", "gas", "oil", "other")]
    batteries = [f.model for name, f in found.items() if "battery_making_" in name]
    for shares in (hydrocarbons, stages, carriers, made, burnt, batteries):
        assert_allclose(sum(shares), 1.0, rtol=1e-12)


@pytest.mark.parametrize(
    ("key", "variable", "sector"),
    [
        ("vehicles.use", "final_energy", "automotive"),
        ("steel.emissions_2019", "emissions", "steel"),
        ("cement.kiln_process", "emissions", "cement"),
        ("textiles.electricity_2018", "electricity_demand", "textiles"),
        ("coal_mining.emissions_2019", "methane", "coal_mining"),
        ("construction_machinery.hc_share", "pollutants", "construction_machinery"),
    ],
)
def test_the_model_side_follows_the_run(
    run: xr.Dataset, found: dict[str, Document], key: str, variable: str, sector: str
) -> None:
    changed = run.copy(deep=True)
    changed[variable].loc[{"sector": sector}] *= 1.5
    moved = {line.key: line.model for line in documents(changed)}
    assert moved[key] > found[key].model


def test_a_number_on_the_tolerance_is_met_and_one_beyond_is_missed() -> None:
    line = row(value="200", tolerance="0.02")
    assert beside(line, 203.9).verdict == "met"
    assert beside(line, 204.1).verdict == "missed"
    assert_allclose(beside(line, 190.0).error, -0.05)
    assert beside(line, math.nan).verdict == "not represented"
    assert beside(line, math.nan).met is None


def test_a_range_is_met_within_and_missed_beyond() -> None:
    between, above, below = row(low="48", high="61"), row(low="10"), row(high="0.03")
    assert [beside(between, x).verdict for x in (47.9, 48.0, 61.0, 61.1)] == [
        "missed", "met", "met", "missed",
    ]  # fmt: skip
    assert_allclose(beside(between, 67.1).error, 0.1)
    assert_allclose(beside(between, 43.2).error, -0.1)
    assert beside(above, 10.04).met
    assert not beside(above, 9.9).met
    assert beside(below, 0.026).met
    assert not beside(below, 0.031).met
    shown = [as_printed(beside(line, 1.0)) for line in (between, above, below)]
    assert shown == ["48–61", "> 10", "< 0.03"]
    assert allowed(beside(between, 1.0), "en") == "range"
    assert allowed(beside(row(value="2", tolerance="0.02"), 1.0), "zh") == "± 2 %"


def test_energy_stands_still_when_intensity_falls_as_output_grows() -> None:
    for growth in (0.06, 0.08):
        assert_allclose((1 + growth) * (1 - plateau(growth)), 1.0, rtol=1e-14)


def test_energy_counts_as_the_statistic_does(run: xr.Dataset) -> None:
    """Electricity at the coal that plants burn for it: 33.26 and 49.8 hundred Mtce in 2020."""
    industry, nation = counted(Run(run), INDUSTRY), counted(Run(run), "|".join(SECTORS))
    assert_allclose(industry, 3326.0, rtol=0.1)
    assert_allclose(nation, 4983.0, rtol=0.1)
    fewer = run.copy(deep=True)
    fewer["electricity_demand"].loc[{"sector": "cement"}] -= 10.0
    assert_allclose(industry - counted(Run(fewer), INDUSTRY), 10.0 * coal_rate(), rtol=1e-9)


def test_refineries_and_chemicals_are_held_without_coking(found: dict[str, Document]) -> None:
    burnt_coal = 0.0946 * boundaries()["petrochemicals.coking_fuel"]
    assert 35.0 < burnt_coal < 45.0
    assert found["petrochemicals.refining"].model < 248.0 - 0.98 * burnt_coal


def test_olefins_are_held_with_steam_that_the_sector_buys(
    run: xr.Dataset, found: dict[str, Document]
) -> None:
    """Steam is a part of what heat the sector buys, less where plants use more power."""
    group = "process_stage=petrochemicals.coal_chemicals"
    half = 0.5 * Run(run).at(f"stage_emissions[{group}]")
    steam = (found["petrochemicals.coal_chemicals"].model - half) / 0.0946
    bought = Run(run).at("final_energy[sector=petrochemicals, carrier=heat]")
    assert 0.05 * bought < steam < 0.2 * bought
    other = run.copy(deep=True)
    other["stage_electricity"].loc[{"process_stage": group.split("=")[1]}] += 10.0
    less = {line.key: line for line in documents(other)}["petrochemicals.coal_chemicals"]
    fall = found["petrochemicals.coal_chemicals"].model - less.model
    assert_allclose(fall, 0.5 * 36.0 * 0.0946, rtol=1e-9)


def test_better_transformers_save_in_proportion_to_what_they_carry() -> None:
    assert_allclose(transformer_saving(5633.25), 22.392, atol=0.001)
    assert_allclose(transformer_saving(0.0), 0.0)
