"""`autograder new`: an assignment to begin from, which every rule accepts."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from autograder import places
from autograder.authors.scaffold import TEMPLATES
from autograder.cli import app

ROOT = places.checkout()
FILES = [
    "autograder/exercises/flows/__init__.py",
    "autograder/exercises/flows/test_to_mass.py",
    "source/06_flows/06_flows.py",
    "tests/submissions/06_flows/broken/stub.py",
    "tests/submissions/06_flows/right/reference.py",
    "tests/submissions/06_flows/wrong/natural_exponential.py",
]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """An empty checkout, as the working directory."""
    (tmp_path / "source").mkdir()
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*arguments):
    """The command line, as an author calls it."""
    return CliRunner().invoke(app, ["new", *arguments])


def files(root):
    """All files below `root`, but for what marks it as a checkout."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted({*found} - {"pyproject.toml"})


def test_files_and_what_to_do_next(checkout):
    """Each file is named, and the one line that registers the assignment."""
    result = new("06_flows", "--title", "Normalising flows")
    assert result.exit_code == 0, result.output
    assert files(checkout) == FILES
    assert all(f"{file} is new" in result.output for file in FILES)
    assert '"06_flows": "flows"' in result.output
    assert "autograder build 06_flows" in result.output
    source = (checkout / "source/06_flows/06_flows.py").read_text()
    assert "# # Normalising flows\n" in source
    assert "$y = \\log_{10}" in source
    assert "$$" not in source


def test_python_is_python(checkout):
    """Sources, manifests and checks can be parsed, and have no placeholder left."""
    new("06_flows")
    for file in FILES:
        text = (checkout / file).read_text()
        ast.parse(text)
        assert "$name" not in text
        assert "$title" not in text


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("flows", "two digits, `_`, small letters"),
        ("6_flows", "two digits"),
        ("06_Flows", "two digits"),
        ("06_../x", "two digits"),
        ("06_class", "two digits"),
        ("", "two digits"),
        ("04_mdn", "is an assignment already"),
        ("04_flows", "04 is the number of `04_mdn`"),
    ],
)
def test_names_that_will_not_do(checkout, name, says):
    """Wrong usage, told before anything is written."""
    result = new(name)
    assert result.exit_code == 2
    assert says in result.output
    assert files(checkout) == []


@pytest.mark.parametrize("there", FILES)
def test_nothing_is_overwritten(checkout, there):
    """Where one file is there already, none is written."""
    (checkout / there).parent.mkdir(parents=True)
    (checkout / there).write_text("mine")
    result = new("06_flows")
    assert result.exit_code == 2
    assert "nothing is overwritten" in result.output
    assert files(checkout) == [there]
    assert (checkout / there).read_text() == "mine"


def test_package_of_another(checkout):
    """A folder of checks that is taken, `common` among them, is not shared."""
    (checkout / "autograder/exercises/common").mkdir(parents=True)
    assert "is there already" in new("07_common").output


def test_templates_travel_with_the_package():
    """They are inside the package, so that wheels have them."""
    assert len(list(TEMPLATES.glob("*.in"))) == len(FILES)


@pytest.mark.slow
def test_scaffold_is_built_and_accepted(tmp_path):
    """In a copy of the repository: new, the line of registration, build, author-check; the wrong answer is told why."""
    for place in ("autograder", "clustermass", "source", "release", "tests/submissions", "pyproject.toml"):
        if (ROOT / place).is_dir():
            shutil.copytree(ROOT / place, tmp_path / place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / place, tmp_path / place)

    def run(*command):
        return subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )

    run("-m", "autograder", "new", "06_flows")
    registry = tmp_path / "autograder/exercises/__init__.py"
    text = registry.read_text()
    begin = text.index("ASSIGNMENTS = {")
    end = text.index("}", begin)
    registry.write_text(f'{text[:end].rstrip().rstrip(",")}, "06_flows": "flows"{text[end:]}')
    built = run("-m", "autograder", "build", "06_flows")
    assert built.returncode == 0, built.stdout + built.stderr
    checked = run("-m", "autograder", "author-check", "06_flows")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "Nothing to mend." in checked.stdout
    judged = run(
        "-c",
        "from pathlib import Path\n"
        "from autograder.grading.grade import grade_notebook\n"
        "from autograder.nbgrader.handed_in import write\n"
        "from autograder.nbgrader.submissions import read\n"
        "write(read(Path('tests/submissions/06_flows/wrong/natural_exponential.py')), Path('it.ipynb'))\n"
        "print(grade_notebook(Path('it.ipynb'), '06_flows', seed=1).verdict['to_mass'].message)",
    )
    assert "a logarithm to base 10" in judged.stdout, judged.stderr
