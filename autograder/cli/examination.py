"""What is there on this machine: versions, device, cache, isolation; and what to do about the rest."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

State = Literal["ok", "note", "bad"]

_STUDENT = (
    "jax",
    "flax",
    "optax",
    "tfp-nightly",
    "numpy",
    "matplotlib",
    "astropy",
    "colossus",
    "jupyterlab",
    "pytest",
)
_INSTRUCTOR = ("nbgrader", "jupytext")


@dataclass(frozen=True)
class Fact:
    """One thing that was looked at: what was found, and the next step where it is not as it should be."""

    state: State
    what: str
    found: str
    remedy: str = ""


def examine() -> Iterator[Fact]:
    """Look at everything, quick things first."""
    yield _python()
    yield from _packages(_STUDENT, "bad", "install again: `pip install clustermass`")
    yield from _packages(
        _INSTRUCTOR, "note", "only instructors need it: `pip install 'clustermass[instructor]'`"
    )
    yield _tfp()
    yield _device()
    yield _export()
    yield _cache()
    yield _table()
    yield from _isolation()


def _python() -> Fact:
    version = platform.python_version()
    if sys.version_info >= (3, 14):
        return Fact("note", "Python", version, "tested on 3.11 to 3.13; newer ones may work")
    return Fact("ok", "Python", version)


def _packages(names: tuple[str, ...], state: State, remedy: str) -> Iterator[Fact]:
    for name in names:
        try:
            yield Fact("ok", name, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Fact(state, name, "not installed", remedy)


def _tfp() -> Fact:
    try:
        from tensorflow_probability.substrates import jax as tfp

        return Fact("ok", "TFP with JAX", f"imports ({tfp.__name__.rsplit('.', 1)[-1]} substrate)")
    except Exception as error:
        return Fact(
            "bad",
            "TFP with JAX",
            f"does not import: {type(error).__name__}: {error}",
            "tensorflow-probability 0.25 does not fit today's JAX: `pip uninstall tensorflow-probability`, then "
            "`pip install --force-reinstall tfp-nightly`",
        )


def _device() -> Fact:
    import jax

    try:
        devices = jax.devices()
    except RuntimeError as error:
        return Fact(
            "bad", "device", f"JAX finds none: {error}", "set JAX_PLATFORMS=cpu, or mend the GPU driver"
        )
    found = ", ".join(f"{device.platform}: {device.device_kind}" for device in devices)
    if devices[0].platform == "cpu" and shutil.which("nvidia-smi"):
        return Fact(
            "note",
            "device",
            found,
            "an NVIDIA driver is here: `pip install 'clustermass[gpu]'` to use the GPU",
        )
    if devices[0].platform == "cpu":
        return Fact(
            "ok",
            "device",
            f"{found}, {os.cpu_count()} cores (no GPU is needed; one is used where it is there)",
        )
    return Fact("ok", "device", found)


def _export() -> Fact:
    """Whether a program can be made, sent and run: the road of every check."""
    try:
        import jax
        import jax.numpy as jnp
        from jax import export

        exported = export.export(jax.jit(jnp.sin), platforms=["cpu", "cuda", "rocm", "tpu"])(jnp.zeros(3))
        exported.vjp()
        return Fact("ok", "jax.export", "works: programs lower for cpu, cuda, rocm and tpu")
    except Exception as error:
        return Fact(
            "bad",
            "jax.export",
            f"{type(error).__name__}: {error}",
            "install JAX again",
        )


def _cache() -> Fact:
    from clustermass.cache import cache_directory

    folder = cache_directory()
    files = list(folder.glob("*.fits")) if folder.is_dir() else []
    size = sum(file.stat().st_size for file in files) / 1e6
    nearest = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not os.access(nearest, os.W_OK):
        remedy = (
            "catalogues are simulated anew each time; set CLUSTERMASS_CACHE to a folder that can be written"
        )
        return Fact("note", "cache", f"{folder} cannot be written", remedy)
    found = (
        f"{len(files)} catalogues, {size:.0f} MB"
        if files
        else "empty: the first load_catalog() fills it in seconds"
    )
    return Fact("ok", "cache", f"{folder} ({found})")


def _table() -> Fact:
    path = os.environ.get("CLUSTERMASS_CATALOG")
    if not path:
        return Fact("ok", "catalogue", "simulated (set CLUSTERMASS_CATALOG to read the published FITS table)")
    if not Path(path).is_file():
        return Fact(
            "bad", "catalogue", f"CLUSTERMASS_CATALOG names {path}, which is no file", "correct or unset it"
        )
    return Fact("ok", "catalogue", f"read from {path}; grading simulates its own")


def _isolation() -> Iterator[Fact]:
    """How `autograder grade` would keep student code apart: tried out, not only looked for."""
    from autograder.sandbox.choice import attempts

    for attempt in attempts():
        if attempt.isolation is not None and not attempt.problem:
            found = f"{attempt.isolation.name}: {attempt.isolation.describe()}"
            yield Fact(
                "ok", "isolation", f"{found}; tried: no network, no files of yours, nothing to write to"
            )
            return
        yield Fact("note", "isolation", f"not with {attempt.what}: {attempt.problem}", attempt.remedy)
    yield Fact(
        "note",
        "isolation",
        "none: `autograder grade` refuses to run student code (checking your own notebook needs no isolation)",
        "instructors: mend one of the above, or grade with `--isolation none` where there is nothing to lose",
    )
