"""Judge one artifact in a process of its own: `python -m autograder.judge.run FOLDER`, the seed on standard input."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from autograder.artifact import Artifact, MalformedArtifact
from autograder.exercises import assignment
from autograder.judge.judge import judge
from autograder.quiet import stderr_silenced
from autograder.verdict import QuestionResult, Verdict

VERDICT, EVENTS = "verdict.json", "judge.jsonl"


def main(folder: Path) -> None:
    """Judge `artifact.zip` in `folder`; the request names the questions, all at once or one at a time."""
    request = json.loads(sys.stdin.read())
    with (folder / EVENTS).open("a", buffering=1) as events, stderr_silenced():
        events.write(json.dumps("judge") + "\n")
        try:
            artifact = Artifact.from_bytes((folder / "artifact.zip").read_bytes())
        except MalformedArtifact as error:
            verdict = _unreadable(request["assignment"], str(error))
        else:
            verdict = judge(artifact, request["questions"], seed=request["seed"])
        (folder / VERDICT).write_text(verdict.to_json())
        events.write(json.dumps("done") + "\n")


def _unreadable(name: str, why: str) -> Verdict:
    questions = assignment(name).automatic
    message = f"What the notebook left behind cannot be judged: {why}."
    return Verdict(name, tuple(QuestionResult(q.name, "error", 0.0, q.points, message) for q in questions))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
