"""Whose a handle is: its domain and the host of the id both have to say so (federation.md 4.1).

A council may have its ids at communities.kent.example and its handles at kent.example; of the two only the
host of ids stands on the list (decision 16 of the design). In which domain handles end, a node says itself.

How little a node on the list can make us ask for by saying so
  1. A domain that is not on the list is asked for handles only; it may point on to a host that is.
  2. Until it has led back to the node that names it, that is one request an hour for all the node names.
  3. A domain that leads to one node is not asked on the word of another, nor one that is denied, ours, or
     means this machine.
"""

from datetime import datetime, timedelta

import msgspec

from activitypub import vocab
from activitypub.discovery import webfinger
from activitypub.discovery.webfinger import Jrd
from activitypub.errors import Malformed, RemoteFault, WrongOrigin
from activitypub.origin import host_of
from fedcop.errors import NotPermitted, PeerTrouble
from fedcop.fetch.discovery import finger
from fedcop.node import Node
from fedcop.rules import canonical, is_loopback
from storage import changes, peers
from storage.engine import Transaction

CLAIM_EVERY = timedelta(hours=1)
# Below the domain of one council lie few nodes; below a suffix such as gov.uk all do.
MOST_BELOW = 3


class Confirmed(msgspec.Struct, frozen=True, kw_only=True):
    """Whose a handle is, as its own domain says; ``hosts`` are all that said the same."""

    name: str
    domain: str
    uri: str
    hosts: frozenset[str]


async def confirmed(node: Node, name: str, domain: str) -> Confirmed | None:
    """Ask whose ``@name@domain`` is; None when it is nobody's.

    A domain that is not on the list, and not known yet, is asked only if a node below it names it.
    """
    if node.allows(domain) or node.may_finger(domain):
        return await _asked(node, name, domain, domain)
    below = node.rules.just_below(domain)
    for host in below if len(below) <= MOST_BELOW else []:
        found = await _asked(node, name, domain, host)
        if found is not None and found.domain == domain:
            return found
    raise NotPermitted(f"{domain} is not on the federation list of this node")


async def domain_of(node: Node, found: vocab.Actor) -> str:
    """Give the domain of an actor's handle.

    Without an answer it is the host of the id: a host may always speak for handles at itself.
    """
    host, name = host_of(found.id), found.preferred_username.lower()
    if found.type == "Application":
        return host  # nobody addresses a node by handle
    try:
        whose = await _asked(node, name, host, host)
    except (PeerTrouble, NotPermitted):
        return host
    if whose is None:
        return host
    if (whose.name, whose.uri) != (name, found.id):
        raise WrongOrigin(f"@{whose.name}@{whose.domain} is {whose.uri} and not {found.id}")
    return whose.domain


async def ensure_may_ask(node: Node, domain: str, *, by: str, name: str) -> None:
    """Raise ``NotPermitted`` unless a domain is on the list, or leads to the node ``by`` which names it."""
    if node.allows(domain) or (node.domains.get(domain) == by and node.may_finger(domain)):
        return
    if not await node.memory.once(f"domain {domain} {by}", lambda: _learned(node, domain, by, name)):
        raise NotPermitted(f"{domain} is not on the federation list of this node, and leads to no {by}")


def subject_of(jrd: Jrd) -> tuple[str, str]:
    """Give name and domain of the handle that an answer prefers."""
    name, domain = webfinger.split(jrd.subject)
    try:
        return name.lower(), canonical(domain)
    except ValueError as error:
        raise Malformed(f"the subject of a WebFinger answer: {error}") from None


async def _asked(node: Node, name: str, domain: str, host: str) -> Confirmed | None:
    """Ask a host, and then the domain that it prefers, which has to confirm it."""
    said: dict[str, tuple[tuple[str, str], str]] = {}
    for _ in range(2):
        jrd = await finger(node, host, f"acct:{name}@{domain}")
        if jrd is None or not jrd.self_uri:
            return None
        said[host] = answer = (subject_of(jrd), jrd.self_uri)
        if answer[0] == (name, host):
            hosts = frozenset(one for one, other in said.items() if other == answer)
            return Confirmed(name=name, domain=host, uri=jrd.self_uri, hosts=hosts)
        name, domain = answer[0]
        await ensure_may_ask(node, domain, by=host, name=name)
        host = domain
    raise WrongOrigin(f"WebFinger of {host} names yet another handle than {name}@{domain}")


async def _learned(node: Node, domain: str, by: str, name: str) -> bool:
    """Let a domain confirm, if it may be asked now, that its handles lead to a node; keep it if they do."""
    holder = node.domains.get(domain, "")
    if (holder and node.allows(holder)) or not _may_be_named(node, domain, by):
        return False
    now = node.clock.now()
    if not node.memory.may_try(f"domain named by {by}", now=now, every=CLAIM_EVERY):
        return False
    if not await _leads_to(node, domain, by, name):
        return False
    kept = await node.store.write(_keep, by, domain, holder, now)
    node.domains = await node.store.read(peers.domains)
    return kept


def _may_be_named(node: Node, domain: str, by: str) -> bool:
    """Tell whether a domain can be a node's; that one is denied is seen where it is dialled."""
    ours = domain in (node.uris.domain, node.uris.host)
    return not ours and (is_loopback(by) or not is_loopback(domain))


async def _leads_to(node: Node, domain: str, by: str, name: str) -> bool:
    node.claims[domain] = by
    try:
        jrd = await finger(node, domain, f"acct:{name}@{domain}")
        return jrd is not None and bool(jrd.self_uri) and host_of(jrd.self_uri) == by
    except (RemoteFault, PeerTrouble, NotPermitted):
        return False
    finally:
        node.claims.pop(domain, None)


async def _keep(tx: Transaction, host: str, domain: str, instead_of: str, now: datetime) -> bool:
    kept = await peers.set_domain(tx, host, domain, instead_of=instead_of, now=now)
    if kept:
        await changes.bump(tx, "rules")  # a command may have learnt it beside a running server
    return kept
