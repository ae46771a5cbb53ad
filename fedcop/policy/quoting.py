"""Where a post may be quoted: a quote tells nobody of a post that they may not open.

Whether its author lets it be quoted at all is asked of ``storage.quotes``.
"""

from typing import Literal

from fedcop.errors import Invalid
from fedcop.policy.pictures import EVERYBODY
from storage.ids import ActorId
from storage.posts import Post

Policy = Literal["public", "followers", "nobody"]


def policy_of(wanted: str, audience: str) -> str:
    """Give who may quote a post, of its author's wish: what is not for everybody its author alone."""
    return wanted if audience in EVERYBODY else "nobody"


def ensure_may_stand(
    quoted: Post, *, by: ActorId, audience: str, community_id: ActorId | None, named: bool
) -> None:
    """Refuse a post whose readers are not to know of what it quotes; ``named``: it names whom it quotes."""
    own = quoted.author_id == by
    if audience == "members" and (quoted.audience, quoted.community_id) != ("members", community_id):
        raise Invalid(quote="is not of this community: what only its members read asks nobody else")
    if quoted.audience == "members" and audience != "members":
        raise Invalid(quote="is read by the members of a community, and quoted among them only")
    if quoted.audience == "followers" and audience not in ("followers", "direct"):
        raise Invalid(quote="is for your followers: quote it in a post for them")
    if audience == "direct" and not own and not named:
        raise Invalid(quote="is by somebody whom this private post does not mention")
