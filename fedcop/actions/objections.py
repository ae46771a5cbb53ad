"""Whom know-how quotes is told before it is published, and may object: then, and ever after.

    await objections.tell(node, ada, draft_id)             its people get a note with a link each
    await objections.tell_one(node, answer)                one of them, when it is due (workers.know_how)
    asked = await objections.asked(node, draft_id, ben.id, seal)
    await objections.answer(node, asked, "leave_out", "That was about another road")

Rules that hold in this file
  1. ``@ask`` tells, by a direct note: it works in any client and at any server, whomever people block.
  2. The link opens by its seal, since whom it is for may have no account here. It is for that person and that
     draft only, and shows nothing but their own words.
  3. ``leave_out`` takes their words and name out, of the draft or of what was published; ``stop`` holds a
     draft up until its facilitator changes it and asks again. Both are recorded.
  4. Nobody's words are published who could not be told.
"""

import hmac
from datetime import datetime, timedelta
from typing import Final

import msgspec

from fedcop.actions import distilling, knowhow, post, record
from fedcop.actions.draft import Draft
from fedcop.actions.setup import ASK
from fedcop.errors import Invalid, NotFound, PeerTrouble, Refusal
from fedcop.knowledge.distil import Part
from fedcop.node import Node
from storage import actors, audit, know_how_drafts, posts, visible
from storage import knowhow as rows
from storage.actors import Actor
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.ids import ActorId, PostId, RowId
from storage.know_how_drafts import Answer, KnowHowDraft

ANSWERS: Final = ("agree", "leave_out", "stop")
LONGEST_REASON: Final = 500

_ASKED = {
    "en": "{who} would like to quote you in the know-how “{title}”. Read what is quoted, and say so if you "
    "do not want that, by {day}: {link}",
    "cy": "Hoffai {who} eich dyfynnu yn y wybodaeth “{title}”. Darllenwch yr hyn sy'n cael ei ddyfynnu, a "
    "dywedwch os nad ydych am hynny, erbyn {day}: {link}",
}
_OBJECTED = {
    "en": "{who} objects to the know-how “{title}”. Look at the draft: {link}",
    "cy": "Mae {who} yn gwrthwynebu'r wybodaeth “{title}”. Edrychwch ar y drafft: {link}",
}
_REVIEW = {
    "en": "It is time to look at your know-how “{title}” again. Is it still right? {link}",
    "cy": "Mae'n bryd edrych eto ar eich gwybodaeth “{title}”. Ydy hi'n dal yn gywir? {link}",
}


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is asked: the draft, who makes it, and what is quoted of them."""

    draft: KnowHowDraft
    by: Actor
    person: Actor
    answer: Answer
    said: tuple[Part, ...]


async def tell(node: Node, me: Actor, draft_id: RowId) -> None:
    """Let those whom a draft quotes know of it; it is published once they agree or had their time."""
    now = node.clock.now()
    held = await node.store.read(know_how_drafts.find, visible.person(me.id), draft_id)
    if held is None or held.state == "published":
        raise NotFound("there is no such draft")
    made = await node.store.read(distilling.made, held)
    if made is None or not made.parts:
        raise Invalid(picks="choose at least one post")
    others = [one.id for one in made.people if one.id != held.by_actor]
    due_at = now + timedelta(days=node.config.limits.objection_days) if others else now
    if not await node.store.write(know_how_drafts.tell, draft_id, held.version, others, due_at):
        raise Invalid("the draft changed meanwhile; look at it again")
    node.hub.wake("due")


async def tell_one(node: Node, answer: Answer) -> None:
    """Tell one person of a draft; who cannot be is left out. ``PeerTrouble`` means that it is tried again."""
    held, by, person = await node.store.read(_who, answer.draft_id, answer.actor_id)
    now = node.clock.now()
    if held is not None and by is not None and person is not None and person.state == "active":
        link = node.uris.know_how_answer(held.id, person.id, seal_of(node, held.id, person.id))
        words = _ASKED.get(held.language or "en", _ASKED["en"])
        text = words.format(who=_name(by), title=_plain(held.title), day=f"{held.due_at:%d/%m/%Y}", link=link)
        told_by = await _written(node, person, text, held.language)
        if told_by is not None:
            await node.store.write(know_how_drafts.told, held.id, person.id, told_by, now)
            return
    await node.store.write(
        know_how_drafts.answer, answer.draft_id, answer.actor_id, "leave_out", knowhow.NOT_TOLD, now
    )


async def _written(node: Node, person: Actor, text: str, language: str | None) -> PostId | None:
    try:
        return await write_to(node, person, text, language)
    except PeerTrouble:
        raise
    except Refusal:
        return None


def _name(actor: Actor) -> str:
    return _plain(f"{actor.display_name or actor.handle} ({actor.domain})")


def _plain(text: str) -> str:
    """Give a text in which nobody is mentioned: a direct note goes to all whom it names."""
    return text.replace("@", "@\u2060")


async def write_to(node: Node, person: Actor, text: str, language: str | None) -> PostId:
    """Let ``@ask`` write a direct note to somebody, and give it; raise a Refusal who cannot be reached."""
    ask = await node.store.read(actors.find_by_uri, visible.SYSTEM, node.uris.person(ASK))
    if ask is None:
        raise NotFound("this node has no @ask")
    if not person.local and not node.allows(person.host):
        raise Invalid(f"this node does not talk with {person.host}")
    named = f"@{person.handle}@{person.domain} {text}"
    return await post.publish(node, ask, Draft(text=named, audience="direct", language=language or "en"))


async def _who(
    read: Reader, draft_id: RowId, actor_id: ActorId
) -> tuple[KnowHowDraft | None, Actor | None, Actor | None]:
    held = await know_how_drafts.find(read, visible.SYSTEM, draft_id)
    by = await actors.find(read, visible.SYSTEM, held.by_actor) if held is not None else None
    return held, by, await actors.find(read, visible.SYSTEM, actor_id)


def seal_of(node: Node, draft_id: int, actor_id: int) -> str:
    """Give what opens the page on which one person may object to one draft."""
    said = f"know-how {draft_id} {actor_id}".encode()
    return hmac.digest(node.signing.address_key, said, "sha256").hex()[:40]


async def asked(node: Node, draft_id: RowId, actor_id: ActorId, seal: str) -> Asked:
    """Give what somebody is asked; raise ``NotFound`` for a wrong seal and for who is not asked."""
    if not hmac.compare_digest(seal.encode(), seal_of(node, draft_id, actor_id).encode()):
        raise NotFound("there is no such page")
    found = await node.store.read(_asked, draft_id, actor_id)
    if found is None:
        raise NotFound("there is no such page")
    return found


async def _asked(read: Reader, draft_id: RowId, actor_id: ActorId) -> Asked | None:
    held, by, person = await _who(read, draft_id, actor_id)
    answers = await know_how_drafts.answers(read, draft_id)
    answer = next((one for one in answers if one.actor_id == actor_id), None)
    if held is None or by is None or person is None or answer is None:
        return None
    made = await distilling.made(read, held)
    said = made.said if made is not None else ()
    return Asked(
        draft=held,
        by=by,
        person=person,
        answer=answer,
        said=tuple(part for part in said if part.said.author == person.uri),
    )


async def answer(node: Node, asked: Asked, said: str, reason: str = "") -> None:
    """Take somebody's word: they agree, want their words left out, or want the draft stopped."""
    published = asked.draft.state == "published"
    if said not in ANSWERS or (said == "stop" and published):
        raise Invalid(answer="choose one of these")
    reason = " ".join(reason.split())[:LONGEST_REASON]
    noted = None
    if said != "agree":
        about = node.uris.know_how_draft(asked.draft.id)
        by, after = record.name_of(asked.person), {"answer": said}
        noted = record.note(node, by, "know-how object", about, reason=reason, after=after)
    if not await node.store.write(_answer, asked, said, reason, noted, node.clock.now()):
        raise Invalid(answer="your words are left out already")
    node.hub.wake("due")
    if said != "agree" and asked.by.state == "active":
        words = _OBJECTED.get(asked.draft.language or "en", _OBJECTED["en"])
        link = node.uris.know_how_draft(asked.draft.id)
        text = words.format(who=_name(asked.person), title=_plain(asked.draft.title), link=link)
        await write_to(node, asked.by, text, asked.draft.language)


async def _answer(
    tx: Transaction, asked: Asked, said: str, reason: str, noted: Note | None, now: datetime
) -> bool:
    held = await know_how_drafts.find(tx, visible.SYSTEM, asked.draft.id)
    if held is None or not await know_how_drafts.answer(tx, held.id, asked.person.id, said, reason, now):
        return False
    if said == "leave_out" and held.post_id is not None:
        await rows.leave_out_author(tx, held.post_id, asked.person.id, now)
    if noted is not None:
        await audit.record(tx, noted)
    return True


async def remind(node: Node, post_id: PostId) -> None:
    """Tell the owner of a note, once, that it is to be looked at again."""
    if not await node.store.write(rows.reminded, post_id, node.clock.now()):
        return
    held, owner = await node.store.read(_owner, post_id)
    if held is None or owner is None or owner.state != "active":
        return
    words = _REVIEW.get(held.language or "en", _REVIEW["en"])
    text = words.format(title=_plain(held.title), link=f"{held.url}/edit")
    await write_to(node, owner, text, held.language)


async def _owner(read: Reader, post_id: PostId) -> tuple[posts.Post | None, Actor | None]:
    held = await posts.find(read, visible.SYSTEM, post_id)
    return held, await actors.find(read, visible.SYSTEM, held.author_id) if held is not None else None
