"""Cells run in a real sandbox, where this system lets us make one."""

import pytest
from cells_apart import capture_cells

from autograder.sandbox.choice import attempts


@pytest.fixture(scope="session")
def bwrap():
    """Bubblewrap; a test that needs it is skipped, with what the system said, where it does not work."""
    tried = attempts("bwrap")
    working = [attempt.isolation for attempt in tried if not attempt.problem]
    if not working:
        pytest.skip("; ".join(f"{attempt.what}: {attempt.problem}" for attempt in tried))
    return working[0]


@pytest.fixture(scope="session")
def run_cells():
    """`capture_cells`, for a test that brings its own isolation."""
    return capture_cells


@pytest.fixture
def cells(bwrap):
    """A function that runs cells in a bubblewrap sandbox."""
    return lambda *sources, **options: capture_cells(bwrap, *sources, **options)
