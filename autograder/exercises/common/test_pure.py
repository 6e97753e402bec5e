"""Is the answer a pure function? The facts were recorded beside the student's code; here they are judged."""

from autograder.exercises.checking import family

pytestmark = family("pure")


def test_prints_nothing(facts):
    """Prints, logs and warns nothing."""
    facts.require("silent")


def test_reads_no_globals(facts):
    """Takes all that changes its result from its arguments."""
    facts.require("reads_no_globals")


def test_changes_nothing(facts):
    """Changes neither its arguments nor anything outside."""
    facts.require("changes_nothing")


def test_is_deterministic(facts):
    """Gives the same result for the same arguments."""
    facts.require("deterministic")


def test_calls_no_python_back(facts):
    """Makes no host callback and has no JAX effect."""
    facts.require("no_callbacks")


def test_leaves_no_tracer(facts):
    """Leaves no tracer behind."""
    facts.require("no_leaked_tracers")
