"""What the coordinator reads of a sandbox: frames that may come, in their order, and nothing else."""

import os
from contextlib import suppress
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.sandbox.channel import Inbox, MalformedFrame, Outbox, frame, read_given

STAGES = ("cell 0", "cell 1", "question MDN")
ALLOWED = {"outputs": 100, "artifact": 1_000}
GOOD = [
    frame("stage", b"cell 0"),
    frame("stage", b"question MDN"),
    frame("outputs", b"[]"),
    frame("artifact", b"\x00\n" * 50),
    frame("done"),
]


def inbox():
    """A new one."""
    return Inbox(STAGES, ALLOWED)


@settings(deadline=None)
@given(st.lists(st.integers(1, 40), min_size=1))
def test_frames_arrive_whole_however_they_are_cut(sizes):
    """Bytes come in pieces of any size."""
    box, data, size = inbox(), b"".join(GOOD), cycle(sizes)
    while data:
        cut = next(size)
        box.feed(data[:cut])
        data = data[cut:]
    assert (box.stage, box.done) == ("question MDN", True)
    assert box.results == {"outputs": b"[]", "artifact": b"\x00\n" * 50}


@pytest.mark.parametrize(
    ("frames", "says"),
    [
        ([frame("verdict", b"{}")], "no frame"),
        ([b"x" * 64], "no frame"),
        ([b"stage -1\n"], "no frame"),
        ([b"stage 1e3\n"], "no frame"),
        (["stage ²\n".encode()], "no frame"),
        ([b"stage  6\ncell 0"], "no frame"),
        ([frame("outputs", bytes(101))[:20]], "101 bytes of `outputs`, where at most 100 are taken"),
        ([b"artifact 99999999999\n"], "99,999,999,999 bytes"),
        ([frame("outputs"), frame("outputs")], "`outputs` twice"),
        ([frame("done"), frame("stage", b"cell 0")], "after its end"),
        ([frame("stage", b"cell 7")], "out of turn"),
        ([frame("stage", b"cell 1"), frame("stage", b"cell 0")], "out of turn"),
        ([frame("stage", b"cell 0"), frame("stage", b"cell 0")], "out of turn"),
        ([frame("stage", b"\xff\xfe")], "out of turn"),
        ([frame("done", b"")[:-1] + b" \n"], "no frame"),
    ],
)
def test_what_may_not_come_is_refused(frames, says):
    """With a word on what came."""
    box = inbox()
    with pytest.raises(MalformedFrame, match=says):
        box.feed(b"".join(frames))


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes(data):
    """Accepted or refused, never another error; only known results are kept."""
    box = inbox()
    with suppress(MalformedFrame):
        box.feed(data)
    assert set(box.results) <= set(ALLOWED)


@settings(deadline=None)
@given(st.integers(0, 200), st.binary(min_size=1, max_size=3))
def test_damaged_conversations(place, damage):
    """A good conversation with some bytes replaced."""
    data = bytearray(b"".join(GOOD))
    data[place : place + len(damage)] = damage
    box = inbox()
    with suppress(MalformedFrame):
        box.feed(bytes(data))
    assert len(box.results.get("outputs", b"")) <= 100


def test_both_ends_understand_each_other():
    """What an outbox sends an inbox takes, and what is given is read."""
    out, back = os.pipe()
    outbox = Outbox(back)
    outbox.stage("cell 0")
    outbox.send("outputs", b"[1]")
    outbox.done()
    os.close(back)
    box = inbox()
    with os.fdopen(out, "rb") as file:
        box.feed(file.read())
    assert (box.stage, box.results, box.done) == ("cell 0", {"outputs": b"[1]"}, True)


def test_request_that_is_cut_off_is_none():
    """The coordinator died while it asked."""
    for asked in (b"", frame("request", b"abc")[:-1], frame("request", b"abc")):
        out, back = os.pipe()
        os.write(back, asked)
        os.close(back)
        with pytest.raises(EOFError):
            read_given(out)
        os.close(out)
