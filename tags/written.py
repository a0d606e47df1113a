"""A kind of chip as the environment words it, before anybody has judged it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class WrittenProfile:
    """The variables of one profile. Keys are 32 hexadecimal digits by version, the newest first.

    It prints no key.
    """

    name: str
    crypto: str = "aes"
    query: str = "e={picc}&c={mac}"
    window: str = ""
    file_bytes: int = 0
    has_seal_in_file: bool = False
    system_id: str = "746F7563686D61726B"
    meta_keys: tuple[tuple[int, str], ...] = field(default=(), repr=False)
    file_keys: tuple[tuple[int, str], ...] = field(default=(), repr=False)
