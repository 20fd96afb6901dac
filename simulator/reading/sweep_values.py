"""What a column of a sweep holds, and what a knot or a factor makes of a schedule."""

from dataclasses import dataclass

from simulator.dimensions import HISTORY_END
from simulator.reading.sampling import Distribution
from simulator.reading.settings import Series
from simulator.reading.sweep_targets import Target
from simulator.reading.yaml_nodes import Node
from simulator.schema.numbers import NEVER, Label


@dataclass(frozen=True)
class Column:
    """What a sweep varies, and the values that it takes."""

    target: Target
    label: Label
    choices: tuple[Series, ...] = ()
    """The values written out; empty for a distribution and for the numbers of a table."""
    texts: tuple[str, ...] = ()
    """The choices as text where they are not all plain numbers, else empty."""
    distribution: Distribution | None = None

    @property
    def numeric(self) -> bool:
        """Whether the design holds the numbers themselves, not the index of a choice."""
        return not self.texts


def text_of(node: Node, series: Series) -> str:
    """Write a choice in one line; a stage keeps its name."""
    if isinstance(node.content, str) and node.content.startswith("stage."):
        return node.content
    if series.times:
        pairs = zip(series.times, series.values, strict=True)
        return f"{{{', '.join(f'{time:.12g}: {value:.12g}' for time, value in pairs)}}}"
    return "never" if series.values[0] == NEVER else f"{series.values[0]:.12g}"


def is_word(node: Node) -> bool:
    """Whether a value is no plain number: a schedule, ``never`` or a stage."""
    text = node.content
    dated = isinstance(text, str) and (text == "never" or text.startswith("stage."))
    return dated or isinstance(text, dict)


def with_knot(series: Series, year: float, value: float) -> Series:
    """Return a schedule with its knot of a year set, or added."""
    knots = dict(zip(series.times, series.values, strict=True)) | {year: value}
    times = tuple(sorted(knots))
    return Series(times, tuple(knots[time] for time in times))


def after_history(series: Series) -> Series | None:
    """Return the part of a schedule that a factor moves: a constant, or the later knots."""
    if not series.times:
        return series
    pairs = zip(series.times, series.values, strict=True)
    later = [(time, value) for time, value in pairs if time > HISTORY_END]
    if not later:
        return None
    return Series(tuple(time for time, _ in later), tuple(value for _, value in later))


def scaled(series: Series, factor: float) -> Series:
    """Return a schedule with every knot after history multiplied; a constant is multiplied."""
    if not series.times:
        return Series((), (series.values[0] * factor,))
    pairs = zip(series.times, series.values, strict=True)
    values = (value * factor if time > HISTORY_END else value for time, value in pairs)
    return Series(series.times, tuple(values))
