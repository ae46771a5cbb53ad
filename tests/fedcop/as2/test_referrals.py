"""A routed ask is known by the Link among its tags."""

from activitypub.document import read
from activitypub.vocab import registry
from activitypub.vocab.objects import Post
from fedcop.as2 import referrals
from fedcop.as2.activities import bytes_of

ASK = "https://kent.example/posts/7"


def _note(*tags: object) -> Post:
    document = {"id": "https://kent.example/posts/9", "type": "Note", "content": "", "tag": list(tags)}
    found = registry.read(read(bytes_of(document)))
    assert isinstance(found, Post)
    return found


def test_what_is_written_is_read() -> None:
    mention = {"type": "Mention", "href": "https://powys.example/people/nia", "name": "@nia"}
    assert referrals.ask_of(_note(mention, referrals.link_of(ASK))) == ASK


def test_other_links_and_other_notes_ask_nothing() -> None:
    quote = {"type": "Link", "rel": "https://misskey-hub.net/ns#_misskey_quote", "href": ASK}
    hashtag = {"type": "Hashtag", "rel": referrals.REL, "href": ASK, "name": "#a"}
    assert referrals.ask_of(_note(quote, hashtag)) is None
    assert referrals.ask_of(_note({"type": "Link", "rel": referrals.REL})) is None
    assert referrals.ask_of(_note()) is None
