"""What an admin or a facilitator decides, ready to be recorded in the transaction that does it.

note = record.note(node, admin.handle, "person suspend", person.uri, reason="asked to")     on the loop
await audit.record(tx, note)                                                    in the transaction
"""

import secrets
from collections.abc import Mapping

from fedcop import caller
from fedcop.node import Node
from storage import audit
from storage.actors import Actor
from storage.audit import Note

NODE = "node"  # by whom it is, where nobody decided


def name_of(actor: Actor) -> str:
    """Give how whoever decided stands in the record: the handle of one of ours, else the id."""
    return actor.handle if actor.local else actor.uri


def note(
    node: Node,
    by: str,
    verb: str,
    about: str,
    *,
    reason: str = "",
    before: Mapping[str, str] | None = None,
    after: Mapping[str, str] | None = None,
) -> Note:
    """Make an entry; ``about`` is the id of whom or what it concerns, ``before`` and ``after`` what changes.

    The address is that of the request that is being worked on, if there is one.
    """
    return audit.Note(
        seal=node.signing.audit_seal,
        at=node.clock.now(),
        by_name=by,
        verb=verb,
        object=about,
        reason=reason,
        before=before or {},
        after=after or {},
        address=caller.address.get(),
        salts=(secrets.token_hex(16), secrets.token_hex(16)),
    )
