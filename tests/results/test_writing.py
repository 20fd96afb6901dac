"""A folder of results is the old one or the new one, never half of one."""

import pytest

from simulator.errors import ScenarioError
from simulator.results import writing
from simulator.results.about import about
from simulator.results.writing import (
    read_dataset,
    read_json,
    replaced_folder,
    write_dataset,
    write_json,
)
from tests.synthetic import dataset


def content(folder):
    return {item.name: item.read_text("utf-8") for item in folder.iterdir()}


def put(target, name, text):
    with replaced_folder(target) as folder:
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture(params=[True, False], ids=["exchange", "two steps"])
def exchange(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(writing, "_exchange", lambda *_: False)


@pytest.mark.usefixtures("exchange")
def test_new_replaces_old(tmp_path):
    target = tmp_path / "deep" / "run"
    put(target, "summary.json", "old")
    put(target, "results.nc", "new")
    assert content(target) == {"results.nc": "new"}
    assert [item.name for item in target.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, SystemExit])
def test_a_failure_leaves_the_old(tmp_path, error):
    target = tmp_path / "run"
    put(target, "summary.json", "old")

    def fail():
        with replaced_folder(target) as folder:
            (folder / "summary.json").write_text("half", encoding="utf-8")
            raise error

    with pytest.raises(error):
        fail()
    assert content(target) == {"summary.json": "old"}
    assert [item.name for item in tmp_path.iterdir()] == ["run"]


@pytest.mark.usefixtures("exchange")
def test_files_of_others_stay(tmp_path):
    target = tmp_path / "run"
    put(target, "summary.json", "old")
    (target / "notes").mkdir()
    (target / "notes" / "mine.txt").write_text("mine", encoding="utf-8")
    (target / "link").symlink_to("nowhere")
    put(target, "summary.json", "new")
    assert (target / "notes" / "mine.txt").read_text("utf-8") == "mine"
    assert (target / "link").readlink().name == "nowhere"


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "run").write_text("a file", encoding="utf-8")
    with pytest.raises(ScenarioError, match="is a file"), replaced_folder(tmp_path / "run"):
        pass
    below = tmp_path / "run" / "below"
    with pytest.raises(ScenarioError, match="cannot write"), replaced_folder(below):
        pass


def test_a_data_set_survives_the_disk(tmp_path):
    before = dataset()
    write_dataset(before, tmp_path / "results.nc")
    after = read_dataset(tmp_path)
    for name, variable in before.data_vars.items():
        assert after[name].dims == variable.dims
        assert after[name].equals(variable), name
        assert after[name].attrs == variable.attrs
    assert about(after) == about(before)


def test_what_is_no_result_is_refused(tmp_path):
    with pytest.raises(ScenarioError, match="no results"):
        read_dataset(tmp_path)
    (tmp_path / "results.nc").write_text("not a data set", encoding="utf-8")
    with pytest.raises(ScenarioError, match="not a file of results"):
        read_dataset(tmp_path)


def test_json_round_trip(tmp_path):
    write_json({"名称": [1, None]}, tmp_path / "a.json")
    assert "名称" in (tmp_path / "a.json").read_text("utf-8")
    assert read_json(tmp_path / "a.json") == {"名称": [1, None]}
    assert read_json(tmp_path / "none.json") == {}
