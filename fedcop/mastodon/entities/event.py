"""What an event says beside its text: the client API has no events, so it stands in the status' content."""

from html import escape

from fedcop.content.when import when
from storage.events import Event

JOINING = {
    "free": "open to everybody",
    "restricted": "on request",
    "invite": "by invitation",
    "external": "elsewhere",
}


def details_of(event: Event) -> str:
    """Give when and where, and how one joins, as a paragraph."""
    where = ", ".join(part for part in (event.place, event.address) if part)
    joining = JOINING.get(event.join_mode, "")
    lines = [
        "<strong>Cancelled</strong>" if event.state == "cancelled" else "",
        "Not certain yet" if event.state == "tentative" else "",
        _line("When", escape(when(event.starts_at, event.ends_at, event.timezone))),
        _line("Where", escape(where, quote=False)),
        _line("Online", _link(event.online_url)),
        _line("Joining", " ".join(part for part in (joining, _link(event.join_url)) if part)),
    ]
    return f"<p>{'<br>'.join(line for line in lines if line)}</p>"


def _line(name: str, said: str) -> str:
    return f"{name}: {said}" if said else ""


def _link(url: str | None) -> str:
    if not url:
        return ""
    href = escape(url)
    return f'<a href="{href}" rel="nofollow noopener" target="_blank">{href}</a>'
