"""Admin::DomainAllow and Admin::DomainBlock: the entries of the federation list as clients know them."""

import hashlib
from datetime import datetime

import msgspec

from fedcop.mastodon import answer
from storage.allowlist import RuleRow

# When what the configuration file fixes was entered is not known.
FIXED_AT = "1970-01-01T00:00:00.000Z"


class DomainAllow(msgspec.Struct, kw_only=True):
    """A host, or ``*.suffix``, with which the node talks. ``reason`` and ``source`` are ours."""

    id: str
    domain: str
    created_at: str
    reason: str
    source: str


class DomainBlock(msgspec.Struct, kw_only=True):
    """A host, with all below it, with which the node does not talk."""

    id: str
    domain: str
    digest: str
    created_at: str
    severity: str = "suspend"
    reject_media: bool = True
    reject_reports: bool = True
    private_comment: str
    public_comment: None = None
    obfuscate: bool = False
    source: str


def id_of(pattern: str) -> int:
    """Give the number that stands for an entry: rows and lines of the file are known by their pattern."""
    return int.from_bytes(hashlib.sha256(pattern.encode()).digest()[:6], "big")


def allow(row: RuleRow) -> DomainAllow:
    """Give an entry that allows."""
    return DomainAllow(
        id=str(id_of(row.pattern)),
        domain=row.pattern,
        created_at=_entered(row.created_at),
        reason=row.reason,
        source=row.source,
    )


def block(row: RuleRow) -> DomainBlock:
    """Give an entry that denies."""
    return DomainBlock(
        id=str(id_of(row.pattern)),
        domain=row.pattern,
        digest=hashlib.sha256(row.pattern.encode()).hexdigest(),
        created_at=_entered(row.created_at),
        private_comment=row.reason,
        source=row.source,
    )


def _entered(at: datetime) -> str:
    return answer.time(at) if at.timestamp() else FIXED_AT
