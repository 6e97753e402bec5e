"""The section of a notebook that teaches a question, as a link where one works."""

from __future__ import annotations

import html
import re

from autograder.report.text import rich_html

# JupyterLab makes a heading's id of its text, with `-` for each space; nbconvert does too, but percent-encodes what
# may not stand in a URL, and a browser encodes more of it. Of these characters all three make the same link.
PLAIN = re.compile(r"[A-Za-z0-9 _.~?/:@!$&'()*+,;=-]+")


def anchor(heading: str) -> str | None:
    """The fragment of a heading in JupyterLab 4 and in nbconvert's HTML; None where they differ."""
    return heading.replace(" ", "-") if PLAIN.fullmatch(heading) else None


def section_html(heading: str, linked: bool = True) -> str:
    """The section's name, as a link to it."""
    place = anchor(heading) if linked else None
    name = rich_html(heading)
    return f'<a href="#{html.escape(place)}">{name}</a>' if place else f"“{name}”"
