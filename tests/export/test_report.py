"""The report: one page that asks nobody for anything and shows every text as text."""

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest

from simulator.dimensions import SECTORS
from simulator.export.charts import Chart, Line, content, figure_of
from simulator.export.evidence import Matters
from simulator.export.page import both
from simulator.export.report import Background, Story, report
from simulator.export.report_parts import Assumption, ChangeLine
from simulator.export.templates import AREAS, LINES
from simulator.reading.roadmap import load_roadmap
from simulator.results.effects import Effect
from simulator.results.milestones import milestones
from simulator.results.sectors import sector_paths
from simulator.results.stages import stages
from tests.synthetic import dataset

ROADMAP = load_roadmap("four_stage")
EVIL = "<script>alert(1)</script>"
VOID = {"meta", "img", "br", "input", "rect", "path"}
COMMON = Background(
    sources=["Global Carbon Budget 2025"],
    observed={2015: 9850.0, 2024: 12289.0},
    assumptions=[Assumption("steel.somewhat", "3", "Mt/yr", 1.0, 9.0, "a guess")],
)


class Page(HTMLParser):
    """Reads a page: tags, their attributes, balance, and what it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.addresses, self.text, self.ids = [], [], [], [], []
        self.numbers = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name in {"src", "href", "action", "data", "srcset"}:
                self.addresses.append(value)
            if name == "id":
                self.ids.append(value)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] not in (["script"], ["style"]):
            self.text.append(data)
        elif data.startswith('{"years"'):
            self.numbers = json.loads(data)


def story(run=None, **changes):
    ds = run if run is not None else dataset()
    told = Story(
        dataset=ds,
        scoreboard=milestones(ds, ROADMAP),
        stages=stages(ds),
        sectors=sector_paths(ds),
        roadmap=ROADMAP,
        description=("What was promised.", "兑现承诺。"),
        changes=[ChangeLine("carbon_market.price_floor", "0", "75 CNY/t CO2", "a.yaml:3")],
        command="shuangtan run national_targets",
    )
    return told._replace(**changes)


def four():
    """Four scenarios, one with a label that would be code if it were not escaped."""
    runs = [
        dataset("current_policies", 0.6), dataset(), dataset("accelerated", 1.05),
        dataset("evil").assign_attrs(label_en=EVIL, label_zh=EVIL),
    ]  # fmt: skip
    return [story(run) for run in runs]


@pytest.fixture(scope="module")
def one_page():
    return Page(report([story()], "en", COMMON))


@pytest.fixture(scope="module")
def four_pages():
    text = report(four(), "zh", COMMON._replace(differences={"evil": story().changes}))
    return text, Page(text)


def test_the_page_is_whole_and_fetches_nothing(one_page):
    assert one_page.open == []
    assert one_page.addresses
    assert all(address.startswith("#") for address in one_page.addresses)
    assert {address[1:] for address in one_page.addresses} <= set(one_page.ids)
    assert len(one_page.ids) == len(set(one_page.ids))
    assert one_page.tags.count("script") == 3
    text = "".join(one_page.text)
    for piece in (
        "National targets", "国家目标", "12,420", "CO2 emissions peak before 2030",
        "二氧化碳排放2030年前达峰", "carbon_market.price_floor", "1.2e-12", "0123456789abcdef",
        "Semiconductors and displays", "平台期始于",
        "Global Carbon Budget 2025", "shuangtan run national_targets", "carbon_market_cap",
        "What is missing", "差在哪里", "steel.somewhat",
    ):  # fmt: skip
        assert piece in text


def test_targets_have_their_unit(four_pages):
    text = "".join(four_pages[1].text)
    assert text.count("≥ 3,600 GW") >= 4
    assert "≥ 25.0 %" in text
    assert "2030 year" not in text


def test_efficiency_and_electricity_of_sectors_are_told(one_page, four_pages):
    held = four_pages[1].numbers["charts"]
    classes = {line["key"]: line["values"] for line in held["chart-motors"]["series"]}
    assert set(classes) == {"ie1", "ie2", "ie3", "ie4", "ie5"}
    run = dataset()["efficiency_mix"].sel(equipment="motors", efficiency_class="ie4")
    assert classes["ie4"]["accelerated"] == pytest.approx(100.0 * run.values, rel=1e-4)
    assert len(held["chart-transformers"]["series"]) == 5
    assert len(held["chart-scrap"]["series"]) == len(held["chart-stock"]["series"]) == 4
    assert "in 2060 [%]" in "".join(four_pages[1].text)
    assert "分行业终端电气化率（%）" in "".join(one_page.text)
    text = "".join(one_page.text)
    part = text[text.index("Electricity in final energy by sector") :]
    part = part[: part.index("Milestones")]
    assert "steel" in part
    # Whoever supplies energy has none of its own to electrify.
    assert "carbon removal" not in part
    assert "power" not in part


def test_every_sector_has_a_page_with_charts(one_page):
    for sector in SECTORS:
        assert f"sector-{sector}" in one_page.ids
    assert {"fleet-cars", "fleet-steelmaking", "sector2-energy"} <= set(one_page.ids)
    assert set(one_page.numbers["charts"]) <= set(one_page.ids)


def test_charts_hold_the_numbers_of_the_run(one_page):
    run, held = dataset(), one_page.numbers
    assert held["years"] == list(range(2015, 2061))
    series = {line["key"]: line for line in held["charts"]["chart-pathway"]["series"]}
    assert series["gross"]["values"][""] == pytest.approx(
        run["emissions_gross"].values, rel=1e-4
    )
    assert [value for value in series["observed"]["values"][""] if value] == [9850, 12289]
    bands = [
        line["values"]["national_targets"]
        for line in held["charts"]["chart-sectors"]["series"] if line["kind"] == "area"
    ]  # fmt: skip
    assert np.sum(bands, axis=0) == pytest.approx(run["emissions_gross"].values, rel=1e-3)


def test_every_series_finds_a_place_in_its_template(one_page, four_pages):
    for held in (one_page.numbers, four_pages[1].numbers):
        for name, chart in held["charts"].items():
            areas = [line for line in chart["series"] if line["kind"] == "area"]
            lines = [line for line in chart["series"] if line["kind"] == "line"]
            assert sum(len(line["signs"]) for line in areas) <= AREAS, name
            assert len(lines) <= (2 if areas else LINES), name
            assert len({line["key"] for line in chart["series"]}) == len(chart["series"])


def test_four_scenarios_weigh_less_than_six_megabytes(four_pages):
    text, page = four_pages
    assert len(text.encode()) < 6e6
    assert page.open == []
    assert page.tags.count("script") == 3
    assert page.numbers["scenarios"] == [
        "current_policies", "national_targets", "accelerated", "evil",
    ]  # fmt: skip
    assert len(page.numbers["charts"]["chart-net"]["series"]) == 5
    change = dataset()["emissions_net"] - dataset("current_policies", 0.6)["emissions_net"]
    assert f"{float(change.sel(time=2060)):+,.0f}" in "".join(page.text)


def test_steps_from_the_first_scenario_add_up_in_every_year(four_pages, one_page):
    chart = four_pages[1].numbers["charts"]["chart-steps"]
    assert chart["kind"] == "steps"
    for told in four():
        name = told.dataset.attrs["scenario"]
        total = np.sum([line["values"][name] for line in chart["series"]], axis=0)
        assert total == pytest.approx(told.dataset["emissions_net"].values, abs=2.0)
    assert "steps" in four_pages[1].numbers["templates"]
    assert "chart-steps" not in one_page.numbers["charts"]
    assert "steps" not in one_page.numbers["templates"]


def test_every_text_of_others_is_escaped(four_pages):
    assert "".join(four_pages[1].text).count(EVIL) > 20
    assert not re.search(r"<script>\s*alert", four_pages[0])
    run = dataset().assign_attrs(
        label_en=EVIL, label_zh=EVIL, scenario=EVIL, scenario_yaml=EVIL, warnings=f'["{EVIL}"]',
        ledger='{"<script>": 1.0}', scenario_hash='"><img src=x onerror=alert(1)>',
    )  # fmt: skip
    told = story(
        run,
        description=(EVIL, EVIL),
        command=EVIL,
        changes=[ChangeLine(EVIL, EVIL, EVIL, EVIL)],
    )
    odd = Background([EVIL], {}, [Assumption(EVIL, EVIL, EVIL, 0.0, 1.0, EVIL)])
    page = Page(report([told], "en", odd))
    assert page.tags.count("script") == 3
    assert "".join(page.text).count(EVIL) > 10


def test_assumptions_are_ranked_by_what_they_do():
    few = [
        Effect(
            "national_targets", "ab" * 32, "0.1.0", "emissions_net", "Mt CO2/yr", key, EVIL,
            EVIL, "1", 1.0, 0.5, 1.5, source, EVIL, year, 100.0, 100.0 - size, 100.0 + size,
        )
        for key, source, size in (
            ("small.scale", "assumption", 3.0), ("large", "known", 40.0), ("odd", EVIL, 5.0),
        )
        for year in (2030, 2060)
    ]  # fmt: skip
    found = Matters(few, (EVIL, EVIL), {"known": "A citation"}, own=False)
    page = Page(report([story()], "en", COMMON._replace(matters=found)))
    text = "".join(page.text)
    assert page.open == []
    assert "each of 3 assumptions" in text
    assert "--assumptions" in text
    assert text.index("−40") < text.index("−5") < text.index("−3")
    assert "A citation" in text
    assert "×1 (×0.5 – ×1.5)" in text
    assert "What moves net CO₂ in 2060 most" in text
    assert "has changed since" not in text
    later = report([story()], "en", COMMON._replace(matters=found._replace(outdated=True)))
    assert "has changed since" in later


def test_the_language_decides_what_opens(four_pages):
    assert '<html lang="zh-CN" data-language="zh">' in four_pages[0]
    assert both("same", "same") == "same"


def test_stages_and_neutrality_are_told(one_page):
    text = "".join(one_page.text)
    assert "Net CO₂ reaches zero in 20" in text
    assert "Peaking 2020–2030" in text
    shallow = report([story(dataset("current_policies", 0.6))])
    assert "Net CO₂ does not reach zero." in shallow


def test_a_run_without_extras_still_has_a_page():
    bare = story(scoreboard=[], stages=None, roadmap=None, changes=[])
    assert Page(report([bare])).open == []


def test_numbers_that_are_none_and_text_that_would_end_the_script_are_safe():
    line = Line("a", EVIL, EVIL, "#44546a", {"": [1.0, np.nan, np.inf]})
    chart = Chart("chart-x", (EVIL, EVIL), ("u", "u"), [line])
    text = content([chart], [2015, 2016, 2017], ["a"])
    assert "<" not in text
    assert json.loads(text)["charts"]["chart-x"]["series"][0]["values"] == {"": [1, None, None]}
    assert "<script" not in figure_of(chart)
