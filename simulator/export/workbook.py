"""Results as an Excel workbook, as an association would circulate it.

A sheet of contents, the headline table, the milestones, every series with its unit in sheets by
what it is broken down by, and the sources. Text is written as text: a label that looks like a
formula stays a label.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from itertools import product
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import xarray as xr

from simulator.export.table import units_by_label
from simulator.results.about import about
from simulator.results.headline import headline
from simulator.results.milestones import MilestoneResult
from simulator.results.quantities import label

Language = Literal["en", "zh"]

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

LISTED: Final = 8
"""Variables of a sheet that the contents name."""

A3: Final = 8
A4: Final = 9
"""Numbers of paper sizes."""

_EPOCH: Final = datetime(2020, 1, 1, tzinfo=UTC)
"""Date of creation that is written, so that equal results give equal files."""


class Row(NamedTuple):
    """One series."""

    name: str
    key: str
    labels: tuple[str, ...]
    """What it is of, one for each dimension."""
    unit: str
    values: np.ndarray[Any, np.dtype[np.float64]]
    """One for each year."""


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
        self._numbers = [book.add_format({"num_format": form}) for form in ("#,##0", "#,##0.0")]
        """By digits behind the point."""
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
        sheet.repeat_rows(0)
        sheet.set_footer("&L&A&R&P / &N")

    def _head(self, sheet: Any, words: Sequence[str], years: Sequence[int] = ()) -> None:  # noqa: ANN401
        for column, word in enumerate(words):
            sheet.write_string(0, column, word, self._bold)
        for column, year in enumerate(years):
            sheet.write_number(0, len(words) + column, year, self._bold)
        if years:
            sheet.set_column(len(words), len(words) + len(years) - 1, 10)
            sheet.fit_to_pages(2, 0)
            sheet.repeat_columns(0, len(words) - 1)

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
            wide = sum(2 if ord(sign) > 0x2E80 else 1 for sign in description)
            sheet.set_row(row, 15 * (1 + wide // ABOUT_WIDTH))

    def _headline(self, dataset: xr.Dataset) -> None:
        years = tuple(int(year) for year in dataset["time"].values)
        table = headline(dataset, years)
        name = self._of(TITLES, "headline")
        sheet = self._sheet(name, ("The numbers asked for first", "最常用的指标")[self._place])
        self._head(sheet, [self._of(WORDS, "variable"), self._of(WORDS, "unit")], years)
        sheet.set_column(0, 0, 34)
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
        chart.set_size({"width": 900, "height": 380})
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
        self._head(sheet, [self._of(WORDS, word) for word in words])
        sheet.set_column(0, 1, 34)
        sheet.set_column(8, 8, 60)
        for row, item in enumerate(board, 1):
            name = item.label_en if self._language == "en" else item.label_zh
            texts = {0: item.id, 1: name, 2: self._of(WORDS, item.status), 6: item.unit}
            texts[8] = f"{item.source_title}, {item.source_clause}".strip(", ")
            for column, text in texts.items():
                sheet.write_string(row, column, text)
            numbers = {3: item.value, 4: item.target, 5: item.margin, 7: item.by}
            for column, value in numbers.items():
                if value is not None and np.isfinite(value):
                    sheet.write_number(row, column, value)
        sheet.autofilter(0, 0, len(board), len(words) - 1)
        sheet.freeze_panes(1, 2)

    def _series(self, dims: tuple[str, ...], rows: Sequence[Row], years: Sequence[int]) -> None:
        shown = [label("axis", dim, self._language) for dim in dims]
        joined = " × ".join(shown)
        name = joined[:1].upper() + joined[1:] or self._of(TITLES, "national")
        sheet = self._sheet(name, self._listed(list(dict.fromkeys(row.name for row in rows))))
        words = [self._of(WORDS, word) for word in ("variable", "key")]
        self._head(sheet, [*words, *shown, self._of(WORDS, "unit")], years)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1 + len(dims), 30)
        for line, row in enumerate(rows, 1):
            for column, text in enumerate((row.name, row.key, *row.labels, row.unit)):
                sheet.write_string(line, column, text)
            for column, value in enumerate(row.values, 3 + len(dims)):
                if np.isfinite(value):
                    sheet.write_number(line, column, value)
        sheet.autofilter(0, 0, len(rows), 2 + len(dims))
        sheet.freeze_panes(1, 3 + len(dims))

    def _listed(self, names: Sequence[str]) -> str:
        """List the first of many names."""
        if len(names) <= LISTED:
            return ("; ", "；")[self._place].join(names)
        more = (f"; and {len(names) - LISTED} more", f"；等{len(names)}项")[self._place]
        return ("; ", "；")[self._place].join(names[:LISTED]) + more

    def _lines(self, title: str, lines: Sequence[str]) -> None:
        texts = {
            "scenario": ("The whole scenario, as a file that runs", "完整情景文件，可直接运行"),
            "sources": ("Where the data come from", "数据出处"),
        }
        sheet = self._sheet(self._of(TITLES, title), texts[title][self._place])
        sheet.set_column(0, 0, 140)
        for row, line in enumerate(lines):
            sheet.write_string(row, 0, line, self._wrap)


def series(dataset: xr.Dataset, language: Language) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Walk every series with its dimensions besides the year."""
    suffix = "" if language == "en" else "_zh"
    for key, variable in dataset.data_vars.items():
        if "time" not in variable.dims or variable.dtype.kind not in "fiu":
            continue
        dims = tuple(str(dim) for dim in variable.dims if dim != "time")
        ordered = variable.transpose(*dims, "time")
        names = [[str(item) for item in ordered[dim].values] for dim in dims]
        units = units_by_label(ordered, list(dims))
        labels = [_labels(dataset, dim, language) for dim in dims]
        values = np.asarray(ordered.values, np.float64).reshape(-1, ordered.sizes["time"])
        name = str(variable.attrs.get(f"long_name{suffix}", key))
        for place, (chosen, shown) in enumerate(
            zip(product(*names), product(*labels), strict=True)
        ):
            unit = units.get(chosen, str(variable.attrs.get("units", "")))
            if dims and not np.nan_to_num(values[place]).any():
                continue  # what does not exist, like diesel in smelters
            yield dims, Row(name, str(key), shown, unit, values[place])


def _labels(dataset: xr.Dataset, dim: str, language: Language) -> list[str]:
    """What people call the labels of a dimension."""
    named = f"{dim}_label_{language}"
    found = dataset.coords[named if named in dataset.coords else dim]
    return [str(item) for item in found.values]
