"""A self-contained web page in two languages: no request leaves it.

Every text goes through `html.escape`; a page shows one language at a time, and a script of our
own changes it. Without script the tables are still there.
"""

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files
from typing import Final, NamedTuple

from simulator.export.web_font import font_face
from simulator.results.quantities import Language

SWITCH: Final = "中文 / English"
"""What the button says that changes the language."""


PRINTED: Final = (
    "Printed is what was open on the page; whatever is folded there was left out.",
    "本页仅打印网页上已展开的内容，折叠部分未打印。",
)
"""What a print says of itself."""


def both(en: str, zh: str) -> str:
    """Write a text in both languages; one is shown."""
    if en == zh:
        return escape(en)
    return f'<span lang="en">{escape(en)}</span><span lang="zh-CN">{escape(zh)}</span>'


def section(en: str, zh: str, *parts: str, anchor: str) -> str:
    """Write a section with its heading; nothing when there is nothing to say."""
    content = "\n".join(part for part in parts if part)
    if not content:
        return ""
    return f'<section id="{anchor}"><h2>{both(en, zh)}</h2>\n{content}\n</section>'


def table(head: Sequence[str], rows: Iterable[Sequence[str]], numbers: int = 0) -> str:
    """Write a table of finished cells; the last `numbers` columns are set to the right."""
    first = len(head) - numbers

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(
            f'<{tag} class="n">{cell}</{tag}>' if place >= first else f"<{tag}>{cell}</{tag}>"
            for place, cell in enumerate(cells)
        )

    body = "\n".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return (
        f'<div class="wide"><table><thead><tr>{line(head, "th")}</tr></thead>\n'
        f"<tbody>{body}</tbody></table></div>"
    )


def folded(en: str, zh: str, content: str) -> str:
    """Write something long that opens on a click."""
    return f"<details><summary>{both(en, zh)}</summary>{content}</details>"


def for_each(scenarios: Sequence[tuple[str, str, str]], parts: Sequence[str]) -> str:
    """Write a part for each scenario, name and two labels; of several the reader sees one."""
    if len(scenarios) == 1:
        return parts[0]
    return "".join(
        f'<div data-scenario="{escape(name)}"><h3>{both(en, zh)}</h3>{part}</div>'
        for (name, en, zh), part in zip(scenarios, parts, strict=True)
        if part
    )


class Server(NamedTuple):
    """What a page has besides that asks the server that it came from."""

    script: str
    """Runs after that of every page."""
    style: str


class Controls(NamedTuple):
    """What a reader can set for the whole page."""

    years: tuple[int, int]
    """First and last year."""
    scenarios: Sequence[tuple[str, str, str]] = ()
    """Name, English and Chinese label of each; nothing to choose with less than two."""


def page(
    title: tuple[str, str],
    language: Language,
    sections: Iterable[str],
    controls: Controls | None = None,
    charts: tuple[str, str] = ("", ""),
    *,
    server: Server | None = None,
) -> str:
    """Write the whole page.

    Parameters
    ----------
    title
        English and Chinese.
    language
        Language that the page opens in.
    sections
        Finished parts.
    controls
        Years and scenarios to choose from; none without charts.
    charts
        The library that draws and the numbers of the charts, both safe inside a page.
    server
        What asks the server; without it no request leaves the page.
    """
    tongue = "zh-CN" if language == "zh" else "en"
    name = escape(title[0] if language == "en" else title[1])
    body = "\n".join(part for part in sections if part)
    library, numbers = charts
    drawing = (
        f'<script type="application/json" id="charts">{numbers}</script>\n'
        f"<script>{library}</script>\n"
        if numbers
        else ""
    )
    chosen = _controls(controls, language)
    printed = f'<p class="printed soft">{both(*PRINTED)}</p>'
    own = server or Server("", "")
    asked = "connect-src 'self';" if server else ""
    font = font_face("".join((*title, SWITCH, *PRINTED, chosen, body, numbers, own.script)))
    return f"""<!DOCTYPE html>
<html lang="{tongue}" data-language="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
img-src data: blob:; font-src data:; {asked}
style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{name}</title><style>{font}{_resource("report.css")}{own.style}</style></head>
<body>
<header><h1>{both(*title)}</h1><div class="controls">{chosen}
<button id="language" type="button">{SWITCH}</button></div></header>
{printed}
{body}
{drawing}<script>{_resource("report.js")}{own.script}</script>
</body></html>
"""


def _controls(controls: Controls | None, language: Language) -> str:
    """Write what a reader can choose."""
    if controls is None:
        return ""
    first, last = controls.years
    fields = "–".join(
        f'<input type="number" id="{name}" min="{first}" max="{last}" value="{value}"'
        f' aria-label="{name}">'
        for name, value in (("from", first), ("to", last))
    )
    found = f'<span class="years">{both("Years", "年份")} {fields}</span>'
    if len(controls.scenarios) < 2:
        return found
    options = "".join(
        f'<option value="{escape(name)}" data-en="{escape(en)}" data-zh="{escape(zh)}">'
        f"{escape(zh if language == 'zh' else en)}</option>"
        for name, en, zh in controls.scenarios
    )
    picker = f'<select id="scenario">{options}</select>'
    return f"<label>{both('Shown', '显示')} {picker}</label>{found}"


def _resource(name: str) -> str:
    """Read a file that lies beside this module."""
    return (files("simulator.export") / name).read_text(encoding="utf-8")
