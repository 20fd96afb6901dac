"""Sweeps of the fixtures as short texts, and what they are held against; for tests."""

from pathlib import Path

from simulator.reading.library import Library
from simulator.reading.resolution import Resolved
from simulator.reading.scenario import Scenario
from simulator.reading.sweep import Sweep, load_sweep

FIXTURES = Library(
    Path(__file__).parent / "reading" / "fixtures" / "scenarios",
    Path(__file__).parent / "reading" / "fixtures" / "data",
)
HEAD = "schema: 1\nname: drawn\nlabel: {en: a, zh: b}\nkeep: {variables: [emissions_net]}\n"
PRICE = "policies.carbon_price_floor.schedule"
SOLAR = "policies.renewable_build_floor.solar"
START = "policies.coal_power_phase_out.start"
LIFETIME = "steel.technologies.scrap_eaf.lifetime"
ENERGY = "steel.technologies.scrap_eaf.energy_new"


def write(folder: Path, body: str) -> Path:
    path = folder / "drawn.yaml"
    path.write_text(HEAD + body, "utf-8")
    return path


def read(folder: Path, vary: dict[str, str], body: str = "base: base\ndesign: grid\n") -> Sweep:
    """Read a sweep of the fixtures that varies what is given."""
    lines = "".join(f"  {key}: {block}\n" for key, block in vary.items())
    return load_sweep(write(folder, f"{body}vary:\n{lines}"), FIXTURES)


def same(one: Resolved, other: Resolved) -> None:
    """Check that two scenarios give a run the same, and say the same as a file."""
    assert one.digest == other.digest
    assert one.policies == other.policies
    assert one.changed_parameters == other.changed_parameters
    assert one.yaml == other.yaml
    assert one.inactive == other.inactive
    assert set(one.parameters.overrides) == set(other.parameters.overrides)
    for path, entry in one.parameters.overrides.items():
        known = other.parameters.overrides[path]
        assert (entry.times, entry.values, entry.unit) == (
            known.times, known.values, known.unit,
        )  # fmt: skip
        # The model keeps history where a policy wrote last.
        assert [place.by for place in entry.chain] == [place.by for place in known.chain]


def scheduled(base: Scenario, change: dict[float, float]) -> dict[float, float]:
    """Return the carbon price of a scenario with some years set."""
    price = base.resolved.policies["carbon_price_floor"]["schedule"]
    return dict(sorted({**dict(zip(*price, strict=True)), **change}.items()))
