"""What is tried again, and who is blamed, when processes do not end as they should."""

import json

import pytest

from autograder.capture.request import Request
from autograder.exercises import assignment
from autograder.grading import capturing, judging
from autograder.grading.limits import STANDARD, Limits
from autograder.judge import request as judge_request
from autograder.sandbox.local import NO_ISOLATION
from autograder.sandbox.process import Ended
from autograder.wire import outputs
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

SPEC = assignment("02_regression")
NAMES = [question.name for question in SPEC.automatic]
CELLS = [(3, "import jax", None), (5, "class MLP: ...", "MLP"), (9, "def loss_fn(): ...", "loss_fn")]
DONE = Ended("done", "question update", None, {"artifact": b"zip", "outputs": outputs.dumps({})})


@pytest.fixture
def script(monkeypatch):
    """A function that makes processes end as written; returns the jobs that were run."""
    jobs = []

    def write(module, *endings):
        endings = iter(endings)

        def run_apart(job, isolation):
            jobs.append(job)
            ending = next(endings)
            return ending(job) if callable(ending) else ending

        monkeypatch.setattr(module, "run_apart", run_apart)
        return jobs

    return write


def capture(limits=STANDARD):
    """Capture the cells above."""
    return capturing.capture(SPEC, CELLS, NAMES, limits, NO_ISOLATION)


def blamed(job):
    """What a capture process is told to leave out."""
    return Request.from_json(job.given["request"]).blamed


def test_all_is_well(script):
    """One process; the artifact is handed on unread."""
    jobs = script(capturing, DONE)
    assert capture().artifact == b"zip"
    assert len(jobs) == 1


@pytest.mark.parametrize(
    ("ended", "says"),
    [
        (Ended("timeout", "cell 5"), "did not end within 60 s (cell 6)"),
        (Ended("memory", "cell 5"), "used more than 4 GB of memory (cell 6)"),
        (Ended("died", "cell 5", 0), "ended its own process (cell 6, exit status 0)"),
        (Ended("processes", "cell 5"), "started more than 64 processes"),
        (Ended("cpu", "cell 5"), "used more than 3600 s of processor time"),
        (Ended("flood", "cell 5"), "wrote more than 10 MB to stderr"),
        (Ended("malformed", "cell 5", detail="`outputs` twice"), "`outputs` twice"),
        (Ended("done", "cell 5"), "said that it was done before it was"),
        (Ended("timeout", "question MLP"), "did not end within 120 s (calling MLP)"),
    ],
)
def test_guilty_stage_is_left_out_of_the_next_try(script, ended, says):
    """And the message says what it did and where."""
    jobs = script(capturing, ended, DONE)
    assert capture().artifact == b"zip"
    assert says in blamed(jobs[1])[ended.stage]


def test_signal_may_have_come_from_outside(script):
    """The same is tried once more; who dies twice in one place is blamed."""
    killed = Ended("died", "cell 5", -9)
    jobs = script(capturing, killed, killed, DONE)
    assert capture().artifact == b"zip"
    assert [dict(blamed(job)) for job in jobs[:2]] == [{}, {}]
    assert "signal 9" in blamed(jobs[2])["cell 5"]


def test_killed_once_at_every_stage(script):
    """Costs nothing but time."""
    jobs = script(
        capturing,
        Ended("died", "start", -9),
        Ended("died", "cell 3", -9),
        Ended("died", "question MLP", -9),
        DONE,
    )
    assert capture().artifact == b"zip"
    assert not any(blamed(job) for job in jobs)


def test_grader_that_does_not_start_is_no_fault_of_the_student(script):
    """An error of ours, with the last line that was said."""
    script(capturing, Ended("died", "start", 1, said="ModuleNotFoundError: jax"))
    assert capture().error == "capture did not start (died): ModuleNotFoundError: jax"


def test_it_is_given_up_at_last(script):
    """A notebook with many cells that end their process."""
    stages = [f"cell {index}" for index, _, _ in CELLS]
    script(capturing, *(Ended("timeout", stage) for stage in stages))
    captured = capture(Limits(restarts=2))
    assert captured.artifact == b""
    assert "did not end within 60 s (cell 4)" in captured.fault


def test_time_of_all_tries_together(script):
    """What is left of it is all that the next process gets; when it is over, so is the notebook."""
    jobs = script(capturing, Ended("timeout", "cell 5"), Ended("too long", "cell 9"))
    captured = capture(Limits(notebook_seconds=50.0))
    assert "did not end within 50 s" in captured.fault
    assert jobs[1].resources.wall_seconds <= jobs[0].resources.wall_seconds <= 50.0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[",
        b"\xff",
        b"{}",
        b'[{"cell": 4, "outputs": []}]',
        b'[{"cell": 3, "outputs": []}, {"cell": 3, "outputs": []}]',
        b'[{"cell": 3, "outputs": [{"output_type": "display_data", "data": {"text/html": "<script>"}}]}]',
        b'[{"cell": 3, "outputs": [{"output_type": "stream", "name": "stdin", "text": ""}]}]',
        b'[{"cell": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": "\\u001b[31m"}]}]',
        b'[{"cell": 3, "outputs": [{"output_type": "stream", "name": "stdout", "text": ["a"]}]}]',
        b'[{"cell": 3, "outputs": [{"output_type": "error", "ename": "", "evalue": "", "traceback": [1]}]}]',
        b'[{"cell": true, "outputs": []}]',
        b'[{"cell": 3, "outputs": [], "more": 1}]',
        b"[" * 100_000,
        json.dumps([{"cell": 3, "outputs": [outputs.stream("stdout", "x")] * 21}]).encode(),
    ],
)
def test_forged_outputs_cost_the_submission_its_answers(script, content):
    """What capture does not write is not read, whatever it would have been good for."""
    script(capturing, Ended("done", "question update", None, {"artifact": b"zip", "outputs": content}))
    captured = capture()
    assert captured.artifact == b""
    assert "sent outputs that the grader does not write" in captured.fault


def test_outputs_survive_the_way():
    """Streams and errors, with what a terminal or a browser would act on taken out."""
    sent = {
        3: [outputs.stream("stdout", "a\x1b[31mb\ud800\n"), outputs.stream("stderr", "y" * 50_000)],
        9: [outputs.error("ValueError", "line 3: ValueError: <b>\u202e")],
    }
    read = outputs.loads(outputs.dumps(sent), [3, 5, 9])
    assert read[3][0]["text"] == "ab\n"
    assert len(read[3][1]["text"]) == outputs.MAX_TEXT
    assert read[9][0]["evalue"] == "line 3: ValueError: <b>"


def verdict(job, status="pass"):
    """The end of a judge that gives this status to all that it was asked."""
    asked = judge_request.Request.from_json(job.given["request"]).questions
    results = []
    for name in asked:
        question = SPEC[name]
        if question.manual:
            results.append(QuestionResult(name, "manual", 0.0, question.points))
        else:
            check = CheckResult("values", "correct", "pass")
            results.append(QuestionResult(name, status, question.points, question.points, checks=(check,)))
    return Ended("done", "start", None, {"verdict": Verdict(SPEC.name, tuple(results)).to_json().encode()})


def judge():
    """Judge all questions."""
    return judging.judge(b"zip", SPEC, SPEC.questions, (), 7, Limits(), NO_ISOLATION)


def test_one_judge_for_all(script):
    """Where nothing happens."""
    jobs = script(judging, verdict)
    assert judge().score == 9.0
    assert len(jobs) == 1


@pytest.mark.parametrize(
    ("how", "says"),
    [
        (Ended("timeout", "question loss_fn"), "did not end within 300 s"),
        (Ended("memory", "question loss_fn"), "used more than 4 GB of memory"),
        (Ended("died", "question loss_fn", -11), "crashed (signal 11)"),
        (Ended("processes", "question loss_fn"), "took more than it may (processes)"),
    ],
)
def test_only_the_guilty_question_pays(script, how, says):
    """Each question has a judge of its own then; later ones are told who is not to be called again."""
    jobs = script(judging, how, verdict, how, verdict, verdict)
    result = judge()
    assert result.error == ""
    assert {q.name: q.status for q in result.questions} == {
        "MLP": "pass",
        "loss_fn": "error",
        "update": "pass",
        "explain_bias": "manual",
    }
    assert f"The program of `loss_fn` {says}" in result["loss_fn"].message
    assert "loss_fn" in judge_request.Request.from_json(jobs[3].given["request"]).blamed


def test_judge_that_was_killed_from_outside_costs_nobody(script):
    """The second time each question is judged by itself, and all is well."""
    script(judging, Ended("died", "start", -9), verdict, verdict, verdict, verdict)
    assert judge().score == 9.0


@pytest.mark.parametrize(
    "ended",
    [
        Ended("died", "question MLP", 1, said="ImportError: flax"),
        Ended("malformed", "question MLP", detail="bytes that are no frame"),
        Ended("done", "question MLP", None, {}),
        Ended("done", "question MLP", None, {"verdict": b"{}"}),
        Ended("done", "question MLP", None, {"verdict": Verdict("04_mdn", ()).to_json().encode()}),
    ],
)
def test_failures_of_the_judge_are_ours(script, ended):
    """No points, no 0: an error of the run."""
    script(judging, ended)
    result = judge()
    assert result.error
    assert result.questions == ()
