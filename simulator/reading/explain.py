"""Where a number comes from: its value, unit, range, source and the files that set it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from simulator.errors import Problem, ScenarioError
from simulator.reading.catalogue import load_policies
from simulator.reading.changes import show
from simulator.reading.defaults import declared
from simulator.reading.library import Library, shipped
from simulator.reading.loops import Loop, load_loops
from simulator.reading.resolution import Entries, Entry, Origin, Resolved, origin_of
from simulator.reading.settings import Series
from simulator.reading.sources import load_sources
from simulator.reading.suggest import near
from simulator.schema.numbers import Label, Source
from simulator.schema.policy import Lever


@dataclass(frozen=True)
class Explanation:
    """Everything known about a parameter, or about a setting of a policy."""

    path: str
    kind: str
    """``parameter``, ``policy`` or ``setting``."""
    label: Label | None
    value: Series | None
    """None for a policy, and for a setting that the scenario does not write."""
    unit: str
    low: float | None
    high: float | None
    source: str
    """Key in the bibliography; empty for a policy."""
    title: str
    """The source as a reader would cite it."""
    where: str
    standing: str
    note: str
    chain: tuple[Origin, ...]
    """The data table first, then every file that set the value."""
    parts: tuple["Explanation", ...] = ()
    """Settings of a policy, or the parameters that a setting acts on."""

    def lines(self, indent: str = "") -> list[str]:
        """Write it for a terminal, one fact a line."""
        name = f"{self.path} - {self.label.en} / {self.label.zh}" if self.label else self.path
        ends = (self.low, self.high)
        bounds = " to ".join("?" if end is None else f"{end:g}" for end in ends)
        facts = [
            ("value", show(self.value, self.unit) if self.value else ""),
            ("unit", self.unit if self.kind != "policy" else ""),
            ("range", bounds if ends != (None, None) else ""),
            ("source", self.title),
            ("where", self.where),
            ("standing", self.standing),
            ("note", self.note),
            *(("set by", str(origin)) for origin in self.chain),
        ]
        found = [indent + name]
        found += [f"{indent}  {label}: {text}" for label, text in facts if text]
        for part in self.parts:
            found += part.lines(indent + "  ")
        return found


def explain(
    path: str, resolved: Resolved | None = None, library: Library | None = None
) -> Explanation:
    """Explain a parameter or a policy, in a scenario or as the data have it."""
    where = library or shipped()
    parameters = resolved.parameters if resolved else Entries(declared(where), {})
    levers = load_policies(where)
    name = path.removeprefix("policies.").removeprefix("parameters.")
    loops = load_loops(where)
    name = loops[name.upper()].switch if name.upper() in loops else name
    if parameters.base.get(name) is not None:
        found = _parameter(_entry(parameters, name), where)
        return _as_loop(found, loops)
    head, _, setting = name.partition(".")
    by_number = {lever.id: word for word, lever in levers.items()}
    head = by_number.get(head.upper(), head)
    if head in levers and (not setting or setting in levers[head].settings):
        policy = _policy(head, levers[head], parameters, resolved, where)
        chosen = [part for part in policy.parts if part.path == f"policies.{head}.{setting}"]
        return chosen[0] if chosen else policy
    known = [*levers, *loops, *parameters]
    if head in levers:
        known = [f"{head}.{word}" for word in levers[head].settings] + known
    close = near(name, known, 3)
    hint = f", did you mean {' or '.join(close)}?" if close else ""
    raise ScenarioError(Problem("explain", 0, 0, path[:100], f"nothing has this name{hint}"))


def _as_loop(found: Explanation, loops: Mapping[str, Loop]) -> Explanation:
    """Name the loop whose switch a parameter is, and say what it does."""
    for number, loop in loops.items():
        if loop.switch == found.path:
            label = Label(en=f"{number} {loop.label.en}", zh=f"{number} {loop.label.zh}")
            return replace(found, label=label, note=f"{loop.note()}; {found.note}")
    return found


def _entry(parameters: Entries, path: str) -> Entry:
    """Return a parameter with its chain, also one that follows from a default."""
    found = parameters.find(path)
    return (
        found if isinstance(found, Entry) else Entry(**vars(found), chain=(origin_of(found),))
    )


def _parameter(entry: Entry, library: Library) -> Explanation:
    """Explain one parameter."""
    reference = load_sources(library).get(entry.source)
    title = reference.citation() if reference else entry.source
    return Explanation(
        entry.path,
        "parameter",
        None,
        Series(entry.times, entry.values),
        entry.unit,
        entry.low,
        entry.high,
        entry.source,
        title,
        entry.where,
        entry.standing,
        entry.note,
        entry.chain,
    )


def _policy(
    name: str, lever: Lever, parameters: Entries, resolved: Resolved | None, library: Library
) -> Explanation:
    """Explain a policy with its settings and what they act on."""
    sources = lever.source if isinstance(lever.source, tuple) else (lever.source,)
    written = resolved.policies.get(name, {}) if resolved else {}
    origins: dict[str, list[Origin]] = {}
    for write in resolved.writes if resolved else ():
        if write.section == "policies" and write.name == name:
            origins.setdefault(write.setting, []).append(write.origin)
    parts = []
    for word, setting in lever.settings.items():
        reached = [path for path in setting.acts_on if parameters.base.get(path) is not None]
        parts.append(
            Explanation(
                f"policies.{name}.{word}",
                "setting",
                setting.label,
                written.get(word),
                setting.unit,
                setting.low,
                setting.high,
                "",
                "",
                "",
                "",
                setting.description.en if setting.description else "",
                tuple(origins.get(word, ())),
                tuple(_parameter(_entry(parameters, path), library) for path in reached),
            )
        )
    note = lever.description.en if lever.description else ""
    standing = lever.semantics if lever.active else f"{lever.semantics}, not yet active"
    return Explanation(
        f"policies.{name}",
        "policy",
        lever.label,
        None,
        "",
        None,
        None,
        "",
        "; ".join(_cited(source) for source in sources),
        "",
        standing,
        note,
        (),
        tuple(parts),
    )


def _cited(source: Source) -> str:
    """Write a document and the clause in it."""
    return f"{source.title}, {source.clause}" if source.clause else source.title
