"""Checks that were not run, put together by the reason: they wait for one that failed, and are one line of a table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograder.wire.verdict import CheckResult


@dataclass(frozen=True)
class Waiting:
    """Checks that were not run, all for the same reason."""

    reason: str
    checks: tuple[CheckResult, ...]

    @property
    def families(self) -> str:
        """Their families, in the order of the checks."""
        return ", ".join(dict.fromkeys(check.family for check in self.checks))

    @property
    def what(self) -> str:
        """The title of one, the number of several."""
        only = self.checks[0]
        return f"{len(self.checks)} checks" if len(self.checks) > 1 else only.title or only.name


def apart(checks: Iterable[CheckResult]) -> tuple[list[CheckResult], list[Waiting]]:
    """Checks that were run, in their order, and those that were not, by their reason."""
    ran: list[CheckResult] = []
    waiting: dict[str, list[CheckResult]] = {}
    for check in checks:
        ran.append(check) if check.status != "skip" else waiting.setdefault(check.message, []).append(check)
    return ran, [Waiting(reason, tuple(group)) for reason, group in waiting.items()]
