"""The federation list, beside what the configuration file fixes."""

from datetime import date, datetime
from typing import Literal

from storage.engine import Reader, Transaction
from storage.row import Row


class RuleRow(Row, frozen=True):
    """One entry: a host, or ``*.suffix``."""

    pattern: str
    severity: Literal["allow", "deny"]
    reason: str
    by_name: str
    source: str
    created_at: datetime
    review_on: date | None = None
    until: date | None = None


_COLUMNS = ", ".join(RuleRow.__struct_fields__)

ALL_RULES = f"SELECT {_COLUMNS} FROM rules ORDER BY pattern"


async def all_rules(read: Reader) -> list[RuleRow]:
    """Give the whole list."""
    return await read.all(RuleRow, ALL_RULES)


FIND = f"SELECT {_COLUMNS} FROM rules WHERE pattern = :pattern"


async def find(read: Reader, pattern: str) -> RuleRow | None:
    """Give the entry of a pattern."""
    return await read.one(RuleRow, FIND, pattern=pattern)


PUT = f"""
INSERT INTO rules ({_COLUMNS})
VALUES (:pattern, :severity, :reason, :by_name, :source, :created_at, :review_on, :until)
ON CONFLICT (pattern) DO UPDATE
   SET severity = excluded.severity, reason = excluded.reason, by_name = excluded.by_name,
       source = excluded.source, created_at = excluded.created_at, review_on = excluded.review_on,
       until = excluded.until
"""


async def put(tx: Transaction, rule: RuleRow) -> None:
    """Store an entry; a pattern has one, the latest."""
    await tx.execute(
        PUT,
        pattern=rule.pattern,
        severity=rule.severity,
        reason=rule.reason,
        by_name=rule.by_name,
        source=rule.source,
        created_at=rule.created_at,
        review_on=_day(rule.review_on),
        until=_day(rule.until),
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


REMOVE = "DELETE FROM rules WHERE pattern = :pattern"


async def remove(tx: Transaction, pattern: str) -> bool:
    """Take an entry away; tell whether it was there."""
    return await tx.execute(REMOVE, pattern=pattern) > 0


KNOWN_HOSTS = """
SELECT k.host, COALESCE(p.standing, 'open')
  FROM (SELECT host FROM actors WHERE local = 0 UNION SELECT host FROM peers) AS k
  LEFT JOIN peers AS p ON p.host = k.host
 ORDER BY k.host
"""


async def known_hosts(read: Reader) -> list[tuple[str, str]]:
    """Give every host that somebody or something was met at, with its standing: open or hidden."""
    return await read.all(tuple[str, str], KNOWN_HOSTS)
