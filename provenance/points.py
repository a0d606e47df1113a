"""Points of the curve of Ed25519: which 32 bytes may be a public key, or a half of a signature."""

_FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, -1, _FIELD) % _FIELD
_Y = 2**255 - 1  # the bits of an encoded point that are y; the one above is the sign of x
# The y of the eight points of small order (RFC 8032 section 8.9; "Taming the many EdDSAs",
# Chalkias, Garillot and Nikolaenko 2020, table 1). Under such a key OpenSSL accepts signatures
# that nobody made. Their two non-canonical spellings fall to the test y < p.
_SMALL_ORDER = frozenset(
    {
        0,
        1,
        _FIELD - 1,
        0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826,
        0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7,
    }
)


def is_sound(point: bytes) -> bool:
    """Whether 32 bytes are no point of small order and the one encoding of whatever they are."""
    y = int.from_bytes(point, "little") & _Y
    return y < _FIELD and y not in _SMALL_ORDER


def is_on_curve(point: bytes) -> bool:
    """Whether 32 bytes are the encoding of a point at all."""
    # RFC 8032 section 5.1.3: x^2 = (y^2-1)/(dy^2+1) must be a square; Euler's criterion.
    y = int.from_bytes(point, "little") & _Y
    square = (y * y - 1) * (_D * y * y + 1) % _FIELD
    return pow(square, (_FIELD - 1) // 2, _FIELD) == 1
