"""Simulated catalogues on disk: made once, kept in the user's cache directory as FITS tables."""

from __future__ import annotations

import dataclasses
import os
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from . import columns

if TYPE_CHECKING:
    from astropy.table import Table


def cache_directory() -> Path:
    """Where simulated catalogues are kept: CLUSTERMASS_CACHE, or else the user's cache directory."""
    chosen = os.environ.get("CLUSTERMASS_CACHE")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_cache_path

    return user_cache_path("clustermass", appauthor=False)


def simulated_table(size: int, seed: int) -> Table:
    """The simulated table of this size and seed, from the cache where it holds a sound and current copy.

    A damaged or outdated file is replaced. Where nothing can be written the table is simulated anew each time
    (about two seconds): a full disk or a read-only home must not stop a lesson, so this says nothing.
    """
    from .simulation import DEFAULT, simulate

    path = cache_directory() / f"simulated-{size}-{seed}.fits"
    table = _read(path, _identity(size, seed))
    if table is None:
        table = simulate(size, seed, DEFAULT)
        _write(table, path, _identity(size, seed))
    return table


def _identity(size: int, seed: int) -> dict[str, str]:
    """Header cards that tell whether a file is the catalogue asked for, made by the present simulation."""
    from .simulation import DEFAULT, SIMULATION_VERSION

    return {
        "SIMVER": str(SIMULATION_VERSION),
        "SIMPARAM": DEFAULT.fingerprint(),
        "SIMSIZE": str(size),
        "SIMSEED": str(seed),
    }


def _read(path: Path, identity: dict[str, str]) -> Table | None:
    from astropy.io import fits

    if not path.is_file():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # astropy only warns of a wrong checksum or a cut file
            with open(path, "rb") as file, fits.open(file, memmap=False, checksum=True) as hdus:
                header = hdus[1].header
                current = all(header.get(key) == value for key, value in identity.items())
            return columns.read_fits(path) if current else None
    except Exception:  # whatever is wrong with a cached file, the answer is to make it again
        return None


def _write(table: Table, path: Path, identity: dict[str, str]) -> None:
    from astropy.io import fits

    from .simulation import DEFAULT

    hdu = fits.BinTableHDU(table.as_array())
    hdu.header.update(identity)
    for name, value in dataclasses.asdict(DEFAULT).items():
        hdu.header.add_comment(f"{name} = {value!r}")
    hdu.add_checksum()
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
            temporary = Path(file.name)
            fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(file)
        os.replace(temporary, path)  # readers see the old file or the whole new one
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
