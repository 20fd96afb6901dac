"""Simulator of sector decarbonisation pathways: stocks, flows and policies for China.

    import simulator as st
    ds = st.run("national_targets")
    both = st.compare(["current_policies", "national_targets"])
    st.milestones(ds), st.stages(ds), st.plot.emissions(ds)

Nothing is loaded before it is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from calibration.hindcast import hindcast
    from simulator.analysis.abatement import abatement_cost
    from simulator.analysis.attribute import attribute
    from simulator.analysis.seek import seek
    from simulator.analysis.seek_file import load_seek
    from simulator.analysis.sensitivity import sensitivity
    from simulator.analysis.side_by_side import compare
    from simulator.analysis.stage_content import stage_content
    from simulator.analysis.study import load_study
    from simulator.errors import (
        BalanceError,
        ScenarioError,
        SimulatorError,
        SolverError,
        UnitError,
    )
    from simulator.export import plot
    from simulator.reading.scenario import Scenario, list_scenarios, load
    from simulator.reading.sweep import load_sweep
    from simulator.results.headline import headline
    from simulator.results.life_cycle import life_cycle
    from simulator.results.published import overlay_file as overlay
    from simulator.results.scoring import score as milestones
    from simulator.results.session import Session
    from simulator.results.simulation import run
    from simulator.results.stages import stages
    from simulator.results.sweep_reading import open_sweep
    from simulator.results.writing import read_dataset as read

    __version__: str

__all__ = [
    "BalanceError",
    "Scenario",
    "ScenarioError",
    "Session",
    "SimulatorError",
    "SolverError",
    "UnitError",
    "__version__",
    "abatement_cost",
    "attribute",
    "compare",
    "headline",
    "hindcast",
    "life_cycle",
    "list_scenarios",
    "load",
    "load_seek",
    "load_study",
    "load_sweep",
    "milestones",
    "open_sweep",
    "overlay",
    "plot",
    "read",
    "run",
    "seek",
    "sensitivity",
    "stage_content",
    "stages",
]

_PLACES: Final = {
    "BalanceError": "simulator.errors:BalanceError",
    "Scenario": "simulator.reading.scenario:Scenario",
    "ScenarioError": "simulator.errors:ScenarioError",
    "Session": "simulator.results.session:Session",
    "SimulatorError": "simulator.errors:SimulatorError",
    "SolverError": "simulator.errors:SolverError",
    "UnitError": "simulator.errors:UnitError",
    "abatement_cost": "simulator.analysis.abatement:abatement_cost",
    "attribute": "simulator.analysis.attribute:attribute",
    "compare": "simulator.analysis.side_by_side:compare",
    "headline": "simulator.results.headline:headline",
    "hindcast": "calibration.hindcast:hindcast",
    "life_cycle": "simulator.results.life_cycle:life_cycle",
    "list_scenarios": "simulator.reading.scenario:list_scenarios",
    "load": "simulator.reading.scenario:load",
    "load_seek": "simulator.analysis.seek_file:load_seek",
    "load_study": "simulator.analysis.study:load_study",
    "load_sweep": "simulator.reading.sweep:load_sweep",
    "milestones": "simulator.results.scoring:score",
    "open_sweep": "simulator.results.sweep_reading:open_sweep",
    "overlay": "simulator.results.published:overlay_file",
    "plot": "simulator.export.plot:",
    "read": "simulator.results.writing:read_dataset",
    "run": "simulator.results.simulation:run",
    "seek": "simulator.analysis.seek:seek",
    "sensitivity": "simulator.analysis.sensitivity:sensitivity",
    "stage_content": "simulator.analysis.stage_content:stage_content",
    "stages": "simulator.results.stages:stages",
}
"""Where each public name lives: module, and attribute unless it is the module itself."""


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Load a public name when it is first used."""
    if name == "__version__":
        found: Any = import_module("simulator.version").code_version()
    elif name in _PLACES:
        module, _, attribute = _PLACES[name].partition(":")
        found = import_module(module)
        found = getattr(found, attribute) if attribute else found
    else:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__})
