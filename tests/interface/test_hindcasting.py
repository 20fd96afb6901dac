"""The command for years that the model did not see, in both languages, as JSON and as files."""

import csv
import json

import numpy as np
import pytest

from calibration import bands, heldout
from calibration import refit as refitting
from calibration.heldout import Point
from calibration.refit import Posterior


def drawn(until, scenario, engine, fitted=None):
    """Points drawn by hand: cement off by a tenth, everything else as observed."""
    del scenario, engine, fitted
    found = []
    for item in heldout.load_heldout():
        for year in (2023, 2024):
            model = 110.0 if item.name == "output.cement" else 101.0
            found.append(Point(until, item.name, "Mt/yr", year, 100.0, model, 99.0, 95.0, 98.0))
    return tuple(found)


@pytest.fixture
def hindcast(shuangtan, monkeypatch):
    monkeypatch.setattr(heldout, "held_out", drawn)
    return lambda *words: shuangtan("hindcast", *words)


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        ("en", ("known to 2020", "Cement", "missed", "what is missing", "two thirds: met")),
        (
            "zh",
            ("以2020年为已知终点", "水泥产量", "未达标", "所缺机制", "要求：达标"),
        ),
    ],
)
def test_the_table_says_what_was_missed_and_what_is_missing(hindcast, language, texts):
    code, out, err = hindcast("--until", "2020", "--lang", language)
    assert (code, err) == (0, "")
    for text in (*texts, "+10.0 % / 8 %"):
        assert text in out


def test_rolling_has_a_column_for_every_cut(hindcast):
    _, out, _ = hindcast("--rolling", "--lang", "en")
    for year in heldout.ROLLING:
        assert f"known to {year}" in out
    assert "10.0 % " in out
    assert "1.0 %*" in out


def test_bands_say_what_part_of_the_points_they_hold(hindcast, monkeypatch, tmp_path):
    def around(until, found, members, scenario, seed, *, drivers, fitted):
        del until, scenario, seed
        assert (drivers, fitted) == ("expected", None)
        ends = {(p.until, p.name, p.year): (90.0, 105.0) for p in found}
        return bands.Bands(members, ends, 0.71, 0.83)

    monkeypatch.setattr(bands, "bands", around)
    words = ("--until", "2020", "--members", "7", "--lang", "en", "--out", str(tmp_path / "b"))
    _, out, _ = hindcast(*words)
    assert "90 % bands of 7 runs hold 71 % of points; 80-98 %: missed." in out
    assert "errors of earlier cuts; without these 83 %" in out
    with (tmp_path / "b" / "heldout.csv").open(encoding="utf-8") as stream:
        row = next(csv.DictReader(stream))
    assert (row["low"], row["high"]) == ("90.0", "105.0")


def test_with_observed_drivers_the_other_run_is_judged(hindcast, monkeypatch):
    def by_driver(until, found, scenario, engine, fitted):
        del until, scenario, engine, fitted
        return {point.name: {"macro": 0.01, "price": -0.02, "trade": 0.0} for point in found}

    monkeypatch.setattr(heldout, "by_driver", by_driver)
    _, out, _ = hindcast("--until", "2020", "--drivers", "observed", "--lang", "en")
    assert "Judged (bias, worst year, bars, yardsticks): observed drivers." in out
    assert "-1.0 % / 8 %" in out
    assert "+10.0 % / 8 %" not in out
    assert "Bias by driver" in out
    assert "-2.0 %" in out
    _, plain, _ = hindcast("--until", "2020", "--lang", "zh")
    assert "所用：预期驱动。" in plain
    assert "偏差分解" not in plain


def test_a_refit_is_what_the_run_starts_from(hindcast, monkeypatch):
    asked = []

    def refit(until):
        asked.append(until)
        return Posterior((), np.zeros(0), np.zeros((0, 0)))

    monkeypatch.setattr(refitting, "refit", refit)
    _, out, _ = hindcast("--until", "2021", "--refit", "--lang", "en")
    assert asked == [2021]
    assert "Fitted anew: 0 parameters, to the years up to 2021." in out
    _, out, _ = hindcast("--until", "2021", "--lang", "en")
    assert "--refit fits them to the cut" in out


def test_json_holds_scores_and_points(hindcast):
    _, out, _ = hindcast("--until", "2021", "--json")
    found = json.loads(out)
    cement = next(one for one in found["scores"] if one["name"] == "output.cement")
    assert (cement["met"], cement["better"], cement["until"]) == (False, False, 2021)
    assert cement["model"]["absolute"] == pytest.approx(0.1)
    assert len(found["points"]) == 2 * len(heldout.load_heldout())
    assert "transformer_standard.s13" in found["foreknown"]["2021"]


def test_files_are_tidy_tables_and_a_figure_for_every_series(hindcast, tmp_path):
    code, _, _ = hindcast("--until", "2020", "--out", str(tmp_path / "held"), "--quiet")
    assert code == 0
    with (tmp_path / "held" / "heldout.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == 2 * len(heldout.load_heldout())
    assert float(rows[0]["model"]) == 101.0
    figures = list((tmp_path / "held" / "figures").glob("2020_*.png"))
    assert len(figures) == len(heldout.load_heldout())
    assert all(figure.stat().st_size > 5000 for figure in figures)


def model_of(page):
    """What the page draws of the model, for cement."""
    numbers = json.loads(page.split('id="charts">')[1].split("</script>")[0])
    chart = numbers["charts"]["series-output-cement"]
    return next(line for line in chart["series"] if line["key"] == "model")["values"]


def test_a_page_tells_the_run_that_is_judged_and_how_to_repeat_it(
    hindcast, monkeypatch, tmp_path
):
    def by_driver(until, found, scenario, engine, fitted):
        del until, scenario, engine, fitted
        return {p.name: dict.fromkeys(("macro", "price", "trade"), -0.02) for p in found}

    monkeypatch.setattr(heldout, "by_driver", by_driver)
    folder = tmp_path / "held"
    words = ("current_policies", "--until", "2021", "--out", str(folder), "--lang", "zh")
    code, _, _ = hindcast(*words)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert code == 0
    assert "shuangtan hindcast current_policies --until 2021<" in page
    assert "Policies that act as known" in page
    assert "视为已知的政策" in page
    assert model_of(page)["2021"][-1] == 110
    assert "What the drivers explain" not in page
    code, _, _ = hindcast(*words, "--drivers", "observed", "--rolling")
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "--until 2021 --rolling --drivers observed<" in page
    assert model_of(page)["2021"][-1] == 99
    assert sorted(model_of(page)) == [str(year) for year in heldout.ROLLING]
    assert "What the drivers explain" in page
    assert "按最后已知年份" in page


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("--until", "2030"), "2018"),
        (("--until", "2012"), "2023"),
        (("--out", "x"), "--until"),
    ],
)
def test_what_makes_no_sense_is_refused(hindcast, words, text):
    code, _, err = hindcast(*words, "--lang", "en")
    assert code == 2
    assert text in err
