"""Checks that every question has: pure, jittable, and that it runs at all."""
