"""The public catalogue for sandboxes: simulated once, outside, where nothing that is handed in can change it."""

from __future__ import annotations

from pathlib import Path

from clustermass import cache

# What `load_catalog()` gives in a notebook.
SIZE, SEED = 261_287, 0


def public_catalogue() -> Path | None:
    """The file of the catalogue that notebooks load, made where there is none; None where none can be kept."""
    cache.simulated_table(SIZE, SEED)  # makes the file, or mends it
    path = cache.cache_directory() / f"simulated-{SIZE}-{SEED}.fits"
    return path.resolve() if path.is_file() else None
