from datetime import timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub import sending
from activitypub.errors import Malformed
from activitypub.sending import Delivered, Gone, Outcome, Refused, Retry
from activitypub.sig import digest, verify
from activitypub.sig.signature import Scheme
from activitypub.wire import Headers, Response
from tests.support.signed import BODY, DATE, INBOX, KEY_ID, NOW, digest_of, public_of, rsa_key

AGENT = "fedcop/1 (+https://hub.kent.example/)"


def post(inbox: str = INBOX, scheme: Scheme = "cavage") -> sending.Unsigned:
    return sending.post(BODY, inbox=inbox, key_id=KEY_ID, now=NOW, user_agent=AGENT, scheme=scheme)


def get(url: str, scheme: Scheme = "cavage") -> sending.Unsigned:
    return sending.get(url, key_id=KEY_ID, now=NOW, user_agent=AGENT, scheme=scheme)


def holds(unsigned: sending.Unsigned) -> bool:
    request = unsigned.signed(rsa_key().sign(unsigned.base))
    return verify.read(request, now=NOW).holds(public_of(rsa_key()))


def answer(status: int, *headers: tuple[str, str], body: bytes = b"") -> Response:
    return Response(status=status, url=INBOX, headers=headers, body=body)


def test_a_delivery_has_the_published_shape() -> None:
    # federation.md 2.2
    request = post().signed(b"signature")
    assert (request.method, request.url, request.body) == ("POST", INBOX, BODY)
    assert dict(request.headers) == {
        "Host": "hub.leeds.example",
        "Date": DATE,
        "User-Agent": AGENT,
        "Content-Type": "application/activity+json",
        "Digest": digest_of(BODY),
        "Signature": (
            f'keyId="{KEY_ID}",algorithm="rsa-sha256",'
            'headers="(request-target) host date digest content-type",signature="c2lnbmF0dXJl"'
        ),
    }


def test_a_get_signs_its_query_and_no_digest() -> None:
    unsigned = get("https://hub.leeds.example/c/roads/outbox?page=1")
    assert unsigned.base == (
        b"(request-target): get /c/roads/outbox?page=1\nhost: hub.leeds.example\ndate: " + DATE.encode()
    )
    request = unsigned.signed(b"signature")
    assert request.header("digest") is None
    assert request.header("accept") == (
        'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
    )


def test_an_rfc9421_delivery_carries_one_flavour_only() -> None:
    request = post(scheme="rfc9421").signed(b"signature")
    names = [name for name, _ in request.headers]
    assert names.count("Signature") == 1
    assert request.header("signature") == "sig1=:c2lnbmF0dXJl:"
    assert request.header("content-digest") == digest.content_digest(digest.sha256_of(BODY))
    assert request.header("digest") is None


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
def test_what_is_sent_holds_for_whoever_receives_it(scheme: Scheme) -> None:
    assert holds(post(scheme=scheme))
    assert holds(get("https://hub.leeds.example/c/roads?page=1", scheme))


def test_a_digest_made_before_is_used() -> None:
    unsigned = sending.post(
        BODY, inbox=INBOX, key_id=KEY_ID, now=NOW, user_agent=AGENT, digest=digest.sha256_of(b"of another")
    )
    assert unsigned.request.header("digest") == digest_of(b"of another")


@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://hub.leeds.example", "hub.leeds.example", "/"),
        ("https://hub.leeds.example:443/inbox", "hub.leeds.example", "/inbox"),
        ("https://Hub.Leeds.Example/Inbox", "hub.leeds.example", "/Inbox"),
        ("http://leeds.localhost:8002/inbox", "leeds.localhost:8002", "/inbox"),
        ("https://hub.leeds.example/a%7Eb/../c//d?", "hub.leeds.example", "/a%7Eb/../c//d"),
        ("https://hub.leeds.example?a=?b", "hub.leeds.example", "/?a=?b"),
    ],
)
def test_host_and_path_are_signed_as_they_are_sent(url: str, host: str, target: str) -> None:
    unsigned = post(url)
    assert unsigned.request.header("host") == host
    assert unsigned.base.startswith(f"(request-target): post {target}\nhost: {host}\n".encode())
    sent = f"{url.partition(':')[0]}://{host}{target}"
    assert unsigned.request.url == sent
    assert f'"@target-uri": {sent}\n'.encode() in post(url, "rfc9421").base


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hub.leeds.example/",
        "https://",
        "https://hub.leeds.example/ü",
        "https://hub.leeds.example/a b",
        "https://hub.leeds.example/a\nb",
        "https://hub.leeds.example/a#b",
        "https://hub.leeds.example/?a#b",
        "https://user@hub.leeds.example/",
        "https://hub.leeds.example\\@evil.example/",
    ],
)
@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
def test_an_address_that_would_not_go_out_as_it_stands_is_refused(url: str, scheme: Scheme) -> None:
    with pytest.raises(Malformed):
        post(url, scheme)


@settings(max_examples=100)
@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"), max_size=60))
def test_any_visible_path_is_signed_and_holds(path: str) -> None:
    url = f"https://hub.leeds.example/{path}"
    assert holds(get(url))
    assert holds(get(url, "rfc9421"))


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_two_hundreds_are_delivered(status: int) -> None:
    assert sending.outcome(answer(status)) == Delivered()


@pytest.mark.parametrize("status", [403, 405, 406, 413, 415, 422, 451])
def test_most_four_hundreds_are_refusals(status: int) -> None:
    assert sending.outcome(answer(status, body=b"no")) == Refused(text=f"{status} no")


@pytest.mark.parametrize("status", [301, 302, 307, 308, 408, 425, 429, 500, 501, 502, 503, 504])
def test_what_may_pass_is_tried_again(status: int) -> None:
    assert sending.outcome(answer(status, body=b"later")) == Retry(text=f"{status} later")


def test_only_400_and_401_may_be_about_the_scheme() -> None:
    assert sending.outcome(answer(400)) == Refused(text="400", other_scheme=True)
    assert sending.outcome(answer(401)) == Retry(text="401", other_scheme=True)


def test_an_inbox_that_is_gone_is_gone() -> None:
    assert sending.outcome(answer(410)) == Gone(text="410", for_good=True)
    assert sending.outcome(answer(404)) == Gone(text="404", for_good=False)


def test_an_answer_is_quoted_up_to_200_bytes() -> None:
    found: Outcome = sending.outcome(answer(422, body=b"\xff" + b"x" * 500))
    assert isinstance(found, Refused)
    assert found.text == "422 \ufffd" + "x" * 199


@pytest.mark.parametrize(
    ("headers", "after"),
    [
        ((("Retry-After", "120"),), timedelta(minutes=2)),
        ((("retry-after", "0"),), timedelta(0)),
        ((("Retry-After", "99999999"),), timedelta(days=1)),
        (
            (("Retry-After", format_datetime(NOW + timedelta(hours=2), usegmt=True)), ("Date", DATE)),
            timedelta(hours=2),
        ),
        (
            (("Retry-After", format_datetime(NOW + timedelta(days=9), usegmt=True)), ("Date", DATE)),
            timedelta(days=1),
        ),
        (
            (("Retry-After", format_datetime(NOW - timedelta(days=9), usegmt=True)), ("Date", DATE)),
            timedelta(0),
        ),
        ((("Retry-After", DATE),), None),
        ((("Retry-After", "Mon, 05 Jan 2026 09:00:00 -0000"), ("Date", DATE)), None),
        ((("Retry-After", "soon"), ("Date", DATE)), None),
        ((("Retry-After", "-5"),), None),
        ((("Retry-After", ""),), None),
        ((), None),
    ],
)
def test_retry_after_is_read_up_to_a_day(headers: Headers, after: timedelta | None) -> None:
    found = sending.outcome(answer(503, *headers))
    assert isinstance(found, Retry)
    assert found.after == after


def test_a_query_can_be_left_out_of_what_is_signed() -> None:
    url = "https://hub.leeds.example/c/roads/outbox?page=1"
    unsigned = sending.get(url, key_id=KEY_ID, now=NOW, user_agent=AGENT, query_signed=False)
    assert unsigned.base.startswith(b"(request-target): get /c/roads/outbox\n")
    assert unsigned.request.url == url
    assert holds(unsigned)


def test_a_get_for_lemmy_signs_the_digest_of_nothing() -> None:
    unsigned = sending.get(INBOX, key_id=KEY_ID, now=NOW, user_agent=AGENT, digested=True)
    # federation.md 2.2
    empty = "SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
    assert unsigned.request.header("digest") == empty
    assert unsigned.base.endswith(f"\ndigest: {empty}".encode())
    assert holds(unsigned)


@pytest.mark.parametrize("scheme", ["cavage", "rfc9421"])
def test_what_is_sent_besides_is_signed(scheme: Scheme) -> None:
    more = (("Collection-Synchronization", 'digest="0"'),)
    unsigned = sending.post(
        BODY, inbox=INBOX, key_id=KEY_ID, now=NOW, user_agent=AGENT, scheme=scheme, more=more
    )
    request = unsigned.signed(rsa_key().sign(unsigned.base))
    signature = verify.read(request, now=NOW)
    assert "collection-synchronization" in signature.covered
    assert signature.holds(public_of(rsa_key()))


def test_how_a_peer_wants_to_be_signed_to_is_read_from_its_refusal() -> None:
    asked = post().request
    header = ("accept-signature", 'a=("content-digest" "user-agent");nonce="7"')
    wish = sending.wish_of(answer(401, header), asked, key_id=KEY_ID)
    assert wish is not None
    assert (wish.label, wish.covered, wish.nonce) == ("a", ("content-digest", "user-agent"), "7")
    assert holds(
        sending.post(BODY, inbox=INBOX, key_id=KEY_ID, now=NOW, user_agent=AGENT, scheme="rfc9421", wish=wish)
    )
    assert sending.wish_of(answer(403, header), asked, key_id=KEY_ID) is None
    assert sending.wish_of(answer(401), asked, key_id=KEY_ID) is None
    digest_of_nothing = ("accept-signature", 'a=("content-digest")')
    assert sending.wish_of(answer(401, digest_of_nothing), get(INBOX).request, key_id=KEY_ID) is None
    older = ("accept-signature", 'a=("digest")')
    assert sending.wish_of(answer(401, older), asked, key_id=KEY_ID) is None
