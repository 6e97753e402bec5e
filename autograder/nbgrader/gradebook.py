"""What we do to nbgrader's gradebook beside its own preprocessors."""

from __future__ import annotations

from collections.abc import Mapping

from nbgrader.api import Gradebook, MissingEntry


def forget(database: str, assignment: str, student: str) -> None:
    """Forget the automatic grades of a submission, so that none of an earlier run can stand for a failed one.

    They count as still to be graded until they are set again. What a person marked by hand stays.
    """
    with Gradebook(database) as gradebook:
        try:
            submission = gradebook.find_submission(assignment, student)
        except MissingEntry:
            return
        for notebook in submission.notebooks:
            for grade in notebook.grades:
                grade.auto_score = None
                grade.needs_manual_grade = True
        gradebook.db.commit()


def checksums(database: str, assignment: str) -> Mapping[str, str]:
    """The cells of an assignment that the gradebook knows, with their checksums; empty if it knows none."""
    with Gradebook(database) as gradebook:
        try:
            notebook = gradebook.find_notebook(assignment, assignment)
        except MissingEntry:
            return {}
        return {cell.name: cell.checksum for cell in notebook.source_cells}
