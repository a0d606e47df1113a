"""The addresses a tag carries. They stand on metal: their form is frozen for ever."""

import re

from tags.errors import MalformedLinkError

# An origin and nothing more: a path could not be put into capitals, and a name outside ASCII
# changes when it is (the German sharp s becomes two letters).
_ORIGIN = re.compile(r"https?://[a-z0-9._-]+(:[0-9]{1,5})?", re.IGNORECASE | re.ASCII)


def code_url(site_url: str, code: str) -> str:
    """The address behind a printed or engraved code, in capitals.

    Scheme and host do not mind capitals (RFC 3986 section 3.1 and 3.2.2) and our path does not
    either; in capitals the QR symbol can use its alphanumeric mode and becomes one version
    smaller. `site_url` is an origin such as `https://touchmark.example`, `code` a code as
    `read_code` gives it. Raises MalformedLinkError when `site_url` is anything else.

    >>> code_url("https://touchmark.example", "K7QM2XRA9FT88")
    'HTTPS://TOUCHMARK.EXAMPLE/T/K7QM2XRA9FT88'
    """
    return f"{_origin(site_url).upper()}/T/{code}"


def static_url(site_url: str, code: str) -> str:
    """The address in a plain NFC tag: phones open one only where its scheme is in small letters.

    Raises MalformedLinkError as `code_url` does.

    >>> static_url("https://touchmark.example", "K7QM2XRA9FT88")
    'https://touchmark.example/t/K7QM2XRA9FT88'
    """
    return f"{_origin(site_url)}/t/{code}"


def code_in(site_url: str, link: str) -> str:
    """The code in an address that `code_url` wrote, however a phone spells it.

    Raises MalformedLinkError when it is no address of a code of this site.

    >>> code_in("https://touchmark.example", "https://touchmark.example/t/K7QM2XRA9FT88")
    'K7QM2XRA9FT88'
    """
    return _behind(site_url, "/t/", link)


def tap_in(site_url: str, link: str) -> tuple[str, str]:
    """The name of the profile and the raw query in the address that a chip completed.

    Raises MalformedLinkError when it is no address of a tap of this site.

    >>> tap_in("https://touchmark.example", "https://touchmark.example/s/ring?e=00&c=11")
    ('ring', 'e=00&c=11')
    """
    profile, _, query = _behind(site_url, "/s/", link).partition("?")
    return profile, query.partition("#")[0]


def _behind(site_url: str, path: str, link: str) -> str:
    start = f"{_origin(site_url)}{path}"
    if link[: len(start)].lower() != start.lower():
        raise MalformedLinkError("this is no address of a tag of this site")
    return link[len(start) :]


def short_address(site_url: str) -> str:
    """The site as people say and type it: no scheme, small letters.

    >>> short_address("https://touchmark.example")
    'touchmark.example'
    """
    return _origin(site_url).lower().partition("://")[2]


def _origin(site_url: str) -> str:
    origin = site_url.removesuffix("/")
    if not _ORIGIN.fullmatch(origin):
        raise MalformedLinkError("a tag needs a plain site address, such as https://example.org")
    return origin
