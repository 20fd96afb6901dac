"""What pages take of Bokeh is made once and kept, and is then what would be made again."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from simulator import disk_cache
from simulator.export import templates

SHOWN = (
    "import json, sys; from simulator.export import templates;"
    "print(json.dumps([templates.templates({'steps', 'lines'}), templates.bokeh_script()]));"
    "print('bokeh.models' in sys.modules)"
)


def test_bokeh_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path))
    runs = [
        subprocess.run(
            [sys.executable, "-c", SHOWN], check=True, capture_output=True, text=True
        )
        for _ in range(2)
    ]
    (first, loaded), (second, again) = (run.stdout.splitlines() for run in runs)
    assert (loaded, again) == ("True", "False")
    assert first == second
    found, script = json.loads(first)
    assert list(found) == ["lines", "steps"]
    assert "</script" not in script


def test_where_nothing_can_be_kept_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = tmp_path / "file"
    nowhere.write_text("no folder")
    monkeypatch.setenv(disk_cache.VARIABLE, str(nowhere))
    templates._taken.cache_clear()
    assert templates.templates({"stack"})["stack"]["doc"]["roots"]
    templates._taken.cache_clear()
