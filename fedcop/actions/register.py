"""Registers of councils as files: who could be allowed, and the entries for those that an admin picks.

    councils = read(texts)                            what the files say together
    proposals = propose(node, councils)               which of them are new, and why the others are not
    done = await accept(node, proposals, by="ada")    allows those that are new: the domain and all below it

Two forms are read, and belong together: GOV.UK's ``local-authorities.csv`` (alphagov/local-links-manager),
which has addresses of websites, and mySociety's ``uk_local_authorities_*.csv``, which has none but knows who
was abolished and who came after. A council is the same in both by its GSS code or else its slug at GOV.UK.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from fedcop.actions import list_file, narrow
from fedcop.actions.narrow import Result
from fedcop.errors import Invalid, NotFound
from fedcop.node import Node
from fedcop.rules import canonical
from storage import allowlist
from storage.allowlist import RuleRow

State = Literal["new", "covered", "denied", "this node", "no domain", "abolished"]

_TIERS = {"1": "county", "2": "district", "3": "unitary"}
# mySociety's types that are not of one tier: everything else does both tiers' work.
_TYPES = {"CTY": "county", "NMD": "district", "COMB": "combined", "SRA": "combined"}
# Where councils register names of three labels; a website may be at a fourth, as in www.kent.gov.uk.
_PUBLIC_SECTOR = ("gov.uk", "gov.wales", "llyw.cymru", "gov.scot")


class Council(msgspec.Struct, frozen=True, kw_only=True):
    """One council as the files say; ``domain`` is empty where none does.

    ``code`` and ``short`` are mySociety's letters and short name for it; ``successor`` came after it.
    """

    name: str
    kind: str
    nation: str
    slug: str = ""
    gss: str = ""
    domain: str = ""
    code: str = ""
    short: str = ""
    ended_on: date | None = None
    successor: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A council, whether it could be allowed, and why not."""

    council: Council
    state: State
    why: str = ""


def read(texts: Sequence[str]) -> list[Council]:
    """Give the councils of all files, each once, by name; raise ``Invalid`` for a file of another form."""
    with_address: list[Council] = []
    dated: list[Council] = []
    for text in texts:
        reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
        try:
            columns = set(reader.fieldnames or ())
            if {"name", "homepage_url", "slug", "gss"} <= columns:
                with_address += [_of_gov_uk(_stripped(cells)) for cells in reader]
            elif {"official-name", "gss-code", "local-authority-type", "end-date"} <= columns:
                dated += [_of_mysociety(_stripped(cells)) for cells in reader]
            else:
                found = ", ".join(sorted(columns)[:8]) or "nothing"
                raise Invalid(f"found columns {found}; wanted those of GOV.UK's or mySociety's register")
        except (csv.Error, ValueError) as error:
            raise Invalid(f"line {max(reader.line_num, 1)}: {error}") from None
    return sorted(_named(_joined(with_address, dated), dated), key=lambda council: council.name)


def _stripped(cells: Mapping[str | None, str | None]) -> dict[str, str]:
    """Give the cells that have a column; a short line has empty ones."""
    return {name: (cell or "").strip() for name, cell in cells.items() if name is not None}


def _of_gov_uk(cells: dict[str, str]) -> Council:
    return Council(
        name=cells["name"],
        kind=_TIERS.get(cells.get("tier_id", ""), ""),
        nation=cells.get("country_name", ""),
        slug=cells["slug"],
        gss=cells["gss"],
        domain=_domain(cells["homepage_url"]),
    )


def _of_mysociety(cells: dict[str, str]) -> Council:
    return Council(
        name=cells["official-name"],
        kind=_TYPES.get(cells["local-authority-type"], "unitary"),
        nation=cells.get("nation", ""),
        slug=cells.get("gov-uk-slug", ""),
        gss=cells["gss-code"],
        code=cells.get("local-authority-code", ""),
        short=cells.get("nice-name", ""),
        ended_on=list_file.day_of(cells["end-date"]),
        successor=cells.get("replaced-by", ""),
    )


def _domain(address: str) -> str:
    """Give the name that a council has registered, from the address of its website; empty for none."""
    try:
        labels = canonical(urlsplit(address).hostname or "").split(".")
    except ValueError:
        return ""
    public = ".".join(labels[-2:]) in _PUBLIC_SECTOR
    return ".".join(labels[-3:] if public else labels[labels[0] == "www" :])


def _joined(with_address: list[Council], dated: list[Council]) -> list[Council]:
    """Put what both kinds of file say of a council into one."""
    by_code = {council.code: council for council in dated}
    by_gss = {council.gss: council for council in dated if council.gss}
    by_slug = {council.slug: council for council in dated if council.slug}
    whole, met = [], set()
    for council in with_address:
        other = by_gss.get(council.gss) or by_slug.get(council.slug)
        if other is None:
            whole.append(council)
            continue
        after = by_code.get(other.successor)
        met.add(other.code)
        if after is not None and after.short == other.short:
            # North Yorkshire and Somerset: the new council goes on under the name and at the address.
            met.add(after.code)
            whole.append(msgspec.structs.replace(after, slug=council.slug, domain=council.domain))
        else:
            whole.append(_dated(council, other))
    return whole + [council for council in dated if council.code not in met]


def _dated(council: Council, other: Council) -> Council:
    return msgspec.structs.replace(
        council, code=other.code, ended_on=other.ended_on, successor=other.successor
    )


def _named(councils: list[Council], dated: list[Council]) -> list[Council]:
    """Give the councils with the names of those that came after them, instead of their codes."""
    names = {council.code: council.name for council in dated}
    return [
        msgspec.structs.replace(council, successor=names.get(council.successor, council.successor))
        for council in councils
    ]


def choose(
    councils: Iterable[Council],
    *,
    names: Sequence[str] = (),
    kinds: Sequence[str] = (),
    nations: Sequence[str] = (),
) -> list[Council]:
    """Give the councils of some names (or slugs), kinds and nations; all, where nothing is said.

    Raises ``NotFound`` for a name that no council has.
    """
    councils = list(councils)
    wanted = {name.casefold() for name in names}
    known = {known.casefold() for council in councils for known in (council.name, council.slug)}
    for name in names:
        if name.casefold() not in known:
            raise NotFound(f"no council is called {name!r}; wanted its whole name, or its slug at GOV.UK")
    return [
        council
        for council in councils
        if (not wanted or wanted & {council.name.casefold(), council.slug.casefold()})
        and (not kinds or council.kind in kinds)
        and (not nations or council.nation.casefold() in {nation.casefold() for nation in nations})
    ]


def propose(node: Node, councils: Iterable[Council]) -> list[Proposal]:
    """Say of each council whether it is new, or why allowing it is not proposed."""
    return [_proposal(node, council) for council in councils]


def _proposal(node: Node, council: Council) -> Proposal:
    state, why = _state(node, council)
    return Proposal(council=council, state=state, why=why)


def _state(node: Node, council: Council) -> tuple[State, str]:
    if council.ended_on is not None and council.ended_on <= node.clock.now().date():
        after = f", now {council.successor}" if council.successor else ""
        return "abolished", f"on {council.ended_on}{after}"
    if not council.domain:
        return "no domain", "no file has the address of its website"
    if any(f".{name}".endswith(f".{council.domain}") for name in (node.uris.host, node.uris.domain)):
        return "this node", ""
    verdict = node.rules.verdict(council.domain)
    if node.rules.denies(council.domain):
        return "denied", verdict.text()
    if all(map(node.rules.covers, _patterns(council))):
        return "covered", verdict.text()
    return "new", ""


def _patterns(council: Council) -> tuple[str, str]:
    """Give what allows a council: its domain, in which handles end, and all below it, where its node is."""
    return council.domain, f"*.{council.domain}"


async def accept(node: Node, proposals: Iterable[Proposal], *, by: str, source: str = "register") -> Result:
    """Allow the councils that are new, each with its name as the reason; entries that stand are kept."""
    now = node.clock.now()
    held = {row.pattern for row in await node.store.read(allowlist.all_rules)}
    names: dict[str, list[str]] = {}
    for one in proposals:
        if one.state == "new":
            for pattern in _patterns(one.council):
                names.setdefault(pattern, []).append(one.council.name)
    rows = [
        RuleRow(pattern, "allow", ", ".join(called), by, source, now)
        for pattern, called in names.items()
        if pattern not in held and not node.rules.covers(pattern)
    ]
    return await narrow.apply(node, rows, (), by=by) if rows else Result()
