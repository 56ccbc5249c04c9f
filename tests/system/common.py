"""What the system tests share: the programs under test, media to feed them,
ways to look at results, and fixtures that notice whatever is left over.

Tests wait for conditions with deadlines; nothing sleeps and hopes.
"""

import contextlib
import ctypes
import hashlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

SOURCE_DIR = pathlib.Path(__file__).resolve().parents[2]
TROUPE = pathlib.Path(os.environ.get("TROUPE", SOURCE_DIR / "build" / "troupe"))
SESSION = pathlib.Path(
    os.environ.get("TROUPE_SESSION", TROUPE.parent / "troupe-session"))
MEDIA = pathlib.Path(
    os.environ.get("TROUPE_TEST_MEDIA", TROUPE.parent / "tests" / "media"))

# Seconds that no single command of a test may exceed, unless it says so.
DEADLINE_S = 120

# How CTest learns that a whole module had nothing to do (SKIP_RETURN_CODE).
SKIPPED = 77

PR_SET_CHILD_SUBREAPER = 36


# -- running programs ---------------------------------------------------------


class Finished:
    """A command that ended: status (negative: the signal), stdout, stderr."""

    def __init__(self, args, status, stdout, stderr):
        self.args = [str(arg) for arg in args]
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    def json(self):
        return json.loads(self.stdout)

    def __str__(self):
        return (f"$ {' '.join(self.args)}\nexit status {self.status}\n"
                f"-- stdout\n{self.stdout}\n-- stderr\n{self.stderr}")


def run(args, deadline_s=DEADLINE_S, **kwargs):
    """Runs a command to its end; kills it and raises past the deadline."""
    done = subprocess.run([str(arg) for arg in args], timeout=deadline_s,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          errors="replace", check=False, **kwargs)
    return Finished(args, done.returncode, done.stdout, done.stderr)


def must(args, **kwargs):
    """Runs a tool of the test itself, which has to succeed."""
    done = run(args, **kwargs)
    if done.status != 0:
        raise RuntimeError(f"a tool of the test failed:\n{done}")
    return done


def ffmpeg(*args, **kwargs):
    return must(["ffmpeg", "-nostdin", "-v", "error", "-y", *args], **kwargs)


def wait_until(condition, what, deadline_s=30, step_s=0.005):
    """Polls until `condition()` is true and returns its value."""
    end = time.monotonic() + deadline_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {deadline_s} s: {what}")
        time.sleep(step_s)


# -- processes ----------------------------------------------------------------


class Process:
    """A line of /proc/PID/stat."""

    def __init__(self, pid, text):
        # The name stands in brackets and may hold anything, brackets too.
        head, _, tail = text.rpartition(")")
        fields = tail.split()
        self.pid = pid
        self.name = head.partition("(")[2]
        self.state = fields[0]
        self.parent = int(fields[1])
        ticks = int(fields[11]) + int(fields[12])
        self.cpu_s = ticks / os.sysconf("SC_CLK_TCK")

    def __repr__(self):
        return f"{self.name}[{self.pid}] state {self.state}"


def process(pid):
    """The process as it is now, or None when it is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return Process(pid, text)


def processes():
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [found for found in map(process, pids) if found]


def descendants(pid):
    """All processes below `pid`, zombies included."""
    everyone = processes()
    family, grown = {pid}, True
    while grown:
        more = {x.pid for x in everyone if x.parent in family} - family
        family |= more
        grown = bool(more)
    return [x for x in everyone if x.pid in family and x.pid != pid]


def sessions_of(pid):
    """The living troupe-session processes below `pid`."""
    # The kernel keeps 15 characters of a name; "troupe-session" has 14.
    return [x for x in descendants(pid)
            if x.name == "troupe-session" and x.state != "Z"]


class Running:
    """A `troupe` that is still at work."""

    def __init__(self, args, **kwargs):
        self.args = [TROUPE, *args]
        # Files, not pipes: nobody reads before the end.
        self._out = tempfile.TemporaryFile()
        self._err = tempfile.TemporaryFile()
        self._popen = subprocess.Popen(
            [str(arg) for arg in self.args], stdin=subprocess.DEVNULL,
            stdout=self._out, stderr=self._err, start_new_session=True,
            **kwargs)
        self.pid = self._popen.pid

    def poll(self):
        return self._popen.poll()

    def has_printed(self):
        """True once anything is on its standard output."""
        return os.fstat(self._out.fileno()).st_size > 0

    def send_signal(self, number):
        self._popen.send_signal(number)

    def session(self, cpu_s=0.0, deadline_s=30):
        """Waits for a session that used at least `cpu_s` seconds of CPU time.

        Returns None when troupe ended before one did.
        """
        def found():
            for x in sessions_of(self.pid):
                if x.cpu_s >= cpu_s:
                    return x
            return "ended" if self.poll() is not None else None
        x = wait_until(found, f"a session that worked {cpu_s} s", deadline_s)
        return None if x == "ended" else x

    def wait(self, deadline_s=DEADLINE_S):
        try:
            self._popen.wait(deadline_s)
        except subprocess.TimeoutExpired:
            self.abandon()
            raise
        texts = []
        for stream in (self._out, self._err):
            stream.seek(0)
            texts.append(stream.read().decode(errors="replace"))
            stream.close()
        return Finished(self.args, self._popen.returncode, *texts)

    def abandon(self):
        """Ends it for good, whatever state it is in."""
        if self._popen.poll() is None:
            self._popen.kill()
            self._popen.wait()


# -- media --------------------------------------------------------------------


def media(name, *args, deadline_s=DEADLINE_S):
    """Makes a file with ffmpeg once and keeps it for the tests to come.

    `args` are ffmpeg's, without the output. The file must not be changed; a
    test that damages media works on a copy.
    """
    key = hashlib.sha256("\0".join(map(str, args)).encode()).hexdigest()[:12]
    stem, dot, extension = name.rpartition(".")
    path = MEDIA / f"{stem}-{key}{dot}{extension}"
    if not path.exists():
        MEDIA.mkdir(parents=True, exist_ok=True)
        # Modules run side by side and may want the same file.
        with tempfile.TemporaryDirectory(dir=MEDIA) as folder:
            part = pathlib.Path(folder) / name
            ffmpeg(*args, part, deadline_s=deadline_s)
            os.rename(part, path)
    return path


def lavfi(source):
    return ("-f", "lavfi", "-i", source)


def clip(name="clip.mkv", seconds=2, size="320x180", rate="25", video=None,
         audio=("-c:a", "libopus", "-b:a", "64k"), extra=()):
    """A moving picture with a rising tone."""
    video = video or ("-c:v", "libx264", "-preset", "ultrafast")
    sound = (f"aevalsrc=0.3*sin(2*PI*(300+100*t)*t)"
             f":sample_rate=48000:duration={seconds}")
    return media(
        name, *lavfi(f"testsrc2=size={size}:rate={rate}:duration={seconds}"),
        *(lavfi(sound) if audio else ()), *video, *(audio or ()), *extra)


def long_clip():
    """Work for several seconds at any speed: 40 s of 720p with noise."""
    return media(
        "long.mkv",
        *lavfi("testsrc2=size=1280x720:rate=25:duration=40,"
               "noise=alls=12:allf=t"),
        *lavfi("sine=frequency=440:sample_rate=48000:duration=40"),
        "-c:v", "libx264", "-preset", "ultrafast", "-crf", "24",
        "-c:a", "flac")


# -- looking at results -------------------------------------------------------


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        for block in iter(lambda: stream.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


class Probe:
    """What ffprobe says about a file."""

    def __init__(self, path, *options):
        self.path = path
        found = must(["ffprobe", "-v", "error", "-of", "json", "-show_format",
                      "-show_streams", "-show_chapters", *options,
                      f"file:{path}"]).json()
        self.format = found["format"]
        self.streams = found["streams"]
        self.chapters = found["chapters"]

    def of(self, kind):
        return [x for x in self.streams if x.get("codec_type") == kind]

    @property
    def video(self):
        """The first video stream that is no cover art."""
        return next(x for x in self.of("video")
                    if not x["disposition"]["attached_pic"])

    @property
    def audio(self):
        return self.of("audio")[0]

    @property
    def codecs(self):
        return [x.get("codec_name") for x in self.streams]

    @property
    def duration(self):
        return float(self.format["duration"])


def frame_times(path, stream="v:0"):
    """Presentation times of a stream's decoded frames in seconds."""
    found = must(["ffprobe", "-v", "error", "-of", "json", "-select_streams",
                  stream, "-show_entries",
                  "frame=pts_time,best_effort_timestamp_time",
                  f"file:{path}"]).json()
    return [float(x.get("pts_time", x.get("best_effort_timestamp_time", "nan")))
            for x in found["frames"]]


def first_frame(path, stream="v:0"):
    """ffprobe's description of the first decoded frame, side data included."""
    found = must(["ffprobe", "-v", "error", "-of", "json", "-select_streams",
                  stream, "-show_frames", "-read_intervals", "%+#1",
                  f"file:{path}"]).json()
    return found["frames"][0]


def side_data(holder, name):
    """The side data of a stream or frame whose type begins with `name`."""
    for x in holder.get("side_data_list", []):
        if x["side_data_type"].startswith(name):
            return x
    return None


def raw_video(path, width, height, frames, options=(), filters="null"):
    """The first frames as they are shown, as rgb24 of the given size."""
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "quiet", *options, "-i", f"file:{path}",
         "-map", "0:V:0", "-vf", f"{filters},scale={width}:{height}:"
         "flags=area+accurate_rnd+full_chroma_int,format=rgb24",
         "-fps_mode", "passthrough", "-frames:v", str(frames), "-f",
         "rawvideo", "-"], stdin=subprocess.DEVNULL, capture_output=True,
        timeout=DEADLINE_S, check=False)
    return done.stdout


# -- fixtures -----------------------------------------------------------------


class TroupeTest(unittest.TestCase):
    """Folders of its own per test, and no process that outlives it.

    `self.dir` is where troupe runs and what `assert_files` looks at;
    `self.scratch` is for whatever else a test needs.
    """

    maxDiff = None

    def setUp(self):
        # Orphans become our children, so that none escapes notice.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
        folder = tempfile.mkdtemp(prefix="troupe-test-")
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        self.scratch = pathlib.Path(folder) / "scratch"
        self.scratch.mkdir()
        self.dir = pathlib.Path(folder) / "work"
        self.dir.mkdir()

    def tearDown(self):
        left = descendants(os.getpid())
        for x in left:
            with contextlib.suppress(ProcessLookupError, ChildProcessError):
                os.kill(x.pid, signal.SIGKILL)
                os.waitpid(x.pid, 0)
        self.assertEqual(left, [], "processes outlived the test")

    def troupe(self, *args, **kwargs):
        kwargs.setdefault("cwd", self.dir)
        return run([TROUPE, *args], **kwargs)

    def start(self, *args, **kwargs):
        kwargs.setdefault("cwd", self.dir)
        running = Running(args, **kwargs)
        self.addCleanup(running.abandon)
        return running

    def encode(self, source, output, *options, **kwargs):
        """Encodes, insists on success and returns the JSON document."""
        done = self.troupe("encode", source, "-o", output, "--json", *options,
                           **kwargs)
        self.assertEqual(done.status, 0, str(done))
        document = done.json()
        self.assertEqual(document["state"], "completed", str(done))
        return document

    def refuse(self, code, *args, status=None, left=(), **kwargs):
        """Runs `troupe encode`, which has to end with this error code."""
        done = self.troupe("encode", "--json", *args, **kwargs)
        return self.check_failure(done, code, status, left)

    def check_failure(self, done, code, status=None, left=()):
        """A failed encode says why, to people and machines, and cleans up.

        `left` names the files that may lie in the test's folder afterwards.
        """
        codes = [code] if isinstance(code, str) else list(code)
        self.assertGreater(done.status, 0, f"died or succeeded:\n{done}")
        if status is not None:
            self.assertEqual(done.status, status, str(done))
        document = done.json()
        self.assertIn(document["error"]["code"], codes, str(done))
        self.assertTrue(document["error"]["message"], str(done))
        self.assertTrue(done.stderr.strip(), "nothing was said to people")
        self.assert_files(left)
        return document

    def assert_files(self, names):
        """The test's folder holds exactly these files, nothing partial."""
        found = sorted(x.name for x in self.dir.iterdir())
        self.assertEqual(found, sorted(map(str, names)))


@contextlib.contextmanager
def mounted_tmpfs(folder, *options):
    """A small file system of its own; skips the test where that is denied."""
    done = run(["mount", "-t", "tmpfs", "-o", ",".join(options), "tmpfs",
                folder])
    if done.status != 0:
        raise unittest.SkipTest(f"cannot mount a tmpfs: {done.stderr.strip()}")
    try:
        yield
    finally:
        run(["umount", "-l", folder])


def samples_folder():
    """The folder of sample media, or None where there is none."""
    named = os.environ.get("TROUPE_SAMPLES")
    folder = pathlib.Path(named) if named else SOURCE_DIR / "../shared/samples"
    return folder.resolve() if folder.is_dir() else None


def main():
    for program in (TROUPE, SESSION):
        if not program.exists():
            sys.exit(f"{program}: not built; set TROUPE to the program to test")
    unittest.main(verbosity=2)
