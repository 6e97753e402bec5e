"""What the cells of a notebook showed while they were graded: plain text, little of it, for the feedback alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from autograder.wire import strict
from autograder.wire.plain_text import plain, shorten
from autograder.wire.strict import Malformed

# Outputs of the cells that ran, by their index in the notebook, as nbformat writes outputs.
Outputs = Mapping[int, Sequence[Mapping[str, Any]]]

MAX_TEXT = 20_000
MAX_OF_A_CELL = 20
# All cells together: characters that are kept, and bytes that are read (a character is at most 12 bytes of JSON).
MAX_CHARACTERS = 300_000
MAX_BYTES = 12 * MAX_CHARACTERS + 1_000_000
MAX_INDEX = 100_000
_STREAMS = ("stdout", "stderr")
_CUT = "\n… cut off here\n"


def stream(name: str, text: str) -> dict[str, Any]:
    """What was written to "stdout" or "stderr"."""
    text = plain(text[: 2 * MAX_TEXT])
    kept = text if len(text) <= MAX_TEXT else text[: MAX_TEXT - len(_CUT)] + _CUT
    return {"output_type": "stream", "name": name, "text": kept}


def error(name: str, message: str) -> dict[str, Any]:
    """What was raised."""
    shown = shorten(plain(message), MAX_TEXT)
    return {
        "output_type": "error",
        "ename": shorten(plain(name), 200),
        "evalue": shown,
        "traceback": [shown],
    }


def dumps(outputs: Outputs) -> bytes:
    """The outputs as JSON; once there are too many, those of later cells are left out."""
    kept, characters = [], 0
    for index, of_cell in outputs.items():
        characters += sum(len(text) for output in of_cell for text in _texts(output))
        if characters > MAX_CHARACTERS:
            break
        kept.append({"cell": index, "outputs": list(of_cell)})
    return strict.dumps(kept).encode("ascii")


def loads(data: bytes, cells: Collection[int]) -> Outputs:
    """Read what `dumps` wrote about these cells, trusting nothing.

    Raises:
        Malformed: if anything is not as `dumps` writes it.
    """
    if len(data) > MAX_BYTES or not data.isascii():
        raise Malformed(f"expected at most {MAX_BYTES} bytes of ASCII")
    read = strict.items(strict.loads(data.decode("ascii")), len(cells), _read_cell)
    strict.distinct([index for index, _ in read], "a cell")
    if not {index for index, _ in read} <= set(cells):
        raise Malformed("outputs of a cell that did not run")
    return dict(read)


def _read_cell(raw: Any) -> tuple[int, Sequence[Mapping[str, Any]]]:
    strict.fields(raw, {"cell", "outputs"})
    return strict.count(raw["cell"], MAX_INDEX), strict.items(raw["outputs"], MAX_OF_A_CELL, _read_output)


def _read_output(raw: Any) -> dict[str, Any]:
    if isinstance(raw, dict) and raw.get("output_type") == "stream":
        strict.fields(raw, {"output_type", "name", "text"})
        strict.word(raw["name"], _STREAMS)
        strict.text(raw["text"], MAX_TEXT)
    else:
        strict.fields(raw, {"output_type", "ename", "evalue", "traceback"})
        strict.word(raw["output_type"], ("error",))
        strict.text(raw["ename"], 200)
        strict.text(raw["evalue"], MAX_TEXT)
        strict.items(raw["traceback"], 200, lambda line: strict.text(line, MAX_TEXT))
    return dict(raw)


def _texts(output: Mapping[str, Any]) -> list[str]:
    return [value for value in output.values() if isinstance(value, str)] + list(output.get("traceback", ()))
