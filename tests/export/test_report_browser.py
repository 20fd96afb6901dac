"""Pages in a real browser: both languages, desk and phone, and nothing leaves the page."""

import pytest

from simulator.export.hindcast_page import hindcast_page
from simulator.export.report import Background, report
from tests.browsers import DESK, DRAWN, NEEDED, PHONE, chromium, watched
from tests.export.test_hindcast_page import COMMON, WHO, cut
from tests.export.test_report import EVIL, four

pytestmark = NEEDED
TOOLTIP = """() => {
  const found = [];
  const walk = (node) => {
    if (node.shadowRoot) walk(node.shadowRoot);
    for (const child of node.children || []) {
      if (/bk-Tooltip/.test(child.className) && child.getBoundingClientRect().width > 0) {
        const text = (part) => [...part.childNodes].map((item) => item.nodeType === 3
          ? item.textContent : item.nodeName === "STYLE" ? "" : text(item)).join(" ")
          + (part.shadowRoot ? text(part.shadowRoot) : "");
        found.push(text(child));
      }
      walk(child);
    }
  };
  walk(document.body);
  return found.join("|");
}"""
RANGE = """([id, name, end]) => {
  for (const model of Bokeh.documents.flatMap((doc) => [...doc.all_models])) {
    if (model.name === name && String(model.id).startsWith(id + "-")) return model[end];
  }
  return null;
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    common = Background(observed={2015: 9850.0, 2020: 10914.0, 2024: 12289.0})
    path = tmp_path_factory.mktemp("report") / "report.html"
    path.write_text(report(four(), "en", common), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def hindcast(tmp_path_factory):
    path = tmp_path_factory.mktemp("hindcast") / "report.html"
    path.write_text(hindcast_page(WHO, [cut(2020)], COMMON), encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def opened(browser, address, hindcast):
    """Open a page that nothing leaves."""
    with watched(browser, (address, hindcast)) as page:

        def open_page(size, where=address):
            page.set_viewport_size(size)
            page.goto(where)
            page.wait_for_function(DRAWN)
            return page

        yield open_page


def hover(page, chart):
    """Point at the middle of a chart and return what it says."""
    box = page.locator(f"#{chart} .plot").bounding_box()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"])
    page.mouse.move(box["x"] + 0.6 * box["width"], box["y"] + 0.55 * box["height"], steps=3)
    page.wait_for_function(f"() => ({TOOLTIP})() !== ''", timeout=15_000)
    return page.evaluate(TOOLTIP)


def test_a_tap_writes_the_values_of_its_year(opened):
    page = opened(PHONE)
    box = page.locator("#chart-power .plot").bounding_box()
    middle = {"x": 0.6 * box["width"], "y": 0.5 * box["height"]}
    page.locator("#chart-power .plot").click(position=middle)
    said = page.locator("#chart-power .said").inner_text()
    year = int(said.split(" · ")[0])
    assert 2030 < year < 2050
    coal = sum(
        float(four()[0].dataset["generation"].sel(time=year, generator=name))
        for name in ("coal_subcritical", "coal_supercritical")
    )
    assert f"Coal {coal:,.0f}" in said


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_both_languages_are_shown_and_fit(opened, size):
    page = opened(size)
    for language, seen, other in (
        ("en", "Headline", "主要结果"),
        ("zh", "主要结果", "Headline"),
    ):
        if page.evaluate("document.documentElement.dataset.language") != language:
            page.locator("#language").click()
        heading = page.locator("#headline h2")
        assert heading.inner_text() == seen
        assert other not in heading.inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        wide = page.evaluate(
            "[...document.querySelectorAll('.plot')].filter((plot) => plot.offsetParent"
            " && plot.scrollWidth > plot.clientWidth + 1).length"
        )
        assert wide == 0
    assert EVIL in page.locator("h1").inner_text()


def test_no_table_is_wider_than_a_phone_and_every_value_has_its_head(opened):
    page = opened(PHONE)
    page.evaluate(
        "document.querySelectorAll('details:not(.sector), #sector-steel')"
        ".forEach((part) => (part.open = true))"
    )
    page.wait_for_function(DRAWN)
    for _ in range(2):
        too_wide = page.evaluate(
            "[...document.querySelectorAll('.wide:not(.flows)')].filter((part) =>"
            " part.offsetParent && part.scrollWidth > part.clientWidth + 1)"
            ".map((part) => part.closest('section').id + ': ' + part.innerText.slice(0, 60))"
        )
        assert too_wide == []
        page.locator("#language").click()
    outside = page.evaluate(
        "[...document.querySelectorAll('.flows text, .flows rect')].filter((part) => {"
        " const own = part.getBoundingClientRect();"
        " const all = part.closest('.flows').getBoundingClientRect();"
        " return own.width && (own.left < all.left - 1 || own.right > all.right + 1);"
        "}).map((part) => part.textContent)"
    )
    assert outside == []
    row = page.locator("#milestones table").first.locator("tbody tr").first
    heads = row.locator(".head").all_inner_texts()
    assert heads == ["Target", "Current policies", "National targets", "Accelerated", EVIL]
    assert all(head.is_visible() for head in row.locator(".head").all())
    page.set_viewport_size(DESK)
    assert not row.locator(".head").first.is_visible()
    assert page.locator("#milestones table thead").first.is_visible()


def test_a_print_has_what_is_open_and_no_heading_without_content(opened):
    page = opened(DESK)
    assert not page.locator("p.printed").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    bare = page.evaluate("[...document.querySelectorAll('section.bare')].map((one) => one.id)")
    assert bare == ["sectors", "input"]
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1047, "height": 718})
    assert page.locator("p.printed").is_visible()
    assert not page.locator("#sectors").is_visible()
    over = page.evaluate(
        "[...document.querySelectorAll('figure.chart .plot')].filter((plot) =>"
        " plot.offsetParent && plot.getBoundingClientRect().right >"
        " plot.closest('figure').getBoundingClientRect().right + 2).length"
    )
    assert over == 0
    page.emulate_media(media="screen")
    page.locator("#sector-steel summary").click()
    page.wait_for_function(DRAWN)
    page.pdf(prefer_css_page_size=True)
    assert page.evaluate("document.querySelector('#sectors').className") == ""


def test_a_scenario_in_chinese_is_written_with_the_font_of_the_page(opened):
    page = opened(DESK)
    page.evaluate("document.querySelectorAll('#repeat details').forEach((one) => one.open = 1)")
    for part in ("pre", "body", "button"):
        family = page.evaluate(f"getComputedStyle(document.querySelector('{part}')).fontFamily")
        assert "Shuangtan Han" in family, part


def test_hovering_says_the_values_in_the_language_of_the_page(opened):
    page = opened(DESK)
    page.locator("#chart-sectors").scroll_into_view_if_needed()
    said = hover(page, "chart-sectors")
    assert "Steel" in said
    assert "Year" in said
    page.locator("#language").click()
    page.mouse.move(2, 2)
    assert "钢铁" in hover(page, "chart-sectors")
    page.locator("#chart-net").scroll_into_view_if_needed()
    assert EVIL in hover(page, "chart-net")


def test_a_series_can_be_taken_out_and_put_back(opened):
    page = opened(DESK)
    top = [page.evaluate(RANGE, ["chart-sectors", "values", "end"])]
    buttons = [
        page.locator(f'#chart-sectors button[data-key="{key}"]') for key in ("power", "net")
    ]
    for pressed in ("false", "true"):
        for button in buttons:
            button.click()
            assert button.get_attribute("aria-pressed") == pressed
        top.append(page.evaluate(RANGE, ["chart-sectors", "values", "end"]))
    assert top[1] < 0.8 * top[0]
    assert top[2] == top[0]


STEPS = """() => {
  for (const model of Bokeh.documents.flatMap((doc) => [...doc.all_models])) {
    if (model.name !== "source" || !String(model.id).startsWith("chart-steps-")) continue;
    const data = model.data, get = (name) => [...(data.get ? data.get(name) : data[name])];
    const columns = ["name", "left", "right", "text"].map(get);
    return columns[0].map((_, row) => columns.map((column) => column[row]));
  }
  return null;
}"""


def test_steps_lead_from_the_first_scenario_to_the_chosen_one(opened):
    page = opened(DESK)
    nets = {told.dataset.attrs["scenario"]: told.dataset["emissions_net"] for told in four()}
    for name, year in (("accelerated", 2060), ("national_targets", 2040)):
        page.locator("#scenario").select_option(name)
        page.locator("#to").fill(str(year))
        page.locator("#to").press("Enter")
        rows = page.evaluate(STEPS)
        first, last = (float(nets[n].sel(time=year)) for n in ("current_policies", name))
        assert rows[0][0] == "Current policies"
        assert sum(rows[0][1:3]) == pytest.approx(first, abs=2.0)
        assert sum(rows[-1][1:3]) == pytest.approx(last, abs=2.0)
        size = sum(float(row[3].replace(",", "").replace("−", "-")) for row in rows[1:-1])
        assert size == pytest.approx(last - first, abs=len(rows))
    names = [row[0] for row in rows]
    page.locator('#chart-steps button[data-key="power"]').click()
    assert [row[0] for row in page.evaluate(STEPS)][1:-1] == [
        *(name for name in names[1:-1] if name != "Power"), "The rest",
    ]  # fmt: skip
    page.locator("#language").click()
    assert "其余" in [row[0] for row in page.evaluate(STEPS)]
    page.locator("#scenario").select_option("evil")
    page.locator("#chart-steps").scroll_into_view_if_needed()
    assert "Mt" in hover(page, "chart-steps")
    assert page.evaluate(STEPS)[-1][0] == EVIL[:21] + "…"


def test_the_scenario_and_the_years_can_be_chosen(opened):
    page = opened(DESK)
    before = page.evaluate(RANGE, ["chart-sectors", "values", "start"])
    page.locator("#scenario").select_option("accelerated")
    assert page.evaluate(RANGE, ["chart-sectors", "values", "start"]) != before
    assert "Accelerated" in page.locator("#chart-sectors figcaption").inner_text()
    assert page.locator('#headline [data-scenario="accelerated"]').is_visible()
    assert not page.locator('#headline [data-scenario="current_policies"]').is_visible()
    page.locator("#from").fill("2040")
    page.locator("#from").press("Enter")
    assert page.evaluate(RANGE, ["chart-net", "years", "start"]) == 2040
    assert page.evaluate(RANGE, ["chart-power", "years", "start"]) == 2040


def test_a_sector_draws_its_charts_when_it_is_opened(opened):
    page = opened(PHONE)
    sector = page.locator("#sector-steel")
    assert sector.locator("figure[data-drawn]").count() == 0
    sector.locator("summary").click()
    page.wait_for_function(DRAWN)
    assert sector.locator("figure[data-drawn]").count() == sector.locator("figure").count() > 3


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_hindcast_opens_and_is_no_wider_than_its_window(opened, hindcast, size):
    page = opened(size, hindcast)
    for seen, other in (("Hindcast", "历史检验"), ("历史检验", "Hindcast")):
        heading = page.locator("h1").inner_text()
        assert seen in heading
        assert other not in heading
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        drawn = page.locator("figure.chart .plot").first.bounding_box()
        assert drawn["width"] > 0.5 * min(size["width"], 600)
        assert drawn["height"] > 100
        page.locator("#language").click()
