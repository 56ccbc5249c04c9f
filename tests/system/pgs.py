"""Makes a Blu-ray subtitle stream (PGS): pictures where others have text.

ffmpeg has no encoder for them that starts from nothing, and image-based
subtitles are what a container may be unable to hold.
"""

import struct

WIDTH, HEIGHT = 320, 180
BOX = 16  # pixels; a square of one colour


def _segment(kind, time_s, body):
    ticks = round(time_s * 90_000)
    return b"PG" + struct.pack(">IIBH", ticks, ticks, kind, len(body)) + body


def _composition(number, shown):
    head = struct.pack(">HHBHBBB", WIDTH, HEIGHT, 0x10, number,
                       0x80 if shown else 0x00, 0, 0)
    if not shown:
        return head + b"\0"
    return head + b"\1" + struct.pack(">HBBHH", 0, 0, 0, 152, 140)


def _square():
    # Run lengths: 00, 80 | count, colour; 00 00 ends a line.
    line = bytes((0, 0x80 | BOX, 1, 0, 0))
    data = struct.pack(">HH", BOX, BOX) + line * BOX
    size = len(data)
    return struct.pack(">HBB", 0, 0, 0xC0) + size.to_bytes(3, "big") + data


def stream(times):
    """Shows a white square from `start` to `end` seconds, for each pair."""
    window = b"\1" + struct.pack(">BHHHH", 0, 152, 140, BOX, BOX)
    palette = bytes((0, 0, 1, 235, 128, 128, 255))
    out = b""
    for i, (start, end) in enumerate(times):
        out += _segment(0x16, start, _composition(2 * i, True))
        out += _segment(0x17, start, window)
        out += _segment(0x14, start, palette)
        out += _segment(0x15, start, _square())
        out += _segment(0x80, start, b"")
        out += _segment(0x16, end, _composition(2 * i + 1, False))
        out += _segment(0x17, end, window)
        out += _segment(0x80, end, b"")
    return out
