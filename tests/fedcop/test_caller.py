"""From which address a request came."""

import asyncio

from fedcop import caller


async def test_each_request_has_an_address_of_its_own() -> None:
    async def request(address: str) -> str:
        caller.address.set(address)
        await asyncio.sleep(0)
        return caller.address.get()

    assert await asyncio.gather(request("192.0.2.1"), request("192.0.2.2")) == ["192.0.2.1", "192.0.2.2"]
    assert caller.address.get() == ""
