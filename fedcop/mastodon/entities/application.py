"""Application, CredentialApplication and Token."""

import json

import msgspec

from storage.oauth import App


class Application(msgspec.Struct, kw_only=True):
    """A client application, as anybody may know it."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uri: str
    redirect_uris: list[str]
    vapid_key: str


class CredentialApplication(Application, kw_only=True):
    """A client application as it is told once, with its secret."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


class Token(msgspec.Struct, kw_only=True):
    """An access token; it does not expire."""

    access_token: str
    scope: str
    created_at: int
    token_type: str = "Bearer"  # noqa: S105 - the name of a scheme


def application(app: App, *, vapid_key: str) -> Application:
    """Give an application as its own token shows it."""
    uris = json.loads(app.redirect_uris)
    return Application(
        id=str(app.id),
        name=app.name,
        website=app.website,
        scopes=app.scopes.split(),
        redirect_uri="\n".join(uris),
        redirect_uris=uris,
        vapid_key=vapid_key,
    )


def credentials(app: App, secret: str, *, vapid_key: str) -> CredentialApplication:
    """Give an application just registered."""
    shown = application(app, vapid_key=vapid_key)
    return CredentialApplication(
        **{name: getattr(shown, name) for name in Application.__struct_fields__},
        client_id=app.client_id,
        client_secret=secret,
    )
