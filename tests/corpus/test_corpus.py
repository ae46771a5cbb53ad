"""Real documents of fourteen kinds of server: each is read into a typed value, none is refused.

A kind such as ``Announce > Create > Page`` is what a document is and what it holds; a name in brackets is of
a type that is not understood, and an ``id`` stands for an object that is only named.
"""

import json
import os
import re
from collections import Counter
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from activitypub import document, group
from activitypub.document import Document
from activitypub.shape import PUBLIC, shaped
from activitypub.vocab import Activity, Actor, Collection, Post, Tombstone, Unknown, registry
from activitypub.vocab.registry import Read
from tests.architecture.sources import ROOT

CORPUS = Path(os.environ.get("FEDCOP_SHARED", ROOT.parent / "shared")) / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here; FEDCOP_SHARED names it")

KINDS = {
    "discourse/objects/group": "Group",
    "discourse/objects/page": "Note",
    "friendica/activities/create_note": "Create > Note",
    "friendica/activities/create_page_1": "Create > Note",
    "friendica/activities/delete": "Delete > Tombstone",
    "friendica/activities/dislike_page": "Dislike > id",
    "friendica/activities/undo_dislike_page": "Undo > Dislike > id",
    "friendica/activities/update_note": "Update > Note",
    "friendica/objects/note_2": "Note",
    "friendica/objects/page_1": "Page",
    "friendica/objects/person_1": "Person",
    "friendica/objects/person_2": "Organization",
    "gnusocial/activities/create_note": "Create > Note",
    "gnusocial/activities/create_page": "Create > Page",
    "gnusocial/objects/group": "Group",
    "gnusocial/objects/note": "Note",
    "gnusocial/objects/person": "Person",
    "lemmy/activities/block/block_user": "Block > id",
    "lemmy/activities/block/undo_block_user": "Undo > Block > id",
    "lemmy/activities/community/add_mod": "Add > id",
    "lemmy/activities/community/announce_create_page": "Announce > Create > Page",
    "lemmy/activities/community/lock_page": "Lock > id",
    "lemmy/activities/community/remove_featured_post": "Remove > id",
    "lemmy/activities/community/report_page": "Flag > id",
    "lemmy/activities/community/resolve_report_page": "(Resolve)",
    "lemmy/activities/community/undo_lock_page": "Undo > Lock > id",
    "lemmy/activities/community/update_community": "Update > Group",
    "lemmy/activities/create_or_update/create_comment": "Create > Note",
    "lemmy/activities/create_or_update/create_page": "Create > Page",
    "lemmy/activities/create_or_update/create_private_message_0.19": "Create > (ChatMessage)",
    "lemmy/activities/create_or_update/update_page": "Update > Page",
    "lemmy/activities/deletion/delete_private_message": "Delete > id",
    "lemmy/activities/deletion/delete_user": "Delete > id",
    "lemmy/activities/deletion/undo_delete_page": "Undo > Delete > id",
    "lemmy/activities/deletion/undo_delete_private_message": "Undo > Delete > id",
    "lemmy/activities/following/accept": "Accept > Follow > id",
    "lemmy/activities/following/follow": "Follow > id",
    "lemmy/activities/voting/dislike_page": "Dislike > id",
    "lemmy/activities/voting/like_note": "Like > id",
    "lemmy/activities/voting/undo_like_note": "Undo > Like > id",
    "lemmy/collections/group_featured_posts": "OrderedCollection",
    "lemmy/collections/group_moderators": "OrderedCollection",
    "lemmy/collections/group_outbox": "OrderedCollection",
    "lemmy/objects/comment": "Note",
    "lemmy/objects/group": "Group",
    "lemmy/objects/page": "Page",
    "lemmy/objects/page_image_and_link": "Page",
    "lemmy/objects/private_message": "Note",
    "lemmy/objects/tombstone": "Tombstone",
    "lotide/activities/create_note_reply": "Create > Note",
    "lotide/activities/create_page": "Create > Page",
    "lotide/activities/delete_note": "Delete > id",
    "lotide/activities/follow": "Follow > id",
    "lotide/objects/note": "Note",
    "lotide/objects/page": "Page",
    "lotide/objects/tombstone": "Tombstone",
    "mastodon/activities/create_note": "Create > Note",
    "mastodon/activities/delete": "Delete > Tombstone",
    "mastodon/activities/follow": "Follow > id",
    "mastodon/activities/like_page": "Like > id",
    "mastodon/activities/undo_follow": "Undo > Follow > id",
    "mastodon/activities/undo_like_page": "Undo > Like > id",
    "mastodon/objects/note_1": "Note",
    "mastodon/objects/note_2": "Note",
    "mastodon/objects/person": "Person",
    "mbin/activities/accept": "Accept > Follow > id",
    "mbin/activities/flag": "Flag > id",
    "mitra/activities/accept": "Accept > id",
    "mitra/activities/create_post": "Create > Note",
    "mobilizon/objects/event": "Event",
    "mobilizon/objects/group": "Group",
    "nodebb/objects/group": "Group",
    "nodebb/objects/page": "Article",
    "peertube/activities/announce_video": "Announce > id",
    "peertube/objects/group": "Group",
    "peertube/objects/person": "Person",
    "peertube/objects/video": "Video",
    "pleroma/activities/create_note": "Create > Note",
    "pleroma/activities/delete": "Delete > id",
    "pleroma/objects/chat_message": "(ChatMessage)",
    "pleroma/objects/note": "Note",
    "smithereen/activities/create_note": "Create > Note",
    "smithereen/objects/note": "Note",
    "wordpress/activities/announce": "Announce > Update > Article",
    "wordpress/objects/group": "Group",
    "wordpress/objects/page": "Article",
    "wordpress/objects/person": "Person",
}


@cache
def opened(name: str) -> Document:
    return document.read((CORPUS / f"{name}.json").read_bytes())


def read(name: str) -> Any:
    return registry.read(opened(name))


def kind_of(found: Any) -> str:
    match found:
        case Activity():
            return f"{found.type} > {kind_of(found.object)}"
        case Tombstone():
            return "Tombstone"
        case Unknown():
            return f"({found.type})"
        case str():
            return "id"
        case _:
            return str(found.type)


def many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def test_no_document_is_forgotten() -> None:
    assert sorted(str(path.relative_to(CORPUS).with_suffix("")) for path in CORPUS.rglob("*.json")) == sorted(
        KINDS
    )


@pytest.mark.parametrize("name", KINDS)
def test_each_document_is_read_as_what_it_is(name: str) -> None:
    found, raw = read(name), json.loads(opened(name).raw)

    assert kind_of(found) == KINDS[name]
    assert found.id == raw["id"]
    assert shaped(shaped(raw)) == shaped(raw)
    _ensure_as_written(found, raw)


def _ensure_as_written(found: Any, raw: Any) -> None:
    """Compare a value with the JSON that it was read from, without the code that reads it."""
    match found:
        case Activity():
            assert (found.actor, list(found.to), list(found.cc)) == (
                raw["actor"],
                many(raw.get("to")),
                many(raw.get("cc")),
            )
            for thing, written in zip(found.objects, many(raw.get("object")), strict=True):
                _ensure_as_written(thing, written)
        case Post():
            authors = [
                author["id"] if isinstance(author, dict) else author for author in many(raw["attributedTo"])
            ]
            assert found.attributed_to in authors
            assert (list(found.to), list(found.cc)) == (many(raw.get("to")), many(raw.get("cc")))
            assert list(found.audience) == many(raw.get("audience"))
            assert (found.content, found.in_reply_to) == (raw.get("content"), raw.get("inReplyTo"))
            assert found.published == datetime.fromisoformat(raw["published"]).astimezone(UTC)
            assert len(found.tag) == len(raw.get("tag", []))
            assert found.url is None or found.url.startswith("https://")
        case Actor():
            assert (found.preferred_username, found.inbox) == (raw["preferredUsername"], raw["inbox"])
            assert [key.public_key_pem for key in found.public_keys] == [raw["publicKey"]["publicKeyPem"]]
            assert (found.endpoints is not None) == ("endpoints" in raw)
            assert found.icon is None or str(found.icon.url).startswith("https://")
        case str():
            assert found == raw


def test_a_video_is_by_its_person_not_its_channel_and_leads_to_its_page() -> None:
    video = read("peertube/objects/video")
    channel = json.loads(opened("peertube/objects/video").raw)["attributedTo"]

    assert {"type": "Person", "id": video.attributed_to} in channel
    assert video.url == video.id
    assert (video.language, video.media_type) == ("en", "text/markdown")


def test_of_several_icons_the_largest_is_taken() -> None:
    assert read("peertube/objects/person").icon.width == max(
        icon["width"] for icon in json.loads(opened("peertube/objects/person").raw)["icon"]
    )


def test_a_channel_names_its_owner_in_the_place_of_facilitators() -> None:
    assert read("peertube/objects/group").attributed_to == read("peertube/objects/person").id
    assert read("lemmy/objects/group").attributed_to.endswith("/moderators")


def test_a_report_names_a_post_and_a_person() -> None:
    assert len(read("mbin/activities/flag").objects) == 2


def test_a_ban_has_an_end_and_takes_posts_with_it() -> None:
    ban = read("lemmy/activities/block/block_user")

    assert ban.end_time == datetime(2021, 11, 1, 12, 23, 50, 151874, UTC)
    assert ban.remove_data
    assert ban.target in ban.cc


def test_recipients_alone_are_lists_too() -> None:
    assert read("lotide/activities/follow").to == (read("lotide/activities/follow").object,)


def test_an_event_has_its_times_and_language() -> None:
    event = read("mobilizon/objects/event")

    assert (event.start_time, event.end_time) == (
        datetime(2022, 12, 11, 19, tzinfo=UTC),
        datetime(2022, 12, 11, 21, tzinfo=UTC),
    )
    assert (event.language, event.comments_enabled) == ("en", True)


def test_a_forum_gives_a_note_a_title() -> None:
    assert read("discourse/objects/page").name
    assert PUBLIC not in read("discourse/objects/page").to


def test_a_page_has_its_picture_and_its_link() -> None:
    page = read("lemmy/objects/page_image_and_link")

    assert [(file.type, bool(file.url), bool(file.href)) for file in page.attachment] == [
        ("Image", True, False),
        ("Link", False, True),
    ]
    assert page.image.url == page.attachment[0].url
    assert page.language == "fr"


def test_an_attachment_has_its_size_and_focus() -> None:
    (file,) = read("mastodon/objects/note_2").attachment

    assert (file.type, file.media_type, file.width, file.height) == ("Document", "image/jpeg", 1500, 1095)
    assert (file.focal_point, bool(file.blurhash)) == ((0.0, 0.0), True)


def test_a_profile_has_its_lines() -> None:
    assert [line.type for line in read("friendica/objects/person_2").attachment] == ["PropertyValue"] * 2
    assert read("wordpress/objects/person").also_known_as == ()


def test_collections_hold_ids_and_the_documents_themselves() -> None:
    outbox, found = opened("lemmy/collections/group_outbox"), read("lemmy/collections/group_outbox")
    embedded = list(outbox.items("orderedItems"))

    assert found.items == tuple(item.id for item in embedded if isinstance(item, Document))
    assert {kind_of(registry.read(item)) for item in embedded if isinstance(item, Document)} == {
        "Announce > Create > Page"
    }
    assert len(read("lemmy/collections/group_moderators").items) == 1


def test_what_a_community_passes_on_is_unwrapped_with_its_bytes() -> None:
    (inner,) = group.unwrap(opened("lemmy/activities/community/announce_create_page"))

    assert inner.document is not None
    assert inner.document.raw in opened("lemmy/activities/community/announce_create_page").raw
    assert (inner.document.type, inner.proof) == ("Create", False)


def test_a_proof_stays_with_its_document() -> None:
    assert opened("mitra/activities/create_post").json["proof"]["cryptosuite"] == "eddsa-jcs-2022"


COLUMNS: dict[str, tuple[type[Read], ...]] = {
    "actors": (Actor,),
    "posts": (Post,),
    "activities": (Activity,),
    "others": (Collection, Tombstone),
    "not understood": (Unknown,),
}


def test_the_page_for_peers_counts_what_is_read() -> None:
    seen: dict[str, Counter[str]] = {}
    for name in KINDS:
        found = read(name)
        column = next(title for title, types in COLUMNS.items() if isinstance(found, types))
        seen.setdefault(name.partition("/")[0], Counter())[column] += 1
    page = (ROOT / "docs/federation.md").read_text("utf-8").partition("## Documents of other software")[2]
    table = page[page.index("|") :].partition("\n\n")[0].splitlines()
    rows = [re.split(r"\s*\|\s*", line.strip("| ")) for line in table]
    stated = {row[0]: Counter(dict(zip(rows[0][1:], map(int, row[1:]), strict=True))) for row in rows[2:]}

    assert rows[0][1:] == list(COLUMNS)
    assert stated.pop("all") == sum(seen.values(), Counter())
    assert stated == {software: counts for software, counts in seen.items()}
