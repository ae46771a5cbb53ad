"""Bytes to one JSON object, strictly."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import document
from activitypub.document import Document
from activitypub.errors import Malformed, RemoteFault, TooLarge

CREATE = (
    b'{"id":"https://kent.example/a/1", "type":"Create",\n "actor":"https://kent.example/people/ana",'
    b'"object": {"id" : "https://kent.example/p/1",  "type":"Page"} }'
)


def test_a_document_keeps_its_bytes_and_says_what_it_is() -> None:
    read = document.read(CREATE)

    assert (read.raw, read.id, read.type) == (CREATE, "https://kent.example/a/1", "Create")
    assert read.json == json.loads(CREATE)


def test_what_is_inside_keeps_its_own_bytes() -> None:
    inner = document.read(CREATE).nested("object")

    assert inner is not None
    assert inner.raw == b'{"id" : "https://kent.example/p/1",  "type":"Page"}'
    assert (inner.id, inner.type) == ("https://kent.example/p/1", "Page")


def test_an_id_or_nothing_holds_no_document() -> None:
    read = document.read(b'{"object":"https://kent.example/p/1","target":[{}]}')

    assert [read.nested(key) for key in ("object", "target", "absent")] == [None, None, None]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        (b'[{"id":"https://a.example/1"}, "https://a.example/2", 3]', [b'{"id":"https://a.example/1"}', "https://a.example/2"]),
        (b'"https://a.example/2"', ["https://a.example/2"]),
        (b'{"id": "https://a.example/1"}', [b'{"id": "https://a.example/1"}']),
        (b"7", []),
        (b"null", []),
    ],
)  # fmt: skip
def test_one_or_many_are_read_alike(written: bytes, found: list[Any]) -> None:
    items = document.read(b'{"object":' + written + b"}").items("object")

    assert [item.raw if isinstance(item, Document) else item for item in items] == found


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"actor":"https://a.example/1","actor":"https://b.example/1"}', "'actor' twice"),
        (b'{"object":{"id":"https://a.example/1", "id" :"x"}}', "'id' twice"),
        # Texts that look like keys may hide the loss of one from a count.
        (b'{"a":":","b":1,"b":2}', "'b' twice"),
        (b'{"a":NaN}', "no JSON"),
        (b'{"a":1e999}', "no JSON"),
        (b'\xef\xbb\xbf{"a":1}', "no JSON"),
        (b'{"a":"\\ud800"}', "no JSON"),
        (b'{"a":"\xff"}', "no JSON"),
        (b'{"a":' + b"9" * 5000 + b"}", "no JSON"),
        (b'{"a":[9223372036854775808]}', "64 bits"),
        (b'{"a":1} ', None),
        (b'{"a":1}{', "no JSON"),
        (b"[1]", "JSON list"),
        (b"null", "JSON NoneType"),
        (b"", "no JSON"),
        (b'{"id":7}', "an id that is a int"),
        (b'{"@graph":[]}', "@graph"),
        (b'{"@id":"https://a.example/1"}', "@id"),
    ],
)
def test_what_parsers_read_differently_is_refused(body: bytes, said: str | None) -> None:
    if said is None:
        document.read(body)
    else:
        with pytest.raises(Malformed, match=said):
            document.read(body)


@pytest.mark.parametrize("text", ['":', '\\":', " :", ":wave:", '": ":', "a\\\\"])
def test_a_text_that_looks_like_a_key_is_none(text: str) -> None:
    body = json.dumps({text: text, "b": [text, {"c": text}]}).encode()

    assert document.read(body).json == json.loads(body)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' + b"[" * 64 + b"]" * 64 + b"}",
        b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        json.dumps({"a": [0] * 2001}).encode(),
        json.dumps({"a": "x" * 200_001}).encode(),
        b'{"a":"' + b"x" * 1_048_576 + b'"}',
    ],
    ids=["levels", "far too many levels", "items", "text", "bytes"],
)
def test_too_much_is_refused(body: bytes) -> None:
    with pytest.raises((TooLarge, Malformed)):
        document.read(body)


def test_the_limits_themselves_are_read() -> None:
    deep = b'{"a":' + b"[" * 63 + b"]" * 63 + b"}"
    wide = json.dumps({"a": [0] * 2000, "b": "x" * 200_000}).encode()

    assert document.read(deep).json
    assert document.read(wide).json
    with pytest.raises(TooLarge, match="at most 10"):
        document.read(deep, limit=10)


def test_a_head_is_read_without_the_rest() -> None:
    head = document.head(CREATE)

    assert (head.id, head.type, head.actor) == (
        "https://kent.example/a/1",
        "Create",
        "https://kent.example/people/ana",
    )


def test_a_list_of_one_actor_is_that_actor() -> None:
    head = document.head(b'{"id":"https://a.example/1","type":"Like","actor":["https://a.example/u"]}')

    assert head.actor == "https://a.example/u"


def test_an_embedded_actor_is_its_id() -> None:
    head = document.head(b'{"id":"https://a.example/1","type":["Like"],"actor":{"id":"https://a.example/u"}}')

    assert (head.type, head.actor) == ("Like", "https://a.example/u")


@pytest.mark.parametrize(
    "changed",
    [
        {"id": None},
        {"id": 5},
        {"id": ""},
        {"id": "tag:a.example,1"},
        {"id": "https://a.example/" + "x" * 2000},
        {"id": "https://a.example/a b"},
        {"id": "https://a.example/\u202e"},
        {"type": None},
        {"type": ""},
        {"type": ["Like", "Dislike"]},
        {"type": {"a": 1}},
        {"actor": None},
        {"actor": ["https://a.example/u", "https://a.example/v"]},
        {"actor": {}},
        {"actor": "ana"},
    ],
)
def test_an_activity_needs_id_type_and_actor(changed: dict[str, Any]) -> None:
    whole = {"id": "https://a.example/1", "type": "Like", "actor": "https://a.example/u"}
    document.head(json.dumps(whole).encode())

    with pytest.raises(Malformed):
        document.head(json.dumps(whole | changed).encode())
    missing = json.dumps({key: value for key, value in whole.items() if key not in changed}).encode()
    with pytest.raises(Malformed):
        document.head(missing)


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"id":"\\ud800"}', b"[" * 100_000])
def test_what_is_no_object_has_no_head(body: bytes) -> None:
    with pytest.raises(Malformed):
        document.head(body)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Note", "Note"),
        ("as:Note", "Note"),
        ("https://www.w3.org/ns/activitystreams#Note", "Note"),
        (["Note"], "Note"),
        (["Person", "schema:Person"], "Person"),
        (["https://a.example/ns#Lift", "as:Note", "Note"], "Note"),
        (["Note", "Page"], ""),
        ([], ""),
        ([7], ""),
        (None, ""),
    ],
)
def test_a_type_is_one_name(value: Any, kind: str) -> None:
    assert document.type_in(value) == kind


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="@"), max_size=8
) | st.sampled_from(['":', "\\", "id"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(1 << 63) + 1, (1 << 63) - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=80, deadline=None, database=None)
@given(st.dictionaries(TEXTS, VALUES, max_size=5), st.booleans(), st.sampled_from([None, 1]))
def test_every_object_is_read_as_it_was_written(value: Any, ascii_only: bool, indent: int | None) -> None:
    value.pop("id", None)
    body = json.dumps(value, ensure_ascii=ascii_only, indent=indent).encode()

    assert document.read(body).json == value


@settings(max_examples=80, deadline=None, database=None)
@given(st.binary(max_size=40) | st.text('{}[]":,\\u ds1e+-', max_size=30).map(str.encode))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        read = document.read(body)
    except RemoteFault:
        return
    assert json.loads(read.raw) == read.json
