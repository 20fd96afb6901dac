"""What a technology or a fleet has by default can be set for it alone."""

import pytest

from simulator.errors import ScenarioError
from simulator.reading.changes import changes
from simulator.reading.defaults import declared
from simulator.reading.explain import explain
from simulator.reading.library import Library
from simulator.reading.scenario import load

BAN = "steel.technologies.blast_furnace.ban"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (BAN, 9999.0),
        ("steel.fleets.steelmaking.technologies.blast_furnace.ramp", 0.25),
        ("steel.fleets.steelmaking.technologies.scrap_eaf.lifetime", 25.0),
        ("steel.fleets.steelmaking.discount_rate", 0.08),
        ("steel.technologies.scrap_eaf.lifetime", 25.0),
    ],
)
def test_a_number_falls_back_on_its_default(path: str, value: float, library: Library) -> None:
    found = declared(library).get(path)
    assert found is not None
    assert (found.path, found.values) == (path, (value,))


@pytest.mark.parametrize(
    "path",
    [
        "steel.technologies.blast_furnce.ban",
        "steel.fleets.steelmakin.discount_rate",
        "power.technologies.blast_furnace.ban",
        "steel.technologies.blast_furnace.lifetime",
        "steel.technologies",
        "steel.fleets.steelmaking",
        "",
    ],
)
def test_a_default_needs_a_declared_fleet_and_technology(path: str, library: Library) -> None:
    assert declared(library).get(path) is None


def test_a_scenario_sets_a_default_for_one_technology(library: Library) -> None:
    base = load("base", library)
    assert BAN not in base.resolved.parameters
    changed = base.replace({f"parameters.{BAN}": "stage.transition"})
    assert changed.resolved.parameters[BAN].values == (2030.0,)
    assert BAN in changed.resolved.parameters
    assert len(changed.resolved.parameters) == len(base.resolved.parameters) + 1
    assert [origin.file for origin in changed.resolved.parameters[BAN].chain] == [
        "simulator/data/common/technology_defaults.csv",
        "<replace>",
    ]
    found = {change.path: change for change in changes(base.resolved, changed.resolved)}
    assert (found[BAN].before, found[BAN].after) == (((), (9999.0,)), ((), (2030.0,)))
    assert [change.path for change in changes(changed.resolved, base.resolved)] == [BAN]
    assert explain(BAN, None, library).chain[0].file.endswith("technology_defaults.csv")


def test_a_misspelt_technology_is_refused(library: Library) -> None:
    with pytest.raises(ScenarioError, match="unknown parameter"):
        load("base", library).replace({"parameters.steel.technologies.blast.ban": 2030})
