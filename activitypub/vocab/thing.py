"""What every object of the vocabulary shares, and what stands for a type that is not read."""

import msgspec


class Thing(msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True):
    """An object of ActivityStreams with the properties that are read here; others are left out."""


class Unknown(Thing, frozen=True, kw_only=True):
    """An object of a type that is not read: an answer, not an error."""

    type: str
    id: str | None = None
