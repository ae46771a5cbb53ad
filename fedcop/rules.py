"""The federation list as one value: who may talk with this node, and which rule says so.

    rules = Rules(mode="allowlist", rules=(Rule(pattern="*.gov.uk", severity="allow"),))
    rules.allows("cop.leeds.gov.uk")    True
    rules.verdict("gov.uk").allowed     False: a wildcard covers all below it, not the bare name

Deny, with all below it, beats an exact allow, beats the longest wildcard, beats the default (decision 16
of the design). What is compared is the host of ids, never the domain of a handle. For a loopback name the
host is the name with its port; a pattern without a port covers every port there. A public name with a port of
its own is another host, to be allowed by itself; denying the name denies it on every port. An entry may end:
it counts to the last moment, in UTC, of the day that ``until`` names.
"""

import ipaddress
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

import idna
import msgspec

Severity = Literal["allow", "deny"]

# Such a name is an IPv4 address to resolvers, in parts, in base 8 or 16 too (WHATWG URL, "ends in a number").
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")
# What IDNA leaves as it is, but for the case: it takes twenty times as long over that.
_PLAIN = re.compile(r"(?!.*--)[A-Za-z0-9.-]+")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One entry; ``pattern`` is a host, or ``*.suffix``.

    ``source``: file, command, page, client, import or register. On ``review_on`` somebody wants to look at it
    again, which changes nothing by itself. Of what the file fixes it is not known who entered it and when.
    """

    pattern: str
    severity: Severity
    source: str = "file"
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    review_on: date | None = None
    until: date | None = None

    @property
    def ends_at(self) -> datetime | None:
        """Give the moment from which the entry no longer counts."""
        if self.until is None:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)

    def counts(self, now: datetime) -> bool:
        """Tell whether the entry has not ended."""
        return self.ends_at is None or now < self.ends_at


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a host is allowed, and the rule that decided; no rule means the default."""

    host: str
    allowed: bool
    rule: Rule | None

    def text(self) -> str:
        """Say it in one line."""
        word = "allowed" if self.allowed else "denied"
        if self.rule is None:
            return f"{word}: {self.host}: no rule, so the default holds"
        why = f": {self.rule.reason}" if self.rule.reason else ""
        why += f", until {self.rule.until}" if self.rule.until else ""
        return f"{word}: {self.host}: {self.rule.severity} {self.rule.pattern} ({self.rule.source}){why}"


def canonical(text: str) -> str:
    """Give a host in its one form: lower case, punycode, no trailing dot; a port only for loopback names.

    Raises ``ValueError`` that says what was found and what is wanted: a path, user, single label, address
    literal or port of a public name is no domain.
    """
    wanted = "wanted a domain such as communities.kent.gov.uk"
    name, colon, port = text.strip().partition(":")
    if colon and not (re.fullmatch(r"[1-9][0-9]{0,4}", port) and int(port) <= 65535):
        raise ValueError(f"found {text!r}, {wanted}")
    name = name.removesuffix(".")
    if _PLAIN.fullmatch(name):
        name = name.lower()
    else:
        try:
            name = idna.encode(name, uts46=True, std3_rules=False).decode("ascii").lower()
        except (idna.IDNAError, UnicodeError):
            raise ValueError(f"found {text!r}, {wanted}") from None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise ValueError(f"found {text!r}, {wanted}")
    if is_loopback(name):
        return name + colon + port
    if len(labels) < 2 or _NUMBER.fullmatch(labels[-1]):
        raise ValueError(f"found {text!r}, {wanted}")
    return name if port in ("", "443") else f"{name}:{port}"


def is_loopback(host: str) -> bool:
    """Tell whether a name, with or without a port, always means this machine."""
    name = host.partition(":")[0]
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


class Rules:
    """The whole list, immutable; ``allows`` is a few dictionary look-ups.

    ``ends_at`` is the moment at which the first of its entries ends, and another list is wanted.
    """

    __slots__ = ("_allow", "_deny", "_open", "_seen", "_wild", "ends_at", "rules")

    def __init__(self, *, mode: Literal["allowlist", "open"], rules: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
        self.ends_at = min((rule.ends_at for rule in rules if rule.ends_at is not None), default=None)
        self._open = mode == "open"
        self._deny: dict[str, Rule] = {}
        self._allow: dict[str, Rule] = {}
        self._wild: dict[str, Rule] = {}
        self._seen: dict[str, bool] = {}
        for rule in rules:
            wild = rule.pattern.startswith("*.")
            name = canonical(rule.pattern.removeprefix("*."))
            if rule.severity == "deny":
                self._deny.setdefault(name, rule)
            else:
                (self._wild if wild else self._allow).setdefault(name, rule)

    def allows(self, host: str) -> bool:
        """Tell whether this node may talk with a host in its canonical form."""
        known = self._seen.get(host)
        if known is None:
            known = self.verdict(host).allowed
            if len(self._seen) < 10_000:
                self._seen[host] = known
        return known

    def denies(self, host: str) -> bool:
        """Tell whether an entry says no to a host, and not merely the default."""
        verdict = self.verdict(host)
        return not verdict.allowed and verdict.rule is not None

    def due(self, day: date, *, ahead: timedelta) -> list[Rule]:
        """Give the entries that somebody wanted to look at again by a day, or that end within a stretch."""
        return [
            rule
            for rule in self.rules
            if (rule.review_on is not None and rule.review_on <= day)
            or (rule.until is not None and rule.until <= day + ahead)
        ]

    def covers(self, pattern: str) -> bool:
        """Tell whether all that a pattern names is allowed, but for what is denied below it."""
        if not pattern.startswith("*."):
            return self.allows(pattern)
        above = _above(pattern.removeprefix("*."))
        if any(name in self._deny for name in above):
            return False
        return self._open or any(name in self._wild for name in above)

    def just_below(self, domain: str) -> list[str]:
        """Give the hosts one label below a domain that are allowed by their own name."""
        return [name for name in self._allow if name.partition(".")[2] == domain and self.allows(name)]

    def named(self) -> list[str]:
        """Give the hosts that are allowed by their own name."""
        return [name for name in self._allow if self.allows(name)]

    def verdict(self, host: str) -> Verdict:
        """Say whether a host is allowed, and which rule decides."""
        bare = host.partition(":")[0]
        name = bare if is_loopback(host) else host
        above = _above(name)
        for candidate in (*_above(host), *_above(bare)):
            if rule := self._deny.get(candidate):
                return Verdict(host=host, allowed=False, rule=rule)
        if rule := self._allow.get(host) or self._allow.get(name):
            return Verdict(host=host, allowed=True, rule=rule)
        for candidate in above[1:]:
            if rule := self._wild.get(candidate):
                return Verdict(host=host, allowed=True, rule=rule)
        return Verdict(host=host, allowed=self._open, rule=None)


def _above(name: str) -> list[str]:
    """Give a name and every name above it, longest first."""
    labels = name.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]
