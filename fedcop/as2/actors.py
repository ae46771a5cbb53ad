"""Actors both ways: our rows to Person, Group and Application, and a peer's document to a row.

    person_of(actor, keys, uris, level)      how much of a person goes out: stub, card or profile
    group_of(community, settings, keys, uris)
    actor_from(found, domain=..., now=...)   what a peer's document says, cleaned, as a row

How much of a person goes out (decision 12 of the design)
  stub      id, type, inbox, handle and keys: to strangers, so that a signature can be checked
  card      what it takes to talk with somebody, and nothing about them
  profile   the card and all that the person says about themself
"""

import mimetypes
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from activitypub import origin
from activitypub.document import Json
from activitypub.vocab.actors import Actor as Found
from activitypub.vocab.objects import Attachment
from activitypub.vocab.write import ACTOR_CONTEXT
from fedcop import uris as addresses
from fedcop.as2 import practices
from fedcop.as2.activities import moment_of
from fedcop.content import plain, sanitise
from fedcop.uris import Uris
from storage.actors import Actor, Field, NewActor, aliases_of, fields_of, sites_of
from storage.communities import Community
from storage.keys import OwnKey
from storage.practices import of as practice_of
from storage.practices import text_of

Level = Literal["stub", "card", "profile"]

# FEP-844e: what this node understands, read by peers that ask before they send.
IMPLEMENTS = [
    {"href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures"},
    {"href": "https://w3id.org/fep/1b12", "name": "FEP-1b12: Group federation"},
    {"href": "https://w3id.org/fep/8b32", "name": "FEP-8b32: Object Integrity Proofs"},
]

# Mastodon's limits, beyond which it cuts or refuses (federation.md 5.3).
LONGEST_NAME = 2048
LONGEST_SUMMARY = 20_000
MOST_FIELDS = 50
LONGEST_HANDLE = 2048
LONGEST_PICTURE_TEXT = 1500
MOST_READERS = 50


def level_for(findable: str, *, fellow: bool) -> Level:
    """Say how much of a person goes to an allowed node; ``fellow``: it has a member of a shared community."""
    if findable in ("nodes", "public") or (findable == "members" and fellow):
        return "profile"
    return "card"


def audience_for(findable: str, shared: Sequence[str]) -> Sequence[str]:
    """Give the communities whose members alone are shown a profile at an allowed node; none: everybody."""
    return shared if findable == "members" else ()


def person_of(
    actor: Actor, keys: Sequence[OwnKey], uris: Uris, level: Level, audience: Sequence[str] = ()
) -> Json:
    """Give the document of a person, or of a service, of ours.

    ``audience``: the communities whose members alone may be shown the profile there, at "fellow members".
    """
    document = _stub(actor, keys)
    if level == "stub":
        return document
    document |= _card(actor, uris)
    if level == "profile":
        document |= _profile(actor, uris)
        document |= {"audience": list(audience)} if audience else {}
    return document


def group_of(community: Actor, settings: Community, keys: Sequence[OwnKey], uris: Uris) -> Json:
    """Give the document of a community of ours, in the shape that Lemmy demands (federation.md 1.3)."""
    facilitators = addresses.facilitators_of(community.uri)
    document = _stub(community, keys) | _card(community, uris) | _profile(community, uris)
    return document | {
        "attributedTo": facilitators,
        "moderators": facilitators,
        "featured": addresses.featured_of(community.uri),
        "source": {"content": community.summary_source, "mediaType": "text/markdown"},
        # True is a private community to Lemmy; one that only approves who may post stays false (decision 8).
        "manuallyApprovesFollowers": settings.visibility == "members",
        "postingRestrictedToMods": False,
        "sensitive": False,
        "discoverable": True,
        "indexable": True,
        "language": [{"identifier": "en", "name": "English"}, {"identifier": "cy", "name": "Cymraeg"}],
    }


def node_actor_of(actor: Actor, keys: Sequence[OwnKey], uris: Uris) -> Json:
    """Give the document of the node itself, which anybody may read."""
    return _stub(actor, keys) | {
        "name": actor.display_name,
        "summary": actor.summary,
        "url": uris.base_url,
        "outbox": addresses.outbox_of(actor.uri),
        "followers": addresses.followers_of(actor.uri),
        "following": addresses.following_of(actor.uri),
        "endpoints": {"sharedInbox": uris.shared_inbox},
        "manuallyApprovesFollowers": True,
        "streams": [uris.people_directory, uris.communities_directory],
        "generator": {"type": "Application", "implements": IMPLEMENTS},
    }


def _stub(actor: Actor, keys: Sequence[OwnKey]) -> Json:
    document: Json = {
        "@context": ACTOR_CONTEXT,
        "id": actor.uri,
        "type": actor.type,
        "preferredUsername": actor.handle,
        "inbox": addresses.inbox_of(actor.uri),
    }
    for key in keys:
        if key.kind == "rsa":
            # Lemmy refuses a list here, so the other key stands in assertionMethod (federation.md 1.3).
            document["publicKey"] = {"id": key.key_id, "owner": actor.uri, "publicKeyPem": key.public}
        else:
            document["assertionMethod"] = [
                {
                    "id": key.key_id,
                    "type": "Multikey",
                    "controller": actor.uri,
                    "publicKeyMultibase": key.public,
                }
            ]
    return document


def _card(actor: Actor, uris: Uris) -> Json:
    card: Json = {
        "name": actor.display_name or actor.handle,
        "url": actor.url or actor.uri,
        "outbox": addresses.outbox_of(actor.uri),
        "followers": addresses.followers_of(actor.uri),
        "endpoints": {"sharedInbox": uris.shared_inbox},
        "webfinger": f"{actor.handle}@{actor.domain}",
        "manuallyApprovesFollowers": actor.approves,
        "discoverable": False,
        "generator": {"type": "Application", "id": uris.actor, "implements": IMPLEMENTS},
    }
    return card | ({"movedTo": actor.moved_to} if actor.moved_to else {})


def _profile(actor: Actor, uris: Uris) -> Json:
    profile: Json = {
        "summary": actor.summary,
        "following": addresses.following_of(actor.uri),
        "featured": addresses.featured_of(actor.uri),
        "discoverable": actor.findable in ("nodes", "public"),
        "indexable": actor.indexable,
        "attachment": [
            {"type": "PropertyValue", "name": field.name, "value": field.value} for field in fields_of(actor)
        ],
        "alsoKnownAs": aliases_of(actor),
        "published": moment_of(actor.created_at),
        "updated": moment_of(actor.updated_at),
    }
    for name, picture, text in (
        ("icon", actor.icon, actor.icon_text), ("image", actor.image, actor.image_text)
    ):  # fmt: skip
        if picture:
            profile[name] = _picture(uris.media(picture), text)
    if tags := practices.tags_of(practice_of(actor), uris):
        profile["tag"] = tags
    return profile | ({"attributionDomains": sites} if (sites := sites_of(actor)) else {})


def _picture(url: str, text: str) -> Json:
    picture = {"type": "Image", "mediaType": mimetypes.guess_type(url)[0] or "image/webp", "url": url}
    return picture | ({"name": text} if text else {})


def actor_from(found: Found, *, domain: str, now: datetime) -> NewActor:
    """Give the row of a peer's actor; ``domain`` is what WebFinger confirmed, ``found`` came from its origin.

    Text is cleaned and cut. An address of another origin is dropped where a peer could use it to speak for
    someone else (inbox and collections), and kept where it only shows something (url, pictures).
    """
    return NewActor(
        uri=found.id,
        type=found.type,
        handle=found.preferred_username[:LONGEST_HANDLE].lower(),
        host=origin.host_of(found.id),
        domain=domain,
        local=False,
        display_name=plain.line_of(found.name or "", LONGEST_NAME),
        summary=sanitise.clean((found.summary or "")[:LONGEST_SUMMARY]),
        url=_shown(found.url) or found.id,
        inbox=_same(found.id, found.inbox) or "",
        shared_inbox=_same(found.id, found.endpoints.shared_inbox if found.endpoints else None),
        outbox=_same(found.id, found.outbox),
        followers_uri=_same(found.id, found.followers),
        following_uri=_same(found.id, found.following),
        featured_uri=_same(found.id, found.featured),
        facilitators_uri=_same(found.id, found.attributed_to) if found.type == "Group" else None,
        icon=_shown(found.icon.url if found.icon else None),
        icon_text=_text_from(found.icon),
        image=_shown(found.image.url if found.image else None),
        image_text=_text_from(found.image),
        fields=_fields_from(found),
        also_known_as=msgspec.json.encode(found.also_known_as[:256]).decode(),
        approves=found.manually_approves_followers,
        bot=found.type in ("Service", "Application"),
        findable=_findable_from(found),
        practice=text_of(practices.practice_from(found)),
        readers=msgspec.json.encode(found.audience[:MOST_READERS]).decode(),
        indexable=bool(found.indexable),
        moved_to=found.moved_to,
        created_at=_past(found.published, now),
        updated_at=_past(found.updated or found.published, now),
        fetched_at=now,
    )


def _findable_from(found: Found) -> str:
    """Say to whom a peer's actor is shown: a profile for members of communities names them."""
    if found.discoverable or found.type == "Group":
        return "nodes" if found.discoverable else "members"
    return "members" if found.audience else "hidden"


def _text_from(picture: Attachment | None) -> str:
    """Give what a picture shows; most servers say nothing of it, some its ``name``, some ``summary``."""
    told = (picture.name or picture.summary or "") if picture else ""
    return plain.line_of(told, LONGEST_PICTURE_TEXT)


def _fields_from(found: Found) -> str:
    lines = [
        Field(name=plain.line_of(line.name or "", LONGEST_NAME), value=sanitise.clean(line.value or ""))
        for line in found.attachment[:MOST_FIELDS]
        # Of which council somebody is their host says, and nobody else (``storage/councils.py``).
        if line.type == "PropertyValue" and practices.kind_of(line.name or "") != "council"
    ]
    return msgspec.json.encode(lines).decode()


def _same(actor_uri: str, address: str | None) -> str | None:
    return address if address and origin.same_origin(actor_uri, address) else None


def _shown(address: str | None) -> str | None:
    return address if address and address.startswith(("https://", "http://")) else None


def _past(at: datetime | None, now: datetime) -> datetime:
    """Give a time that is not ahead of ours by more than a clock may be wrong."""
    return at if at and at <= now + timedelta(hours=1) else now
