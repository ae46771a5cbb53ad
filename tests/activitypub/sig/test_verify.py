import pytest

from activitypub import sending
from activitypub.errors import Unsigned
from activitypub.sig import verify
from activitypub.wire import Request
from tests.support.signed import BODY, INBOX, KEY_ID, NOW, cavage, public_of, rsa_key


def test_a_request_without_signature_input_is_read_as_cavage() -> None:
    assert verify.read(cavage(), now=NOW).scheme == "cavage"


def test_signature_input_chooses_rfc9421() -> None:
    unsigned = sending.post(BODY, inbox=INBOX, key_id=KEY_ID, now=NOW, user_agent="fedcop", scheme="rfc9421")
    signature = verify.read(unsigned.signed(rsa_key().sign(unsigned.base)), now=NOW)
    assert signature.scheme == "rfc9421"
    assert signature.holds(public_of(rsa_key()))


def test_an_unsigned_request_is_refused() -> None:
    with pytest.raises(Unsigned):
        verify.read(Request(method="POST", url=INBOX, body=BODY), now=NOW)
