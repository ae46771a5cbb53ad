"""What left the node, held against what a file of reports says about outgoing activities and connections."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from activitypub.errors import RemoteFault
from activitypub.sig import keys, verify
from tests.reports.answers import MISSING, NotUnderstood, path
from tests.reports.wire import Sent

TRIES: Final = frozenset({"accepted_count", "min_gap_s", "max_count", "same_activity_id", "distinct_header"})
KNOWN: Final = TRIES | frozenset(
    {
        "to_host", "match", "count", "addressed_to", "within_s", "signature_valid", "signed_host",
        "request_line", "body_not_contains", "mentions_status",
    }
)  # fmt: skip

Text = Callable[[str], str | None]  # of a post of the node, by its id


@dataclass
class Traffic:
    """Everything sent since the first step, and what is needed to judge it."""

    sent: list[Sent]
    since: datetime
    content_of: Text
    pem_of: Text

    def posts(self, host: str) -> list[Sent]:
        """Give the deliveries to a host, ``*`` for any."""
        return [one for one in self.sent if one.request.method == "POST" and host in ("*", one.host)]

    def matching(self, wanted: dict[str, Any], status_uri: str | None) -> list[Sent]:
        """Give the deliveries that an expectation is about."""
        found = [
            one
            for one in self.posts(wanted.get("to_host", "*"))
            if self._fits(one, wanted.get("match") or {})
        ]
        if status_uri is not None:
            found = [one for one in found if status_uri.encode() in one.request.body]
        return found

    def fault_of(self, wanted: dict[str, Any], status_uri: str | None, *, tries: bool) -> str | None:
        """Say what is wrong with what was sent; None if it is as wanted. ``tries``: each try counts."""
        if unknown := set(wanted) - KNOWN:
            raise NotUnderstood(f"'sent' with {', '.join(sorted(unknown))}")
        found = self.matching(wanted, status_uri)
        if not found and wanted.get("count") != 0:
            return f"no such delivery among {self._brief(wanted)}"
        counted = attempts(found) if tries or TRIES & set(wanted) else distinct(found)
        checks = (
            self._counts(wanted, found, counted),
            self._times(wanted, counted),
            self._contents(wanted, found),
        )
        return next((fault for fault in checks if fault), None)

    def fetched(self, host: str, place: str | None, *, also_posts: bool) -> list[str]:
        """Give the requests to a host, and path if one is named."""
        return [
            f"{one.request.method} {one.path}"
            for one in self.sent
            if one.host == host.strip("[]").lower()
            and (place is None or one.path.partition("?")[0] == place or one.path == place)
            and (also_posts or one.request.method != "POST")
        ]

    def _counts(self, wanted: dict[str, Any], found: list[Sent], counted: list[Sent]) -> str | None:
        seen = f"{len(counted)}: " + "; ".join(
            f"{one.at:%H:%M:%S} {one.path} {one.status}" for one in counted[:12]
        )
        if "count" in wanted and len(counted) != wanted["count"]:
            return seen
        if "max_count" in wanted and len(counted) > wanted["max_count"]:
            return seen
        accepted = [one for one in found if one.status is not None and 200 <= one.status < 300]
        if "accepted_count" in wanted and len(accepted) != wanted["accepted_count"]:
            return f"{len(accepted)} accepted of {seen}"
        return None

    def _times(self, wanted: dict[str, Any], counted: list[Sent]) -> str | None:
        gaps = [(b.at - a.at).total_seconds() for a, b in pairwise(counted)]
        if "min_gap_s" in wanted and any(gap < wanted["min_gap_s"] for gap in gaps):
            return f"gaps of {gaps} s"
        if "within_s" in wanted:
            last = max(((one.at - self.since).total_seconds() for one in counted), default=0)
            if last > wanted["within_s"]:
                return f"the last after {last} s"
        return None

    def _contents(self, wanted: dict[str, Any], found: list[Sent]) -> str | None:
        for name, fault in CONTENTS.items():
            if name in wanted and (said := fault(self, found, wanted[name])):
                return said
        return None

    def _fits(self, one: Sent, match: dict[str, Any]) -> bool:
        document = json_of(one)
        fits = (self._has(document, key, value) for key, value in match.items() if key != "mentions_status")
        return all(fits)

    def _has(self, document: Any, key: str, value: Any) -> bool:
        contains = key.endswith("~")
        places = key.rstrip("~").split("|")
        seen = [one for place in alternatives(places) if (one := path(document, f"$.{place}")) is not MISSING]
        if contains:
            if not seen and len(places) == 1:
                seen = [*path(document, f"$..{places[0]}"), *self._named(document, places[0])]
            wanted = value if isinstance(value, list) else [value]
            return any(str(part) in str(text) for text in seen for part in wanted)
        return any(_equal(one, value) for one in seen)

    def _named(self, document: Any, name: str) -> Iterable[str]:
        """Give the text of a post that a plain Announce names by its id: who gets it fetches it."""
        named = document.get("object") if isinstance(document, dict) else None
        text = self.content_of(named) if name in ("content", "name") and isinstance(named, str) else None
        return [text] if text else []

    def _brief(self, wanted: dict[str, Any]) -> str:
        told = [f"{one.host} {brief(json_of(one))}" for one in self.posts(wanted.get("to_host", "*"))]
        return "; ".join(told[:8]) or "nothing sent there"


def json_of(one: Sent) -> Any:
    """Give what was sent as JSON."""
    try:
        return json.loads(one.request.body)
    except ValueError:
        return MISSING


def brief(document: Any) -> str:
    """Give the types of an activity from the outside in, and the id of the innermost."""
    types, here = [], document
    while isinstance(here, dict):
        types.append(str(here.get("type")))
        last, here = here, here.get("object")
    return " > ".join(types) + f" {here if isinstance(here, str) else last.get('id') if types else ''}"


def alternatives(places: list[str]) -> list[str]:
    """Give the places that ``a.b|c`` may mean: as they stand, beside the first, and within it."""
    first, *others = places
    parent = first.rpartition(".")[0]
    beside = [f"{parent}.{one}" for one in others if parent]
    return [first, *others, *beside, *[f"{first}.{one}" for one in others if "." not in one]]


def attempts(found: list[Sent]) -> list[Sent]:
    """Give one for each try: a peer asked again at once with the other signature scheme is one try."""
    seen: dict[tuple[str, Any, datetime], Sent] = {}
    for one in found:
        seen[one.request.url, _id(one), one.at] = one
    return list(seen.values())


def distinct(found: list[Sent]) -> list[Sent]:
    """Give the first delivery of each activity to each inbox."""
    seen: dict[tuple[str, Any], Sent] = {}
    for one in found:
        seen.setdefault((one.request.url, _id(one)), one)
    return list(seen.values())


def _id(one: Sent) -> Any:
    document = json_of(one)
    return document.get("id") if isinstance(document, dict) else None


def _equal(seen: Any, wanted: Any) -> bool:
    if isinstance(wanted, list) and not isinstance(seen, list):
        return seen in wanted
    if isinstance(seen, list) and not isinstance(wanted, list):
        return wanted in seen
    return bool(seen == wanted)


def _addressed(traffic: Traffic, found: list[Sent], ids: list[str]) -> str | None:
    for one in found:
        document = json_of(one)
        to = [uri for name in ("to", "cc") for uri in _listed(document.get(name))]
        if missing := [uri for uri in ids if uri not in to]:
            return f"addressed to {to}, not to {missing}"
    return None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _same_id(traffic: Traffic, found: list[Sent], wanted: bool) -> str | None:
    ids = {_id(one) for one in found}
    return None if (len(ids) == 1) == wanted else f"activity ids {sorted(map(str, ids))}"


def _distinct_header(traffic: Traffic, found: list[Sent], name: str) -> str | None:
    values = [one.request.header(name) for one in attempts(found)]
    return None if len(set(values)) == len(values) else f"{name}: {values}"


def _valid(traffic: Traffic, found: list[Sent], wanted: bool) -> str | None:
    for one in found:
        try:
            signature = verify.read(one.request, now=one.at)
            pem = traffic.pem_of(signature.key_id)
            fine = pem is not None and signature.holds(keys.public_from_pem(pem))
        except RemoteFault as error:
            return f"{error}"
        if fine != wanted:
            return f"the signature of {one.path} at {one.at:%H:%M:%S} {'holds' if fine else 'does not hold'}"
    return None


def _signed_host(traffic: Traffic, found: list[Sent], wanted: str) -> str | None:
    for one in found:
        host = one.request.header("host") or one.host
        covered = (one.request.header("signature") or "") + (one.request.header("signature-input") or "")
        if host != wanted or not re.search(r"\bhost\b|@authority|@target-uri", covered):
            return f"host {host}, covered {covered[:120]}"
    return None


def _line(traffic: Traffic, found: list[Sent], wanted: str) -> str | None:
    for one in found:
        line = f"{one.request.method} {one.path}"
        if wanted not in (line, f"{line} HTTP/1.1") and not re.search(wanted, line):
            return line
    return None


def _without(traffic: Traffic, found: list[Sent], words: list[str] | str) -> str | None:
    for one in found:
        text = one.request.body.decode("utf-8", "replace")
        if inside := [word for word in _listed(words) if _stands(word, text)]:
            return f"{inside} in {text[:200]}"
    return None


def _stands(word: str, text: str) -> bool:
    """Tell whether a word stands in a text: ``ana`` does not in ``manager``."""
    if re.fullmatch(r"\w+", word):
        return re.search(rf"(?<![A-Za-z0-9]){re.escape(word)}(?![A-Za-z0-9])", text) is not None
    return word in text


CONTENTS: Final[dict[str, Callable[[Traffic, list[Sent], Any], str | None]]] = {
    "addressed_to": _addressed,
    "same_activity_id": _same_id,
    "distinct_header": _distinct_header,
    "signature_valid": _valid,
    "signed_host": _signed_host,
    "request_line": _line,
    "body_not_contains": _without,
}
