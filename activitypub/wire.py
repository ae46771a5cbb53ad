"""HTTP messages as plain values: what goes over the wire, without a wire."""

import msgspec

Headers = tuple[tuple[str, str], ...]


def header_of(headers: Headers, name: str) -> str | None:
    """Give a header's value, repeated ones joined by a comma and a space; None when absent."""
    wanted = name.lower()
    values = [value for key, value in headers if key.lower() == wanted]
    return ", ".join(values) if values else None


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
