"""What a poll of ours may be, in numbers that clients are told and in the words that they know."""

from collections.abc import Sequence

from fedcop.errors import Invalid

MOST_OPTIONS = 4
LONGEST_OPTION = 50
SHORTEST = 300  # seconds
LONGEST = 2_629_746


def ensure_poll(options: Sequence[str], seconds: int) -> None:
    """Refuse a poll that offers no choice, too many, or that ends too soon or too late."""
    if len(options) < 2:
        raise _invalid("options", "Choices must have more than one item")
    if len(options) > MOST_OPTIONS:
        raise _invalid("options", f"Choices can't contain more than {MOST_OPTIONS} items")
    if any(len(option) > LONGEST_OPTION for option in options):
        raise _invalid("options", f"Choices cannot be longer than {LONGEST_OPTION} characters each")
    if len(set(options)) < len(options):
        raise _invalid("options", "Choices contain duplicate items")
    if seconds < SHORTEST:
        raise _invalid("expires_in", "Deadline is too soon")
    if seconds > LONGEST:
        raise _invalid("expires_in", "Deadline is too far into the future")


def ensure_choice(
    choices: Sequence[int], before: Sequence[int], *, options: int, multiple: bool, own: bool, ended: bool
) -> None:
    """Refuse votes that do not count; ``before`` are those that the voter gave already, by place."""
    if ended:
        raise _invalid("choices", "The poll has already ended")
    if own:
        raise _invalid("choices", "You cannot vote in your own polls")
    if not all(0 <= choice < options for choice in choices):
        raise _invalid("choices", "The chosen vote option does not exist")
    again = set(choices) & set(before) if multiple else before or len(set(choices)) > 1
    if again:
        raise _invalid("choices", "You have already voted on this poll")


def _invalid(name: str, fault: str) -> Invalid:
    return Invalid(f"Validation failed: {fault}", **{name: fault})
