"""A student's notebook in JupyterLab, in a real browser.

Needs Chromium and the Python package `playwright` (its driver alone, no browser of its own); skipped without them.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from autograder.learning import folder, progress

sync_api = pytest.importorskip("playwright.sync_api", reason="needs `pip install playwright`")
pytest.importorskip("jupyterlab", reason="needs JupyterLab")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, e.g. `apt-get install chromium`"),
]

RELEASE = Path(__file__).parents[2] / "release" / "02_regression" / "02_regression.ipynb"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NETWORK = """class MLP(nn.Module):
    @nn.compact
    def __call__(self, x):
        return nn.Dense(1)(nn.relu(nn.Dense(32)(x)))
"""
PATIENCE = 120  # seconds; a notebook that works needs a tenth of it


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab whose folder holds the notebook as it is given out."""
    work = tmp_path / "student"
    work.mkdir()
    shutil.copy(RELEASE, work)
    folder.make(work)  # as `autograder start` does
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        name: str(tmp_path / name.lower())
        for name in (
            "JUPYTER_CONFIG_DIR",
            "JUPYTER_DATA_DIR",
            "JUPYTERLAB_SETTINGS_DIR",
            "JUPYTERLAB_WORKSPACES_DIR",
        )
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"]
    options = ["--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={work}"]
    with (tmp_path / "lab.log").open("wb") as log:
        server = subprocess.Popen(
            [*command, *options, "--ServerApp.port_retries=0", "--LabApp.expose_app_in_browser=True"],
            env=os.environ | own,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield _once_up(f"http://127.0.0.1:{port}", server, tmp_path / "lab.log")
    finally:
        server.terminate()  # its kernels end with it
        server.wait(timeout=30)


def _once_up(address, server, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/api", timeout=5).close()
        except OSError:
            time.sleep(0.3)
        else:
            return address
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(errors='replace')[-2000:]}")


@pytest.fixture
def page(lab, tmp_path):
    """The notebook, open in a browser, with its kernel ready."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(
            str(tmp_path / "browser"), executable_path=CHROMIUM, headless=True, args=FLAGS
        )
        page = browser.pages[0]
        page.set_default_timeout(PATIENCE * 1000)
        page.goto(f"{lab}/lab/tree/{RELEASE.name}?reset")
        page.wait_for_function(
            "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        )
        yield page
        browser.close()


def run(page, cell, source=None):
    """Run the cell with this nbgrader id, `source` put in before; returns it as it is shown, once it has run."""
    index = page.evaluate(
        """([id, source]) => {
            const cells = [...window.jupyterapp.shell.currentWidget.content.model.cells];
            const index = cells.findIndex((cell) => cell.getMetadata("nbgrader")?.grade_id === id);
            if (source) cells[index].sharedModel.setSource(source);
            return index;
        }""",
        [cell, source],
    )
    page.evaluate(
        """async (index) => {
            const notebook = window.jupyterapp.shell.currentWidget.content;
            notebook.activeCellIndex = index;
            await notebook.scrollToItem(index);
            await window.jupyterapp.commands.execute("notebook:run-cell");
        }""",
        index,
    )
    return page.locator(f'.jp-Notebook [data-windowed-list-index="{index}"]')


def test_student_sees_what_is_missing_and_then_the_points(page):
    """The stub is named, the cell below says what it waits for, and an answer brings all points."""
    run(page, "setup")
    run(page, "MLP")
    assert "0 of 3 points, no answer yet" in run(page, "check-MLP").inner_text()

    waiting = run(page, "init").locator(".jp-OutputArea-output").inner_text().strip()
    assert waiting.startswith("Waiting: this cell waits for your `MLP`. Task MLP: ")
    assert "Traceback" not in waiting

    run(page, "MLP", NETWORK)
    table = run(page, "check-MLP").locator(".jp-OutputArea-output")
    assert "3 of 3 points, all passed" in table.inner_text()
    assert table.locator("table tr").count() > 10


def test_failed_check_leads_to_its_section(page, tmp_path):
    """The link in the table scrolls to the section's heading, the hint has it too, and both are remembered."""
    run(page, "setup")
    # Asked far below, so that the heading is out of sight.
    link = run(page, "bias-table", 'autograder.check("loss_fn")').get_by_role(
        "link", name="The loss", exact=True
    )
    link.wait_for()
    heading = page.locator("h2").filter(has_text="The loss").first
    assert not _in_sight(page, heading)
    link.click()
    page.wait_for_timeout(1000)  # it scrolls
    assert _in_sight(page, heading)

    run(page, "setup", 'autograder.hint("loss_fn")').locator("li").first.wait_for()
    record = progress.load(tmp_path / "student")["02_regression/loss_fn"]
    assert (record.status, record.hints) == ("missing", 1)


def _in_sight(page, element):
    box = element.bounding_box()
    return box is not None and 0 <= box["y"] < page.viewport_size["height"]
