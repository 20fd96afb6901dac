"""What calibrate prints and writes, in both languages and as JSON; the fit itself is drawn."""

import json

import pytest

import calibration.calibrate as engine
from calibration.calibrate import Calibration, Correlation, Line
from calibration.stages import load_stages

CLOSED = Line(
    "closing", "groups.observed.unallocated_coal.coal_factor", 2020, "1", 0.1, -6.6, 6.8,
    -1.5, 1.5, None, 0.09, None, None, "closed", "",
)  # fmt: skip
KNOWN = Line(
    "materials", "cement.in_use.saturation", None, "t/person", 50.4, 49.5, 51.3, 44, 56, 50, 50,
    0.18, 0.012, "constrained", "",
)  # fmt: skip
OPEN = KNOWN._replace(key="cement.price_elasticity", verdict="not constrained", narrowing=1.0)


@pytest.fixture
def calibrate(shuangtan, monkeypatch):
    asked = []

    def fake(until, stage, report):
        asked.append((until, stage))
        report(load_stages()["materials"], 1, 12.0)
        pairs = (
            Correlation("materials", KNOWN.key, OPEN.key, -0.8),
            Correlation("materials", KNOWN.key, "third", 0.1),
        )
        return Calibration(until, (CLOSED, KNOWN, OPEN), (), pairs, (), None, "abc", "1")

    monkeypatch.setattr(engine, "calibrate", fake)
    return lambda *words: (asked, *shuangtan("calibrate", *words))


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ["1 factors close", "0.01 at most", "does not narrow 1 of 2", "round 1"]),
        ("zh", ["1个闭合因子", "0.01", "2个参数中有1个", "第1轮"]),
    ],
)
def test_what_history_leaves_open_is_said(calibrate, language, texts):
    asked, code, out, err = calibrate("--lang", language, "--until", "2020")
    assert (code, err) == (0, "")
    assert asked == [(2020, None)]
    for text in [*texts, "cement.price_elasticity", "-0.80", "49.5…51.3", "0.18"]:
        assert text in out
    assert "third" not in out


def test_the_set_is_written_and_the_same_stands_in_json(calibrate, tmp_path):
    asked, code, out, _ = calibrate("--json", "--stage", "materials", "--out", "there")
    assert code == 0
    assert asked == [(2024, "materials")]
    told = json.loads(out)
    assert told == json.loads((tmp_path / "there/calibration/calibration.json").read_text())
    assert told["not_constrained"] == [OPEN.key]
    assert told["data"] == "abc"
    assert (tmp_path / "there/calibration/parameters.csv").exists()


def test_a_wrong_stage_is_refused_with_a_hint(shuangtan):
    code, _, err = shuangtan("calibrate", "--stage", "vehicle", "--lang", "en")
    assert code == 2
    assert "vehicles" in err
