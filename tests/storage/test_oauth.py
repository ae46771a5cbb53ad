"""Client applications, codes and tokens."""

from datetime import timedelta

from storage import accounts, oauth
from storage.engine import Store
from storage.ids import ActorId
from storage.oauth import App, Bearer, Code, NewToken
from tests.storage import people
from tests.storage.people import NOON

APP = App(
    1, "client", "hash", "Tusky", "https://tusky.app", '["urn:ietf:wg:oauth:2.0:oob"]', "read write", NOON
)
LATER = NOON + timedelta(minutes=10)


async def _ada(store: Store) -> ActorId:
    ada = await people.add(store, "ada")
    await store.write(accounts.add, ada, email="ada@kent.example", password=None, admin=True, now=NOON)
    await store.write(oauth.add_app, APP)
    return ada


def _code(ada: ActorId) -> Code:
    return Code("code", 1, ada, "urn:ietf:wg:oauth:2.0:oob", "read", "challenge", LATER, None)


def _token(token_id: int, actor_id: ActorId | None, code: str | None = None) -> NewToken:
    return NewToken(
        id=token_id,
        secret=f"token{token_id}",
        app_id=1,
        actor_id=actor_id,
        scopes="read",
        code=code,
        created_at=NOON,
    )


async def test_an_application_is_found_by_its_client_id_and_by_its_token(store: Store) -> None:
    await _ada(store)
    await store.write(oauth.add_token, _token(7, None))
    assert await store.read(oauth.find_app, "client") == APP
    assert await store.read(oauth.find_app, "other") is None
    assert await store.read(oauth.app_of_token, 7) == APP


async def test_a_code_is_taken_once_and_a_second_use_ends_its_tokens(store: Store) -> None:
    ada = await _ada(store)
    await store.write(oauth.add_code, _code(ada))
    assert await store.write(oauth.take_code, "code", NOON) == _code(ada)
    await store.write(oauth.add_token, _token(1, ada, code="code"))
    await store.write(oauth.add_token, _token(2, ada))
    assert await store.write(oauth.take_code, "code", NOON) is None
    assert await store.read(oauth.find_token, "token1") is None
    assert await store.read(oauth.find_token, "token2") is not None


async def test_an_unknown_or_expired_code_gives_nothing(store: Store) -> None:
    ada = await _ada(store)
    assert await store.write(oauth.take_code, "code", NOON) is None
    await store.write(oauth.add_code, _code(ada))
    assert await store.write(oauth.take_code, "code", LATER) is None


async def test_old_codes_are_removed(store: Store) -> None:
    ada = await _ada(store)
    await store.write(oauth.add_code, _code(ada))
    await store.write(oauth.clean, NOON)
    assert await store.write(oauth.take_code, "code", NOON) is not None
    await store.write(oauth.clean, LATER)
    await store.write(oauth.add_code, _code(ada))


async def test_a_token_says_what_its_holder_may_do(store: Store) -> None:
    ada = await _ada(store)
    await store.write(oauth.add_token, _token(1, ada))
    await store.write(oauth.add_token, _token(2, None))
    site = "https://tusky.app"
    assert await store.read(oauth.find_token, "token1") == Bearer(
        1, 1, "Tusky", site, "read", ada, "active", True
    )
    assert await store.read(oauth.find_token, "token2") == Bearer(
        2, 1, "Tusky", site, "read", None, None, None
    )
    assert await store.read(oauth.find_token, "token3") is None


async def test_tokens_are_listed_touched_and_revoked(store: Store) -> None:
    ada = await _ada(store)
    for token_id in (1, 2):
        await store.write(oauth.add_token, _token(token_id, ada))
    await store.write(oauth.touch_token, 2, NOON)
    listed = await store.read(oauth.tokens_of, ada)
    assert [(token.id, token.last_used_at) for token in listed] == [(1, None), (2, NOON)]
    assert not await store.write(oauth.revoke, "token1", 9)
    assert await store.write(oauth.revoke, "token1", 1)
    assert await store.read(oauth.find_token, "token1") is None
    await store.write(oauth.revoke_all, ada)
    assert await store.read(oauth.tokens_of, ada) == []


async def test_a_person_sees_and_ends_what_acts_for_them_and_for_nobody_else(store: Store) -> None:
    ada, ben = await _ada(store), await people.add(store, "ben")
    for token_id, whose in ((1, ada), (2, ada), (3, ben), (4, None)):
        await store.write(oauth.add_token, _token(token_id, whose))
    found = await store.read(oauth.authorized, ada)
    assert [(one.id, one.app_name, one.scopes) for one in found] == [
        (2, "Tusky", "read"),
        (1, "Tusky", "read"),
    ]
    assert not await store.write(oauth.revoke_own, ada, 3)
    assert await store.write(oauth.revoke_own, ada, 2)
    assert [one.id for one in await store.read(oauth.authorized, ada)] == [1]
    assert await store.read(oauth.find_token, "token3") is not None
