"""Runs beside student code: takes the named functions, records facts about them, exports them to StableHLO."""
