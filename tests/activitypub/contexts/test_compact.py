"""A document whose context renames terms that we use."""

import json
import subprocess
import sys
from typing import Any

import pytest

from activitypub import document
from activitypub.contexts import FOLDER, WRITTEN, compact
from activitypub.errors import Malformed
from activitypub.vocab import Post, registry
from activitypub.vocab.write import ACTOR_CONTEXT, CONTEXT

AS2 = "https://www.w3.org/ns/activitystreams"
NOTE = {"id": "https://a.example/1", "type": "Note", "attributedTo": "https://a.example/u"}
LIKE = {
    "id": "https://a.example/2",
    "type": "Like",
    "actor": "https://a.example/u",
    "object": "https://b.example/1",
}
REPLY = {"@id": "as:inReplyTo", "@type": "@id"}


def plain(context: Any, **more: Any) -> dict[str, Any]:
    read = document.read(json.dumps({"@context": context} | more).encode())
    found = compact.plain(read, into=[*ACTOR_CONTEXT, *CONTEXT])
    return found if found is not read.json else {"untouched": True}


def test_a_renamed_term_gets_our_name() -> None:
    found = plain(
        [AS2, {"replyTo": REPLY, "body": "as:content"}], **NOTE, replyTo="https://b.example/2", body="x"
    )

    assert found["inReplyTo"] == "https://b.example/2"
    assert found["content"] == "x"
    assert (found["id"], found["type"], found["attributedTo"]) == tuple(NOTE.values())


def test_the_registry_reads_renamed_terms() -> None:
    context = [AS2, {"ap": f"{AS2}#", "replyTo": {"@id": "ap:inReplyTo", "@type": "@id"}, "kind": "@type"}]
    body = {
        "@context": context,
        **NOTE,
        "replyTo": "https://b.example/2",
        "tag": {"kind": "Mention", "name": "@x"},
    }
    post = registry.read(document.read(json.dumps(body).encode()))

    assert isinstance(post, Post)
    assert post.in_reply_to == "https://b.example/2"
    assert post.tag[0].type == "Mention"


@pytest.mark.parametrize(
    "context",
    [
        AS2,
        [AS2, "https://w3id.org/security/v1"],
        [AS2, {"sensitive": "as:sensitive", "toot": "http://joinmastodon.org/ns#", "x": {"@id": "toot:x"}}],
        [AS2, {"as": f"{AS2}#", "@language": "en", "id": "@id", "odd": 7}],
        {"name": "http://schema.org/name"},
        None,
        7,
    ],
)
def test_other_documents_are_left_as_they_are(context: Any) -> None:
    assert plain(context, **NOTE) == {"untouched": True}


@pytest.mark.parametrize(
    "context",
    [
        [AS2, "https://a.example/own-terms", {"replyTo": REPLY}],
        [AS2, {"replyTo": REPLY, "@import": "https://a.example/x"}],
        [AS2, {"replyTo": REPLY, "@version": 7}],
        [AS2, "no-address", {"replyTo": REPLY}],
    ],
)
def test_under_a_context_that_is_not_known_a_document_is_plain_json(context: Any) -> None:
    assert plain(context, **NOTE, replyTo="https://b.example/2") == {"untouched": True}


def test_what_falls_into_several_things_is_read_as_it_stands() -> None:
    own = {
        "@context": [AS2, {"body": "as:content", "both": "@graph"}],
        "both": [NOTE, NOTE | {"id": "https://a.example/9"}],
    }

    assert plain(own.pop("@context"), **own) == {"untouched": True}


@pytest.mark.parametrize(
    ("terms", "more"),
    [
        ({"doer": {"@id": "as:actor", "@type": "@id"}}, {"doer": "https://evil.example/u"}),
        ({"doer": {"@id": "as:actor", "@type": "@id"}, "actor": "https://a.example/ns#x"}, {"doer": "https://evil.example/u"}),
        ({"deed": "@type", "type": "https://a.example/ns#x"}, {"deed": "Delete"}),
        ({"self": "@id", "id": "https://a.example/ns#x"}, {"self": "https://evil.example/1"}),
    ],
)  # fmt: skip
def test_who_acts_and_what_it_is_cannot_be_renamed(terms: dict[str, Any], more: dict[str, Any]) -> None:
    # Signature and origin were checked against the plain reading.
    with pytest.raises(Malformed, match="another meaning"):
        plain([AS2, terms], **(LIKE | more))


@pytest.mark.parametrize(
    ("context", "more"),
    [
        ([AS2] * compact.MOST_PARTS + [{"replyTo": REPLY}], {}),
        ([AS2, {"replyTo": REPLY} | {f"a{n}": f"as:b{n}" for n in range(compact.MOST_TERMS)}], {}),
        ([AS2, {"replyTo": REPLY, "K": {"@id": "as:K", "@context": {"a": "as:b"}}}], {}),
        ([AS2, {"replyTo": REPLY}], {"tag": [{"@context": AS2, "name": "x"}]}),
    ],
)
def test_a_context_that_costs_too_much_is_not_worked_out(context: Any, more: dict[str, Any]) -> None:
    assert plain(context, **NOTE, replyTo="https://b.example/2", **more) == {"untouched": True}


def test_a_large_document_is_not_worth_it() -> None:
    more = {"replyTo": "https://b.example/2", "content": "x" * compact.MOST_BYTES}

    assert plain([AS2, {"replyTo": REPLY}], **NOTE, **more) == {"untouched": True}


@pytest.mark.parametrize("name", sorted(set(WRITTEN.values())))
def test_every_context_of_ours_is_one(name: str) -> None:
    uris = [uri for uri, file in WRITTEN.items() if file == name]
    found = plain([AS2, *uris, {"replyTo": REPLY}], **NOTE, replyTo="https://b.example/2")

    assert list(json.loads((FOLDER / name).read_text())) == ["@context"]
    assert found["inReplyTo"] == "https://b.example/2"


def test_every_file_is_named() -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(WRITTEN.values())


def test_json_ld_is_loaded_only_when_it_is_needed() -> None:
    code = (
        "import sys; from activitypub import document; from activitypub.vocab import registry;"
        'registry.read(document.read(b\'{"@context":[{"x":"as:x"}],"id":"https://a.example/1","type":"Note"}\'));'
        "print('pyld' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert run.stdout == "False\n"
