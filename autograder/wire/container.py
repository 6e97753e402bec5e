"""A container of named bytes: a zip without compression, written in one way, and read in that way alone."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from autograder.wire.strict import Malformed

MAX_ENTRIES = 5_000
MAX_NAME = 64
# Any date will do, but always the same; 1980 is the first that a zip can have.
_DATE = (1980, 1, 1, 0, 0, 0)
_LOCAL = struct.Struct("<4s5H3I2H")


def pack(entries: Mapping[str, bytes]) -> bytes:
    """The entries as a zip, each stored as it is: the same entries give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED, allowZip64=False) as container:
        for name, data in entries.items():
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3  # Unix, wherever it is written
            container.writestr(info, data)
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The entries of what `pack` wrote.

    Only the local headers are read, one after the other; that the rest is right is shown by packing again. So entries
    that overlap, hidden ones, comments, prefixes, lies about sizes and names given twice have no way in.

    Raises:
        Malformed: if these are not the bytes that `pack` writes.
    """
    entries: dict[str, bytes] = {}
    place = 0
    while data[place : place + 4] == b"PK\x03\x04" and len(entries) < MAX_ENTRIES:
        name, start, end = _entry(data, place)
        entries[name] = data[start:end]
        place = end
    if pack(entries) != data:
        raise Malformed("the container is not packed as we pack it")
    return entries


def _entry(data: bytes, place: int) -> tuple[str, int, int]:
    """Name, start and end of the entry whose header is at `place`."""
    if len(data) < place + _LOCAL.size:
        raise Malformed("a container that was cut off")
    *_, size, name_size, extra_size = _LOCAL.unpack_from(data, place)
    start = place + _LOCAL.size + name_size + extra_size
    name = data[place + _LOCAL.size : place + _LOCAL.size + name_size]
    if name_size > MAX_NAME or not name.isascii() or start + size > len(data):
        raise Malformed("a container with an entry that it does not hold")
    return name.decode("ascii"), start, start + size
