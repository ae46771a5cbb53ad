"""Who may say something, and where (decision 8 of the design)."""

from fedcop.errors import Invalid, NotPermitted
from fedcop.policy.membership import Standing


def ensure_may_post(standing: Standing, handle: str) -> None:
    """Refuse who may not post in a community.

    In an open public one anybody may who is not banned: a mention by somebody who is no member begins a
    thread (federation.md 1.5). Where joining needs a decision, or only members read, one has to be a member;
    whom the community asked may reply in that one thread where everybody reads.
    """
    if standing.settings.closed_at is not None:
        raise NotPermitted(f"the community {handle} is closed")
    ensure_not_banned(standing, handle)
    if standing.member or standing.facilitator:
        return
    if standing.asked and standing.settings.visibility == "public":
        return
    if standing.settings.join_mode != "open" or standing.settings.visibility != "public":
        raise NotPermitted(f"only members may post in the community {handle}; ask to join it first")


def ensure_not_banned(standing: Standing, handle: str) -> None:
    """Refuse who was banned: a community passes on nothing of theirs, no edit and no like either."""
    if standing.banned:
        raise NotPermitted(f"you are banned from the community {handle}")


def ensure_unlocked(*, locked: bool) -> None:
    """Refuse a reply in a thread, or below a reply, that a facilitator closed."""
    if locked:
        raise Invalid("this thread is locked: a facilitator closed it for replies")


def ensure_text(text: str, *, title: str, pictures: int, longest: int) -> None:
    """Refuse a post that says nothing, or more than is allowed."""
    if not text.strip() and not pictures:
        raise Invalid(text="can't be blank")
    if len(text) + len(title) > longest:
        raise Invalid(text=f"character limit of {longest} exceeded")


def ensure_boostable(audience: str, *, own: bool) -> None:
    """Refuse to spread what was not for everybody; one's followers may be shown one's own post again."""
    if audience not in ("public", "unlisted") and not (own and audience == "followers"):
        raise Invalid("only a public or unlisted post can be boosted")
