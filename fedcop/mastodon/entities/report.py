"""Report, as who made it reads it, and Admin::Report, as who decides it does."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from fedcop.mastodon import answer
from fedcop.mastodon.entities.account import Account, Role, account
from fedcop.mastodon.entities.place import Place
from fedcop.mastodon.entities.status import Status, statuses
from storage.actors import Actor
from storage.everybody import Known
from storage.reports import Report as Row
from storage.views import PostView


class Report(msgspec.Struct, kw_only=True):
    """A report; of who made it, nothing."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    status_ids: list[str]
    rule_ids: list[str] | None = None
    target_account: Account


class AdminAccount(msgspec.Struct, kw_only=True):
    """An account for those who decide about it, without what is not needed for that: e-mail, addresses."""

    id: str
    username: str
    domain: str | None
    created_at: str
    email: str = ""
    ip: None = None
    ips: list[str] = []
    locale: str | None = None
    invite_request: None = None
    role: Role | None
    confirmed: bool = True
    approved: bool = True
    disabled: bool = False
    silenced: bool = False
    sensitized: bool = False
    suspended: bool
    account: Account


class AdminReport(msgspec.Struct, kw_only=True):
    """A report with who made it, who handles it, and what it is about."""

    id: str
    action_taken: bool
    action_taken_at: str | None
    category: str
    comment: str
    forwarded: bool
    created_at: str
    updated_at: str
    account: AdminAccount
    target_account: AdminAccount
    assigned_account: AdminAccount | None
    action_taken_by_account: AdminAccount | None
    statuses: list[Status]
    rules: list[dict[str, Any]] = []


def report(row: Row, target: Actor, at: Place) -> Report:
    """Give a report without who made it."""
    return Report(
        id=str(row.id),
        action_taken=row.closed_at is not None,
        action_taken_at=answer.time_if(row.closed_at),
        category=row.category,
        comment=row.comment,
        forwarded=row.forwarded,
        created_at=answer.time(row.created_at),
        status_ids=[str(post_id) for post_id in row.post_ids],
        target_account=account(target, at),
    )


def admin_report(row: Row, people: Mapping[int, Actor], posts: Iterable[PostView], at: Place) -> AdminReport:
    """Give a report to somebody who may decide it; ``people`` are all whom it names."""
    return AdminReport(
        id=str(row.id),
        action_taken=row.closed_at is not None,
        action_taken_at=answer.time_if(row.closed_at),
        category=row.category,
        comment=row.comment,
        forwarded=row.forwarded,
        created_at=answer.time(row.created_at),
        updated_at=answer.time(row.closed_at or row.created_at),
        account=_admin_account(people[row.by_actor], at),
        target_account=_admin_account(people[row.target_id], at),
        assigned_account=_of(row.assigned_to, people, at),
        action_taken_by_account=_of(row.closed_by, people, at),
        statuses=statuses(posts, at),
    )


def _of(actor_id: int | None, people: Mapping[int, Actor], at: Place) -> AdminAccount | None:
    found = people.get(actor_id or 0)
    return None if found is None else _admin_account(found, at)


def _admin_account(actor: Actor, at: Place) -> AdminAccount:
    return AdminAccount(
        id=str(actor.id),
        username=actor.handle,
        domain=None if actor.local else actor.domain,
        created_at=answer.time(actor.created_at),
        role=Role(id="0", name="") if actor.local else None,
        suspended=actor.state != "active",
        account=account(actor, at),
    )


def known(row: Known, at: Place) -> AdminAccount:
    """Give an account to an admin, with how somebody of this node signs in."""
    shown = _admin_account(row, at)
    if row.access is not None:
        shown.email = row.email or ""
        shown.locale = row.locale
        shown.disabled = row.access == "disabled"
        shown.role = Role(id="1", name="Admin") if row.admin else Role(id="0", name="")
    return shown
