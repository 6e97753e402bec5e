"""`python -m autograder`, for shells where the console script is not on PATH."""

from autograder.cli import main

main()
