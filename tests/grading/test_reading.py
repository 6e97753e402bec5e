"""Handed-in files that are no notebooks."""

import json
import os
import resource
import socket
import stat

import pytest

from autograder.grading import reading
from autograder.grading.reading import UnreadableError, read_submission


@pytest.fixture
def path(tmp_path):
    """Where the notebook is expected."""
    path = tmp_path / "submitted" / "ada" / "04_mdn" / "04_mdn.ipynb"
    path.parent.parent.mkdir(parents=True)
    return path


def refusal(path):
    """What the student is told."""
    with pytest.raises(UnreadableError) as caught:
        read_submission(path, within=path.parents[2])
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
    """A link could show another student's file, or the gradebook; so can one that leads nowhere yet."""
    write(tmp_path / "secret.ipynb", {"cells": []})
    path.parent.mkdir()
    for target in (tmp_path / "secret.ipynb", tmp_path / "nowhere"):
        path.unlink(missing_ok=True)
        path.symlink_to(target)
        assert "04_mdn.ipynb is a symbolic link" in refusal(path)


@pytest.mark.parametrize("level", [0, 1])
def test_linked_folders_are_refused(path, tmp_path, level):
    """Nor may the folder of the assignment be a link, nor the student's."""
    other = tmp_path / "other" / "04_mdn" / path.name
    other.parent.parent.mkdir()
    write(other, {"cells": []})
    link = path.parents[level]
    if link.exists():
        link.rmdir()
    link.symlink_to(other.parents[level])
    assert f"{link.name} is a symbolic link" in refusal(path)


def test_own_notebook_may_lie_behind_links(path, tmp_path):
    """Who checks their own notebook has their folders where they like."""
    write(path, {"cells": []})
    (tmp_path / "course").symlink_to(path.parents[1])
    assert read_submission(tmp_path / "course" / "04_mdn" / path.name) == []


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


@pytest.mark.skipif(not hasattr(os, "mknod"), reason="no devices on this system")
def test_a_device_is_no_notebook(path):
    """One that gives bytes for ever."""
    path.parent.mkdir()
    try:
        os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5))  # as /dev/zero
    except PermissionError:
        pytest.skip("only root makes devices")
    assert "not a file" in refusal(path) or "cannot be read" in refusal(path)


def test_a_socket_is_no_notebook(path, monkeypatch):
    """It cannot even be opened."""
    path.parent.mkdir()
    monkeypatch.chdir(path.parent)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path.name)
        assert "cannot be read" in refusal(path)


@pytest.mark.parametrize("bomb", [b"[]," * 1_200_000, b'{"a":' * 1_200_000, b"[[[[" * 300_000])
def test_brackets_are_limited(path, bomb):
    """Lists and objects take memory many times their bytes."""
    write(path, b'{"cells": [' + bomb + b"0]}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "brackets" in refusal(path) or "nested too deeply" in refusal(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB


def test_half_characters_are_refused(path):
    """JSON can say them, no file can hold them: they would stop nbgrader."""
    write(path, b'{"cells": [{"cell_type": "code", "source": "x = \'\\ud800\'"}]}')
    assert "cell 1 of 04_mdn.ipynb has half a character" in refusal(path)


def test_endless_number_is_refused(path):
    """A number of more digits than Python converts."""
    write(path, b'{"cells": [' + b"1" * 10_000 + b"]}")
    assert "no JSON" in refusal(path)


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
    assert [(c.index, c.kind, c.source, c.grade_id) for c in read_submission(path, path.parents[2])] == [
        (0, "code", "a\nb", "MDN"),
        (1, "markdown", "c", ""),
        (2, "raw", "", ""),
    ]
