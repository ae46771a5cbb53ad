"""Who may post where: the rules as functions of facts."""

from datetime import UTC, datetime

import pytest

from fedcop.errors import Invalid, NotPermitted
from fedcop.policy import posting
from fedcop.policy.membership import Standing
from storage.communities import Community
from storage.ids import ActorId

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def standing(
    mode: str = "open",
    *,
    visibility: str = "public",
    closed: bool = False,
    member: bool = False,
    facilitator: bool = False,
    banned: bool = False,
    asked: bool = False,
) -> Standing:
    settings = Community(ActorId(1), mode, visibility, NOON if closed else None)
    return Standing(settings=settings, member=member, facilitator=facilitator, banned=banned, asked=asked)


@pytest.mark.parametrize(
    "allowed",
    [
        standing(),
        standing(member=True),
        standing("approval", member=True),
        standing("approval", facilitator=True),
        standing("invite", member=True),
        standing(visibility="members", member=True),
        standing("approval", asked=True),
        standing("invite", asked=True),
    ],
)
def test_these_may_post(allowed: Standing) -> None:
    posting.ensure_may_post(allowed, "roads")


@pytest.mark.parametrize(
    "refused",
    [
        standing("approval"),
        standing("invite"),
        standing(visibility="members"),
        standing(visibility="members", asked=True),
        standing(banned=True, asked=True),
        standing(closed=True, asked=True),
        standing(banned=True),
        standing(banned=True, member=True),
        standing(closed=True, facilitator=True),
    ],
)
def test_these_may_not_post(refused: Standing) -> None:
    with pytest.raises(NotPermitted, match="roads"):
        posting.ensure_may_post(refused, "roads")


def test_nobody_answers_in_a_locked_thread() -> None:
    posting.ensure_unlocked(locked=False)
    with pytest.raises(Invalid, match="locked"):
        posting.ensure_unlocked(locked=True)


def test_a_post_says_something_and_not_too_much() -> None:
    posting.ensure_text("x" * 10, title="", pictures=0, longest=10)
    posting.ensure_text("", title="", pictures=1, longest=10)
    with pytest.raises(Invalid, match="blank"):
        posting.ensure_text(" \n", title="A warning", pictures=0, longest=10)
    with pytest.raises(Invalid, match="limit of 10"):
        posting.ensure_text("x" * 6, title="x" * 5, pictures=0, longest=10)


@pytest.mark.parametrize("audience", ["followers", "direct", "members"])
def test_what_was_not_meant_for_all_is_not_boosted(audience: str) -> None:
    posting.ensure_boostable("public", own=False)
    posting.ensure_boostable("unlisted", own=False)
    with pytest.raises(Invalid, match="boosted"):
        posting.ensure_boostable(audience, own=False)


def test_ones_own_post_for_followers_may_be_shown_to_them_again() -> None:
    posting.ensure_boostable("followers", own=True)
    for audience in ("direct", "members"):
        with pytest.raises(Invalid, match="boosted"):
            posting.ensure_boostable(audience, own=True)
