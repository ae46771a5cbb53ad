import pytest

from activitypub.errors import Malformed, Stale, TooLarge, Unsigned, WrongOrigin, WrongType
from activitypub.reception import Received, Reception
from activitypub.sig.keys import generate_rsa
from activitypub.wire import Headers, Request
from tests.support.signed import ACTOR, DATE, INBOX, KEY_ID, NOW, cavage, public_of, rsa_key

LIKE = f'{{"id":"{ACTOR}/likes/1","type":"Like","actor":"{ACTOR}"}}'.encode()


def take(request: Request) -> Reception:
    return Reception(request, now=NOW)


def check(body: bytes, owner: str = ACTOR, key_id: str = KEY_ID) -> Received:
    return take(cavage(body=body, key_id=key_id)).check(public_of(rsa_key()), owner)


def test_a_signed_activity_is_received_with_its_bytes() -> None:
    assert check(LIKE) == Received(id=f"{ACTOR}/likes/1", type="Like", actor=ACTOR, key_id=KEY_ID, body=LIKE)


def test_the_hosts_to_ask_the_list_for_are_known_before_the_key() -> None:
    body = b'{"id":"https://a.example/1","type":"Like","actor":"https://b.example/u/x"}'
    reception = take(cavage(body=body, key_id="https://c.example/u/x#main-key"))
    assert (reception.key_host, reception.actor_host) == ("c.example", "b.example")
    assert reception.key_id == "https://c.example/u/x#main-key"
    assert reception.head.type == "Like"


def test_another_key_is_refused() -> None:
    with pytest.raises(Unsigned, match="does not hold"):
        take(cavage(body=LIKE)).check(public_of(generate_rsa()), ACTOR)


def test_a_key_of_a_neighbour_on_the_same_host_is_refused() -> None:
    with pytest.raises(WrongOrigin, match="is the key of https://hub"):
        check(LIKE, owner="https://hub.kent.example/u/bo", key_id="https://hub.kent.example/u/bo#main-key")


def test_an_id_of_another_origin_is_refused() -> None:
    body = f'{{"id":"https://hub.leeds.example/likes/1","type":"Like","actor":"{ACTOR}"}}'.encode()
    with pytest.raises(WrongOrigin, match="https://hub"):
        check(body)


def test_a_key_of_another_origin_is_refused_whatever_owner_is_claimed() -> None:
    with pytest.raises(WrongOrigin, match="https://keys"):
        check(LIKE, key_id="https://keys.example/ana")


def test_size_comes_before_anything_else() -> None:
    with pytest.raises(TooLarge):
        Reception(Request(method="POST", url=INBOX, body=b"x" * 11), now=NOW, most_bytes=10)


@pytest.mark.parametrize("content_type", ["application/json", "text/html", "application/activity+jsonx", ""])
def test_type_comes_before_content(content_type: str) -> None:
    headers: Headers = (("Content-Type", content_type),) if content_type else ()
    with pytest.raises(WrongType):
        take(Request(method="POST", url=INBOX, headers=headers, body=b"no JSON"))


@pytest.mark.parametrize(
    "content_type",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    ],
)
def test_the_types_of_activities_are_taken(content_type: str) -> None:
    request = cavage(body=LIKE, more=(("Content-Type", content_type),))
    assert take(request).check(public_of(rsa_key()), ACTOR).type == "Like"


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[]", b'{"type":"Like"}'])
def test_content_comes_before_the_signature(body: bytes) -> None:
    headers = (("Content-Type", "application/activity+json"),)
    with pytest.raises(Malformed):
        take(Request(method="POST", url=INBOX, headers=headers, body=body))


def test_an_unsigned_activity_is_refused() -> None:
    headers = (("Content-Type", "application/activity+json"), ("Date", DATE))
    with pytest.raises(Unsigned, match="no signature"):
        take(Request(method="POST", url=INBOX, headers=headers, body=LIKE))


def test_an_old_request_is_stale() -> None:
    with pytest.raises(Stale):
        take(cavage(body=LIKE, date="Sun, 04 Jan 2026 20:00:00 GMT"))


@pytest.mark.parametrize("more", [b',"id":"https://hub.kent.example/2"', b',"x":"\xff"', b',"@graph":[]'])
def test_what_another_parser_may_read_otherwise_is_refused_once_it_is_known_who_sent_it(more: bytes) -> None:
    with pytest.raises(Malformed):
        check(LIKE[:-1] + more + b"}")


def test_a_list_longer_than_anybody_needs_is_too_large() -> None:
    with pytest.raises(TooLarge):
        check(LIKE[:-1] + b',"to":[' + b",".join([b"1"] * 2001) + b"]}")


def test_what_its_sender_says_of_followers_counts_where_it_is_signed() -> None:
    more = (("Collection-Synchronization", 'digest="0"'),)
    covered = ("(request-target)", "host", "date", "digest", "collection-synchronization")
    for names, stated in ((covered, 'digest="0"'), (covered[:-1], None)):
        reception = take(cavage(body=LIKE, more=more, covered=names))
        assert reception.check(public_of(rsa_key()), ACTOR).synchronization == stated


def test_what_is_sent_on_names_who_did_it_and_who_sent_it_on() -> None:
    by = "https://devon.example/people/ben"
    reception = take(cavage(body=LIKE, key_id=f"{by}#main-key"))
    with pytest.raises(WrongOrigin):
        reception.check(public_of(rsa_key()), by)
    received = reception.check(public_of(rsa_key()), by, forwards=True)
    assert (received.actor, received.forwarded_by, received.synchronization) == (ACTOR, by, None)
    with pytest.raises(WrongOrigin):
        reception.check(public_of(rsa_key()), "https://kent.example/people/ben", forwards=True)
    own = take(cavage(body=LIKE)).check(public_of(rsa_key()), ACTOR, forwards=True)
    assert own.forwarded_by is None
