"""A stretch of a model is recorded once, and again where what it depends on differs."""

from typing import Any

import numpy as np
import pytest

from simulator import disk_cache
from simulator.model.national import NationalModel
from simulator.model.parameters import leaves_of
from simulator.model.recording import differing_leaves, record
from simulator.reading.scenario import load
from simulator.solvers import recordings
from simulator.solvers.recordings import recorded
from simulator.solvers.steps import stretches_of

LATER = {"policies.carbon_price_floor.schedule": {2025: 75, 2030: 300, 2060: 900}}
LONGER = {"parameters.steel.technologies.scrap_eaf.lifetime": 31}


@pytest.fixture(scope="module")
def models() -> dict[str, NationalModel]:
    """A scenario, two with another input on its grid, and it and one of them side by side."""
    base = load("national_targets")
    first = NationalModel([base.resolved])
    others = {name: base.replace(one).resolved for name, one in
              (("later", LATER), ("longer", LONGER))}  # fmt: skip
    found = {name: NationalModel([one], first.grid) for name, one in others.items()}
    beside = NationalModel([base.resolved, others["longer"]], first.grid)
    return {"base": first, "beside": beside, **found}


@pytest.fixture(autouse=True)
def made(tmp_path, monkeypatch) -> list[str]:
    """An empty cache, and what is recorded: the number of the recording stands for it."""
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path / "kept"))
    calls: list[str] = []

    def stand_in(*_: Any, **__: Any) -> str:
        calls.append(f"recording {len(calls)}")
        return calls[-1]

    monkeypatch.setattr(recordings, "record", stand_in)
    return calls


def ask(model: NationalModel, *, past: bool = False, observe: bool = False, varied: Any = None):
    stretch = stretches_of(model.grid, model.history_end)[0 if past else 1]
    state = model.cold_start()
    return recorded(model.parameters, state, stretch, varied or {}, observe=observe)


def test_the_same_stretch_of_the_same_model_is_recorded_once(models, made):
    again = NationalModel([load("national_targets").resolved])
    assert ask(models["base"]) == ask(again) == "recording 0"
    assert len(made) == 1


def test_whatever_it_depends_on_makes_another(models, made, monkeypatch):
    base = models["base"]
    elements = differing_leaves(
        leaves_of(base.parameters), leaves_of(models["beside"].parameters)
    )
    assert elements
    different = [
        ask(base), ask(models["later"]), ask(models["longer"]), ask(base, past=True),
        ask(base, observe=True), ask(base, varied=elements),
        ask(base, varied={place: ~mask for place, mask in elements.items()}),
    ]  # fmt: skip
    monkeypatch.setattr(recordings, "_code", lambda: b"other sources")
    different.append(ask(base))
    monkeypatch.setattr(np, "__version__", "0.0")
    different.append(ask(base))
    assert different == made
    assert len(set(made)) == 9


def test_what_comes_later_does_not_matter_to_the_past(models, made):
    assert ask(models["base"], past=True) == ask(models["later"], past=True)
    assert len(made) == 1
    assert ask(models["longer"], past=True) == "recording 1"


def test_a_file_that_is_damaged_is_made_anew(models):
    ask(models["base"])
    (path,) = disk_cache.folder().glob(f"*.{recordings.KIND}")
    path.write_bytes(path.read_bytes()[:-1])
    assert ask(models["base"]) == "recording 1"


def test_what_comes_back_is_what_was_recorded(models, monkeypatch):
    base = models["base"]
    monkeypatch.setattr(recordings, "record", record)
    stretch = stretches_of(base.grid, base.history_end)[1]
    state = base.cold_start()
    direct = record(base.parameters, state, stretch, {}, observe=False)
    made, kept = (ask(base) for _ in range(2))
    for found in (made, kept):
        _assert_same(found, direct)


def _assert_same(one: Any, other: Any) -> None:
    """Trees of the same structure whose arrays are equal bit for bit."""
    assert type(one) is type(other)
    if isinstance(one, tuple):
        assert len(one) == len(other)
        for mine, its in zip(one, other, strict=True):
            _assert_same(mine, its)
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        assert one.tobytes() == other.tobytes()
    else:
        assert one == other
