"""A rule that says no, in words that may be shown.

    Refusal                 ``text`` is safe to show, ``cause`` goes to the log only
    +-- NotSignedIn    401
    +-- NotPermitted   403
    +-- NotFound       404
    +-- Invalid        422  field by field
    +-- TooMany        429  with the seconds to wait
    +-- PeerTrouble    503  another node, or a service, could not be reached or answered badly
        +-- Withheld        it answered that this node may not read what was asked for
            +-- ShutOut     403: no signature of ours would change that
    ConfigFault             the configuration says something that cannot be used: one line, exit 1

Anything else that is raised is a bug: 500, logged with its id, never shown.
"""

from typing import ClassVar


class Refusal(Exception):
    """A rule says no; the text says what was found and what was wanted."""

    status: ClassVar[int] = 400

    def __init__(self, text: str, *, cause: str = "") -> None:
        super().__init__(text)
        self.text = text
        self.cause = cause


class NotSignedIn(Refusal):
    """Somebody has to sign in first."""

    status = 401


class NotPermitted(Refusal):
    """Whoever asks may not do this."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or none that whoever asks may know of."""

    status = 404


class Invalid(Refusal):
    """What was sent cannot be taken; ``fields`` says which field has which fault."""

    status = 422

    def __init__(self, text: str = "", /, *, cause: str = "", **fields: str) -> None:
        super().__init__(text or "; ".join(f"{name}: {fault}" for name, fault in fields.items()), cause=cause)
        self.fields = fields


class TooMany(Refusal):
    """Too much was asked for in a short time."""

    status = 429

    def __init__(self, text: str, *, retry_after: int) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class PeerTrouble(Refusal):
    """Another node or a service could not be reached, or its answer could not be used."""

    status = 503

    def __init__(self, host: str, text: str) -> None:
        super().__init__(f"{host}: {text}")
        self.host = host


class Withheld(PeerTrouble):
    """Another node does not let this one read what was asked for."""


class ShutOut(Withheld):
    """Another node answered 403: whoever asks for us, it does not let this node read."""


class ConfigFault(Exception):
    """The configuration says something that cannot be used; the text names key, value and what is wanted."""
