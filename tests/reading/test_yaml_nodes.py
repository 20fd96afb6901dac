"""The loader: YAML 1.2 scalars, places, limits, and nothing but a document or an error."""

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import ScenarioError
from simulator.reading.yaml_nodes import from_plain, plain, read_text

SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12), st.dates()
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SCALARS, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e9", 1e9), ("1.5e3", 1500.0), ("+.5", 0.5), ("2030", 2030), ("-3", -3), ("0.1", 0.1),
        ("yes", "yes"), ("no", "no"), ("on", "on"), ("off", "off"), ("12:30", "12:30"),
        ("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None),
        ("'2030'", "2030"), ('"true"', "true"), ("1_000", "1_000"), ("007", 7),
        ("2020-01-01", "2020-01-01"), ("0x1F", "0x1F"), ("1e", "1e"),
    ],
)  # fmt: skip
def test_scalars_follow_yaml_1_2(text: str, value: object) -> None:
    found = plain(read_text(f"a: {text}\n", "f").root)["a"]
    assert found == value
    assert type(found) is type(value)


def test_every_node_knows_its_place() -> None:
    root = read_text("a:\n  b: [1, 碳, 3]\n", "f").root
    inner = root.get("a")
    assert inner is not None
    listed = inner.get("b")
    assert listed is not None
    assert isinstance(listed.content, list)
    assert [(node.line, node.column) for node in listed.content] == [(2, 7), (2, 10), (2, 13)]


def test_an_alias_may_repeat_a_value() -> None:
    assert plain(read_text("a: &x {k: 1}\nb: *x\n", "f").root) == {"a": {"k": 1}, "b": {"k": 1}}


def test_a_byte_order_mark_is_no_error() -> None:
    assert plain(read_text(b"\xef\xbb\xbfa: 1\r\n", "f").root) == {"a": 1}


def test_several_problems_come_at_once() -> None:
    document = read_text("a: .nan\nb: 1\nb: 2\nc: -.inf\n", "f")
    assert [problem.line for problem in document.problems] == [1, 3, 4]


@given(st.binary(max_size=200))
@settings(max_examples=50)
def test_bytes_are_a_document_or_an_error(data: bytes) -> None:
    try:
        read_text(data, "f")
    except ScenarioError as error:
        assert error.problems


@given(st.text(alphabet="ab:{}[]-*&!?|>%@,#'\"\n\t 1.e：~<", max_size=60))
@settings(max_examples=50)
def test_any_text_is_a_document_or_an_error(text: str) -> None:
    try:
        read_text(text, "f")
    except ScenarioError as error:
        assert error.problems


@given(VALUES)
@settings(max_examples=50)
def test_what_others_write_is_a_document_or_an_error(value: object) -> None:
    try:
        read_text(yaml.safe_dump(value, allow_unicode=True), "f")
    except ScenarioError as error:
        assert error.problems


def test_values_of_a_program_become_nodes() -> None:
    assert plain(from_plain({2030: np.float64(2.5), "a": [np.int64(3), None]})) == {
        2030: 2.5,
        "a": [3, None],
    }


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 10**400, object(), {1, 2}])
def test_what_cannot_stand_in_a_file_is_refused(value: object) -> None:
    with pytest.raises(ScenarioError, match=r"finite|cannot stand"):
        from_plain({"a": value})
