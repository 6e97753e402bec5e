"""Rules of links: those within the repository lead somewhere, those out of it have the right form. Offline."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from autograder.authors.finding import Finding
from autograder.exercises import ASSIGNMENTS
from autograder.exercises.spec import Assignment
from autograder.nbgrader import sources

FOLDERS = ("autograder", "benchmarks", "clustermass", "docs", "tests")
# What an address of these sites looks like, so that a slip of the pen is seen without a look at the network.
FORMS = {
    # Five digits since 2015, four from 2007, a field before.
    "arxiv.org": (
        r"/(abs|pdf)/((1[5-9]|[2-9]\d)\d\d\.\d{5}|(0[7-9]|1[0-4])\d\d\.\d{4}"
        r"|[a-z-]+(\.[A-Z]{2})?/\d{7})(v\d+)?"
    ),
    "doi.org": r"/10\.\d{4,9}/\S+",
}


@dataclass(frozen=True)
class Link:
    """One link or picture of a text, and its line in it."""

    target: str
    line: int


def check_notebook(root: Path, assignment: Assignment) -> Iterator[Finding]:
    """The links in the prose of a source."""
    file = f"source/{assignment.name}/{assignment.name}.py"
    try:
        cells = sources.read(root / file).cells
    except (OSError, sources.SourceError):
        return  # told by the rule of the source
    prose = [cell for cell in cells if cell.node.cell_type == "markdown"]
    anchors = {heading.replace(" ", "-") for cell in prose for heading in headings(cell.node.source)}
    for cell in prose:
        for link in links(cell.node.source):
            for message, remedy in _in_notebook(link.target, anchors):
                yield Finding(file, cell.line + link.line, message, remedy)


def check_documents(root: Path) -> Iterator[Finding]:
    """The links in the Markdown files of the repository."""
    for path in documents(root):
        for link in links(_text(path)):
            for message, remedy in _in_document(root, path, link.target):
                yield Finding(path.relative_to(root).as_posix(), link.line, message, remedy)


def documents(root: Path) -> list[Path]:
    """The Markdown files of the repository, those of environments and editors left aside."""
    found = [*root.glob("*.md"), *(path for folder in FOLDERS for path in (root / folder).rglob("*.md"))]
    return sorted(path for path in found if not any(p.startswith(".") for p in path.relative_to(root).parts))


def links(text: str) -> Iterator[Link]:
    """All links and pictures of a Markdown text; what looks like one in code is none."""
    lines = text.splitlines()
    for token in _tokens(text):
        for child in token.children or ():
            target = child.attrGet("href" if child.type == "link_open" else "src")
            if child.type in ("link_open", "image") and target is not None:
                yield Link(unquote(str(target)), _line(lines, token, str(target)))


def headings(text: str) -> Iterator[str]:
    """The headings of a Markdown text, as they read."""
    tokens = _tokens(text)
    for token, inline in pairwise(tokens):
        if token.type == "heading_open":
            yield "".join(child.content for child in inline.children or ())


def slugs(text: str) -> set[str]:
    """The anchors of a Markdown file's headings, as sites for code and for documentation make them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings(text)}


def _in_notebook(target: str, anchors: set[str]) -> Iterator[tuple[str, str]]:
    if target.startswith("#"):
        if target[1:] not in anchors:
            yield f"no heading of this notebook has the anchor `{target}`", _closest(anchors)
    elif urlsplit(target).scheme:
        yield from _outside(target)
    elif target.partition("#")[0] not in {f"{name}.ipynb" for name in ASSIGNMENTS}:
        yield (
            f"`{target}` leads nowhere from a student's folder, which holds the notebooks and nothing else",
            "link to another notebook by its name alone, to anything else by its full address",
        )


def _in_document(root: Path, path: Path, target: str) -> Iterator[tuple[str, str]]:
    if urlsplit(target).scheme:
        yield from _outside(target)
        return
    place, _, anchor = target.partition("#")
    there = (path.parent / place).resolve() if place else path
    if not there.exists():
        yield (
            f"there is no `{target}` beside it",
            "relative links start at the folder of the file that has them",
        )
    elif not there.is_relative_to(root.resolve()):
        yield f"`{target}` is outside of the repository", "copy what is needed, or name it in words"
    elif anchor and there.suffix == ".md" and anchor not in (known := slugs(_text(there))):
        yield f"no heading of {there.name} has the anchor `#{anchor}`", _closest(known)


def _outside(target: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(target)
    if parts.scheme == "mailto":
        return
    if parts.scheme not in ("http", "https") or "." not in (parts.hostname or "") or re.search(r"\s", target):
        yield f"`{target}` is no address", "write https://HOST/PATH"
        return
    host = (parts.hostname or "").removeprefix("www.").removeprefix("dx.")
    if host in FORMS and not re.fullmatch(FORMS[host], parts.path):
        yield f"`{target}` is no address of {host}", f"its path should look like {FORMS[host]}"


def _closest(anchors: set[str]) -> str:
    return f"there are {', '.join(f'`#{anchor}`' for anchor in sorted(anchors)) or 'none'}"


def _line(lines: list[str], token: Token, target: str) -> int:
    """The line of the text, from 1, that has the target; the block's first where it is written in another way."""
    first, end = token.map or (0, 1)
    wanted = (number for number in range(first, end) if unquote(target) in unquote(lines[number]))
    return next(wanted, first) + 1


@cache
def _tokens(text: str) -> list[Token]:
    return MarkdownIt("commonmark").enable("table").parse(text)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
