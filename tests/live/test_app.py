"""The live page: what its server answers, in tests and in a real browser."""

import io
import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from email.message import Message
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import numpy as np
import pytest

from simulator.errors import SolverError
from simulator.interface.cli import invoke
from simulator.interface.reporting import observed
from simulator.live import server
from simulator.live.bench import NAME, Bench
from simulator.live.live_page import live_page
from simulator.live.view import SHOWN, View
from simulator.reading.scenario import load
from simulator.results.simulation import simulate
from tests.browsers import DESK, DRAWN, NEEDED, PHONE, chromium, watched

pytest.importorskip("starlette", reason='the extra "app" is not installed')
pytest.importorskip("uvicorn", reason='the extra "app" is not installed')
pytestmark = pytest.mark.slow
PRICE = {"carbon_price_floor": 76}
FAILURE = SolverError("captured is not finite in 2040")
EVERYWHERE = ".".join("0000")


@pytest.fixture(scope="module")
def view() -> View:
    """The view of the page as it comes."""
    return View(Bench(load("current_policies"), load("accelerated")), observed())


@pytest.fixture(scope="module")
def application(view):
    return server.application(view, "en", server.LOOPBACK)


@pytest.fixture(scope="module")
def address(application):
    with server.served(application) as found:
        yield found


class Answer(NamedTuple):
    """What a server answered."""

    status_code: int
    headers: Message
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode("utf-8")

    def json(self) -> Any:
        return json.loads(self.content)


def ask(
    address: str,
    where: str,
    params: Mapping[str, int] | None = None,
    *,
    host: str = "",
    method: str = "GET",
) -> Answer:
    """Ask a server."""
    own = address.removeprefix("http://").rstrip("/")
    query = f"?{urlencode(params)}" if params else ""
    with closing(HTTPConnection(own, timeout=60)) as line:
        line.request(method, where + query, headers={"Host": host or own})
        found = line.getresponse()
        return Answer(found.status, found.headers, found.read())


@pytest.fixture
def asking(address):
    return partial(ask, address)


def series(answer: dict, chart: str, place: int) -> list[float]:
    """Values of a line of a chart: your pathway, then the ends."""
    return answer["charts"][chart]["series"][place]["values"][""]


def test_where_nothing_is_moved_you_are_at_the_base_and_all_the_way_at_the_goal(asking, view):
    for shares, place in (({}, 1), (dict.fromkeys(view.bench.names, 100), 2)):
        answer = asking("/pathway", params=shares).json()
        for chart in ("chart-net", "chart-price", "chart-intensity"):
            assert series(answer, chart, 0) == series(answer, chart, place)
    goal = simulate(load("accelerated").resolved, "batch").dataset["emissions_net"].values
    np.testing.assert_allclose(series(answer, "chart-net", 0), goal, rtol=1e-4, atol=0.01)


def test_what_is_shown_is_what_the_written_scenario_gives(asking, tmp_path):
    asked = {**PRICE, "coal_power_phase_out": 40, "carbon_sinks": 55}
    answer = asking("/pathway", params=asked)
    file = asking(f"/{NAME}.yaml", params=asked)
    assert f'filename="{NAME}.yaml"' in file.headers["content-disposition"]
    path = tmp_path / f"{NAME}.yaml"
    path.write_text(file.text, encoding="utf-8")
    assert invoke(["check", str(path), "--quiet"]) == 0
    run = simulate(load(path).resolved).dataset
    found = series(answer.json(), "chart-net", 0)
    net = run["emissions_net"].values
    np.testing.assert_allclose(found, net, rtol=1e-3, atol=5e-4 * net.max())
    last = re.findall("<b>(.*?)</b>", answer.json()["cards"])[1]
    assert float(last.replace(",", "")) == pytest.approx(found[-1], abs=0.51)


def test_the_page_has_everything_in_both_languages_and_asks_only_its_server(asking, view):
    found = asking("/")
    assert found.status_code == 200
    for name, knob in zip(view.bench.names, view.bench.knobs, strict=True):
        assert f'name="{name}"' in found.text
        assert knob.label.zh in found.text
    for chart in SHOWN:
        assert f'id="{chart}"' in found.text
    assert "connect-src 'self';" in found.text
    assert found.headers["x-frame-options"] == "DENY"
    assert 'data-language="zh"' in live_page(view, "zh")


@pytest.mark.parametrize(
    ("where", "code", "words"),
    [
        ("/pathway?carbon_price_flor=3", 400, "did you mean"),
        ("/pathway?carbon_price_floor=banana", 400, "from 0 to 100"),
        (f"/{NAME}.yaml?carbon_price_floor=101", 400, "from 0 to 100"),
        (f"/{NAME}.xlsx?nope=1", 400, "no policy"),
        ("/pathway?" + "a" * 5000, 400, "longer than"),
        ("/nothing", 404, "Not Found"),
        ("/../pyproject.toml", 404, "Not Found"),
    ],
)
def test_what_is_asked_wrongly_is_told_in_a_sentence(asking, where, code, words):
    found = asking(where)
    assert found.status_code == code
    assert words in found.text
    assert "Traceback" not in found.text


def test_only_reading_is_allowed_and_only_under_its_own_name(asking):
    assert asking("/pathway", method="POST").status_code == 405
    assert asking("/", host="evil.example").status_code == 400


def test_a_run_that_fails_is_told_and_the_next_one_goes_on(asking, view, monkeypatch):
    with monkeypatch.context() as patch:

        def fail(_):
            raise FAILURE

        patch.setattr(view.bench.session, "run", fail)
        found = asking("/pathway", params={"carbon_price_floor": 13})
        assert found.status_code == 500
        assert found.json() == {"error": "captured is not finite in 2040"}
    assert asking("/pathway", params={"carbon_price_floor": 13}).status_code == 200


def test_pages_that_ask_at_once_each_get_their_own_answer(asking):
    prices = [5, 25, 45, 65, 85, 95]

    def net(price: int) -> float:
        answer = asking("/pathway", params={"carbon_price_floor": price}).json()
        return series(answer, "chart-net", 0)[-1]

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(net, prices))
    assert together == sorted(together, reverse=True)
    assert together == [net(price) for price in prices]


def test_the_workbook_opens(asking):
    openpyxl = pytest.importorskip("openpyxl")
    found = asking(f"/{NAME}.xlsx", params=PRICE)
    book = openpyxl.load_workbook(io.BytesIO(found.content), read_only=True)
    assert len(book.sheetnames) > 3


def test_a_name_that_is_code_stays_a_name(view, monkeypatch):
    evil = "<script>alert(1)</script>"
    scenario = load("accelerated").replace({"label": {"en": evil, "zh": evil}})
    mine = View(Bench(view.bench.base, scenario), {})
    monkeypatch.setitem(mine.bench.__dict__, "session", view.bench.session)
    text = live_page(mine, "en")
    assert evil not in text
    assert "&lt;script&gt;alert(1)" in text
    answer = mine.answer(mine.bench.start)
    assert evil not in answer["cards"] + answer["boards"] + "".join(answer["settings"].values())


def test_a_port_that_is_taken_is_told(capsys):
    with socket.create_server(("127.0.0.1", 0)) as held:
        assert invoke(["app", "--port", str(held.getsockname()[1])]) == 2
    assert "is taken: choose another" in capsys.readouterr().err


def test_a_machine_that_is_not_this_one_is_told(capsys):
    assert invoke(["app", "--host", "192.0.2.1"]) == 2
    assert 'cannot listen on "192.0.2.1"' in capsys.readouterr().err


def test_without_the_extra_one_sentence_says_so(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    assert invoke(["app"]) == 2
    said = capsys.readouterr().err
    assert said.strip() == 'app needs the extra "app": pip install "shuangtan[app]"'


def test_who_may_ask_is_told(monkeypatch, capsys):
    """On all addresses any name will do, and a line says what that means."""
    asked = []
    monkeypatch.setattr(server, "serve", lambda _, where: asked.append(where.getsockname()))
    monkeypatch.setattr(server, "application", lambda _, __, hosts: asked.append(hosts))
    assert invoke(["app", "--host", EVERYWHERE, "--port", "0", "--lang", "en"]) == 0
    assert asked[0] == ("*",)
    assert "can run scenarios here" in capsys.readouterr().out
    assert invoke(["app", "--port", "0", "--lang", "zh"]) == 0
    assert set(server.LOOPBACK) <= set(asked[2])
    assert asked[3][0] == "127.0.0.1"
    assert "可调整33项政策" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for another process there")
def test_the_command_serves_until_it_is_interrupted(tmp_path):
    words = [sys.executable, "-c", "from simulator.interface.cli import main; main()"]
    with subprocess.Popen(
        [*words, "app", "--port", "0", "--json"], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, cwd=tmp_path,
    ) as running:  # fmt: skip
        try:
            assert running.stdout is not None
            text = ""
            for line in running.stdout:
                text += line
                if line.startswith("}"):
                    break
            address = json.loads(text)["address"]
            assert ask(address, "/pathway", PRICE).status_code == 200
            running.send_signal(signal.SIGINT)
            assert running.wait(30) == 0
            assert running.stderr is not None
            assert "Traceback" not in running.stderr.read()
        finally:
            running.kill()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.fixture
def page(browser, address):
    with watched(browser, (address,)) as found:
        yield found


def shown(page, asked: str) -> None:
    page.wait_for_function("asked => document.body.dataset.shown === asked", arg=asked)


@NEEDED
def test_a_slider_moves_cards_charts_and_the_address(page, address):
    page.goto(address)
    page.wait_for_function(DRAWN)
    shown(page, "")
    before = page.locator("#cards b").all_inner_texts()
    assert before[1] == "3,262" or float(before[1].replace(",", "")) > 3000
    slider = page.locator("input[name=carbon_price_floor]")
    slider.focus()
    for _ in range(4):
        page.keyboard.press("PageUp")
    share = slider.input_value()
    shown(page, f"carbon_price_floor={share}")
    after = page.locator("#cards b").all_inner_texts()
    assert float(after[1].replace(",", "")) < float(before[1].replace(",", "")) - 500
    assert page.url == f"{address}?carbon_price_floor={share}"
    assert slider.locator("xpath=..").locator("output").inner_text() == f"{share} %"
    assert "CNY/t CO2" in slider.locator("xpath=..").locator("small").inner_text()
    drawn = page.evaluate("""() => {
      const named = (name) => Bokeh.documents.flatMap((doc) => [...doc.all_models]).find(
        (model) => model.name === name && String(model.id).startsWith("chart-net-"));
      return Array.from(named("source").data.line0).at(-1);
    }""")
    assert drawn == pytest.approx(float(after[1].replace(",", "")), abs=1.0)
    with page.expect_download() as fetched:
        page.locator("#file").click()
    assert "carbon_price_floor" in Path(fetched.value.path()).read_text("utf-8")
    page.locator("#as-goal").click()
    page.wait_for_function("() => document.querySelectorAll('#cards b')[1].textContent < '0'")


@NEEDED
def test_an_address_opens_what_it_says_in_both_languages(page, address):
    page.goto(f"{address}?carbon_price_floor=76&carbon_sinks=20")
    shown(page, "carbon_price_floor=76&carbon_sinks=20")
    assert page.locator("input[name=carbon_sinks]").input_value() == "20"
    assert "Net in 2060" in page.locator("#cards").inner_text()
    page.locator("#language").click()
    assert "2060年净排放" in page.locator("#cards").inner_text()
    assert "碳价下限" in page.locator("#policies").inner_text()
    assert "用时" in page.locator("#state").inner_text()


@NEEDED
def test_on_a_phone_nothing_scrolls_sideways(page, address):
    page.set_viewport_size(PHONE)
    page.goto(address)
    shown(page, "")
    page.locator("#as-goal").click()
    page.wait_for_function("() => document.body.dataset.shown.length > 100")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_viewport_size(DESK)


@NEEDED
def test_a_question_that_fails_is_told(browser, address):
    page = browser.new_page()
    page.goto(address)
    shown(page, "")
    page.route("**/pathway?*", lambda route: route.fulfill(status=500, json={"error": "gone"}))
    page.locator("#as-goal").click()
    page.wait_for_function("() => document.getElementById('state').className === 'fail'")
    assert "No answer: gone" in page.locator("#state").inner_text()
    page.close()
