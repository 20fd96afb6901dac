"""Figures in both languages: every sign has a glyph, nothing is cut off, colours are steady."""

import math
from functools import cache, partial
from itertools import combinations, pairwise

import matplotlib as mpl
import numpy as np
import pytest
import xarray as xr
from matplotlib.text import Text

from simulator.dimensions import SECTORS
from simulator.export import comparison, figures, fonts, palette, plot
from simulator.export.scoreboard import scoreboard
from simulator.reading.pathways import Published, PublishedSeries
from simulator.reading.roadmap import load_roadmap
from simulator.results.about import about
from simulator.results.counterparts import prepare
from simulator.results.joined import join
from simulator.results.milestones import milestones
from simulator.results.published import overlay
from simulator.results.quantities import load_labels
from tests.synthetic import dataset

RUN = dataset()
ROADMAP = load_roadmap("four_stage")
BOARD = milestones(RUN, ROADMAP)
CONTEST = comparison.Contest(
    runs={"current_policies": dataset("current_policies", 0.6), "national_targets": RUN},
    boards={"current_policies": BOARD, "national_targets": BOARD},
)
BOTH = join(CONTEST.runs)
LONG = "A scenario with a name that is far too long for any panel of a figure"
MANY = join({
    **CONTEST.runs,
    **{f"run{place}": dataset(f"run{place}", 0.2 * place).assign_attrs(label_en=LONG)
       for place in range(4)},
})  # fmt: skip


def study(measure="mu_star"):
    """What a sensitivity study finds, drawn by hand."""
    names = ["one", "two", "three"]
    values = np.linspace(1.0, 60.0, 3 * RUN.sizes["time"]).reshape(1, 3, -1)
    axes = ("output", "group", "time")
    return xr.Dataset(
        {measure: (axes, values), f"{measure}_conf": (axes, 0.1 * values)},
        {
            "output": ["net"], "group": names, "time": RUN["time"].values,
            "output_unit": ("output", ["Mt CO2/yr"]),
            "output_label_en": ("output", ["Net CO2 emissions"]),
            "output_label_zh": ("output", ["二氧化碳净排放"]),
            "group_label_en": ("group", [*names[:2], LONG]),
            "group_label_zh": ("group", ["电力投资者成本敏感度", "电煤价格", "名称" * 30]),
        },
        RUN.attrs,
    )  # fmt: skip


BESIDE = {
    "emissions": plot.emissions,
    "power": plot.power,
    "technology": plot.technology,
    "motors": plot.motors,
    "efficiency": plot.efficiency,
    "steel": lambda runs, language: plot.fleet(runs, "steel", language),
    "vehicles": lambda runs, language: plot.fleet(runs, "automotive", language),
    "machines": plot.machines,
    "electrification": plot.electrification,
    "materials": plot.materials,
    "costs": plot.costs,
    "energy flows": lambda runs, language: plot.energy_flows(runs, 2040, language),
    "pathway": plot.pathway,
}
OBSERVED = {2015: 9850.0, 2020: 10914.0, 2024: 12289.0}
PATHWAYS = Published("an outlook.csv", strict=False, series=tuple(
    PublishedSeries(who, variable, unit, 2, (2020, 2035, 2060), (size, 0.6 * size, low))
    for who in ("Outlook of somebody, announced pledges", "Other")
    for variable, unit, size, low in (
        ("Emissions|CO2", "Gt CO2/yr", 10.0, -0.3),
        ("Secondary Energy|Electricity|Solar|PV", "TWh/yr", 260.0, 9000.0),
        ("Production|Iron and Steel|Volume", "Mt/yr", 1060.0, 600.0),
        ("grid_carbon_intensity", "g CO2/kWh", 560.0, 20.0),
    )
))  # fmt: skip
THEIRS = overlay(CONTEST.runs, prepare(PATHWAYS))
DRAWINGS = {
    "emissions": lambda language: figures.emissions(RUN, language),
    "pathway": lambda language: figures.pathway(
        RUN, language, observed=OBSERVED, roadmap=ROADMAP, scoreboard=BOARD
    ),
    "bare pathway": lambda language: figures.pathway(RUN, language),
    "power": lambda language: figures.power(RUN, language),
    "technology": lambda language: plot.technology(RUN, language),
    "motors": lambda language: plot.motors(RUN, language),
    "efficiency": lambda language: plot.efficiency(RUN, language),
    "steel": lambda language: plot.fleet(RUN, "steel", language),
    "vehicles": lambda language: plot.fleet(RUN, "automotive", language),
    "construction machinery": lambda language: plot.fleet(
        RUN, "construction_machinery", language
    ),
    "chemicals": lambda language: plot.fleet(RUN, "petrochemicals", language),
    "machinery": lambda language: plot.fleet(RUN, "machinery", language),
    "machines": lambda language: plot.machines(RUN, language),
    "electrification": lambda language: plot.electrification(RUN, language),
    "materials": lambda language: plot.materials(RUN, language),
    "costs": lambda language: plot.costs(RUN, language),
    "energy flows": lambda language: plot.energy_flows(RUN, 2040, language),
    "pathways": lambda language: plot.pathways(BOTH, language),
    "scoreboards": lambda language: plot.scoreboards(BOTH, language),
    "between": lambda language: plot.between(BOTH, *BOTH["scenario"].values, None, language),
    "scoreboard": lambda language: scoreboard(about(RUN), {"a": BOARD}, language),
    "compared": lambda language: comparison.compared(CONTEST, language, OBSERVED, ROADMAP),
    "published": lambda language: plot.published(BOTH, THEIRS, language),
    "published, one": lambda language: plot.published(
        RUN, overlay({"national_targets": RUN}, prepare(PATHWAYS)), language
    ),
    "compared with others": lambda language: comparison.compared(
        CONTEST, language, OBSERVED, ROADMAP, THEIRS
    ),
    "difference": lambda language: comparison.difference(CONTEST, language),
    "tornado": lambda language: plot.tornado(study(), "net", (2030, 2060), language),
    "over time": lambda language: plot.over_time(study("ST"), "net", language),
    **{f"{name} beside": partial(draw, BOTH) for name, draw in BESIDE.items()},
    **{f"{name} of many": partial(BESIDE[name], MANY)
       for name in ("emissions", "electrification", "materials")},
}  # fmt: skip


@cache
def drawn(name, language):
    return DRAWINGS[name](language)


def words(figure):
    return [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]


def chinese(text):
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_is_cut_off_and_every_sign_has_a_glyph(tmp_path, name, language):
    # Warnings are errors here, so a missing glyph fails when the figure is drawn.
    figure = drawn(name, language)
    figures.save(figure, tmp_path / "figure.png")
    assert (tmp_path / "figure.png").read_bytes().startswith(b"\x89PNG")
    width, height = figure.canvas.get_width_height()
    for text in words(figure):
        box = text.get_window_extent()
        assert box.x0 >= -1, text.get_text()
        assert box.x1 <= width + 1, text.get_text()
        assert box.y0 >= -1, text.get_text()
        assert box.y1 <= height + 1, text.get_text()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", DRAWINGS)
def test_no_text_covers_another(name, language):
    figure = drawn(name, language)
    figure.draw_without_rendering()
    ticks = {
        label for where in figure.axes for axis in (where.xaxis, where.yaxis)
        for label in axis.get_ticklabels()
    }  # fmt: skip
    free = [text for text in words(figure) if text not in ticks]
    boxes = [(text.get_text(), text.get_window_extent()) for text in free]
    for (first, one), (second, other) in combinations(boxes, 2):
        wide = min(one.x1, other.x1) - max(one.x0, other.x0)
        tall = min(one.y1, other.y1) - max(one.y0, other.y0)
        assert wide < 2 or tall < 3, (first, second)


@pytest.mark.parametrize("name", DRAWINGS)
def test_the_language_is_kept(name):
    if fonts.chinese_font() is None:
        pytest.skip(fonts.ADVICE)
    found = words(drawn(name, "zh"))
    assert sum(chinese(text.get_text()) for text in found) >= 3
    assert not any(chinese(text.get_text()) for text in words(drawn(name, "en")))


@pytest.mark.parametrize("name", DRAWINGS)
def test_titles_and_sources_are_there(name):
    texts = [text.get_text() for text in words(drawn(name, "en"))]
    assert sum(text.startswith("Source: shuangtan 0.1.0") for text in texts) == 1


def test_titles_say_the_finding():
    def title(figure):
        return figure.texts[0].get_text()

    assert title(figures.pathway(RUN)) == (
        "National targets: gross CO₂ peaks at 12.4 Gt in 2026; net is -0.2 Gt in 2060"
    )
    assert "falls by 92 %" in title(figures.emissions(RUN))
    assert title(comparison.difference(CONTEST)) == (
        "National targets emits 4,579 Mt less than Current policies in 2060"
    )


def test_every_figure_of_one_run_draws_several_beside_each_other():
    of_one = set(plot.__all__) - {
        "between", "over_time", "pathways", "policy_steps", "published", "save",
        "scoreboards", "tornado", "waterfall", "wedges",
    }  # fmt: skip
    assert {"fleet" if name in {"steel", "vehicles"} else name.replace(" ", "_")
            for name in BESIDE} == of_one  # fmt: skip
    for name in BESIDE:
        texts = [text.get_text() for text in words(drawn(f"{name} beside", "en"))]
        assert sum("Current policies" in text for text in texts) >= 1, name
        assert sum("National targets" in text for text in texts) >= 1, name
        assert any("current_policies · 01234567, national" in text for text in texts), name


@pytest.mark.parametrize("name", ["emissions", "power", "efficiency", "costs"])
def test_panels_beside_each_other_have_one_scale(name):
    panels = drawn(f"{name} beside", "en").axes[:2]
    assert panels[0].get_ylim() == panels[1].get_ylim()


def test_what_tells_scenarios_apart_is_said():
    title = drawn("electrification beside", "en").texts[-2].get_text()
    assert title.startswith("Electricity is ")
    shallow, deep = (
        float(run["emissions_gross"].sel(time=2060)) / 1000 for run in CONTEST.runs.values()
    )
    said = [text.get_text() for text in drawn("emissions beside", "en").texts]
    assert (
        f"Gross CO₂ in 2060 is {deep:.1f}–{shallow:.1f} Gt, least in National targets,"
        " most in Current policies"
    ) in said


def test_a_run_that_ends_earlier_is_drawn_to_its_end():
    short = join({"a": RUN, "b": dataset("b", 0.5).sel(time=slice(2015, 2045))})
    figure = plot.power(short)
    assert "electricity in 2045" in " ".join(text.get_text() for text in figure.texts)
    brief = join({"a": RUN, "b": dataset("b", 0.5).sel(time=slice(2015, 2028))})
    for draw in (plot.electrification, plot.efficiency, plot.costs):
        assert " 2028" in draw(brief).texts[-2].get_text()


def test_milestones_name_their_unit():
    texts = [text.get_text() for text in words(drawn("scoreboards", "en"))]
    assert "3600 GW of wind and solar in 2035 [GW]" in texts
    assert not any(text.endswith(("[1]", "[year]")) for text in texts)


def test_without_a_chinese_font_labels_are_english(monkeypatch):
    monkeypatch.setattr(fonts, "chinese_font", lambda: None)
    figure = figures.power(RUN, "zh")
    assert not any(chinese(text.get_text()) for text in words(figure))
    assert "pylopdf-fonts-zh-cn" in fonts.advice("zh")
    assert fonts.advice("en") == ""


@pytest.mark.parametrize(
    "label", ["$\\frac{1}{0}$ & $x$", "情景 Ω 😀 \U0001f9ea", "ا لعربية", "<script>", "x" * 300]
)
def test_any_label_can_be_drawn(tmp_path, label):
    named = RUN.assign_attrs(label_en=label, label_zh=label)
    for language in ("en", "zh"):
        figures.save(figures.pathway(named, language), tmp_path / "figure.png")


def test_settings_of_matplotlib_are_left_alone():
    before = dict(mpl.rcParams)
    figures.emissions(RUN, "zh")
    assert dict(mpl.rcParams) == before


def test_every_label_is_in_exactly_one_band():
    generators = [name.split(".")[1] for name in load_labels() if name.startswith("generator.")]
    for bands, names in (
        (palette.SECTOR_BANDS, SECTORS),
        (palette.GENERATOR_BANDS, set(generators) - {"battery", "long_storage"}),
    ):
        members = [member for band in bands for member in band.members]
        assert sorted(members) == sorted(names)
        assert len({band.colour for band in bands}) == len(bands)


def test_no_two_bands_of_a_stack_share_a_colour():
    known = {"sectors": palette.SECTOR_BANDS, "carriers": palette.CARRIER_BANDS}
    for name, bands in (known | palette.FLEET_BANDS).items():
        assert len({band.colour for band in bands}) == len(bands), name


def test_neighbours_in_a_stack_differ_for_every_eye():
    # Machado, Oliveira and Fernandes (2009), full deuteranopia and protanopia.
    eyes = {
        "usual": np.eye(3),
        "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                         [-0.011820, 0.042940, 0.968881]],
        "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                       [-0.003882, -0.048116, 1.051998]],
    }  # fmt: skip
    for bands in (
        palette.SECTOR_BANDS, palette.CARRIER_BANDS, palette.COSTS,
        *palette.FLEET_BANDS.values(),
    ):  # fmt: skip
        for first, second in pairwise(bands):
            for name, matrix in eyes.items():
                seen = [np.array(matrix) @ linear(band.colour) for band in (first, second)]
                gap = math.dist(*map(lab, seen))
                assert gap > 12.0, (first.key, second.key, name, gap)


def linear(colour):
    part = np.array([int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    matrix = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x, y, z = np.array(matrix) @ np.clip(rgb, 0, 1) / np.array([0.9505, 1.0, 1.089])
    fx, fy, fz = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)
