"""For those who write assignments: a scaffold to begin from, and the rules that every assignment has to follow."""
