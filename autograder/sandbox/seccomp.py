"""The system calls that no exercise needs, refused by the kernel: a filter in classic BPF for bwrap's `--seccomp`.

Two kinds are refused. Those that take memory which no process is charged for, and which a watch from outside would not
see (files without a name, System V segments, kernel keys). And those that reach far into the kernel and have let
sandboxes down before (BPF programs, performance counters, io_uring, page faults handled by a program, mounts).
"""

from __future__ import annotations

import errno
import platform
import struct

# Numbers from the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h.
_X86_64 = {
    "add_key": 248,
    "bpf": 321,
    "fsmount": 432,
    "fsopen": 430,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "io_uring_setup": 425,
    "kexec_load": 246,
    "keyctl": 250,
    "memfd_create": 319,
    "memfd_secret": 447,
    "mount": 165,
    "mount_setattr": 442,
    "move_mount": 429,
    "mq_open": 240,
    "msgget": 68,
    "name_to_handle_at": 303,
    "open_by_handle_at": 304,
    "open_tree": 428,
    "perf_event_open": 298,
    "pivot_root": 155,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "ptrace": 101,
    "request_key": 249,
    "semget": 64,
    "setns": 308,
    "shmget": 29,
    "umount2": 166,
    "unshare": 272,
    "userfaultfd": 323,
}
_AARCH64 = {
    "add_key": 217,
    "bpf": 280,
    "fsmount": 432,
    "fsopen": 430,
    "io_uring_enter": 426,
    "io_uring_register": 427,
    "io_uring_setup": 425,
    "kexec_load": 104,
    "keyctl": 219,
    "memfd_create": 279,
    "memfd_secret": 447,
    "mount": 40,
    "mount_setattr": 442,
    "move_mount": 429,
    "mq_open": 180,
    "msgget": 186,
    "name_to_handle_at": 264,
    "open_by_handle_at": 265,
    "open_tree": 428,
    "perf_event_open": 241,
    "pivot_root": 41,
    "process_vm_readv": 270,
    "process_vm_writev": 271,
    "ptrace": 117,
    "request_key": 218,
    "semget": 190,
    "setns": 268,
    "shmget": 194,
    "umount2": 39,
    "unshare": 97,
    "userfaultfd": 282,
}
# AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64 of linux/audit.h.
_MACHINES = {"x86_64": (0xC000003E, _X86_64), "aarch64": (0xC00000B7, _AARCH64)}

# linux/bpf_common.h and linux/seccomp.h.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _KILL_PROCESS, _ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data
_X32 = 0x40000000  # calls of the x32 interface have this bit; they would get past a list of numbers


def refused(machine: str = platform.machine()) -> dict[str, int]:
    """The refused calls and their numbers on this machine; empty where we do not know its numbers."""
    return dict(_MACHINES[machine][1]) if machine in _MACHINES else {}


def program(machine: str = platform.machine()) -> bytes | None:
    """The filter, an array of `struct sock_filter`; None for a machine whose system calls we do not know.

    A refused call fails as if the kernel did not have it, so that programs go on without it.
    """
    if machine not in _MACHINES:
        return None
    architecture, calls = _MACHINES[machine]
    numbers = sorted(set(calls.values()))
    steps = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL_PROCESS),  # 32-bit programs have other numbers
        (_LOAD, 0, 0, _NUMBER),
        (_AT_LEAST, len(numbers) + 1, 0, _X32),
    ]
    steps += [(_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _ERRNO | errno.ENOSYS)]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)
