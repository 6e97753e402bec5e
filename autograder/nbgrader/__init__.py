"""The bridge to nbgrader: building assignments, and grading a class with nbgrader's gradebook and feedback.

A course's `nbgrader_config.py` needs one thing of it:

    from autograder.nbgrader import configure
    configure(get_config())
"""

from autograder.nbgrader.config import configure

__all__ = ["configure"]
