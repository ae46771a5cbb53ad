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
from activitypub.sig.accept import Wish, wish_in
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
    """Never: the inbox is not there; ``for_good``: it says that it will not be again."""

    text: str
    for_good: bool


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
    more: Headers = (),
    wish: Wish | None = None,
) -> Unsigned:
    """Make a delivery; ``digest`` is what ``sig.digest.sha256_of`` gave, of a body for many inboxes.

    ``more`` are headers that the signature covers as well; a ``wish`` of the peer's is for RFC 9421.
    """
    sha256 = digest or digests.sha256_of(body)
    headers = (("User-Agent", user_agent), ("Content-Type", CONTENT_TYPE), *more)
    if scheme == "rfc9421":
        digested = ("Content-Digest", digests.content_digest(sha256))
        return _rfc9421("POST", inbox, key_id, now, (*headers, digested), body, wish)
    covered = (*cavage.COVERED_POST, *(name.lower() for name, _ in more))
    digested = ("Digest", digests.digest(sha256))
    return _cavage("POST", inbox, key_id, now, (*headers, digested), body, covered)


def get(
    url: str,
    *,
    key_id: str,
    now: datetime,
    user_agent: str,
    scheme: Scheme = "cavage",
    accept: str = ACCEPT,
    query_signed: bool = True,
    digested: bool = False,
    wish: Wish | None = None,
) -> Unsigned:
    """Make a GET of a document.

    ``query_signed`` off: the signature covers the path only, as verifiers of Fedify, PieFed and NodeBB read
    it. ``digested``: it covers the digest of no body, without which Lemmy's takes none (federation.md 2.2).
    """
    headers: Headers = (("User-Agent", user_agent), ("Accept", accept))
    if scheme == "rfc9421":
        return _rfc9421("GET", url, key_id, now, headers, b"", wish)
    covered: tuple[str, ...] = cavage.COVERED_GET
    if digested:
        headers = (*headers, ("Digest", digests.digest(digests.sha256_of(b""))))
        covered = (*covered, "digest")
    return _cavage("GET", url, key_id, now, headers, b"", covered, query_signed=query_signed)


def wish_of(response: Response, asked: Request, *, key_id: str) -> Wish | None:
    """Give how a peer that refused a request says it is to be signed; None if it says nothing of use.

    What it wants to be covered has to be in the next request, which has all headers of the one refused, and
    of the two digests the newer one.
    """
    header = response.header("accept-signature") if response.status in (400, 401) else None
    if header is None:
        return None
    known = {name.lower() for name, _ in asked.headers} - {"signature", "signature-input", "digest"}
    return wish_in(header, key_id=key_id, known=known | ({"content-digest"} if asked.body else set()))


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
    if status in (404, 410):
        return Gone(text=text, for_good=status == 410)
    return Refused(text=text, other_scheme=status == 400)


def _cavage(
    method: str,
    url: str,
    key_id: str,
    now: datetime,
    headers: Headers,
    body: bytes,
    covered: tuple[str, ...],
    *,
    query_signed: bool = True,
) -> Unsigned:
    url, host, target = _address(url)
    if not query_signed:
        target = target.partition("?")[0]
    sent = (("Host", host), ("Date", format_datetime(now, usegmt=True)), *headers)
    values = {name.lower(): value for name, value in sent}
    return Unsigned(
        request=Request(method=method, url=url, headers=sent, body=body),
        base=cavage.base_of(covered, values | {"(request-target)": f"{method.lower()} {target}"}),
        before=cavage.before_signature(key_id, covered),
        after='"',
    )


def _rfc9421(
    method: str, url: str, key_id: str, now: datetime, headers: Headers, body: bytes, wish: Wish | None
) -> Unsigned:
    url, host, _ = _address(url)
    sent = (("Host", host), ("Date", format_datetime(now, usegmt=True)), *headers)
    request = Request(method=method, url=url, headers=sent, body=body)
    base, signature_input = rfc9421.base_of(request, key_id=key_id, created=now, wish=wish)
    label = wish.label if wish is not None else rfc9421.LABEL
    return Unsigned(
        request=msgspec.structs.replace(request, headers=(*sent, ("Signature-Input", signature_input))),
        base=base,
        before=f"{label}=:",
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
