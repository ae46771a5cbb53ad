"""A node on which a question may wait, and a browser in which its facilitator is signed in."""

import pytest

from fedcop.actions import account
from tests.fedcop.web.conftest import PASSWORD, Browser
from tests.support import routing
from tests.support.network import Council, Network
from tests.support.routing import Scene


@pytest.fixture
async def scene(public: Council, network: Network, browser: Browser) -> Scene:
    """Give the community pests, whose facilitator fin looks at pages."""
    scene = await routing.alone(public, network)
    for person in (scene.fin, scene.dee):
        await account.set_password(public.node, person.id, PASSWORD)
    await browser.sign_in("fin")
    return scene
