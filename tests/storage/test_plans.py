"""No statement about posts or people walks through a whole table that grows (measured.md B7)."""

import re
import sqlite3
from pathlib import Path
from types import ModuleType

import pytest

from storage import (
    abandoned,
    absent,
    accounts,
    activities,
    actors,
    answers,
    archives,
    asks,
    audit,
    availability,
    belongings,
    blocks,
    bookmarks,
    communities,
    conversations,
    copies,
    councils,
    counted,
    deletions,
    directory,
    endorsements,
    entries,
    erasures,
    escalations,
    events,
    everybody,
    familiar,
    featured_tags,
    filters,
    findable,
    follows,
    hidden,
    histories,
    holdings,
    holds,
    invited,
    keys,
    knocks,
    know_how_drafts,
    knowhow,
    likes,
    lists,
    media,
    memberships,
    muted_hosts,
    notifications,
    offers,
    polls,
    posts,
    practices,
    push,
    quotes,
    referrals,
    reports,
    retention,
    routed,
    scheduled,
    sealed,
    search,
    search_rows,
    service_list,
    streams,
    tags,
    threads,
    ties,
    timelines,
    tombstones,
    unsent,
    verdicts,
    views,
    withheld,
)

MODULES = (
    abandoned,
    absent,
    accounts,
    activities,
    actors,
    answers,
    archives,
    asks,
    audit,
    availability,
    belongings,
    blocks,
    bookmarks,
    communities,
    conversations,
    copies,
    councils,
    counted,
    deletions,
    directory,
    endorsements,
    entries,
    erasures,
    escalations,
    events,
    everybody,
    familiar,
    featured_tags,
    filters,
    findable,
    follows,
    hidden,
    histories,
    holdings,
    holds,
    invited,
    keys,
    knocks,
    know_how_drafts,
    knowhow,
    likes,
    lists,
    media,
    memberships,
    muted_hosts,
    notifications,
    offers,
    polls,
    posts,
    practices,
    push,
    quotes,
    referrals,
    reports,
    retention,
    routed,
    scheduled,
    sealed,
    search,
    search_rows,
    service_list,
    streams,
    tags,
    threads,
    ties,
    timelines,
    tombstones,
    unsent,
    verdicts,
    views,
    withheld,
)
GROWING = frozenset(
    {
        "activities",
        "accepted_answers",
        "actors",
        "ask_services",
        "asks",
        "audit",
        "audit_addresses",
        "audit_details",
        "bookmarks",
        "copies",
        "counted",
        "entries",
        "escalation_steps",
        "escalations",
        "events",
        "follows",
        "histories",
        "likes",
        "media",
        "members",
        "mentions",
        "notifications",
        "offers",
        "peers",
        "poll_options",
        "polls",
        "post_tags",
        "posts",
        "practice_terms",
        "profile_pins",
        "public_keys",
        "push_subscriptions",
        "quote_stamps",
        "quotes",
        "referrals",
        "revisions",
        "routed",
        "scheduled",
        "votes",
        "withheld",
    }
)


def _statements(module: ModuleType) -> list[tuple[str, str]]:
    return [
        (f"{module.__name__}.{name}", text)
        for name, text in vars(module).items()
        if name.isupper()
        and isinstance(text, str)
        and re.match(r"(\s|--.*)*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", text)
        and not name.startswith("_")
        and name != "OF_POLICY"  # how a statement begins
    ]


STATEMENTS = dict(statement for module in MODULES for statement in _statements(module))


RIGHTLY = {
    "storage.audit.PAGE",  # the last so many of a chain in the order of its numbers
    "storage.audit.STORED",  # the next so many of it
    "storage.search.HOSTS",  # the nodes met, at most 5 000, when somebody names a council
    "storage.search.HIDDEN",  # an index of nothing but nodes that left the list
    "storage.search_rows.NOTE_ALL_DUE",  # once, when somebody has all of them made anew
    "storage.everybody.PAGE",  # an admin looks through everybody; a read ends after two seconds
    "storage.media.REMOVE_UNATTACHED",  # once an hour, through what was removed within 30 days
    "storage.media.RAW",  # an index of nothing but films that wait
    "storage.follows.WITH_HOSTS",  # once, when a node is taken off the list
}

# Through a whole table, or through all of it that lies between two ids: the rest of it, on a first page.
_WALK = re.compile(r"SCAN (?P<name>\w+)|SEARCH (?P<range>\w+) USING .*\(\w*id[<>]\?( AND \w+[<>]\?)?\)$")


def _scanned(database: Path, sql: str) -> set[str]:
    sql = sql.replace(":order", "DESC")
    parameters = dict.fromkeys(re.findall(r":([a-z_0-9]+)", sql), 1) | dict.fromkeys(
        ("ids", "any_of", "all_of", "none_of", "types", "tags"), "[]"
    )
    connection = sqlite3.connect(database)
    try:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    finally:
        connection.close()
    names = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", sql)}
    scanned = [found["name"] or found["range"] for line in plan if (found := _WALK.match(line))]
    return {names.get(name, name) for name in scanned}


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - RIGHTLY))
def test_no_growing_table_is_scanned(name: str, database: Path) -> None:
    assert not _scanned(database, STATEMENTS[name]) & GROWING


def test_a_scan_is_seen(database: Path) -> None:
    assert _scanned(database, "SELECT e.id FROM entries AS e WHERE e.audience = 'public'") == {"entries"}
    assert _scanned(database, "SELECT e.id FROM entries AS e WHERE e.id < :n AND e.id > :n") == {"entries"}
    assert len(STATEMENTS) > 50
