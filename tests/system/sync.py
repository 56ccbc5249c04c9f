"""Measures how picture and sound lie to each other: a flash and a beep begin
together once a second, and are looked for in the decoded result."""

import array
import pathlib
import re
import subprocess
import tempfile

import common

RATE = 48_000
FIRST_S = 0.48  # of the flashes; frame 12 at 25 frames a second


def clip(name, *extra, seconds=4, video=("-c:v", "libx264", "-bf", "2"),
         audio=("-c:a", "aac"), delay_s=0.0, picture="null"):
    """Black with a white frame and a beep at 0.48 s, 1.48 s, ...

    `delay_s` moves the sound against the picture.
    """
    beep = (f"aevalsrc=exprs='0.5*sin(2*PI*1000*t)*gte(t,{FIRST_S})"
            f"*lt(mod(t-{FIRST_S},1),0.1)':sample_rate={RATE}"
            f":duration={seconds}")
    flash = (f"color=black:size=160x120:rate=25:duration={seconds},"
             "drawbox=color=white:thickness=fill:enable='eq(mod(n,25),12)',"
             f"{picture}")
    return common.media(
        name, *common.lavfi(flash), "-itsoffset", str(delay_s),
        *common.lavfi(beep), "-map", "0:v", "-map", "1:a", *video, *audio,
        *extra)


def _decode(path):
    """The brightness of each picture, and the sound from time 0 on."""
    # One run for both: ffmpeg starts a transport stream's clock at the first
    # of the streams that it was asked for.
    with tempfile.TemporaryDirectory() as folder:
        raw = subprocess.run(
            ["ffmpeg", "-nostdin", "-v", "error", "-i",
             f"file:{pathlib.Path(path).resolve()}",
             "-map", "0:V:0", "-fps_mode", "passthrough", "-vf",
             "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=luma",
             "-f", "null", "-",
             # Gaps and the time before the first sample become silence, so
             # that a sample's index is its time.
             "-map", "0:a:0", "-af", f"aresample={RATE}:async=1:first_pts=0",
             "-ac", "1", "-f", "s16le", "-"], cwd=folder, check=True,
            capture_output=True, stdin=subprocess.DEVNULL,
            timeout=common.DEADLINE_S).stdout
        said = pathlib.Path(folder, "luma").read_text()
    lumas = re.findall(
        r"pts_time:([-\d.]+)\s+lavfi.signalstats.YAVG=([\d.]+)", said)
    return [(float(t), float(y)) for t, y in lumas], array.array("h", raw)


def _flashes(lumas):
    """When the picture turns bright, in seconds."""
    times, bright = [], False
    for time, luma in lumas:
        if luma > 100 and not bright:
            times.append(time)
        bright = luma > 100
    return times


def _beeps(samples):
    """When sound begins after silence, in seconds."""
    loud = max(map(abs, samples), default=0) * 0.3
    quiet = RATE // 4
    times, last = [], -quiet
    for i, sample in enumerate(samples):
        if sample > loud or sample < -loud:
            if i - last >= quiet:
                times.append(i / RATE)
            last = i
    return times


def offsets(path):
    """Seconds by which each beep comes after its flash."""
    lumas, samples = _decode(path)
    seen, heard = _flashes(lumas), _beeps(samples)
    if not seen or len(seen) != len(heard):
        raise AssertionError(f"{path}: flashes at {seen}, beeps at {heard}")
    return [beep - flash for flash, beep in zip(seen, heard)]
