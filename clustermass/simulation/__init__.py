"""Simulated cluster catalogues; see the README of this folder for the model and its sources."""

from .parameters import DEFAULT, SIMULATION_VERSION, Parameters
from .run import simulate, simulate_flat

__all__ = ["DEFAULT", "SIMULATION_VERSION", "Parameters", "simulate", "simulate_flat"]
