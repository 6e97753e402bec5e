"""An independent look at artifacts and verdicts, for fuzz_containers.py: zipfile, strict JSON, JSON Schemas."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import jsonschema
import numpy as np

from autograder.wire.artifact import DTYPES, MAX_TEXT

_PLAIN = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]*$"


def _text(limit: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": limit, "pattern": _PLAIN}


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], limit: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "maxItems": limit}


def _words(*words: str) -> dict[str, Any]:
    return {"enum": list(words)}


_LINE = {"anyOf": [{"type": "null"}, {"type": "integer", "minimum": 1, "maximum": 999_999}]}
_COUNT = {"type": "integer", "minimum": 0, "maximum": 1 << 28}
_TYPE = {"shape": _list(_COUNT, 32), "dtype": {"enum": list(DTYPES)}}
_NAME = {"type": "string", "pattern": r"^(arrays|programs)/[0-9a-f]{32}$"}
_MODULE = _object({"stablehlo": _NAME, "kept": _list(_COUNT, 10_000)})
_VERSIONS = {"type": "object", "maxProperties": 50, "additionalProperties": {"type": "string"}}
_VARIANT = _words("own", "stand_in")
_PROGRAM = _object(
    {
        "name": _text(MAX_TEXT),
        "variant": _VARIANT,
        "module": _MODULE,
        "vjp": {"anyOf": [{"type": "null"}, _MODULE]},
        "inputs": _list(_object(_TYPE), 10_000),
        "outputs": _list(_object(_TYPE), 10_000),
        "leaves": _list(_COUNT, 100),
        "trees": _list(_text(200_000), 100),
        "result_tree": _text(200_000),
        "arguments": _list(_object({**_TYPE, "data": _NAME}), 10_000),
        "eager": _list(_object({**_TYPE, "data": _NAME}), 10_000),
    }
)
_FINDING = _object(
    {
        "check": _text(MAX_TEXT),
        "message": _text(MAX_TEXT),
        "line": _LINE,
        "level": _words("fail", "advice"),
        "variant": _VARIANT,
    }
)
_QUESTION = _object(
    {
        "name": _text(MAX_TEXT),
        "status": _words("captured", "missing", "error"),
        "message": _text(MAX_TEXT),
        "line": _LINE,
        "findings": _list(_FINDING, 200),
        "programs": _list(_PROGRAM, 100),
    }
)
MANIFEST = _object(
    {
        "format_version": {"const": 2},
        "assignment": _text(MAX_TEXT),
        "platform": _text(MAX_TEXT),
        "versions": _VERSIONS,
        "questions": _list(_QUESTION, 50),
    }
)
_NUMBER = {"type": "number", "minimum": -1e6, "maximum": 1e6}
_DRAWN = {"anyOf": [{"type": "null"}, _NUMBER]}
_CHECK = _object(
    {
        "name": _text(4_000),
        "family": _words("pure", "jittable", "correct", "unbiased"),
        "status": _words("pass", "fail", "skip"),
        "message": _text(4_000),
        "line": _LINE,
        "title": _text(4_000),
        "figure": {
            "anyOf": [
                {"type": "null"},
                {"type": "object", "additionalProperties": {"anyOf": [_DRAWN, _list(_DRAWN, 200)]}},
            ]
        },
        "advice": _text(4_000),
    }
)
_RESULT = _object(
    {
        "name": _text(4_000),
        "status": _words("pass", "fail", "error", "missing", "manual"),
        "points": {"type": "number", "minimum": 0, "maximum": 1e6},
        "max_points": {"type": "number", "minimum": 0, "maximum": 1e6},
        "message": _text(4_000),
        "line": _LINE,
        "checks": _list(_CHECK, 200),
    }
)
VERDICT = _object(
    {
        "assignment": _text(4_000),
        "questions": _list(_RESULT, 200),
        "error": _text(4_000),
        "versions": _VERSIONS,
    }
)
_MANIFEST_VALIDATOR = jsonschema.Draft202012Validator(MANIFEST)
_VERDICT_VALIDATOR = jsonschema.Draft202012Validator(VERDICT)


def _json(text: str) -> Any:
    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len({key for key, _ in pairs}) == len(pairs), "a key twice"
        return dict(pairs)

    def refuse(word: str) -> Any:
        raise AssertionError(f"{word} is no JSON")

    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


def look_at_artifact(data: bytes) -> None:
    """Raise unless `data` is a plain zip of a manifest and of what it names, each array as long as it says."""
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        names = container.namelist()
        assert len(set(names)) == len(names), "a name twice"
        assert not container.comment
        assert container.testzip() is None
        overhead = sum(30 + 46 + 2 * len(info.filename) + info.file_size for info in container.infolist())
        assert overhead + 22 == len(data), "hidden bytes"
        assert all(
            info.compress_type == zipfile.ZIP_STORED and not info.extra for info in container.infolist()
        )
        manifest = _json(container.read("manifest.json").decode("ascii"))
        _MANIFEST_VALIDATOR.validate(manifest)
        used = {"manifest.json"}
        for program in (program for question in manifest["questions"] for program in question["programs"]):
            assert sum(program["leaves"]) == len(program["inputs"])
            assert not program["arguments"] or [a["shape"] for a in program["arguments"]] == [
                kind["shape"] for kind in program["inputs"]
            ]
            for array in (*program["arguments"], *program["eager"]):
                size = np.dtype(DTYPES[array["dtype"]]).itemsize * int(np.prod(array["shape"], dtype=object))
                assert len(container.read(array["data"])) == size
                used.add(array["data"])
            for module in filter(None, (program["module"], program["vjp"])):
                assert module["kept"] == sorted(set(module["kept"]))
                used.add(module["stablehlo"])
        assert used == set(names), "entries that nothing names"


def look_at_verdict(data: bytes) -> None:
    """Raise unless `data` is JSON of the schema, with points that can be had."""
    raw = _json(data.decode("ascii"))
    _VERDICT_VALIDATOR.validate(raw)
    assert all(result["points"] <= result["max_points"] for result in raw["questions"])
