"""Posts as they are read."""

from datetime import UTC, datetime

from activitypub import document
from activitypub.vocab import Option, Post, Source, Tag, Tombstone, registry


def read(body: bytes) -> object:
    return registry.read(document.read(body))


def test_a_page_is_read() -> None:
    post = read(
        b'{"id":"https://leeds.example/p/1","type":"Page","attributedTo":"https://leeds.example/u/bo",'
        b'"to":"as:Public","audience":"https://kent.example/c/r","name":"Pilots","content":"<p>x</p>",'
        b'"mediaType":"text/html","source":{"content":"x","mediaType":"text/markdown"},"sensitive":false,'
        b'"url":"https://leeds.example/p/1","published":"2026-01-05T09:00:00Z","commentsEnabled":true,'
        b'"language":{"identifier":"cy"},"tag":[{"type":"Hashtag","name":"#a"}],'
        b'"attachment":[{"type":"Image","url":"https://leeds.example/i","focalPoint":[0.5,-1]}]}'
    )

    assert isinstance(post, Post)
    assert (post.name, post.language, post.comments_enabled) == ("Pilots", "cy", True)
    assert post.source == Source(content="x", media_type="text/markdown")
    assert post.published == datetime(2026, 1, 5, 9, tzinfo=UTC)
    assert post.audience == ("https://kent.example/c/r",)
    assert post.tag == (Tag(type="Hashtag", name="#a"),)
    assert post.attachment[0].focal_point == (0.5, -1.0)


def test_a_poll_has_options() -> None:
    post = read(
        b'{"id":"https://a.example/q","type":"Question","oneOf":[{"name":"Yes","replies":{"totalItems":3}}],'
        b'"endTime":"2026-01-06T09:00:00Z","votersCount":3}'
    )

    assert isinstance(post, Post)
    assert post.one_of == (Option(name="Yes", votes=3),)
    assert (post.any_of, post.voters_count) == ((), 3)


def test_a_tombstone_says_what_stood_there() -> None:
    read_one = read(b'{"id":"https://a.example/1","type":"Tombstone","formerType":"Note"}')

    assert read_one == Tombstone(id="https://a.example/1", former_type="Note")
