"""The page of a hindcast: every series with what was observed, yardsticks, bands, errors."""

import pytest

from simulator.export.charts import DASHES
from simulator.export.heldout import Drawn, heldout
from simulator.export.hindcast_page import Common, Cut, Table, hindcast_page
from simulator.export.templates import LINES
from simulator.results.about import about
from simulator.results.history import Held, History
from tests.export.test_report import EVIL, Page
from tests.synthetic import dataset

WHO = about(dataset())
OBSERVED = {year: 100.0 + 2.0 * (year - 2010) for year in range(2010, 2025)}


def drawn(until, name="output.cement", unit="Mt/yr", scale=1.0):
    years = list(range(until + 1, 2025))
    return Drawn(
        "Cement", "水泥", unit, until, {y: scale * v for y, v in OBSERVED.items()}, years,
        [130.0 * scale for _ in years], [120.0 * scale for _ in years],
        [float("nan") for _ in years], 0.034, [(90.0 * scale, 170.0 * scale) for _ in years],
        name,
    )  # fmt: skip


def cut(until, **changes):
    held = Held(
        "output.cement", "Cement", "水泥", until + 1, 2024, 0.034, 0.02, 0.05, float("nan"),
        -0.062, 0.05, met=False, better=True, missing_en="a housing market", missing_zh="住房",
    )  # fmt: skip
    history = History("base", "ab" * 32, "0.1.0", until, 30, 0.9, ("shuangtan",), (held,), ())
    found = Cut(
        history, [drawn(until), drawn(until, "share.cars", "1", 0.004)],
        [("Known early.", "已知。")],
    )  # fmt: skip
    return found._replace(**changes)


COMMON = Common("shuangtan hindcast base --until 2020", ["A source"])


@pytest.fixture(scope="module")
def one():
    return Page(hindcast_page(WHO, [cut(2020)], COMMON))


def test_the_page_is_whole_and_says_how_the_model_did(one):
    assert one.open == []
    assert all(address.startswith("#") for address in one.addresses)
    assert {address[1:] for address in one.addresses} <= set(one.ids)
    text = "".join(one.text)
    for piece in (
        "Hindcast: National targets", "历史检验：国家目标", "Shown nothing after 2020",
        "hold 90 % of the", "a housing market", "worst year −6.2 %, limit 5 %", "上限5 %",
        "Known early.", "已知。", "shuangtan hindcast base --until 2020", "A source",
        WHO.digest, "No later year was observed.",
    ):  # fmt: skip
        assert piece in text, piece
    assert "By last known year" not in text
    assert "What the drivers explain" not in text


def test_every_series_is_drawn_from_the_last_known_year(one):
    held = one.numbers
    assert held["years"] == list(range(2015, 2025))
    chart = held["charts"]["series-output-cement"]
    found = {line["key"]: line for line in chart["series"]}
    assert found["model"]["values"]["2020"] == [None] * 5 + [120, 130, 130, 130, 130]
    assert found["observed"]["values"][""] == [OBSERVED[year] for year in range(2015, 2025)]
    assert found["last"]["dash"] == DASHES["dotted"]
    assert found["low"]["values"]["2020"][-1] == 90
    assert found["high"]["values"]["2020"][-1] == 170
    assert set(found["trend"]["values"]["2020"][6:]) == {None}
    assert len([line for line in chart["series"] if line["kind"] == "line"]) <= LINES
    assert len(chart["stages"]) == 1
    shares = {line["key"]: line for line in held["charts"]["series-share-cars"]["series"]}
    assert shares["model"]["values"]["2020"][-1] == pytest.approx(52.0)


def test_of_several_cuts_the_reader_chooses_one():
    head = [("2019", "2019"), ("2021", "2021")]
    common = COMMON._replace(rolling=Table(head, [(("Cement", "水泥"), ["3.0 %*", EVIL])]))
    driven = Table([("macro", "宏观")], [(("Cement", "水泥"), ["+1.5 %"])])
    text = hindcast_page(WHO, [cut(2019), cut(2021, drivers=driven)], common, "zh")
    page = Page(text)
    assert page.open == []
    assert page.numbers["scenarios"] == ["2019", "2021"]
    model = page.numbers["charts"]["series-output-cement"]["series"][0]["values"]
    assert model["2021"][-5:] == [None, 122, 130, 130, 130]
    assert len(model["2021"]) == len(page.numbers["years"])
    words = "".join(page.text)
    for piece in ("known to 2019", "截至2021年已知", "3.0 %*", "+1.5 %", "宏观", EVIL):
        assert piece in words
    assert 'data-language="zh"' in text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_figure_holds_its_band_and_its_words(language):
    big = drawn(2020)._replace(
        band=[(10.0, 9000.0 * step) for step in range(1, 5)], observed={2019: 1e4, 2020: 11e3}
    )
    for item in (drawn(2020), drawn(2020, unit="1", scale=0.004), big):
        figure = heldout(item, WHO, language)
        figure.draw_without_rendering()
        where = figure.axes[0]
        top = where.get_ylim()[1] / (100.0 if item.unit == "1" else 1.0)
        assert top > max(high for _, high in item.band)
        ticks = [label.get_text() for label in where.get_yticklabels()]
        assert not any("e+" in text for text in ticks)
        texts = [text.get_text() for text in (*figure.texts, *where.texts)]
        assert any(text.startswith(("Source: shuangtan", "来源")) for text in texts)
        assert any("90" in text and ("band" in text or "区间" in text) for text in texts)
        assert ("%" in texts) == (item.unit == "1")
        width, height = figure.canvas.get_width_height()
        for text in (*figure.texts, *where.texts):
            box = text.get_window_extent()
            assert -1 <= box.x0 <= box.x1 <= width + 1
            assert -1 <= box.y0 <= box.y1 <= height + 1
