"""Results as an Excel workbook, as an association would circulate it.

A sheet of contents, the headline table, the milestones, every series with its unit in sheets by
what it is broken down by, and the sources. Text is written as text: a label that looks like a
formula stays a label.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final

import numpy as np
import xarray as xr

from simulator.export.workbook_layout import (
    FORMATS,
    LINE,
    ONE_PAGE,
    column,
    digits,
    lines,
    shown,
)
from simulator.export.workbook_series import Row, series
from simulator.results.about import about
from simulator.results.headline import headline
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import Language, label

TITLES: Final = {
    "contents": ("Contents", "目录"),
    "headline": ("Headline", "主要结果"),
    "milestones": ("Milestones", "里程碑"),
    "national": ("National", "全国"),
    "scenario": ("Scenario", "情景"),
    "sources": ("Sources", "资料来源"),
}
"""Names of the sheets that every workbook has; the others are named after dimensions."""

WORDS: Final = {
    "variable": ("Variable", "变量"),
    "key": ("Key", "代码"),
    "unit": ("Unit", "单位"),
    "about": ("About", "说明"),
    "sheet": ("Sheet", "工作表"),
    "status": ("Status", "状态"),
    "value": ("Value", "数值"),
    "target": ("Target", "目标"),
    "margin": ("Margin", "裕度"),
    "year": ("Year", "年份"),
    "source": ("Source", "来源"),
    "pass": ("met", "达标"),
    "fail": ("missed", "未达标"),
    "not applicable": ("not applicable", "不适用"),
}

ABOUT_WIDTH: Final = 100
"""Signs of a line of the contents."""

LONGEST: Final = 140
"""Signs of a line of the sources and of the scenario."""

LISTED: Final = 8
"""Variables of a sheet that the contents name."""

A3: Final = 8
A4: Final = 9
"""Numbers of paper sizes."""

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Date of creation that is written, so that equal results give equal files."""


def workbook(
    dataset: xr.Dataset,
    board: Sequence[MilestoneResult],
    sources: Sequence[str],
    language: Language,
) -> bytes:
    """Make the workbook, the content of an ``.xlsx`` file.

    Parameters
    ----------
    dataset
        Results of one scenario.
    board
        Its scoreboard.
    sources
        Citations of the data.
    language
        Of sheets and headings; labels are given in it.
    """
    import xlsxwriter  # noqa: PLC0415 - other commands spare it

    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "nan_inf_to_errors": True,
    }
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"title": about(dataset).label_en, "created": _EPOCH})
        _Book(book, language).fill(dataset, board, sources)
    return stream.getvalue()


class _Book:
    """A workbook that is filled."""

    def __init__(self, book: Any, language: Language) -> None:  # noqa: ANN401 - no types
        self._book = book
        self._place = 0 if language == "en" else 1
        self._language = language
        self._bold = book.add_format({"bold": True, "bottom": 1})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self._numbers = [book.add_format({"num_format": form}) for form in FORMATS]
        """By digits behind the point."""
        self._special = {
            "year": book.add_format({"num_format": "0", "valign": "top"}),
            "1": book.add_format({"num_format": "0.0%", "valign": "top"}),
        }
        """By unit."""
        self._tops = [
            book.add_format({"num_format": form, "valign": "top"}) for form in FORMATS
        ]
        """The same in rows of several lines."""
        self._after = book.add_format(
            {"align": "left", "indent": 1, "text_wrap": True, "valign": "top"}
        )
        """For a text to the right of a number."""
        self._link = book.add_format({"font_color": "#0563C1", "underline": 1, "valign": "top"})
        self._sheets: list[tuple[str, str]] = []
        """Name and description of each sheet after the contents."""

    def fill(
        self, dataset: xr.Dataset, board: Sequence[MilestoneResult], sources: Sequence[str]
    ) -> None:
        """Write every sheet."""
        contents = self._book.add_worksheet(self._of(TITLES, "contents"))
        self._headline(dataset)
        self._milestones(board)
        groups: dict[tuple[str, ...], list[Row]] = {}
        for dims, row in series(dataset, self._language):
            groups.setdefault(dims, []).append(row)
        years = [int(year) for year in dataset["time"].values]
        for dims in sorted(groups, key=lambda dims: (len(dims), dims)):
            self._series(dims, groups[dims], years)
        text = about(dataset).yaml.splitlines()
        self._lines("scenario", text)
        self._lines("sources", sources)
        self._contents(contents, dataset)

    def _of(self, table: dict[str, tuple[str, str]], key: str) -> str:
        return table[key][self._place]

    def _sheet(self, name: str, description: str) -> Any:  # noqa: ANN401
        self._sheets.append((name, description))
        sheet = self._book.add_worksheet(name[:31])
        self._printed(sheet, A3)
        return sheet

    def _printed(self, sheet: Any, paper: int) -> None:  # noqa: ANN401
        """Print on pages as wide as the table, the head on each, with name and number below."""
        sheet.set_landscape()
        sheet.set_paper(paper)
        sheet.fit_to_pages(1, 0)
        sheet.set_default_row(LINE)
        sheet.set_footer("&L&A&R&P / &N")

    def _head(self, sheet: Any, words: Sequence[str], years: Sequence[int] = ()) -> None:  # noqa: ANN401
        for place, word in enumerate(words):
            sheet.write_string(0, place, word, self._bold)
        for place, year in enumerate(years):
            sheet.write_number(0, len(words) + place, year, self._bold)
        sheet.repeat_rows(0)

    def _widths(self, sheet: Any, columns: Sequence[Sequence[str]]) -> int:  # noqa: ANN401
        """Make columns as wide as what they hold, and say how wide they are together."""
        found = [column(texts) for texts in columns]
        for place, width in enumerate(found):
            sheet.set_column(place, place, width)
        return sum(found)

    def _contents(self, sheet: Any, dataset: xr.Dataset) -> None:  # noqa: ANN401
        who = about(dataset)
        sheet.set_column(0, 0, 28)
        sheet.set_column(1, 1, ABOUT_WIDTH)
        self._printed(sheet, A4)
        sheet.write_string(0, 0, (who.label_en, who.label_zh)[self._place], self._title)
        facts = (who.name, f"shuangtan {who.version}", f"hash {who.digest}")
        sheet.write_string(1, 0, ", ".join(facts))
        sheet.write_string(3, 0, self._of(WORDS, "sheet"), self._bold)
        sheet.write_string(3, 1, self._of(WORDS, "about"), self._bold)
        for row, (name, description) in enumerate(self._sheets, 4):
            sheet.write_url(row, 0, f"internal:'{name[:31]}'!A1", self._link, name)
            sheet.write_string(row, 1, description, self._wrap)
            sheet.set_row(row, LINE * lines(description, ABOUT_WIDTH))

    def _headline(self, dataset: xr.Dataset) -> None:
        years = tuple(int(year) for year in dataset["time"].values)
        table = headline(dataset, years)
        name = self._of(TITLES, "headline")
        sheet = self._sheet(name, ("The numbers asked for first", "最常用的指标")[self._place])
        self._head(sheet, [self._of(WORDS, "variable"), self._of(WORDS, "unit")], years)
        self._widths(sheet, [
            [(line.en, line.zh)[self._place] for line in table.lines],
            [line.unit for line in table.lines],
            *([shown(line.values[place], line.digits) for line in table.lines]
              for place in range(len(years))),
        ])  # fmt: skip
        for row, line in enumerate(table.lines, 1):
            sheet.write_string(row, 0, (line.en, line.zh)[self._place])
            sheet.write_string(row, 1, line.unit)
            sheet.write_row(row, 2, line.values, self._numbers[line.digits])
        sheet.freeze_panes(1, 2)
        chart = self._book.add_chart({"type": "line"})
        for row in (1, 2):
            chart.add_series({
                "name": [name, row, 0],
                "categories": [name, 0, 2, 0, 1 + len(years)],
                "values": [name, row, 2, row, 1 + len(years)],
            })  # fmt: skip
        chart.set_x_axis({"label_position": "low", "interval_unit": 5, "interval_tick": 5})
        chart.set_y_axis({"name": table.lines[0].unit, "num_format": "#,##0"})
        chart.set_size({"width": 1300, "height": 480})
        sheet.insert_chart(len(table.lines) + 3, 0, chart)

    def _milestones(self, board: Sequence[MilestoneResult]) -> None:
        about_it = ("Targets, what the run shows, and by how much", "目标、模拟结果与差距")
        sheet = self._sheet(self._of(TITLES, "milestones"), about_it[self._place])
        words = (
            "key",
            "variable",
            "status",
            "value",
            "target",
            "margin",
            "unit",
            "year",
            "source",
        )
        heads = [self._of(WORDS, word) for word in words]
        self._head(sheet, heads)
        cells = [self._milestone(item) for item in board]
        columns = [[head, *texts] for head, *texts in zip(heads, *cells, strict=True)]
        self._widths(sheet, [*columns[:6], [*columns[6], " " * 9], *columns[7:]])
        wide = column(columns[-1], ABOUT_WIDTH)
        sheet.set_column(8, 8, wide)
        for row, (item, texts) in enumerate(zip(board, cells, strict=True), 1):
            for place in (0, 1, 2):
                sheet.write_string(row, place, texts[place], self._wrap)
            sheet.write_string(row, 6, texts[6], self._after)
            sheet.write_string(row, 8, texts[8], self._after)
            sheet.set_row(row, LINE * lines(texts[8], wide - 2))
            for place, value in ((3, item.value), (4, item.target), (5, item.margin)):
                if np.isfinite(value):
                    form = self._special.get(item.unit, self._tops[_digits(item)])
                    sheet.write_number(row, place, value, form)
            if item.by is not None:
                sheet.write_number(row, 7, item.by, self._special["year"])
        sheet.autofilter(0, 0, len(board), len(words) - 1)
        sheet.freeze_panes(1, 2)

    def _milestone(self, item: MilestoneResult) -> list[str]:
        """Write one milestone as texts, a column each."""
        numbers = [
            "-100.0%" if item.unit == "1" else shown(value, _digits(item))
            for value in (item.value, item.target, item.margin)
        ]
        return [
            item.id,
            item.label_en if self._language == "en" else item.label_zh,
            self._of(WORDS, item.status),
            *numbers,
            item.unit,
            "" if item.by is None else str(item.by),
            f"{item.source_title}, {item.source_clause}".strip(", "),
        ]

    def _series(self, dims: tuple[str, ...], rows: Sequence[Row], years: Sequence[int]) -> None:
        names = [label("axis", dim, self._language) for dim in dims]
        joined = " × ".join(names)
        name = joined[:1].upper() + joined[1:] or self._of(TITLES, "national")
        sheet = self._sheet(name, self._listed(list(dict.fromkeys(row.name for row in rows))))
        words = [self._of(WORDS, word) for word in ("variable", "key")]
        heads = [*words, *names, self._of(WORDS, "unit")]
        self._head(sheet, heads, years)
        places = [digits(row.values) for row in rows]
        texts = [(row.name, row.key, *row.labels, row.unit) for row in rows]
        numbers = [
            [shown(row.values[year], place) for row, place in zip(rows, places, strict=True)]
            for year in range(len(years))
        ]
        named = [[head, *held] for head, *held in zip(heads, *texts, strict=True)]
        if self._widths(sheet, [*named, *numbers]) > ONE_PAGE:
            sheet.fit_to_pages(2, 0)
            sheet.repeat_columns(0, len(heads) - 1)
        for line, (row, place) in enumerate(zip(rows, places, strict=True), 1):
            for at, text in enumerate(texts[line - 1]):
                sheet.write_string(line, at, text)
            for at, value in enumerate(row.values, len(heads)):
                if np.isfinite(value):
                    sheet.write_number(line, at, value, self._numbers[place])
        sheet.autofilter(0, 0, len(rows), 2 + len(dims))
        sheet.freeze_panes(1, 3 + len(dims))

    def _listed(self, names: Sequence[str]) -> str:
        """List the first of many names."""
        if len(names) <= LISTED:
            return ("; ", "；")[self._place].join(names)
        more = (f"; and {len(names) - LISTED} more", f"；等{len(names)}项")[self._place]
        return ("; ", "；")[self._place].join(names[:LISTED]) + more

    def _lines(self, title: str, written: Sequence[str]) -> None:
        texts = {
            "scenario": ("The whole scenario, as a file that runs", "完整情景文件，可直接运行"),
            "sources": ("Where the data come from", "数据出处"),
        }
        sheet = self._sheet(self._of(TITLES, title), texts[title][self._place])
        sheet.set_column(0, 0, LONGEST)
        for row, line in enumerate(written):
            sheet.write_string(row, 0, line, self._wrap)
            sheet.set_row(row, LINE * lines(line, LONGEST))


def _digits(item: MilestoneResult) -> int:
    """Digits behind the point of the numbers of a milestone."""
    return digits([item.target] if np.isnan(item.value) else [item.value, item.target])
