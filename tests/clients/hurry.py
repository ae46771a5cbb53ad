"""A pytest plugin for suites that wait for Mastodon's queues: a short wait lasts a quarter of its time.

    pytest -p hurry        with this folder on PYTHONPATH

A node of ours has done it before it answers. What lasts longer is for a film, or for something to run out.
"""

import time

SHORT = 5.0

_sleep = time.sleep


def _less(seconds: float) -> None:
    _sleep(seconds / 4 if seconds <= SHORT else seconds)


time.sleep = _less
