"""Change what a community says of itself: name, summary, pictures.

    await describe.describe(node, facilitator, community, Description(summary="..."))
    described = await describe.prepare(node, community, profile)        for an Update received
    await describe.write(tx, node, described)

Members' nodes get the Update of the facilitator, wrapped; other software an Update of the Group itself, the
only one that it believes (federation.md 1.7). Who reads it, how one joins, who facilitates and its end are
changed only by somebody signed in on its own node (decision 10 of the design).
"""

from datetime import datetime
from typing import Final

import msgspec

from activitypub.document import Json
from activitypub.shape import PUBLIC
from fedcop import fetch, uris
from fedcop.actions import announce, decision, discover, local_actor, tell, upload
from fedcop.actions.discover import Listing
from fedcop.as2 import activities
from fedcop.as2 import actors as as2_actors
from fedcop.content import markup
from fedcop.delivery import fanout
from fedcop.delivery.fanout import Parcel
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from storage import actors, changes, communities, directory, keys, visible
from storage.actors import Actor, Profile
from storage.communities import Community
from storage.engine import Reader, Transaction
from storage.keys import OwnKey

LONGEST_SUMMARY: Final = 5000


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change; None leaves a thing as it is. ``summary`` is as typed, pictures are their bytes."""

    name: str | None = None
    summary: str | None = None
    icon: bytes | None = None
    image: bytes | None = None


class Described(msgspec.Struct, frozen=True, kw_only=True):
    """A community of ours as it is about to be, and its word about that to software without communities."""

    community: Actor
    profile: Profile
    document: Json
    direct: Parcel
    listing: Listing
    at: datetime


async def describe(node: Node, facilitator: Actor, community: Actor, changed: Description) -> None:
    """Change a community that somebody facilitates; one elsewhere is asked to, and tells us if it did."""
    if changed.name is not None:
        local_actor.ensure_named(changed.name)
    if changed.summary is not None and len(changed.summary) > LONGEST_SUMMARY:
        raise Invalid(summary=f"found {len(changed.summary)} characters, wanted at most {LONGEST_SUMMARY}")
    community = await node.store.read(_now, community)
    profile = await _profile(node, community, changed)
    described = await prepare(node, community, profile) if community.local else None
    document = described.document if described else await _elsewhere(node, community, profile, changed)
    told = await tell.prepare(
        node,
        facilitator,
        activities.update_community_of(decision.new_uri(node), facilitator.uri, document),
        object_uri=community.uri,
        community=community,
    )
    made = decision.made(
        node,
        facilitator,
        community,
        "describe",
        community.uri,
        "",
        [told],
        before=_changing(actors.profile_of(community), profile),
        after=_changing(profile, actors.profile_of(community)),
    )

    async def change(tx: Transaction) -> None:
        if described is not None:
            await write(tx, node, described)

    await node.store.write(decision.write, node, made, change)


def _changing(profile: Profile, other: Profile) -> dict[str, str]:
    """Give by name what a profile says and another does not."""
    said, elsewise = msgspec.structs.asdict(profile), msgspec.structs.asdict(other)
    return {name: str(value or "") for name, value in said.items() if value != elsewise[name]}


async def _now(read: Reader, community: Actor) -> Actor:
    found = await actors.find(read, visible.SYSTEM, community.id)
    if found is None:
        raise NotFound(f"found no community {community.handle!r}")
    return found


async def _profile(node: Node, community: Actor, changed: Description) -> Profile:
    profile = actors.profile_of(community)
    if changed.name is not None:
        profile = msgspec.structs.replace(profile, display_name=changed.name.strip())
    if changed.summary is not None:
        html = markup.html_of(changed.summary, {}, node.uris.tag) if changed.summary else ""
        profile = msgspec.structs.replace(profile, summary=html, summary_source=changed.summary)
    if changed.icon is not None:
        profile = msgspec.structs.replace(profile, icon=await upload.picture(node, changed.icon))
    if changed.image is not None:
        profile = msgspec.structs.replace(profile, image=await upload.picture(node, changed.image))
    return profile


async def _elsewhere(node: Node, community: Actor, profile: Profile, changed: Description) -> Json:
    """Give the document that a community elsewhere should have: what it is now, but for what changed."""
    got = await fetch.document(node, community.uri)
    if got is None:
        raise NotFound(f"{community.uri} is not there")
    document = {**got.json, "name": profile.display_name, "summary": profile.summary}
    if changed.summary is not None:
        document["source"] = {"content": changed.summary, "mediaType": "text/markdown"}
    for name, given, kept in (
        ("icon", changed.icon, profile.icon),
        ("image", changed.image, profile.image),
    ):
        if given is not None and kept is not None:
            document[name] = {"type": "Image", "url": node.uris.media(kept)}
    return document


async def prepare(node: Node, community: Actor, profile: Profile) -> Described:
    """Make a community of ours ready to be as ``profile`` says."""
    now = node.clock.now()
    after = msgspec.structs.replace(community, **msgspec.structs.asdict(profile), updated_at=now)
    settings, own_keys = await node.store.read(_settings, community)
    document = as2_actors.group_of(after, settings, own_keys, node.uris)
    uri = decision.new_uri(node)
    update = activities.update_actor_of(uri, document, to=[PUBLIC], cc=[uris.followers_of(community.uri)])
    return Described(
        community=community,
        profile=profile,
        document=document,
        direct=fanout.parcel(
            node, update, uri=uri, kind="Update", sender_id=community.id, object_uri=community.uri
        ),
        listing=discover.prepare(node, community.id, after),
        at=now,
    )


async def _settings(read: Reader, community: Actor) -> tuple[Community, list[OwnKey]]:
    settings = await communities.find(read, visible.SYSTEM, community.id)
    if settings is None:
        raise NotFound(f"found no community {community.handle!r} here")
    return settings, await keys.public_of(read, community.id)


async def write(tx: Transaction, node: Node, described: Described) -> None:
    """Store what a community says of itself, and let it tell software without communities."""
    await actors.set_profile(tx, described.community.id, described.profile, described.at)
    await discover.settle(tx, node, described.listing)
    # Councils that only list it get no Announce of what changes: they are told as plain software is.
    told = await fanout.followers(tx, described.community.id, announce.PLAIN)
    if await directory.is_listed(tx, described.community.id):
        told += await fanout.followers(tx, node.actor_id)
    await fanout.enqueue(tx, node, described.direct, told, described.at)
    await changes.bump(tx, "actors")
