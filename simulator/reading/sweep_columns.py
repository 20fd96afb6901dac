"""The values that a sweep gives one setting: written out, or spread over a range."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from simulator.dimensions import HISTORY_END
from simulator.errors import Problem
from simulator.reading.plausibility import impossible, remarkable
from simulator.reading.resolution import Resolved
from simulator.reading.sampling import Distribution
from simulator.reading.settings import Series, SettingReader, unit_problem
from simulator.reading.structure import check
from simulator.reading.sweep_targets import Target
from simulator.reading.sweep_values import Column, after_history, is_word, scaled, text_of
from simulator.reading.yaml_nodes import Document, Node, Pair
from simulator.schema.numbers import NEVER
from simulator.schema.sweep import VaryBlock

SHAPES = {"triangular": ("mode",), "normal": ("mean", "sd")}
"""What a distribution needs beside its range."""
SHAPE_WORDS = ("mode", "mean", "sd")


@dataclass
class ColumnReader:
    """Reads what stands under the keys of a sweep, against the bases that it starts from."""

    settings: SettingReader
    bases: Sequence[Resolved]
    warnings: list[str]

    def report(self, node: Node, key: str, message: str) -> None:
        """Note a problem at a node."""
        self.settings.report(node, key, message)

    def warn(self, node: Node, key: str, message: str) -> None:
        """Note what a person should look at."""
        place = Problem(self.settings.file, node.line, node.column, key, message)
        self.warnings.append(str(place))

    def column(self, document: Document, target: Target, key: str, pair: Pair) -> Column | None:
        """Read the block under a key; None when it is wrong, with the problems noted."""
        block, problems = check(VaryBlock, document, pair.value, key)
        self.settings.problems += problems
        if block is None or not self.fits(target, pair.key, key):
            return None
        before = len(self.settings.problems)
        unit = block.unit or target.value_unit
        message = unit_problem(unit, target.value_unit)
        if message:
            node = pair.value.get("unit") or pair.value
            self.report(node, f"{key}.unit", message)
            return None
        column = Column(target, block.label or target.label)
        if block.values:
            column = self.written_out(column, key, pair.value, unit)
        else:
            column = replace(column, distribution=self.spread(target, key, pair, block, unit))
        return column if len(self.settings.problems) == before else None

    def fits(self, target: Target, node: Node, key: str) -> bool:
        """Check that every base has what a part of a setting needs; warn of what is idle."""
        if not target.active:
            self.warn(node, key, "the model does not have this policy yet: it changes nothing")
        problems = len(self.settings.problems)
        for base in self.bases if target.part != "whole" else ():
            message = self.misfit(target, base, node, key)
            if message:
                self.report(node, key, message)
        return len(self.settings.problems) == problems

    def misfit(self, target: Target, base: Resolved, node: Node, key: str) -> str:
        """Say why a base has nothing to scale or no schedule to put a knot in, or nothing."""
        series = target.of_base(base)
        whole = target.origin.by.removeprefix("parameters.")
        if series is None:
            return (
                f"the base {base.name} does not set {whole}, so there is nothing to change; "
                f'vary {whole} with whole schedules, like "values: [{{2025: 0, 2030: 1}}]"'
            )
        if target.part == "knot":
            if not series.times:
                return (
                    f"{whole} is one number in the base {base.name} and has no years; "
                    f"vary {whole} itself"
                )
            later = [time for time in series.times if target.year < time <= HISTORY_END]
            if target.section == "policies" and later:
                message = f"changes nothing: no policy reaches back before {HISTORY_END:g}"
                self.warn(node, key, message)
            return ""
        moved = after_history(series)
        if moved is None or not any(moved.values):
            return (
                f"{whole} of the base {base.name} has no knot after {HISTORY_END:g} that is "
                "not zero, so a factor changes nothing; vary a knot or whole schedules"
            )
        return ""

    def written_out(self, column: Column, key: str, block: Node, unit: str) -> Column:
        """Read a list of values."""
        for word in ("range", "distribution", *SHAPE_WORDS):
            node = block.get(word)
            if node is not None:
                message = f'write either "values" or "{word}", not both'
                self.report(node, f"{key}.{word}", message)
        listed = block.get("values")
        nodes = listed.content if listed and isinstance(listed.content, list) else []
        found: list[tuple[Node, Series]] = []
        for position, node in enumerate(nodes):
            at = f"{key}.values.{position}"
            series = self.value(column.target, node, at, unit)
            if series is None:
                continue
            same = [other for other, known in found if known == series]
            if same:
                message = f"{text_of(node, series)} stands twice in the list; leave one out"
                self.report(node, at, message)
            found.append((node, series))
        words = any(is_word(node) for node, _ in found)
        texts = tuple(text_of(node, series) for node, series in found) if words else ()
        return replace(column, choices=tuple(series for _, series in found), texts=texts)

    def value(self, target: Target, node: Node, key: str, unit: str) -> Series | None:
        """Read one value as it would stand in a scenario; None when it is wrong."""
        series = self.settings.read(node, key, target.expected(unit))
        if series is None or not self.plausible(target, series, node, key):
            return None
        return series

    def plausible(
        self, target: Target, series: Series, node: Node, key: str, *, studied: bool = False
    ) -> bool:
        """Check a value of the data, and what a factor makes of a base's schedule.

        With `studied` a value outside the studied range is an error, else a warning.
        """
        made = [("", series)]
        if target.part == "scale":
            found = [(base.name, target.of_base(base)) for base in self.bases]
            moved = [(name, after_history(one)) for name, one in found if one is not None]
            made = [
                (f" for the base {name}", scaled(one, series.values[0]))
                for name, one in moved
                if one is not None
            ]
        for where, one in made:
            message = self.verdict(target, one, node, key, studied=studied)
            if message:
                self.report(node, key, f"{message}{where}")
                return False
        return True

    def verdict(
        self, target: Target, series: Series, node: Node, key: str, *, studied: bool
    ) -> str:
        """Say why a whole value or a knot cannot be, or nothing; warn of what is remarkable."""
        if target.parameter is None:
            expected = target.expected(target.unit)
            for value in series.values if target.part == "scale" else ():
                below = target.low is not None and value < target.low
                if below or (target.high is not None and value > target.high):
                    ends = replace(expected, unit=target.unit, low=target.low, high=target.high)
                    return f"makes {value:g}, which is outside the range {ends.range()}"
            return ""
        message = impossible(target.parameter, series)
        if message:
            return message
        for remark in remarkable(target.parameter, series):
            if studied and "studied range" in remark:
                return remark
            self.warn(node, key, remark)
        return ""

    def spread(
        self, target: Target, key: str, pair: Pair, block: VaryBlock, unit: str
    ) -> Distribution | None:
        """Read a range and how a number is spread over it."""
        name = block.distribution or "uniform"
        ends = self.ends(target, key, pair, unit)
        wanted = SHAPES.get(name, ())
        shape: dict[str, float] = {}
        for word in SHAPE_WORDS:
            node = pair.value.get(word)
            if node is None and word in wanted:
                message = f"a {name} distribution needs {' and '.join(wanted)}"
                self.report(pair.value, f"{key}.{word}", message)
            elif node is not None and word not in wanted:
                message = f"a {name} distribution has no {word}; leave it out"
                self.report(node, f"{key}.{word}", message)
            elif node is not None:
                expected = replace(target.expected(unit), kind="number", low=None, high=None)
                number = self.settings.number(node, f"{key}.{word}", expected)
                if number is not None:
                    shape[word] = number
        if ends is None or len(shape) < len(wanted):
            return None
        return self.shaped(Distribution(name, *ends, **shape), key, pair)

    def ends(
        self, target: Target, key: str, pair: Pair, unit: str
    ) -> tuple[float, float] | None:
        """Read the range, or take that of the data."""
        node = pair.value.get("range")
        if node is None:
            return self.ends_of_data(target, key, pair)
        nodes = node.content if isinstance(node.content, list) else []
        found: list[float] = []
        for position, end in enumerate(nodes):
            at = f"{key}.range.{position}"
            expected = target.expected(unit, studied=True)
            if expected.kind == "schedule":
                expected = replace(expected, kind="number")
            series = self.settings.read(end, at, expected)
            if series is None:
                continue
            if series.values[0] == NEVER and target.unit == "year":
                self.report(end, at, 'a range ends at a year; "never" can stand among values')
            elif self.plausible(target, series, end, at, studied=True):
                found.append(series.values[0])
        if len(found) < 2:
            return None
        low, high = found
        if low < high:
            return low, high
        message = f"the range must rise, found {low:g} to {high:g}"
        hint = f"; write values: [{low:g}] for one value" if low == high else ""
        self.report(node, f"{key}.range", message + hint)
        return None

    def ends_of_data(self, target: Target, key: str, pair: Pair) -> tuple[float, float] | None:
        """Return the range of a constant of the data."""
        known = target.parameter
        shown = pair.key if isinstance(pair.value.content, dict) else pair.value
        if known is None:
            message = (
                'write "range" or "values"; the catalogue says what is allowed, '
                "not what is likely"
            )
        elif target.part != "whole" or known.times:
            message = (
                'write "range" or "values"; only a constant of the data has a range of its own'
            )
        elif known.low is None or known.high is None or known.low >= known.high:
            message = f'the data give no range for {known.path}; write "range" or "values"'
        elif known.unit == "year" and known.high == NEVER:
            message = 'its range in the data ends at "never"; write "range" or "values"'
        else:
            return known.low, known.high
        self.report(shown, key, message)
        return None

    def shaped(self, spread: Distribution, key: str, pair: Pair) -> Distribution | None:
        """Check that a distribution fits its range."""
        message, word = "", "range"
        if spread.name == "loguniform" and spread.low <= 0:
            message = (
                f"a loguniform distribution needs a range above zero, found {spread.low:g}"
            )
        elif spread.name == "triangular" and not spread.low <= spread.mode <= spread.high:
            word = "mode"
            message = f"the mode {spread.mode:g} is outside {spread.low:g} to {spread.high:g}"
        elif spread.name == "normal" and not spread.low <= spread.mean <= spread.high:
            word = "mean"
            message = f"the mean {spread.mean:g} is outside {spread.low:g} to {spread.high:g}"
        elif spread.name == "normal" and spread.sd <= 0:
            word = "sd"
            message = f"the standard deviation must be above zero, found {spread.sd:g}"
        if not message:
            return spread
        self.report(pair.value.get(word) or pair.value, f"{key}.{word}", message)
        return None
