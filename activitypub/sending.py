"""Sending, sans-I/O: a request to sign, and what its answer means for the one who sends.

unsigned = post(body, inbox=inbox, key_id=key_id, now=now, user_agent=agent)
request = unsigned.signed(key.sign(unsigned.base))
...
match outcome(response):
    case Delivered(): ...
"""

import base64
import re
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

import msgspec

from activitypub.errors import Malformed
from activitypub.origin import host_of
from activitypub.sig import cavage, rfc9421
from activitypub.sig import digest as digests
from activitypub.sig.signature import Scheme
from activitypub.wire import Headers, Request, Response

# Bare on a POST: GoToSocial answers 406 to most parameters (federation.md 2.2).
CONTENT_TYPE = "application/activity+json"
ACCEPT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'

# A peer cannot make us wait longer than this by Retry-After (federation.md 7.3).
LONGEST_WAIT = timedelta(days=1)

# Visible ASCII and nothing that one reader of addresses drops and another sends: what is signed is what goes
# out. No fragment.
_ADDRESS = re.compile(r"(https?)://[!-.0->@-~]+(/[!-\"$->@-~]*)?(?:\?([!-\"$-~]*))?")


class Unsigned(msgspec.Struct, frozen=True, kw_only=True):
    """A request that lacks its signature: ``base`` is what the key signs."""

    request: Request
    base: bytes
    before: str
    after: str

    def signed(self, signature: bytes) -> Request:
        """Give the request with its signature, ready to be sent."""
        value = f"{self.before}{base64.b64encode(signature).decode('ascii')}{self.after}"
        request = self.request
        return Request(
            method=request.method,
            url=request.url,
            headers=(*request.headers, ("Signature", value)),
            body=request.body,
        )


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """The peer has it."""


class Retry(msgspec.Struct, frozen=True, kw_only=True):
    """Not now: ``after`` is the wait that the peer asks for; ``other_scheme``: its signature may be why."""

    text: str
    after: timedelta | None = None
    other_scheme: bool = False


class Refused(msgspec.Struct, frozen=True, kw_only=True):
    """Never: the peer does not want this; with ``other_scheme`` it is worth one try signed the other way."""

    text: str
    other_scheme: bool = False


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """Never: the inbox is no longer there."""

    text: str


Outcome = Delivered | Retry | Refused | Gone


def post(
    body: bytes,
    *,
    inbox: str,
    key_id: str,
    now: datetime,
    user_agent: str,
    scheme: Scheme = "cavage",
    digest: str | None = None,
) -> Unsigned:
    """Make a delivery; ``digest`` is what ``sig.digest.sha256_of`` gave, of a body for many inboxes."""
    sha256 = digest or digests.sha256_of(body)
    headers = (("User-Agent", user_agent), ("Content-Type", CONTENT_TYPE))
    if scheme == "rfc9421":
        value = digests.content_digest(sha256)
        return _rfc9421("POST", inbox, key_id, now, (*headers, ("Content-Digest", value)), body, value)
    value = digests.digest(sha256)
    return _cavage("POST", inbox, key_id, now, (*headers, ("Digest", value)), body, value)


def get(
    url: str,
    *,
    key_id: str,
    now: datetime,
    user_agent: str,
    scheme: Scheme = "cavage",
    accept: str = ACCEPT,
) -> Unsigned:
    """Make a GET of a document."""
    headers = (("User-Agent", user_agent), ("Accept", accept))
    sign = _rfc9421 if scheme == "rfc9421" else _cavage
    return sign("GET", url, key_id, now, headers, b"", None)


def outcome(response: Response) -> Outcome:
    """Say what an answer to a delivery means.

    Only 400 and 401 may be about the scheme of the signature (federation.md 2.5). A redirect is never
    followed and never taken for a refusal: a page for visitors during maintenance must lose nothing.
    """
    status = response.status
    text = f"{status} {response.body[:200].decode('utf-8', 'replace')}".strip()
    if 200 <= status < 300:
        return Delivered()
    if status == 401:
        return Retry(text=text, other_scheme=True)
    if status < 400 or status >= 500 or status in (408, 425, 429):
        return Retry(text=text, after=_wait(response))
    if status == 410:
        return Gone(text=text)
    return Refused(text=text, other_scheme=status == 400)


def _cavage(
    method: str, url: str, key_id: str, now: datetime, headers: Headers, body: bytes, digest: str | None
) -> Unsigned:
    url, host, target = _address(url)
    date = format_datetime(now, usegmt=True)
    values = {
        "(request-target)": f"{method.lower()} {target}",
        "host": host,
        "date": date,
        "digest": digest or "",
        "content-type": CONTENT_TYPE,
    }
    covered = cavage.COVERED_GET if digest is None else cavage.COVERED_POST
    return Unsigned(
        request=Request(
            method=method, url=url, headers=(("Host", host), ("Date", date), *headers), body=body
        ),
        base=cavage.base_of(covered, values),
        before=cavage.before_signature(key_id, covered),
        after='"',
    )


def _rfc9421(
    method: str, url: str, key_id: str, now: datetime, headers: Headers, body: bytes, digest: str | None
) -> Unsigned:
    url, host, _ = _address(url)
    base, signature_input = rfc9421.base_of(
        method=method, url=url, content_digest=digest, key_id=key_id, created=now
    )
    sent = (
        ("Host", host),
        ("Date", format_datetime(now, usegmt=True)),
        *headers,
        ("Signature-Input", signature_input),
    )
    return Unsigned(
        request=Request(method=method, url=url, headers=sent, body=body),
        base=base,
        before=f"{rfc9421.LABEL}=:",
        after=":",
    )


def _address(url: str) -> tuple[str, str, str]:
    """Give an address as it goes out, its host for the ``Host`` header, and its path with the query."""
    match = _ADDRESS.fullmatch(url)
    if match is None:
        raise Malformed(
            f"found the address {url[:200]!r}, wanted http(s) in visible ASCII, without a fragment"
        )
    scheme, path, query = match.groups()
    host, target = host_of(url), f"{path or '/'}?{query}" if query else path or "/"
    return f"{scheme}://{host}{target}", host, target


def _wait(response: Response) -> timedelta | None:
    """Read Retry-After: seconds, or a date, which the answer's own clock turns into seconds."""
    text = response.header("retry-after") or ""
    if re.fullmatch(r"\d{1,9}", text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(response.header("date") or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return max(timedelta(0), min(wait, LONGEST_WAIT))
