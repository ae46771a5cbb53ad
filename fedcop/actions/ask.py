"""Ask a community: a thread with what is needed, by when, what was tried, and which services it is about.

    post_id = await ask.publish(node, ada, ask.Draft(title="Who has...?", need="...", community="@housing"))
    await ask.withdraw(node, ada, post_id)      no answer is wanted any more
    await ask.renew(node, ada, post_id)         one is, after all

All that the form holds stands in the text of the post too, for software that knows nothing of asks. What
somebody asks from a Mastodon client is an ask by its title or its tag (``as2.asks``).
"""

from collections.abc import Iterable
from datetime import date, datetime

import msgspec

from fedcop.actions import draft as drafts
from fedcop.actions import post
from fedcop.content.markup import LONGEST_TITLE
from fedcop.content.when import day
from fedcop.errors import Invalid, NotFound, NotPermitted
from fedcop.node import Node
from storage import asks, posts, service_list, visible
from storage.actors import Actor
from storage.asks import Ask, NewAsk
from storage.engine import Reader
from storage.ids import PostId
from storage.service_list import Service

LONGEST = 2000  # signs of what is needed, and of what was tried
MOST_SERVICES = 5

_TRIED = {"en": "Tried so far:", "cy": "Wedi rhoi cynnig ar:"}
_ABOUT = {"en": "About:", "cy": "Ynghylch:"}
_BY_WHEN = {"en": "Needed by", "cy": "Ei angen erbyn"}


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An ask as somebody writes it; ``community`` is its handle, as it is mentioned in a text."""

    title: str
    need: str
    community: str
    tried: str = ""
    by_when: date | None = None
    services: tuple[str, ...] = ()
    language: str = "en"
    audience: str = "public"


async def publish(node: Node, author: Actor, draft: Draft) -> PostId:
    """Ask, and give the post; refused, field by field, if it cannot be asked like that."""
    ensure_sound(draft, node.clock.now())
    about = await node.store.read(service_list.by_ids, draft.services)
    if len(about) < len(set(draft.services)):
        raise Invalid(services="names what is not in the service list")
    return await post.publish(
        node,
        author,
        post.Draft(
            text=f"{draft.community} {_text(draft, about.values())}",
            title=" ".join(draft.title.split()),
            audience=draft.audience,
            language=draft.language,
            ask=NewAsk(
                need=draft.need.strip(),
                tried=draft.tried.strip(),
                by_when=draft.by_when,
                services=draft.services,
            ),
        ),
    )


def _text(draft: Draft, about: Iterable[Service]) -> str:
    language = draft.language if draft.language in _TRIED else "en"
    parts = [draft.need.strip()]
    if draft.tried.strip():
        parts.append(f"{_TRIED[language]} {draft.tried.strip()}")
    if draft.by_when is not None:
        parts.append(f"{_BY_WHEN[language]} {day(draft.by_when, language)}")
    if labels := ", ".join(service_list.label_of(one, language) for one in about):
        parts.append(f"{_ABOUT[language]} {labels}")
    return "\n\n".join(parts)


def ensure_sound(draft: Draft, now: datetime) -> None:
    """Refuse an ask that lacks something or says too much, naming each field at once."""
    faults = {
        "title": _blank_or_long(draft.title, LONGEST_TITLE),
        "need": _blank_or_long(draft.need, LONGEST),
        "community": "" if draft.community.strip() else "can't be blank",
        "tried": _long(draft.tried, LONGEST),
        "by_when": "has passed already" if draft.by_when and draft.by_when < now.date() else "",
        "services": f"are more than {MOST_SERVICES}" if len(draft.services) > MOST_SERVICES else "",
    }
    found = {name: fault for name, fault in faults.items() if fault}
    if found:
        raise Invalid(**found)


def _blank_or_long(text: str, longest: int) -> str:
    return _long(text, longest) if text.strip() else "can't be blank"


def _long(text: str, longest: int) -> str:
    return f"is longer than {longest} characters" if len(text) > longest else ""


async def withdraw(node: Node, asker: Actor, post_id: PostId) -> None:
    """Want no answer any more; whoever holds the ask is told. A second time changes nothing."""
    found, ask = await node.store.read(_asked, asker, post_id)
    if ask.withdrawn_at is None:
        await _edit(node, asker, found, ask, node.clock.now())


async def renew(node: Node, asker: Actor, post_id: PostId) -> None:
    """Want an answer after all."""
    found, ask = await node.store.read(_asked, asker, post_id)
    if ask.withdrawn_at is not None:
        await _edit(node, asker, found, ask, None)


async def _edit(node: Node, asker: Actor, found: posts.Post, ask: Ask, withdrawn_at: datetime | None) -> None:
    community = await node.store.read(drafts.place_of_post, found)
    held = {name: getattr(ask, name) for name in NewAsk.__struct_fields__}
    await post.edit(
        node,
        asker,
        found.id,
        post.Draft(
            text=found.source,
            title=drafts.title_apart(found, community.community),
            sensitive=found.sensitive,
            ask=NewAsk(**held | {"withdrawn_at": withdrawn_at}),
        ),
    )


async def _asked(read: Reader, asker: Actor, post_id: PostId) -> tuple[posts.Post, Ask]:
    viewer = visible.person(asker.id)
    found, ask = await posts.find(read, viewer, post_id), await asks.find(read, viewer, post_id)
    if found is None or ask is None:
        raise NotFound("there is no such ask")
    if found.author_id != asker.id:
        raise NotPermitted("only who asked may withdraw it, or ask again")
    return found, ask
