"""The reader of what is logged finds secrets, and nothing else."""

import logging
import secrets

import pytest

from tests.support.told import Told


def leaks(line: str, *args: object, **facts: object) -> int:
    told = Told()
    told.emit(logging.makeLogRecord({"msg": line, "args": args, **facts}))
    return len(told.leaks)


def test_a_token_is_found_wherever_it_stands() -> None:
    token = secrets.token_urlsafe(30) + "aA0"
    assert leaks(f"Bearer {token}") == 1
    assert leaks("refused: %s", token) == 1
    assert leaks("refused", path=f"/oauth?code={token}&x=1") == 1


def test_a_key_and_a_hash_of_a_password_are_found() -> None:
    assert leaks("-----BEGIN PRIVATE KEY-----\n" + "a" * 64) == 1
    assert leaks("$argon2id$v=19$m=65536") == 1


@pytest.mark.parametrize(
    "line",
    [
        "SHA-256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
        "in test_a_name_of_forty_three_letters_exactly_it_is",
        "https://kent.example/posts/116032857342017536",
    ],
)
def test_what_is_no_secret_is_let_pass(line: str) -> None:
    assert leaks(line) == 0
