"""The shape of the house: sizes, types, mirrors and words. Each figure is printed with ``-s``."""

import ast
import re
import statistics
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import PACKAGES, ROOT, files, functions, length, name_of

LONGEST_FILE = 400
LONG_FUNCTION = 50
LONG_FUNCTIONS_SHARE = 0.03
MEDIAN_FUNCTION = 12

# Folders where a word of another column of the dictionary would be a stray (CONTRIBUTING.md, "Words").
STRAYS = {
    "storage": r"\b(reblog(?!s\b)|favourite|toot|moderator|whitelist|blacklist|subreddit|magazine)",
    "fedcop/actions": r"\b(reblog(?!s\b)|favourite|toot|moderator|whitelist|blacklist|magazine)",
    "fedcop/policy": r"\b(reblog|favourite|toot|moderator|whitelist|blacklist|magazine)",
    "activitypub": r"\b(favourite|toot(?!:)|whitelist|blacklist)\b",
}
# A quoted word may be another's: the name of a scope, a value on the wire.
QUOTED = re.compile('"[^"]*"|``[^`]*``')
FORBIDDEN_NAMES = re.compile(r"(utils?|helpers?|common|managers?|services?|processors?|base_.*)\.py")


def test_no_file_is_longer_than_a_person_reads_at_once() -> None:
    sizes = {
        name_of(path): len(path.read_text("utf-8").splitlines())
        for path in files(*PACKAGES, "tests", "bench")
    }

    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE} == {}


def test_functions_are_short() -> None:
    sizes = {f"{name_of(path)}:{fn.name}": length(fn) for path in files() for fn in functions(path)}
    long = {name: size for name, size in sizes.items() if size > LONG_FUNCTION}
    print(
        f"\nfunctions {len(sizes)}, median {statistics.median(sizes.values())}, over {LONG_FUNCTION}: {long}"
    )

    assert len(long) <= LONG_FUNCTIONS_SHARE * len(sizes), long
    assert statistics.median(sizes.values()) <= MEDIAN_FUNCTION


def test_everything_public_says_what_it_gives() -> None:
    silent = [
        f"{name_of(path)}:{node.name}"
        for path in files()
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]

    assert silent == []


def test_every_file_begins_with_what_it_is_for() -> None:
    assert [
        name_of(path) for path in files() if ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ] == []


def test_every_source_file_has_its_test() -> None:
    missing = [
        name_of(path)
        for path in files()
        if path.name not in ("__init__.py", "__main__.py")
        and not (ROOT / "tests" / path.relative_to(ROOT).parent / f"test_{path.name}").exists()
    ]

    assert missing == []


def test_git_leaves_no_source_out() -> None:
    sources = [name_of(path) for path in files(*PACKAGES, "tests", "bench")]
    run = subprocess.run(
        ["git", "check-ignore", "--", *sources], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.stdout == ""


def test_no_file_is_called_after_nothing() -> None:
    assert [name_of(path) for path in files() if FORBIDDEN_NAMES.fullmatch(path.name)] == []


def test_words_stay_in_their_column() -> None:
    found = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for folder, pattern in STRAYS.items()
        for path in files(folder)
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if re.search(pattern, QUOTED.sub("", line), re.IGNORECASE)
        and not line.lstrip().startswith("#")
        and "http" not in line
    ]

    assert found == []


def test_our_own_modules_are_imported_at_the_top_only() -> None:
    inner = [
        f"{name_of(path)}:{node.lineno}"
        for path in files()
        for fn in functions(path)
        for node in ast.walk(fn)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] in PACKAGES)
        or (
            isinstance(node, ast.Import) and any(alias.name.split(".")[0] in PACKAGES for alias in node.names)
        )
    ]

    assert inner == []


def test_the_import_contracts_hold() -> None:
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stdout


def test_serving_starts_without_what_it_rarely_needs() -> None:
    heavy = ("pyld", "PIL", "authlib", "markdown_it", "prometheus_client", "blurhash", "babel")
    run = subprocess.run(
        [sys.executable, "-c", "import sys, fedcop.server.app; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert [name for name in heavy if name in run.stdout.split()] == []


def test_the_changelog_knows_this_version() -> None:
    version = re.search(r'__version__ = "(.*)"', (ROOT / "fedcop/__init__.py").read_text()).group(1)  # type: ignore[union-attr]

    assert version in (ROOT / "CHANGELOG.md").read_text()
