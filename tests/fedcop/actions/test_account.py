"""People of this node: added, invited, signed in."""

from datetime import timedelta

import pytest

from fedcop.actions import account
from fedcop.clock import SetClock
from fedcop.errors import Invalid, NotPermitted, NotSignedIn, Refusal, TooMany
from fedcop.node import Node
from storage import accounts, actors, audit, changes, keys, oauth, sessions
from storage.oauth import App, NewToken
from storage.visible import SYSTEM
from tests.support.clock import NOON

PASSWORD = "correct horse"
HERE = "192.0.2.1"


async def _dan(node: Node, *, password: str | None = PASSWORD) -> str | None:
    _, secret = await account.add_person(
        node, "dan", email="Dan@Kent.example ", display_name=" Dan ", password=password, by="ada"
    )
    return secret


def _move(node: Node, **by: int) -> None:
    assert isinstance(node.clock, SetClock)
    node.clock.move(timedelta(**by))


async def test_a_person_has_a_row_two_keys_an_account_and_an_entry_in_the_record(node: Node) -> None:
    assert await _dan(node) is None
    dan = await node.store.read(actors.find_by_handle, SYSTEM, "dan", "kent.example")
    assert dan is not None
    assert (dan.uri, dan.display_name, dan.type) == ("https://kent.example/people/dan", "Dan", "Person")
    assert dan.inbox == "https://kent.example/people/dan/inbox"
    assert [key.kind for key in await node.store.read(keys.public_of, dan.id)] == ["ed25519", "rsa"]
    found = await node.store.read(accounts.find, dan.id)
    assert found is not None
    assert (found.email, found.admin) == ("dan@kent.example", False)
    (entry,) = await node.store.read(audit.latest, 1)
    assert (entry.by_name, entry.verb, entry.object) == ("ada", "person add", dan.uri)
    assert (await node.store.read(changes.counters))["actors"] == 1


@pytest.mark.parametrize(
    ("handle", "email", "password", "field"),
    [
        ("Dan", "dan@kent.example", PASSWORD, "handle"),
        ("d" * 31, "dan@kent.example", PASSWORD, "handle"),
        ("", "dan@kent.example", PASSWORD, "handle"),
        ("admin", "dan@kent.example", PASSWORD, "handle"),
        ("ask", "dan@kent.example", PASSWORD, "handle"),
        ("dan", "dan", PASSWORD, "email"),
        ("dan", "d an@kent.example", PASSWORD, "email"),
        ("dan", "dan@kent.example", "short", "password"),
        ("dan", "dan@kent.example", "x" * 1001, "password"),
    ],
)
async def test_what_cannot_be_a_person_names_the_field(
    node: Node, handle: str, email: str, password: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        await account.add_person(node, handle, email=email, display_name="Dan", password=password)
    assert list(refusal.value.fields) == [field]


async def test_a_handle_or_an_address_is_given_once(node: Node) -> None:
    await _dan(node)
    with pytest.raises(Invalid) as refusal:
        await account.add_person(node, "dan", email="d@kent.example", display_name="", password=PASSWORD)
    assert list(refusal.value.fields) == ["handle"]
    with pytest.raises(Invalid) as refusal:
        await account.add_person(node, "dot", email="dan@kent.example", display_name="", password=PASSWORD)
    assert list(refusal.value.fields) == ["email"]
    assert await node.store.read(actors.find_by_handle, SYSTEM, "dot", "kent.example") is None


async def test_an_invitation_sets_a_password_once(node: Node) -> None:
    secret = await _dan(node, password=None)
    assert secret is not None
    with pytest.raises(NotSignedIn):
        await account.check_password(node, "dan", PASSWORD, address=HERE)
    dan = await account.accept_invitation(node, secret, PASSWORD)
    found = await account.check_password(node, "dan", PASSWORD, address=HERE)
    assert found.actor_id == dan
    with pytest.raises(NotPermitted):
        await account.accept_invitation(node, secret, "another one")


async def test_an_invitation_is_good_for_a_week(node: Node) -> None:
    secret = await _dan(node, password=None)
    assert secret is not None
    _move(node, days=7)
    with pytest.raises(NotPermitted):
        await account.accept_invitation(node, secret, PASSWORD)
    dan = await node.store.read(accounts.find_by_name, "dan")
    assert dan is not None
    again = await account.invite(node, dan.actor_id, by="ada")
    assert await account.accept_invitation(node, again, PASSWORD) == dan.actor_id


@pytest.mark.parametrize("name", ["dan", "@dan", " DAN ", "dan@kent.example"])
async def test_a_person_signs_in_by_handle_or_address(node: Node, name: str) -> None:
    await _dan(node)
    session = await account.sign_in(node, name, PASSWORD, address=HERE)
    found = await node.store.read(sessions.find, account.hash_of(session.secret), NOON)
    assert found is not None
    assert (found.actor_id, found.csrf) == (session.account.actor_id, session.csrf)
    assert found.expires_at == session.expires_at == NOON + timedelta(days=14)
    row = await node.store.read(accounts.find, found.actor_id)
    assert row is not None
    assert row.last_seen_at == NOON


async def test_a_wrong_password_and_an_unknown_name_are_told_alike(node: Node) -> None:
    await _dan(node)
    texts = []
    for name, password in (("dan", "wrong one"), ("nobody", PASSWORD), ("n@o.example", PASSWORD)):
        with pytest.raises(NotSignedIn) as refusal:
            await account.check_password(node, name, password, address=HERE)
        texts.append(refusal.value.text)
    assert len(set(texts)) == 1


async def _fail(node: Node, name: str, address: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Refusal):
            await account.check_password(node, name, "wrong one", address=address)


async def test_ten_wrong_passwords_lock_the_pair_for_five_minutes_by_any_name(node: Node) -> None:
    await _dan(node)
    await _fail(node, "dan", HERE, 5)
    await _fail(node, "dan@kent.example", HERE, 5)
    with pytest.raises(TooMany) as refusal:
        await account.check_password(node, "dan", PASSWORD, address=HERE)
    assert refusal.value.retry_after == 300
    assert await account.check_password(node, "dan", PASSWORD, address="192.0.2.2")
    _move(node, minutes=5)
    assert await account.check_password(node, "dan", PASSWORD, address=HERE)


async def test_a_right_password_forgets_the_wrong_ones(node: Node) -> None:
    await _dan(node)
    await _fail(node, "dan", HERE, 9)
    assert await account.check_password(node, "dan", PASSWORD, address=HERE)
    await _fail(node, "dan", HERE, 9)
    assert await account.check_password(node, "dan", PASSWORD, address=HERE)


async def test_a_hundred_wrong_passwords_lock_an_address(node: Node) -> None:
    await _dan(node)
    for place in range(100):
        await node.store.write(sessions.add_failure, f"name{place}", HERE, NOON)
    with pytest.raises(TooMany):
        await account.check_password(node, "dan", PASSWORD, address=HERE)


async def test_who_is_suspended_begins_a_session_that_says_so_and_who_is_disabled_none(node: Node) -> None:
    await _dan(node)
    dan = await node.store.read(accounts.find_by_name, "dan")
    assert dan is not None
    await node.store.write(accounts.set_state, dan.actor_id, "suspended", node.clock.now())
    assert (await account.sign_in(node, "dan", PASSWORD, address=HERE)).account.state == "suspended"
    with pytest.raises(NotPermitted, match="suspended"):
        await account.check_password(node, "dan", PASSWORD, address=HERE)
    await node.store.write(accounts.set_state, dan.actor_id, "disabled", node.clock.now())
    with pytest.raises(NotPermitted, match="disabled"):
        await account.sign_in(node, "dan", PASSWORD, address=HERE)


async def test_a_new_password_signs_out_everywhere(node: Node) -> None:
    await _dan(node)
    session = await account.sign_in(node, "dan", PASSWORD, address=HERE)
    dan = session.account.actor_id
    await node.store.write(oauth.add_app, App(1, "client", "x", "Tusky", None, "[]", "read", NOON))
    token = NewToken(id=1, secret="token", app_id=1, actor_id=dan, scopes="read", created_at=NOON)
    await node.store.write(oauth.add_token, token)
    link = await account.invite(node, dan, by="ada")
    await account.set_password(node, dan, "battery staple")
    assert await node.store.read(sessions.find, account.hash_of(session.secret), NOON) is None
    assert await node.store.read(oauth.find_token, "token") is None
    with pytest.raises(NotPermitted):
        await account.accept_invitation(node, link, PASSWORD)
    with pytest.raises(NotSignedIn):
        await account.check_password(node, "dan", PASSWORD, address=HERE)
    assert await account.check_password(node, "dan", "battery staple", address=HERE)


async def test_a_name_too_long_to_show_adds_nobody(node: Node) -> None:
    with pytest.raises(Invalid, match="found 200 characters"):
        await account.add_person(
            node, "dan", email="dan@kent.example", display_name="x" * 200, password=PASSWORD
        )
    assert await node.store.read(actors.find_by_handle, SYSTEM, "dan", "kent.example") is None
