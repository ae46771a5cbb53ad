"""Joining and one's own profile: POST /api/v1/accounts, update_credentials and /api/v1/profile."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from fedcop.actions import account, profile
from fedcop.actions.profile import Changes
from fedcop.errors import NotPermitted
from fedcop.mastodon import answer, auth, errors, forms
from fedcop.mastodon.entities import account as account_entities
from fedcop.mastodon.entities import profile as entities
from fedcop.mastodon.entities.application import Token
from fedcop.mastodon.entities.place import place
from fedcop.mastodon.forms import Upload
from fedcop.mastodon.methods.accounts import oneself, own, sign_in_of
from fedcop.mastodon.methods.statuses import AUDIENCE
from fedcop.node import Node
from fedcop.policy.quoting import Policy
from storage import accounts, oauth
from storage.accounts import Settings
from storage.engine import Transaction
from storage.ids import ActorId
from storage.oauth import NewToken

MOST_FIELDS = 20
BLANK = "can't be blank"
MOST_SITES = 100


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """Who wants to join."""

    username: Annotated[str, msgspec.Meta(max_length=30)] = ""
    email: str = ""
    password: str = ""
    agreement: bool = False

    def faults(self) -> dict[str, str]:
        """Give what is missing, every field at once: a client shows each fault beside its field."""
        # Mastodon says of a missing address that it is no address, too.
        faults = {"username": BLANK, "email": f"{BLANK}{errors.MORE}is invalid", "password": BLANK}
        missing = {name: fault for name, fault in faults.items() if not getattr(self, name)}
        return missing if self.agreement else missing | {"agreement": "must be accepted"}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a profile, as typed."""

    name: str = ""
    value: str = ""


class Defaults(msgspec.Struct, frozen=True, kw_only=True):
    """How a person wants to write unless they say otherwise; what is absent stays."""

    privacy: str | None = None
    sensitive: bool | None = None
    language: Annotated[str, msgspec.Meta(max_length=16)] | None = None
    quote_policy: Policy | None = None


class Update(msgspec.Struct, frozen=True, kw_only=True):
    """What is to change of a profile; what is absent stays."""

    display_name: str | None = None
    note: str | None = None
    avatar: Upload | None = None
    header: Upload | None = None
    locked: bool | None = None
    bot: bool | None = None
    avatar_description: str | None = None
    header_description: str | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: Annotated[tuple[str, ...], msgspec.Meta(max_length=MOST_SITES)] | None = None
    fields_attributes: Annotated[tuple[Line, ...], msgspec.Meta(max_length=MOST_FIELDS)] | None = None
    source: Defaults = Defaults()


async def register(request: Request) -> Response:
    """POST /api/v1/accounts: a token of the new person, where the node lets people join by themselves."""
    node: Node = request.app.state.node
    bearer = await auth.application(request, "write:accounts")
    form = await forms.read(request, Registration)
    if node.config.sign_in.registration != "open":
        raise NotPermitted("People are added to this node by its council; registration is closed")
    if faults := form.faults():
        raise forms.all_invalid(faults)
    actor, _ = await account.add_person(
        node, form.username.lower(), email=form.email, display_name="", password=form.password
    )
    now, secret = node.clock.now(), secrets.token_urlsafe(32)
    token = NewToken(
        id=node.ids.next(now),
        secret=account.hash_of(secret),
        app_id=bearer.app_id,
        actor_id=actor.id,
        scopes=bearer.scopes,
        created_at=now,
    )
    await node.store.write(oauth.add_token, token)
    return answer.entity(Token(access_token=secret, scope=token.scopes, created_at=int(now.timestamp())))


async def update_credentials(request: Request) -> Response:
    """PATCH /api/v1/accounts/update_credentials."""
    node: Node = request.app.state.node
    person = await auth.person(request, "write:accounts")
    form = await forms.read(request, Update)
    if form.source != Defaults():
        await node.store.write(_set_defaults, person.actor.id, form.source)
    changes = _changes(form)
    if changes != _changes(Update()):
        await profile.update(node, person.actor, changes)
    return await oneself(request, "write:accounts")


async def show(request: Request) -> Response:
    """GET /api/v1/profile: what one says about oneself, as typed."""
    return await _profile(request, "profile")


async def update_profile(request: Request) -> Response:
    """PATCH /api/v1/profile: as update_credentials, answered with the profile."""
    await update_credentials(request)
    return await _profile(request, "write:accounts")


async def _profile(request: Request, scope: str) -> Response:
    caller, (actor, sign_in, waiting) = await auth.read(request, scope, own)
    shown = account_entities.credential(actor, sign_in, waiting, place(request, caller))
    return answer.entity(
        entities.profile(shown, avatar=actor.icon is not None, header=actor.image is not None)
    )


def without(picture: Literal["icon", "image"]) -> Callable[[Request], Awaitable[Response]]:
    """Give the endpoint that takes a picture off the caller's profile."""

    async def endpoint(request: Request) -> Response:
        person = await auth.person(request, "write:accounts")
        await profile.update(request.app.state.node, person.actor, Changes(without=(picture,)))
        return await oneself(request, "write:accounts")

    return endpoint


async def _set_defaults(tx: Transaction, me: ActorId, wanted: Defaults) -> None:
    held = await sign_in_of(tx, me)
    await accounts.set_settings(
        tx,
        me,
        Settings(
            locale=held.locale,
            audience=AUDIENCE.get(wanted.privacy or "", held.audience),
            sensitive=held.sensitive if wanted.sensitive is None else wanted.sensitive,
            language=wanted.language or held.language,
            quote_policy=wanted.quote_policy or held.quote_policy,
        ),
    )


def _changes(form: Update) -> Changes:
    lines = form.fields_attributes
    return Changes(
        display_name=form.display_name,
        note=form.note,
        fields=None if lines is None else tuple((line.name, line.value) for line in lines),
        approves=form.locked,
        bot=form.bot,
        discoverable=form.discoverable,
        indexable=form.indexable,
        hides_follows=form.hide_collections,
        tabs={
            "media": form.show_media,
            "media_replies": form.show_media_replies,
            "featured": form.show_featured,
        },
        author_of=form.attribution_domains,
        icon_text=form.avatar_description,
        image_text=form.header_description,
        icon=form.avatar.data if form.avatar else None,
        image=form.header.data if form.header else None,
    )


ROUTES = [
    Route("/api/v1/accounts", register, methods=["POST"]),
    Route("/api/v1/accounts/update_credentials", update_credentials, methods=["PATCH"]),
    Route("/api/v1/profile", show),
    Route("/api/v1/profile", update_profile, methods=["PATCH"]),
    Route("/api/v1/profile/avatar", without("icon"), methods=["DELETE"]),
    Route("/api/v1/profile/header", without("image"), methods=["DELETE"]),
]
