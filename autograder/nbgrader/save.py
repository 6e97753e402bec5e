"""All grades of a submission at once: a run that is killed leaves all of them or none."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades

from autograder.nbgrader.gradebook import open_gradebook


class SaveGrades(AssignLatePenalties):
    """nbgrader's `SaveAutoGrades` and `AssignLatePenalties`, which save cell by cell, in one transaction."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Save the grades of one notebook."""
        where = resources["nbgrader"]
        self.init_plugin()
        with open_gradebook(where["db_url"]) as gradebook, _one_transaction(gradebook):
            saving = SaveAutoGrades(parent=self)
            saving.gradebook = gradebook
            saving.notebook_id, saving.assignment_id = where["notebook"], where["assignment"]
            saving.student_id = where["student"]
            for index, cell in enumerate(nb.cells):
                saving.preprocess_cell(cell, resources, index)
            self._assign_penalty(gradebook, where)
        return nb, resources

    def _assign_penalty(self, gradebook: Gradebook, where: dict[str, str]) -> None:
        gradebook.db.flush()
        gradebook.db.expire_all()  # the score of a notebook is computed when it is loaded
        submission = gradebook.find_submission(where["assignment"], where["student"])
        notebook = gradebook.find_submission_notebook(
            where["notebook"], where["assignment"], where["student"]
        )
        notebook.late_submission_penalty = None
        if submission.total_seconds_late > 0:
            penalty = self.plugin_inst.late_submission_penalty(
                where["student"], notebook.score, submission.total_seconds_late
            )
            if penalty is not None:
                notebook.late_submission_penalty = self._check_late_penalty(notebook, penalty)


@contextmanager
def _one_transaction(gradebook: Gradebook) -> Iterator[None]:
    """Make every commit of nbgrader's wait for the one at the end."""
    session = gradebook.db
    session.commit = session.flush
    try:
        yield
    except BaseException:
        session.rollback()
        raise
    finally:
        del session.commit
    session.commit()
