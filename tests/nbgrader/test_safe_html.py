"""What students wrote, as HTML in feedback and formgrader."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

from autograder.nbgrader.safe_html import CUT, MAX_ALL, MAX_LINE, SafeHTML, clean, markdown
from autograder.report.html import question_table
from autograder.wire.verdict import CheckResult, QuestionResult

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "<iframe src='http://example.org'></iframe>",
    "<a href='data:text/html,<b>x</b>'>x</a>",
    "<img src='data:image/svg+xml;base64,AAAA'>",
    "<svg onload=alert(1)>",
    "<span style='background: url(javascript:alert(1))'>x</span>",
    "<form action='http://example.org'><button>x</button></form>",
]
LIVE = (
    "<script",
    "<iframe",
    "<svg",
    "<form",
    "<button",
    "onerror=",
    "onload=",
    'href="javascript',
    'href="data',
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_can_run(attack):
    """In Markdown or as HTML, what could run is text or gone."""
    for shown in (markdown(attack), clean(attack)):
        live = shown.replace("&lt;", "").lower()
        tags = live if "<" in shown else ""
        assert not any(word in tags for word in ("<script", "<iframe", "<svg", "<form", "<button"))
        assert 'href="javascript' not in live
        assert 'href="data' not in live
        assert "svg+xml" not in live
        assert "url(" not in live.split(">")[0]


@pytest.mark.parametrize("attack", ["<img src=x onerror=alert(1)>", "<b onclick='alert(1)'>x</b>"])
def test_event_handlers_are_dropped(attack):
    """Tags that may stay lose their handlers."""
    assert "on" not in clean(attack).replace("onclick=&#39;", "").split(">")[0].replace("strong", "")


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("> quoted", "<blockquote>"),
        ("`a < b & c`", "<code>a &lt; b &amp; c</code>"),
        ("$a < b$", "$a &lt; b$"),
        ("| a |\n|---|\n| 1 |", "<td>1</td>"),
        ("**bold**", "<strong>bold</strong>"),
    ],
)
def test_markdown_still_reads_well(source, html):
    """Quotes, code, formulas, tables stay what they are."""
    assert html in markdown(source)


def test_the_autograders_table_survives():
    """Cleaning does not change our own tables, plot included."""
    figure = {"centre": [14.0], "median": [0.1], "tolerance": 0.02}
    checks = (CheckResult("a", "pure", "fail", "m"), CheckResult("b", "unbiased", "fail", "n", figure=figure))
    table = question_table(QuestionResult("loss_fn", "fail", 0, 3, checks=checks))
    assert clean(table).replace("&#39;", "'") == table


def test_outputs_of_other_kinds_are_not_shown():
    """Only text and HTML are ours; JavaScript, SVG and widgets would be a student's."""
    data = {
        "text/plain": "1.0",
        "text/html": "<b>x</b>",
        "application/javascript": "alert(1)",
        "image/svg+xml": "<svg>",
    }
    cell = new_code_cell("", outputs=[new_output("display_data", data=data)])
    cell, _ = SafeHTML().preprocess_cell(cell, {}, 0)
    assert cell.outputs[0].data == {"text/plain": "1.0", "text/html": "<b>x</b>"}


def test_raw_cells_and_attachments():
    """A raw cell is cleaned, an attachment dropped."""
    raw, _ = SafeHTML().preprocess_cell(new_raw_cell("<script>x</script>"), {}, 0)
    assert "<script" not in raw.source
    attached = new_markdown_cell("x", attachments={"a": {"image/svg+xml": "<svg>"}})
    assert "attachments" not in SafeHTML().preprocess_cell(attached, {}, 0)[0]


# Texts that take minutes or hours to format at this length.
BOMBS = ["<div>" * 200_000, "\\begin{a}" * 100_000, "<b>" * 300_000, '[a](b "' * 100_000]


@pytest.mark.parametrize("bomb", BOMBS, ids=["divs", "math", "bold", "links"])
@pytest.mark.parametrize("make", [new_markdown_cell, new_raw_cell])
def test_text_without_end_is_cut(make, bomb):
    """However long, the coordinator is done at once, and nothing of it is HTML."""
    cell, _ = SafeHTML().preprocess_cell(make(bomb), {}, 0)
    shown = markdown(cell.source) if cell.cell_type == "markdown" else cell.source
    assert len(shown) < 10_000
    assert CUT in shown
    assert "<div" not in shown
    assert "<b>" not in shown


def test_code_without_end_is_cut():
    """A long line, or many lines; highlighting either would take minutes."""
    for source in ("." * 300_000, "x = 1\n" * 100_000):
        cell, _ = SafeHTML().preprocess_cell(new_code_cell(source), {}, 0)
        assert cell.cell_type == "code"
        assert len(cell.source) < 2 * MAX_LINE
        assert CUT in cell.source


def test_many_long_cells_are_bounded_together():
    """The first few are formatted; locked cells always are."""
    locked = new_markdown_cell("*given*", metadata={"nbgrader": {"locked": True}})
    cells = [*(new_markdown_cell("*a* " * 4_000) for _ in range(50)), locked]
    notebook, _ = SafeHTML().preprocess(new_notebook(cells=cells), {})
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[:3] == ["markdown"] * 3
    assert kinds[-2:] == ["raw", "markdown"]
    assert sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "markdown") <= MAX_ALL + 7
