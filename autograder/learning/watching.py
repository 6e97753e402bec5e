"""Check answers as a notebook is saved: those alone that have changed, or that need one that has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import watchfiles

from autograder.exercises import assignment as find_assignment
from autograder.grading.reading import UnreadableError
from autograder.learning import progress
from autograder.learning.answers import Answers
from autograder.learning.checking import check_notebook
from autograder.learning.folder import remembering
from autograder.learning.outline import outline
from autograder.wire.verdict import Verdict

_LOOK_MILLISECONDS = 1_000


class Screen(Protocol):
    """Where the outcome is shown."""

    def checking(self, path: Path, questions: list[str]) -> None:
        """A check begins."""

    def show(self, path: Path, verdict: Verdict) -> None:
        """A check has ended."""

    def unreadable(self, path: Path, reason: str) -> None:
        """There is no notebook to check, for now."""


class Watcher:
    """Follows notebooks. JupyterLab saves by renaming a file into place, and often without any change."""

    def __init__(self, find: Callable[[], Mapping[str, Path]], screen: Screen) -> None:
        """`find` gives the notebooks by assignment; it is asked again at each change."""
        self._find, self._screen = find, screen
        self._seen: dict[str, dict[str, str]] = {}
        self._stamps: dict[Path, tuple[int, int, int]] = {}

    def run(self) -> None:
        """Check what has changed since its last check, then whatever is saved, until interrupted."""
        self.look()
        folders = {path.parent for path in self._find().values()}
        # The folder is watched, not the file: a file that is renamed into place is another file. The look at every
        # time-out sees what no notification tells of: a save before this line, or on a network drive.
        for _ in watchfiles.watch(
            *folders,
            watch_filter=self._is_ours,
            recursive=False,
            yield_on_timeout=True,
            rust_timeout=_LOOK_MILLISECONDS,
        ):
            self.look()

    def look(self) -> None:
        """Check the answers that differ from those of the last look."""
        for name, path in self._find().items():
            if not self._is_new(path):
                continue
            try:
                changed = self._changed(name, path)
            except UnreadableError as error:
                self._screen.unreadable(path, str(error))
                continue
            if changed:
                self._screen.checking(path, changed)
                self._screen.show(path, check_notebook(path, name, changed))

    def _is_ours(self, _: watchfiles.Change, path: str) -> bool:
        return Path(path).name in {notebook.name for notebook in self._find().values()}

    def _is_new(self, path: Path) -> bool:
        """Whether the file was written since the last look."""
        try:
            status = path.stat()
        except OSError:  # between two names
            return False
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        if self._stamps.get(path) == stamp:
            return False
        self._stamps[path] = stamp
        return True

    def _changed(self, name: str, path: Path) -> list[str]:
        """The questions to check, in their order."""
        there = outline(name)
        answers = Answers.of_notebook(path, there)
        seen = self._seen.get(name) or _last_checked(path, name)
        now = {task.name: answers.fingerprint(task.name) for task in there.tasks}
        self._seen[name] = now
        changed = {question for question, print_ in now.items() if print_ != seen.get(question)}
        return [
            question.name
            for question in find_assignment(name).automatic
            if changed & {question.name, *question.needs} and not answers.is_open(there[question.name])
        ]


def _last_checked(path: Path, name: str) -> dict[str, str]:
    folder = remembering(path, name)
    records = progress.load(folder).records if folder else {}
    return {
        task.name: records[key].answer
        for task in outline(name).tasks
        if (key := progress.key(name, task.name)) in records
    }
