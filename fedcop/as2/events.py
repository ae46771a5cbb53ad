"""Events both ways (FEP-8a8e): when and where the meeting is that an Event tells of, and how one joins it.

Read as Mobilizon, Gancio and the WordPress plugins write it: ``location`` is a Place or a VirtualLocation, or
several; ``joinMode`` is free, restricted, invite or external.
"""

import re

from activitypub.document import Json
from activitypub.vocab.objects import Post
from fedcop.as2 import files
from fedcop.as2.activities import moment_of
from fedcop.content.when import when
from storage.events import Event, NewEvent

JOIN_MODES = frozenset({"free", "restricted", "invite", "external", "none"})
_TIMEZONE = re.compile(r"[A-Za-z0-9_+/-]{1,64}")


def event_from(post: Post) -> NewEvent | None:
    """Give the event that a peer's post tells of; one that does not say when it begins is a text."""
    if post.type != "Event" or post.start_time is None:
        return None
    places = [one for one in post.location if one.type != "VirtualLocation"]
    online = [one.url for one in post.location if one.type == "VirtualLocation" and files.is_web(one.url)]
    place = places[0] if places else None
    join_url = post.external_participation_url
    return NewEvent(
        starts_at=post.start_time,
        ends_at=post.end_time if post.end_time and post.end_time > post.start_time else None,
        timezone=post.timezone if _TIMEZONE.fullmatch(post.timezone) else "",
        place=_line(place.name) if place else "",
        address=_line(place.address) if place else "",
        online_url=online[0] if online else None,
        join_mode=post.join_mode if post.join_mode in JOIN_MODES else "",
        join_url=join_url if files.is_web(join_url) else None,
        state=_state(post.event_status.casefold()),
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _state(said: str) -> str:
    # CANCELLED in iCalendar, EventCancelled at schema.org.
    if "cancel" in said:
        return "cancelled"
    return "tentative" if "tentative" in said else "confirmed"


def event_of(event: Event | NewEvent) -> Json:
    """Give what an Event of ours says beside its text."""
    said: Json = {
        "startTime": moment_of(event.starts_at),
        "ical:status": event.state.upper(),
        "location": _locations(event),
    }
    if event.ends_at is not None:
        said["endTime"] = moment_of(event.ends_at)
    if event.timezone:
        said["timezone"] = event.timezone
    if event.join_mode:
        said["joinMode"] = event.join_mode
    if event.join_url:
        said["externalParticipationUrl"] = event.join_url
    return said


def _locations(event: Event | NewEvent) -> list[Json]:
    found: list[Json] = []
    if event.place or event.address:
        place = {"type": "Place", "name": event.place or event.address}
        found.append(place | ({"address": event.address} if event.address else {}))
    if event.online_url:
        found.append({"type": "VirtualLocation", "url": event.online_url})
    return found


def line_of(event: Event | NewEvent) -> str:
    """Give when and where in one line, for those who show of an Event only name, summary and link."""
    where = ", ".join(part for part in (event.place, event.address) if part) or event.online_url or ""
    cancelled = "Cancelled: " if event.state == "cancelled" else ""
    return cancelled + when(event.starts_at, event.ends_at, event.timezone) + (f" · {where}" if where else "")
