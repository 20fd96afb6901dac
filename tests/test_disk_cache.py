"""What takes long to make is kept on disk: the last files of each kind, whole or not at all."""

import os
import sys

import pytest

from simulator import disk_cache


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path / "kept"))


def kept(kind: str = "code"):
    return sorted(disk_cache.folder().glob(f"*.{kind}"))


def test_what_is_kept_comes_back():
    disk_cache.write("code", "key", b"content")
    assert disk_cache.read("code", "key") == b"content"
    assert disk_cache.read("code", "other") is None
    assert disk_cache.read("font", "key") is None


@pytest.mark.parametrize("damage", ["cut", "changed", "other kind"])
def test_a_file_that_is_not_whole_counts_as_missing(damage):
    disk_cache.write("code", "key", b"content")
    (path,) = kept()
    whole = path.read_bytes()
    broken = {
        "cut": whole[:-1],
        "changed": whole[:-1] + b"!",
        "other kind": whole.replace(b"code", b"font"),
    }
    path.write_bytes(broken[damage])
    assert disk_cache.read("code", "key") is None


def test_without_a_folder_nothing_is_kept_and_nothing_breaks(tmp_path, monkeypatch):
    place = tmp_path / "a file"
    place.write_text("")
    monkeypatch.setenv(disk_cache.VARIABLE, str(place))
    disk_cache.write("code", "key", b"content")
    assert disk_cache.read("code", "key") is None


def test_only_what_was_used_last_is_kept():
    disk_cache.write("font", "of another kind", b"signs")
    for number in range(disk_cache.KEPT):
        disk_cache.write("code", f"{number:02}", b"code")
        os.utime(kept()[number], (number, number))
    assert disk_cache.read("code", "00") == b"code"  # used again: the oldest is now 01
    disk_cache.write("code", "new", b"code")
    assert disk_cache.read("code", "01") is None
    assert disk_cache.read("code", "00") == disk_cache.read("code", "new") == b"code"
    assert len(kept()) == disk_cache.KEPT
    assert len(kept("font")) == 1


@pytest.mark.parametrize(
    ("platform", "variable", "expected"),
    [("linux", "XDG_CACHE_HOME", "shuangtan"), ("win32", "LOCALAPPDATA", "shuangtan")],
)
def test_the_folder_is_that_of_the_system(platform, variable, expected, tmp_path, monkeypatch):
    monkeypatch.delenv(disk_cache.VARIABLE)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv(variable, str(tmp_path))
    assert disk_cache.folder() == tmp_path / expected
