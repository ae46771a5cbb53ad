"""A facilitator elsewhere changes what a community of ours says of itself."""

import contextlib

import msgspec

from activitypub import vocab
from activitypub.vocab.objects import Attachment
from fedcop.actions import announce, describe
from fedcop.actions.announce import Passed
from fedcop.actions.describe import LONGEST_SUMMARY, Described
from fedcop.actions.local_actor import LONGEST_NAME
from fedcop.content import plain, sanitise
from fedcop.errors import NotFound
from fedcop.fetch import pictures
from fedcop.node import Node
from fedcop.receive.arrival import DONE, Arrival, Outcome, ignored, refused
from fedcop.receive.subject import noted, write_noted
from storage import actors, communities
from storage.actors import Actor, Profile
from storage.audit import Note
from storage.engine import Reader, Transaction
from storage.pictures import Kind
from storage.visible import SYSTEM


async def change_community(node: Node, arrival: Arrival, changed: vocab.Actor) -> Outcome:
    """Take name, summary and pictures from a listed facilitator, and nothing else of what a document says."""
    community = await node.store.read(_facilitated, changed.id, arrival.by)
    if community is None:
        return refused(f"{arrival.by.uri} does not facilitate {changed.id}")
    profile = await _profile(node, community, changed)
    if profile == actors.profile_of(community):
        return ignored("it says what is held already")
    described = await describe.prepare(node, community, profile)
    passed = announce.prepare(
        node,
        community,
        uri=arrival.activity.id,
        kind="Update",
        actor_id=arrival.by.id,
        body=arrival.raw,
        object_uri=community.uri,
    )
    note = noted(node, arrival, community, "describe", community.uri)
    await node.store.write(_write, node, described, passed, note)
    return DONE


async def _facilitated(read: Reader, uri: str, by: Actor) -> Actor | None:
    community = await actors.find_by_uri(read, SYSTEM, uri)
    if community is None or not await communities.is_facilitator(read, community.id, by.id):
        return None
    return community if community.local and community.state == "active" else None


async def _profile(node: Node, community: Actor, changed: vocab.Actor) -> Profile:
    held = actors.profile_of(community)
    return msgspec.structs.replace(
        held,
        display_name=plain.line_of(changed.name or "", LONGEST_NAME) or held.display_name,
        summary=sanitise.clean((changed.summary or "")[:LONGEST_SUMMARY]),
        summary_source=(changed.source.content if changed.source else "")[:LONGEST_SUMMARY],
        icon=await _picture(node, held.icon, changed.icon, "icon"),
        image=await _picture(node, held.image, changed.image, "image"),
    )


async def _picture(node: Node, held: str | None, said: Attachment | None, kind: Kind) -> str | None:
    """Give the name of a picture that a facilitator sets; what cannot be had leaves the one that there is."""
    url = said.url if said is not None else None
    if url is None or node.uris.is_ours(url):
        return held
    with contextlib.suppress(NotFound):
        return await pictures.to_keep(node, url, kind)
    return held


async def _write(
    tx: Transaction, node: Node, described: Described, passed: Passed, note: Note | None
) -> None:
    await describe.write(tx, node, described)
    await write_noted(tx, note)
    await announce.add(tx, node, passed)
