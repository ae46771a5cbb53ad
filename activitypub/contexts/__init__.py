"""The JSON-LD contexts that are known here, none of which is ever fetched.

Those that pyld ships are its own; the others are written by hand in the .json files beside this one, as far
as documents of other servers use them (federation.md 4.9). A context that is not listed is unknown: a
document under it is read as plain JSON.
"""

from pathlib import Path

FOLDER = Path(__file__).parent

WRITTEN = {
    "https://w3id.org/security/data-integrity/v1": "data-integrity.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity.json",
    "https://w3id.org/security/multikey/v1": "multikey.json",
    "https://www.w3.org/ns/cid/v1": "cid.json",
    "https://join-lemmy.org/context.json": "lemmy.json",
    "https://purl.archive.org/socialweb/webfinger": "webfinger.json",
    "https://gotosocial.org/ns": "gotosocial.json",
    "http://joinmastodon.org/ns": "mastodon.json",
}
