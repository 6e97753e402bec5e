"""Hints, one more at each call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from autograder.exercises import UnknownQuestion, assignment
from autograder.learning import progress, solutions
from autograder.learning.hints import next_hint, remembered_hint
from autograder.learning.names import resolve
from autograder.learning.outline import outline
from autograder.learning.progress import Record
from autograder.report.hint import hint_html, hint_text

HINTS = assignment("04_mdn")["MDN"].hints


def test_one_more_each_time(student):
    """First the first alone, then both, then all three; then that there are no more."""
    there = outline("04_mdn")
    given = [remembered_hint(student.root, there, there["MDN"])[0] for _ in range(5)]
    assert [hint.shown for hint in given] == [HINTS[:1], HINTS[:2], HINTS[:3], HINTS, HINTS]
    assert [hint.exhausted for hint in given] == [False, False, False, True, True]


def test_text_tells_which_and_where_and_what_next():
    """The number, the section, and what to type for the next; after the last, where the solution is."""
    hint, record = next_hint("04_mdn", "MDN", Record(), passes=False)
    text = hint_text(hint, "autograder hint 04_mdn/MDN")
    assert "hint 1 of 3" in text
    assert HINTS[0] in text
    assert HINTS[1] not in text
    assert "“A network that returns a distribution” of 04_mdn.ipynb" in text
    assert "One more: autograder hint 04_mdn/MDN" in text
    last, record = next_hint("04_mdn", "MDN", replace(record, hints=2), passes=False)
    assert "That was the last one" in hint_text(last, "…")
    assert "autograder solution 04_mdn/MDN --give-up" in hint_text(last, "…")
    assert "you have seen all 3 hints" in hint_text(next_hint("04_mdn", "MDN", record, False)[0], "…")


def test_html_links_to_the_section():
    """In a notebook the section is a link within it."""
    hint, _ = next_hint("02_regression", "loss_fn", Record(), passes=False)
    html = hint_html(hint, 'autograder.hint("loss_fn")')
    assert '<a href="#The-loss">The loss</a>' in html
    assert "<code>autograder.hint(&quot;loss_fn&quot;)</code>" in html
    assert html.count("<li>") == 1


def test_answer_that_passes_needs_no_hint_unless_one_insists(student):
    """It is said that it passes; who asks again gets the hint all the same, and so on."""
    there = outline("04_mdn")
    passed = progress.checked(_passed(), {"MDN": student.answers("04_mdn").fingerprint("MDN")})
    progress.update(student.root, passed)
    given = [remembered_hint(student.root, there, there["MDN"])[0] for _ in range(3)]
    assert [(hint.done, len(hint.shown)) for hint in given] == [(True, 0), (False, 1), (False, 2)]
    assert "passes already" in hint_text(given[0], "…")


def test_pass_of_an_earlier_answer_does_not_count(student):
    """An answer that has changed since may well need a hint."""
    there = outline("04_mdn")
    progress.update(student.root, progress.checked(_passed(), {"MDN": "another"}))
    assert remembered_hint(student.root, there, there["MDN"])[0].shown == HINTS[:1]


def test_read_only_folder_still_gives_hints(student):
    """Where nothing can be remembered the hint is given, and the caller knows."""
    (student.root / progress.PLACE).write_text('{"format_version": 99}')
    there = outline("04_mdn")
    hint, remembered = remembered_hint(student.root, there, there["MDN"])
    assert (hint.shown, remembered) == (HINTS[:1], False)


@pytest.mark.parametrize(
    ("text", "within", "key"),
    [
        ("MDN", None, "04_mdn/MDN"),
        ("04_mdn/loss_fn", None, "04_mdn/loss_fn"),
        ("loss_fn", "02_regression", "02_regression/loss_fn"),
        ("04_mdn/loss_fn", "04_mdn", "04_mdn/loss_fn"),
    ],
)
def test_names(text, within, key):
    """A name alone, with its assignment before a slash, or beside it."""
    there, task = resolve(text, within)
    assert f"{there.assignment}/{task.name}" == key


@pytest.mark.parametrize(
    ("text", "within", "says"),
    [
        ("loss_fn", None, "write `02_regression/loss_fn`.* or `04_mdn/loss_fn`"),
        ("mdm", None, "did you mean `MDN`"),
        ("MDN", "04_mnd", "no assignment `04_mnd` .did you mean `04_mdn`"),
        ("update", "04_mdn", "There are: 04_mdn: MDN, loss_fn"),
        ("02_regression/loss_fn", "04_mdn", "name the assignment once"),
        ("", None, "no question ``"),
    ],
)
def test_wrong_names_say_what_is_right(text, within, says):
    """Twice used, misspelt, in another assignment: the message says what to write."""
    with pytest.raises(UnknownQuestion, match=says):
        resolve(text, within)


def test_solution_is_the_reference_without_markers():
    """The answer as a student would write it, and the section's prose up to it."""
    found = solutions.solution("04_mdn", "loss_fn", "The loss is a likelihood")
    assert found.is_code
    assert "return -jnp.mean(q.log_prob(y[:, 0]))" in found.text
    assert "SOLUTION" not in found.text
    assert found.why.startswith("We want")
    assert "Task `loss_fn`" in found.why


def test_written_solution_is_prose():
    """The reference of a written answer is its text."""
    found = solutions.solution("02_regression", "explain_bias", "What is going on?")
    assert not found.is_code
    assert "Bayes" in found.text


def _passed():
    from autograder.wire.verdict import QuestionResult, Verdict

    return Verdict("04_mdn", (QuestionResult("MDN", "pass", 4.0, 4.0),))
