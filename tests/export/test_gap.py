"""The figure of what would close a gap says what is enough, and what is left."""

import math

import pytest

from simulator.export.gap import ENOUGH, SHORT, gap
from simulator.reading.scenario import load
from simulator.results.about import about_scenario
from simulator.results.closing import Closing

PRICE = Closing("Price", "碳价", 1.0, 0.76)
CAP = Closing("Cap", "总量", 0.84, math.nan)
WORSE = Closing("Worse", "更差", -3.0, math.nan)
TOGETHER = Closing("", "", 1.0, 0.58)


@pytest.fixture(scope="module")
def who():
    return about_scenario(load("current_policies"))


def words(figure):
    texts = [text.get_text() for text in figure.texts]
    for where in figure.axes:
        texts += [text.get_text() for text in where.texts]
        texts += [text.get_text() for text in where.get_yticklabels()]
    return texts


def test_bars_are_ranked_and_say_what_is_left(who):
    figure = gap(who, ("Neutral", "中和"), [CAP, WORSE, PRICE], TOGETHER, "en")
    (where,) = figure.axes
    widths = [bar.get_width() for bar in where.patches]
    assert widths == [1.0, 0.84, -0.5, 1.0]  # what widens the gap is cut off
    found = words(figure)
    assert "enough at 76 % of the way" in found
    assert "16 % is left" in found
    assert "400 % is left" in found
    assert "All together" in found
    assert any("“Neutral”: Price alone can close the gap" in text for text in found)
    colours = [bar.get_facecolor() for bar in where.patches]
    assert colours[0] == colours[3] != colours[1] == colours[2]
    assert ENOUGH != SHORT


@pytest.mark.parametrize(
    ("alone", "together", "finding"),
    [
        ([CAP], TOGETHER, "合力可以"),
        ([CAP], CAP, "均不足以补足"),
        ([CAP], None, "均不足以补足"),
        ([PRICE], None, "仅碳价即可补足"),
    ],
)
def test_the_title_is_the_finding(who, alone, together, finding):
    assert any(
        finding in text for text in words(gap(who, ("Neutral", "中和"), alone, together, "zh"))
    )
