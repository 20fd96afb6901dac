"""What hindcast prints of the documents, in both languages and as JSON."""

import json

import pytest

import simulator


@pytest.fixture
def hindcast(run_of, shuangtan, monkeypatch):
    found = run_of("current_policies")
    monkeypatch.setattr(simulator, "run", lambda *_, **__: found, raising=False)
    return lambda *words: shuangtan("hindcast", "current_policies", *words)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "CO2 per generation 2021",
                "within",
                "missed",
                "no counterpart",
                "range",
                "calibration",
                "Why numbers are missed, or what contradicts them:",
                "contradicted by data",
                "observed 367 PJ/yr, model 36",
                "Only the limestone differs",
            ),
        ),
        (
            "zh",
            (
                "2021年单位发电量碳排放",
                "允许误差",
                "未达标",
                "未建模",
                "区间内",
                "校准",
                "未达标或与数据矛盾的原因：",
                "与数据矛盾",
                "实测367 PJ/yr",
            ),
        ),
    ],
)
def test_every_number_has_its_tolerance_its_facts_and_a_verdict(hindcast, language, texts):
    code, out, err = hindcast("--lang", language)
    assert (code, err) == (0, "")
    for text in (*texts, "grid_intensity_2021", "± 2 %", "48–61", "> 10"):
        assert text in out


def test_the_same_stands_in_json(hindcast):
    _, out, _ = hindcast("--json")
    found = {item["key"]: item for item in json.loads(out)["documents"]}
    grid, stage = found["power.grid"], found["equipment.label_claim"]
    assert (grid["document"], grid["tolerance"], grid["verdict"]) == (558.0, 0.02, "met")
    assert grid["facts"] == ["grid_intensity_2021"]
    assert (stage["verdict"], stage["met"]) == ("contradicted", False)
    assert stage["observation"]["agrees"]
    assert grid["observation"] is None
    kiln = found["cement.kiln_electricity"]
    assert (kiln["document"], kiln["low"], kiln["high"]) == (None, 48.0, 61.0)
    for item in found.values():
        assert (item["model"] is None) == (item["verdict"] == "not represented"), item["key"]
    assert all(item["en"] and item["zh"] for item in found.values())
