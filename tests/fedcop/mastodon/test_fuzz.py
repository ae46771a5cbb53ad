"""Whatever a client sends, it gets JSON and no 500: each route with everything that could be wrong about it."""

import itertools
import json
from collections.abc import Iterator
from typing import Any, get_args, get_origin

import httpx
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fedcop.mastodon.routes import TABLES
from tests.fedcop.mastodon.conftest import Client
