"""Profile: what a person says about themself, as they typed it."""

import msgspec

from fedcop.mastodon.entities.account import CredentialAccount, Field


class Profile(msgspec.Struct, kw_only=True):
    """One's own profile, to be edited; a picture that was never chosen is null."""

    id: str
    display_name: str
    note: str
    fields: list[Field]
    avatar: str | None
    avatar_static: str | None
    avatar_description: str
    header: str | None
    header_static: str | None
    header_description: str
    locked: bool
    bot: bool
    hide_collections: bool
    discoverable: bool | None
    indexable: bool
    show_media: bool
    show_media_replies: bool
    show_featured: bool
    attribution_domains: list[str]


def profile(own: CredentialAccount, *, avatar: bool, header: bool) -> Profile:
    """Give the profile in one's own account; ``avatar``, ``header``: whether a picture was chosen."""
    return Profile(
        id=own.id,
        display_name=own.display_name,
        note=own.source.note,
        fields=own.source.fields,
        avatar=own.avatar if avatar else None,
        avatar_static=own.avatar_static if avatar else None,
        avatar_description=own.avatar_description,
        header=own.header if header else None,
        header_static=own.header_static if header else None,
        header_description=own.header_description,
        locked=own.locked,
        bot=own.bot,
        hide_collections=own.hide_collections,
        discoverable=own.discoverable,
        indexable=own.indexable,
        show_media=own.show_media,
        show_media_replies=own.show_media_replies,
        show_featured=own.show_featured,
        attribution_domains=own.source.attribution_domains,
    )
