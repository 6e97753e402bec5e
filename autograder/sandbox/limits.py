"""What a sandboxed process may take."""

from __future__ import annotations

from dataclasses import dataclass

MB = 1_000_000
GB = 1_000 * MB


@dataclass(frozen=True)
class Resources:
    """Limits on one sandbox, all its processes together.

    Attributes:
        memory: bytes in use.
        cpu_seconds: of all cores together.
        wall_seconds: from start to end (each stage has its own limit besides).
        processes: that live at one time.
        threads: that live at one time; JAX starts some per core.
        disk: bytes in its own folder; also of the largest file.
        stderr: bytes written there; the last lines are kept.
    """

    memory: int = 4 * GB
    cpu_seconds: float = 3_600.0
    wall_seconds: float = 1_800.0
    processes: int = 64
    threads: int = 8_192
    disk: int = 512 * MB
    stderr: int = 10 * MB


STANDARD = Resources()
