"""Nodes that ask for something and are not on the list: noted as they are refused, decided by an admin.

    note(node, "york.example", way="inbox", actor=…, user_agent=…)    costs a look into a dictionary
    await keep(node)                                                  once a second, writes what came

Deciding is ``allowlist.allow`` or ``deny``, which lets go of the knock in the same transaction, or
``dismiss``. What a node says of itself is kept as it was sent and never looked up.
"""

import re
from typing import Literal

from fedcop.actions import record
from fedcop.actions.list_file import pattern_of
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.rules import canonical
from storage import audit, knocks
from storage.audit import Note
from storage.engine import Transaction
from storage.knocks import Knock

# A flood of made-up names costs no more than this: 50 rows in one transaction a second.
MOST_AT_ONCE = 50
MOST_TEXT = 300

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def note(node: Node, host: str, *, way: Literal["inbox", "fetch"], actor: str, user_agent: str) -> None:
    """Remember that a host was refused; not one that is denied, nor what no entry could allow."""
    if node.rules.denies(host) or not _may_be_allowed(node, host):
        return
    now, held = node.clock.now(), node.memory.knocks
    before = held.get(host)
    if before is None and len(held) >= MOST_AT_ONCE:
        return
    held[host] = Knock(
        host=host,
        first_at=before.first_at if before else now,
        last_at=now,
        times=before.times + 1 if before else 1,
        way=way,
        actor_uri=_printable(actor),
        user_agent=_printable(user_agent),
    )


def _may_be_allowed(node: Node, host: str) -> bool:
    """Tell whether a host could be on the list: a name of somebody else, in its one form."""
    if host in (node.uris.host, node.uris.domain):
        return False
    try:
        return canonical(host) == host
    except ValueError:
        return False


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)[:MOST_TEXT]


async def keep(node: Node) -> None:
    """Write the knocks that came since the last time, but for those of hosts that were decided on since."""
    held, node.memory.knocks = node.memory.knocks, {}
    undecided = [
        one for one in held.values() if not node.allows(one.host) and not node.rules.denies(one.host)
    ]
    if undecided:
        await node.store.write(knocks.add, undecided)


async def dismiss(node: Node, text: str, *, by: str) -> None:
    """Show a host no more in the queue, however often it comes; raise ``NotFound`` if it is not there."""
    try:
        host = pattern_of(text)
    except ValueError as error:
        raise Invalid(domain=str(error)) from None
    if not await node.store.write(_dismiss, host, record.note(node, by, "dismiss", host)):
        raise NotFound(f"{host} is not in the queue; `fedcop knocks` shows it")


async def _dismiss(tx: Transaction, host: str, noted: Note) -> bool:
    done = await knocks.dismiss(tx, host, noted.at)
    if done:
        await audit.record(tx, noted)
    return done
