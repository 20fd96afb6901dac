"""Units mean what people write, and different things never convert."""

import subprocess
import sys
from pathlib import Path

import pytest

from simulator import disk_cache, units
from simulator.errors import UnitError
from simulator.units import check, convert, parse, parse_quantity, same_dimension


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1.0, "kt", "t", 1000.0),
        (1.0, "Mt CO2/yr", "kt CO2/yr", 1000.0),
        (1.0, "GW", "TWh/yr", 8.76),
        (1.0, "Mtce", "PJ", 29.3076),
        (1.0, "tce", "kgce", 1000.0),
        (1.0, "bn CNY/yr", "million CNY/yr", 1000.0),
        (1.0, "CNY/kWh", "CNY/MWh", 1000.0),
        (558.0, "g CO2/kWh", "t CO2/MWh", 0.558),
        (1.0, "亿t", "Mt", 100.0),
        (1.0, "万吨标准煤", "tce", 10_000.0),
        (1.0, "亿千瓦时/年", "TWh/yr", 0.1),
        (75.0, "元/t CO2", "CNY/t CO2", 75.0),
        (1.0, "亿元", "bn CNY", 0.1),
        (2.0, "万辆", "million vehicle", 0.02),
        (50.0, "%", "1", 0.5),
        (1.0, "km2", "m2", 1e6),
        (1.0, "MtCO2/yr", "Mt CO2/yr", 1.0),
        (2.5, "year", "yr", 2.5),
    ],
)
def test_conversions(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Mt CO2", "Mt"),
        ("Mt CO2", "Mt CH4"),
        ("Mt CO2", "Mt CO2e"),
        ("CNY/t", "USD/t"),
        ("CNY/t CO2", "CNY/t"),
        ("kt", "km/h"),
        ("t CO2/t", "1"),
        ("kt NOx/yr", "kt PM/yr"),
        ("GW", "GWh"),
        ("CNY/t CO2", "CNY CO2/t"),
        ("vehicle/yr", "1/yr"),
    ],
)
def test_different_things_never_convert(first: str, second: str) -> None:
    assert not same_dimension(first, second)
    with pytest.raises(UnitError, match="different things"):
        convert(1.0, first, second)


def test_all_that_follows_a_slash_is_below_the_line() -> None:
    assert parse("CNY/t CO2") == parse("CNY/(t CO2)")
    assert parse("CNY/t CO2").dimension == (("CNY", 1), ("CO2", -1), ("g", -1))


@pytest.mark.parametrize(
    "text", ["", "t/", "t)", "(t", "CNY/t*CO2", "a/(b/c)", "t + t", "CO2-"]
)
def test_what_is_no_unit_is_refused(text: str) -> None:
    with pytest.raises(UnitError, match=r"cannot read the unit|unknown unit"):
        parse(text)
    with pytest.raises(UnitError):
        check(text)


@pytest.mark.parametrize(("text", "meant"), [("mt", "Mt"), ("gw", "GW"), ("cny", "CNY")])
def test_a_misspelt_unit_gets_a_suggestion(text: str, meant: str) -> None:
    with pytest.raises(UnitError, match=f'did you mean "{meant}"'):
        parse(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("30 yr", (30.0, "yr")),
        ("-1.5e3 CNY/t CO2", (-1500.0, "CNY/t CO2")),
        ("0.5", (0.5, None)),
        ("30yr", (30.0, "yr")),
        ("yr 30", None),
        ("", None),
    ],
)
def test_a_quantity_is_a_number_and_a_unit(
    text: str, found: tuple[float, str | None] | None
) -> None:
    assert parse_quantity(text) == found


@pytest.mark.parametrize("text", ["Mt CO2/yr", "bn CNY", "km2", "亿吨", "1", "g CO2/kWh"])
def test_the_cheap_check_agrees_with_the_registry(text: str) -> None:
    check(text)
    assert parse(text).factor > 0


def test_equal_units_need_no_registry() -> None:
    code = (
        "import sys; from simulator.units import check, convert, same_dimension;"
        "assert convert(2.0, 'CNY/t CO2', 'CNY/t CO2') == 2.0 and same_dimension('t', 't');"
        "sys.exit('pint' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_names_mean_is_asked_of_pint_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path))
    units._sizes.cache_clear()
    asked = dict(units._sizes())
    assert set(asked) > units.NAMES
    units._sizes.cache_clear()
    monkeypatch.setattr(units, "_made", None)  # as in another process: it reads from disk
    assert units._sizes() == asked
    units._sizes.cache_clear()


def test_every_name_that_passes_has_a_meaning() -> None:
    for name in units._sizes():
        check(name)
    for name in ("km2", "Mm3", "m2"):
        assert parse(name).factor == parse(name[:-1]).factor ** int(name[-1])
    with pytest.raises(UnitError, match="unknown unit"):
        parse("cm2")
