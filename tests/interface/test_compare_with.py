"""``compare --with``: one scenario or several beside what others published."""

import csv
import json
from pathlib import Path

import pytest

TEXT = """Model,Scenario,Region,Variable,Unit,2020,2030,2050,2060
Their <b>model</b>,=SUM(1),China,Emissions|CO2,Gt CO2/yr,10.2,10.3,2.1,0.4
Their <b>model</b>,=SUM(1),China,Final Energy|Electricity,TWh/yr,7000,10800,15600,16500
Their <b>model</b>,=SUM(1),China,Price|Carbon,US$2010/t CO2,5,30,150,190
"""


@pytest.fixture
def theirs(tmp_path: Path) -> str:
    path = tmp_path / "theirs.csv"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_one_scenario_beside_a_published_pathway(shuangtan, theirs, tmp_path) -> None:
    code, out, err = shuangtan("compare", "national_targets", "--with", theirs, "--out", "o")
    assert code == 0, err
    for word in ("theirs.csv", "Emissions|CO2", "2020–2060 (4)", "Price|Carbon", "EJ/yr"):
        assert word in out
    folder = tmp_path / "o" / "compare-national_targets"
    figures = {path.stem for path in (folder / "figures").iterdir()}
    assert figures == {"compared", "published", "scoreboard"}
    page = (folder / "report.html").read_text("utf-8")
    assert "Their <b>" not in page
    assert "Their &lt;b&gt;model" in page
    for word in ("Published pathways", "已发布路径", "chart-published-0", "chart-published-1"):
        assert word in page
    assert f"--with {theirs}" in json.loads((folder / "summary.json").read_text())["runs"][
        "national_targets"
    ]["command"]  # fmt: skip
    scores = rows(folder / "published_scores.csv")
    assert [row["variable"] for row in scores] == ["Emissions|CO2", "Final Energy|Electricity"]
    kept = rows(folder / "published.csv")
    assert (kept[0]["value"], kept[0]["unit"]) == ("10200", "Mt CO2/yr")


def test_several_scenarios_and_programs(shuangtan, theirs) -> None:
    words = ("compare", "current_policies", "national_targets", "--with", theirs)
    code, out, _ = shuangtan(*words, "--json", "--no-report")
    assert code == 0
    told = json.loads(out)["published"]
    assert told["left_out"] == ["Price|Carbon"]
    assert {item["scenario"] for item in told["scores"]} == set(words[1:3])
    first = told["scores"][0]
    assert first["unit"] == "Mt CO2/yr"
    assert set(first["differences"]) == {"2030", "2050", "2060"}


def test_it_speaks_chinese(shuangtan, theirs) -> None:
    code, out, _ = shuangtan(
        "compare", "national_targets", "--with", theirs, "--no-report", "--lang", "zh"
    )
    assert code == 0
    for word in ("二氧化碳净排放", "终端电力消费", "累计", "无对应"):
        assert word in out


def test_what_is_kept_is_an_overlay_again_and_so_is_the_report(
    shuangtan, theirs, tmp_path
) -> None:
    assert shuangtan("compare", "national_targets", "--with", theirs, "--no-report")[0] == 0
    folder = tmp_path / "outputs" / "compare-national_targets"
    before = rows(folder / "published_scores.csv")
    kept = tmp_path / "kept.csv"
    kept.write_bytes((folder / "published.csv").read_bytes())
    assert shuangtan("report", str(folder))[0] == 0
    assert "chart-published-0" in (folder / "report.html").read_text("utf-8")
    assert shuangtan("compare", "national_targets", "--with", str(kept), "--no-report")[0] == 0
    assert rows(folder / "published_scores.csv") == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "variable,unit,year,value\nEmissions|CO2,Mt/yr,2030,1\n",
            ["bad.csv:2:1", "Mt CO2/yr"],
        ),
        ("variable,unit,year,value\nEmision,Mt/yr,2030,1\n", ["bad.csv:2:1", "Emision"]),
        ("variable,unit,year,value\nEmissions|CO2,Mt CO2/yr,2090,1\n", ["2060", "no year"]),
        ("Variable;Unit;2030\n", ["bad.csv:1:1", "commas"]),
    ],
)
def test_a_bad_file_is_one_message_and_exit_code_2(shuangtan, tmp_path, text, words) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    code, out, err = shuangtan("compare", "national_targets", "--with", str(path))
    assert code == 2
    assert not out
    assert len(err.strip().splitlines()) == 1
    for word in words:
        assert word in err
    assert not (tmp_path / "outputs").exists()


def test_a_file_that_is_not_there_is_said_before_anything_runs(shuangtan, monkeypatch) -> None:
    import simulator  # noqa: PLC0415

    monkeypatch.setattr(simulator, "run", None)
    code, _, err = shuangtan("compare", "national_targets", "--with", "none.csv")
    assert code == 2
    assert "none.csv" in err
