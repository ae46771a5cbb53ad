"""A walk past every described operation that a node answers, so that none goes without a 2xx answer.

A line is: who asks, the verb, the path, what is sent as JSON, and after ``>`` the name by which later lines
know the ``id`` of the answer, or what stands in another place of it. ``$name`` stands for that.
"""

import json
import re
from collections.abc import Mapping
from string import Template
from typing import Any

from tests.fedcop.mastodon.conftest import Client
from tests.support.described import Operation, operation
from tests.support.pictures import png

LINE = re.compile(
    r"(?P<who>\S+) (?P<verb>\S+) (?P<path>\S+)( (?P<said>[{P].*?))?( > (?P<name>\w+)(=(?P<place>\S+))?)?"
)
PICTURE = "PICTURE"
ALWAYS_EMPTY = {
    "/api/v1/accounts/{id}/identity_proofs",
    "/api/v1/announcements",
    "/api/v1/custom_emojis",
    "/api/v1/instance/domain_blocks",
    "/api/v1/instance/peers",  # until another node is met
    "/api/v1/instance/rules",
    "/api/v1/trends/links",
    "/api/v1/trends/statuses",
    "/api/v1/trends/tags",
}

STEPS = """
stranger GET /.well-known/oauth-authorization-server
stranger GET /api/v1/instance
stranger GET /api/v2/instance
stranger GET /api/v1/instance/activity
stranger GET /api/v1/instance/domain_blocks
stranger GET /api/v1/instance/extended_description
stranger GET /api/v1/instance/privacy_policy
stranger GET /api/v1/instance/rules
stranger GET /api/v1/instance/terms_of_service
stranger GET /api/v1/instance/translation_languages
ada GET /api/v1/instance/peers
stranger GET /api/v1/custom_emojis
stranger GET /api/v1/trends/links
stranger GET /api/v1/trends/statuses
stranger GET /api/v1/trends/tags
ada GET /api/v1/apps/verify_credentials
ada GET /oauth/userinfo

app POST /api/v1/accounts $JOINING
ada GET /api/v1/accounts/lookup?acct=ada > ada
ada GET /api/v1/accounts/lookup?acct=ben > ben
ada GET /api/v1/accounts/lookup?acct=cai > cai
ada GET /api/v1/accounts/lookup?acct=floods > floods
ada GET /api/v1/accounts/lookup?acct=trees > trees
ada GET /api/v1/accounts/verify_credentials
ada PATCH /api/v1/accounts/update_credentials {"note": "Pumps", "discoverable": true}
ada GET /api/v1/profile
ada PATCH /api/v1/profile {"display_name": "Ada of Kent"}
ada DELETE /api/v1/profile/avatar
ada DELETE /api/v1/profile/header
ada GET /api/v1/preferences
ben POST /api/v1/emails/confirmations
ben GET /api/v1/suggestions
ben GET /api/v2/suggestions
ben DELETE /api/v1/suggestions/$floods
ben GET /api/v1/directory
ada GET /api/v1/accounts?id[]=$ben&id[]=$floods
ada GET /api/v1/accounts/$trees
ada GET /api/v1/accounts/search?q=be
ben POST /api/v1/accounts/$ada/follow
ben POST /api/v1/accounts/$floods/follow
ben POST /api/v1/accounts/$trees/follow
cai POST /api/v1/accounts/$trees/follow
ada POST /api/v1/accounts/$ben/follow
ada GET /api/v1/accounts/familiar_followers?id[]=$floods
ada GET /api/v1/accounts/relationships?id[]=$ben&id[]=$floods
ada GET /api/v1/accounts/$ben/followers
ada GET /api/v1/accounts/$ben/following
ada GET /api/v1/accounts/$ben/identity_proofs
ada GET /api/v1/follow_requests
ada POST /api/v1/follow_requests/$ben/authorize
ada POST /api/v1/follow_requests/$cai/reject
ada POST /api/v1/accounts/$ben/note {"comment": "Pumps"}
ada POST /api/v1/accounts/$ben/endorse
ada GET /api/v1/endorsements
ada GET /api/v1/accounts/$ada/endorsements
ada POST /api/v1/accounts/$ben/unendorse
ada POST /api/v1/accounts/$ben/pin
ada POST /api/v1/accounts/$ben/unpin
ada POST /api/v1/accounts/$cai/mute {"duration": 60}
ada GET /api/v1/mutes
ada POST /api/v1/accounts/$cai/unmute
ada POST /api/v1/accounts/$cai/block
ada GET /api/v1/blocks
ada POST /api/v1/accounts/$cai/unblock
ada POST /api/v1/domain_blocks {"domain": "loud.example"}
ada GET /api/v1/domain_blocks
ada DELETE /api/v1/domain_blocks?domain=loud.example

ada POST /api/v1/media PICTURE > media
ada GET /api/v1/media/$media
ada PUT /api/v1/media/$media {"description": "A pump", "focus": "0.5,-0.5"}
ada POST /api/v2/media PICTURE > spare
ada DELETE /api/v1/media/$spare
ada POST /api/v1/statuses {"status": "@floods Sandbags for #kent, @ben", "media_ids": ["$media"]} > status
ada PUT /api/v1/statuses/$status {"status": "@floods Sandbags for #Kent, @ben", "media_ids": ["$media"]}
ben POST /api/v1/statuses {"status": "@ada good", "in_reply_to_id": "$status", "spoiler_text": "Rain"} > reply
ada GET /api/v1/statuses?id[]=$status&id[]=$reply
ada GET /api/v1/statuses/$status
ada GET /api/v1/statuses/$status/context
ada GET /api/v1/statuses/$status/history
ada GET /api/v1/statuses/$status/source
ada GET /api/oembed?url=http://kent.localhost:8001/posts/$status
ben POST /api/v1/statuses/$status/reblog > boost
ben GET /api/v1/statuses/$boost
ada GET /api/v1/statuses/$status/reblogged_by
ben POST /api/v1/statuses/$status/favourite
ada GET /api/v1/statuses/$status/favourited_by
ben GET /api/v1/favourites
ben POST /api/v1/statuses/$status/bookmark
ben GET /api/v1/bookmarks
ben POST /api/v1/statuses/$status/unbookmark
ben POST /api/v1/statuses {"status": "See this", "quoted_status_id": "$status"} > quoting
ada GET /api/v1/statuses/$status/quotes
ada PUT /api/v1/statuses/$status/interaction_policy {"quote_approval_policy": "followers"}
ada POST /api/v1/statuses/$status/quotes/$quoting/revoke
ada POST /api/v1/statuses {"status": "Mine #pumps"} > pinned
ada POST /api/v1/statuses/$pinned/pin
ada GET /api/v1/accounts/$ada/statuses?pinned=true
ada GET /api/v1/accounts/$floods/statuses
ada POST /api/v1/statuses/$pinned/unpin
ada POST /api/v1/statuses/$status/mute
ada POST /api/v1/statuses/$status/unmute
ben POST /api/v1/statuses {"status": "Which?", "poll": {"options": ["a", "b"], "expires_in": 3600}} > poll
ada POST /api/v1/polls/$poll/votes {"choices": [1]}
ada GET /api/v1/polls/$poll
ada POST /api/v1/statuses {"status": "later", "scheduled_at": "2030-01-01T12:00:00.000Z"} > later
ada GET /api/v1/scheduled_statuses
ada GET /api/v1/scheduled_statuses/$later
ada PUT /api/v1/scheduled_statuses/$later {"scheduled_at": "2030-01-02T12:00:00.000Z"}
ada DELETE /api/v1/scheduled_statuses/$later

ada POST /api/v1/tags/kent/follow
ada GET /api/v1/tags/kent
ada GET /api/v1/followed_tags
ada POST /api/v1/tags/kent/feature
ada GET /api/v1/accounts/$ada/featured_tags
ada GET /api/v1/accounts/$ada/identity_proofs
ada POST /api/v1/tags/kent/unfeature
ada POST /api/v1/tags/kent/unfollow
ada GET /api/v1/featured_tags/suggestions
ada POST /api/v1/featured_tags {"name": "pumps"} > featured
ada GET /api/v1/featured_tags
ada DELETE /api/v1/featured_tags/$featured
ada GET /api/v2/search?q=kent
ada GET /api/v2/search?q=be
ada GET /api/v1/timelines/home
ada GET /api/v1/timelines/public
ada GET /api/v1/timelines/tag/kent
ada POST /api/v1/statuses {"status": "@ben hush", "visibility": "direct"}
ben POST /api/v1/statuses {"status": "@ada hush", "visibility": "direct"}
ada GET /api/v1/timelines/direct
ada GET /api/v1/conversations > conversation=0.id
ada POST /api/v1/conversations/$conversation/read
ada DELETE /api/v1/conversations/$conversation
ada POST /api/v1/lists {"title": "Pumps"} > list
ada PUT /api/v1/lists/$list {"title": "Pumps", "replies_policy": "none", "exclusive": true}
ada POST /api/v1/lists/$list/accounts {"account_ids": ["$ben"]}
ada GET /api/v1/lists
ada GET /api/v1/lists/$list
ada GET /api/v1/lists/$list/accounts
ada GET /api/v1/accounts/$ben/lists
ada GET /api/v1/timelines/list/$list
ada DELETE /api/v1/lists/$list/accounts {"account_ids": ["$ben"]}
ada DELETE /api/v1/lists/$list
ada POST /api/v1/markers {"home": {"last_read_id": "$status"}, "notifications": {"last_read_id": "1"}}
ada GET /api/v1/markers?timeline[]=home

ada POST /api/v2/filters {"title": "Rain", "context": ["home"], "expires_in": 3600} > filter
ada PUT /api/v2/filters/$filter {"title": "Rain", "filter_action": "warn"}
ada POST /api/v2/filters/$filter/keywords {"keyword": "which", "whole_word": true} > keyword
ada POST /api/v2/filters/$filter/statuses {"status_id": "$reply"} > chosen
ada GET /api/v2/filters
ada GET /api/v2/filters/$filter
ada GET /api/v2/filters/$filter/keywords
ada GET /api/v2/filters/$filter/statuses
ada GET /api/v2/filters/keywords/$keyword
ada PUT /api/v2/filters/keywords/$keyword {"keyword": "which", "whole_word": false}
ada GET /api/v2/filters/statuses/$chosen
ada GET /api/v1/timelines/home
ada DELETE /api/v2/filters/statuses/$chosen
ada DELETE /api/v2/filters/keywords/$keyword
ada DELETE /api/v2/filters/$filter
ada POST /api/v1/filters {"phrase": "snow", "context": ["home"]} > old
ada GET /api/v1/filters
ada GET /api/v1/filters/$old
ada PUT /api/v1/filters/$old {"phrase": "ice", "context": ["public"]}
ada DELETE /api/v1/filters/$old

ada PATCH /api/v2/notifications/policy {"for_not_following": "filter"}
ada GET /api/v2/notifications/policy
cai POST /api/v1/statuses/$status/favourite
ada GET /api/v1/notifications/requests > request=0.id
ada GET /api/v1/notifications/requests/$request
ada POST /api/v1/notifications/requests/$request/accept
cai POST /api/v1/statuses {"status": "@ben dear"}
ben PATCH /api/v2/notifications/policy {"for_not_following": "filter"}
cai POST /api/v1/statuses {"status": "@ben dear"}
ben GET /api/v1/notifications/requests > request=0.id
ben POST /api/v1/notifications/requests/$request/dismiss
ada POST /api/v1/notifications/requests/accept {"id": []}
ada POST /api/v1/notifications/requests/dismiss {"id": []}
ada GET /api/v1/notifications/requests/merged
ada GET /api/v1/notifications > told=0.id
ada GET /api/v1/notifications/$told
ada GET /api/v1/notifications/unread_count
ada GET /api/v2/notifications > group=notification_groups.0.group_key
ada GET /api/v2/notifications?expand_accounts=partial_avatars
ada GET /api/v2/notifications/unread_count
ada GET /api/v2/notifications/$group
ada GET /api/v2/notifications/$group/accounts
ada POST /api/v2/notifications/$group/dismiss
ada GET /api/v1/notifications > told=0.id
ada POST /api/v1/notifications/$told/dismiss
ada POST /api/v1/notifications/clear
ada POST /api/v1/push/subscription $SUBSCRIPTION
ada GET /api/v1/push/subscription
ada PUT /api/v1/push/subscription {"data": {"alerts": {"poll": true}}}
ada DELETE /api/v1/push/subscription
ada GET /api/v1/announcements
ada GET /api/v1/annual_reports
ada GET /api/v1/annual_reports/2025/state
ada POST /api/v1/annual_reports/2025/generate
ada POST /api/v1/reports {"account_id": "$ben", "status_ids": ["$reply"], "comment": "Rude"}

ben POST /api/v1/statuses/$status/unfavourite
ben POST /api/v1/statuses/$status/unreblog
ada POST /api/v1/accounts/$ben/remove_from_followers
ada POST /api/v1/accounts/$ben/unfollow
ada DELETE /api/v1/statuses/$pinned
stranger POST /api/v1/apps {"client_name": "App", "redirect_uris": ["https://app.example/"], "scopes": "read"}
stranger POST /oauth/token $CREDENTIALS
stranger POST /oauth/revoke $REVOKED
"""


async def walk(clients: Mapping[str, Client], known: dict[str, str]) -> set[Operation]:
    """Ask line after line, each to be answered 2xx; give the operations that were.

    ``known`` has what lines name before any answer did.
    """
    asked = set()
    for line in filter(None, STEPS.splitlines()):
        found = LINE.fullmatch(Template(line).substitute(known))
        assert found, line
        verb, path = found["verb"], found["path"]
        response = await clients[found["who"]].ask(verb, path, **_sent(found["said"]))
        assert response.is_success, f"{line}: {response.status_code} {response.text}"
        described = operation(verb, path.partition("?")[0])
        assert described, f"not described: {line}"
        # An empty list is as described whatever its items would be.
        assert response.json() != [] or described[1] in ALWAYS_EMPTY, line
        asked.add(described)
        if found["name"]:
            known[found["name"]] = _kept(response.json(), found["place"] or "id")
    return asked


def _sent(said: str | None) -> dict[str, Any]:
    if said == PICTURE:
        return {"files": {"file": ("a.png", png(40, 30), "image/png")}}
    return {} if said is None else {"json": json.loads(said)}


def _kept(value: Any, place: str) -> str:
    for part in place.split("."):
        value = value[int(part) if part.isdecimal() else part]
    return str(value)
