"""The section on history: what was measured is said, what is missed is not hidden."""

import json
import runpy
from pathlib import Path

import pytest

from calibration.heldout import load_heldout
from calibration.stages import load_stages
from simulator.errors import ScenarioError
from simulator.export.history import history_section
from simulator.interface.reporting import MEASURED
from simulator.results.history import (
    FILE,
    OPEN,
    Fitted,
    Held,
    History,
    read_history,
    write_history,
)

EVIL = "<script>alert(1)</script>"
NONE = float("nan")
STEEL = Held(
    "output.steel", "Steel", "粗钢", 2021, 2024, 0.031, 0.02, 0.05, 0.04, -0.062, 0.05,
    met=False, better=True, missing_en="a housing market", missing_zh="住房市场",
)  # fmt: skip
SOLAR = STEEL._replace(
    en="Solar", bar=None, met=None, better=False, last_value=NONE, missing_en="not this"
)
FOUND = History(
    "frozen", "ab" * 32, "0.1.0", 2020, 100, 0.5, ("shuangtan hindcast --until 2020",),
    (STEEL, SOLAR, STEEL._replace(en=EVIL, met=True, better=True)),
    (
        Fitted("Power", "电力", "power.a", OPEN, 0.99),
        Fitted("Power", "电力", EVIL, OPEN, 0.99),
        Fitted("Cars", "汽车", "cars.b", "constrained", 0.4),
    ),
)  # fmt: skip


def test_a_miss_is_named_with_what_the_model_lacks():
    text = history_section(FOUND)
    assert "In 1 of 2 series with a stated limit" in text
    assert "in 2 of 3 the model is nearer than both yardsticks" in text
    assert "Steel" in text
    assert "a housing market" in text
    assert "−6.2 %" in text
    assert "not this" not in text
    assert "hold 50 % of the" in text
    assert "so these are too narrow" in text
    assert "too wide" in history_section(FOUND._replace(coverage=0.99))
    assert "so these are" not in history_section(FOUND._replace(coverage=0.9))
    assert "90 % bands" not in history_section(FOUND._replace(members=0))


def test_what_history_leaves_open_is_counted_and_listed():
    text = history_section(FOUND)
    assert "Of 3 parameters that were fitted, history narrows 1. The other 2" in text
    assert "power.a" in text
    assert "cars.b" not in text
    assert "电力" in text
    assert "What history leaves open" not in history_section(FOUND._replace(fitted=()))


def test_texts_of_others_are_text_and_nothing_measured_is_nothing_said():
    assert "<script" not in history_section(FOUND)
    assert history_section(None) == ""


def test_a_measurement_reads_back(tmp_path: Path):
    write_history(FOUND, tmp_path / FILE)
    back = read_history(tmp_path / FILE)
    assert back is not None
    assert back.series[0] == STEEL
    assert back.series[1].last_value != back.series[1].last_value
    assert back.fitted == FOUND.fitted
    assert read_history(tmp_path / "none.json") is None
    (tmp_path / FILE).write_text('{"series": []}', encoding="utf-8")
    with pytest.raises(ScenarioError, match="no measurement of history"):
        read_history(tmp_path / FILE)


def test_what_is_shipped_is_of_the_series_and_parameters_that_there_are():
    shipped = read_history(MEASURED / FILE)
    assert shipped is not None
    declared = {item.name: item.bar for item in load_heldout()}
    assert {item.name: item.bar for item in shipped.series} == declared, (
        "python docs/measure.py"
    )
    knobs = {
        knob.path
        for stage in load_stages().values() if stage.method == "fitted"
        for knob in stage.knobs
    }  # fmt: skip
    assert {item.key for item in shipped.fitted} == knobs, "run python docs/measure.py"


def test_the_script_takes_over_what_the_commands_print(tmp_path: Path):
    script = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "measure.py"))
    errors = {"absolute": 0.1, "bias": 0.0}
    score = {
        **STEEL._asdict(), "model": errors, "model_with_drivers": errors, "unit": "Mt",
        "last_value": {"absolute": None, "bias": None}, "linear_trend": errors,
    }  # fmt: skip
    stages = [name for name, stage in load_stages().items() if stage.method == "fitted"]
    parameters = [
        {"stage": name, "key": "a", "verdict": OPEN, "narrowing": 1.0, "year": None}
        for name in ("closing", stages[0])
    ]
    found = script["history"](
        {
            "scenario": "frozen", "hash": "ab", "scores": [score],
            "bands": {"2020": {"members": 7, "coverage": 0.9}},
        },
        {"parameters": parameters},
    )  # fmt: skip
    assert (found.members, found.series[0].model, len(found.fitted)) == (7, 0.1, 1)
    write_history(found, tmp_path / FILE)
    assert json.loads((tmp_path / FILE).read_text("utf-8"))["series"][0]["last_value"] is None
