"""Fonts for figures: Chinese where a font has it, never a box.

The first present of the common system fonts serves, else the data package
``pylopdf-fonts-zh-cn``, else labels stay English and one sentence says what to install.
"""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

from matplotlib import font_manager

from simulator.results.quantities import Language

SYSTEM_FONTS: Final = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
)
LATIN: Final = "DejaVu Sans"
ADVICE: Final = (
    "No Chinese font was found, so figures are labelled in English:"
    " install the package pylopdf-fonts-zh-cn or a font such as Noto Sans CJK SC."
)


@cache
def chinese_font() -> str | None:
    """Name of a font with Chinese, registered with matplotlib; none if there is none."""
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    for name in SYSTEM_FONTS:
        if name in known:
            return name
    try:
        folder = Path(str(import_module("pylopdf_fonts_zh_cn").__file__)).parent
    except ImportError:
        return None
    for path in sorted(folder.rglob("*.[ot]tf")):
        font_manager.fontManager.addfont(path)
        return str(font_manager.fontManager.ttflist[-1].name)
    return None


def usable(language: Language) -> Language:
    """Language that figures can have on this machine."""
    return "zh" if language == "zh" and chinese_font() else "en"


def advice(language: Language) -> str:
    """One sentence on what to install, empty when nothing is missing."""
    return ADVICE if usable(language) != language else ""


def families(text: str, language: Language) -> list[str]:
    """Fonts to draw a figure with; the Chinese one only where something needs it."""
    chinese = chinese_font() if language == "zh" or not _covers(LATIN, text) else None
    if chinese is None:
        return [LATIN]
    return [chinese, LATIN] if language == "zh" else [LATIN, chinese]


def printable(text: str, names: list[str]) -> str:
    """Leave out the characters that none of the fonts has."""
    return "".join(
        sign for sign in text if sign == "\n" or any(_covers(name, sign) for name in names)
    )


def _covers(name: str, text: str) -> bool:
    """Whether a font has every character of a text."""
    characters = _characters(name)
    return all(ord(sign) in characters for sign in text if sign != "\n")


@cache
def _characters(name: str) -> frozenset[int]:
    """Characters that a font has."""
    path = font_manager.findfont(name, fallback_to_default=False)
    return frozenset(font_manager.get_font(path).get_charmap())
