"""The model of the country: parameters, initial state, right-hand side, for any scenarios."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.errors import AssemblyError, SolverError
from simulator.model import anchoring, derivative, start
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.assembly.border import border_parameters
from simulator.model.assembly.carbon_market import market_parameters
from simulator.model.assembly.chemicals import assemble_chemicals
from simulator.model.assembly.coal_mining import assemble_coal_mining
from simulator.model.assembly.couplings import couplings
from simulator.model.assembly.economy import carbon, economy, price_parameters
from simulator.model.assembly.environment import assemble_environment
from simulator.model.assembly.equipment import equipment_parameters
from simulator.model.assembly.fleet_history import end_of_history
from simulator.model.assembly.fleets import assemble_fleets
from simulator.model.assembly.groups import assemble_groups, transition_parameters
from simulator.model.assembly.heat import heat_parameters, hydrogen_parameters
from simulator.model.assembly.heavy_machinery import assemble_heavy_machinery
from simulator.model.assembly.loops import loop_switches
from simulator.model.assembly.machine_makers import battery_life, hot_working
from simulator.model.assembly.making import GOODS, making_parameters
from simulator.model.assembly.materials import materials
from simulator.model.assembly.mobile import machinery_parameters, vehicle_parameters
from simulator.model.assembly.power import assemble_power, observed_share
from simulator.model.assembly.processes import semiconductor_parameters, textile_parameters
from simulator.model.assembly.product_prices import product_prices
from simulator.model.assembly.removal import sink_parameters, storage_parameters
from simulator.model.day import Perception
from simulator.model.layout import CHEMICALS, FLEETS, GENERATORS, layout_of
from simulator.model.packing import Packing, packed
from simulator.model.parameters import Parameters
from simulator.model.sections import Sections
from simulator.model.series import INSIDE, grid_of, later, place_on_grid
from simulator.model.start import Blocks
from simulator.model.state import Flows, State
from simulator.model.values import Values
from simulator.reading.fleets import load_fleets

FloatArray = NDArray[np.float64]
Array = Any

Observer = Callable[[float, State], Perception]
"""Gives what is perceived at a time in a state."""

START = 2015.0


class Resolved(Protocol):
    """What the model needs of a resolved scenario."""

    @property
    def parameters(self) -> Any:
        """Every parameter by its path."""

    @property
    def history(self) -> str:
        """``observed`` or ``endogenous``."""

    @property
    def history_end(self) -> int:
        """First calendar year that is not observed."""

    @property
    def end(self) -> int:
        """Last calendar year of the horizon."""


_SECTION_OF = {
    **dict.fromkeys(("in_use", "scrap", "cement", "aluminium"), "materials"),
    "routes": "chemicals",
}
"""Section that a field of the parameters comes from, where it is not its own."""


class NationalModel:
    """The model for one or many scenarios that share a horizon."""

    grid: FloatArray
    """Times at which a series bends or jumps, or that were given."""
    sections: Sections
    """What the parameters were made from."""

    def __init__(
        self,
        scenarios: Sequence[Resolved],
        grid: FloatArray | None = None,
        like: "NationalModel | None" = None,
    ) -> None:
        """Assemble the parameters.

        Parameters
        ----------
        scenarios
            Scenarios that share a horizon.
        grid
            Times that steps keep to; the knots of the scenarios unless given.
        like
            A model on the same grid; what the scenarios share with it is taken over.
        """
        self.history_end = _common_history_end(scenarios)
        """Decimal year at which observed history ends."""
        values = Values([scenario.parameters for scenario in scenarios], self.history_end)
        self.values = values
        self.endogenous = np.array(
            [float(scenario.history == "endogenous") for scenario in scenarios]
        )
        fleets = load_fleets()
        self.layout = layout_of(fleets, FLEETS)
        self.generators = layout_of(fleets, (GENERATORS,))
        self.chemicals = layout_of(fleets, CHEMICALS)
        known = None
        if like is not None and grid is not None and np.array_equal(grid, like.grid):
            same_past = self.history_end == like.history_end and bool(
                np.all(self.endogenous == like.endogenous[:1])
            )
            known = like.sections if same_past and len(like.values) == 1 else None
        self.sections = sections = Sections(values, known)
        self.groups = sections("groups", lambda: assemble_groups(values, self.endogenous))
        self._blocks = Blocks(
            fleets=sections("fleets", lambda: assemble_fleets(values, self.layout)),
            generators=sections("generators", lambda: assemble_fleets(values, self.generators)),
            groups=self.groups,
            chemicals=sections(
                "chemicals",
                lambda: assemble_chemicals(values, self.chemicals, self.groups),
                ("groups",),
            ),
            coal_mining=sections("coal_mining", lambda: assemble_coal_mining(values)),
            environment=sections("environment", lambda: assemble_environment(values)),
            heavy_machinery=sections(
                "heavy_machinery",
                lambda: assemble_heavy_machinery(values, self.groups.groups.names),
            ),
        )
        end = float(max(scenario.end for scenario in scenarios) + 1)
        tree = self._parameters(values)
        self.grid = grid_of(tree, START, end, (self.history_end,)) if grid is None else grid
        self.parameters = self._placed(tree, like)
        self._added = observed_share(values, fleets[GENERATORS])

    def _parameters(self, values: Values) -> Parameters:
        places = self.layout.places
        blocks = self._blocks
        section, fleet = self.sections, self.generators.fleets[0]
        goods = self.groups.parameters.follows[-len(GOODS) :]
        stuff = section("materials", lambda: materials(values))
        return Parameters(
            grid=np.zeros(1),
            history_end=self.history_end,
            history=later(end_of_history(self.endogenous, self.history_end)),
            economy=section("economy", lambda: economy(values)),
            prices=section("prices", lambda: price_parameters(values)),
            carbon=section("carbon", lambda: carbon(values)),
            fleets=blocks.fleets.parameters,
            generators=blocks.generators.parameters,
            chemicals=blocks.chemicals.fleets.parameters,
            routes=blocks.chemicals.routes,
            power=section("power", lambda: assemble_power(values, fleet)),
            in_use=stuff.in_use,
            scrap=stuff.scrap,
            cement=stuff.cement,
            aluminium=stuff.aluminium,
            equipment=section("equipment", lambda: equipment_parameters(values)),
            heat=section("heat", lambda: heat_parameters(values, places)),
            hydrogen=section("hydrogen", lambda: hydrogen_parameters(values, places)),
            vehicles=section("vehicles", lambda: vehicle_parameters(values, places)),
            machines=section("machines", lambda: machinery_parameters(values, places)),
            heavy_machinery=blocks.heavy_machinery.parameters,
            hot_working=section(
                "hot_working", lambda: hot_working(values, self.groups.groups.names)
            ),
            battery_life=section("battery_life", lambda: battery_life(values)),
            making=section("making", lambda: making_parameters(values, goods), ("groups",)),
            groups=self.groups.parameters,
            transitions=section("transitions", lambda: transition_parameters(values)),
            coal_mining=blocks.coal_mining.parameters,
            textiles=section("textiles", lambda: textile_parameters(values)),
            semiconductors=section("semiconductors", lambda: semiconductor_parameters(values)),
            environment=blocks.environment.parameters,
            storage=section("storage", lambda: storage_parameters(values)),
            sinks=section("sinks", lambda: sink_parameters(values)),
            market=section(
                "market", lambda: market_parameters(values, self.generators.technologies(fleet))
            ),
            border=section("border", lambda: border_parameters(values)),
            product_prices=section(
                "product_prices", lambda: product_prices(values, self.groups.groups)
            ),
            couplings=section(
                "couplings",
                lambda: couplings(
                    values, self.layout, self.groups, blocks.coal_mining, blocks.fleets
                ),
                ("groups", "coal_mining", "fleets"),
            ),
            loops=section("loops", lambda: loop_switches(values)),
        )

    def _placed(self, tree: Parameters, like: "NationalModel | None") -> Parameters:
        """Put the series on the grid; those of sections taken over are there already."""
        fields = {}
        for name in tree._fields:
            section = _SECTION_OF.get(name, name)
            if like is not None and section in self.sections.taken_over:
                fields[name] = getattr(like.parameters, name)
            else:
                fields[name] = place_on_grid(getattr(tree, name), self.grid)
        return Parameters(**fields)._replace(grid=self.grid)

    def part(self, columns: slice, parameters: Parameters) -> "NationalModel":
        """The model of some of its scenarios, to carry on from a state that is known.

        Parameters
        ----------
        columns
            Which scenarios.
        parameters
            Theirs.
        """
        chosen = copy(self)
        chosen.values = self.values.part(columns)
        chosen.endogenous = self.endogenous[columns]
        chosen.parameters = parameters
        wide = self._added.shape[-1] > 1
        chosen._added = self._added[..., columns] if wide else self._added  # noqa: SLF001
        return chosen

    def observe(self, time: float, state: State) -> Perception:
        """What people would perceive if they perceived at once."""
        return derivative.observe(FAST_NUMPY, np.float64(time), state, self.parameters)

    def initial(self, observe: Observer | None = None) -> State:
        """State on 1 January of the first year.

        Perceived prices and costs start at their values of that day, which need a state
        themselves: three evaluations settle them.

        Parameters
        ----------
        observe
            Another way to observe; `self.observe` unless given.
        """
        state = self.cold_start()
        self.refuse_what_is_not_finite(state)
        for _ in range(3):
            seen = (observe or self.observe)(START + INSIDE, state)
            state = start.settled(state, seen, self._blocks)
        self.refuse_what_is_not_finite(state)
        return state

    def refuse_what_is_not_finite(self, state: State) -> None:
        """Raise SolverError where a stock is not finite at the start."""
        bad = np.flatnonzero(~np.isfinite(packed(state)))
        if len(bad):
            where = self.describe(Packing.of(state).name_of(int(bad[0])))
            message = (
                f"{where} is not finite at the start: look at the parameters of that sector"
                " that the scenario sets"
            )
            raise SolverError(message)

    def cold_start(self) -> State:
        """State before anybody has perceived a price."""
        return start.cold_start(self.values, self._blocks, self.parameters)

    def evaluate(self, time: float, state: State) -> tuple[State, Flows]:
        """Rates of change and flows at a time inside an interval of the grid."""
        return derivative.evaluate(FAST_NUMPY, np.float64(time), state, self.parameters)

    def jump(self, time: float, state: State, observe: Observer | None = None) -> State:
        """At the end of observed history preferences are set so that choice continues it."""
        if time != self.history_end:
            return state
        state = anchoring.referred(state)
        seen = (observe or self.observe)(time - INSIDE, state)
        return anchoring.anchored(
            state, seen, self.parameters, observed=1.0 - self.endogenous, added=self._added
        )

    def describe(self, name: str) -> str:
        """Sector and technology behind an element of the state or the flows."""
        where, _, place = name.partition("[")
        numbers = [int(n) for n in place.rstrip("]").split(", ")] if place else []
        layouts = {
            "fleets": self.layout,
            "generators": self.generators,
            "chemicals": self.chemicals,
        }
        layout = layouts.get(where.split(".")[0])
        if layout is not None and len(numbers) >= 3:
            fleet = layout.fleets[numbers[-3]]
            technologies = layout.technologies(fleet)
            if numbers[-2] < len(technologies):
                sector = fleet.declaration.sector
                return f"{where} of {fleet.name}, {technologies[numbers[-2]]} (sector {sector})"
        return name


def _common_history_end(scenarios: Sequence[Resolved]) -> float:
    """End of observed history, which scenarios that run together share."""
    found = {float(scenario.history_end) for scenario in scenarios}
    if len(found) > 1:
        message = f"scenarios of one model end their history in one year, found {sorted(found)}"
        raise AssemblyError(message)
    return found.pop()
