"""The federation list as one value: who may talk with this node, and which rule says so.

    rules = Rules(mode="allowlist", rules=(Rule(pattern="*.gov.uk", severity="allow"),))
    rules.allows("cop.leeds.gov.uk")    True
    rules.verdict("gov.uk").allowed     False: a wildcard covers all below it, not the bare name

Deny, with all below it, beats an exact allow, beats the longest wildcard, beats the default (decision 16
of the design). What is compared is the host of ids, never the domain of a handle. For a loopback name the
host is the name with its port; a pattern without a port covers every port there.
"""

import ipaddress
import re
from typing import Literal

import idna
import msgspec

Severity = Literal["allow", "deny"]

_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """One entry; ``pattern`` is a host, or ``*.suffix``."""

    pattern: str
    severity: Severity
    source: str = "file"
    reason: str = ""


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
    try:
        name = idna.encode(name.rstrip("."), uts46=True, std3_rules=False).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        raise ValueError(f"found {text!r}, {wanted}") from None
    labels = name.split(".")
    if not all(_LABEL.fullmatch(label) for label in labels) or len(name) > 253:
        raise ValueError(f"found {text!r}, {wanted}")
    if is_loopback(name):
        return name + colon + port
    if len(labels) < 2 or labels[-1].isdigit():
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
    """The whole list, immutable; ``allows`` is a few dictionary look-ups."""

    __slots__ = ("_allow", "_deny", "_open", "_seen", "_wild", "rules")

    def __init__(self, *, mode: Literal["allowlist", "open"], rules: tuple[Rule, ...] = ()) -> None:
        self.rules = rules
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

    def just_below(self, domain: str) -> list[str]:
        """Give the hosts one label below a domain that are allowed by their own name."""
        return [name for name in self._allow if name.partition(".")[2] == domain and self.allows(name)]

    def verdict(self, host: str) -> Verdict:
        """Say whether a host is allowed, and which rule decides."""
        name = host.partition(":")[0] if is_loopback(host) else host
        above = _above(name)
        for candidate in (host, *above):
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
