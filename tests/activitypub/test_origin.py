"""Which origin may speak for which id."""

import pytest

from activitypub import origin
from activitypub.errors import Malformed, WrongOrigin


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("https://kent.example/p/1", "https://kent.example"),
        ("HTTPS://Kent.Example:443", "https://kent.example"),
        ("https://kent.example:0443/", "https://kent.example"),
        ("https://kent.example./p", "https://kent.example"),
        ("http://kent.example:80#a", "http://kent.example"),
        ("http://kent.example:443?a", "http://kent.example:443"),
        ("https://kent.localhost:8001/p", "https://kent.localhost:8001"),
        ("https://höhe.example/p", "https://xn--hhe-sna.example"),
        ("https://XN--HHE-SNA.example/p", "https://xn--hhe-sna.example"),
        ("https://kent.example/@ana:8", "https://kent.example"),
    ],
)
def test_an_origin_has_one_form(uri: str, found: str) -> None:
    assert origin.origin_of(uri) == found
    assert origin.host_of(uri) == found.partition("://")[2]


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "kent.example",
        "acct:ana@kent.example",
        "ftp://kent.example/",
        "javascript://kent.example/%0aalert(1)",
        "https://",
        "https:///p",
        "https://user@kent.example/",
        "https://kent.example@evil.example/",
        "https://user:pass@kent.example/",
        "https://kent.example:x/",
        "https://kent.example:٤٤٣/",
        "https://kent.example:123456/",
        "https://kent.example\\@evil.example/",
        "https://[::1]/",
        "https://kent..example/",
        "https://-kent.example/",
        "https://ke%6et.example/",
        "https://kent.example/a b",
        "https://kent.example/\n",
        "https://\u2024.example/",
        "https://kent.example/" + "x" * 2000,
    ],
)
def test_what_has_no_plain_origin_is_refused(uri: str) -> None:
    with pytest.raises(Malformed, match="found"):
        origin.origin_of(uri)
    assert not origin.same_origin(uri, uri)


def test_scheme_host_and_port_make_an_origin() -> None:
    base = "https://kent.example/p/1"

    assert origin.same_origin(base, "https://KENT.example:443/people/ana#main-key")
    for other in ("http://kent.example/", "https://kent.example:8443/", "https://www.kent.example/"):
        assert not origin.same_origin(base, other)


def test_whoever_speaks_for_another_origin_is_named() -> None:
    origin.ensure_same_origin("https://a.example/1")
    origin.ensure_same_origin("https://a.example/1", "https://a.example/2", "https://A.example/3")

    with pytest.raises(WrongOrigin, match=r"https://b.example/2 .*https://a.example/1"):
        origin.ensure_same_origin("https://a.example/1", "https://a.example/2", "https://b.example/2")
    with pytest.raises(Malformed):
        origin.ensure_same_origin("https://a.example/1", "nonsense")
