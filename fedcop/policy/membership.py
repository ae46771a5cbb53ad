"""How somebody stands to a community, read in one place, and what follows for joining and facilitating."""

from datetime import datetime

import msgspec

from fedcop.errors import NotPermitted
from storage import communities, invited, memberships, referrals, routed, visible
from storage.actors import Actor
from storage.communities import Community
from storage.engine import Reader
from storage.ids import ActorId, PostId


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """What a community is like, and what somebody is in it; ``asked``: by a routed ask, in one thread."""

    settings: Community
    member: bool
    facilitator: bool
    banned: bool
    invited: bool = False
    asked: bool = False


async def standing_of(
    read: Reader, community: Actor, actor_id: ActorId, now: datetime, *, thread: PostId | None = None
) -> Standing:
    """Read how somebody stands to a community; another node's is as open as its document says.

    ``thread`` is where they want to say something: somebody may have asked them to (decision 15).
    """
    settings = await communities.find(read, visible.SYSTEM, community.id)
    return Standing(
        settings=settings
        or Community(
            actor_id=community.id,
            join_mode="open",
            visibility="members" if community.approves else "public",
            closed_at=None,
        ),
        member=await memberships.is_member(read, community.id, actor_id),
        facilitator=await communities.is_facilitator(read, community.id, actor_id),
        banned=await communities.is_banned(read, community.id, actor_id, now),
        invited=await invited.is_invited(read, community.id, actor_id),
        asked=thread is not None and await _is_asked(read, community, actor_id, thread),
    )


async def _is_asked(read: Reader, community: Actor, actor_id: ActorId, thread: PostId) -> bool:
    """Tell whether a routed ask admits somebody to a thread: the community's row says so, or their node's."""
    admits = referrals.admits if community.local else routed.admits
    return await admits(read, thread, actor_id)


def joins_at_once(standing: Standing) -> bool:
    """Tell whether a wish to join is granted at once; False: a facilitator decides."""
    return standing.facilitator or standing.invited or standing.settings.join_mode == "open"


def ensure_keeps_closed(community: Actor, software: str, version: str) -> None:
    """Refuse a node that would not keep what it gets among the members of a community that only they read.

    fedcop does, and Lemmy from 1.0, which calls such a community private; to any other a post that is not
    public is its author's followers' (design 9).
    """
    if not community.approves or software == "fedcop":
        return
    if software == "lemmy" and _major(version) >= 1:
        return
    found = f"{software} {version}".strip() or "what it does not say"
    raise NotPermitted(
        f"only its members read the community {community.handle}, and your server would not keep it among "
        f"them: it runs {found}; wanted fedcop, or Lemmy 1.0 or later"
    )


def _major(version: str) -> int:
    number = version.removeprefix("v").partition(".")[0]
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 5 else 0


def ensure_may_join(standing: Standing, handle: str) -> None:
    """Refuse who may not even ask to join a community."""
    if standing.settings.closed_at is not None:
        raise NotPermitted(f"the community {handle} is closed")
    if standing.banned:
        raise NotPermitted(f"you are banned from the community {handle}")
    if standing.settings.join_mode == "invite" and not (standing.facilitator or standing.invited):
        raise NotPermitted(f"the community {handle} is joined by invitation only")


def ensure_facilitates(standing: Standing, handle: str) -> None:
    """Refuse who is no facilitator of a community."""
    if not standing.facilitator:
        raise NotPermitted(f"only a facilitator of {handle} may do this")
