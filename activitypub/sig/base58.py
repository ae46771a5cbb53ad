"""Base58 in Bitcoin's alphabet, behind the ``z`` of multibase: how keys and proofs are written as text."""

from activitypub.errors import Malformed

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}

# An Ed25519 signature takes 88 characters; decoding takes time that grows with the square of the length.
MOST_CHARACTERS = 128


def encode(octets: bytes) -> str:
    """Give bytes as text that begins with ``z``."""
    number = int.from_bytes(octets)
    text = ""
    while number:
        number, value = divmod(number, 58)
        text = ALPHABET[value] + text
    zeros = len(octets) - len(octets.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + text


def decode(text: str) -> bytes:
    """Read what ``encode`` wrote; raise ``Malformed`` for anything else."""
    if not text.startswith("z"):
        raise Malformed(f"found {text[:20]!r}, wanted base58 that begins with z (multibase)")
    if len(text) > MOST_CHARACTERS:
        raise Malformed(f"found {len(text)} characters of base58, at most {MOST_CHARACTERS} are read")
    digits = text[1:]
    number = 0
    for character in digits:
        value = _VALUES.get(character)
        if value is None:
            raise Malformed(f"found {character!r}, which is no base58")
        number = number * 58 + value
    zeros = len(digits) - len(digits.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)
