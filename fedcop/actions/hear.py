"""A community reads what somebody whom it asked answers privately, and does what the answer says.

    await hear.hear(node, waiting)                     a private answer that waits (``storage.referrals``)
    found = await hear.decline(node, by, note_uri)     somebody's node says that they do not answer

An answer goes on to the asker and the facilitators, with its author's name and nobody else's. A command
(``content.commands``) is carried out; ``post`` comes here only where the expert's node cannot publish.
"""

from datetime import datetime
from typing import Literal

import msgspec

from fedcop.actions import experts, letter, refer
from fedcop.actions.refer import name_of
from fedcop.content import commands, letters, sanitise
from fedcop.content.commands import Command
from fedcop.node import Node
from storage import actors, asks, availability, communities, peers, posts, referrals
from storage.actors import Actor
from storage.asks import Ask
from storage.engine import Reader, Transaction
from storage.ids import ActorId
from storage.posts import Post
from storage.referrals import Referral, Waiting
from storage.visible import SYSTEM

FEDCOP = "fedcop"


class _Heard(msgspec.Struct, frozen=True, kw_only=True):
    """A private answer with its author, the ask and everybody whom it concerns."""

    answer: Post
    referral: Referral
    by: Actor
    community: Actor
    ask: Ask | None
    asked: Post | None
    readers: list[Actor]
    named: list[Actor]
    by_fedcop: bool


async def hear(node: Node, waiting: Waiting) -> None:
    """Do what a private answer says, once."""
    heard = await node.store.read(_heard, waiting)
    if heard is None:
        await node.store.write(referrals.heard, waiting.post_id)
        return
    command = commands.read(sanitise.text_of(heard.answer.content))
    if command is None:
        await _tell(node, heard)
    elif command.verb == "not_me":
        await _pass(node, heard, command)
    elif command.verb == "stop":
        await _stop(node, heard, command)
    elif command.verb == "undo":
        await _resume(node, heard, command)
    else:
        await _reply_there(node, heard, command)


async def _heard(read: Reader, waiting: Waiting) -> _Heard | None:
    answer = await posts.find(read, SYSTEM, waiting.post_id)
    referral = await referrals.by_id(read, waiting.referral_id)
    if answer is None or answer.removed_at is not None or referral is None:
        return None
    by = await actors.find(read, SYSTEM, referral.person_id)
    community = await actors.find(read, SYSTEM, referral.community_id)
    if by is None or community is None:
        return None
    asked = await posts.find(read, SYSTEM, referral.post_id)
    ask = await asks.find(read, SYSTEM, referral.post_id)
    facilitators = await communities.facilitators_of(read, SYSTEM, community.id)
    asker = await actors.find(read, SYSTEM, ask.asker_id) if ask else None
    readers = {one.id: one for one in (asker, *facilitators) if one is not None and one.id != by.id}
    mentioned = await referrals.named_in(read, SYSTEM, answer.id)
    peer = None if by.local else await peers.find(read, by.host)
    return _Heard(
        answer=answer, referral=referral, by=by, community=community, ask=ask, asked=asked,
        readers=list(readers.values()), named=[one for one in mentioned if one.type == "Person"],
        by_fedcop=by.local or (peer is not None and peer.software == FEDCOP),
    )  # fmt: skip


async def _tell(node: Node, heard: _Heard) -> None:
    """Give the answer on to the asker and the facilitators; the ask counts as answered."""
    if heard.ask is None or heard.asked is None or heard.ask.state not in experts.OPEN:
        await _settle(node, heard, sent=await _back(node, heard, "closed", None))
        return
    language = letters.language_of(heard.asked.language)
    by = f"{name_of(heard.by)} (@{heard.by.handle}@{heard.by.domain})"
    text = letters.say("answered", language, by=by, title=heard.asked.title, url=heard.asked.url)
    sent = await letter.prepare(
        node, heard.community, heard.readers, text, language=language, quoted=heard.answer.content
    )
    await _settle(node, heard, sent=sent, state="answered")


async def _pass(node: Node, heard: _Heard, command: Command) -> None:
    """Let somebody pass; who they name is asked in their place, else the next best."""
    if command.named is None:
        await refer.replace(node, heard.referral)
        await _settle(node, heard, state="declined")
        return
    person = _person(heard, command.named)
    against = "unknown" if person is None else await refer.pass_on(node, heard.referral, heard.by, person)
    handle, domain = command.named
    named = f"@{handle}@{domain}" if domain else f"@{handle}"
    if against is None:
        sent = await _back(node, heard, "passed_on", command, named=named)
    else:
        reason = letters.OBSTACLES[against][command.language]
        sent = await _back(node, heard, "not_passed_on", command, named=named, reason=reason)
        await refer.replace(node, heard.referral)
    await _settle(node, heard, sent=sent, state="declined")


def _person(heard: _Heard, named: tuple[str, str | None]) -> Actor | None:
    """Find whom a text names among those whom its post mentions: a client may show a handle alone."""
    handle, domain = named
    fitting = [one for one in heard.named if one.handle == handle and domain in (None, one.domain, one.host)]
    return fitting[0] if len(fitting) == 1 else None


async def _stop(node: Node, heard: _Heard, command: Command) -> None:
    """Ask somebody no more; of people of other fedcop nodes their own keeps that, and lets them go back."""
    keeps = heard.by.local or not heard.by_fedcop
    sent = await _back(node, heard, "stopped", command)
    await refer.replace(node, heard.referral)
    await _settle(node, heard, sent=sent, state="declined", asks_them="none" if keeps else "")


async def _resume(node: Node, heard: _Heard, command: Command) -> None:
    """Let somebody be asked again who stopped it; any other undo is done where they are."""
    said = await node.store.read(availability.find, heard.by.id)
    sent = await _back(node, heard, "asked_again", command) if said.stopped_at is not None else None
    await _settle(node, heard, sent=sent, asks_them="again")


async def _reply_there(node: Node, heard: _Heard, command: Command) -> None:
    """Say where to reply: nobody but the author's own node can publish for them."""
    url = heard.asked.url if heard.asked else ""
    await _settle(node, heard, sent=await _back(node, heard, "in_thread", command, url=url))


async def _back(node: Node, heard: _Heard, name: str, command: Command | None, **given: str) -> letter.Letter:
    """Write back to whoever answered, in the language of their command."""
    language = command.language if command else letters.language_of(heard.answer.language)
    text = letters.say(name, language, **given)
    return await letter.prepare(
        node, heard.community, [heard.by], text, language=language, answers=heard.answer
    )


async def _settle(
    node: Node,
    heard: _Heard,
    *,
    sent: letter.Letter | None = None,
    state: str | None = None,
    asks_them: Literal["", "none", "again"] = "",
) -> None:
    """Keep what came of an answer; ``asks_them``: no more from now on, or again."""
    await node.store.write(_settled, node, heard, sent, state, asks_them, node.clock.now())


async def _settled(
    tx: Transaction,
    node: Node,
    heard: _Heard,
    sent: letter.Letter | None,
    state: str | None,
    asks_them: str,
    at: datetime,
) -> None:
    if not await referrals.heard(tx, heard.answer.id):
        return
    if sent is not None:
        await letter.add(tx, node, sent)
    if state is not None:
        await referrals.end(tx, heard.referral.id, state, at)
    if state == "answered":
        await asks.told_privately(tx, heard.referral.post_id, at)
    if asks_them == "none":
        await availability.stop(tx, heard.by.id, at)
    elif asks_them == "again":
        await availability.resume(tx, heard.by.id)


async def decline(node: Node, by: Actor, note_uri: str) -> bool:
    """Note that the node of somebody who was asked says that they do not answer; the next best is asked.

    False when they were not asked by that note.
    """
    referral = await node.store.read(_by_uri, by.id, note_uri)
    if referral is None:
        return False
    if await node.store.write(referrals.end, referral.id, "declined", node.clock.now()):
        await refer.replace(node, referral)
    return True


async def _by_uri(read: Reader, person_id: ActorId, note_uri: str) -> Referral | None:
    note = await posts.find_by_uri(read, SYSTEM, note_uri)
    return await referrals.by_note(read, note.id, person_id) if note is not None else None
