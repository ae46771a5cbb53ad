"""Passwords to argon2 texts and back to yes or no, one at a time: each takes 19 MB for some 20 ms.

One thread is the limit of decision 28: a flood of sign-ins may wait, it may not take the memory of the node.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import argon2

# OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, two passes, one lane.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_ONE = ThreadPoolExecutor(max_workers=1, thread_name_prefix="password")

# What an unknown name is compared with, so that it takes as long as a known one.
_NOBODY = _HASHER.hash("nobody has this password")


async def hashed(password: str) -> str:
    """Give the text that is stored for a password."""
    return await asyncio.get_running_loop().run_in_executor(_ONE, _HASHER.hash, password)


async def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the stored one; None, for nobody, takes as long and is never right."""
    held = await asyncio.get_running_loop().run_in_executor(_ONE, _verify, stored or _NOBODY, password)
    return held and stored is not None


def _verify(stored: str, password: str) -> bool:
    try:
        return _HASHER.verify(stored, password)
    except argon2.exceptions.VerifyMismatchError:
        return False
