"""Change what a person says about themself, and tell whoever holds it.

Each host gets as much as it may see (decision 12 of the design): the whole profile, or only the card.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from activitypub.shape import PUBLIC
from fedcop import uris
from fedcop.actions import discover, practice, record, upload
from fedcop.actions.discover import Listing
from fedcop.as2 import activities
from fedcop.as2 import actors as as2_actors
from fedcop.as2.actors import Level
from fedcop.content import markup, plain
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid
from fedcop.node import Node
from storage import actors, audit, keys, memberships
from storage.actors import Actor, Profile
from storage.audit import Note
from storage.deliveries import Target
from storage.engine import Reader, Transaction
from storage.keys import OwnKey
from storage.practices import Practice

LONGEST_NAME = 100
LONGEST_ROLE = 100
LONGEST_NOTE = 2000
LONGEST_PICTURE_TEXT = 1500
MOST_SITES = 100

Findable = Literal["hidden", "council", "members", "nodes", "public"]

_WIDE = ("nodes", "public")
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_PLAIN = ("display_name", "approves", "bot", "indexable", "hides_follows", "icon_text", "image_text")


class Changes(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change; None leaves a thing as it is. ``note`` and field values are as typed."""

    display_name: str | None = None
    note: str | None = None
    fields: tuple[tuple[str, str], ...] | None = None
    approves: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None  # as clients say it
    findable: Findable | None = None  # by whom, as the page says it
    practice: Practice | None = None
    indexable: bool | None = None
    hides_follows: bool | None = None
    tabs: Mapping[str, bool | None] = {}  # by the names of ``Tabs``
    author_of: tuple[str, ...] | None = None  # sites whose links may name the person as their author
    icon_text: str | None = None
    image_text: str | None = None
    icon: bytes | None = None
    image: bytes | None = None
    without: tuple[Literal["icon", "image"], ...] = ()  # pictures that are taken away


async def update(node: Node, me: Actor, changes: Changes) -> Actor:
    """Change a profile, tell the hosts that hold it, and give it as it is then."""
    _ensure_short(changes)
    if changes.display_name is not None:
        changes = msgspec.structs.replace(
            changes, display_name=plain.line_of(changes.display_name, LONGEST_NAME)
        )
    given = {name: getattr(changes, name) for name in _PLAIN}
    profile = msgspec.structs.replace(
        actors.profile_of(me),
        **{name: value for name, value in given.items() if value is not None},
        findable=changes.findable or _findable(me.findable, discoverable=changes.discoverable),
        tabs=_tabs_of(me, changes.tabs),
        **_without(changes.without),
    )
    if changes.author_of is not None:
        profile = msgspec.structs.replace(profile, author_of=_sites_of(changes.author_of))
    if changes.note is not None:
        html = markup.html_of(changes.note, {}, node.uris.tag)
        profile = msgspec.structs.replace(profile, summary=html, summary_source=changes.note)
    if changes.fields is not None:
        said = await practice.typed(node, me, changes.fields)
        profile = msgspec.structs.replace(profile, practice=said.practice, fields=said.fields)
    if changes.practice is not None:
        said = await practice.chosen(node, me, changes.practice)
        profile = msgspec.structs.replace(profile, practice=said.practice, fields=said.fields)
    if changes.icon is not None:
        profile = msgspec.structs.replace(profile, icon=await upload.picture(node, changes.icon))
    if changes.image is not None:
        profile = msgspec.structs.replace(profile, image=await upload.picture(node, changes.image))
    now = node.clock.now()
    after = msgspec.structs.replace(me, **msgspec.structs.asdict(profile), updated_at=now)
    listing = discover.prepare(node, me.id, after)  # its ids come before those of the Updates
    sent = await _updates(node, me.findable, after)
    await node.store.write(_update, node, after, profile, listing, sent, _levelled(node, me, after))
    return after


def _ensure_short(changes: Changes) -> None:
    if changes.display_name is not None and len(changes.display_name) > LONGEST_NAME:
        raise Invalid(display_name=f"is longer than {LONGEST_NAME} characters")
    if changes.note is not None and len(changes.note) > LONGEST_NOTE:
        raise Invalid(note=f"is longer than {LONGEST_NOTE} characters")
    if any(len(text or "") > LONGEST_PICTURE_TEXT for text in (changes.icon_text, changes.image_text)):
        raise Invalid(avatar_description=f"is longer than {LONGEST_PICTURE_TEXT} characters")


def _tabs_of(me: Actor, wanted: Mapping[str, bool | None]) -> str:
    given = {name: shown for name, shown in wanted.items() if shown is not None}
    return msgspec.json.encode(msgspec.structs.replace(actors.tabs_of(me), **given)).decode()


def _without(pictures: tuple[Literal["icon", "image"], ...]) -> dict[str, str | None]:
    """Give what is left of pictures that are taken away: nothing, and no words about them."""
    gone: dict[str, str | None] = dict.fromkeys(pictures)
    return gone | {f"{name}_text": "" for name in pictures}


def _sites_of(named: tuple[str, ...]) -> str:
    """Give the sites that were typed, whole addresses or hosts, as hosts; raise ``Invalid`` for any other."""
    hosts = [
        text.strip().lower().removeprefix("https://").removeprefix("http://").strip("/") for text in named
    ]
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise Invalid(attribution_domains=f"has {host[:100]!r}; wanted the host of a site: news.example")
    return msgspec.json.encode(list(dict.fromkeys(hosts))).decode()


def _findable(now: str, *, discoverable: bool | None) -> str:
    """Give who may find a person: saving a form that shows what was read changes nothing."""
    if discoverable is None or discoverable == (now in _WIDE):
        return now
    return "nodes" if discoverable else "members"


class _Holders(msgspec.Struct, frozen=True, kw_only=True):
    own_keys: list[OwnKey]
    by_level: dict[tuple[Level, tuple[str, ...]], list[Target]]  # and the communities that are shared


def _levelled(node: Node, before: Actor, after: Actor) -> Note | None:
    """Give what the record says of a change of who may find somebody; None if that stays."""
    if before.findable == after.findable:
        return None
    levels = [{"findable": actor.findable} for actor in (before, after)]
    return record.note(node, after.handle, "profile level", after.uri, before=levels[0], after=levels[1])


async def _updates(node: Node, before: str, me: Actor) -> list[tuple[Parcel, list[Target]]]:
    held = await node.store.read(_holders, node, me, before)
    sent = []
    for (level, shared), targets in held.by_level.items():
        uri = node.uris.activity(node.ids.next(node.clock.now()))
        followers = uris.followers_of(me.uri)
        document = activities.update_actor_of(
            uri,
            as2_actors.person_of(me, held.own_keys, node.uris, level, shared),
            to=[PUBLIC] if me.findable == "public" else [followers],
            cc=[followers] if me.findable == "public" else [],
        )
        update_parcel = fanout.parcel(
            node, document, uri=uri, kind="Update", sender_id=me.id, object_uri=me.uri
        )
        sent.append((update_parcel, targets))
    return sent


async def _holders(read: Reader, node: Node, me: Actor, before: str) -> _Holders:
    """Find the hosts that hold an actor of ours, and how much of it each may see.

    The followers of the node itself hear of whoever is, or until now was, findable by allowed nodes.
    """
    held = [*await fanout.followers(read, me.id), *await fanout.holders(read, me.uri)]
    if before in _WIDE or me.findable in _WIDE:
        held += await fanout.followers(read, node.actor_id)
    by_level: dict[tuple[Level, tuple[str, ...]], list[Target]] = defaultdict(list)
    for host, inbox in dict.fromkeys(held):
        shared = await memberships.shared_with(read, me.id, host) if me.findable == "members" else []
        level = as2_actors.level_for(me.findable, fellow=bool(shared))
        by_level[level, tuple(as2_actors.audience_for(me.findable, shared))].append((host, inbox))
    return _Holders(own_keys=await keys.public_of(read, me.id), by_level=by_level)


async def _update(
    tx: Transaction,
    node: Node,
    me: Actor,
    profile: Profile,
    listing: Listing,
    sent: Sequence[tuple[Parcel, list[Target]]],
    levelled: Note | None,
) -> None:
    await actors.set_profile(tx, me.id, profile, me.updated_at)
    await discover.settle(tx, node, listing)
    if levelled is not None:
        await audit.record(tx, levelled)
    for update_parcel, targets in sent:
        await fanout.enqueue(tx, node, update_parcel, targets, me.updated_at)
