"""What run, compare, report and export write and print."""

import csv
import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
import xarray as xr

from simulator.results.effects import Effect
from tests.synthetic import dataset

FILES = {"results.nc", "milestones.csv", "summary.json", "report.html", "figures"}


def test_run_writes_everything(shuangtan, tmp_path):
    code, out, err = shuangtan("run", "national_targets", "--out", "here")
    assert (code, err) == (0, "")
    folder = tmp_path / "here" / "national_targets"
    assert {item.name for item in folder.iterdir()} == FILES
    assert [item.name for item in (tmp_path / "here").iterdir()] == ["national_targets"]
    for text in ("2020", "2060", "CO2 emissions, net", "Electricity in final energy"):
        assert text in out
    assert "Gross CO2 peaks in 2026 at 12,420 Mt." in out
    assert "CO2 emissions peak before 2030" in out
    assert "Peaks, stages and plateaus by sector" in out
    assert "not yet active" not in out
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as found:
        assert found["emissions"].attrs["units"] == "Mt CO2/yr"
        assert found.attrs["scenario"] == "national_targets"


def test_a_run_measures_its_assumptions_and_the_report_keeps_them(
    shuangtan, tmp_path, monkeypatch
):
    def measured(scenario):
        return tuple(
            Effect(
                scenario.name, "0123456789abcdef" * 4, "0.1.0", "emissions_net", "Mt CO2/yr",
                f"a.{size}", f"Thing {size}", f"事物{size}", "1", 1.0, 0.5, 1.5,
                "assumption", "", year, 10.0, 10.0 - size, 10.0 + size,
            )
            for size in (1.0, 77.0) for year in (2030, 2060)
        )  # fmt: skip

    monkeypatch.setattr("simulator.analysis.effects.effects", measured)
    code, out, _ = shuangtan("run", "frozen", "--assumptions", "--no-report")
    assert code == 0
    assert "What matters most for net CO2 in 2060: 2 assumptions" in out
    assert out.index("Thing 77.0") < out.index("Thing 1.0")
    folder = tmp_path / "outputs" / "frozen"
    for again in range(2):
        assert shuangtan("report", str(folder), "--quiet") == (0, "", ""), again
        page = (folder / "report.html").read_text("utf-8")
        assert "Thing 77" in page
        assert "The project ships this" not in page
    (folder / "assumptions.csv").unlink()
    shuangtan("report", str(folder), "--quiet")
    assert "The project ships this" in (folder / "report.html").read_text("utf-8")


def test_run_in_chinese(shuangtan):
    _, out, _ = shuangtan("run", "national_targets", "--no-report", "--lang", "zh")
    for text in ("国家目标", "终端电气化率", "未达标", "达峰"):
        assert text in out


def test_tables_line_up_in_chinese(shuangtan):
    from rich.cells import cell_len  # noqa: PLC0415

    _, out, _ = shuangtan("run", "frozen", "--no-report", "--lang", "zh")
    rule = next(line for line in out.splitlines() if line.strip().startswith("──"))
    row = next(line for line in out.splitlines() if line.strip().startswith("粗钢"))
    assert cell_len(row) == cell_len(rule)


def test_milestones_open_in_a_spreadsheet(shuangtan, tmp_path):
    shuangtan("run", "frozen", "--no-report", "--quiet")
    path = tmp_path / "outputs" / "frozen" / "milestones.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    peak = next(row for row in rows if row["id"] == "peak_before_2030")
    assert (peak["status"], peak["value"], peak["margin"]) == ("pass", "2026", "4")


def test_summary_holds_the_headline(shuangtan, tmp_path):
    shuangtan(
        "run", "frozen", "--no-report", "--quiet", "--set", "carbon_price_floor.schedule=9"
    )
    summary = json.loads((tmp_path / "outputs/frozen/summary.json").read_text("utf-8"))
    assert summary["peak"]["year"] == 2026
    assert summary["headline"]["steel"]["2024"] == pytest.approx(1005 * (1 - 0.024))
    assert {"steel", "power", "buildings"} <= set(summary["sectors"])
    steel = summary["sectors"]["steel"]
    assert (steel["peak_year"], steel["t1"]) == (2025, 2026)
    assert summary["command"] == ("shuangtan run frozen --set carbon_price_floor.schedule=9")


def test_quiet_prints_nothing_and_json_only_json(shuangtan):
    assert shuangtan("run", "frozen", "--no-report", "--quiet") == (0, "", "")
    code, out, err = shuangtan("run", "frozen", "delayed", "--no-report", "--json")
    assert (code, err) == (0, "")
    assert [item["scenario"] for item in json.loads(out)] == ["frozen", "delayed"]


def test_no_report_drops_an_old_report_and_keeps_foreign_files(shuangtan, tmp_path):
    shuangtan("run", "frozen", "--quiet")
    folder = tmp_path / "outputs" / "frozen"
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    shuangtan("run", "frozen", "--quiet", "--no-report")
    assert {item.name for item in folder.iterdir()} == {
        "results.nc", "milestones.csv", "summary.json", "notes.txt",
    }  # fmt: skip


def test_compare_says_what_differs(shuangtan, tmp_path):
    code, out, _ = shuangtan("compare", "current_policies", "national_targets")
    assert code == 0
    assert "Input of national_targets that differs from current_policies" in out
    assert "carbon_market.price_floor" in out
    assert "(-4,579)" in out
    assert "Net CO2 emissions zero in 2060" in out
    folder = tmp_path / "outputs" / "compare-current_policies-national_targets"
    assert {item.name for item in folder.iterdir()} == FILES
    with xr.open_dataset(folder / "results.nc", engine="h5netcdf") as found:
        assert list(found["scenario"].values) == ["current_policies", "national_targets"]


def test_compare_against_another_baseline(shuangtan):
    words = ("compare", "current_policies", "national_targets", "--no-report", "--json")
    found = json.loads(shuangtan(*words, "--baseline", "national_targets")[1])
    assert found["baseline"] == "national_targets"
    last = next(
        line for line in found["outcome"]
        if line["key"] == "emissions_net" and line["year"] == 2060
    )  # fmt: skip
    assert last["differences"]["national_targets"] == 0
    assert last["differences"]["current_policies"] > 4000


def test_compare_says_what_stages_consist_of(shuangtan, tmp_path, monkeypatch):
    def drawn(resolved):
        return SimpleNamespace(dataset=dataset(resolved.name, 1.0 - 0.01 * len(resolved.name)))

    monkeypatch.setattr("simulator.analysis.stage_content.simulate", drawn)
    words = ("compare", "frozen", "national_targets", "--no-report", "--stage-content")
    code, out, err = shuangtan(*words)
    assert (code, err) == (0, "")
    assert "Content of the declared stages of national_targets against frozen" in out
    assert "Efficiency" in out
    table = tmp_path / "outputs" / "compare-frozen-national_targets" / "stage_content.csv"
    rows = table.read_text("utf-8").splitlines()
    assert len(rows) == 1 + 2 * 4 * 5
    code, out, _ = shuangtan(*words, "--lang", "zh", "--json")
    assert code == 0
    assert len(json.loads(out)["stage_content"]) == 2 * 4 * 5
    assert "stage_content" not in json.loads(shuangtan(*words[:-1], "--json")[1])


def test_report_is_written_anew(shuangtan, tmp_path):
    shuangtan("run", "national_targets", "--quiet", "--no-report")
    folder = tmp_path / "outputs" / "national_targets"
    assert shuangtan("report", str(folder), "--quiet") == (0, "", "")
    page = (folder / "report.html").read_text("utf-8")
    assert "carbon_market.price_floor" in page
    assert "shuangtan run national_targets" in page


def test_several_results_give_one_report(shuangtan, tmp_path):
    shuangtan("run", "current_policies", "national_targets", "--quiet", "--no-report")
    folders = ["outputs/current_policies", "outputs/national_targets"]
    assert shuangtan("report", *folders, "--out", "both.html", "--quiet") == (0, "", "")
    page = (tmp_path / "both.html").read_text("utf-8")
    assert page.count('<option value="') == 2
    for name in ("current_policies", "national_targets"):
        assert f"shuangtan run {name}" in page
    code, _, err = shuangtan("report", folders[0], folders[0])
    assert (code, "current_policies" in err) == (2, True)
    code, _, err = shuangtan("report", folders[0], "nowhere")
    assert (code, "nowhere" in err) == (2, True)


def test_the_report_of_a_comparison_is_written_anew(shuangtan, tmp_path):
    shuangtan("compare", "current_policies", "national_targets", "--quiet", "--no-report")
    folder = tmp_path / "outputs" / "compare-current_policies-national_targets"
    assert shuangtan("report", str(folder), "--quiet") == (0, "", "")
    page = (folder / "report.html").read_text("utf-8")
    assert "shuangtan compare current_policies national_targets" in page
    assert "National targets against Current policies" in page
    assert (folder / "figures" / "waterfall.png").is_file()


def test_without_a_report_nothing_that_plots_is_imported(tmp_path):
    code = (
        "import sys\n"
        "from simulator.interface.cli import invoke\n"
        "words = ['run', 'frozen', '--no-report', '--quiet', '--out', sys.argv[1]]\n"
        "assert invoke(words) == 0\n"
        "print([name for name in ('matplotlib', 'bokeh', 'PIL') if name in sys.modules])\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines()[-1] == "[]"


def test_export_is_tidy(shuangtan, tmp_path):
    shuangtan("run", "national_targets", "--quiet", "--no-report")
    code, out, _ = shuangtan("export", "outputs/national_targets")
    assert code == 0
    rows = list(csv.DictReader(out.splitlines()))
    chosen = [
        row for row in rows
        if (row["variable"], row["label"], row["year"]) == ("activity", "steel", "2024")
    ]  # fmt: skip
    assert [(row["unit"], float(row["value"])) for row in chosen] == [
        ("Mt/yr", pytest.approx(1005 * (1 - 0.024)))
    ]
    assert shuangtan("export", "outputs/national_targets", "--out", "t.csv", "--quiet")[0] == 0
    assert (tmp_path / "t.csv").read_text("utf-8-sig").splitlines()[0] == ",".join(rows[0])
