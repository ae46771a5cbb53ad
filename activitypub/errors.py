"""What can go wrong in the protocol, and whose fault it is.

    ProtocolFault            never raised itself
    +-- RemoteFault          the peer's; ``status`` says how an inbox answers it
    |   +-- Malformed   400  not what the specifications allow
    |   +-- Unsigned    401  no signature, or one that does not hold
    |   +-- Stale       401  signed outside the clock window
    |   +-- WrongOrigin 403  one origin speaks for another
    |   +-- TooLarge    413  more bytes, items or levels than are read
    |   +-- WrongType   415  not an ActivityPub content type
    +-- LocalFault           ours: a bug

Each text says what was found and what was wanted.
"""

from typing import ClassVar


class ProtocolFault(Exception):
    """Anything that this package raises; its text says what was found and what was wanted."""


class RemoteFault(ProtocolFault):
    """The peer sent something that is refused."""

    status: ClassVar[int] = 400


class Malformed(RemoteFault):
    """Not what the specifications allow, or not readable at all."""

    status = 400


class Unsigned(RemoteFault):
    """No signature, or one that does not hold."""

    status = 401


class Stale(RemoteFault):
    """Signed outside the clock window."""

    status = 401


class WrongOrigin(RemoteFault):
    """One origin speaks for what belongs to another (FEP-fe34)."""

    status = 403


class TooLarge(RemoteFault):
    """More bytes, items or levels than are read."""

    status = 413


class WrongType(RemoteFault):
    """A content type that may not carry an activity."""

    status = 415


class LocalFault(ProtocolFault):
    """This package was used wrongly: a bug of ours."""
