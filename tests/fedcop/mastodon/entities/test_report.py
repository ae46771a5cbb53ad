"""A report as who made it reads it, and as who decides it does."""

import msgspec

from fedcop.mastodon.entities import report as entities
from storage.ids import ActorId, RowId
from storage.reports import Report
from tests.fedcop.mastodon.entities.rows import NOON, actor, at

ROW = Report(
    id=RowId(3),
    uri=None,
    by_actor=ActorId(7),
    target_id=ActorId(7),
    community_id=None,
    comment="Rude",
    category="spam",
    posts="[11, 12]",
    forwarded=True,
    assigned_to=None,
    closed_by=ActorId(7),
    closed_at=NOON,
    created_at=NOON,
)


def test_a_report_says_nothing_of_who_made_it() -> None:
    shown = entities.report(ROW, actor(), at(1))

    assert (shown.id, shown.status_ids, shown.action_taken, shown.forwarded) == (
        "3",
        ["11", "12"],
        True,
        True,
    )
    assert "account" not in {field.name for field in msgspec.structs.fields(entities.Report)}


def test_who_decides_is_told_who_made_it_and_who_closed_it() -> None:
    shown = entities.admin_report(ROW, {7: actor()}, [], at(1))

    assert (shown.account.id, shown.target_account.id) == ("7", "7")
    assert shown.assigned_account is None
    assert shown.action_taken_by_account is not None
    assert (shown.action_taken, shown.action_taken_at) == (True, "2026-03-02T12:00:00.000Z")


def test_an_account_to_decide_about_shows_no_address_of_a_person() -> None:
    shown = entities.admin_report(ROW, {7: actor()}, [], at(1)).account

    assert (shown.email, shown.ip, shown.ips) == ("", None, [])
