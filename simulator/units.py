"""Units at the door: text is parsed and converted here, and plain floats go inside.

The registry is our own. Carbon dioxide, methane, each pollutant, each currency, vehicles,
machines and persons are dimensions, so ``Mt CO2`` never turns into ``Mt`` or ``Mt CH4``, and
``kt`` is a thousand tonnes (the usual registry takes it for the knot). A year has 8760 hours.

A unit reads as people write it: everything after a slash is below the line, so
``CNY/t CO2`` is yuan per tonne of carbon dioxide. Chinese spellings (亿t, 万吨, 元) are
read too.
"""

import difflib
import json
import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from simulator import disk_cache
from simulator.errors import UnitError

if TYPE_CHECKING:
    import numpy as np
    import pint

    Value = TypeVar("Value", float, np.ndarray)
else:
    Value = TypeVar("Value")

DEFINITIONS = (
    *(f"{prefix}- = 1e{3 * power}" for power, prefix in enumerate("kMGTPE", start=1)),
    "g = [mass]",
    "t = 1e6 g",
    "m = [length]",
    "ha = 1e4 m ** 2",
    "L = 1e-3 m ** 3",
    "bcm = 1e9 m ** 3",
    "h = [time]",
    "s = h / 3600",
    "day = 24 h",
    "yr = 8760 h",
    "month = yr / 12",
    "year = yr",
    "W = [power]",
    "Wh = W * h",
    "J = W * s",
    "tce = 29.3076e9 J",
    "gce = 29307.6 J",
    "toe = 41.868e9 J",
    *(
        f"{name} = [{name}]"
        for name in ["CO2", "CO2e", "CH4", "N2O", "HC", "NOx", "PM", "SO2", "CNY", "USD", "EUR"]
    ),
    *(f"{name} = [{name}]" for name in ["person", "vehicle", "machine"]),
    "CNY2020 = CNY",
    "tkm = 1e6 g * 1e3 m",
    "pkm = person * 1e3 m",
    "vkm = vehicle * 1e3 m",
    "percent = 0.01",
    "thousand = 1e3",
    "million = 1e6",
    "bn = 1e9",
    "billion = 1e9",
)
"""The whole registry, in pint's definition syntax."""

PREFIXES = "kMGTPE"
NAMES = frozenset(line.split()[0] for line in DEFINITIONS if "- =" not in line)

SPELLINGS = {
    "标准煤": "ce", "吨ce": " tce ", "千瓦时": " kWh ", "千瓦": " kW ", "平方米": " m^2 ",
    "立方米": " m^3 ", "二氧化碳": " CO2 ", "甲烷": " CH4 ", "公顷": " ha ", "公里": " km ",
    "公斤": " kg ", "千克": " kg ", "美元": " USD ", "人民币": " CNY ", "吨": " t ",
    "克": " g ", "元": " CNY ", "辆": " vehicle ", "台": " machine ", "人": " person ",
    "年": " yr ", "度": " kWh ", "百万": " 1e6 ", "亿": " 1e8 ", "万": " 1e4 ", "／": "/",
    "·": "*", "**": "^",
    "CO2-equiv": "CO2e", "CO2eq": "CO2e", "CO₂": "CO2", "%": " percent ", "$": " USD ",
    "tCO2": "t CO2", "gCO2": "g CO2", "tCH4": "t CH4",
}  # fmt: skip
"""Spellings that are replaced before parsing, in this order."""

TOKEN = re.compile(r"\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)(?:\^(-?\d+))?|([/*()]))")
KIND: Final = "units"
"""Kind of files that hold what every name means in base units."""

SQUARE_OR_CUBE = re.compile(r"[kM]?m[23]")
QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*(\S.*?)?\s*")


class Unit(NamedTuple):
    """What a unit text means."""

    factor: float
    """Size in base units."""
    dimension: tuple[tuple[str, int], ...]
    """Base units and their powers, sorted by name."""


@lru_cache(maxsize=1)
def registry() -> "pint.UnitRegistry[float]":
    """Build the registry on first use; importing this module costs nothing."""
    import pint  # noqa: PLC0415 - slow to import, and equal units never need it

    made: pint.UnitRegistry[float] = pint.UnitRegistry(None, on_redefinition="raise")
    for line in DEFINITIONS:
        made.define(line)
    return made


def _check_name(name: str) -> None:
    """Refuse a name that is not in the registry, without building it."""
    if SQUARE_OR_CUBE.fullmatch(name) or name in NAMES:
        return
    if name[0] in PREFIXES and name[1:] in NAMES:
        return
    common = [
        "kt",
        "Mt",
        "Gt",
        "GJ",
        "PJ",
        "EJ",
        "kW",
        "GW",
        "kWh",
        "MWh",
        "TWh",
        "Mtce",
        "kgce",
        "km",
    ]
    folded = {item.casefold(): item for item in [*sorted(NAMES), *common]}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    hint = f', did you mean "{folded[close[0]]}"?' if close else ""
    message = f'unknown unit "{name}"{hint}'
    raise UnitError(message)


def check(unit: str) -> None:
    """Raise `UnitError` for a text that is no unit; cheaper than `parse`."""
    for name, _ in _factors(unit):
        if not name[0].isdigit():
            _check_name(name)


@lru_cache(maxsize=512)
def _name(name: str) -> Unit:
    """Look one name up, with or without a prefix."""
    _check_name(name)
    power = 1
    if SQUARE_OR_CUBE.fullmatch(name):
        name, power = name[:-1], int(name[-1])
    factor, powers = _sizes()[name]
    return Unit(factor**power, tuple((base, exponent * power) for base, exponent in powers))


@lru_cache(maxsize=1)
def _sizes() -> Mapping[str, Unit]:
    """Every name, bare and with each prefix, in base units.

    From disk where another process made it: to load pint and to fill its registry takes as
    long as all that a run reads.
    """
    about = f"pint {version('pint')}\n".encode() + Path(__file__).read_bytes()
    found = json.loads(disk_cache.kept(KIND, about, _made))
    return {
        name: Unit(factor, tuple((base, power) for base, power in powers))
        for name, (factor, powers) in found.items()
    }


def _made() -> bytes:
    """Ask the registry for the size of every name, as JSON."""
    units = registry()
    found = {}
    for name in sorted(prefix + name for prefix in ("", *PREFIXES) for name in NAMES):
        factor, base = units.get_base_units(name)
        powers = sorted((str(key), int(str(value))) for key, value in base._units.items())  # noqa: SLF001
        found[name] = (float(str(factor)), powers)
    return json.dumps(found).encode()


def _factors(text: str) -> list[tuple[str, int]]:
    """Split into names or numbers and their powers; a slash turns all that follows."""
    spelled = text
    for old, new in SPELLINGS.items():
        spelled = spelled.replace(old, new)
    spelled, found, sign, depth, place = spelled.strip(), [], 1, 0, 0
    while place < len(spelled):
        token = TOKEN.match(spelled, place)
        mark = token.group(4) if token else None
        depth += {"(": 1, ")": -1}.get(mark or "", 0)
        ambiguous = (mark == "/" and depth) or (mark == "*" and sign < 0 and not depth)
        if token is None or depth < 0 or ambiguous:
            message = f'cannot read the unit "{text}"; write it like "CNY/t CO2" or "Mt/yr"'
            raise UnitError(message)
        if mark == "/":
            sign = -1
        elif mark is None:
            found.append((token.group(1) or token.group(2), sign * int(token.group(3) or 1)))
        place = token.end()
    if not found or depth or spelled.endswith(("/", "*")):
        message = f'cannot read the unit "{text}"; a number without dimension has the unit "1"'
        raise UnitError(message)
    return found


@lru_cache(maxsize=2048)
def parse(unit: str) -> Unit:
    """Read a unit, or raise `UnitError` that says what is wrong with it."""
    if unit == "1":
        return Unit(1.0, ())
    size, powers = 1.0, dict[str, int]()
    for name, power in _factors(unit):
        part = Unit(float(name), ()) if name[0].isdigit() else _name(name)
        size *= part.factor**power
        for base, exponent in part.dimension:
            powers[base] = powers.get(base, 0) + exponent * power
    return Unit(size, tuple(sorted(item for item in powers.items() if item[1])))


def same_dimension(first: str, second: str) -> bool:
    """Whether one unit can be converted to the other."""
    return first == second or parse(first).dimension == parse(second).dimension


@lru_cache(maxsize=2048)
def factor(source: str, target: str) -> float:
    """Return how many `target` are in one `source`."""
    if source == target:
        return 1.0
    if not same_dimension(source, target):
        message = f'"{source}" cannot be converted to "{target}": they measure different things'
        raise UnitError(message)
    return float(f"{parse(source).factor / parse(target).factor:.14g}")


def convert(value: Value, source: str, target: str) -> Value:
    """Convert a number or an array from one unit to another."""
    return value if source == target else value * factor(source, target)


def parse_quantity(text: str) -> tuple[float, str | None] | None:
    """Split ``"30 yr"`` into 30 and ``"yr"``; None when the text starts with no number."""
    found = QUANTITY.fullmatch(text)
    return (float(found.group(1)), found.group(2)) if found else None
