"""HTTP messages as plain values: what goes over the wire, without a wire."""

import msgspec

from activitypub.errors import WrongType

Headers = tuple[tuple[str, str], ...]

# Never application/json or text: an upload that some server gives out again must not be taken for an activity
# or an object (Mastodon GHSA-jhrq-qvrm-qr36). PieFed answers with ld+json without its profile in places.
ACTIVITY_TYPES = frozenset({"application/activity+json", "application/ld+json"})


def header_of(headers: Headers, name: str) -> str | None:
    """Give a header's value, repeated ones joined by a comma and a space; None when absent."""
    wanted = name.lower()
    values = [value for key, value in headers if key.lower() == wanted]
    return ", ".join(values) if values else None


def ensure_activity_type(content_type: str | None) -> None:
    """Raise ``WrongType`` for a content type that may not carry an activity or an object."""
    name = (content_type or "").partition(";")[0].strip().lower()
    if name not in ACTIVITY_TYPES:
        raise WrongType(f"found {content_type!r}, wanted application/activity+json")


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One request: ``url`` is absolute, with the path and query exactly as they stand on the wire.

    A received request carries the public address of this node, never what a proxy made of it.
    """

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give a header's value, repeated ones joined; None when absent."""
        return header_of(self.headers, name)


class Response(msgspec.Struct, frozen=True, kw_only=True):
    """One answer: ``url`` is the address that was asked, ``body`` the decoded bytes within the cap."""

    status: int
    url: str
    headers: Headers = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Give a header's value, repeated ones joined; None when absent."""
        return header_of(self.headers, name)
