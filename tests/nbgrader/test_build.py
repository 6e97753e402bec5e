"""`autograder build`: what students get, what is committed, and that a failure changes nothing."""

from __future__ import annotations

import ast
import re
import shutil
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_output
from nbgrader.utils import determine_grade
from typer.testing import CliRunner, Result

from autograder import places
from autograder.cli import app
from autograder.exercises import ASSIGNMENTS, Question, assignment
from autograder.nbgrader import build, outputs, solutions, sources

ROOT = places.checkout()
QUESTIONS = [(name, question) for name in ASSIGNMENTS for question in assignment(name).questions]
IDS = [f"{name}-{question.name}" for name, question in QUESTIONS]


def released(name: str) -> nbformat.NotebookNode:
    """The committed release notebook."""
    return nbformat.read(ROOT / "release" / name / f"{name}.ipynb", as_version=4)


def cell(notebook: nbformat.NotebookNode, name: str) -> nbformat.NotebookNode:
    """The cell with this id."""
    return next(cell for cell in notebook.cells if cell.id == name)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own, with sources and nothing built, as the working directory."""
    shutil.copytree(ROOT / "source", tmp_path / "source")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    """The command line, as a user calls it."""
    return CliRunner().invoke(app, ["build", *arguments])


def test_committed_notebooks_are_what_the_build_makes() -> None:
    """release/ is byte for byte what source/ makes; solutions/ has the cells of source/, same ids and text."""
    assert build.out_of_date(ROOT) == []


def test_build_is_reproducible() -> None:
    """Two builds of one source are equal byte for byte: nothing random, no time, no path in them."""
    once, again = (build.build(ROOT, ["04_mdn"], with_solutions=False) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_release_holds_notebooks_alone_and_no_outputs(name: str) -> None:
    """Students get one notebook without outputs, and no `.py`, in which the solutions would be."""
    assert [path.name for path in (ROOT / "release" / name).iterdir()] == [f"{name}.ipynb"]
    notebook = released(name)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
    assert [cell.id for cell in notebook.cells] == [
        cell.metadata.nbgrader.grade_id for cell in notebook.cells
    ]
    assert dict(notebook.metadata) == sources.METADATA


@pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=IDS)
def test_release_holds_no_solution(name: str, question: Question) -> None:
    """No line of a reference answer is left in the cell that students get."""
    source = sources.read(ROOT / "source" / name / f"{name}.py")
    reference = cell(source.notebook, question.name)
    text = reference.source
    if reference.cell_type == "code":
        text = text.partition("BEGIN SOLUTION")[2].partition("### END SOLUTION")[0]
    given = cell(released(name), question.name).source
    assert [line for line in text.splitlines() if len(line.strip()) > 3 and line.strip() in given] == []
    assert "SOLUTION" not in given


@pytest.mark.parametrize(("name", "question"), QUESTIONS, ids=IDS)
def test_stub_names_its_task(name: str, question: Question) -> None:
    """A code stub raises the task of its question; a written one shows it, and counts as no answer."""
    stub = cell(released(name), question.name)
    if question.manual:
        assert question.stub_message in stub.source
        assert determine_grade(stub) == (0, question.points)
        return
    raised = [node.exc for node in ast.walk(ast.parse(stub.source)) if isinstance(node, ast.Raise)]
    assert [ast.literal_eval(call.args[0]) for call in raised] == [question.stub_message]  # type: ignore[union-attr]
    assert ast.get_docstring(ast.parse(stub.source).body[0])  # signature and docstring stay


def test_running_a_stub_says_what_to_do() -> None:
    """Calling an unanswered function raises NotImplementedError with the task."""
    names: dict[str, object] = {}
    exec(cell(released("04_mdn"), "reweight").source, names)
    with pytest.raises(NotImplementedError, match=r"^Task reweight: return"):
        names["reweight"](None, None, None, None)  # type: ignore[operator]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_cells_below_a_stub_wait_for_it(name: str) -> None:
    """Each locked cell that uses an answer begins with `autograder.needs` and names that answer."""
    names = {question.name for question in assignment(name).automatic}
    for locked in released(name).cells:
        options = locked.metadata.nbgrader
        if (
            locked.cell_type != "code"
            or options.solution
            or options.grade
            or "given" in locked.metadata.get("tags", [])
        ):
            continue
        used = {node.id for node in ast.walk(ast.parse(locked.source)) if isinstance(node, ast.Name)} & names
        if used:
            needs = locked.source.splitlines()[0]
            assert needs.startswith("autograder.needs("), locked.id
            assert all(f'"{answer}"' in needs for answer in used), locked.id


def test_build_writes_what_it_says(checkout: Path) -> None:
    """The command names the notebooks that it wrote, and they are those of the repository."""
    result = run("--no-solutions")
    assert result.exit_code == 0, result.output
    for name in ASSIGNMENTS:
        path = f"release/{name}/{name}.ipynb"
        assert f"wrote {path}" in result.output
        assert (checkout / path).read_bytes() == (ROOT / path).read_bytes()
    assert not (checkout / "solutions").exists()


def test_mistake_in_one_source_writes_nothing(checkout: Path) -> None:
    """The last of the sources has a mistake: the message names it, and no notebook at all is written."""
    last = list(ASSIGNMENTS)[-1]
    source = checkout / "source" / last / f"{last}.py"
    text = source.read_text(encoding="utf-8")
    points = re.search(r'"points": (\d+)', text)[1]
    source.write_text(text.replace(f'"points": {points}', f'"points": {points}0', 1), encoding="utf-8")
    result = run("--no-solutions")
    assert result.exit_code == 1
    assert "nothing was written" in result.output
    assert f"source/{last}/{last}.py:" in result.output
    assert f"has {points}0 points, the manifest says {points}" in result.output
    assert sorted(path.name for path in checkout.iterdir()) == ["pyproject.toml", "source"]


def test_failing_solution_writes_nothing(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A solution that cannot be executed stops the build before anything is written, releases included."""

    def fail(*_: object) -> None:
        raise solutions.ExecutionError("02_regression, the reference solution: it raised")

    monkeypatch.setattr(solutions, "execute", fail)
    result = run()
    assert result.exit_code == 1
    assert "it raised" in result.output
    assert not (checkout / "release").exists()


def test_check_finds_an_edited_release(checkout: Path) -> None:
    """`--check` ends with status 1 and names what is not what the build makes."""
    shutil.copytree(ROOT / "release", checkout / "release")
    shutil.copytree(ROOT / "solutions", checkout / "solutions")
    edited = checkout / "release" / "04_mdn" / "04_mdn.ipynb"
    edited.write_text(edited.read_text(encoding="utf-8").replace("Bishop", "Knight"), encoding="utf-8")
    result = run("--check")
    assert result.exit_code == 1
    assert "release/04_mdn/04_mdn.ipynb is not what source/04_mdn/04_mdn.py makes" in result.output
    assert "02_regression" not in result.output


def test_unknown_assignment_is_wrong_usage() -> None:
    """A name that is no assignment ends with status 2 and lists those that there are."""
    result = run("04_mnd")
    assert result.exit_code == 2
    assert (
        f"no assignment `04_mnd` (did you mean `04_mdn`?); there are {', '.join(ASSIGNMENTS)}"
        in result.output
    )


def test_without_a_checkout_the_command_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From an installed package there is nothing to build: the message names what students want."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(places, "PACKAGE", tmp_path / "site-packages" / "autograder")
    result = run()
    assert result.exit_code == 2
    assert "autograder start" in result.output


BAD_OUTPUTS = {
    "wrote to stderr": new_output("stream", name="stderr", text="UserWarning: …"),
    "shows a path of this machine": new_output("stream", name="stdout", text=f"saved in {sys.prefix}/file"),
    "must score 4.0 in `check-MDN`, whose value is 3.2": new_output("execute_result", {"text/plain": "3.2"}),
}


@pytest.mark.parametrize("said", BAD_OUTPUTS)
def test_outputs_that_must_not_be_committed(said: str) -> None:
    """Warnings, paths of this machine and a reference below full points are refused by name."""
    source = sources.read(ROOT / "source" / "04_mdn" / "04_mdn.py")
    executed = nbformat.from_dict(source.notebook)
    cell(executed, "check-MDN").outputs = [BAD_OUTPUTS[said]]
    assert any(said in problem for problem in outputs.problems(source, executed))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_committed_solution_is_fit_to_show(name: str) -> None:
    """solutions/ is executed: full points at every check, plots, and nothing of this machine."""
    source = sources.read(ROOT / "source" / name / f"{name}.py")
    solution = nbformat.read(ROOT / "solutions" / name / f"{name}.ipynb", as_version=4)
    assert list(outputs.problems(source, solution)) == []
    pictures = [
        out
        for cell in solution.cells
        for out in cell.get("outputs", ())
        if "image/png" in out.get("data", {})
    ]
    assert len(pictures) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_solutions_execute(name: str, tmp_path: Path) -> None:
    """The reference solutions run from top to bottom and score full points (about a minute each)."""
    source = sources.read(ROOT / "source" / name / f"{name}.py")
    executed = solutions.execute(source, tmp_path, lambda *_: None)
    assert [cell.id for cell in executed.cells] == [cell.id for cell in source.cells]
