"""The model of the country: parameters, initial state, right-hand side, for any scenarios."""

from collections.abc import Callable, Sequence
from copy import copy
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from simulator.dimensions import HISTORY_END
from simulator.equations import expansion
from simulator.equations.fleet_parameters import FleetParameters, FleetState
from simulator.equations.heavy_machinery import class_shares
from simulator.errors import SolverError
from simulator.model import derivative
from simulator.model.array_namespace import FAST_NUMPY
from simulator.model.assembly.border import border_parameters, initial_exports
from simulator.model.assembly.carbon_market import market_parameters, market_state
from simulator.model.assembly.coal_mining import assemble_coal_mining
from simulator.model.assembly.couplings import couplings
from simulator.model.assembly.economy import carbon, economy, initial_economy, price_parameters
from simulator.model.assembly.equipment import equipment_parameters, equipment_state
from simulator.model.assembly.fleet_history import end_of_history
from simulator.model.assembly.fleets import Block, assemble_fleets
from simulator.model.assembly.groups import assemble_groups
from simulator.model.assembly.heat import heat_parameters, heat_state, hydrogen_parameters
from simulator.model.assembly.heavy_machinery import assemble_heavy_machinery
from simulator.model.assembly.loops import held_at_start, loop_switches
from simulator.model.assembly.machine_makers import (
    battery_life,
    battery_state,
    hot_working,
    hot_working_state,
)
from simulator.model.assembly.materials import initial_materials, materials
from simulator.model.assembly.mobile import (
    machinery_parameters,
    mobile_start,
    vehicle_parameters,
)
from simulator.model.assembly.power import assemble_power, observed_share
from simulator.model.assembly.processes import (
    process_state,
    semiconductor_parameters,
    textile_parameters,
)
from simulator.model.assembly.removal import (
    sink_parameters,
    sink_state,
    storage_parameters,
    storage_state,
)
from simulator.model.day import Perception
from simulator.model.layout import FLEETS, GENERATORS, layout_of
from simulator.model.machinery_side import carried_batteries
from simulator.model.packing import Packing
from simulator.model.parameters import Parameters
from simulator.model.replay import RightHandSide
from simulator.model.sections import Sections
from simulator.model.state import Adoption, Flows, Held, ProcessState, Society, State
from simulator.model.values import Values, grid_of, later, place_on_grid
from simulator.reading.fleets import load_fleets

FloatArray = NDArray[np.float64]
Array = Any

Observer = Callable[[float, State], Perception]
"""Gives what is perceived at a time in a state."""

START = 2015.0

NO_SALES = 1e-6
"""Share of additions under which a technology counts as not yet sold."""

FAINT_WEIGHT = -9.0
"""Least logarithm of an anchored share weight, relative to the largest."""

NEW_WEIGHT = -3.0
"""Logarithm by which buyers discount what was not yet sold at the end of history."""


class Resolved(Protocol):
    """What the model needs of a resolved scenario."""

    @property
    def parameters(self) -> Any:
        """Every parameter by its path."""

    @property
    def history(self) -> str:
        """``observed`` or ``endogenous``."""

    @property
    def end(self) -> int:
        """Last calendar year of the horizon."""


_SECTION_OF = dict.fromkeys(("in_use", "scrap", "cement", "aluminium"), "materials")
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
        values = Values([scenario.parameters for scenario in scenarios])
        self.values = values
        self.endogenous = np.array(
            [float(scenario.history == "endogenous") for scenario in scenarios]
        )
        fleets = load_fleets()
        self.layout = layout_of(fleets, FLEETS)
        self.generators = layout_of(fleets, (GENERATORS,))
        known = None
        if like is not None and grid is not None and np.array_equal(grid, like.grid):
            same_past = bool(np.all(self.endogenous == like.endogenous[:1]))
            known = like.sections if same_past and len(like.values) == 1 else None
        self.sections = sections = Sections(values, known)
        self._blocks = (
            sections("fleets", lambda: assemble_fleets(values, self.layout)),
            sections("generators", lambda: assemble_fleets(values, self.generators)),
        )
        self.groups = sections("groups", lambda: assemble_groups(values, self.endogenous))
        self._mining = sections("coal_mining", lambda: assemble_coal_mining(values))
        self._heavy = sections(
            "heavy_machinery",
            lambda: assemble_heavy_machinery(values, self.groups.groups.names),
        )
        end = float(max(scenario.end for scenario in scenarios) + 1)
        tree = self._parameters(values)
        self.grid = grid_of(tree, START, end, (HISTORY_END,)) if grid is None else grid
        self.parameters = self._placed(tree, like)
        self._right_hand_side = RightHandSide()
        self._added = observed_share(values, fleets[GENERATORS])

    def _parameters(self, values: Values) -> Parameters:
        places = self.layout.places
        block, generators = self._blocks
        section, fleet = self.sections, self.generators.fleets[0]
        stuff = section("materials", lambda: materials(values))
        return Parameters(
            grid=np.zeros(1),
            history=later(end_of_history(self.endogenous)),
            economy=section("economy", lambda: economy(values)),
            prices=section("prices", lambda: price_parameters(values)),
            carbon=section("carbon", lambda: carbon(values)),
            fleets=block.parameters,
            generators=generators.parameters,
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
            heavy_machinery=self._heavy.parameters,
            hot_working=section(
                "hot_working", lambda: hot_working(values, self.groups.groups.names)
            ),
            battery_life=section("battery_life", lambda: battery_life(values)),
            groups=self.groups.parameters,
            coal_mining=self._mining.parameters,
            textiles=section("textiles", lambda: textile_parameters(values)),
            semiconductors=section("semiconductors", lambda: semiconductor_parameters(values)),
            storage=section("storage", lambda: storage_parameters(values)),
            sinks=section("sinks", lambda: sink_parameters(values)),
            market=section("market", lambda: market_parameters(values)),
            border=section("border", lambda: border_parameters(values)),
            couplings=section(
                "couplings",
                lambda: couplings(values, self.layout, self.groups, self._mining, block),
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
            state = self._settle(state, (observe or self.observe)(START + 1e-9, state))
        self.refuse_what_is_not_finite(state)
        return state

    def refuse_what_is_not_finite(self, state: State) -> None:
        """Raise SolverError where a stock is not finite at the start."""
        packing = Packing.of(state)
        bad = np.flatnonzero(~np.isfinite(packing.pack(state)))
        if len(bad):
            where = self.describe(packing.name_of(int(bad[0])))
            message = (
                f"{where} is not finite at the start: look at the parameters of that sector"
                " that the scenario sets"
            )
            raise SolverError(message)

    def cold_start(self) -> State:
        """State before anybody has perceived a price."""
        values = self.values
        stuff, money = initial_materials(values), initial_economy(values)
        start = mobile_start(values)
        one = np.ones(len(values))
        furnaces, block = hot_working_state(values), _fleet_state(self._blocks[0], one)
        fleets = block.capacity.sum(axis=0)
        cost = self.parameters.heat.level * 0.0 + 50.0
        return State(
            fleets=block,
            generators=_fleet_state(self._blocks[1], one),
            in_use=stuff.in_use * one,
            scrap=stuff.scrap * one,
            cement=stuff.cement_shares * one,
            clean_power=stuff.clean_power_share * one,
            equipment=equipment_state(values)._replace(
                speed_control=equipment_state(values).speed_control * one
            ),
            heat=heat_state()._replace(renovated=0.0 * one),
            blend=np.zeros((2, 1)) * one,
            groups=type(self.groups.initial)(*[x * one for x in self.groups.initial]),
            coal_mining=type(self._mining.initial)(*[x * one for x in self._mining.initial]),
            processes=ProcessState(*[x * one for x in process_state(values)]),
            adoption=Adoption(
                start.familiarity * one, start.chargers * one, start.battery_experience * one
            ),
            heavy_machinery=type(self._heavy.initial)(*[x * one for x in self._heavy.initial]),
            hot_working=type(furnaces)(*[x * one for x in furnaces]),
            batteries=battery_state(carried_batteries(np, self.parameters, fleets) * one),
            storage=type(storage_state(values))(*[x * one for x in storage_state(values)]),
            sinks=type(sink_state(values))(*[x * one for x in sink_state(values)]),
            market=type(market_state())(*[x * one for x in market_state()]),
            border_exports=initial_exports(values) * one,
            society=Society(
                electricity_price=money.electricity_price * one,
                coal_demand=80000.0 * one,
                power_hydrogen=0.0 * one,
                fuel_use=np.full((3, 1), 20000.0) * one,
                gross_product=money.gross_product * one,
                electricity_price_reference=money.electricity_price * one,
                heat_cost_reference=cost * one,
            ),
            held=held_at_start(len(values)),
        )

    def _settle(self, state: State, seen: Perception) -> State:
        """Replace what is perceived by what is there: one step of every smoothing."""
        society = state.society._replace(
            electricity_price=seen.electricity_price,
            coal_demand=seen.coal,
            fuel_use=seen.fuels,
            heat_cost_reference=seen.heat_cost,
            electricity_price_reference=seen.electricity_price,
        )
        return state._replace(
            fleets=_settled(state.fleets, seen.levelised, seen.demand, self._blocks[0]),
            generators=_settled(
                state.generators, seen.generator_cost, seen.gross, self._blocks[1]
            ),
            society=society,
            held=_remembered(state, seen),
        )

    def evaluate(self, time: float, state: State) -> tuple[State, Flows]:
        """Rates of change and flows at a time inside an interval of the grid."""
        return self._right_hand_side(self.parameters, time, state)

    def jump(self, time: float, state: State, observe: Observer | None = None) -> State:
        """At the end of observed history preferences are set so that choice continues it."""
        if time != HISTORY_END:
            return state
        heavy = state.heavy_machinery
        state = state._replace(
            heavy_machinery=heavy._replace(reference=class_shares(np, heavy.machines)),
            hot_working=state.hot_working._replace(reference=state.hot_working.efficient),
        )
        seen = (observe or self.observe)(time - 1e-9, state)
        observed = 1.0 - self.endogenous
        fleets, generators = state.fleets, state.generators
        society = state.society
        return state._replace(
            fleets=fleets._replace(
                log_share_weight=_blend(
                    observed, self._anchored_choice(fleets, seen), fleets.log_share_weight
                ),
                log_operating_weight=_blend(
                    observed,
                    self._anchored_operation(fleets, seen),
                    fleets.log_operating_weight,
                ),
                perceived_cost=_blend(observed, seen.levelised, fleets.perceived_cost),
            ),
            generators=generators._replace(
                log_share_weight=_blend(
                    observed,
                    self._anchored_generators(seen),
                    generators.log_share_weight,
                ),
                perceived_cost=_blend(observed, seen.generator_cost, generators.perceived_cost),
            ),
            society=society._replace(
                electricity_price_reference=_blend(
                    observed, society.electricity_price, society.electricity_price_reference
                ),
                heat_cost_reference=_blend(
                    observed, seen.heat_cost, society.heat_cost_reference
                ),
            ),
            held=_remembered(state, seen),
        )

    def _anchored_choice(self, fleets: FleetState, seen: Any) -> FloatArray:
        """Preferences with which the logit gives the additions last observed, (F, T, S)."""
        p = self.parameters.fleets
        added = seen.additions
        share = added / np.maximum(added.sum(axis=1, keepdims=True), 1e-12)
        observed = np.maximum(p.observed.by_technology, p.observed.by_total) > 0
        known = observed & (added.sum(axis=1, keepdims=True) > 0) & (p.exists > 0)
        scale = np.maximum(np.abs(seen.levelised).max(axis=1, keepdims=True), 1e-9)
        cost = np.log(np.maximum(seen.levelised / scale, 0.05))
        inverted = (
            np.log(np.maximum(share, 1e-9))
            + p.choosing.exponent * cost
            - np.log(np.maximum(seen.preference, 1e-12))
        )
        inverted = inverted - inverted.max(axis=1, keepdims=True)
        long_run = p.choosing.long_run_log_share_weight
        sold = share > NO_SALES
        anchored = np.where(sold, np.maximum(inverted, FAINT_WEIGHT), long_run + NEW_WEIGHT)
        return np.asarray(np.where(known, anchored, fleets.log_share_weight))

    def _anchored_operation(self, fleets: FleetState, seen: Any) -> FloatArray:
        """Preferences with which dispatch gives the output last observed, (F, T, S)."""
        p = self.parameters.fleets
        run = np.zeros_like(seen.levelised)
        run[: seen.activity.shape[0]] = seen.activity
        standing = fleets.capacity.sum(axis=0)
        scale = np.maximum(np.abs(seen.short_run).max(axis=1, keepdims=True), 1e-12)
        cost = np.log(np.maximum(seen.short_run / scale, 0.05))
        rate = np.maximum(run, 1e-12) / np.maximum(standing, 1e-12)
        weight = np.log(rate) + p.technique.operating_exponent * cost
        used = (run > NO_SALES) & (standing > NO_SALES)
        top = np.where(used, weight, -np.inf).max(axis=1, keepdims=True)
        known = (p.observed.by_output > 0) & used
        return np.where(known, weight - np.where(np.isfinite(top), top, 0.0), 0.0)

    def _anchored_generators(self, seen: Any) -> FloatArray:
        power = self.parameters.power
        weights = expansion.anchor_weights(
            np,
            cost=seen.effective_cost,
            share=self._added,
            long_run=self.parameters.generators.choosing.long_run_log_share_weight[0],
            exponent=power.expansion.choice_exponent,
            member=power.expansion.energy_member,
        )
        return np.asarray(weights[None])

    def describe(self, name: str) -> str:
        """Sector and technology behind an element of the state or the flows."""
        where, _, place = name.partition("[")
        numbers = [int(n) for n in place.rstrip("]").split(", ")] if place else []
        layout = self.layout if where.startswith("fleets") else self.generators
        if where.split(".")[0] in {"fleets", "generators"} and len(numbers) >= 3:
            fleet = layout.fleets[numbers[-3]]
            technologies = layout.technologies(fleet)
            if numbers[-2] < len(technologies):
                sector = fleet.declaration.sector
                return f"{where} of {fleet.name}, {technologies[numbers[-2]]} (sector {sector})"
        return name


def _blend(weight: FloatArray, a: Array, b: Array) -> FloatArray:
    return np.asarray(weight * a + (1.0 - weight) * b)


def _remembered(state: State, seen: Perception) -> Held:
    """What the loops pass on now, in the shape of the stocks that hold it."""
    return Held(*[0.0 * old + new for old, new in zip(state.held, seen.held, strict=True)])


def _fleet_state(block: Block, one: FloatArray) -> FleetState:
    p: FleetParameters = block.parameters
    capacity = block.initial_capacity * one
    standing = capacity.sum(axis=0)
    return FleetState(
        capacity=capacity,
        pipeline=block.initial_pipeline * one + 0.0 * standing,
        experience=block.initial_experience * one + 0.0 * standing,
        intensity=standing,
        perceived_cost=1.0 + 0.0 * standing,
        log_share_weight=p.choosing.long_run_log_share_weight * one + 0.0 * standing,
        log_operating_weight=0.0 * standing,
        expected=standing.sum(axis=1),
        reference=standing.sum(axis=1),
    )


def _settled(state: FleetState, cost: Array, demand: Array, block: Block) -> FleetState:
    """Perceived cost is today's; expected demand has grown as it did in the past."""
    planning = block.parameters.planning
    expected = demand / (1.0 + block.past_growth * planning.smoothing_time)
    reference = expected / (1.0 + block.past_growth * planning.trend_time)
    return state._replace(
        perceived_cost=cost + 0.0 * state.perceived_cost,
        expected=expected + 0.0 * state.expected,
        reference=reference + 0.0 * state.reference,
    )
