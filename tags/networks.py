"""Which network an address is of: as much of it as may be told apart, and no more."""

import ipaddress
from functools import lru_cache

NARROWEST_V4, NARROWEST_V6 = 24, 48  # bits of a network that a house or an office shares


@lru_cache(maxsize=1024)
def network_of(address: str) -> str:
    """The /24 or /48 around an IP address; "" for text that is none.

    >>> network_of("203.0.113.77"), network_of("2001:db8:7::1")
    ('203.0.113.0/24', '2001:db8:7::/48')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    bits = NARROWEST_V4 if found.version == 4 else NARROWEST_V6
    return str(ipaddress.ip_network((found, bits), strict=False))
