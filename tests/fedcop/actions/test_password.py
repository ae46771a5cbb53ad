"""Passwords to argon2 texts and back to yes or no."""

import asyncio

from fedcop.actions import password


async def test_a_password_is_recognised_by_its_text_alone() -> None:
    first, second = await asyncio.gather(password.hashed("horse"), password.hashed("horse"))
    assert first != second
    assert first.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert await password.matches(first, "horse")
    assert not await password.matches(first, "Horse")


async def test_nobody_has_no_password_not_even_the_one_compared_with() -> None:
    assert not await password.matches(None, "horse")
    assert not await password.matches(None, "nobody has this password")
