"""What somebody does: role, council, fields of work, what others may ask them about, what they look for.

    practice = practices.of(actor)
    practice.offers                                 ("function/110",): services of ``storage/service_list.py``

The column ``actors.practice`` holds it, so that every actor has it at hand; ``practice_terms`` holds the same
in pieces, to find people by.
"""

import json
from typing import Final, Literal, Protocol

import msgspec

from storage.engine import Transaction

Kind = Literal["area", "offers", "needs", "council", "role"]

MOST_AREAS: Final = 5
MOST_OFFERS: Final = 10
MOST_NEEDS: Final = 5


class Practice(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody does; ``areas``, ``offers`` and ``needs`` are ids of services, ``council`` a code.

    ``names`` are the labels of those services as they were chosen, by id.
    """

    role: str = ""
    council: str = ""
    areas: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    names: dict[str, str] = {}


class Practising(Protocol):
    """What has a practice: a row of actors."""

    @property
    def practice(self) -> str:
        """Give it as the row holds it."""
        ...


def of(actor: Practising) -> Practice:
    """Give what an actor does."""
    return msgspec.json.decode(actor.practice, type=Practice)


def labels_of(practice: Practice, kind: str) -> list[str]:
    """Give the labels of the services that a practice has under ``areas``, ``offers`` or ``needs``."""
    return [practice.names.get(one, one) for one in getattr(practice, kind)]


def text_of(practice: Practice) -> str:
    """Write a practice as rows hold it."""
    return msgspec.json.encode(practice).decode()


FORGET = "DELETE FROM practice_terms WHERE actor_id = :actor_id"

ADD = """
INSERT INTO practice_terms (kind, term, actor_id)
SELECT value ->> 0, value ->> 1, :actor_id FROM json_each(:rows) WHERE true
ON CONFLICT (kind, term, actor_id) DO NOTHING
"""


FORGET_READERS = "DELETE FROM profile_readers WHERE actor_id = :actor_id"

ADD_READERS = """
INSERT INTO profile_readers (actor_id, community_uri)
SELECT :actor_id, value FROM json_each(:uris) WHERE true ON CONFLICT (actor_id, community_uri) DO NOTHING
"""


async def set_readers(tx: Transaction, actor_id: int, communities: str) -> None:
    """Keep the communities, as a JSON list of ids, whose members alone another node lets read a profile."""
    await tx.execute(FORGET_READERS, actor_id=actor_id)
    if communities != "[]":
        await tx.execute(ADD_READERS, actor_id=actor_id, uris=communities)


async def put(tx: Transaction, actor_id: int, practice: str) -> None:
    """Keep the pieces of an actor's practice, as the row holds it, in the place of those that were."""
    await tx.execute(FORGET, actor_id=actor_id)
    if rows := _terms(msgspec.json.decode(practice, type=Practice)):
        await tx.execute(ADD, actor_id=actor_id, rows=json.dumps(rows))


def _terms(practice: Practice) -> list[tuple[Kind, str]]:
    several: list[tuple[Kind, tuple[str, ...]]] = [
        ("area", practice.areas), ("offers", practice.offers), ("needs", practice.needs),
    ]  # fmt: skip
    one: list[tuple[Kind, str]] = [("council", practice.council), ("role", practice.role.lower())]
    terms = [(kind, term) for kind, listed in several for term in listed]
    return terms + [(kind, term) for kind, term in one if term]
