"""The door that ffmpeg goes through: bounds and no network first, then this process becomes ffmpeg.

Run as `python -m memories.ffmpeg_confined BOUNDS PROGRAM ARGUMENT...` by `ffmpeg.py`. What is
bounded here stays bounded for the program that takes this one's place (setrlimit(2), execve(2)).
"""

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from memories import media_isolation

MEGABYTE = 1024**2
# A failure of the door itself, told apart from ffmpeg's own 1 to 255 by its rarity: EX_OSERR.
DOOR_FAILED = 71


@dataclass(frozen=True)
class Bounds:
    """What one run may take: seconds of clock and of processor, and bytes of memory and output.

    `output_bytes` holds for each file that is written, standard output among them.
    """

    wall_seconds: float = 900.0
    cpu_seconds: int = 1_200
    memory_bytes: int = 1_024 * MEGABYTE
    output_bytes: int = 512 * MEGABYTE


def write_bounds(bounds: Bounds) -> str:
    return json.dumps(asdict(bounds))


def main(bounds: Bounds, program: Sequence[str]) -> int:
    media_isolation.limit_resources(
        memory_bytes=bounds.memory_bytes,
        cpu_seconds=bounds.cpu_seconds,
        output_bytes=bounds.output_bytes,
    )
    media_isolation.leave_network()
    try:
        os.execve(program[0], list(program), dict(os.environ))
    except OSError as problem:
        sys.stderr.write(f"cannot start: {problem.strerror}\n")
        return DOOR_FAILED


if __name__ == "__main__":
    sys.exit(main(Bounds(**json.loads(sys.argv[1])), sys.argv[2:]))
