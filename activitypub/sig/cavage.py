"""draft-cavage-http-signatures-12 as it is deployed: what nearly all of the fediverse signs with.

    base = base_of(COVERED_POST, values)         what the key signs
    signature = read(request, now=now)           what a peer signed

Facts about peers: federation.md 2.1.
"""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.parse import urlsplit

import msgspec

from activitypub.errors import Malformed, Unsigned
from activitypub.sig import fields
from activitypub.sig.digest import check_digest
from activitypub.sig.keys import Kind
from activitypub.sig.signature import Signature, ensure_in_time, ensure_key_id, moment
from activitypub.wire import Request

# What this node signs; User-Agent, Accept and the like may be changed on the way and stay out.
COVERED_POST = ("(request-target)", "host", "date", "digest", "content-type")
COVERED_GET = ("(request-target)", "host", "date")

# "none" and HMAC are not here. A name says less than the key: hs2019 leaves the choice to it.
_KINDS: Mapping[str, Kind | None] = {"": None, "hs2019": None, "rsa-sha256": "rsa", "ed25519": "ed25519"}


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """The header ``Signature``, read."""

    key_id: str
    algorithm: str
    covered: tuple[str, ...]
    octets: bytes
    created: int | None
    expires: int | None


def read(request: Request, *, now: datetime) -> Signature:
    """Read a request's signature and check all but the key: coverage, clock, digest of the body."""
    given: dict[str, str] = {}
    for name, value in request.headers:
        name = name.lower()
        given[name] = f"{given[name]}, {value}" if name in given else value
    if "signature" not in given:
        raise Unsigned("no signature")
    parameters = parse(given["signature"])
    kind = _ensure_algorithm(parameters)
    _ensure_covered(parameters.covered, request)
    _ensure_in_time(parameters, given, now)
    if "digest" in parameters.covered:
        check_digest(_value("digest", given), request.body)
    return Signature(
        key_id=ensure_key_id(parameters.key_id),
        scheme="cavage",
        kind=kind,
        covered=parameters.covered,
        octets=parameters.octets,
        bases=_bases(request, parameters, given),
    )


def parse(header: str) -> Parameters:
    """Read the header's parameters; one that is written twice makes it ``Malformed``."""
    # Some old senders repeat the scheme's name in front; Mastodon strips it as well.
    found = fields.parameters("Signature", header.removeprefix("Signature "))
    if "keyId" not in found or "signature" not in found:
        raise Malformed(f"Signature holds {sorted(found)}, wanted keyId and signature")
    algorithm = found.get("algorithm", "")
    default = "(created)" if algorithm == "hs2019" else "date"
    return Parameters(
        key_id=found["keyId"],
        algorithm=algorithm,
        covered=tuple(found.get("headers", default).lower().split()),
        octets=_octets(found["signature"]),
        created=_seconds(found, "created"),
        expires=_seconds(found, "expires"),
    )


def base_of(covered: Sequence[str], values: Mapping[str, str]) -> bytes:
    """Give what is signed: a line for each name, in the order in which the signature names them."""
    return "\n".join([f"{name}: {_value(name, values)}" for name in covered]).encode("latin-1")


def before_signature(key_id: str, covered: Sequence[str]) -> str:
    """Give the value of ``Signature`` up to the signature; nobody refuses the name ``rsa-sha256``."""
    return f'keyId="{key_id}",algorithm="rsa-sha256",headers="{" ".join(covered)}",signature="'


def _octets(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"the signature {text[:20]!r} is no base64") from error


def _seconds(found: Mapping[str, str], name: str) -> int | None:
    text = found.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"\d{1,15}", text):
        raise Malformed(f"{name} is {text[:20]!r}, wanted seconds since 1970")
    return int(text)


def _ensure_algorithm(parameters: Parameters) -> Kind | None:
    algorithm = parameters.algorithm.lower()
    if algorithm not in _KINDS:
        raise Unsigned(f"signed by {parameters.algorithm[:40]!r}, wanted rsa-sha256, hs2019 or ed25519")
    return _KINDS[algorithm]


def _ensure_covered(covered: tuple[str, ...], request: Request) -> None:
    """Insist that a signature binds address, host, time and body, or it could be used for something else."""
    if len(set(covered)) != len(covered):
        raise Malformed(f"signed {' '.join(covered)[:200]!r}, which names something twice")
    wanted = {"(request-target)", "host"}
    if request.method == "POST":
        wanted.add("digest")
    missing = sorted(wanted.difference(covered))
    if missing:
        raise Unsigned(f"the signature leaves out {', '.join(missing)}")
    if "date" not in covered and "(created)" not in covered:
        raise Unsigned("the signature leaves out date, and (created) too")


def _ensure_in_time(parameters: Parameters, given: Mapping[str, str], now: datetime) -> None:
    covered = parameters.covered
    expires = moment(parameters.expires, "expires") if parameters.expires is not None else None
    if "(created)" in covered:
        if parameters.algorithm.lower() != "hs2019":
            raise Unsigned(f"(created) is signed by {parameters.algorithm!r}; only hs2019 may have it")
        ensure_in_time(moment(parameters.created, "created"), expires, now)
    if "date" in covered:
        ensure_in_time(_date(_value("date", given)), expires, now)


@lru_cache(maxsize=64)  # whoever sends much sends much within a second, and each reading costs 15 us
def _date(text: str) -> datetime:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, TypeError) as error:
        raise Malformed(
            f"Date is {text[:40]!r}, wanted one such as 'Mon, 05 Jan 2026 09:00:00 GMT'"
        ) from error
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _value(name: str, values: Mapping[str, str]) -> str:
    if name not in values:
        raise Unsigned(f"the signature names {name}, which the request does not have")
    return values[name]


def _bases(request: Request, parameters: Parameters, given: Mapping[str, str]) -> tuple[bytes, ...]:
    """Give what the sender may have signed.

    Mastodon, Lemmy and GoToSocial sign a GET's query, Fedify, PieFed, NodeBB and Mbin leave it out
    (federation.md 2.1); a POST has none worth the doubt.
    """
    url = urlsplit(request.url)
    method, path = request.method.lower(), url.path or "/"
    targets = [f"{method} {path}?{url.query}" if url.query else f"{method} {path}"]
    if url.query and request.method == "GET":
        targets.append(f"{method} {path}")
    # The host is ours as peers know it, whatever a proxy wrote into the header: one who signed for another
    # host signed something else.
    values = {
        **given,
        "host": url.netloc,
        "(created)": str(parameters.created),
        "(expires)": str(parameters.expires),
    }
    return tuple(base_of(parameters.covered, values | {"(request-target)": target}) for target in targets)
