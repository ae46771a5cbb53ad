"""HTTP Message Signatures (RFC 9421) as Mastodon, Fedify and others use them.

    base, signature_input = base_of(request, key_id=..., created=...)     what the key signs
    signature = read(request, now=now)                                    what a peer signed

One signature to a request; ``keyid`` and ``created`` are wanted, ``@method`` and ``@target-uri`` have to be
covered, and ``content-digest`` where there is a body (Mastodon lib/signed_request.rb; federation.md 2.4).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import http_sf
import msgspec

from activitypub.errors import Malformed, Unsigned
from activitypub.sig.accept import Wish
from activitypub.sig.digest import check_content_digest
from activitypub.sig.fields import dictionary
from activitypub.sig.keys import Kind
from activitypub.sig.signature import Signature, ensure_in_time, ensure_key_id, moment
from activitypub.wire import Request

LABEL: Final = "sig1"

# Headers that say something of weight: a body's digest, and who still follows (FEP-8fcf).
ALWAYS: Final = ("content-digest", "collection-synchronization")

# How long a signature is said to hold where a peer asks that it says so; what Mastodon takes as granted.
EXPIRES_AFTER: Final = timedelta(minutes=5)

_KINDS: Mapping[str, Kind] = {"rsa-v1_5-sha256": "rsa", "ed25519": "ed25519"}


class Input(msgspec.Struct, frozen=True, kw_only=True):
    """The one member of ``Signature-Input``: what is covered, and how."""

    label: str
    covered: tuple[str, ...]
    parameters: dict[str, Any]
    text: str


def read(request: Request, *, now: datetime) -> Signature:
    """Read a request's signature and check all but the key: coverage, clock, digest of the body."""
    found = parse(request.header("signature-input") or "")
    _ensure_covered(found.covered, request)
    parameters = found.parameters
    expires = moment(parameters["expires"], "expires") if "expires" in parameters else None
    ensure_in_time(moment(parameters.get("created"), "created"), expires, now)
    if "content-digest" in found.covered:
        check_content_digest(request.header("content-digest") or "", request.body)
    return Signature(
        key_id=ensure_key_id(parameters.get("keyid")),
        scheme="rfc9421",
        kind=_kind(parameters),
        octets=_octets(request, found.label),
        covered=found.covered,
        bases=(base(_values(request, found.covered), found.text),),
    )


def parse(header: str) -> Input:
    """Read ``Signature-Input``; raise ``Malformed`` unless it holds one list of plain components."""
    members = dictionary("Signature-Input", header)
    if len(members) != 1:
        raise Malformed(f"Signature-Input holds {len(members)} signatures, wanted one")
    label, member = next(iter(members.items()))
    items, parameters = member if isinstance(member, tuple) else (None, {})
    if not isinstance(items, list):
        raise Malformed(f"Signature-Input is {header[:80]!r}, wanted a list of components")
    covered = []
    for name, flags in items:
        if not isinstance(name, str) or isinstance(name, http_sf.Token) or flags:
            raise Unsigned(
                f"a signed component is {http_sf.ser((name, flags))}, which is not understood here"
            )
        covered.append(name)
    if len(set(covered)) != len(covered):
        raise Malformed(f"Signature-Input is {header[:80]!r}, which names a component twice")
    text = http_sf.ser({label: (items, parameters)}).removeprefix(f"{label}=")
    return Input(label=label, covered=tuple(covered), parameters=parameters, text=text)


def base_of(
    request: Request, *, key_id: str, created: datetime, wish: Wish | None = None
) -> tuple[bytes, str]:
    """Give what the key signs, and the value of ``Signature-Input`` that says so.

    Besides what everybody wants, the headers in ALWAYS are covered where the request has them, and what the
    peer wishes.
    """
    names = ["@method", "@target-uri", *(name for name in ALWAYS if request.header(name) is not None)]
    names += [name for name in wish.covered if name not in names] if wish is not None else []
    listed = " ".join(f'"{name}"' for name in names)
    parameters = f'({listed});created={int(created.timestamp())};keyid="{key_id}"{_wished(wish, created)}'
    label = wish.label if wish is not None else LABEL
    return base(_values(request, names), parameters), f"{label}={parameters}"


def _wished(wish: Wish | None, created: datetime) -> str:
    """Give the parameters that a peer asked for, in the order in which RFC 9421 2.3 names them."""
    if wish is None:
        return ""
    texts = {"alg": wish.algorithm, "nonce": wish.nonce, "tag": wish.tag}
    expires = f";expires={int((created + EXPIRES_AFTER).timestamp())}" if wish.expires else ""
    return expires + "".join(
        f";{name}={http_sf.ser(text)}" for name, text in texts.items() if text is not None
    )


def base(values: Mapping[str, str], parameters: str) -> bytes:
    """Give the signature base (RFC 9421 2.5) of components and their values, in this order."""
    lines = [f'"{name}": {value}' for name, value in values.items()]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("latin-1")


def _ensure_covered(covered: tuple[str, ...], request: Request) -> None:
    wanted = {"@method", "@target-uri"}
    if request.method == "POST":
        wanted.add("content-digest")
    missing = sorted(wanted.difference(covered))
    if missing:
        raise Unsigned(f"the signature leaves out {', '.join(missing)}")


def _kind(parameters: Mapping[str, Any]) -> Kind | None:
    """Give the kind of key that ``alg`` names; without it the key decides."""
    if "alg" not in parameters:
        return None
    kind = _KINDS.get(str(parameters["alg"]))
    if kind is None:
        raise Unsigned(f"signed by {str(parameters['alg'])[:40]!r}, wanted rsa-v1_5-sha256 or ed25519")
    return kind


def _octets(request: Request, label: str) -> bytes:
    header = request.header("signature")
    if header is None:
        raise Unsigned("no Signature beside Signature-Input")
    member = dictionary("Signature", header).get(label)
    octets = member[0] if isinstance(member, tuple) else member
    if not isinstance(octets, bytes):
        raise Malformed(f"Signature holds no octets under {label!r}, which Signature-Input names")
    return octets


def _values(request: Request, names: Iterable[str]) -> Mapping[str, str]:
    derived = _derived(request)
    values = {}
    for name in names:
        value = derived.get(name) if name.startswith("@") else request.header(name)
        if value is None:
            raise Unsigned(f"the signature names {name}, which the request does not have")
        values[name] = value.strip()
    return values


def _derived(request: Request) -> Mapping[str, str]:
    """Give the components that are taken from the request line (RFC 9421 2.2), of our public address."""
    url = urlsplit(request.url)
    path, query = url.path or "/", f"?{url.query}"
    return {
        "@method": request.method,
        "@target-uri": request.url,
        "@authority": url.netloc.lower(),
        "@scheme": url.scheme,
        "@request-target": path + query if url.query else path,
        "@path": path,
        "@query": query,
    }
