"""What receivers are given, and what they answer."""

from typing import Literal

import msgspec

from activitypub.vocab import Activity
from storage.actors import Actor


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """An activity that is believed, and who did it.

    ``community`` is the one in whose Announce it stood, ``wrapper`` that Announce's id. ``asserted``: nothing
    but that community's word speaks for it, so it counts only for what is in that community. ``proved``:
    nothing but its proof does, which holds for whoever repeats it, so it counts once (``storage.counted``).
    ``forwarded``: who is answered sent it on, and not who acts (``receive.forward``).
    """

    activity: Activity
    raw: bytes
    by: Actor
    community: Actor | None = None
    wrapper: str | None = None
    asserted: bool = False
    proved: bool = False
    forwarded: bool = False


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How the work on a received activity ended, with a line for whoever looks at the queue."""

    state: Literal["done", "ignored", "refused"]
    text: str = ""


DONE = Outcome(state="done")


def ignored(text: str) -> Outcome:
    """Say that an activity concerns nothing here."""
    return Outcome(state="ignored", text=text)


def refused(text: str) -> Outcome:
    """Say that an activity may not do what it says."""
    return Outcome(state="refused", text=text)
