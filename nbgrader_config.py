"""The checkout as an nbgrader course: `submitted/` beside `release/` is graded with clustermass's judge."""

from autograder.nbgrader import configure

configure(get_config())  # noqa: F821 (nbgrader defines it)
