"""Shut the door behind the process that opens strangers' pictures: no network, few resources.

Linux gives all of it. Elsewhere what the system lacks is left out, and the answer says so.
"""

import ctypes
import resource
import sys

# linux/sched.h and linux/prctl.h
CLONE_NEWUSER = 0x10000000
CLONE_NEWNET = 0x40000000
PR_SET_NO_NEW_PRIVS = 38

OPEN_FILES = 64
LARGEST_OUTPUT = 32 * 1024**2
ADDRESS_SPACE_BESIDE_DATA = 1024**3


def limit_resources(
    *, memory_bytes: int, cpu_seconds: int, output_bytes: int = LARGEST_OUTPUT
) -> None:
    """Bound what this process may take for the rest of its life; it cannot raise the bounds again.

    Memory is bounded as data (private writable pages, which is what decoding costs); the address
    space is bounded more widely, because shared libraries take much of it and no memory.
    """
    _lower(resource.RLIMIT_DATA, memory_bytes)
    _lower(resource.RLIMIT_AS, memory_bytes + ADDRESS_SPACE_BESIDE_DATA)
    # At the first bound the kernel sends SIGXCPU, which names the cause; at the second SIGKILL.
    _lower(resource.RLIMIT_CPU, cpu_seconds, at_most=cpu_seconds + 1)
    _lower(resource.RLIMIT_FSIZE, output_bytes)
    _lower(resource.RLIMIT_NOFILE, OPEN_FILES)
    _lower(resource.RLIMIT_CORE, 0)


def leave_network() -> bool:
    """Move into an empty network of our own; True when it held.

    Must run before any thread starts, else the kernel refuses (unshare(2), EINVAL). Some
    containers forbid it; then the network of the whole worker must be closed from outside.
    """
    if not sys.platform.startswith("linux"):
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    # A new user namespace also drops every capability a worker run by root would have.
    return any(libc.unshare(door) == 0 for door in (CLONE_NEWUSER | CLONE_NEWNET, CLONE_NEWNET))


def _lower(which: int, bound: int, *, at_most: int | None = None) -> None:
    _, hardest = resource.getrlimit(which)
    if hardest == resource.RLIM_INFINITY:
        hardest = at_most or bound
    hardest = min(hardest, at_most or bound)
    resource.setrlimit(which, (min(bound, hardest), hardest))
