"""The columns of the cluster table: names, units, what they may hold, and reading them from a FITS file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from astropy.table import Table

MOMENTS = tuple(f"{q}_{moment}" for q in "Rmv" for moment in ("mean", "std", "skew", "kurt"))
COLUMNS = ("M200c", "Ngal", "sigv", *MOMENTS)
POSITIVE = ("M200c", "Ngal", "sigv", "R_mean")  # their logarithm is taken, or they are distances
NOT_NEGATIVE = ("R_std", "m_std", "v_std")


class CatalogError(ValueError):
    """A table that cannot serve as a catalogue; the message names file, column, rows and the next step."""


def read_fits(path: str | os.PathLike[str]) -> Table:
    """Read the published columns, and `cluster_id` if present, of the first table in a FITS file.

    Raises:
        FileNotFoundError: there is no such file.
        CatalogError: it is no FITS file, or holds no table, or lacks columns.
    """
    from astropy.io import fits
    from astropy.table import Table

    path = Path(path).expanduser()
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: there is no such file. Check the path given to load_catalog or in CLUSTERMASS_CATALOG, "
            "or leave both out to simulate a catalogue."
        )
    try:
        with fits.open(path, memmap=False) as hdus:
            data = next((hdu.data for hdu in hdus if isinstance(hdu, fits.BinTableHDU)), None)
    except (OSError, TypeError, ValueError, fits.VerifyError) as error:
        raise CatalogError(
            f"{path}: this is not a readable FITS file ({error}). Expected the published table of clusters; "
            "download it again, or convert yours with astropy: Table.read(…).write('table.fits')."
        ) from error
    if data is None:
        raise CatalogError(
            f"{path}: this FITS file holds images, but no table. Expected a table with one row per cluster; "
            "check that it is the catalogue itself."
        )
    names = {name.lower(): name for name in data.names}
    present = {name: data[names[name.lower()]] for name in (*COLUMNS, "cluster_id") if name.lower() in names}
    return Table({name: _native(values) for name, values in present.items()}, copy=False)


def check_table(table: Table, source: str) -> None:
    """Raise a CatalogError unless `table` has rows, every published column, and values that make sense."""
    missing = [name for name in COLUMNS if name not in table.colnames]
    if missing:
        raise CatalogError(
            f"{source}: column {', '.join(missing)} is missing. Seen: {', '.join(table.colnames) or 'none'}. "
            f"Expected: {', '.join(COLUMNS)}. Rename the columns of your table, or use another file."
        )
    if len(table) == 0:
        raise CatalogError(
            f"{source}: the table has no rows. Expected one row per cluster; check how it was selected."
        )
    for name in COLUMNS:
        values = _numbers(table[name], name, source)
        _refuse(~np.isfinite(values), values, name, "a finite number", source)
        if name in POSITIVE:
            _refuse(values <= 0, values, name, "a positive number", source)
        elif name in NOT_NEGATIVE:
            _refuse(values < 0, values, name, "zero or more", source)


def with_units(table: Table) -> Table:
    """The same data with the published units; `littleh` is astropy's h, H0 / (100 km/s/Mpc)."""
    from astropy import units as u
    from astropy.cosmology.units import littleh
    from astropy.table import Table

    table = Table(table, copy=False)
    table["M200c"].unit = u.Msun / littleh
    table["sigv"].unit = u.km / u.s
    for moment in ("mean", "std"):
        table[f"R_{moment}"].unit = u.Mpc / littleh
        table[f"v_{moment}"].unit = u.km / u.s
    table["m_mean"].unit = u.dex(u.Msun / littleh)
    table["m_std"].unit = u.dex
    return table


def _numbers(column: np.ndarray, name: str, source: str) -> np.ndarray:
    """A column as float64, with NaN where it is masked."""
    if column.dtype.kind not in "iuf" or column.ndim != 1:
        raise CatalogError(
            f"{source}: column {name} holds {column.dtype} of shape {column.shape}. Expected one number in "
            "every row; convert the column, or use another file."
        )
    return np.ma.filled(np.ma.masked_array(column, dtype=np.float64), np.nan)


def _refuse(bad: np.ndarray, values: np.ndarray, name: str, expected: str, source: str) -> None:
    rows = np.flatnonzero(bad)
    if not len(rows):
        return
    first = ", ".join(f"row {row}: {values[row]:g}" for row in rows[:5])
    raise CatalogError(
        f"{source}: column {name} must hold {expected} in every row; {len(rows):,} of {len(values):,} rows "
        f"do not ({first}{', …' if len(rows) > 5 else ''}; the first row is 0). Remove them, e.g. "
        "Catalog(table[good]), or get the file again."
    )


def _native(values: np.ndarray) -> np.ndarray:
    """FITS is big-endian; NumPy and JAX want the machine's own byte order."""
    return np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
