"""What a peer's post says as text of ours: its body, title and language, its tags, and what it leads to.

Rules that hold in this file
  1. A body is HTML unless the post says otherwise: PeerTube writes Markdown, some write plain text.
  2. What cannot be shown beside a text stands below it as a link: files that are no pictures, which are not
     served from here (decision 26), and every Link but the first, as Lemmy does with those that it reads.
  3. A tag is what somebody here could have typed: compatibility forms folded (NFKC), signs and blanks left
     out, digits alone no tag; as Mastodon stores those that it receives.
"""

import html
from collections.abc import Iterator, Sequence

import msgspec

from activitypub.vocab.objects import Attachment, Post, Tag
from fedcop.as2 import files
from fedcop.content import language, markup, plain, sanitise

LONGEST_WARNING = 500
LONGEST_NAME = 100
LONGEST_MARKDOWN = 8_000  # what is longer is shown as it was typed: parsing takes its time
MOST_TAGS = 50

# Their summary is an excerpt or a description; on the others it is a content warning (federation.md 5.2).
UNTITLED = frozenset({"Note", "Question"})


def body_from(post: Post) -> str:
    """Give a post's body as clean HTML, with links to what it holds beside text and pictures."""
    text, media_type = _written(post)
    if media_type == "text/markdown" and len(text) <= LONGEST_MARKDOWN:
        body = markup.html_of(text, {})
    elif media_type in ("text/markdown", "text/plain"):
        body = markup.plain_html_of(text)
    else:
        body = sanitise.clean(text)
    return body + "".join(_line(url, name) for url, name in _beside(post) if html.escape(url) not in body)


def _written(post: Post) -> tuple[str, str]:
    media_type = (post.media_type or "").partition(";")[0].strip().lower()
    if post.content is not None:
        return post.content, media_type
    if post.content_map:
        return next(iter(post.content_map.values())), media_type
    # A page that has only an excerpt says that much.
    return ("" if post.type in UNTITLED else post.summary or ""), "text/html"


def _beside(post: Post) -> Iterator[tuple[str, str]]:
    """Give address and name of what a post holds beside its pictures and the link that is shown as such."""
    first = link_from(post)
    for attachment in post.attachment:
        url = attachment.href or attachment.url
        if files.is_web(url) and url != first and not files.is_picture(attachment):
            yield url, attachment.name or attachment.summary or ""


def _line(url: str, name: str) -> str:
    name = " ".join(sanitise.text_of(name).split())[:LONGEST_NAME] or files.name_of(url)
    address = html.escape(url)
    return f'<p><a href="{address}" rel="{sanitise.REL}">{html.escape(name, quote=False) or address}</a></p>'


def type_from(post: Post) -> str:
    """Give a post's type; a Note that begins a thread under a name, as Discourse sends it, is a Page."""
    return "Page" if post.type == "Note" and post.name and not post.in_reply_to else post.type


def title_from(post: Post) -> str:
    """Give a post's name as one line, ended at a word if it is too long; a poll's stands in its text."""
    if type_from(post) in UNTITLED:
        return ""
    # A name is text, not HTML (AS2 4.3); WordPress writes its references all the same.
    return plain.ended(markup.cut(" ".join(html.unescape(post.name or "").split())))


def warning_from(post: Post) -> str:
    """Give the content warning of a Note or Question as text: on others the summary is an excerpt."""
    return sanitise.text_of(post.summary or "")[:LONGEST_WARNING] if post.type in UNTITLED else ""


def language_from(post: Post) -> str | None:
    """Give a post's language: as it says, else that under which its very text stands, else the first."""
    named = post.content_map or {}
    same = (name for name, text in named.items() if text == post.content)
    told = (language.tag_of(name) for name in (post.language or "", *same, *named))
    return next(filter(None, told), None)


def link_from(post: Post) -> str | None:
    """Give the link that a post shares; of a Video or Audio it is the page on which that is played."""
    for attachment in post.attachment:
        if attachment.type == "Link" and files.is_web(attachment.href):
            return attachment.href
    return post.url if post.type in ("Video", "Audio") else None


def pictured(post: Post) -> Sequence[Attachment]:
    """Give a post's attachments; of a Video or an Event that shows no picture, its own picture first."""
    image = post.image
    if post.type not in ("Video", "Audio", "Event") or image is None:
        return post.attachment
    if any(files.is_picture(attachment) for attachment in post.attachment):
        return post.attachment
    return (msgspec.structs.replace(image, name=image.name or post.name), *post.attachment)


def tags_from(tags: Sequence[Tag]) -> tuple[tuple[str, str], ...]:
    """Give the hashtags of a post, each as it is looked up and as it is shown."""
    names = [markup.tag_of(tag.name or "") for tag in tags if tag.type == "Hashtag"]
    return tuple({markup.tag_key(name): (markup.tag_key(name), name) for name in names if name}.values())[
        :MOST_TAGS
    ]
