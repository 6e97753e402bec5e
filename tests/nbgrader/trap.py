"""A course to be attacked: with things to steal, to spoil and to phone. `harm.py` sees what became of them."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder import places
from autograder.nbgrader import carried, handed_in
from autograder.nbgrader.config import CONFIG_FILE
from autograder.nbgrader.submissions import Submission, read
from autograder.sandbox.catalogue import public_catalogue

SUBMISSIONS = Path(__file__).parents[1] / "submissions"
# Without these a process would not start, or not find its Python.
_KEPT = {"PATH", "LANG", "LC_ALL", "VIRTUAL_ENV"}


@dataclass
class Trap:
    """A course with a home directory beside it.

    Attributes:
        root: everything of the trap lies there.
        mark: a word that occurs nowhere else: attacks sign with it whatever they write, start or call.
        canary: a secret; whoever shows it has read what is not theirs.
        seed: of the hidden data, another secret.
        calls: what was heard on the sockets.
    """

    root: Path
    mark: str = field(default_factory=lambda: f"hm{secrets.token_hex(5)}")
    canary: str = field(default_factory=lambda: f"CANARY-{secrets.token_hex(12)}")
    seed: int = field(default_factory=lambda: 10**17 + secrets.randbits(50))
    calls: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def course(self) -> Path:
        """nbgrader's course directory."""
        return self.root / "course"

    @property
    def home(self) -> Path:
        """The grader's home directory; attacks write to no home but one with `mark` in its name."""
        return self.root / f"home-{self.mark}"

    def lay(self, config: str = CONFIG_FILE) -> None:
        """Make course and home."""
        (self.course / "submitted").mkdir(parents=True)
        (self.course / "nbgrader_config.py").write_text(config)
        shutil.copytree(places.notebooks("solutions"), self.course / "solutions")
        (self.home / ".ssh").mkdir(parents=True)
        (self.home / ".ssh" / "id_canary").write_text(f"{self.canary}\n")
        (self.home / "cache").mkdir()
        # As after the first run of a grader: the catalogue is there, and nothing may be added.
        if catalogue := public_catalogue():
            shutil.copy(catalogue, self.home / "cache")

    def hand_in(self, student: str, submission: Submission, release: Path | None = None) -> Path:
        """Hand in a submission that is told where everything is: the strongest attacker knows the machine."""
        path = self.notebook(student, submission.assignment)
        handed_in.write(submission, path, release)
        if path.is_file():
            path.write_text(self.told(path.read_text()))
        return path

    def hand_in_honestly(self, student: str, assignment: str, release: Path | None = None) -> Path:
        """Hand in the reference, with a secret in it."""
        path = self.hand_in(student, read(SUBMISSIONS / assignment / "right/reference.py"), release)
        notebook = json.loads(path.read_text())
        note = {"cell_type": "markdown", "id": "note", "metadata": {}, "source": [self.canary]}
        path.write_text(json.dumps(notebook | {"cells": [*notebook["cells"], note]}))
        return path

    def notebook(self, student: str, assignment: str) -> Path:
        """Where a student hands in."""
        return self.course / "submitted" / student / assignment / f"{assignment}.ipynb"

    def told(self, text: str) -> str:
        """`text` with the places and names that an attack asks for."""
        facts = {"COURSE": self.course, "HOME": self.home, "MARK": self.mark, "PORT": self.port}
        for word, fact in facts.items():
            text = text.replace(f"@{word}@", str(fact))
        return text

    def environment(self) -> dict[str, str]:
        """What the grader is started with; a secret is in it."""
        kept = {name: value for name, value in os.environ.items() if name in _KEPT}
        ours = {"HOME": self.home, "CLUSTERMASS_CACHE": self.home / "cache", "COURSE_CANARY": self.canary}
        # Its list of fonts, which it keeps when feedback has its first figure.
        ours["MPLCONFIGDIR"] = self.root / "matplotlib"
        return kept | {name: str(value) for name, value in ours.items()}

    @contextlib.contextmanager
    def listening(self) -> Iterator[None]:
        """Listen on every kind of socket; who calls by TCP is given the answers of 02_regression."""
        answers = carried.reference_answers("02_regression")
        text = "\n".join(answers[name] for name in ("MLP", "loss_fn", "update")).encode()
        stop = threading.Event()
        with contextlib.ExitStack() as stack:
            tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            self.port = tcp.getsockname()[1]
            udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            udp.bind(("127.0.0.1", self.port))
            places = (f"\0{self.mark}", f"{self.course}/socket", f"{self.home}/socket")
            for server in (tcp, *(stack.enter_context(_local(place)) for place in places)):
                threading.Thread(target=self._answer, args=(server, stop, text), daemon=True).start()
            threading.Thread(target=self._hear, args=(udp, stop), daemon=True).start()
            stack.callback(stop.set)
            yield

    def _answer(self, server: socket.socket, stop: threading.Event, text: bytes) -> None:
        server.settimeout(0.2)
        while not stop.is_set():
            with contextlib.suppress(OSError):
                caller, _ = server.accept()
                self.calls.append("a call to this machine")
                with caller:
                    caller.settimeout(2.0)
                    caller.recv(100)
                    caller.sendall(text)

    def _hear(self, server: socket.socket, stop: threading.Event) -> None:
        server.settimeout(0.2)
        while not stop.is_set():
            with contextlib.suppress(OSError):
                server.recv(100)
                self.calls.append("a datagram to this machine")


def _local(name: str) -> socket.socket:
    server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    server.bind(name)
    server.listen()
    return server
