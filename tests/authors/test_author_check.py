"""`autograder author-check`: each rule is shown to fail, on a copy of the repository with one mistake in it."""

from __future__ import annotations

import dataclasses
import os
import shutil
import subprocess
import sys
from types import MappingProxyType

import pytest
from typer.testing import CliRunner

from autograder import places
from autograder.authors import links, manifest, notebooks, runs, stray, submissions
from autograder.authors.author_check import author_check
from autograder.cli import app
from autograder.exercises import ASSIGNMENTS, assignment
from autograder.wire.verdict import CheckResult, QuestionResult, Verdict

ROOT = places.checkout()
NAME = "02_regression"
SOURCE = f"source/{NAME}/{NAME}.py"
MANIFEST = "autograder/exercises/regression/__init__.py"
COPIED = (
    "source",
    "release",
    "solutions",
    "tests/submissions",
    "autograder/exercises",
    "docs",
    "README.md",
    "pyproject.toml",
)


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of what authors write, as the working directory."""
    for place in COPIED:
        origin, target = ROOT / place, tmp_path / place
        target.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(origin, target)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def edit(copy, file, old, new):
    """Replace what must be there, once."""
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def line(copy, file, text):
    """The line of a file that has the text."""
    lines = (copy / file).read_text(encoding="utf-8").splitlines()
    return next(number for number, found in enumerate(lines, 1) if text in found)


def regression(**changes):
    """The manifest of 02_regression, its question `loss_fn` changed."""
    there = assignment(NAME)
    questions = tuple(
        dataclasses.replace(q, **changes) if q.name == "loss_fn" else q for q in there.questions
    )
    return dataclasses.replace(there, questions=questions)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_this_repository(name):
    """The rules that only read hold here, for every assignment. (What is built: tests/nbgrader/test_build.py.)"""
    for rule in (manifest.check, notebooks.check_source, links.check_notebook, submissions.check):
        assert list(rule(ROOT, assignment(name))) == []


def test_documents_of_this_repository():
    """Links in the documents lead somewhere."""
    assert list(links.check_documents(ROOT)) == []


HINTS = assignment(NAME)["loss_fn"].hints
MANIFEST_MISTAKES = {
    "no hints": ({"hints": ()}, "has 0 hints"),
    "two hints": ({"hints": HINTS[:2]}, "has 2 hints"),
    "an empty hint": ({"hints": (*HINTS[:2], " ")}, "has an empty hint, the 3."),
    "a hint twice": ({"hints": (*HINTS[:2], HINTS[0])}, "has the same hint twice"),
    "no task": ({"task": ""}, "has no task"),
    "no points": ({"points": 0}, "has 0 points"),
    "shares above 1": (
        {"shares": MappingProxyType({"pure": 0.4, "jittable": 0.2, "correct": 0.6})},
        r"shares that add up to 1.2 (pure 0.4, jittable 0.2, correct 0.6)",
    ),
    "no share for correct": (
        {"shares": MappingProxyType({"pure": 0.5, "jittable": 0.5})},
        "gives no share to `correct`",
    ),
    "a need that comes later": ({"needs": ("update",)}, "needs `update`, which is no question above it"),
    "no section": ({"section": ""}, "names no section"),
    "a section without an anchor": ({"section": "The “loss”"}, "which no link reaches"),
}


@pytest.mark.parametrize("mistake", MANIFEST_MISTAKES)
def test_manifest(copy, mistake):
    """Hints, points, shares, needs, section: told with the line of the question, and a remedy."""
    changes, said = MANIFEST_MISTAKES[mistake]
    (finding,) = manifest.check(copy, regression(**changes))
    assert said in finding.message
    assert finding.remedy
    assert (finding.file, finding.line) == (MANIFEST, line(copy, MANIFEST, 'name="loss_fn"'))


def test_question_twice(copy):
    """Names are unique within an assignment."""
    there = assignment(NAME)
    twice = dataclasses.replace(there, questions=(*there.questions, there.questions[0]))
    assert "two questions are called `MLP`" in [finding.message for finding in manifest.check(copy, twice)]


def test_question_without_checks(copy):
    """A question that is graded has a file of checks."""
    (copy / "autograder/exercises/regression/test_loss_fn.py").unlink()
    there = dataclasses.replace(assignment(NAME), checks=copy / "autograder/exercises/regression")
    (finding,) = manifest.check(copy, there)
    assert finding.message == "`loss_fn` has no checks of its own"
    assert finding.remedy == "write autograder/exercises/regression/test_loss_fn.py"


def test_manifest_of_another_name(copy):
    """What it calls itself is what it is registered as."""
    (finding,) = manifest.check(copy, dataclasses.replace(assignment(NAME), name="02_regresion"))
    assert "calls itself `02_regresion`" in finding.message


SOURCE_MISTAKES = {
    "points that differ": ('"points": 3', '"points": 5', "check-MLP", "has 5 points, the manifest says 3"),
    "an id twice": ('"grade_id": "init"', '"grade_id": "model"', "# %% nbgrader", "the id `model` is taken"),
    "a lost section": ("# ## The loss\n", "# ## Loss\n", "check-loss_fn", 'no heading reads "The loss"'),
}


@pytest.mark.parametrize("mistake", SOURCE_MISTAKES)
def test_source(copy, mistake):
    """What the build refuses is a finding with its line."""
    old, new, _, said = SOURCE_MISTAKES[mistake]
    edit(copy, SOURCE, old, new)
    found = list(notebooks.check_source(copy, assignment(NAME)))
    assert any(said in finding.message and finding.file == SOURCE and finding.line > 1 for finding in found)


def test_no_source(copy):
    """A source that is away is said to be."""
    (copy / SOURCE).unlink()
    (finding,) = notebooks.check_source(copy, assignment(NAME))
    assert (finding.file, finding.message) == (SOURCE, "there is no source")


def test_hint_that_is_the_answer(copy):
    """A line of the reference may be in the last hint, and in no earlier one."""
    telling = ("Write `jnp.mean((prediction - y) ** 2)`.", *HINTS[1:])
    (finding,) = notebooks.check_source(copy, regression(hints=telling))
    assert "a hint of `loss_fn` has a whole line of its answer" in finding.message
    assert list(notebooks.check_source(copy, regression(hints=(*HINTS[:2], telling[0])))) == []


def test_built(copy):
    """Releases, solutions and their outputs are those of the source."""
    edit(copy, f"release/{NAME}/{NAME}.ipynb", "Weighing galaxy clusters", "Weighing planets")
    edit(copy, f"solutions/{NAME}/{NAME}.ipynb", '"3.0"', '"2.4"')
    found = {finding.file: finding for finding in notebooks.check_built(copy, assignment(NAME))}
    assert "is not what source" in found[f"release/{NAME}/{NAME}.ipynb"].message
    assert "must score 3.0" in found[f"solutions/{NAME}/{NAME}.ipynb"].message
    assert all(
        finding.remedy == f"run `autograder build {NAME}` and commit what it writes"
        for finding in found.values()
    )


NOTEBOOK_LINKS = {
    "[the loss](#The-los)": "no heading of this notebook has the anchor `#The-los`",
    "[more](../../docs/students.md)": "leads nowhere from a student's folder",
    "[arXiv](https://arxiv.org/abs/1902.0595)": "is no address of arxiv.org",
    "[doi](https://doi.org/11.1000/182)": "is no address of doi.org",
    "[site](https://nbgrader)": "is no address",
    "[site](htps://nbgrader.readthedocs.io)": "is no address",
    "![figure](images/bias.png)": "leads nowhere",
}


@pytest.mark.parametrize("link", NOTEBOOK_LINKS)
def test_links_of_a_notebook(copy, link):
    """Anchors, neighbours and addresses; the finding has the line of the link."""
    edit(copy, SOURCE, "# The moment of truth:", f"# {link}\n# The moment of truth:")
    (finding,) = links.check_notebook(copy, assignment(NAME))
    assert NOTEBOOK_LINKS[link] in finding.message
    assert finding.remedy
    assert (finding.file, finding.line) == (SOURCE, line(copy, SOURCE, link))


@pytest.mark.parametrize(
    "link",
    [
        "[the loss](#The-loss)",
        "[why](#What-is-going-on?)",
        "[the cure](04_mdn.ipynb)",
        "[Ho](https://arxiv.org/abs/1902.05950v2)",
        "[old](https://arxiv.org/abs/0803.2706)",
        "[older](https://arxiv.org/abs/astro-ph/0301001)",
        "[doi](https://doi.org/10.1093/mnras/stw248)",
        "`[no](link)`",
        "[mail](mailto:ada@example.org)",
    ],
)
def test_links_that_are_right(copy, link):
    """What leads somewhere, looks like an address, or is no link."""
    edit(copy, SOURCE, "# The moment of truth:", f"# {link}\n# The moment of truth:")
    assert list(links.check_notebook(copy, assignment(NAME))) == []


DOCUMENT_LINKS = {
    "[a](nowhere.md)": "there is no `nowhere.md` beside it",
    "[a](authors.md#no-such-heading)": "no heading of authors.md has the anchor `#no-such-heading`",
    "[a](#no-such-heading)": "no heading of students.md",
    "[a](../../../../../../../etc)": "is outside of the repository",
    "![a](images/none.png)": "there is no `images/none.png`",
    "[a](https://arxiv.org/1902.05950)": "is no address of arxiv.org",
}


@pytest.mark.parametrize("link", DOCUMENT_LINKS)
def test_links_of_a_document(copy, link):
    """Files, headings, pictures, addresses."""
    edit(copy, "docs/students.md", "# For students\n", f"# For students\n\nSee\n{link}.\n")
    (finding,) = links.check_documents(copy)
    assert DOCUMENT_LINKS[link] in finding.message
    assert (finding.file, finding.line) == ("docs/students.md", 4)


def test_right_links_of_a_document(copy):
    """A neighbour, one of its headings, a folder, the file itself."""
    text = (
        "[a](authors.md) [b](authors.md#a-question) [c](decisions) [d](#for-students) ![e](images/check.png)"
    )
    edit(copy, "docs/students.md", "# For students\n", f"# For students\n\n{text}\n")
    assert list(links.check_documents(copy)) == []


STRAY = {
    f"source/{NAME}/solution.py": "no assignment makes this file",
    f"source/{NAME}/notes.txt": "no assignment makes this file",
    "source/09_draft/09_draft.py": "no assignment makes this file",
    f"release/{NAME}/{NAME}-Copy1.ipynb": "no assignment makes this file",
    f"release/{NAME}.ipynb": "no assignment makes this file",
    "solutions/09_draft/09_draft.ipynb": "no assignment makes this file",
    "autograder/exercises/draft/__init__.py": "this folder belongs to no assignment",
    "tests/submissions/09_draft/right/reference.py": "this folder belongs to no assignment",
}


@pytest.mark.parametrize("file", STRAY)
def test_stray_files(copy, file):
    """What nobody makes is named; students would get it, or nobody would build it again."""
    before = set(stray.check(copy))
    (copy / file).parent.mkdir(parents=True, exist_ok=True)
    (copy / file).write_text("x")
    (finding,) = set(stray.check(copy)) - before
    assert finding.message == STRAY[file]
    assert file.startswith(finding.file)


def test_what_editors_leave_is_no_stray_file(copy):
    """Checkpoints and caches are nobody's mistake."""
    before = set(stray.check(copy))
    caches = (f"source/{NAME}/__pycache__", "autograder/exercises/__pycache__", "tests/submissions/.cache")
    for folder in (f"release/{NAME}/.ipynb_checkpoints", *caches):
        (copy / folder).mkdir()
        (copy / folder / "x.py").write_text("x")
    assert set(stray.check(copy)) == before


def test_submissions(copy):
    """A reference, files that can be read, and a wrong answer to every question."""
    folder = copy / "tests/submissions" / NAME
    (folder / "right/reference.py").unlink()
    (folder / "wrong/loss_sum.py").write_text("# Sums.\n# %% los_fn\n")
    for path in folder.glob("wrong/*.py"):
        if "expect update" in path.read_text():
            path.unlink()
    said = [(finding.file, finding.message) for finding in submissions.check(copy, assignment(NAME))]
    assert (f"tests/submissions/{NAME}/right/reference.py", "there is no reference") in said
    assert any("there is no cell `los_fn`" in message for _, message in said)
    assert (f"tests/submissions/{NAME}/wrong", "no wrong answer to `update` is shown to fail") in said


def verdict(**results):
    """A verdict on 02_regression: its stubs as they should be judged, with these results in their place."""
    there = assignment(NAME)
    found = []
    for question in there.questions:
        missing = "manual" if question.manual else "missing"
        usual = QuestionResult(
            question.name, missing, 0.0, question.points, f"It is there. {question.stub_message}"
        )
        found.append(results.get(question.name, usual))
    return Verdict(NAME, tuple(found), error=results.get("error", ""))


def test_stubs_as_they_should_be():
    """Each missing, by its own task."""
    assert list(runs.stub_findings(ROOT, assignment(NAME), verdict())) == []


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (
            QuestionResult("update", "error", 0.0, 3.0, "it raised"),
            "is `error` where it must be `missing`: it raised",
        ),
        (QuestionResult("update", "pass", 3.0, 3.0), "is `pass` where it must be `missing`"),
        (
            QuestionResult("update", "missing", 0.0, 3.0, "Task MLP: return …"),
            "without its own task: Task MLP",
        ),
    ],
)
def test_stub_that_is_judged_otherwise(result, said):
    """A stub that passes, raises, or is blamed on another question's task."""
    (finding,) = runs.stub_findings(ROOT, assignment(NAME), verdict(update=result))
    assert said in finding.message
    assert (finding.file, finding.line) == (SOURCE, line(ROOT, SOURCE, '"grade_id": "update"'))


def test_reference_that_fails():
    """A reference below full points is named with the checks that it fails."""
    checks = (CheckResult("mean", "correct", "fail", "it sums", title="Is a mean"),)
    result = QuestionResult("update", "fail", 0.0, 3.0, "it sums", None, checks)
    passed = {q.name: QuestionResult(q.name, "pass", q.points, q.points) for q in assignment(NAME).questions}
    (finding,) = runs.reference_findings(ROOT, assignment(NAME), verdict(**passed | {"update": result}))
    assert "gets 0 of 3 points: it sums (Is a mean)" in finding.message


def test_grader_that_fails():
    """A failure of ours is a finding too."""
    (finding,) = runs.stub_findings(ROOT, assignment(NAME), verdict(error="check x: KeyError"))
    assert "the grader itself failed: check x: KeyError" in finding.message


def test_later_rules_wait(copy):
    """Nothing is graded while the source is wrong."""
    edit(copy, SOURCE, '"points": 3', '"points": 5')
    outcomes = {outcome.rule: outcome.findings for outcome in author_check(copy, [NAME])}
    assert outcomes["source"]
    assert outcomes["stubs"] is None
    assert outcomes["reference"] is None


def command(*arguments):
    """The command line, as an author calls it."""
    return CliRunner().invoke(app, ["author-check", *arguments])


def test_command_on_an_unknown_assignment():
    """Exit status 2, and the names that there are."""
    result = command("04_mnd")
    assert result.exit_code == 2
    assert f"there are {', '.join(ASSIGNMENTS)}" in result.output


def test_command_in_another_checkout(copy):
    """Manifests of one checkout say nothing of another's sources."""
    result = command()
    assert result.exit_code == 2
    assert "python -m autograder author-check" in result.output


def in_copy(copy, *arguments):
    """Run a command with the copy's own package, in a process."""
    for package in ("autograder", "clustermass"):
        ignore = shutil.ignore_patterns("__pycache__", "exercises" if package == "autograder" else "")
        shutil.copytree(ROOT / package, copy / package, ignore=ignore, dirs_exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, "-m", "autograder", *arguments],
        cwd=copy,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_manifest_that_does_not_import(copy):
    """The line that raises is named; the other assignments are still checked."""
    edit(copy, MANIFEST, "ASSIGNMENT = Assignment(", "SHARE = 1 / 0\nASSIGNMENT = Assignment(")
    ended = in_copy(copy, "author-check", "--no-run", NAME, "04_mdn")
    assert ended.returncode == 1, ended.stderr
    place = f"{MANIFEST}:{line(copy, MANIFEST, '1 / 0')}"
    assert f"{place}: the manifest cannot be imported: ZeroDivisionError" in ended.stdout
    assert "04_mdn" in ended.stdout
    assert "1 to mend." in ended.stdout


@pytest.mark.slow
def test_whole_command_on_a_broken_copy(copy):
    """A reference that is wrong and a stub that is not raised, by the real judge."""
    text = (copy / SOURCE).read_text(encoding="utf-8")
    (copy / SOURCE).write_text(
        text.replace("jnp.mean((prediction - y) ** 2)", "jnp.sum((prediction - y) ** 2)")
    )
    edit(
        copy,
        MANIFEST,
        'yield Call("loss_fn", names["loss_fn"],',
        'yield Call("loss_fn", lambda *a: a[2].mean(),',
    )
    built = in_copy(copy, "build", "--no-solutions", NAME)
    assert built.returncode == 0, built.stderr
    solution = copy / "solutions" / NAME / f"{NAME}.ipynb"
    solution.write_text(solution.read_text().replace("jnp.mean((prediction - y)", "jnp.sum((prediction - y)"))
    ended = in_copy(copy, "author-check", NAME)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "the stub of `loss_fn` is `" in ended.stdout
    assert "the reference answer to `loss_fn` gets 0 of 3 points" in ended.stdout
