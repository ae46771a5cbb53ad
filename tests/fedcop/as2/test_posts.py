"""Posts both ways: what every peer demands of a Page and a Note, and what is taken of theirs."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from activitypub.errors import WrongOrigin
from activitypub.shape import PUBLIC
from activitypub.vocab import Attachment, Post, Source, Tag
from fedcop.as2 import posts
from fedcop.as2.files import File
from fedcop.as2.posts import Named, Outgoing
from fedcop.uris import Uris
from storage.actors import Actor, NewActor
from storage.ids import ActorId

URIS = Uris("https://communities.kent.example", "kent.example")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADA = URIS.person("ada")
FOLLOWERS = f"{ADA}/followers"
ROADS = Named(uri=URIS.community("roads"), handle="roads", domain="kent.example")
BEN = Named(uri="https://york.example/users/ben", handle="ben", domain="york.example")
POST = "https://york.example/posts/1"


def outgoing(**more: object) -> Outgoing:
    given = {
        "uri": URIS.post(7),
        "author_uri": ADA,
        "type": "Note",
        "title": "",
        "content": "<p>Sandbags</p>",
        "source": "Sandbags",
        "summary": "",
        "sensitive": False,
        "language": None,
        "audience": "public",
        "in_reply_to": None,
        "context": f"{URIS.post(7)}/context",
        "published_at": NOON,
    }
    return Outgoing(**given | more)


def page(**more: object) -> Outgoing:
    return outgoing(**{"type": "Page", "title": "Floods", "community": ROADS} | more)


def reply(**more: object) -> Outgoing:
    return outgoing(**{"in_reply_to": POST, "community": ROADS, "mentions": (BEN,)} | more)


@pytest.mark.parametrize(
    ("post", "to", "cc"),
    [
        (page(), [ROADS.uri, PUBLIC], [FOLLOWERS]),
        (page(audience="unlisted"), [ROADS.uri, FOLLOWERS], [PUBLIC]),
        (page(mentions=(BEN,)), [ROADS.uri, PUBLIC], [BEN.uri, FOLLOWERS]),
        (reply(), [PUBLIC], [ROADS.uri, BEN.uri, FOLLOWERS]),
        (reply(audience="unlisted"), [FOLLOWERS], [PUBLIC, ROADS.uri, BEN.uri]),
        (outgoing(), [PUBLIC], [FOLLOWERS]),
        (outgoing(audience="followers", mentions=(BEN,)), [FOLLOWERS], [BEN.uri]),
        (outgoing(audience="direct", mentions=(BEN,)), [BEN.uri], []),
        (
            page(audience="members", community_followers=f"{ROADS.uri}/followers", mentions=(BEN,)),
            [ROADS.uri, f"{ROADS.uri}/followers"],
            [],
        ),
    ],
)
def test_each_audience_is_addressed_in_its_own_way(post: Outgoing, to: list[str], cc: list[str]) -> None:
    document = posts.post_of(post, URIS, now=NOON)

    assert (document["to"], document["cc"]) == (to, cc)


@pytest.mark.parametrize("audience", ["followers", "direct", "members"])
def test_only_what_everybody_may_read_names_the_public(audience: str) -> None:
    document = posts.post_of(
        page(audience=audience, community_followers=f"{ROADS.uri}/followers"), URIS, now=NOON
    )

    assert PUBLIC not in document["to"] + document["cc"]


def test_a_page_has_a_name_an_excerpt_and_its_community() -> None:
    document = posts.post_of(page(content="<p>Where are the sandbags?</p>"), URIS, now=NOON)

    assert (document["type"], document["name"]) == ("Page", "Floods")
    assert document["summary"] == "Where are the sandbags?"
    assert document["audience"] == ROADS.uri
    assert document["commentsEnabled"] is True
    assert "inReplyTo" not in document


def test_a_page_without_a_body_has_its_title_as_excerpt() -> None:
    assert posts.post_of(page(content=""), URIS, now=NOON)["summary"] == "Floods"


def test_a_locked_page_takes_no_comments() -> None:
    assert posts.post_of(page(locked=True), URIS, now=NOON)["commentsEnabled"] is False


def test_the_summary_of_a_note_is_a_content_warning_or_absent() -> None:
    assert posts.post_of(outgoing(summary="Spoiler"), URIS, now=NOON)["summary"] == "Spoiler"
    assert "summary" not in posts.post_of(outgoing(), URIS, now=NOON)


def test_a_reply_mentions_its_community_though_its_text_does_not() -> None:
    document = posts.post_of(reply(), URIS, now=NOON)

    assert document["inReplyTo"] == POST
    assert document["tag"] == [
        {"type": "Mention", "href": BEN.uri, "name": "@ben@york.example"},
        {"type": "Mention", "href": ROADS.uri, "name": "@roads@kent.example"},
    ]


def test_a_hashtag_leads_to_its_page() -> None:
    document = posts.post_of(outgoing(tags=("SchoolStreets",)), URIS, now=NOON)

    assert document["tag"] == [
        {"type": "Hashtag", "href": URIS.tag("schoolstreets"), "name": "#SchoolStreets"}
    ]


def test_files_are_attached() -> None:
    document = posts.post_of(
        outgoing(files=(File(url=URIS.media("a.webp"), media_type="image/webp"),)), URIS, now=NOON
    )

    assert [attachment["url"] for attachment in document["attachment"]] == [URIS.media("a.webp")]


def test_a_language_is_told_in_both_ways_that_peers_read() -> None:
    document = posts.post_of(outgoing(language="cy"), URIS, now=NOON)

    assert document["language"] == {"identifier": "cy", "name": "Cymraeg"}
    assert document["contentMap"] == {"cy": "<p>Sandbags</p>"}


def test_only_an_edited_post_has_the_time_of_its_edit() -> None:
    edited = posts.post_of(outgoing(edited_at=NOON + timedelta(minutes=1)), URIS, now=NOON)

    assert edited["updated"] == "2026-03-02T12:01:00Z"
    assert "updated" not in posts.post_of(outgoing(), URIS, now=NOON)


def test_a_tombstone_says_what_was_there_and_until_when() -> None:
    tombstone = posts.tombstone_of(POST, "Page", NOON)

    assert (tombstone["type"], tombstone["formerType"], tombstone["deleted"]) == (
        "Tombstone",
        "Page",
        "2026-03-02T12:00:00Z",
    )


def author() -> Actor:
    return actor("https://york.example/users/ben", "ben", "Person")


def community() -> Actor:
    return actor("https://hull.example/c/roads", "roads", "Group")


def actor(uri: str, handle: str, kind: str) -> Actor:
    new = NewActor(
        uri=uri,
        type=kind,
        handle=handle,
        host="york.example",
        domain="york.example",
        local=False,
        followers_uri=f"{uri}/followers",
        created_at=NOON,
        updated_at=NOON,
    )
    counted = {"state": "active", "followers_count": 0, "following_count": 0, "posts_count": 0}
    given = msgspec.structs.asdict(new)
    del given["readers"]
    return Actor(id=ActorId(2), whole=True, last_post_at=None, **counted, **given)


def theirs(**more: object) -> Post:
    given = {
        "id": POST,
        "type": "Note",
        "attributed_to": author().uri,
        "to": (PUBLIC,),
        "content": "<p>Hello</p>",
        "published": NOON,
    }
    return Post(**given | more)


def read(post: Post, *, within: Actor | None = None) -> posts.Incoming:
    return posts.incoming_from(post, author=author(), community=within, now=NOON + timedelta(hours=1))


def test_what_a_peer_says_is_cleaned() -> None:
    incoming = read(theirs(content='<p onclick="x()">Hi</p><script>alert(1)</script>'))

    assert incoming.content == "<p>Hi</p>"
    assert (incoming.host, incoming.audience) == ("york.example", "public")


@pytest.mark.parametrize(
    "post",
    [
        theirs(attributed_to="https://york.example/users/eve"),
        theirs(id="https://hull.example/posts/1"),
    ],
)
def test_nobody_speaks_for_another_author_or_origin(post: Post) -> None:
    with pytest.raises(WrongOrigin):
        read(post)


def test_the_name_of_a_page_is_its_title_and_its_summary_no_warning() -> None:
    incoming = read(theirs(type="Page", name="  Two\nlines &amp; more ", summary="An excerpt"))

    assert (incoming.title, incoming.summary) == ("Two lines & more", "")


def test_the_summary_of_a_note_is_its_warning() -> None:
    incoming = read(theirs(summary="Spoiler"))

    assert (incoming.type, incoming.title, incoming.summary) == ("Note", "", "Spoiler")


def test_a_note_with_a_name_is_a_page_unless_it_answers() -> None:
    named = theirs(name="Fees", summary="Spoiler")

    assert read(named).type == "Page"
    assert (read(named).title, read(named).summary) == ("Fees", "Spoiler")
    assert read(msgspec.structs.replace(named, in_reply_to=POST)).type == "Note"


def test_a_note_that_begins_a_thread_gets_its_first_line_as_title() -> None:
    note = theirs(content="<p>@roads Where are the sandbags?</p><p>It rains.</p>")

    assert read(note, within=community()).title == "Where are the sandbags?"
    assert read(msgspec.structs.replace(note, in_reply_to=POST), within=community()).title == ""


@pytest.mark.parametrize(
    ("to", "cc", "audience"),
    [
        ((PUBLIC,), (), "public"),
        ((), (PUBLIC,), "unlisted"),
        ((author().followers_uri,), (), "followers"),
        (("https://kent.example/people/ada",), (), "direct"),
    ],
)
def test_addresses_are_read_as_an_audience(to: tuple[str], cc: tuple[str], audience: str) -> None:
    assert read(theirs(to=to, cc=cc)).audience == audience


def test_a_post_for_a_communitys_followers_is_for_its_members() -> None:
    within = msgspec.structs.replace(community(), approves=True)
    post = theirs(to=(within.uri, within.followers_uri))

    assert read(post, within=within).audience == "members"
    assert read(theirs(to=(within.uri,)), within=within).audience == "direct"


def test_what_names_the_followers_of_an_open_community_is_not_widened_to_them() -> None:
    # So Mastodon addresses what is for the author's followers and mentions a group (federation.md 1.5).
    within = community()
    named = (within.uri, within.followers_uri)

    assert read(theirs(to=named), within=within).audience == "direct"
    private = theirs(to=(author().followers_uri,), cc=named)
    assert read(private, within=within).audience == "followers"


def test_mentions_tags_link_and_files_are_found() -> None:
    incoming = read(
        theirs(
            type="Page",
            name="Report",
            tag=(
                Tag(type="Mention", href="https://kent.example/people/ada"),
                Tag(type="Hashtag", name="#Flood"),
                Tag(type="Hashtag", name="#FLOOD"),
            ),
            attachment=(
                Attachment(type="Link", href="https://york.example/report.pdf"),
                Attachment(
                    type="Document", url="https://york.example/a.png", media_type="image/png", name="A map"
                ),
                Attachment(type="Video", url="https://york.example/a"),
                Attachment(type="Image", url="javascript:alert(1)"),
            ),
        )
    )

    assert incoming.mentioned == ("https://kent.example/people/ada",)
    assert [folded for folded, _ in incoming.tags] == ["flood"]
    assert incoming.link == "https://york.example/report.pdf"
    assert [(file.type, file.description) for file in incoming.files] == [("image", "A map"), ("video", "")]


def test_a_time_ahead_of_ours_is_taken_as_now() -> None:
    incoming = read(theirs(published=NOON + timedelta(days=400), updated=NOON + timedelta(days=500)))

    assert incoming.published_at == NOON + timedelta(hours=1)
    assert incoming.edited_at is None


def test_an_update_counts_only_after_the_time_of_publishing() -> None:
    assert read(theirs(updated=NOON)).edited_at is None
    assert read(theirs(updated=NOON + timedelta(minutes=1))).edited_at == NOON + timedelta(minutes=1)


def test_text_and_language_are_taken_from_the_map_when_they_stand_only_there() -> None:
    incoming = read(theirs(content=None, content_map={"cy": "<p>Shwmae</p>"}))

    assert (incoming.content, incoming.language) == ("<p>Shwmae</p>", "cy")
    # BCP 47 writes regions in capitals; some servers write all in capitals.
    assert read(theirs(content_map={"EN-GB": "<p>Hello</p>"})).language == "en-GB"
    assert read(theirs(content_map={})).language is None


def test_what_the_author_typed_and_a_lock_are_kept() -> None:
    incoming = read(theirs(source=Source(content="Hello"), comments_enabled=False))

    assert (incoming.source, incoming.locked) == ("Hello", True)


def test_the_likeliest_community_is_asked_for_first() -> None:
    post = theirs(
        audience=("https://hull.example/c/roads",),
        to=(PUBLIC, "https://hull.example/c/floods"),
        tag=(Tag(type="Mention", href="https://hull.example/c/roads"),),
    )

    assert posts.in_question(post) == ["https://hull.example/c/roads", "https://hull.example/c/floods"]
