"""What a person's filters find in a post, and what they hide.

A ``warn`` filter only says what it found: the client folds the status up. A ``hide`` filter takes it out of
the pages of its contexts here, since many clients know nothing of filters; Mastodon does so for home and
notifications. Nobody's own posts are filtered.
"""

import re
from functools import lru_cache

from fedcop.content import sanitise
from fedcop.mastodon.entities.filter import FilterResult, head
from fedcop.mastodon.entities.place import Place
from storage.filters import Context, Filter
from storage.views import PostView


def results(view: PostView, at: Place) -> list[FilterResult]:
    """Give what each filter of the caller found in a post."""
    filters = _in_force(at)
    if not filters or view.author.id == at.caller.me:
        return []
    text = _text_of(view)
    folded = text.casefold()
    found = []
    for one in filters:
        # Most words stand nowhere: to look for each as it is takes microseconds, all in one pattern far more.
        near = [word for word in one.keywords if word.keyword.casefold() in folded]
        words = [match for word in near for match in _pattern(word.keyword, word.whole_word).findall(text)]
        chosen = [str(post.post_id) for post in one.posts if post.post_id == view.post.id]
        if words or chosen:
            found.append(
                FilterResult(
                    filter=head(one),
                    keyword_matches=list(dict.fromkeys(words)) or None,
                    status_matches=chosen or None,
                )
            )
    return found


def shown(views: list[PostView], at: Place, context: Context) -> list[PostView]:
    """Give those of some posts that no filter of the caller hides in a context."""
    if not any(one.action == "hide" and context in one.contexts for one in _in_force(at)):
        return views
    return [view for view in views if not hides(view, at, context)]


def hides(view: PostView, at: Place, context: Context) -> bool:
    """Tell whether a filter of the caller hides a post in a context."""
    return any(
        one.filter.filter_action == "hide" and context in one.filter.context for one in results(view, at)
    )


def _in_force(at: Place) -> list[Filter]:
    return [one for one in at.caller.filters if one.is_in_force(at.now)]


def _text_of(view: PostView) -> str:
    """Give all that a reader would read of a post."""
    post = view.post
    options = [option.title for option in view.poll.options] if view.poll else []
    described = [file.description for file in view.media if file.description]
    return "\n".join([post.title, post.summary, sanitise.text_of(post.content), *options, *described])


@lru_cache(maxsize=4096)
def _pattern(keyword: str, whole_word: bool) -> re.Pattern[str]:  # noqa: FBT001 - of a row
    """Give what finds a keyword; a whole word has no letter or digit beside it."""
    escaped = re.escape(keyword)
    if whole_word:
        before = r"(?<!\w)" if re.match(r"\w", keyword) else ""
        after = r"(?!\w)" if re.search(r"\w$", keyword) else ""
        escaped = f"{before}{escaped}{after}"
    return re.compile(escaped, re.IGNORECASE)
