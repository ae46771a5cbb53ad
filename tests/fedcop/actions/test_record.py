"""Whatever an admin or a facilitator decides stands in the record, from the transaction that does it."""

import importlib
import inspect
import io
import pkgutil
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from fedcop import actions, caller
from fedcop.actions import (
    access,
    account,
    allowlist,
    archive,
    community,
    describe,
    facilitate,
    hold,
    invite,
    join,
    knock,
    leave,
    moderate,
    oversight,
    record,
    register,
    report,
    retention,
    retry,
    token,
)
from fedcop.actions.describe import Description
from fedcop.clock import SetClock
from fedcop.config import RetentionSection
from storage import audit, audit_check
from storage.actors import Actor
from storage.ids import RowId
from tests.fedcop.actions.scene import Scene

# What people do for themselves, what peers say, and what only makes something ready.
NOT_DECIDED = {
    "answer": {"accept", "choice", "of_reply", "take_back"},
    "ask": {"publish", "renew", "withdraw"},
    "archive": {"ask", "clear", "make", "path_of"},
    "archive_file": {"write"},
    "account": {"accept_invitation", "check_password", "set_password", "sign_in"},
    "allowlist": {"effects", "reconcile"},
    "authorize": {"asked", "client", "consent", "grant", "redeem", "register", "revoke"},
    "boost": {"boost", "unboost"},
    "community": {"find_person"},
    "council_list": {"bind", "take", "unbind"},
    "describe": {"prepare"},
    "distilling": {"change", "draft"},
    "draft": {"place_of_draft"},
    "named": {"mentions_of"},
    "event": {"change", "publish"},
    "film": {"settle", "write_anew"},
    "follow": {"block", "follow", "mute", "remove_follower", "unblock", "unfollow", "unmute"},
    "erasure": {"report"},
    "follow_up": {"ask_again", "helped", "say_resolved"},
    "gone": {"look"},
    "join": {"answer", "asked", "join_here", "refuse"},
    "leave": {"delete_oneself", "erase_posts", "go_on"},
    "hear": {"decline", "hear"},
    "hold": {"named"},
    "knock": {"keep"},
    "knowhow": {"hand_over", "publish", "revise", "rewrite", "unuse", "use"},
    "letter": {"prepare", "send"},
    "like": {"bookmark", "like", "mute_thread", "pin", "unbookmark", "unlike", "unmute_thread", "unpin"},
    "narrow": {"effects"},
    "objections": {"answer", "asked", "remind", "tell", "tell_one", "write_to"},
    "offer": {"answer", "prepare", "taken_back", "tell_others"},
    "opened": {"opened"},
    "own_post": {"delete"},
    "post": {"edit", "publish"},
    "practice": {"chosen", "typed"},
    "profile": {"update"},
    "question": {"answer"},
    "quotable": {"allow", "withdraw"},
    "quote": {"quoted_of"},
    "reconcile": {"reconcile"},
    "removal": {"remove_all", "text_of", "told_to_holders"},
    "refer": {"begin", "by_hand", "pass_on", "replace", "take_step"},
    "replied": {"prepare"},
    "report": {"appeal", "report", "take"},
    "restate": {"prepare"},
    "respond": {"publish", "set_availability"},
    "retention": {"due"},
    "schedule": {"cancel", "move", "publish", "schedule"},
    "service_file": {"take"},
    "tell": {"prepare"},
    "upload": {"describe", "discard", "illustrate", "picture", "take"},
    "vote": {"count", "refresh", "settle", "vote"},
}

Act = Callable[[Scene, "People"], Awaitable[Any]]


class People(msgspec.Struct):
    """Who is there: ada, an admin who facilitates roads and bids; ben; cat."""

    ada: Actor
    ben: Actor
    cat: Actor
    roads: Actor
    bids: Actor


async def _written(scene: Scene, who: People) -> Any:
    return (await scene.write(who.ben, "@roads Grit")).id


async def _reported(scene: Scene, who: People) -> RowId:
    await report.report(scene.node, who.cat, who.ben, comment="Rude")
    (report_id,) = await scene.rows("SELECT id FROM reports")
    return RowId(report_id)


async def _asked(scene: Scene, who: People, *, accept: bool) -> None:
    await scene.joined(who.ben, who.bids, accepted=False)
    await join.decide(scene.node, who.ada, who.ben.id, accept=accept)


async def _locked(scene: Scene, who: People) -> None:
    post_id = await _written(scene, who)
    await moderate.lock(scene.node, who.ada, post_id)
    await moderate.unlock(scene.node, who.ada, post_id)


async def _pinned(scene: Scene, who: People) -> None:
    post_id = await _written(scene, who)
    await moderate.pin(scene.node, who.ada, post_id)
    await moderate.unpin(scene.node, who.ada, post_id)


async def _removed(scene: Scene, who: People) -> None:
    post_id = await _written(scene, who)
    await moderate.remove_post(scene.node, who.ada, post_id, reason="Advert")
    await moderate.restore_post(scene.node, who.ada, post_id)


async def _banned(scene: Scene, who: People) -> None:
    await moderate.ban(scene.node, who.ada, who.roads, who.ben, reason="Rude")
    await moderate.unban(scene.node, who.ada, who.roads, who.ben)


async def _appointed(scene: Scene, who: People) -> None:
    await facilitate.appoint(scene.node, who.ada, who.roads, who.ben)
    await facilitate.hand_over(scene.node, who.ada, who.roads, who.ben)
    await facilitate.dismiss(scene.node, who.ben, who.roads, who.ada)


async def _handled(scene: Scene, who: People) -> None:
    report_id = await _reported(scene, who)
    await report.assign(scene.node, who.ada, report_id, to_me=True)
    await report.set_category(scene.node, who.ada, report_id, "spam")
    await report.close(scene.node, who.ada, report_id)
    await report.reopen(scene.node, who.ada, report_id)


async def _suspended(scene: Scene, who: People) -> None:
    await access.suspend(scene.node, who.ada, who.ben, reason="Left")
    await access.unsuspend(scene.node, who.ada, who.ben)
    await access.disable(scene.node, who.ada, who.ben)
    await access.enable(scene.node, who.ada, who.ben)


async def _deleted(scene: Scene, who: People) -> None:
    await leave.suspend(scene.node, "ben", by="ada")
    await access.delete(scene.node, who.ada, await scene.actor(who.ben.id))


async def _listed(scene: Scene, who: People) -> None:
    await allowlist.allow(scene.node, "*.gov.uk", reason="Councils", by="ada")
    await allowlist.deny(scene.node, "york.gov.uk", by="ada")
    await allowlist.forget(scene.node, "york.gov.uk", by="ada")
    await allowlist.import_list(scene.node, "hull.example\n", by="ada", dry_run=False)
    until = scene.node.clock.now().date()
    await allowlist.allow(scene.node, "*.bath.example", until=until, by="ada")
    assert isinstance(scene.node.clock, SetClock)
    scene.node.clock.move(timedelta(days=1))
    await allowlist.end_entries(scene.node)


async def _retried(scene: Scene, who: People) -> None:
    await scene.remote("dan", "york.example")
    await retry.retry(scene.node, "york.example", by="ada")


async def _dismissed(scene: Scene, who: People) -> None:
    knock.note(scene.node, "york.example", way="inbox", actor="https://york.example/a", user_agent="x")
    await knock.keep(scene.node)
    await knock.dismiss(scene.node, "york.example", by="ada")


async def _accepted(scene: Scene, who: People) -> None:
    council = register.Council(name="Hull", kind="unitary", nation="England", domain="hull.gov.uk")
    await register.accept(scene.node, register.propose(scene.node, [council]), by="ada")


async def _held(scene: Scene, who: People) -> None:
    held = await hold.place(scene.node, "ben", reason="Complaint", by="ada")
    await hold.export(scene.node, held, io.BytesIO(), by="ada")
    await hold.lift(scene.node, held.kind, held.target_id, reason="Closed", by="ada")


async def _disposed(scene: Scene, who: People) -> None:
    await _written(scene, who)
    rules = RetentionSection(threads={"roads": 1})
    scene.node.config = msgspec.structs.replace(scene.node.config, retention=rules)
    scene.node.clock.move(timedelta(days=2))  # type: ignore[attr-defined]
    await retention.apply(scene.node)


# What is done, the verbs that then stand in the record in order, and what of ``actions`` that is.
DECIDED: dict[str, tuple[Act, list[str], set[str]]] = {
    "people": (
        lambda scene, who: account.add_person(
            scene.node, "dan", email="dan@kent.example", display_name="Dan", password=None, by="ada"
        ),
        ["person add"],
        {"account.add_person"},
    ),
    "a new link": (
        lambda scene, who: account.invite(scene.node, who.ben.id, by="ada"),
        ["person invite"],
        {"account.invite"},
    ),
    "access": (
        _suspended,
        ["account suspend", "account unsuspend", "account disable", "account enable"],
        {"access.suspend", "access.unsuspend", "access.disable", "access.enable", "leave.end_access"},
    ),
    "deletion": (
        _deleted,
        ["person suspend", "person delete"],
        {"access.delete", "leave.suspend", "leave.delete_person"},
    ),
    "an archive": (
        lambda scene, who: archive.export(scene.node, "ben", io.BytesIO(), by="ada"),
        ["person export"],
        {"archive.export"},
    ),
    "roles": (
        lambda scene, who: access.set_role(scene.node, who.ada, who.ben, to_admin=True),
        ["account role"],
        {"access.set_role"},
    ),
    "sessions": (
        lambda scene, who: access.sign_out(scene.node, who.ada, who.ben),
        ["account sign out"],
        {"access.sign_out"},
    ),
    "tokens": (
        lambda scene, who: token.create(scene.node, "ben", scopes="read", app_name="x", by="ada"),
        ["token create"],
        {"token.create"},
    ),
    "the list": (
        _listed,
        ["allow", "deny", "forget", "allow", "allow", "expire"],
        {
            "allowlist.allow",
            "allowlist.deny",
            "allowlist.end_entries",
            "allowlist.forget",
            "allowlist.import_list",
            "narrow.apply",
        },
    ),
    "a knock": (_dismissed, ["dismiss"], {"knock.dismiss"}),
    "a peer": (_retried, ["peer retry"], {"retry.retry"}),
    "councils of a register": (_accepted, ["allow", "allow"], {"register.accept"}),
    "a community": (
        lambda scene, who: community.open_community(
            scene.node, "floods", name="Floods", summary="", facilitator=who.ada
        ),
        ["community open"],
        {"community.open_community"},
    ),
    "its end": (
        lambda scene, who: community.close(scene.node, "roads", by="ada"),
        ["community close"],
        {"community.close"},
    ),
    "its description": (
        lambda scene, who: describe.describe(scene.node, who.ada, who.roads, Description(name="Our roads")),
        ["describe"],
        {"describe.describe"},
    ),
    "its facilitators": (
        _appointed,
        ["appoint", "hand over", "dismiss"],
        {"facilitate.appoint", "facilitate.hand_over", "facilitate.dismiss"},
    ),
    "an invitation": (
        lambda scene, who: invite.invite(scene.node, who.ada, who.roads, who.ben),
        ["invite"],
        {"invite.invite"},
    ),
    "who is let in": (
        lambda scene, who: _asked(scene, who, accept=True),
        ["join accept"],
        {"join.decide"},
    ),
    "who is not": (lambda scene, who: _asked(scene, who, accept=False), ["join refuse"], set()),
    "a thread": (_locked, ["lock", "unlock"], {"moderate.lock", "moderate.unlock"}),
    "a pin": (_pinned, ["pin", "unpin"], {"moderate.pin", "moderate.unpin"}),
    "a removal": (_removed, ["remove", "restore"], {"moderate.remove_post", "moderate.restore_post"}),
    "a ban": (_banned, ["ban", "unban"], {"moderate.ban", "moderate.unban"}),
    "a report": (
        _handled,
        ["report assign", "report category", "report close", "report reopen"],
        {"report.assign", "report.set_category", "report.close", "report.reopen"},
    ),
    "the configuration": (
        lambda scene, who: oversight.note_configuration(scene.node),
        ["configuration"],
        {"oversight.note_configuration"},
    ),
    "a hold": (
        _held,
        ["hold person", "hold export", "lift person"],
        {"hold.place", "hold.export", "hold.lift"},
    ),
    "what goes by rule": (_disposed, ["dispose"], {"retention.apply"}),
    "reading": (
        lambda scene, who: _read(scene, who),
        ["read closed"],
        {"oversight.note_reading"},
    ),
}


async def _read(scene: Scene, who: People) -> None:
    post = await scene.write(who.ben, "@cat Between us", audience="direct")
    await oversight.note_reading(scene.node, who.ada.id, [post.id])


@pytest.fixture
async def who(ada: Actor, ben: Actor, cat: Actor, roads: Actor, bids: Actor) -> People:
    return People(ada, ben, cat, roads, bids)


@pytest.mark.parametrize("what", DECIDED)
async def test_what_is_decided_stands_in_the_record(scene: Scene, who: People, what: str) -> None:
    act, verbs, _ = DECIDED[what]
    await scene.node.store.write(_make_admin, who.ada.id)
    before = await scene.node.store.read(audit.end)
    await act(scene, who)
    entries = [
        entry for entry in await scene.node.store.read(audit.latest, 20) if entry.number > before.number
    ]
    assert [entry.verb for entry in reversed(entries)] == verbs
    assert all(entry.object for entry in entries)
    assert {entry.by_name for entry in entries} <= {"ada", "ben", "node"}
    verdict = await audit_check.look(
        scene.node.store, scene.node.signing.audit_seal, erased_before=scene.node.clock.now()
    )
    assert verdict.faults == []


async def _make_admin(tx: Any, actor_id: int) -> None:
    await tx.execute("UPDATE accounts SET admin = 1 WHERE actor_id = :id", id=actor_id)


def test_each_action_is_known_to_decide_or_not_to() -> None:
    found = {
        f"{module.name}.{name}"
        for module in pkgutil.iter_modules(actions.__path__)
        for name, function in inspect.getmembers(
            importlib.import_module(f"fedcop.actions.{module.name}"), inspect.iscoroutinefunction
        )
        if function.__module__ == f"fedcop.actions.{module.name}"
        and not name.startswith("_")
        and next(iter(inspect.signature(function).parameters)) == "node"
    }
    decided = set().union(*(names for _, _, names in DECIDED.values()))
    others = {f"{module}.{name}" for module, names in NOT_DECIDED.items() for name in names}
    assert found - decided - others == set(), "put it into DECIDED or NOT_DECIDED"
    assert decided & others == set()


async def test_an_entry_holds_where_the_request_came_from(scene: Scene, ben: Actor) -> None:
    caller.address.set("192.0.2.7")
    one, other = (record.note(scene.node, "ada", "ban", ben.uri) for _ in range(2))
    assert one.address == "192.0.2.7"
    assert len({*one.salts, *other.salts}) == 4
    assert "seal=<storage.chain.Seal object" in repr(one), "the key is never shown"


async def test_somebody_elsewhere_stands_by_their_id(scene: Scene, ada: Actor) -> None:
    dee = await scene.remote("dee", "lemmy.example")
    assert (record.name_of(ada), record.name_of(dee)) == ("ada", "https://lemmy.example/users/dee")
