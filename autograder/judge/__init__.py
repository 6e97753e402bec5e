"""Runs student programs, never the student's Python: pytest checks on an artifact, on data made from a seed."""
