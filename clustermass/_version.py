"""The version of the kit: one number for the library, the autograder and the notebooks."""

__version__ = "0.1.0"
