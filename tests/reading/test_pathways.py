"""Files of published pathways: shapes that say the same, and what is wrong with a file."""

from pathlib import Path

import pytest

from simulator.errors import ScenarioError
from simulator.reading import pathways
from simulator.reading.pathways import PATHWAY_LIMIT, REPORT_LIMIT, read_pathways

WIDE = """Model,Scenario,Region,Variable,Unit,2030,2040
Outlook,Pledges,World,Emissions|CO2,Gt CO2/yr,31,13
Outlook,Pledges,China,Emissions|CO2,Gt CO2/yr,10.3,5.9
Outlook,Pledges,China,Capacity|Electricity|Wind,GW,NA,2150
"""
LONG = """region,unit,MODEL,scenario,variable,Year,Value,Note
China,Gt CO2/yr,Outlook,Pledges,Emissions|CO2,2040,5.9,b
China,Gt CO2/yr,Outlook,Pledges,Emissions|CO2,2030.0,10.3,a
World,Gt CO2/yr,Outlook,Pledges,Emissions|CO2,2030,31,
China,GW,Outlook,Pledges,Capacity|Electricity|Wind,2040,2150,
China,GW,Outlook,Pledges,Capacity|Electricity|Wind,2030,,
"""
CHINESE = """模型,情景,地区,变量,单位,年份,数值
Outlook,Pledges,中国,Emissions|CO2,Gt CO2/yr,2030,10.3
Outlook,Pledges,中国,Emissions|CO2,Gt CO2/yr,2040,5.9

Outlook,Pledges,全国,Capacity|Electricity|Wind,GW,2040,2150
"""


@pytest.fixture
def read(tmp_path: Path):
    def call(content: str | bytes):
        path = tmp_path / "their outlook.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_pathways(path)

    return call


@pytest.mark.parametrize("text", [WIDE, LONG, CHINESE, "\ufeff" + WIDE.replace("\n", "\r\n")])
def test_every_shape_says_the_same(read, text: str) -> None:
    found = read(text)
    assert found.pathways == ("Outlook Pledges",)
    assert not found.strict
    net, wind = found.series
    assert (net.variable, net.unit) == ("Emissions|CO2", "Gt CO2/yr")
    assert (net.years, net.values) == ((2030, 2040), (10.3, 5.9))
    assert (wind.years, wind.values) == ((2040,), (2150.0,))


def test_a_tidy_table_needs_four_columns_only(read) -> None:
    found = read("value,year,unit,variable\n1e4,2030,Mt CO2/yr,emissions_net\n")
    assert found.strict
    (one,) = found.series
    assert one.pathway == "their outlook"
    assert (one.variable, one.years, one.values) == ("emissions_net", (2030,), (10000.0,))


def test_dimension_and_label_become_a_selection(read) -> None:
    text = (
        "scenario,variable,dimension,label,year,value,unit\n"
        "a,final_energy,sector|carrier,steel|coal,2030,1,PJ/yr\n"
    )
    (one,) = read(text).series
    assert one.variable == "final_energy[sector=steel, carrier=coal]"


def test_an_iamc_table_leaves_the_unit_of_a_share_empty(read) -> None:
    (one,) = read("Model,Scenario,Region,Variable,Unit,2030\nM,S,China,Share,,0.5\n").series
    assert one.unit == "1"


HEAD = "variable,unit,year,value\n"
GOOD = "Emissions|CO2,Mt CO2/yr,2030,1\n"
BAD = {
    "no number": (HEAD + GOOD + "Emissions|CO2,Mt CO2/yr,2040,much\n", 3, ["much", "11500"]),
    "thousands": (HEAD + 'Emissions|CO2,Mt CO2/yr,2040,"11,500"\n', 2, ["without commas"]),
    "infinite": (HEAD + "Emissions|CO2,Mt CO2/yr,2040,inf\n", 2, ["inf"]),
    "no year": (HEAD + "Emissions|CO2,Mt CO2/yr,soon,1\n", 2, ["soon", "2030"]),
    "twice": (HEAD + GOOD + GOOD, 3, ["2030", "line 2", "leave one row out"]),
    "two units": (HEAD + GOOD + "Emissions|CO2,Gt CO2/yr,2040,1\n", 3, ["Gt CO2/yr", "line 2"]),
    "no unit": (HEAD + "Emissions|CO2,,2030,1\n", 2, ["unit is empty"]),
    "comma": (HEAD + "Emissions|CO2,Mt CO2/yr,2030,1,5\n", 2, ["5 cells, expected 4"]),
    "open quote": (HEAD + GOOD + '"Emissions|CO2,Mt CO2/yr,2040,1\n', 3, ["quote"]),
    "no column": ("variable,year,value\n", 1, ["unit", "Model, Scenario"]),
    "no years": ("Model,Scenario,Region,Variable,Unit\n", 1, ["year", "value"]),
    "semicolons": ("Variable;Unit;2030\n", 1, ["by commas"]),
    "same column": ("variable,unit,year,value,Value\n", 1, ["two columns"]),
    "nothing": ("", 1, ["nothing"]),
    "no rows": (HEAD, 1, ["no numbers"]),
    "no China": ("region," + HEAD + "World," + GOOD, 1, ["World", "China"]),
    "other encoding": ((HEAD + "排放,Mt,2030,1\n").encode("gbk"), 2, ["UTF-8"]),
    "a workbook": (b"PK\x03\x04\xff\xfe", 1, ["Excel", "CSV UTF-8"]),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_named_with_line_and_remedy(read, name: str) -> None:
    content, line, words = BAD[name]
    with pytest.raises(ScenarioError) as caught:
        read(content)
    (problem,) = caught.value.problems
    assert problem.file.endswith("their outlook.csv")
    assert problem.line == line
    for word in words:
        assert word in problem.message, problem.message


def test_all_that_is_wrong_is_said_at_once_and_no_more_than_can_be_read(read) -> None:
    rows = "".join(f"Emissions|CO2,Mt CO2/yr,{year},x\n" for year in range(2020, 2060))
    with pytest.raises(ScenarioError) as caught:
        read(HEAD + rows)
    assert len(caught.value.problems) == REPORT_LIMIT
    assert str(caught.value).endswith(f"and {40 - REPORT_LIMIT} more problems")


def test_a_huge_file_and_one_that_is_not_there_are_refused(read, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(pathways, "SIZE_LIMIT", 50)
    with pytest.raises(ScenarioError, match=r"larger than .* MB; keep"):
        read(HEAD + GOOD * 9)
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(ScenarioError, match="no such file"):
            read_pathways(path)


def test_too_many_pathways_are_refused(read) -> None:
    count = PATHWAY_LIMIT + 1
    rows = "".join(f"s{place},{GOOD}" for place in range(count))
    with pytest.raises(ScenarioError, match=f"{count} pathways .*at most {PATHWAY_LIMIT}"):
        read("scenario," + HEAD + rows)
