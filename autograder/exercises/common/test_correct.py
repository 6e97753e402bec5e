"""Does the answer run at all?"""

from autograder.exercises.checking import family

pytestmark = family("correct")


def test_runs(facts):
    """Runs on the public example."""
    facts.require("runs")
