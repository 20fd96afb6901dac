"""A self-contained web page in two languages: no request leaves it.

Every text goes through `html.escape`; a page shows one language at a time, and a few lines of
script of our own change it. Without script both are readable, one after the other.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

from simulator.results.quantities import Language

STYLE: Final = """
:root{--ink:#222;--soft:#666;--line:#ddd;--paper:#fff;--pass:#2b83ba;--fail:#e08214}
*{box-sizing:border-box}
body{margin:0 auto;max-width:64rem;padding:1rem 1.25rem 4rem;color:var(--ink);
background:var(--paper);
font:15px/1.55 "Noto Sans SC","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",
"WenQuanYi Micro Hei",system-ui,sans-serif}
html[data-language=en] [lang=zh-CN],html[data-language=zh] [lang=en]{display:none}
header{display:flex;justify-content:space-between;gap:1rem;align-items:start;flex-wrap:wrap}
h1{font-size:1.6rem;margin:.2rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem;
border-bottom:1px solid var(--line)}
p.soft,figcaption,small,.soft{color:var(--soft)}
button{font:inherit;padding:.2rem .7rem;border:1px solid var(--line);background:#f7f7f7;
border-radius:4px;cursor:pointer}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums;font-size:.92rem}
th,td{padding:.28rem .5rem;border-bottom:1px solid var(--line);text-align:left;
vertical-align:top}
th{white-space:nowrap}th:first-child,td:first-child{min-width:8rem}
td small{display:inline-block;min-width:9rem}
th.n,td.n{text-align:right;white-space:nowrap}
.pass,.fail{font-weight:600;white-space:nowrap}.pass{color:var(--pass)}.fail{color:#b35c00}
figure{margin:1rem 0;break-inside:avoid}img{max-width:100%;height:auto}
.bar{position:relative;height:1.9rem;background:#f3f3f3;margin:.25rem 0}
.bar span.part{position:absolute;top:0;bottom:0;overflow:hidden;white-space:nowrap;
padding:.15rem .35rem;font-size:.8rem;border-left:2px solid #fff}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:#f7f7f7;padding:.7rem;
font-size:.82rem}
@media print{button{display:none}body{max-width:none}details{display:none}}
"""

SCRIPT: Final = """
document.getElementById("language").addEventListener("click",function(){
var root=document.documentElement,other=root.dataset.language==="zh"?"en":"zh";
root.dataset.language=other;root.lang=other==="zh"?"zh-CN":"en";});
"""


def both(en: str, zh: str) -> str:
    """Write a text in both languages; one is shown."""
    if en == zh:
        return escape(en)
    return f'<span lang="en">{escape(en)}</span><span lang="zh-CN">{escape(zh)}</span>'


def section(en: str, zh: str, *parts: str) -> str:
    """Write a section with its heading; nothing when there is nothing to say."""
    content = "\n".join(part for part in parts if part)
    return f"<section><h2>{both(en, zh)}</h2>\n{content}\n</section>" if content else ""


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


def picture(png: bytes, en: str, zh: str) -> str:
    """Write a picture into the page, with a caption in both languages."""
    code = b64encode(png).decode("ascii")
    return (
        f'<figure><img src="data:image/png;base64,{code}" alt="{escape(en)} / {escape(zh)}">'
        f"<figcaption>{both(en, zh)}</figcaption></figure>"
    )


def folded(en: str, zh: str, content: str) -> str:
    """Write something long that opens on a click."""
    return f"<details><summary>{both(en, zh)}</summary>{content}</details>"


def page(title: tuple[str, str], language: Language, sections: Iterable[str]) -> str:
    """Write the whole page."""
    tongue = "zh-CN" if language == "zh" else "en"
    name = escape(title[0] if language == "en" else title[1])
    body = "\n".join(part for part in sections if part)
    return f"""<!DOCTYPE html>
<html lang="{tongue}" data-language="{language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none';
img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>{name}</title><style>{STYLE}</style></head>
<body>
<header><h1>{both(*title)}</h1>
<button id="language" type="button">中文 / English</button></header>
{body}
<script>{SCRIPT}</script>
</body></html>
"""
