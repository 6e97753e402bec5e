"""Mutations of artifacts and verdicts, for fuzz_containers.py: bytes, values, spelling, packing."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

from autograder.wire.container import pack

Random = random.Random

HOSTILE: list[Any] = [
    *(None, True, False, 0, -1, 1, 2, 2**31, 2**63, 2**64, 10**30, 1.5, -0.0, 1e300),
    *(
        "",
        "own",
        "fail",
        "captured",
        "pass",
        "../../etc/passwd",
        "manifest.json",
        "\x1b[2J",
        "\x00",
        "\ud800",
    ),
    *(
        "\u202e",
        "x" * 5_000,
        "é",
        "=cmd()",
        "<script>",
        [],
        {},
        [[]],
        [None] * 300,
        {"a": 1},
        [0, 0],
        "float32",
    ),
]
SPELLINGS = [
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "-0",
    "01",
    "1.",
    "0x1",
    "'a'",
    "\t1",
    "9" * 5_000,
    '"\\u0041"',
]


def byte_changes(data: bytes, random: Random) -> bytes:
    """A few bytes flipped, set, put in, left out, doubled or cut off."""
    raw = bytearray(data)
    for _ in range(random.choice((1, 1, 1, 2, 4, 16))):
        if not raw:
            break
        at, size = random.randrange(len(raw)), random.choice((1, 2, 4, 16, 200))
        what = random.randrange(7)
        if what == 0:
            raw[at] ^= 1 << random.randrange(8)
        elif what == 1:
            raw[at : at + size] = random.randbytes(size)
        elif what == 2:
            raw[at:at] = random.randbytes(size)
        elif what == 3:
            del raw[at : at + size]
        elif what == 4:
            raw[at:at] = raw[at : at + size]
        elif what == 5:
            raw[at : at + 4] = random.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\x7f\xff\xff\xff"))
        else:
            del raw[at:]
    return bytes(raw)


def places(tree: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths to every value in a JSON tree."""
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    return [path, *(place for key, value in items for place in places(value, (*path, key)))]


def value_change(tree: Any, random: Random) -> Any:
    """A JSON tree with something in it replaced, left out, put in, doubled or exchanged."""
    tree = json.loads(json.dumps(tree))
    all_places = places(tree)
    for _ in range(random.choice((1, 1, 2, 3))):
        path = random.choice(all_places)
        if not path:
            return random.choice(HOSTILE)
        inner = tree
        try:
            for key in path[:-1]:
                inner = inner[key]
            what = random.randrange(5)
            if what == 0:
                inner[path[-1]] = random.choice(HOSTILE)
            elif what == 1:
                del inner[path[-1]]
            elif what == 2 and isinstance(inner, list):
                inner.insert(path[-1], inner[path[-1]])
            elif what == 2:
                inner[random.choice(("bonus", "points", "__class__", ""))] = random.choice(HOSTILE)
            elif (
                what == 3
                and isinstance(inner[path[-1]], int | float)
                and not isinstance(inner[path[-1]], bool)
            ):
                inner[path[-1]] += random.choice((-1, 1, 0.5))
            else:
                other = tree
                for key in random.choice(all_places):
                    other = other[key]
                inner[path[-1]] = json.loads(json.dumps(other))
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took this place away
    return tree


def spelling_change(text: str, random: Random) -> str:
    """The same or nearly the same JSON, written in another way."""
    what = random.randrange(6)
    spots = [i for i, letter in enumerate(text) if letter in ':,[{}]"']
    at = random.choice(spots)
    if what == 0:
        return text[:at] + random.choice((" ", "\n", "\t", "\ufeff")) + text[at:]
    if what == 1:  # a key twice
        key = random.choice(('"line": 1, ', '"name": "x", ', '"points": 3.0, ', '"assignment": "04_mdn", '))
        return text.replace("{", "{" + key, 1) if random.random() < 0.5 else text[:at] + key + text[at:]
    if what == 2:
        return text.replace(
            random.choice((": 1", ": 3", ": null", "0.0", '"own"')), ": " + random.choice(SPELLINGS), 1
        )
    if what == 3:
        letter = random.randrange(len(text))
        return f"{text[:letter]}\\u{ord(text[letter]):04x}{text[letter + 1 :]}"
    if what == 4:
        depth = random.choice((10, 500, 5_000, 50_000))
        return text.replace("null", "[" * depth + "]" * depth, 1)
    return text + random.choice((" ", "\n", "{}", "\0", text))


def _held(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as container:
        return {name: container.read(name) for name in container.namelist()}


def manifest_value(data: bytes, random: Random) -> bytes:
    """Another value in the manifest, packed and written as we do."""
    held = _held(data)
    changed = value_change(json.loads(held["manifest.json"]), random)
    return pack(held | {"manifest.json": json.dumps(changed).encode()})


def manifest_spelling(data: bytes, random: Random) -> bytes:
    """The manifest in another spelling, packed as we do."""
    held = _held(data)
    changed = spelling_change(held["manifest.json"].decode(), random).encode("utf-8", "surrogatepass")
    return pack(held | {"manifest.json": changed})


def packed_otherwise(data: bytes, random: Random) -> bytes:
    """The same entries in another zip: compressed, doubled, renamed, commented, in another order, with a prefix."""
    held, buffer, what = list(_held(data).items()), io.BytesIO(), random.randrange(9)
    if what == 0:
        random.shuffle(held)
    method = random.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)) if what == 1 else zipfile.ZIP_STORED
    with zipfile.ZipFile(buffer, "w", method) as container:
        for name, content in held:
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0) if what != 2 else (2024, 1, 1, 0, 0, 0))
            info.external_attr = 0o777 << 16 if what == 3 else 0o600 << 16
            info.extra = b"\x01\x00\x04\x00abcd" if what == 4 else b""
            container.writestr(info, content, method)
        if what == 5:
            container.comment = random.randbytes(random.choice((1, 60_000)))
        if what == 6:
            container.writestr(random.choice(("extra", "arrays/" + "0" * 32, "../up", "/etc/passwd")), b"")
        if what == 7:
            container.mkdir("arrays")
    packed = buffer.getvalue()
    return random.randbytes(random.choice((1, 4, 1_000))) + packed if what == 8 else packed


def entry_change(data: bytes, random: Random) -> bytes:
    """The bytes of an array or a module changed, under the old name or none."""
    held = _held(data)
    name = random.choice([name for name in held if name != "manifest.json"])
    what = random.randrange(4)
    if what == 0:
        del held[name]
    elif what == 1:
        held[name] = byte_changes(held[name], random)
    elif what == 2:
        held["arrays/" + "f" * 32] = held.pop(name)
    else:
        held[name] = held[name] * random.choice((0, 2, 1_000))
    return pack(held)


def verdict_value(data: bytes, random: Random) -> bytes:
    """Another value in the verdict, written as we do."""
    return json.dumps(value_change(json.loads(data), random)).encode()


def verdict_spelling(data: bytes, random: Random) -> bytes:
    """The verdict in another spelling."""
    return spelling_change(data.decode(), random).encode("utf-8", "surrogatepass")


Mutation = Callable[[bytes, Random], bytes]
ARTIFACTS: dict[str, Mutation] = {
    "bytes": byte_changes,
    "values of the manifest": manifest_value,
    "spelling of the manifest": manifest_spelling,
    "packing": packed_otherwise,
    "arrays and modules": entry_change,
}
VERDICTS: dict[str, Mutation] = {
    "bytes": byte_changes,
    "values": verdict_value,
    "spelling": verdict_spelling,
}
