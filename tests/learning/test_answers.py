"""What is an answer, and when has it changed?"""

from __future__ import annotations

import pytest

from autograder.learning.answers import Answers, names_of
from autograder.learning.outline import outline

LOSS = "def loss_fn(params, x, y):\n    return jnp.mean((model.apply(params, x) - y) ** 2)"
WRONG_LOSS = LOSS.replace("mean", "sum")
NETWORK = "class MLP(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        return nn.Dense(1)(x)"

REGRESSION = outline("02_regression")


def session(**cells):
    """What a kernel knows of the cells that ran."""
    return Answers.of_session(cells, REGRESSION)


def test_outline_is_that_of_the_manifest():
    """Questions, points and who marks them come out of the release as they are in the manifest."""
    from autograder.exercises import assignment

    tasks = [(task.name, task.points, task.manual, task.heading) for task in REGRESSION.tasks]
    manifest = assignment("02_regression").questions
    sections = ["A neural network is a function of its parameters", "The loss", "One step of training"]
    assert [task[:3] for task in tasks] == [(q.name, q.points, q.manual) for q in manifest]
    assert [task[3] for task in tasks[:3]] == sections
    assert REGRESSION.title == "Weighing galaxy clusters with a mean squared error"


def test_release_is_all_open(student):
    """Nobody has answered anything that was just given out, written answers included."""
    answers = student.answers()
    assert all(answers.is_open(task) for task in REGRESSION.tasks)


@pytest.mark.parametrize(
    ("source", "is_open"),
    [
        (LOSS, False),
        (
            'def loss_fn(params, x, y):\n    # raise NotImplementedError("Task loss_fn: …")\n    return 1.0',
            False,
        ),
        ("", True),
        ("# only a note", True),
    ],
)
def test_stub_is_told_from_an_answer(student, source, is_open):
    """A stub that is commented out is none any more; an empty cell is no answer."""
    student.write(loss_fn=source)
    assert student.answers().is_open(REGRESSION["loss_fn"]) == is_open


def test_stub_with_a_note_is_still_open(student):
    """Whoever adds a line above the `raise` has not answered yet."""
    stub = REGRESSION["loss_fn"].stub
    student.write(loss_fn=stub.replace("    # YOUR CODE HERE", "    residual = 1\n    # YOUR CODE HERE"))
    assert student.answers().is_open(REGRESSION["loss_fn"])


def test_written_answer_counts_when_it_is_not_the_stub(student):
    """A written answer is open until its text is replaced."""
    student.write(explain_bias="The prior is steep.")
    assert not student.answers().is_open(REGRESSION["explain_bias"])


def test_fingerprint_follows_the_answer(student):
    """Another answer has another fingerprint; the same one has the same, saved again or not."""
    before = student.answers().fingerprint("loss_fn")
    student.write()
    assert student.answers().fingerprint("loss_fn") == before
    student.write(loss_fn=LOSS)
    assert student.answers().fingerprint("loss_fn") != before


def test_asking_changes_no_answer(student):
    """A hint that is asked for in the answer's own cell, and taken out again."""
    student.write(loss_fn=LOSS)
    before = student.answers().fingerprint("loss_fn")
    student.write(loss_fn=f'{LOSS}\n\nautograder.hint("loss_fn")')
    assert student.answers().fingerprint("loss_fn") == before


def test_fingerprint_of_others_stays(student):
    """Changing one answer changes no other's fingerprint, not even of those that call it."""
    before = student.answers()
    student.write(MLP=NETWORK)
    after = student.answers()
    changed = {t.name for t in REGRESSION.tasks if before.fingerprint(t.name) != after.fingerprint(t.name)}
    assert changed == {"MLP"}


def test_helper_belongs_to_the_answer_that_uses_it(student):
    """A cell of the student's own counts where the answer reaches it, through another helper if need be."""
    uses = LOSS.replace("jnp.mean", "average")
    helpers = "def average(x):\n    return divide(jnp.sum(x), x.size)\n\ndef divide(a, b):\n    return a / b"
    student.write(loss_fn=uses, own=helpers)
    before = student.answers()
    student.write(own="def divide(a, b):\n    return a // b")
    after = student.answers()
    assert before.fingerprint("loss_fn") != after.fingerprint("loss_fn")
    assert before.fingerprint("MLP") == after.fingerprint("MLP")


def test_scratch_cells_change_nothing(student):
    """A plot or a note of one's own is nobody's answer."""
    student.write(loss_fn=LOSS)
    before = student.answers().fingerprint("loss_fn")
    student.write(own="%matplotlib inline\nplt.plot(x, y)")
    assert student.answers().fingerprint("loss_fn") == before


def test_kernel_and_file_agree(student):
    """The fingerprint of what a kernel ran is that of the file, given cells or not."""
    student.write(loss_fn=LOSS, own="half = 0.5")
    setup = next(source for source in REGRESSION.locked if "autograder.begin" in source)
    ran = session(loss_fn=LOSS, setup=setup, random_id="half = 0.5")
    assert ran.fingerprint("loss_fn") == student.answers().fingerprint("loss_fn")


def test_kernel_without_cell_ids():
    """Frontends that give other ids are followed by the names that cells bind."""
    assert session(loss_fn=LOSS).fingerprint("loss_fn") == session(other=LOSS).fingerprint("loss_fn")
    assert session(other=LOSS).fingerprint("loss_fn") != session(other=WRONG_LOSS).fingerprint("loss_fn")


def test_half_written_answer_has_a_fingerprint(student):
    """A syntax error is a change like any other, and says nothing on stderr."""
    before = student.answers().fingerprint("loss_fn")
    student.write(loss_fn="def loss_fn(params, x, y)\n    return")
    assert student.answers().fingerprint("loss_fn") != before


@pytest.mark.filterwarnings("error")
def test_names_of_a_cell():
    """Bound and loaded names, magics and dubious escapes left aside."""
    bound, loaded = names_of('%time x = 1\n!ls\ndef f(a):\n    return a + g("\\d")\nimport jax\nk: int = h')
    assert bound >= {"f", "jax", "k"}
    assert {"g", "h"} <= loaded
    assert "a" not in loaded
