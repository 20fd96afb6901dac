"""A compiled model kept warm: change a policy, get the data set again.

The engine is made for everything that a policy of the catalogue can set, so that moving a
slider needs no new one. Dates that fall inside a step of the fixed grid act in proportion.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import xarray as xr

from simulator.reading.catalogue import load_policies
from simulator.reading.resolution import Entries, Entry, Origin, Resolved
from simulator.reading.scenario import Scenario, load
from simulator.results.batches import BatchRunner, UnforeseenError
from simulator.results.dataset import build
from simulator.schema.policy import Setting

_ORIGIN = Origin("<session>", 0, 0, "policies.session")


class Session:
    """Runs variants of one scenario quickly, one after the other.

    Parameters
    ----------
    scenario
        Where to start from: a name, a path or a scenario.

    Examples
    --------
    ``session = Session("national_targets")``, then
    ``session.run({"policies.carbon_price_floor.schedule": {2025: 75, 2030: 300}})``.
    """

    def __init__(self, scenario: str | Path | Scenario = "national_targets") -> None:
        self.scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
        base = self.scenario.resolved
        self._runner = BatchRunner(base, list(self._probes(base)), width=1)
        self._axes: xr.Dataset | None = None
        """A result of this runner: its axes are those of the next one."""

    def run(self, changes: Mapping[str, object] | None = None) -> xr.Dataset:
        """Run the scenario with settings changed, by the batch engine.

        Parameters
        ----------
        changes
            As for `Scenario.replace`; each call starts from the scenario as it was given.

        Raises
        ------
        ScenarioError
            A change is wrong; the message says where and what is expected.
        SolverError
            The run failed.
        """
        changed = self.scenario.replace(changes) if changes else self.scenario
        resolved = changed.resolved
        try:
            return self._dataset(resolved)
        except UnforeseenError:  # another horizon, or a parameter that no policy sets
            base = self.scenario.resolved
            same = [(x.end, x.history, x.history_end) for x in (resolved, base)]
            if same[0] != same[1]:
                base = resolved
            self._runner = BatchRunner(base, [*self._probes(base), resolved], width=1)
            self._axes = None
            return self._dataset(resolved)

    def _dataset(self, resolved: Resolved) -> xr.Dataset:
        (batch,) = self._runner.run([resolved])
        found = build(batch.model, batch.record, resolved, self._runner.settings, self._axes)
        if self._axes is None:
            self._axes = found.copy(deep=True)
        return found

    def _probes(self, base: Resolved) -> Iterator[Resolved]:
        """Scenarios that each move one setting of the catalogue."""
        for lever in load_policies(self.scenario.library).values():
            for setting in lever.settings.values():
                for path in setting.acts_on:
                    if path in base.parameters or path in base.parameters.overrides:
                        yield _moved(base, path, setting)


def _moved(base: Resolved, path: str, setting: Setting) -> Resolved:
    """The scenario with another value of one parameter from now on."""
    entry = base.parameters[path]
    chain = (*entry.chain, _ORIGIN)
    if setting.kind == "schedule":
        last = entry.values[-1]
        moved = replace(
            entry,
            times=(2025.0, 2040.0),
            values=(last, last + 0.1 + 0.1 * abs(last)),
            chain=chain,
        )
    else:
        other = 2037.5 if setting.kind == "date" else 1.1 * entry.values[-1] + 0.01
        moved = replace(entry, values=(other,) * len(entry.values), chain=chain)
    over: dict[str, Entry] = {**base.parameters.overrides, path: moved}
    return replace(base, parameters=Entries(base.parameters.base, over))
