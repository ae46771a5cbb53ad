"""A node with its pages, and a browser before it."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
import pytest

from fedcop.actions import account
from fedcop.server.app import build
from storage.actors import Actor
from tests.support import described
from tests.support.network import Council, Network

PASSWORD = "three ordinary words"


@dataclass
class Browser:
    """What a person does with pages: cookies are kept, redirects looked at one by one."""

    http: httpx.AsyncClient
    council: Council

    async def get(self, path: str, **more: str) -> httpx.Response:
        return await self.http.get(path, headers={"accept": "text/html", **more})

    async def post(self, path: str, **form: str) -> httpx.Response:
        return await self.http.post(path, data=form, headers={"origin": str(self.http.base_url).rstrip("/")})

    async def sign_in(self, name: str, password: str = PASSWORD, wanted: str = "/") -> httpx.Response:
        return await self.post("/sign-in", name=name, password=password, next=wanted)


def hidden(page: httpx.Response) -> dict[str, str]:
    """Give the hidden fields of the first form in what a page is about, or else of the page."""
    begins = page.text.find("<form", page.text.find("<main"))
    form = re.search(r"<form.*?</form>", page.text[max(begins, 0) :], re.DOTALL)
    assert form is not None, page.text
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0].replace("&amp;", "&")))


@pytest.fixture
async def public(network: Network) -> Council:
    """Give a node whose pages strangers may read."""
    return await network.open("kent.example", web={"public_pages": True})


@pytest.fixture
async def browser(public: Council) -> AsyncIterator[Browser]:
    transport = described.Described(app=build(public.node))
    async with httpx.AsyncClient(transport=transport, base_url="https://kent.example") as http:
        yield Browser(http, public)


@pytest.fixture
async def ada(public: Council) -> Actor:
    """Give a person who has a password."""
    added, _ = await account.add_person(
        public.node, "ada", email="ada@kent.example", display_name="Ada Bright", password=PASSWORD
    )
    return added
