"""The Chinese characters of a page, carried inside it for machines that have no such font."""

from base64 import b64encode
from functools import lru_cache
from importlib import import_module
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Final

from simulator import disk_cache

NAME: Final = "Shuangtan Han"
"""Family under which a page knows its own font; Chinese fonts of the system come first."""

PACKAGE: Final = "pylopdf_fonts_zh_cn"
FILE: Final = "NotoSansSC-Regular.otf"

KIND: Final = "font"
"""Kind of files that hold characters cut from a font."""

FIRST, LAST = 0x2E80, 0xFFEF
"""Chinese characters and punctuation lie between; the others are in common fonts."""


def font_face(text: str) -> str:
    """Style that defines the font of a page.

    Parameters
    ----------
    text
        Everything that the page may show.

    Returns
    -------
    str
        A ``@font-face`` rule with the characters of the text alone; nothing when the text has
        none that need it, or the font is not installed.
    """
    wanted = frozenset(sign for sign in text if FIRST <= ord(sign) <= LAST)
    data = _subset(wanted) if wanted else b""
    if not data:
        return ""
    source = f"data:font/woff;base64,{b64encode(data).decode('ascii')}"
    # Named for its range, so that it may stand before fonts that lack these characters: as
    # the last resort it came too late for words that were drawn while it was being read.
    span = f"unicode-range:U+{FIRST:X}-{LAST:X}"
    return f'@font-face{{font-family:"{NAME}";src:url({source}) format("woff");{span}}}'


@lru_cache(maxsize=8)
def _subset(wanted: frozenset[str]) -> bytes:
    """Characters of the font, from disk where the same were asked for before.

    Nothing where there is no font. To cut one takes seconds, as long as a run.
    """
    try:
        path = Path(str(import_module(PACKAGE).__file__)).parent / FILE
        signs = "".join(sorted(wanted))
        about = (
            f"{version('fonttools')} {path.stat().st_size} {path.stat().st_mtime_ns} {signs}"
        )
        return disk_cache.kept(KIND, about.encode(), lambda: _cut(path, signs))
    except ImportError:
        return b""


def _cut(path: Path, signs: str) -> bytes:
    """Cut a font down to some characters."""
    subset = import_module("fontTools.subset")
    options = subset.Options(flavor="woff", layout_features=[], hinting=False)
    stream = BytesIO()
    with subset.load_font(str(path), options) as font:
        # The time of writing would make equal pages differ.
        font.recalcTimestamp = False
        cutter = subset.Subsetter(options)
        cutter.populate(text=signs)
        cutter.subset(font)
        subset.save_font(font, stream, options)
    return stream.getvalue()
