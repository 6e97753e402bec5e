"""Handed-in files that are no notebooks."""

import json
import os

import pytest

from autograder import reading
from autograder.reading import UnreadableError, read_submission


@pytest.fixture
def path(tmp_path):
    """Where the notebook is expected."""
    return tmp_path / "04_mdn" / "04_mdn.ipynb"


def refusal(path):
    """What the student is told."""
    with pytest.raises(UnreadableError) as caught:
        read_submission(path)
    return str(caught.value)


def write(path, content):
    """Write bytes or JSON."""
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no JSON"),
        (b'{"cells": [', "no JSON"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"[" * 200_000, "nested too deeply"),
        (["later"], "no list of cells"),
        ({"cells": "many"}, "no list of cells"),
        ({"cells": [{"cell_type": "code", "source": ""}, 3]}, "cell 2 of 04_mdn.ipynb is no notebook cell"),
        ({"cells": [{"cell_type": "applet", "source": ""}]}, "cell 1 of"),
        ({"cells": [{"cell_type": "code", "source": [1]}]}, "cell 1 of"),
        ({"cells": [{"cell_type": "raw", "source": ""}] * 2001}, "2001 cells; at most 2000"),
    ],
)
def test_what_is_no_notebook_is_refused(path, content, says):
    """Whatever bytes there are, the student is told what was found."""
    write(path, content)
    assert says in refusal(path)


def test_missing_notebook_is_named(path):
    """The name of the notebook that is missing is told."""
    path.parent.mkdir()
    assert refusal(path) == "there is no 04_mdn.ipynb in what was handed in"


def test_symbolic_links_are_refused(path, tmp_path):
    """A link could show another student's file, or the gradebook."""
    write(tmp_path / "secret.ipynb", {"cells": []})
    path.parent.mkdir()
    path.symlink_to(tmp_path / "secret.ipynb")
    assert "04_mdn.ipynb is a symbolic link" in refusal(path)


def test_linked_folders_are_refused(path, tmp_path):
    """Nor may the folder be a link."""
    write(tmp_path / "other" / path.name, {"cells": []})
    path.parent.symlink_to(tmp_path / "other")
    assert "04_mdn is a symbolic link" in refusal(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_a_pipe_does_not_block(path):
    """Reading a FIFO that nobody writes to would last for ever."""
    path.parent.mkdir()
    os.mkfifo(path)
    assert "not a file" in refusal(path)


def test_a_folder_is_no_notebook(path):
    """A folder with the name of the notebook."""
    path.mkdir(parents=True)
    assert "04_mdn.ipynb" in refusal(path)


def test_size_is_limited(path, monkeypatch):
    """A notebook with huge outputs is not read."""
    monkeypatch.setattr(reading, "MAX_BYTES", 1_000_000)
    write(path, b" " * 2_000_000)
    assert "has 2 MB, at most 1 are read; clear its outputs" in refusal(path)


def test_only_type_text_and_id_are_taken(path):
    """Strange metadata is left behind without a complaint."""
    cells = [
        {
            "cell_type": "code",
            "source": ["a\n", "b"],
            "metadata": {"nbgrader": {"grade_id": "MDN"}, "tags": 3},
        },
        {"cell_type": "markdown", "source": "c", "metadata": ["?"], "attachments": {"x": 1}},
        {"cell_type": "raw", "source": "", "metadata": {"nbgrader": {"grade_id": {}}}},
    ]
    write(path, {"cells": cells, "metadata": {"widgets": {}}, "nbformat": 99})
    assert [(c.index, c.kind, c.source, c.grade_id) for c in read_submission(path)] == [
        (0, "code", "a\nb", "MDN"),
        (1, "markdown", "c", ""),
        (2, "raw", "", ""),
    ]
