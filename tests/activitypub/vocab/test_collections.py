"""Collections as they are read."""

import json

import pytest

from activitypub import document
from activitypub.vocab import Collection, registry


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("Collection", "items"),
        ("OrderedCollection", "orderedItems"),
        ("CollectionPage", "items"),
        ("OrderedCollectionPage", "orderedItems"),
    ],
)
def test_items_are_ids(kind: str, key: str) -> None:
    body = {
        "id": "https://a.example/c",
        "type": kind,
        "totalItems": 2,
        key: ["https://a.example/1", {"id": "https://a.example/2", "type": "Page"}, {"type": "Page"}],
        "first": {"id": "https://a.example/c/1"},
    }
    read = registry.read(document.read(json.dumps(body).encode()))

    assert isinstance(read, Collection)
    assert read.items == ("https://a.example/1", "https://a.example/2")
    assert (read.total_items, read.first) == (2, "https://a.example/c/1")


def test_a_collection_need_not_have_an_id() -> None:
    read = registry.read(document.read(b'{"type":"Collection","items":"https://a.example/1"}'))

    assert read == Collection(type="Collection", items=("https://a.example/1",))
