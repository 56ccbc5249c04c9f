"""Compares a result with its source as a viewer would: number and times of
the pictures, shape, streams, sound against picture, looks and sound."""

import array
import functools
import math
import pathlib
import subprocess
import tempfile

import common

RATE = 8_000        # of the sound that is compared, mono
HEARD_S = 20        # seconds of it
SHOWN = 100         # pictures that are compared
SIDE = 48           # pixels of their longer side
# Seconds from which on a hole in the timestamps is silence and no rounding.
# There is no right answer; either will do.
HOLES = (0.05, 0.02)
HDR = ("smpte2084", "arib-std-b67")


def _ratio(text, default=1.0):
    top, _, bottom = (text or "").replace("/", ":").partition(":")
    try:
        value = int(top) / int(bottom)
    except (ValueError, ZeroDivisionError):
        return default
    return value or default


class Portrait:
    """All of a file that is compared, from one decode."""

    def __init__(self, path):
        self.path = path
        self.probe = common.Probe(path)
        self.video = self._best_video()
        self.audios = [x for x in self.probe.of("audio")
                       if x.get("codec_name") and int(x["channels"]) > 0]
        self.subtitles = [x for x in self.probe.of("subtitle")
                          if x.get("codec_name")]
        self.frame_times = []
        self.pictures = b""
        self.sounds = []  # one reading for each of HOLES
        self.sound_span = None
        self._decode()

    def _best_video(self):
        films = [x for x in self.probe.of("video")
                 if not x["disposition"]["attached_pic"]
                 and x.get("codec_name") and x.get("width")]
        return max(films, default=None, key=lambda x: (
            x["disposition"]["default"] if len(films) > 1 else 0,
            x["width"] * x["height"]))

    @property
    def is_empty(self):
        """ffmpeg finds neither picture nor sound nor text in it."""
        return not (self.frame_times or self.sound_span or self.subtitles)

    @property
    def sounds_from_picture(self):
        """The sound from the first picture on: what must go together."""
        skip = self.frame_times[0] if self.frame_times else 0
        return [x[round(max(0, skip) * RATE):] for x in self.sounds]

    @property
    def hdr(self):
        return self.video.get("color_transfer") in HDR

    @property
    def display_aspect(self):
        """Width to height as it is shown, turned as it is shown."""
        v = self.video
        aspect = v["width"] / v["height"] * _ratio(v.get("sample_aspect_ratio"))
        matrix = common.side_data(v, "Display Matrix")
        turned = matrix and round(matrix["rotation"] / 90) % 2
        return 1 / aspect if turned else aspect

    def picture_size(self):
        aspect = self.display_aspect
        if aspect >= 1:
            return SIDE, max(2, round(SIDE / aspect / 2) * 2)
        return max(2, round(SIDE * aspect / 2) * 2), SIDE

    def _said(self, key):
        """What the stream, or else its first frame, says about its colours;
        None where neither does."""
        for holder in (self.video, self._first_frame):
            word = holder.get(key, "unknown")
            if word not in ("unknown", "reserved"):
                return word
        return None

    @property
    def _matrix(self):
        """The stream's, or what players take where it doesn't say."""
        large = self.video["width"] >= 1280 or self.video["height"] > 576
        return self._said("color_space") or ("bt709" if large else "smpte170m")

    @functools.cached_property
    def _first_frame(self):
        try:
            return common.first_frame(self.path, str(self.video["index"]))
        except (RuntimeError, LookupError):
            return {}

    @property
    def _sws_matrix(self):
        known = self._matrix in ("bt709", "smpte170m", "bt470bg")
        return self._matrix if known else "auto"

    def pictures_in_bt709(self):
        """The pictures with the primaries of old television taken for what
        they are, which not every player does; empty where that's no question.
        """
        if self._matrix not in ("smpte170m", "bt470bg"):
            return b""
        width, height = self.picture_size()
        primaries = self._said("color_primaries") or self._matrix
        return common.raw_video(
            self.path, width, height, SHOWN, filters=(
                "format=yuv444p,colorspace=all=bt709:range=tv:"
                f"ispace={self._matrix}:iprimaries={primaries}:itrc=bt709:"
                "irange=tv"))

    def _decode(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            outputs = []
            if self.video:
                width, height = self.picture_size()
                stream = ["-map", f"0:{self.video['index']}", "-fps_mode",
                          "passthrough"]
                outputs += [*stream, "-enc_time_base", "-1", "-vf",
                            "scale=2:2", "-c:v", "rawvideo", "-f", "framecrc",
                            folder / "times"]
                outputs += [*stream, "-vf",
                            f"scale={width}:{height}:in_color_matrix="
                            f"{self._sws_matrix}:flags=area+accurate_rnd+"
                            "full_chroma_int,format=rgb24",
                            "-frames:v", SHOWN, "-f", "rawvideo",
                            folder / "pictures"]
            if self.audios:
                stream = ["-map", f"0:{self.audios[0]['index']}"]
                outputs += [*stream, "-c:a", "pcm_s16le", "-f", "framecrc",
                            folder / "spans"]
                for hole in HOLES:
                    outputs += [
                        *stream, "-af", f"aresample={RATE}:async=1:"
                        f"min_hard_comp={hole}:first_pts=0", "-ac", "1", "-t",
                        HEARD_S, "-f", "s16le", folder / f"sound{hole}"]
            if not outputs:
                return
            # Damage is no reason to stop; what comes out is what counts.
            subprocess.run(
                [str(x) for x in ["ffmpeg", "-nostdin", "-v", "quiet", "-y",
                                  "-i", f"file:{self.path}", *outputs]],
                stdin=subprocess.DEVNULL, timeout=300, check=False)
            if self.video:
                self.frame_times = [x for x, _ in _framecrc(folder / "times")]
                self.pictures = _read(folder / "pictures")
            if self.audios:
                self.sounds = [_samples(folder / f"sound{x}") for x in HOLES]
                spans = _framecrc(folder / "spans")
                if spans:
                    self.sound_span = spans[0][0], sum(spans[-1])


def _read(path):
    return path.read_bytes() if path.exists() else b""


def _samples(path):
    raw = _read(path)
    return array.array("h", raw[:len(raw) // 2 * 2])


def _framecrc(path):
    """(time, duration) in seconds for each line of ffmpeg's framecrc."""
    base, lines = 1.0, []
    for line in _read(path).decode().splitlines():
        if line.startswith("#tb 0:"):
            base = _ratio(line.rpartition(" ")[2])
        elif line and not line.startswith("#"):
            fields = line.split(",")
            lines.append((int(fields[2]) * base, int(fields[3]) * base))
    return lines


def psnr(one, two):
    size = min(len(one), len(two))
    if not size:
        return 0.0
    error = sum((a - b) * (a - b) for a, b in zip(one, two)) / size
    return math.inf if error == 0 else 10 * math.log10(255 * 255 / error)


def correlation(one, two, reach=RATE // 50):
    """The best over a shift of at most 20 ms, of the loudest two seconds.

    Both begin with the picture, so that sound which moved against it fails.

    None where there is nothing to hear.
    """
    size = min(len(one), len(two), 2 * RATE)
    starts = range(0, min(len(one), len(two)) - size + 1, RATE // 2)
    if size < RATE // 10:
        return None
    start = max(starts, key=lambda i: sum(x * x for x in one[i:i + size:7]))
    a = one[start + reach:start + size - reach]
    power = math.sqrt(sum(x * x for x in a))
    if power < 30 * math.sqrt(len(a)):
        return None
    best = -1.0
    for shift in range(-reach, reach + 1, 1):
        b = two[start + reach + shift:start + size - reach + shift]
        other = math.sqrt(sum(x * x for x in b))
        if other:
            best = max(best, sum(x * y for x, y in zip(a, b)) / power / other)
    return best


def differences(source, result, dropped, warnings):
    """Sentences on what the result lost; none is right.

    `dropped` is what troupe itself says that it left out, `warnings` what it
    had to decide.
    """
    found = []
    if source.video:
        if not result.video:
            return ["the picture is gone"]
        # Where a clock jumps, ffmpeg's idea of the gap is as good as ours.
        jumped = any("clock jumped" in x for x in warnings)
        found += _pictures(source, result, 0.05 if jumped else 0.02)
    elif result.video:
        found.append("a picture came out of nowhere")
    found += _streams(source, result, dropped)
    if source.sound_span and result.sound_span:
        found += _sound(source, result)
    return found


def _pictures(source, result, tolerance_s):
    before, after = source.frame_times, result.frame_times
    if len(before) != len(after):
        yield f"{len(before)} frames became {len(after)}"
    elif before:
        for n, (x, y) in enumerate(zip(before, after)):
            if abs((x - before[0]) - (y - after[0])) > tolerance_s:
                yield (f"frame {n} moved from {x - before[0]:.3f} s to "
                       f"{y - after[0]:.3f} s")
                break
    small = 2 / min(result.video["width"], result.video["height"])
    aspect = result.display_aspect / source.display_aspect
    if abs(aspect - 1) > 0.01 + small:
        yield (f"aspect {source.display_aspect:.3f} became "
               f"{result.display_aspect:.3f}")
    elif source.hdr:
        mean = sum(result.pictures) / max(1, len(result.pictures))
        if not 5 < mean < 250:
            yield f"tone mapping left a mean brightness of {mean:.0f}"
    elif source.picture_size() == result.picture_size():
        likeness = max(psnr(source.pictures, result.pictures),
                       psnr(source.pictures_in_bt709(), result.pictures))
        if likeness < 26:
            yield f"pictures differ: {likeness:.1f} dB"


def _streams(source, result, dropped):
    for kind, before, after in (
            ("audio", source.audios, result.audios),
            ("subtitle", source.subtitles, result.subtitles)):
        listed = sum(kind in line for line in dropped)
        if len(before) > len(after) + listed:
            yield f"{len(before)} {kind} streams became {len(after)}"
        elif len(before) == len(after):
            def languages(streams):
                # "und" is how containers spell "not said".
                return [x.get("tags", {}).get("language", "und")
                        for x in streams]
            if languages(before) != languages(after):
                yield f"{kind}: {languages(before)} became {languages(after)}"


def _sound(source, result):
    if source.frame_times and result.frame_times:
        before = source.sound_span[0] - source.frame_times[0]
        after = result.sound_span[0] - result.frame_times[0]
        # A codec may begin earlier by its priming, which is silence.
        primed = 1024 / int(result.audios[0]["sample_rate"])
        if not -primed - 0.020 < after - before < 0.020:
            yield (f"sound began {before:.3f} s after the picture and now "
                   f"{after:.3f} s")
    before = source.sound_span[1] - source.sound_span[0]
    after = result.sound_span[1] - result.sound_span[0]
    # The last frame of the new codec may be padded.
    frame = 1024 / int(result.audios[0]["sample_rate"])
    if abs(before - after) > max(0.05, frame):
        yield f"{before:.3f} s of sound became {after:.3f} s"
    for one in source.sounds_from_picture:
        likeness = correlation(one, result.sounds_from_picture[-1])
        if likeness is None or likeness >= 0.9:
            return
    yield f"sound differs: correlation {likeness:.3f}"
