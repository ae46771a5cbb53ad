"""ScheduledStatus."""

import msgspec

from fedcop.actions.draft import Draft, PollDraft
from fedcop.mastodon.entities.scheduled import scheduled
from storage.ids import ActorId, MediaId, PostId, RowId
from storage.scheduled import Scheduled
from tests.fedcop.mastodon.entities.rows import NOON, at
from tests.support.described import faults

ROW = Scheduled(id=RowId(5), actor_id=ActorId(1), due_at=NOON, draft="", refused_for=None)


def test_what_was_written_is_given_back() -> None:
    draft = Draft(
        text="Later",
        title="About",
        audience="members",
        in_reply_to=PostId(3),
        media=(MediaId(4),),
        poll=PollDraft(options=("a", "b"), seconds=300),
    )
    found = msgspec.to_builtins(scheduled(ROW, draft, [], at(1)))
    assert faults("ScheduledStatus", found) == []
    assert (found["id"], found["scheduled_at"]) == ("5", "2026-03-02T12:00:00.000Z")
    assert found["params"]["visibility"] == "private"
    assert found["params"]["media_ids"] == ["4"]
    assert found["params"]["poll"]["expires_in"] == 300


def test_what_was_not_asked_for_is_null() -> None:
    params = scheduled(ROW, Draft(text="Later"), [], at(1)).params
    assert (params["quoted_status_id"], params["quote_approval_policy"]) == (None, "nobody")
    assert [params[name] for name in ("poll", "media_ids", "in_reply_to_id", "language")] == [None] * 4
