"""The columns of the cluster table: names, units, what they may hold, and reading them from a FITS file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from astropy.table import Table

MOMENTS = tuple(f"{q}_{moment}" for q in "Rmv" for moment in ("mean", "std", "skew", "kurt"))
COLUMNS = ("M200c", "Ngal", "sigv", *MOMENTS)
POSITIVE = ("M200c", "Ngal", "sigv", "R_mean")  # their logarithm is taken, or they are distances
NOT_NEGATIVE = ("R_std", "m_std", "v_std")
HUBBLE = 0.6777  # h of the MultiDark Planck 2 simulation, for conversions out of h^-1 units only


class CatalogError(ValueError):
    """A table that cannot serve as a catalogue; the message names file, column, rows and the next step."""


def read_fits(path: str | Path) -> Table:
    """Read the published columns of the first table in a FITS file; other columns but `cluster_id` are left out.

    Raises:
        FileNotFoundError: there is no such file.
        CatalogError: it is no FITS file, or holds no table, or lacks columns.
    """
    from astropy.io import fits
    from astropy.table import Table

    path = Path(path).expanduser()
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: there is no such file. Check the path given to load_catalog or in CLUSTERMASS_CATALOG, or leave "
            "both out to simulate a catalogue."
        )
    try:
        with fits.open(path, memmap=False) as hdus:
            data = next((hdu.data for hdu in hdus if isinstance(hdu, fits.BinTableHDU)), None)
    except (OSError, TypeError, ValueError, fits.VerifyError) as error:
        raise CatalogError(
            f"{path}: this is not a readable FITS file ({error}). Expected the published table of clusters as FITS; "
            "download it again, or convert it with astropy: Table.read(…).write('table.fits')."
        ) from error
    if data is None:
        raise CatalogError(f"{path}: this FITS file holds no table (only images). Expected one row per cluster.")
    names = {name.lower(): name for name in data.names}
    present = {name: data[names[name.lower()]] for name in (*COLUMNS, "cluster_id") if name.lower() in names}
    return Table({name: _native(values) for name, values in present.items()}, copy=False)


def check_table(table: Table, source: str) -> None:
    """Raise a CatalogError unless `table` has rows, every published column, and values that make sense."""
    missing = [name for name in COLUMNS if name not in table.colnames]
    if missing:
        raise CatalogError(
            f"{source}: column {', '.join(missing)} is missing. Seen: {', '.join(table.colnames) or 'no column'}. "
            f"Expected: {', '.join(COLUMNS)}. Rename the columns of your table, or use another file."
        )
    if len(table) == 0:
        raise CatalogError(f"{source}: the table has no rows. Expected one row per cluster; use another file.")
    for name in COLUMNS:
        values = np.asarray(table[name], dtype=np.float64)
        _refuse(~np.isfinite(values), values, name, "a finite number", source)
        if name in POSITIVE:
            _refuse(values <= 0, values, name, "a positive number", source)
        elif name in NOT_NEGATIVE:
            _refuse(values < 0, values, name, "zero or more", source)


def set_units(table: Table) -> None:
    """Give the published columns their units, in place. They convert: `table["M200c"].to("Msun")` divides by h."""
    from astropy import units as u

    per_h = {unit: u.def_unit([f"h^-1 {unit}"], u.Unit(unit) / HUBBLE) for unit in ("Msun", "Mpc")}
    table["M200c"].unit = per_h["Msun"]
    table["sigv"].unit = u.km / u.s
    for moment in ("mean", "std"):
        table[f"R_{moment}"].unit = per_h["Mpc"]
        table[f"v_{moment}"].unit = u.km / u.s
        table[f"m_{moment}"].unit = u.dex(per_h["Msun"])


def _refuse(bad: np.ndarray, values: np.ndarray, name: str, expected: str, source: str) -> None:
    rows = np.flatnonzero(bad)
    if not len(rows):
        return
    first = ", ".join(f"row {row}: {values[row]:g}" for row in rows[:5])
    raise CatalogError(
        f"{source}: column {name} must hold {expected} in every row, but {len(rows):,} of {len(values):,} do not "
        f"({first}{', …' if len(rows) > 5 else ''}). Remove these rows, or read the file again from its source."
    )


def _native(values: np.ndarray) -> np.ndarray:
    """FITS is big-endian; NumPy and JAX want the machine's own byte order."""
    return np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
