"""A document to a value of the vocabulary."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import document
from activitypub.errors import Malformed, RemoteFault
from activitypub.shape import SHAPERS
from activitypub.vocab import Activity, Actor, Collection, Post, Thing, Tombstone, Unknown, registry
from activitypub.vocab.registry import TYPES, id_of

ANA = "https://kent.example/people/ana"


def read(value: dict[str, Any]) -> registry.Read:
    return registry.read(document.read(json.dumps(value).encode()))


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("Page", Post),
        ("Video", Post),
        ("Person", Actor),
        ("Service", Actor),
        ("OrderedCollectionPage", Collection),
        ("Tombstone", Tombstone),
        ("Lock", Activity),
        ("ChatMessage", Unknown),
    ],
)
def test_the_type_decides(kind: str, type_: type) -> None:
    assert isinstance(read({"id": "https://a.example/1", "type": kind, "actor": ANA}), type_)


def test_a_type_may_be_written_in_a_list_or_in_full() -> None:
    assert isinstance(read({"id": ANA, "type": ["Person", "foaf:Agent"]}), Actor)
    assert isinstance(read({"id": ANA, "type": "as:Person"}), Actor)


def test_activities_hold_typed_objects_as_deep_as_they_go() -> None:
    like = {"type": "Like", "actor": ANA, "object": "https://a.example/p"}
    undo = {"id": "https://a.example/2", "type": "Undo", "actor": ANA, "object": like}
    announce = read({"id": "https://a.example/3", "type": "Announce", "actor": ANA, "object": undo})

    assert isinstance(announce, Activity)
    assert isinstance(announce.object, Activity)
    assert announce.object.object == Activity(type="Like", actor=ANA, objects=("https://a.example/p",))


def test_a_bare_reference_is_an_id() -> None:
    assert read({"type": "Like", "actor": ANA, "object": {"id": ANA}}) == Activity(
        type="Like", actor=ANA, objects=(ANA,)
    )


@pytest.mark.parametrize(
    "found", [False, 7, 1.5, None, [], {}, ["x", "y"], {"id": False}, {"id": [ANA, ANA]}, {"type": "Note"}]
)
def test_what_holds_no_id_is_no_reference(found: Any) -> None:
    for about in ({"id": found}, [{"id": found}], [ANA, {"id": found}]):
        with pytest.raises(Malformed, match="cannot be read"):
            read({"id": "https://a.example/1", "type": "Accept", "actor": ANA, "object": about})


def test_of_a_collection_what_holds_no_id_is_left_out() -> None:
    listed = [ANA, {"id": False}, {"id": {"id": 7}}, {"id": ANA, "type": "Person"}, {}, 3]
    found = read({"id": "https://a.example/1", "type": "Collection", "items": listed})
    assert isinstance(found, Collection)
    assert found.items == (ANA, ANA)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"id": ANA}, "type None"),
        ({"id": ANA, "type": ["Note", "Page"]}, "wanted one type"),
        ({"type": "Note"}, "`id`"),
        ({"id": "https://a.example/1", "type": "Like", "object": ANA}, "`actor`"),
        ({"id": "https://a.example/1", "type": "Create", "actor": ANA, "object": {"type": "Note"}}, "`id`"),
        ({"id": "https://a.example/1", "type": "Create", "actor": ANA, "object": {}}, "`type`"),
    ],
)
def test_what_lacks_its_most_needed_parts_is_refused(value: dict[str, Any], said: str) -> None:
    with pytest.raises(Malformed, match=said):
        read(value)


def test_an_id_is_had_of_anything() -> None:
    assert id_of(ANA) == ANA
    assert id_of(Unknown(type="x", id=ANA)) == ANA
    assert id_of(Activity(type="Like", actor=ANA)) is None
    assert id_of(None) is None


KEYS = st.sampled_from([*SHAPERS, "object", "items", "orderedItems", "id", "@context", "@graph"])
LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "https://a.example/1", "x", "2025-01-01", *TYPES])
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.fixed_dictionaries(
    {"type": st.sampled_from([*TYPES, "Other"])},
    optional={"id": st.just("https://a.example/1"), "actor": st.just(ANA), "object": VALUES},
)


@settings(max_examples=150, deadline=None, database=None)
@given(OBJECTS, st.dictionaries(KEYS, VALUES, max_size=8))
def test_any_object_is_read_or_refused(value: dict[str, Any], more: dict[str, Any]) -> None:
    with contextlib.suppress(RemoteFault):
        found = read(more | value)
        assert isinstance(found, Thing)
        ensure_typed(found)


def ensure_typed(found: Thing) -> None:
    """Insist that what an activity is about is an id or has a type of ours, however deep."""
    for thing in found.objects if isinstance(found, Activity) else ():
        assert isinstance(thing, str | Thing)
        if isinstance(thing, Thing):
            ensure_typed(thing)
