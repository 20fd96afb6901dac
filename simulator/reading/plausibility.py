"""Whether a value that a person gives a parameter can be, and whether it is remarkable."""

from collections.abc import Iterator

from simulator.reading.parameters import Parameter
from simulator.reading.settings import Series


def remarkable(parameter: Parameter, series: Series) -> Iterator[str]:
    """Say what a person should look at: values never studied, and changed history."""
    low, high = parameter.low, parameter.high
    unit = "" if parameter.unit in ("1", "year") else f" {parameter.unit}"
    for value in series.values if parameter.unit != "year" else ():
        if (low is not None and value < low) or (high is not None and value > high):
            ends = [f"{end:g}" for end in (low, high) if end is not None]
            yield f"{value:g}{unit} is outside its studied range {' to '.join(ends)}{unit}"
            break
    if ".observed." in parameter.path:
        yield "this changes observed history"


def impossible(parameter: Parameter, series: Series) -> str:
    """Say why a value cannot be, or nothing when it can."""
    low, high = parameter.low, parameter.high
    lowest, highest = min(series.values), max(series.values)
    bounded = low is not None and high is not None
    if parameter.unit == "1" and bounded and 0 <= (low or 0) <= (high or 0) <= 1:
        if not 0 <= lowest <= highest <= 1:
            wrong = lowest if lowest < 0 else highest
            return f"{wrong:g} is impossible: a share lies between 0 and 1"
        return ""
    known = [*parameter.values, low if low is not None else 0.0]
    unit = "" if parameter.unit == "1" else f" {parameter.unit}"
    if parameter.unit == "yr" and min(parameter.values) > 0 and lowest <= 0:
        return f"{lowest:g} yr is impossible: a duration is above zero"
    signed = parameter.unit == "1" and low is None
    signed = signed or parameter.path.endswith("_growth")  # what grows may also shrink
    if lowest < 0 and min(known) >= 0 and not signed:
        return f"{lowest:g}{unit} is impossible: it cannot be negative"
    return ""
