"""Learning by doing: what a student has done so far, hints, solutions, and checks as a notebook is saved."""
