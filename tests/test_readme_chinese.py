"""Every command of the Chinese README works; those that it shares with the other run there."""

import pytest

from tests.test_readme import distinct, steps, try_out


@pytest.mark.usefixtures("remembered_runs")
def test_every_command_of_its_own_works(tmp_path, monkeypatch, capsys) -> None:
    elsewhere = steps("README.md")
    own = [words for words in distinct(steps("README.zh.md")) if words not in elsewhere]
    assert sum("--lang" in words for words in own) > 10
    monkeypatch.chdir(tmp_path)
    try_out("README.zh.md", own, tmp_path, capsys)
