"""Where a student's work is."""

from __future__ import annotations

import shutil

from autograder.learning import folder


def test_folder_is_found_from_below(student):
    """The nearest folder above that remembers progress."""
    (student.root / "plots").mkdir()
    assert folder.find(student.root / "plots") == student.root.resolve()
    assert folder.find(student.root.parent) is None


def test_folder_is_found_from_the_one_around_it(student):
    """One level up, too, where there is but one; that level itself is never taken for it."""
    outside = student.root.parent
    assert folder.course_folder(outside) == student.root.resolve()
    second = type(student)(outside / "again")
    assert folder.course_folder(outside) is None
    assert folder.course_folder(second.root) == second.root.resolve()


def test_notebooks_that_came_another_way(student, tmp_path):
    """A folder with notebooks is one, though nothing was remembered there yet."""
    other = tmp_path / "fetched"
    shutil.copytree(student.root, other, ignore=shutil.ignore_patterns(".autograder"))
    assert folder.course_folder(other) == other.resolve()
    (tmp_path / "empty").mkdir()
    assert folder.course_folder(tmp_path / "empty") is None


def test_instructors_private_folder_is_none(tmp_path):
    """A course of nbgrader has a `.autograder` too, with seeds: no student's progress belongs there."""
    (tmp_path / ".autograder").mkdir()
    (tmp_path / ".autograder" / "seeds.json").write_text("{}")
    assert folder.find(tmp_path) is None


def test_notebooks_in_the_order_of_the_course(student):
    """Also one folder down, as nbgrader fetches them; hidden copies do not count."""
    (student.root / "02_regression").mkdir()
    shutil.move(student.notebook(), student.root / "02_regression")
    hidden = student.root / ".ipynb_checkpoints"
    hidden.mkdir()
    shutil.copy(student.notebook("04_mdn"), hidden / "05_epistemic.ipynb")
    assert list(folder.notebooks(student.root)) == ["02_regression", "04_mdn"]
    assert folder.notebooks(hidden.parent)["02_regression"].parent.name == "02_regression"


def test_renamed_notebook_is_known_by_what_it_says(student):
    """A copy under another name still calls `autograder.begin`."""
    copy = student.root / "attempt two.ipynb"
    shutil.copy(student.notebook("04_mdn"), copy)
    assert folder.assignment_of(copy) == "04_mdn"
    (student.root / "mine.ipynb").write_text('{"cells": []}')
    assert folder.assignment_of(student.root / "mine.ipynb") is None
    assert folder.assignment_of(student.root / "not there.ipynb") is None


def test_copies_are_not_remembered(student):
    """What `status` looks at is remembered, and no copy of it: a copy's checks say nothing of the notebook."""
    copy = student.root / "copy.ipynb"
    shutil.copy(student.notebook(), copy)
    assert folder.remembering(student.notebook(), "02_regression") == student.root.resolve()
    assert folder.remembering(copy, "02_regression") is None
    assert folder.remembering(student.root.parent / "02_regression.ipynb", "02_regression") is None
