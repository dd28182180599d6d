"""Photos as they may be kept: JPEG or PNG, small, without what the phone wrote into them (place); pure."""

import re

from core.errors import Invalid

LARGEST = 1_400_000
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"iCCP", b"pHYs"}
)
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]", re.DOTALL)
_APP_FIRST, _APP_LAST, _ADOBE, _COMMENT = 0xE1, 0xEF, 0xEE, 0xFE
_HEAD = 4


def clean(photo: bytes) -> tuple[bytes, str]:
    """Return a photo without its notes, and its media type; raise Invalid when it is none of ours."""
    if len(photo) > LARGEST:
        raise _wrong("too_large")
    if photo.startswith(_PNG):
        return _clean_png(photo), "image/png"
    if photo[:2] == bytes((0xFF, _START)):
        return _clean_jpeg(photo), "image/jpeg"
    raise _wrong("no_photo")


def _wrong(code: str) -> Invalid:
    return Invalid(f"photo: {code}", [{"field": "photo", "code": code}])


def _clean_jpeg(photo: bytes) -> bytes:
    """Drop segments of applications and comments (EXIF, XMP, maker notes), and what follows the end."""
    kept, at, has_scan = [photo[:2]], 2, False
    while at + 2 <= len(photo) and photo[at] == 0xFF:  # noqa: PLR2004 - every marker begins so
        kind = photo[at + 1]
        if kind == _END and has_scan:
            return b"".join([*kept, photo[at : at + 2]])
        end = at + 2 + int.from_bytes(photo[at + 2 : at + 4])
        if end < at + _HEAD:
            break
        if kind == _SCAN:
            has_scan, marker = True, _MARKER.search(photo, end)
            end = marker.start() if marker else len(photo)
        if not (_APP_FIRST <= kind <= _APP_LAST and kind != _ADOBE) and kind != _COMMENT:
            kept.append(photo[at:end])
        at = end
    raise _wrong("no_photo")


def _clean_png(photo: bytes) -> bytes:
    """Keep only the chunks that make the picture."""
    kept, at = [_PNG], len(_PNG)
    while at + 12 <= len(photo):
        end = at + 12 + int.from_bytes(photo[at : at + 4])
        kind = photo[at + 4 : at + 8]
        if kind in _PNG_KEPT:
            kept.append(photo[at:end])
        if kind == b"IEND" and end <= len(photo):
            return b"".join(kept)
        at = end
    raise _wrong("no_photo")
