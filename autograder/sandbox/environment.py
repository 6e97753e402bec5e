"""The environment variables of processes that run apart."""

from __future__ import annotations

import os
import site
from pathlib import Path

import clustermass
from autograder import places

# The one place in a sandbox that can be written.
HOME = "/tmp"
CATALOGUE = "/catalogue"


def quiet() -> dict[str, str]:
    """No windows, warnings or progress bars: nobody looks, and nbgrader takes points away for them."""
    return {"MPLBACKEND": "Agg", "PYTHONWARNINGS": "ignore", "TQDM_DISABLE": "1"}


def sandboxed() -> dict[str, str]:
    """All that a sandbox knows: nothing of the machine, nothing of whoever grades.

    JAX stays on the CPU: the same numbers on every machine, and no driver within reach of student code.
    """
    known = {
        "HOME": HOME,
        "TMPDIR": HOME,
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "LOGNAME": "student",
        "JAX_PLATFORMS": "cpu",
        "PYTHONDONTWRITEBYTECODE": "1",
        "CLUSTERMASS_CACHE": CATALOGUE,
    }
    if site.ENABLE_USER_SITE:
        known["PYTHONUSERBASE"] = site.getuserbase()
    if beside := _not_installed():
        known["PYTHONPATH"] = os.pathsep.join(beside)
    return known | quiet()


def _not_installed() -> list[str]:
    """The folders in which our packages lie where that is a checkout; of those, nothing else is shown."""
    parents = {str(places.PACKAGE.parent), str(Path(clustermass.__file__).parents[1])}
    return sorted(parents - {*site.getsitepackages(), site.getusersitepackages()})
