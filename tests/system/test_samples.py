"""Every file of a folder of sample media ($TROUPE_SAMPLES), as a user would
encode it. Its subfolder `broken` holds files that cannot be expected to work;
those may fail, but only as they should.

TROUPE_SAMPLES_BUDGET_S (600) bounds the time: files that it does not reach are
named. TROUPE_SAMPLES_ONLY picks files whose path holds a text.
"""

import concurrent.futures
import os
import shutil
import sys
import tempfile
import time
import traceback
import unittest

import common
import likeness

BUDGET_S = float(os.environ.get("TROUPE_SAMPLES_BUDGET_S", "600"))
ONLY = os.environ.get("TROUPE_SAMPLES_ONLY", "")
WORKERS = 2
ABOUT = (".json", ".md", ".txt")  # files that describe the folder
FOLDER = common.samples_folder()

# What a damaged file may end with: everything but a crash or our own fault.
CLEAR_ERRORS = {"bad_input", "no_input", "impossible_job", "memory_limit",
                "stalled", "time_limit", "verification_failed"}


def listed(broken):
    return sorted(
        x for x in FOLDER.rglob("*")
        if x.is_file() and x.suffix not in ABOUT and ONLY in str(x)
        and (x.relative_to(FOLDER).parts[0] == "broken") == broken)


def cost(path):
    """Pixels to decode, roughly: cheap files go first."""
    try:
        probe = common.Probe(path)
        seconds = float(probe.format.get("duration", 1))
        return max((seconds * x["width"] * x["height"]
                    for x in probe.of("video") if x.get("width")),
                   default=seconds)
    except RuntimeError:
        return 0


def run_encode(path, folder, *options, deadline_s):
    return common.run(
        [common.TROUPE, "encode", path, "-o", "result.mp4", "--json",
         "--preset", "standard", "--speed", "ultrafast", *options],
        cwd=folder, deadline_s=deadline_s)


def left_over(folder, done):
    expected = ["result.mp4"] if done.status == 0 else []
    found = sorted(os.listdir(folder))
    return [] if found == expected else [f"left over: {found}"]


def judge_good(path, folder):
    inspected = common.run([common.TROUPE, "inspect", path, "--json"])
    if inspected.status != 0:
        return [f"inspect failed\n{inspected}"]
    inspected.json()
    done = run_encode(path, folder, deadline_s=600)
    source = likeness.Portrait(path)
    if done.status == 65 and source.is_empty:
        return left_over(folder, done)
    if done.status != 0:
        return [f"not encoded\n{done}", *left_over(folder, done)]
    result = likeness.Portrait(folder / "result.mp4")
    said = done.json()["result"]
    return [*likeness.differences(source, result, said["dropped"],
                                  said["warnings"]),
            *left_over(folder, done)]


def judge_broken(path, folder):
    done = run_encode(path, folder, "--timeout", "60", deadline_s=90)
    if done.status == 0:
        # Whatever was saved out of it has to be sound.
        common.must(["ffmpeg", "-nostdin", "-v", "error", "-xerror", "-i",
                     folder / "result.mp4", "-f", "null", "-"])
        return left_over(folder, done)
    error = done.json()["error"]
    if done.status < 0 or error["code"] not in CLEAR_ERRORS:
        return [f"no clear error\n{done}", *left_over(folder, done)]
    return left_over(folder, done)


def judge(path, how):
    """Complaints about one file, and the seconds that it took."""
    begin = time.monotonic()
    folder = common.pathlib.Path(tempfile.mkdtemp(prefix="troupe-sample-"))
    try:
        complaints = how(path, folder)
    except Exception:  # pylint: disable=broad-except; one file, one verdict
        complaints = [traceback.format_exc()]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return complaints, time.monotonic() - begin


class Samples(common.TroupeTest):

    def judge_all(self, paths, how):
        end = time.monotonic() + BUDGET_S
        left_out = []

        def in_time(path):
            if time.monotonic() > end:
                left_out.append(path)
                return [], 0.0
            return judge(path, how)
        with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
            verdicts = pool.map(in_time, paths)
            for path, (complaints, took_s) in zip(paths, verdicts):
                name = path.relative_to(FOLDER)
                if took_s > 20:
                    print(f"  {took_s:5.0f} s  {name}", file=sys.stderr)
                with self.subTest(file=str(name)):
                    if complaints:
                        self.fail("\n".join(complaints))
        for path in left_out:
            print(f"  left out, the {BUDGET_S:.0f} s were over: "
                  f"{path.relative_to(FOLDER)}", file=sys.stderr)
        print(f"  {len(paths) - len(left_out)} of {len(paths)} files",
              file=sys.stderr)

    def test_good_files_look_and_sound_like_their_source(self):
        self.judge_all(sorted(listed(broken=False), key=cost), judge_good)

    def test_broken_files_end_in_success_or_a_clear_error(self):
        self.judge_all(listed(broken=True), judge_broken)


if __name__ == "__main__":
    if FOLDER is None:
        print("no folder of sample media; TROUPE_SAMPLES names one")
        sys.exit(common.SKIPPED)
    common.main()
