"""Which origin may speak for which id (FEP-fe34): scheme, host and port must be the same.

origin_of("HTTPS://Kent.Example:443/p/1")        "https://kent.example"
host_of("https://kent.localhost:8001/p/1")       "kent.localhost:8001"
"""

import re
from functools import lru_cache

import idna

from activitypub.document import is_id
from activitypub.errors import Malformed, WrongOrigin

_AUTHORITY = re.compile(r"(https?)://([^/?#]+)", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def origin_of(uri: str) -> str:
    """Give the origin of an address in its one form; raise ``Malformed`` if it is not http or https."""
    scheme, host = _parts(uri)
    return f"{scheme}://{host}"


def host_of(uri: str) -> str:
    """Give the host of an address: lower case, punycode, with its port where that is not the usual one."""
    return _parts(uri)[1]


def same_origin(a: str, b: str) -> bool:
    """Tell whether two addresses have one origin; what is no address has none."""
    try:
        return _parts(a) == _parts(b)
    except Malformed:
        return False


def ensure_same_origin(*uris: str) -> None:
    """Raise ``WrongOrigin`` naming the first two addresses that do not belong together."""
    for uri in uris[1:]:
        if _parts(uri) != _parts(uris[0]):
            raise WrongOrigin(f"{uri[:200]} is not of the origin of {uris[0][:200]}")


# An exception is not cached, so nobody can fill the cache with nonsense.
@lru_cache(maxsize=4096)
def _parts(uri: str) -> tuple[str, str]:
    match = _AUTHORITY.match(uri)
    if match is None or not is_id(uri):
        raise Malformed(f"found {uri[:100]!r}; wanted an http address")
    scheme = match[1].lower()
    name, colon, port = match[2].partition(":")
    if colon and not (port.isdecimal() and port.isascii() and len(port) <= 5):
        raise Malformed(f"found {uri[:100]!r}; wanted no user in it, and a number for a port")
    host = _name_in(name, uri)
    number = int(port) if port else _DEFAULT_PORTS[scheme]
    return scheme, host if number == _DEFAULT_PORTS[scheme] else f"{host}:{number}"


def _name_in(name: str, uri: str) -> str:
    if not name.isascii():
        try:
            name = idna.encode(name, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise Malformed(f"found {uri[:100]!r}, whose host is no name: {error}") from None
    name = name.lower().removesuffix(".")
    if not _NAME.fullmatch(name):
        # Also what parsers read differently: a user before the host, a backslash, an address in brackets.
        raise Malformed(f"found {uri[:100]!r}; wanted an address with a plain host")
    return name
