"""Passwords to argon2 texts and back to yes or no, one at a time: each takes 19 MB for some 20 ms.

One thread is the limit of decision 28: a flood of sign-ins may wait, it may not take the memory of the node.
"""

import asyncio
import functools
from concurrent.futures import ThreadPoolExecutor

import argon2

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_ONE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")


async def hashed(password: str) -> str:
    """Give the text that is stored for a password."""
    return await asyncio.get_running_loop().run_in_executor(_ONE, _HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the stored one; None, for nobody, takes as long and is never right."""
    return await asyncio.get_running_loop().run_in_executor(_ONE, _verify, stored, password)


def _verify(stored: str | None, password: str) -> bool:
    try:
        return _HASHER.verify(stored or _nobody(), password) and stored is not None
    except argon2.exceptions.VerifyMismatchError:
        return False


@functools.cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
