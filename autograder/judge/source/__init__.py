"""Purity from the submitted source, read and not run: what surely happens when an answer is called.

What capture records beside the student's code can be forged, so the judge looks again. It says only what is certain
from the text: a statement that every call reaches, with names that mean one thing in the whole notebook. Anything that
a condition, an exception, an unknown decorator or a second definition might change is left to capture.
"""

from autograder.judge.source.findings import source_findings
from autograder.judge.source.stubs import stub_line

__all__ = ["source_findings", "stub_line"]
