"""OAuth: applications register, people consent, codes and passwords become tokens.

Each secret is given to its holder once; rows keep its SHA-256. A token's letters are base64url without
padding, since clients send it as a WebSocket subprotocol, whose letters are those of RFC 7230.
"""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from fedcop.actions import account as accounts
from fedcop.errors import Invalid, Refusal
from fedcop.node import Node
from fedcop.rules import is_loopback
from storage import oauth
from storage.engine import Transaction
from storage.ids import ActorId
from storage.oauth import App, Code, NewToken

OUT_OF_BAND: Final = "urn:ietf:wg:oauth:2.0:oob"
CODE_FOR: Final = timedelta(minutes=10)
LONGEST: Final = 2000

_BOTH = ("accounts", "blocks", "bookmarks", "favourites", "filters", "follows", "lists", "mutes",
         "notifications", "statuses")  # fmt: skip
_READ = sorted({*_BOTH, "search"})
_WRITE = sorted({*_BOTH, "conversations", "media", "reports"})
_ADMIN = ("accounts", "canonical_email_blocks", "domain_allows", "domain_blocks", "email_domain_blocks",
          "ip_blocks", "reports")  # fmt: skip
SCOPES: Final = (
    "read", *(f"read:{name}" for name in _READ),
    "write", *(f"write:{name}" for name in _WRITE),
    "follow", "push", "profile",
    "admin:read", *(f"admin:read:{name}" for name in _ADMIN),
    "admin:write", *(f"admin:write:{name}" for name in _ADMIN),
)  # fmt: skip
DEFAULT_SCOPE: Final = "read"
_KNOWN = frozenset(SCOPES)
# What an address may consist of that stands in a header as it is; urlsplit drops line ends, headers do not.
_PLAIN = re.compile(r"[!-~]+")
_NO_APPS = frozenset({"javascript", "data", "vbscript", "file", "blob", "about"})
_FOLLOW = frozenset(f"{verb}:{what}" for verb in ("read", "write") for what in ("blocks", "follows", "mutes"))


class OAuthFault(Refusal):
    """A fault in the words of RFC 6749, 5.2, since Elk registers itself anew on ``invalid_client`` alone."""

    status = 400

    def __init__(self, code: str, text: str, *, status: int = 400) -> None:
        super().__init__(text)
        self.code = code
        self.status = status  # type: ignore[misc]


class Granted(msgspec.Struct, frozen=True, kw_only=True):
    """A token just made: what its holder gets."""

    token: str
    scopes: str
    created_at: int


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """An application just registered, and the secret that only it is told."""

    app: App
    secret: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What an application asks a person for, checked: it may be shown on the consent page."""

    app: App
    redirect_uri: str
    scopes: str
    state: str | None
    challenge: str | None


def scopes_of(text: str | None) -> str:
    """Give the known scopes of a text, separated by spaces, pluses or commas; none known gives ``read``."""
    asked = re.split(r"[\s+,]+", text or "")
    return " ".join(dict.fromkeys(scope for scope in asked if scope in _KNOWN)) or DEFAULT_SCOPE


def covers(held: str, wanted: str) -> bool:
    """Tell whether the scopes held include the one wanted: ``read`` includes ``read:statuses``."""
    scopes = held.split()
    parts = wanted.split(":")
    if any(":".join(parts[:length]) in scopes for length in range(1, len(parts) + 1)):
        return True
    if wanted == "profile":  # the least that shows who one is
        return covers(held, "read:accounts")
    return wanted in _FOLLOW and "follow" in scopes


def _within(asked: str | None, app: App) -> str:
    """Give the scopes asked for that the application registered; without any of them, all of its own."""
    if not asked:
        return app.scopes
    return " ".join(scope for scope in scopes_of(asked).split() if covers(app.scopes, scope)) or app.scopes


async def register(
    node: Node, *, name: str, redirect_uris: Sequence[str], scopes: str | None, website: str | None
) -> Registered:
    """Register an application; its redirect addresses are kept as exact texts and never expire.

    Phanpy and Elk keep the answer for ever, so a registration does too.
    """
    if not name.strip():
        raise Invalid("Validation failed: Application name can't be blank", name="can't be blank")
    uris = [_redirect(uri) for uri in redirect_uris]
    if not uris:
        raise Invalid("Validation failed: Redirect URI can't be blank", redirect_uri="can't be blank")
    now = node.clock.now()
    secret = secrets.token_urlsafe(32)
    app = App(
        node.ids.next(now), secrets.token_urlsafe(32), accounts.hash_of(secret), name.strip()[:LONGEST],
        website if website and _is_page(website) else None,
        json.dumps(uris), scopes_of(scopes), now,
    )  # fmt: skip
    await node.store.write(oauth.add_app, app)
    return Registered(app=app, secret=secret)


def _redirect(uri: str) -> str:
    scheme = uri.partition(":")[0].strip().lower()
    if len(uri) > LONGEST or not re.fullmatch(r"[a-z][a-z0-9+.-]*", scheme) or ":" not in uri:
        raise Invalid("Validation failed: Redirect URI must be an absolute URI", redirect_uri="is invalid")
    if scheme in _NO_APPS:
        raise Invalid("Validation failed: Redirect URI must not be a script", redirect_uri="is invalid")
    if not _PLAIN.fullmatch(uri):
        raise Invalid("Validation failed: Redirect URI must be visible ASCII", redirect_uri="is invalid")
    if "#" in uri:
        raise Invalid("Validation failed: Redirect URI cannot contain a fragment", redirect_uri="is invalid")
    if scheme in ("http", "https"):
        _ensure_safe(uri)
    return uri


def _ensure_safe(uri: str) -> None:
    """Raise ``Invalid`` for a web address to which a code would travel in the clear, or in disguise."""
    parts = _split(uri)
    if parts is None or not parts.hostname or "@" in parts.netloc:
        raise Invalid("Validation failed: Redirect URI must be an absolute URI", redirect_uri="is invalid")
    if parts.scheme == "http" and parts.hostname != "::1" and not is_loopback(parts.hostname):
        raise Invalid("Validation failed: Redirect URI must be an https URI", redirect_uri="is invalid")


def _is_page(uri: str) -> bool:
    parts = _split(uri)
    return parts is not None and parts.scheme in ("http", "https") and bool(parts.netloc)


def _split(uri: str) -> SplitResult | None:
    try:
        return urlsplit(uri)
    except ValueError:  # brackets that hold no address
        return None


async def asked(
    node: Node, *, client_id: str, redirect_uri: str | None, scope: str | None, response_type: str | None,
    state: str | None, challenge: str | None, challenge_method: str | None,
) -> Asked:  # fmt: skip
    """Check what an application asks a person for; a fault is shown on a page and never redirected."""
    app = await node.store.read(oauth.find_app, client_id)
    if app is None:
        raise OAuthFault("invalid_client", "No application is registered under this client_id.", status=401)
    uris = json.loads(app.redirect_uris)
    uri = redirect_uri or uris[0]
    if not _PLAIN.fullmatch(uri) or not any(_same_redirect(uri, known) for known in uris):
        raise OAuthFault("invalid_redirect_uri", "The redirect address is not one of the application's own.")
    if response_type != "code":
        raise OAuthFault("unsupported_response_type", "Only response_type=code is understood here.")
    if challenge and challenge_method not in (None, "S256"):
        raise OAuthFault("invalid_request", "Only code_challenge_method=S256 is understood here.")
    scopes = _within(scope, app)
    return Asked(app=app, redirect_uri=uri, scopes=scopes, state=state, challenge=challenge or None)


def _same_redirect(uri: str, known: str) -> bool:
    """Compare exact texts; a loopback http address may have any port (RFC 8252, 7.3)."""
    if uri == known:
        return True
    given, wanted = _split(uri), urlsplit(known)
    if given is None:
        return False
    loopback = wanted.scheme == "http" and wanted.hostname in ("127.0.0.1", "::1", "localhost")
    return loopback and (given.scheme, given.hostname, given.path, given.query) == (
        wanted.scheme, wanted.hostname, wanted.path, wanted.query,
    )  # fmt: skip


async def consent(node: Node, wish: Asked, actor_id: ActorId) -> str:
    """Give the code by which an application fetches its token once, within ten minutes."""
    code = secrets.token_urlsafe(32)
    row = Code(
        accounts.hash_of(code), wish.app.id, actor_id, wish.redirect_uri, wish.scopes, wish.challenge,
        node.clock.now() + CODE_FOR, None,
    )  # fmt: skip
    await node.store.write(oauth.add_code, row)
    return code


async def client(node: Node, client_id: str, client_secret: str | None, *, public: bool) -> App:
    """Give the application that asks; ``public`` ones prove themselves by PKCE instead of a secret."""
    app = await node.store.read(oauth.find_app, client_id)
    held = accounts.hash_of(client_secret) if client_secret else ""
    if app is None or not (hmac.compare_digest(held, app.client_secret) or (public and not client_secret)):
        raise OAuthFault("invalid_client", "The client is unknown or its secret is wrong.", status=401)
    return app


async def redeem(
    node: Node, app: App, *, code: str, redirect_uri: str | None, verifier: str | None, secret_given: bool
) -> Granted:
    """Turn a code into a token; used twice, the tokens that it gave end (RFC 6749, 4.1.2)."""
    token, now = secrets.token_urlsafe(32), node.clock.now()
    new = NewToken(
        id=node.ids.next(now), secret=accounts.hash_of(token), app_id=app.id, actor_id=None, scopes="",
        code=accounts.hash_of(code), created_at=now,
    )  # fmt: skip
    terms = _Terms(app_id=app.id, redirect_uri=redirect_uri, verifier=verifier, secret_given=secret_given)
    scopes = await node.store.write(_redeem, new, terms)
    if scopes is None:
        raise OAuthFault("invalid_grant", "The code is wrong, was used, has expired, or is another client's.")
    return Granted(token=token, scopes=scopes, created_at=int(now.timestamp()))


class _Terms(msgspec.Struct, frozen=True, kw_only=True):
    app_id: int
    redirect_uri: str | None
    verifier: str | None
    secret_given: bool

    def met_by(self, code: Code) -> bool:
        """Tell whether whoever asks is the one that the code was meant for."""
        if code.app_id != self.app_id or self.redirect_uri not in (None, code.redirect_uri):
            return False
        if code.challenge is None:
            # A verifier says that there was a challenge: somebody took it out on the way (RFC 9700, 4.8.2).
            return self.secret_given and not self.verifier
        digest = hashlib.sha256((self.verifier or "").encode()).digest()
        made = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return hmac.compare_digest(made, code.challenge.rstrip("="))


async def _redeem(tx: Transaction, new: NewToken, terms: _Terms) -> str | None:
    code = await oauth.take_code(tx, new.code or "", new.created_at)
    if code is None or not terms.met_by(code):
        return None
    await oauth.add_token(tx, msgspec.structs.replace(new, actor_id=code.actor_id, scopes=code.scopes))
    return code.scopes


async def grant(node: Node, app: App, actor_id: ActorId | None, scope: str | None) -> Granted:
    """Give a token of a person, or of the application itself; never more than the application asked for."""
    token, now = secrets.token_urlsafe(32), node.clock.now()
    scopes = _within(scope, app)
    new = NewToken(
        id=node.ids.next(now), secret=accounts.hash_of(token), app_id=app.id, actor_id=actor_id,
        scopes=scopes, created_at=now,
    )  # fmt: skip
    await node.store.write(oauth.add_token, new)
    return Granted(token=token, scopes=scopes, created_at=int(now.timestamp()))


async def revoke(node: Node, app: App, token: str) -> None:
    """End a token of an application; one that is not there is as good as ended (RFC 7009, 2.2)."""
    await node.store.write(oauth.revoke, accounts.hash_of(token), app.id)
