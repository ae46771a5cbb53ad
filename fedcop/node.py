"""One node as a value: what every action, door and worker is given first."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import fedcop
from activitypub.wire import Request, Response
from fedcop.clock import Clock
from fedcop.config import Config
from fedcop.errors import ConfigFault
from fedcop.hub import Hub
from fedcop.memory import Memory
from fedcop.meters import Meters
from fedcop.rules import Rule, Rules
from fedcop.signing import Signing
from fedcop.transport import Budget, Transport
from fedcop.uris import Uris
from storage import actors, allowlist, audit, changes, ids, open_store, peers
from storage.engine import Store
from storage.ids import ActorId, IdSource
from storage.visible import SYSTEM

NODE_ACTOR = "node_actor"
CHAINED = 200  # entries in one step


class WayOut(Protocol):
    """The one seam to other hosts; ``fedcop.transport.Transport`` in life, a router of apps in tests."""

    async def exchange(self, request: Request, budget: Budget) -> Response:
        """Send one request and give the answer; raise ``PeerTrouble`` when there is none."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...


@dataclass(slots=True)
class Node:
    """Configuration, store, keys, way out and time of one node."""

    config: Config
    store: Store
    clock: Clock
    ids: IdSource
    uris: Uris
    signing: Signing
    actor_id: ActorId
    transport: WayOut = field(init=False)  # it asks this node's list, so it comes second
    hub: Hub = field(default_factory=Hub)
    memory: Memory = field(default_factory=Memory)
    meters: Meters = field(default_factory=Meters)
    rules: Rules = field(default_factory=lambda: Rules(mode="allowlist"))
    domains: dict[str, str] = field(default_factory=dict)  # in which handles end, to the host of the ids
    claims: dict[str, str] = field(default_factory=dict)  # the same, as a node says and nobody confirmed yet

    @property
    def user_agent(self) -> str:
        """Give how this node names itself to others."""
        return f"fedcop/{fedcop.__version__} (+{self.config.node.base_url}/)"

    def allows(self, host: str) -> bool:
        """Tell whether this node may talk with a host now."""
        return self.rules.allows(host)

    def may_finger(self, domain: str) -> bool:
        """Tell whether a domain may be asked for handles since those of an allowed node end in it."""
        named_by = (self.domains.get(domain), self.claims.get(domain))
        return any(host and self.allows(host) for host in named_by) and not self.rules.denies(domain)

    async def refresh_rules(self) -> None:
        """Rebuild the federation list from the file and the rows; called after each change."""
        rows = await self.store.read(allowlist.all_rules)
        self.rules = rules_of(self.config, rows, self.clock.now())
        self.domains = await self.store.read(peers.domains)

    async def close(self) -> None:
        """Close what ``open_node`` opened."""
        await self.memory.close()
        await self.transport.close()
        self.signing.close()
        await self.store.close()


def rules_of(config: Config, rows: list[allowlist.RuleRow], now: datetime) -> Rules:
    """Give the list in force: what the file fixes first, then the rows that have not ended."""
    added = [rule for rule in map(rule_of, rows) if rule.counts(now)]
    return Rules(mode=config.federation.mode, rules=(*config.rules(), *added))


def rule_of(row: allowlist.RuleRow) -> Rule:
    """Give the entry that a row holds."""
    return Rule(
        pattern=row.pattern,
        severity=row.severity,
        source=row.source,
        reason=row.reason,
        by=row.by_name,
        at=row.created_at,
        review_on=row.review_on,
        until=row.until,
    )


async def open_node(
    config: Config, *, clock: Clock | None = None, transport: WayOut | None = None, process: int = 0
) -> Node:
    """Open the store and the keys of a node that `fedcop init` made; raise ``ConfigFault`` if it was not.

    ``process`` keeps the ids of a command beside a running server apart from the server's own.
    """
    store = await open_store(config.database.url)
    try:
        node = await _node_on(store, config, clock or Clock(), process)
        store.on_change, store.on_wake = node.hub.publish, node.hub.wake
        node.transport = transport or Transport(
            config.outbound,
            allows=node.allows,
            may_finger=node.may_finger,
            hosts={
                "operator": frozenset({node.uris.host, node.uris.domain}),
                "push": frozenset(config.push.hosts),
            },
        )
        await node.refresh_rules()
    except BaseException:
        await store.close()
        raise
    return node


async def _node_on(store: Store, config: Config, clock: Clock, process: int) -> Node:
    found = await store.read(changes.find_fact, NODE_ACTOR)
    if found is None:
        raise ConfigFault("database: holds no node yet; `fedcop init DIR --domain NAME` makes one")
    actor_id, uris = ActorId(int(found)), Uris(config.node.base_url, config.node.domain)
    own = await store.read(actors.find, SYSTEM, actor_id)
    assert own is not None, "the fact and the actor are written in one transaction"
    _ensure_same("node.base_url", config.node.base_url, own.uri.removesuffix("/actor"))
    _ensure_same("node.domain", config.node.domain, own.domain)
    last, last_notification = await store.read(ids.highest)
    signing = Signing(store, config.node.key_file, clock=clock)
    await _chain_up(store, signing)
    return Node(
        config=config,
        store=store,
        clock=clock,
        ids=IdSource(
            last=last,
            last_notification=last_notification,
            process=process if store.process is None else store.process,
        ),
        uris=uris,
        signing=signing,
        actor_id=actor_id,
    )


async def _chain_up(store: Store, signing: Signing) -> None:
    """Put decisions from before there was a chain into it, before the next is recorded."""
    while await store.read(audit.is_unchained):
        await store.bulk(audit.chain_up, signing.audit_seal, [secrets.token_hex(16) for _ in range(CHAINED)])


def _ensure_same(key: str, found: str, made_with: str) -> None:
    """Refuse another name than the node was made with: its ids are known to others, and they never change."""
    if found != made_with:
        raise ConfigFault(f"{key}: found {found!r}, wanted {made_with!r}, with which this node was made")
