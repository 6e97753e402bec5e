"""What attacks gain from `autograder grade` in its sandbox, and from nbgrader as it comes, in one run: the table.

    python benchmarks/attacks.py [--only NAME …] [--jobs N] [--write]

Every attack of `tests/submissions/*/hostile/` and `tests/nbgrader/built_attacks.py` is handed in twice: to a course
of ours, all of them in one class with an honest student, and to a stock nbgrader course with the same assignment, each
to a fresh copy of it. Points are compared with those that the header of the attack says it deserves. Attacks that would
hang or flood a machine without a sandbox are not tried on stock nbgrader. `--write` puts the table into
docs/security.md; nothing else is written.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT / "tests" / "nbgrader"))

from attack_list import ATTACKS, Attack  # noqa: E402
from attacked import attacked  # noqa: E402
from stock_course import ASSIGNMENT, LEFT_OUT, Outcome, StockCourse  # noqa: E402
from trap import Trap  # noqa: E402

from autograder.exercises import assignment  # noqa: E402
from autograder.wire.plain_text import plain, shorten  # noqa: E402

DOCUMENT = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- benchmarks/attacks.py writes what follows -->", "<!-- up to here -->"


@dataclass(frozen=True)
class Row:
    """One attack: the points that it deserves, what each grader gives, and the harm that it does."""

    attack: Attack
    deserved: float
    ours: Outcome
    stock: Outcome | str

    @property
    def gained(self) -> float:
        """Points from ours beyond what is deserved."""
        return round((self.ours.points or 0.0) - self.deserved, 4)

    @property
    def gained_from_stock(self) -> float:
        """Points from stock nbgrader beyond what is deserved; 0 where it was not tried."""
        points = 0.0 if isinstance(self.stock, str) else self.stock.points or 0.0
        return round(max(points - self.deserved, 0.0), 4)

    def cells(self) -> Iterator[str]:
        """The row of the table."""
        yield from (f"`{self.attack.name}`", self.attack.kind, self.attack.story, f"{self.deserved:g}")
        yield from (f"{self.gained:+g}" if self.gained else "0", "; ".join(self.ours.harm) or "none")
        if isinstance(self.stock, str):
            yield from ("–", f"not tried: {self.stock}")
        else:
            points = "no grade" if self.stock.points is None else f"{self.stock.points:g}"
            yield from (points, "; ".join(self.stock.harm) or "none")


def grade_by_us(attacks: Sequence[Attack], root: Path, jobs: int) -> tuple[dict[str, Outcome], list[str]]:
    """The outcome of each attack, and what happened to the rest of the class."""
    trap = Trap(root)
    trap.lay()
    with trap.listening():
        trap.hand_in_honestly("honest", ASSIGNMENT)
        graded, harm = attacked(trap, attacks, jobs)
    return {
        attack.name: Outcome(graded.runs[attack.name]["score"], tuple(harm.get(attack.name, ())))
        for attack in attacks
    }, harm.get("the class", [])


def grade_by_stock(attacks: Sequence[Attack], root: Path, jobs: int) -> dict[str, Outcome | str]:
    """The outcome of each attack, or why it was not tried."""
    outcomes: dict[str, Outcome | str] = {}
    for attack in attacks:
        if attack.name in LEFT_OUT:
            outcomes[attack.name] = LEFT_OUT[attack.name]
        elif attack.assignment != ASSIGNMENT:
            outcomes[attack.name] = "nbgrader has no such check"
    tried = [attack for attack in attacks if attack.name not in outcomes]
    course = StockCourse(root)
    with ThreadPoolExecutor(jobs) as pool:
        for attack, outcome in zip(tried, pool.map(course.grade, tried), strict=True):
            outcomes[attack.name] = outcome
            print(f"  {attack.name}: {outcome.points}", file=sys.stderr)
    return outcomes


def deserved(attack: Attack) -> float:
    """The points of the same notebook without the attack, as its header says."""
    questions = assignment(attack.assignment).automatic
    return sum(attack.submission.expected(question.name).points or 0.0 for question in questions)


def table(rows: Sequence[Row], others: Sequence[str]) -> str:
    """The section of docs/security.md."""
    stock = [row for row in rows if not isinstance(row.stock, str)]
    harmful = [row for row in stock if row.stock.harm]
    lines = [
        f"{len(rows)} attacks. Ours: {sum(row.gained > 0 for row in rows)} gain points, "
        f"{sum(bool(row.ours.harm) for row in rows)} do harm"
        f"{', and the class: ' + '; '.join(others) if others else ', none to the class'}. "
        f"nbgrader {version('nbgrader')} as it comes, of {len(stock)} tried: "
        f"{sum(row.gained_from_stock > 0 for row in stock)} gain points, {len(harmful)} do harm.",
        "",
        "| attack | kind | what it tries | points deserved | gained | harm | stock: points | stock: harm |",
        "|---|---|---|---|---|---|---|---|",
        *("| " + " | ".join(_cell(cell) for cell in row.cells()) + " |" for row in rows),
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    """Text of an attacker for a document: no control characters, no places of this machine, not too long."""
    for place, name in ((str(ROOT), "checkout"), (sys.prefix, "environment"), (tempfile.gettempdir(), "")):
        text = text.replace(place, name)
    return shorten(" ".join(plain(text).replace("|", "\\|").split()), 250)


def write(text: str) -> None:
    """Put the table into the document, at its marks."""
    document = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = document.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise SystemExit(f"{DOCUMENT.name} has no section to write to: `{BEGIN}` … `{END}`")
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main(names: Sequence[str], jobs: int, save: bool) -> None:
    """Print the table."""
    attacks = [ATTACKS[name] for name in names] if names else list(ATTACKS.values())
    attacks.sort(key=lambda attack: (attack.kind, attack.name))
    with tempfile.TemporaryDirectory(prefix="attacks-") as folder:
        print(f"{len(attacks)} attacks, graded by us", file=sys.stderr)
        ours, others = grade_by_us(attacks, Path(folder, "ours"), jobs)
        print("graded by nbgrader as it comes", file=sys.stderr)
        stock = grade_by_stock(attacks, Path(folder, "stock"), jobs)
    rows = [Row(attack, deserved(attack), ours[attack.name], stock[attack.name]) for attack in attacks]
    text = table(rows, others)
    print(text)
    if save:
        write(text)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these attacks alone")
    parser.add_argument("--jobs", type=int, default=2, help="submissions graded at a time")
    parser.add_argument("--write", action="store_true", help="put the table into docs/security.md")
    options = parser.parse_args()
    if unknown := set(options.only) - set(ATTACKS):
        parser.error(f"no such attack: {', '.join(sorted(unknown))}; there are {', '.join(sorted(ATTACKS))}")
    if options.only and options.write:
        parser.error("--write is for the whole table")
    main(options.only, options.jobs, options.write)
