"""The report: one page that asks nobody for anything and shows every text as text."""

from html.parser import HTMLParser

import pytest

from simulator.export.comparison import Contest, comparison_page
from simulator.export.page import both
from simulator.export.report import ChangeLine, Story, report
from simulator.reading.roadmap import load_roadmap
from simulator.results.milestones import milestones
from simulator.results.sectors import sector_paths
from simulator.results.stages import stages
from tests.synthetic import dataset

ROADMAP = load_roadmap("four_stage")
EVIL = "<script>alert(1)</script>"
VOID = {"meta", "img", "br"}


class Page(HTMLParser):
    """Reads a page: tags, their attributes, balance, and what it would fetch."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.addresses, self.text = [], [], [], []
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

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["script"] and self.open[-1:] != ["style"]:
            self.text.append(data)


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
        sources=["Global Carbon Budget 2025"],
        command="shuangtan run national_targets",
    )
    return told._replace(**changes)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_fetches_nothing(language):
    page = Page(report(story(), {"power": b"\x89PNG"}, language))
    assert page.open == []
    assert all(address.startswith("data:image/png;base64,") for address in page.addresses)
    assert page.tags.count("script") == 1
    text = "".join(page.text)
    for piece in (
        "National targets", "国家目标", "12,420", "CO2 emissions peak before 2030",
        "二氧化碳排放2030年前达峰", "carbon_market.price_floor", "1.2e-12", "0123456789abcdef",
        "Semiconductors and displays", "平台期始于",
        "Global Carbon Budget 2025", "shuangtan run national_targets", "carbon_market_cap",
    ):  # fmt: skip
        assert piece in text


def test_every_text_of_others_is_escaped():
    run = dataset().assign_attrs(
        label_en=EVIL, label_zh=EVIL, scenario=EVIL, scenario_yaml=EVIL, warnings=f'["{EVIL}"]',
        ledger='{"<script>": 1.0}', scenario_hash='"><img src=x onerror=alert(1)>',
    )  # fmt: skip
    told = story(
        run, description=(EVIL, EVIL), sources=[EVIL], command=EVIL,
        changes=[ChangeLine(EVIL, EVIL, EVIL, EVIL)],
    )  # fmt: skip
    page = Page(report(told, {EVIL: b"x"}, "en", EVIL))
    assert page.tags.count("script") == 1
    assert "".join(page.text).count(EVIL) > 5


def test_the_language_decides_what_opens():
    assert '<html lang="zh-CN" data-language="zh">' in report(story(), {}, "zh")
    assert '<html lang="en" data-language="en">' in report(story(), {}, "en")
    assert both("same", "same") == "same"


def test_stages_and_neutrality_are_told():
    page = report(story(), {})
    assert "Net CO₂ reaches zero in 20" in page
    assert "Peaking 2020–2030" in page
    shallow = dataset("current_policies", 0.6)
    assert "Net CO₂ does not reach zero." in report(story(shallow), {})


def test_a_run_without_extras_still_has_a_page():
    bare = story(scoreboard=[], stages=None, roadmap=None, changes=[], sources=[])
    assert Page(report(bare, {})).open == []


def test_a_comparison_has_a_page():
    runs = {"a": dataset("a", 0.6), "b": dataset("b").assign_attrs(label_en=EVIL)}
    boards = {name: milestones(run, ROADMAP) for name, run in runs.items()}
    changes = {"b": [ChangeLine("carbon_market.price_floor", "0", EVIL, "")]}
    page = Page(comparison_page(Contest(runs, boards, changes, "shuangtan compare a b"), {}))
    assert page.open == []
    assert page.tags.count("script") == 1
