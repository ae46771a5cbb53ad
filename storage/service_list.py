"""The local-government service list: what councils do, in words that every node has.

    parking = (await store.read(service_list.named, ["parking"]))["parking"]
    parking.id                                  "function/110"

A function is a field of work ("function/110": Parking), a service one thing within it ("service/474": Parking
permits); numbers are those of the list. A small part ships in English and Welsh; ``put`` brings the rest.
"""

import json
import re
from collections.abc import Iterable, Sequence

from storage.engine import Reader, Transaction
from storage.row import Row, array_of

FUNCTION = "function/"


class Service(Row, frozen=True):
    """A row of the list; ``function`` is the one above, None for a group or where the list does not say."""

    id: str
    label: str
    label_cy: str
    function: str | None


def label_of(service: Service, language: str) -> str:
    """Give a label in a language; in English where the list has no other."""
    return service.label_cy if language == "cy" and service.label_cy else service.label


COLUMNS = ", ".join(f"s.{name}" for name in Service.__struct_fields__)

FUNCTIONS = f"""
SELECT {COLUMNS} FROM services AS s WHERE s.id >= 'function/' AND s.id < 'function0' ORDER BY s.place
"""


async def functions(read: Reader) -> list[Service]:
    """Give the groups and the functions below them, by their numbers: what people pick from."""
    return await read.all(Service, FUNCTIONS)


BY_IDS = f"SELECT {COLUMNS} FROM services AS s WHERE s.id IN (SELECT value FROM json_each(:ids))"


async def by_ids(read: Reader, ids: Iterable[str]) -> dict[str, Service]:
    """Give those of the services that the list has, by id."""
    wanted = list(dict.fromkeys(ids))
    rows = await read.all(Service, BY_IDS, ids=array_of(wanted)) if wanted else []
    found = {row.id: row for row in rows}
    return {one: found[one] for one in wanted if one in found}


NAMED = f"""
SELECT {COLUMNS} FROM services AS s
 WHERE s.name IN (SELECT value FROM json_each(:names)) OR s.name_cy IN (SELECT value FROM json_each(:names))
"""


async def named(read: Reader, names: Iterable[str]) -> dict[str, Service]:
    """Give the services that bear a label in either language, by the label in small letters.

    Where several do, a function comes before a service, and the lower number first.
    """
    wanted = {name.lower() for name in names}
    rows = await read.all(Service, NAMED, names=array_of(sorted(wanted))) if wanted else []
    found: dict[str, Service] = {}
    for row in sorted(rows, key=_order):
        for name in {row.label.lower(), row.label_cy.lower()} & wanted:
            found.setdefault(name, row)
    return found


_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
MOST_WORDS = 60  # of a text that are looked at
LONGEST_NAME = 6  # words of a label that is looked for


async def named_in(read: Reader, text: str) -> list[str]:
    """Give the ids of the services whose labels stand in a text, in either language, the first first.

    Of labels that share words the longest counts: pest control is not about pests in general.
    """
    words = [word.lower() for word in _WORD.findall(text)[:MOST_WORDS]]
    spans = [
        (start, start + length)
        for length in range(LONGEST_NAME, 0, -1)
        for start in range(len(words) - length + 1)
    ]
    found = await named(read, {" ".join(words[start:end]) for start, end in spans})
    taken: dict[int, str] = {}
    for start, end in spans:
        row = found.get(" ".join(words[start:end]))
        if row is not None and taken.keys().isdisjoint(range(start, end)):
            taken |= dict.fromkeys(range(start, end), row.id)
    return list(dict.fromkeys(taken[place] for place in sorted(taken)))


def _order(row: Service) -> tuple[bool, int]:
    return not row.id.startswith(FUNCTION), int(row.id.partition("/")[2])


BELOW = """
SELECT s.id FROM services AS s
 WHERE s.id = :service_id OR s.function = :service_id
    OR s.function IN (SELECT t.id FROM services AS t WHERE t.function = :service_id)
"""


async def with_below(read: Reader, service_id: str) -> list[str]:
    """Give the ids of a service and of all that lies below it; nothing for one that is not on the list."""
    return await read.values(BELOW, service_id=service_id)


ABOVE = """
SELECT s.id, s.function FROM services AS s
 WHERE s.id IN (SELECT value FROM json_each(:ids)) AND s.function IS NOT NULL
"""


class _Below(Row, frozen=True):
    id: str
    function: str


async def above(read: Reader, ids: Iterable[str]) -> dict[str, str]:
    """Give the function above each of some services, where the list says it."""
    rows = await read.all(_Below, ABOVE, ids=array_of(sorted({*ids})))
    return {row.id: row.function for row in rows}


NEAR = """
SELECT s.id FROM services AS s WHERE s.function IN (SELECT value FROM json_each(:ids))
"""


async def near(read: Reader, ids: Iterable[str]) -> list[str]:
    """Give some services and those right below them."""
    known = sorted({*ids})
    below: list[str] = await read.values(NEAR, ids=array_of(known))
    return sorted({*known, *below})


PUT = """
-- A label that changes has lost its translation; a function that is not said stays as it was.
INSERT INTO services (id, label, label_cy, name, name_cy, function, place)
SELECT value ->> 0, value ->> 1, '', value ->> 2, '', value ->> 3, CAST(value ->> 4 AS INTEGER)
  FROM json_each(:rows) WHERE true
ON CONFLICT (id) DO UPDATE SET
    label_cy = CASE WHEN services.name = excluded.name THEN services.label_cy ELSE '' END,
    name_cy = CASE WHEN services.name = excluded.name THEN services.name_cy ELSE '' END,
    label = excluded.label, name = excluded.name, function = COALESCE(excluded.function, services.function)
"""


async def put(tx: Transaction, listed: Sequence[Service]) -> None:
    """Bring rows of a list in: those that are there get its label and function.

    Of an id that comes twice the last row counts: PostgreSQL updates no row twice in one statement.
    """
    once = {row.id: row for row in listed}.values()
    rows = [(row.id, row.label, row.label.lower(), row.function, row.id.partition("/")[2]) for row in once]
    await tx.execute(PUT, rows=json.dumps(rows))


COUNT = "SELECT COUNT(*) FROM services"


async def held(read: Reader) -> int:
    """Tell how many rows the list has here."""
    return int(await read.value(COUNT))
