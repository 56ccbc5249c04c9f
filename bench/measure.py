"""Runs commands and takes their time and memory."""

import os
import pathlib
import platform
import statistics
import subprocess
import tempfile
import threading
import time


class Failed(Exception):
    """A command that was to be measured did not work."""


def timed(args):
    """Wall and CPU seconds of one run, from start to end."""
    with tempfile.TemporaryFile() as words:
        begin = time.perf_counter()
        child = subprocess.Popen(args, stdin=subprocess.DEVNULL,
                                 stdout=subprocess.DEVNULL, stderr=words)
        # The usage of a child holds that of the children which it reaped.
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            words.seek(0)
            raise Failed(f"$ {' '.join(args)}\n"
                         f"{words.read().decode(errors='replace')}")
    return wall, usage.ru_utime + usage.ru_stime


class Pairs:
    """Two commands, run in turns so that both meet the same weather."""

    def __init__(self, ours, theirs, rounds):
        theirs_and_ours = [(timed(theirs), timed(ours)) for _ in range(rounds)]
        self.theirs_s = [theirs[0] for theirs, _ in theirs_and_ours]
        self.ours_s = [ours[0] for _, ours in theirs_and_ours]
        self._cpu_ratios = [ours[1] / theirs[1]
                            for theirs, ours in theirs_and_ours]

    @property
    def ratios(self):
        return sorted(a / b for a, b in zip(self.ours_s, self.theirs_s))

    @property
    def ratio(self):
        return statistics.median(self.ratios)

    @property
    def cpu_ratio(self):
        return statistics.median(self._cpu_ratios)

    @property
    def spread(self):
        return self.ratios[0], self.ratios[-1]

    @property
    def differences_s(self):
        return sorted(a - b for a, b in zip(self.ours_s, self.theirs_s))


def _peak_bytes(pid):
    try:
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    for line in text.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * 1024
    return 0


def _named(name, ancestor):
    """Pids of the processes with this name below `ancestor`, or itself."""
    parents, found = {}, []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                text = pathlib.Path(f"/proc/{entry}/stat").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            head, _, tail = text.rpartition(")")
            parents[int(entry)] = int(tail.split()[1])
            if head.partition("(")[2] == name:
                found.append(int(entry))

    def below(pid):
        while pid and pid != ancestor:
            pid = parents.get(pid, 0)
        return pid == ancestor
    return [pid for pid in found if below(pid)]


def peak_memory_bytes(args, name):
    """The most that a process of this name held during one run.

    The kernel counts only direct children for us, and a session is none; its
    own high-water mark is read until it is gone. Not for timed runs: looking
    costs time.
    """
    peak, ended = 0, threading.Event()
    child = subprocess.Popen(args, stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL)

    def watch():
        nonlocal peak
        while not ended.wait(0.01):
            for pid in _named(name, child.pid):
                peak = max(peak, _peak_bytes(pid))
    watcher = threading.Thread(target=watch)
    watcher.start()
    status = child.wait()
    ended.set()
    watcher.join()
    if status != 0:
        raise Failed(f"$ {' '.join(args)}\nexit status {status}")
    return peak


def video_digest(path):
    """Hash of the coded pictures, whatever stands around them."""
    done = subprocess.run(
        ["ffmpeg", "-nostdin", "-v", "error", "-i", path, "-map", "0:v", "-c",
         "copy", "-f", "streamhash", "-hash", "md5", "-"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def machine():
    """One line on what was measured on."""
    model = "unknown CPU"
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    version = subprocess.run(["ffmpeg", "-version"], capture_output=True,
                             text=True, check=True).stdout.split()[2]
    return (f"{model}, {len(os.sched_getaffinity(0))} threads, "
            f"Linux {platform.release()}, ffmpeg {version}")
