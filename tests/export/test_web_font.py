"""The font that a page carries: every character that it shows, and no other."""

import base64
import re
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from simulator import disk_cache
from simulator.export import web_font
from simulator.export.page import page, section
from simulator.export.web_font import NAME, font_face


def characters(style: str) -> set[int]:
    data = re.search(r"base64,([A-Za-z0-9+/=]+)\)", style)
    assert data is not None
    return set(TTFont(BytesIO(base64.b64decode(data[1]))).getBestCmap())


def test_a_font_has_the_characters_of_its_text_and_few_others() -> None:
    style = font_face("碳达峰 2030, plain")
    assert {ord(sign) for sign in "碳达峰"} <= characters(style)
    assert len(characters(style)) < 10
    assert len(style) < 10_000


def test_a_text_without_chinese_needs_no_font() -> None:
    assert font_face("CO₂ in 2060".replace("₂", "2")) == ""


def test_the_same_text_gives_the_same_bytes() -> None:
    assert font_face("钢铁") == font_face("钢铁")
    signs = frozenset("钢铁")
    path = Path(str(web_font.import_module(web_font.PACKAGE).__file__)).parent / web_font.FILE
    assert web_font._cut(path, "".join(sorted(signs))) == web_font._subset(signs)


def test_characters_are_cut_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path))
    web_font._subset.cache_clear()
    made = font_face("水泥")
    web_font._subset.cache_clear()
    monkeypatch.setattr(web_font, "_cut", None)  # as in another process: it reads from disk
    assert font_face("水泥") == made
    web_font._subset.cache_clear()


def test_a_page_carries_its_own_characters_after_those_of_the_system() -> None:
    made = page(
        ("Steel", "钢铁行业"), "zh", [section("Output", "产量", "<p>粗钢</p>", anchor="a")]
    )
    assert {ord(sign) for sign in "钢铁行业产量粗中文"} <= characters(made)
    stack = re.search(r"font:15px[^}]*", made)
    assert stack is not None
    assert stack[0].index("Microsoft YaHei") < stack[0].index(NAME)
    assert stack[0].index(NAME) < stack[0].index("system-ui")
    assert "font-src data:" in made


def test_a_page_without_the_font_is_still_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("simulator.export.web_font.import_module", missing)
    assert font_face("缺字体") == ""
