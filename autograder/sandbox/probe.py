"""Whether a sandbox is one: a module that looks around from inside, and the questions asked of what it saw."""

from __future__ import annotations

import json
import os
import socket
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.sandbox.environment import sandboxed
from autograder.sandbox.inside import enter
from autograder.sandbox.limits import MB, Resources
from autograder.sandbox.process import Ended, Job, run_apart
from autograder.sandbox.running import Isolation

_SECONDS = 30.0
_REQUEST, _ANSWER = "look", "seen"
# Python alone, for a moment.
_RESOURCES = Resources(memory=500 * MB, disk=10 * MB)
# What the interpreter and bwrap set by themselves.
_OWN_VARIABLES = {"LC_CTYPE", "PWD"}


def leaks(isolation: Isolation) -> str:
    """Start a sandbox and look around in it; returns what is wrong with it, or nothing."""
    with tempfile.NamedTemporaryFile(prefix="autograder-secret-") as secret:
        look = {"files": [secret.name, *_private_files()], "variables": list(os.environ)}
        job = Job(
            "autograder.sandbox.probe",
            {_REQUEST: json.dumps(look).encode()},
            stages=(),
            results={_ANSWER: 10_000},
            seconds=lambda stage: _SECONDS,
            resources=_RESOURCES,
        )
        try:
            return _complaint(run_apart(job, isolation))
        except OSError as error:
            return f"it cannot be started: {error}"


def _private_files() -> list[str]:
    """Some files of the home directory."""
    try:
        return [str(path) for path in Path.home().iterdir() if path.is_file()][:20]
    except (OSError, RuntimeError):  # there is no home, or none that can be read
        return []


def _complaint(ended: Ended) -> str:
    if ended.how != "done":
        return ended.said if ended.how == "died" else f"{ended.how} ({ended.said})"
    try:
        return "; ".join(f"it {str(found)[:200]}" for found in json.loads(ended.results[_ANSWER]))
    except (KeyError, TypeError, ValueError):
        return "it does not answer as its module does"


def _found(look: Mapping[str, Any]) -> Iterator[str]:
    """From inside: what should not be possible, and is."""
    for file in look["files"]:
        if os.path.exists(file):
            yield f"sees {file}"
    for place in ("/", "/usr", "/dev", os.path.dirname(__file__)):
        if os.access(place, os.W_OK):
            yield f"can write to {place}"
    if len(socket.if_nameindex()) > 1:
        yield "has a network"
    if sum(name.isdigit() for name in os.listdir("/proc")) > 5:
        yield "sees other processes"
    if known := set(os.environ) & set(look["variables"]) - set(sandboxed()) - _OWN_VARIABLES:
        yield f"has environment variables from outside: {', '.join(sorted(known))}"


def main() -> None:
    """Look around and answer."""
    given = enter()
    found = list(_found(json.loads(given.parts[_REQUEST])))
    given.outbox.send(_ANSWER, json.dumps(found).encode())
    given.outbox.done()


if __name__ == "__main__":
    main()
