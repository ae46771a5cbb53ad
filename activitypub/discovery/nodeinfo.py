"""NodeInfo: what software a node runs, which says how its peers may speak to it (decision 5).

address = read_links(body)          where the document is
kind_of(read(body).name)            "group", "plain" or "unknown"
"""

from typing import Literal

import msgspec

from activitypub.errors import Malformed

SCHEMA = "http://nodeinfo.diaspora.software/ns/schema/"
APPLICATION = "https://www.w3.org/ns/activitystreams#Application"  # FEP-2677

# What others write and we read, the newest first (jhass/nodeinfo schemas).
_VERSIONS = ("2.1", "2.0", "1.1", "1.0")

# Communities of these read a wrapped activity (FEP-1b12).
GROUP_SOFTWARE = frozenset({"fedcop", "lemmy", "piefed", "mbin", "nodebb", "discourse"})

PeerKind = Literal["group", "plain", "unknown"]

_MOST_CHARACTERS = 100


class Software(msgspec.Struct, frozen=True, kw_only=True):
    """Name and version of what runs somewhere; the name in lower case."""

    name: str
    version: str = ""


class _Link(msgspec.Struct):
    rel: str = ""
    href: str = ""


class _Links(msgspec.Struct):
    links: list[_Link]


class _WireSoftware(msgspec.Struct):
    name: str
    version: str = ""


class _Wire(msgspec.Struct):
    software: _WireSoftware


_LINKS = msgspec.json.Decoder(_Links)
_WIRE = msgspec.json.Decoder(_Wire)


def kind_of(software: str | None) -> PeerKind:
    """Give how a community speaks to a peer that runs this; None where nothing is known."""
    if software is None:
        return "unknown"
    return "group" if software.lower() in GROUP_SOFTWARE else "plain"


def read_links(body: bytes) -> str | None:
    """Give the address of the newest NodeInfo that ``/.well-known/nodeinfo`` lists, None without any."""
    try:
        links = _LINKS.decode(body).links
    except (msgspec.MsgspecError, ValueError) as error:
        raise Malformed(f"found no list of NodeInfo documents: {error}") from error
    listed = {link.rel: link.href for link in links if link.href}
    return next((listed[SCHEMA + version] for version in _VERSIONS if SCHEMA + version in listed), None)


def read(body: bytes) -> Software:
    """Read a NodeInfo document of any version."""
    try:
        software = _WIRE.decode(body).software
    except (msgspec.MsgspecError, ValueError) as error:
        raise Malformed(f"found no NodeInfo: {error}") from error
    if not software.name:
        raise Malformed("found NodeInfo without a name of its software")
    return Software(
        name=software.name[:_MOST_CHARACTERS].lower(), version=software.version[:_MOST_CHARACTERS]
    )


def links_of(base_url: str) -> bytes:
    """Give our ``/.well-known/nodeinfo``, which also says which actor is the node's."""
    versions = [
        {"rel": SCHEMA + version, "href": f"{base_url}/nodeinfo/{version}"} for version in ("2.1", "2.0")
    ]
    return msgspec.json.encode({"links": [*versions, {"rel": APPLICATION, "href": f"{base_url}/actor"}]})


def document_of(
    *,
    schema: str,
    name: str,
    version: str,
    open_registrations: bool,
    node_name: str = "",
    node_description: str = "",
) -> bytes:
    """Give our NodeInfo in schema 2.1 or 2.0; nothing is counted in it (FEP-0151 makes figures optional)."""
    return msgspec.json.encode(
        {
            "version": schema,
            "software": {"name": name, "version": version},
            "protocols": ["activitypub"],
            "services": {"inbound": [], "outbound": []},
            "openRegistrations": open_registrations,
            "usage": {"users": {}},
            "metadata": {"nodeName": node_name, "nodeDescription": node_description},
        }
    )
