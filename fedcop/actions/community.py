"""Open and close communities of this node, and say who facilitates them."""

from typing import Literal

import msgspec

from fedcop import fetch
from fedcop.actions import discover, local_actor, record
from fedcop.actions.discover import Listing
from fedcop.actions.local_actor import NewLocal
from fedcop.as2 import activities
from fedcop.as2 import actors as as2_actors
from fedcop.content import markup
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.rules import canonical
from fedcop.uris import followers_of
from storage import actors, audit, changes, communities, follows, keys, visible
from storage.actors import Actor
from storage.audit import Note
from storage.communities import Community
from storage.engine import Reader, Transaction
from storage.errors import Conflict
from storage.follows import NewFollow
from storage.ids import ActorId
from storage.keys import OwnKey

JoinMode = Literal["open", "approval", "invite"]
Visibility = Literal["public", "members"]

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
LONGEST_SUMMARY = 5000


class _NewCommunity(msgspec.Struct, frozen=True, kw_only=True):
    local: NewLocal
    join_mode: JoinMode
    visibility: Visibility
    facilitator: Actor
    membership: NewFollow
    listing: Listing
    noted: Note


async def find_person(node: Node, text: str) -> Actor:
    """Give the person that ``name`` or ``name@host`` means; another node's is looked up there."""
    handle, _, domain = text.strip().removeprefix("@").lower().partition("@")
    try:
        domain = canonical(domain) if domain else ""
    except ValueError as error:
        raise Invalid(facilitator=str(error)) from None
    if domain in ("", node.uris.domain):
        found = await node.store.read(actors.find_by_handle, visible.SYSTEM, handle, node.uris.domain)
    else:
        found = await fetch.handle(node, handle, domain)
    if found is None or found.type != "Person" or found.state != "active":
        raise NotFound(f"found no person {text!r}; wanted name or name@host")
    return found


async def open_community(
    node: Node,
    slug: str,
    *,
    name: str,
    summary: str,
    facilitator: Actor,
    join_mode: JoinMode = "open",
    visibility: Visibility = "public",
    by: str = "",
) -> Actor:
    """Open a community with its lead facilitator; one of this node is its first member.

    One that only its members read stays so for good: nothing here, or said by a peer, makes it public.
    """
    local_actor.ensure_handle(slug)
    local_actor.ensure_named(name)
    if len(summary) > LONGEST_SUMMARY:
        raise Invalid(summary=f"found {len(summary)} characters, wanted at most {LONGEST_SUMMARY}")
    now = node.clock.now()
    local = await local_actor.prepare(
        node.signing,
        node.uris,
        actor_id=ActorId(node.ids.next(now)),
        kind="Group",
        handle=slug,
        uri=node.uris.community(slug),
        display_name=name.strip(),
        summary=markup.html_of(summary, {}, node.uris.tag) if summary else "",
        summary_source=summary,
        findable="public",
        # Peers read from it that what is said there is for members only (decision 8).
        approves=visibility == "members",
        now=now,
    )
    follow_id = node.ids.next(now)
    new = _NewCommunity(
        local=local,
        join_mode=join_mode,
        visibility=visibility,
        facilitator=facilitator,
        membership=NewFollow(
            id=follow_id,
            follower_id=facilitator.id,
            target_id=local.id,
            uri=node.uris.activity(follow_id),
            requested_at=now,
            accepted_at=now,
        ),
        listing=discover.prepare(node, local.id, local.actor),
        noted=record.note(
            node,
            by or record.name_of(facilitator),
            "community open",
            local.actor.uri,
            after={"facilitator": facilitator.uri, "join": join_mode, "visibility": visibility},
        ),
    )
    try:
        return await node.store.write(_open, node, new)
    except Conflict as error:
        raise Invalid(slug=f"{slug!r} is or was taken here; a handle is never given again") from error


async def _open(tx: Transaction, node: Node, new: _NewCommunity) -> Actor:
    community, now = await local_actor.add(tx, new.local), new.local.actor.created_at
    await communities.add(tx, community.id, join_mode=new.join_mode, visibility=new.visibility)
    await communities.add_facilitator(tx, community.id, new.facilitator.id, lead=True, now=now)
    if new.facilitator.local:
        # Somebody elsewhere becomes a member as anybody does: by a Follow of their own.
        await follows.add(tx, new.membership)
    await discover.settle(tx, node, new.listing)
    await audit.record(tx, new.noted)
    await changes.bump(tx, "actors")
    return community


async def close(node: Node, slug: str, *, by: str) -> Actor:
    """Close a community for good: what was said stays, nobody joins or posts; members' nodes are told."""
    now = node.clock.now()
    found = await node.store.read(_find_local, slug, node.uris.domain)
    if found is None:
        raise NotFound(f"found no community {slug!r} here; `fedcop community list` names them")
    community, settings, own_keys = found
    if settings.closed_at is not None:
        raise Invalid(f"the community {slug} was closed on {settings.closed_at:%-d %B %Y}")
    closed = msgspec.structs.replace(settings, closed_at=now)
    told = _update(node, community, closed, own_keys)
    listing = discover.prepare(node, community.id, community)
    noted = record.note(node, by, "community close", community.uri)
    await node.store.write(_close, node, community, told, listing, noted)
    return community


async def _close(
    tx: Transaction, node: Node, community: Actor, told: Parcel, listing: Listing, noted: Note
) -> None:
    if not await communities.close(tx, community.id, noted.at):
        return
    await fanout.enqueue(tx, node, told, await fanout.followers(tx, community.id), noted.at)
    await discover.settle(tx, node, listing)
    await audit.record(tx, noted)
    await changes.bump(tx, "actors")
    await changes.bump(tx, "deliveries")


async def _find_local(read: Reader, slug: str, domain: str) -> tuple[Actor, Community, list[OwnKey]] | None:
    community = await actors.find_by_handle(read, visible.SYSTEM, slug, domain)
    if community is None:
        return None
    settings = await communities.find(read, visible.SYSTEM, community.id)
    return None if settings is None else (community, settings, await keys.public_of(read, community.id))


def _update(node: Node, community: Actor, settings: Community, own_keys: list[OwnKey]) -> Parcel:
    uri = node.uris.activity(node.ids.next(node.clock.now()))
    document = activities.update_actor_of(
        uri,
        as2_actors.group_of(community, settings, own_keys, node.uris),
        to=[PUBLIC],
        cc=[followers_of(community.uri)],
    )
    return fanout.parcel(
        node, document, uri=uri, kind="Update", sender_id=community.id, object_uri=community.uri
    )
