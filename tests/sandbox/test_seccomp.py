"""The filter of system calls, carried out by a small machine of our own for every processor we know."""

import struct

import pytest

from autograder.sandbox import seccomp

ALLOW, ENOSYS, KILL = 0x7FFF0000, 0x00050000 | 38, 0x80000000
ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ORDINARY = {"x86_64": (0, 1, 56), "aarch64": (63, 64, 220)}  # read, write, clone


def decide(program, number, architecture):
    """What the kernel would do with a call: classic BPF, four instructions of it."""
    steps = [struct.unpack("=HBBI", program[i : i + 8]) for i in range(0, len(program), 8)]
    data = {0: number, 4: architecture}
    place, accumulator = 0, 0
    while True:
        code, if_true, if_false, value = steps[place]
        place += 1
        if code == 0x06:
            return value
        if code == 0x20:
            accumulator = data[value]
        else:
            place += if_true if (accumulator == value if code == 0x15 else accumulator >= value) else if_false


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_what_the_filter_decides(machine):
    """Refused calls do not exist; ordinary ones do; other instruction sets end the process."""
    program, here = seccomp.program(machine), ARCHITECTURES[machine]
    for number in seccomp.refused(machine).values():
        assert decide(program, number, here) == ENOSYS
    for number in ORDINARY[machine]:
        assert decide(program, number, here) == ALLOW
    assert decide(program, 0x40000000, here) == ENOSYS  # the x32 interface
    assert decide(program, 0x40000000 + 319, here) == ENOSYS
    assert decide(program, 11, 0x40000003) == KILL  # i386


def test_both_machines_refuse_the_same():
    """No call is forgotten on one of them."""
    assert seccomp.refused("x86_64").keys() == seccomp.refused("aarch64").keys()


def test_unknown_machine_has_no_filter():
    """Better none than wrong numbers."""
    assert seccomp.program("riscv64") is None
