"""Everything that can go wrong ends with its own code, a message that helps,
the right exit status, and nothing left over."""

import os
import shutil
import signal
import struct
import subprocess
import zlib

import common
from common import Probe, TroupeTest, clip, ffmpeg, long_clip

# Slow enough that every test here is quicker than the encode.
SLOW = ("--codec", "h264", "--speed", "slower")


def png(width, height):
    """A black RGB picture; small as a file, large once decoded."""
    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", crc))
    press = zlib.compressobj(1)
    line = bytes(1 + 3 * width)
    data = b"".join(press.compress(line) for _ in range(height)) + press.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data)
            + chunk(b"IEND", b""))


class BadInput(TroupeTest):

    def given(self, name, content):
        path = self.scratch / name
        path.write_bytes(content)
        return path

    def test_what_is_no_media_is_bad_input(self):
        for name, content in (
                ("empty.mp4", b""), ("text.mp4", b"hello, world\n" * 100),
                ("noise.mkv", bytes(i * i * 7 % 251 for i in range(50_000))),
                ("head.mp4", clip("whole.mp4").read_bytes()[:100])):
            with self.subTest(name=name):
                document = self.refuse("bad_input", self.given(name, content),
                                       "-o", "out.mp4", status=65)
                self.assertIn(name, document["error"]["message"])

    def test_a_film_without_its_index_is_bad_input(self):
        whole = clip("whole.mp4").read_bytes()
        self.refuse("bad_input", self.given("cut.mp4", whole[:len(whole) // 2]),
                    "-o", "out.mp4", status=65)

    def test_a_truncated_film_gives_what_is_there_or_an_error(self):
        whole = clip("long-enough.mkv", seconds=4).read_bytes()
        source = self.given("cut.mkv", whole[:len(whole) // 2])
        done = self.troupe("encode", source, "-o", "out.mp4", "--json")
        if done.status == 0:
            frames = len(common.frame_times(self.dir / "out.mp4"))
            self.assertTrue(20 < frames < 80, frames)
        else:
            self.check_failure(done, "bad_input", 65)

    def test_damage_in_the_middle_is_survived_or_named(self):
        whole = bytearray(clip("long-enough.mkv", seconds=4).read_bytes())
        for i in range(len(whole) // 2, len(whole) // 2 + 3000, 7):
            whole[i] ^= 0x5A
        done = self.troupe("encode", self.given("hurt.mkv", bytes(whole)),
                           "-o", "out.mp4", "--json")
        if done.status == 0:
            self.assertTrue(done.json()["result"]["warnings"])
        else:
            self.check_failure(done, ("bad_input", "verification_failed"))

    def test_things_that_are_no_files_do_not_hang(self):
        fifo = self.scratch / "fifo.mkv"
        os.mkfifo(fifo)
        for path in (fifo, "/dev/null", "/dev/zero", "/proc/self/mem"):
            with self.subTest(path=path):
                self.refuse(("no_input", "bad_input"), path, "-o", "out.mp4",
                            deadline_s=20)

    def test_a_file_that_may_not_be_read_is_no_input(self):
        if os.geteuid() == 0:
            self.skipTest("root may read everything")
        source = self.given("closed.mkv", b"secret")
        source.chmod(0)
        self.refuse("no_input", source, "-o", "out.mp4", status=66)


class HostileInput(TroupeTest):

    def test_a_playlist_in_disguise_reads_no_other_file(self):
        secret = self.scratch / "secret.ts"
        ffmpeg("-i", clip(), "-c:v", "copy", "-an", secret)
        lists = {
            "hls.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n"
                       f"file://{secret}\n#EXT-X-ENDLIST\n",
            "near.mp4": "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n"
                        "secret.ts\n#EXT-X-ENDLIST\n",
            "concat.mp4": f"ffconcat version 1.0\nfile '{secret}'\n",
            "dash.mp4": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:'
                        'schema:mpd:2011" type="static"><Period><AdaptationSet>'
                        '<Representation id="1" bandwidth="1" mimeType="video/'
                        f'mp2t"><BaseURL>file://{secret}</BaseURL>'
                        "</Representation></AdaptationSet></Period></MPD>",
            "sdp.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nt=0 0\n"
                       "m=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
        }
        for name, text in lists.items():
            with self.subTest(name=name):
                source = self.scratch / name
                source.write_text(text)
                self.refuse("bad_input", source, "-o", "out.mp4", status=65,
                            deadline_s=30)

    def test_titles_that_look_like_filters_are_just_titles(self):
        title = "drawtext=textfile=/etc/passwd,[0:v]movie=/etc/passwd;%{e:1}"
        source = self.scratch / "titled.mkv"
        ffmpeg("-i", clip(), "-c", "copy", "-metadata", f"title={title}",
               "-metadata:s:v:0", f"title={title}", source)
        for options in ((), ("--preset", "standard"), ("--preset", "social")):
            self.encode(source, "out.mp4", "--replace", *options)
            self.assertEqual(
                Probe(self.dir / "out.mp4").format["tags"]["title"], title)

    def test_options_that_hold_filters_are_refused(self):
        for options in (("--speed", "fast:crf=1"), ("--width", "320,drawtext"),
                        ("--container", "tee"), ("--codec", "h264,movie=a"),
                        ("--encoder", "rawvideo"), ("--fps", "25,drawtext"),
                        ("--audio-codec", "aac:x=y")):
            with self.subTest(options=options):
                done = self.troupe("encode", clip(), "-o", "out.mp4", *options)
                self.assertIn(done.status, (64, 65), str(done))
                self.assert_files([])

    def test_protocols_are_no_paths(self):
        for name in ("http://127.0.0.1:9/a.mp4", "concat:a|b", "pipe:0",
                     "data:video/mp4;base64,AAAA",
                     "subfile,,start,0,end,9,,:a"):
            with self.subTest(name=name):
                self.refuse("no_input", name, "-o", "out.mp4", status=66)

    def test_a_gigantic_picture_stays_within_its_limits(self):
        source = self.scratch / "giant.png"
        source.write_bytes(png(16_000, 16_000))
        done = self.troupe("encode", source, "-o", "out.mp4", "--json",
                           "--speed", "ultrafast", "--timeout", "60")
        self.check_failure(done, ("bad_input", "memory_limit",
                                  "impossible_job"))


class Limits(TroupeTest):

    def test_a_session_that_stands_still_is_given_up(self):
        job = self.start("encode", long_clip(), "-o", "out.mp4", "--json",
                         "--stall-timeout", "1", *SLOW)
        session = job.session(cpu_s=0.3)
        os.kill(session.pid, signal.SIGSTOP)
        self.check_failure(job.wait(30), "stalled", 1)

    def test_slow_is_not_stalled(self):
        # A palette buffers the whole clip before anything comes out.
        source = clip("palette.mkv", seconds=6, size="480x270")
        self.encode(source, "out.gif", "--stall-timeout", "2")

    def test_a_job_ends_at_its_time_limit(self):
        done = self.troupe("encode", long_clip(), "-o", "out.mp4", "--json",
                           "--timeout", "1", *SLOW, deadline_s=20)
        self.check_failure(done, "time_limit", 1)

    def test_a_session_ends_at_its_memory_limit(self):
        done = self.troupe("encode", long_clip(), "-o", "out.mp4", "--json",
                           "--memory", "120MB", *SLOW)
        self.check_failure(done, "memory_limit", 1)

    def test_a_full_disk_is_named(self):
        folder = self.dir / "small"
        folder.mkdir()
        with common.mounted_tmpfs(folder, "size=256k"):
            done = self.troupe("encode", long_clip(), "-o", "small/out.mp4",
                               "--json", "--speed", "ultrafast")
            self.check_failure(done, "disk_full", left=["small"])
            self.assertEqual(list(folder.iterdir()), [])

    def test_an_output_ends_at_its_size_limit(self):
        done = self.troupe("encode", long_clip(), "-o", "out.mp4", "--json",
                           "--speed", "ultrafast", "--max-file-size", "200kB")
        self.check_failure(done, ("disk_full", "cannot_create"), 73)


class Interruption(TroupeTest):

    def test_an_interrupt_cancels_at_any_moment(self):
        for cpu_s in (0.0, 0.1, 0.5, 1.5):
            with self.subTest(cpu_s=cpu_s):
                job = self.start("encode", long_clip(), "-o", "out.mp4",
                                 "--json", *SLOW)
                job.session(cpu_s=cpu_s)
                job.send_signal(signal.SIGINT)
                document = self.check_failure(job.wait(10), "cancelled", 130)
                self.assertEqual(document["state"], "cancelled")

    def test_an_interrupt_before_anything_began_leaves_nothing(self):
        for _ in range(5):
            job = self.start("encode", long_clip(), "-o", "out.mp4", *SLOW)
            job.send_signal(signal.SIGINT)
            done = job.wait(10)
            # Before main() has hung its handler the kernel ends it.
            self.assertIn(done.status, (130, -signal.SIGINT), str(done))
            self.assert_files([])

    def test_a_polite_end_leaves_nothing_either(self):
        job = self.start("encode", long_clip(), "-o", "out.mp4", *SLOW)
        job.session(cpu_s=0.5)
        job.send_signal(signal.SIGTERM)
        done = job.wait(10)
        self.assertNotEqual(done.status, 0, str(done))
        self.assert_files([])

    def test_a_killed_session_is_a_crash_at_any_percentage(self):
        job = self.start("encode", clip("work.mkv", seconds=8, size="640x360"),
                         "-o", "whole.mp4", "--json", *SLOW)
        whole_s = 0.0
        while job.poll() is None:
            whole_s = max([whole_s] + [x.cpu_s for x in
                                       common.sessions_of(job.pid)])
        self.assertEqual(job.wait().status, 0)
        os.unlink(self.dir / "whole.mp4")
        for percent in (5, 25, 50, 75, 95):
            with self.subTest(percent=percent):
                job = self.start(
                    "encode", clip("work.mkv", seconds=8, size="640x360"),
                    "-o", "out.mp4", "--json", *SLOW)
                session = job.session(cpu_s=whole_s * percent / 100)
                if session is None:
                    # This run needed less time than the one before.
                    self.assertEqual(job.wait().status, 0)
                    os.unlink(self.dir / "out.mp4")
                    continue
                os.kill(session.pid, signal.SIGKILL)
                document = self.check_failure(job.wait(30), "session_crashed",
                                              1)
                self.assertRegex(document["error"]["message"],
                                 "(?i)sigkill|killed|signal 9")

    def test_a_killed_parent_takes_its_session_along(self):
        job = self.start("encode", long_clip(), "-o", "out.mp4", *SLOW)
        session = job.session(cpu_s=0.5)
        job.send_signal(signal.SIGKILL)
        job.wait()

        def gone():
            found = common.process(session.pid)
            return found is None or found.state == "Z"
        common.wait_until(gone, "the end of the orphan", 5)
        # It was handed to this process, which reaps it like any parent.
        os.waitpid(session.pid, 0)
        self.assertFalse((self.dir / "out.mp4").exists())

    def test_a_job_after_a_killed_parent_succeeds(self):
        source = clip("work.mkv", seconds=8, size="640x360")
        job = self.start("encode", source, "-o", "out.mp4", *SLOW)
        session = job.session(cpu_s=0.5)
        job.send_signal(signal.SIGKILL)
        job.wait()
        os.waitpid(session.pid, 0)
        self.encode(source, "out.mp4")
        self.assertEqual(Probe(self.dir / "out.mp4").codecs[0], "h264")


class ChangingInput(TroupeTest):

    def started(self):
        source = self.scratch / "changing.mkv"
        shutil.copyfile(long_clip(), source)
        job = self.start("encode", source, "-o", "out.mp4", "--json",
                         "--codec", "h264", "--speed", "veryfast")
        job.session(cpu_s=0.5)
        return source, job

    def test_an_input_cut_short_while_it_is_read_is_an_error(self):
        source, job = self.started()
        os.truncate(source, source.stat().st_size // 3)
        self.check_failure(job.wait(), ("input_changed", "bad_input"))

    def test_an_input_overwritten_while_it_is_read_is_an_error(self):
        source, job = self.started()
        with open(source, "r+b") as stream:
            stream.seek(source.stat().st_size // 3)
            stream.write(bytes(1 << 20))
        self.check_failure(job.wait(), ("input_changed", "bad_input"))

    def test_an_input_unlinked_while_it_is_read_is_still_there(self):
        source = self.scratch / "vanishing.mkv"
        shutil.copyfile(clip("work.mkv", seconds=8, size="640x360"), source)
        job = self.start("encode", source, "-o", "out.mp4", "--json", *SLOW)
        job.session(cpu_s=0.5)
        source.unlink()
        done = job.wait()
        if done.status == 0:
            self.assertEqual(done.json()["result"]["frames"], 200)
        else:
            self.check_failure(done, "input_changed")

    def test_an_output_that_appears_meanwhile_is_not_overwritten(self):
        job = self.start("encode", clip("work.mkv", seconds=8, size="640x360"),
                         "-o", "out.mp4", "--json", *SLOW)
        job.session(cpu_s=0.5)
        (self.dir / "out.mp4").write_text("someone else's")
        self.check_failure(job.wait(), "output_exists", 73, left=["out.mp4"])
        self.assertEqual((self.dir / "out.mp4").read_text(), "someone else's")


class StrangeSessions(TroupeTest):
    """The parent trusts nothing that its session says."""

    def refuse_with(self, program, codes):
        return self.refuse(codes, clip(), "-o", "out.mp4", deadline_s=30,
                           env={**os.environ, "TROUPE_SESSION": str(program)})

    def script(self, text):
        path = self.scratch / "troupe-session"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return path

    def test_a_missing_session_program_is_named(self):
        document = self.refuse_with("/no/such/program", "session_unavailable")
        self.assertIn("/no/such/program", document["error"]["message"])

    def test_a_session_that_ends_at_once_is_a_crash(self):
        self.refuse_with("/bin/true", "session_crashed")

    def test_last_words_are_passed_on(self):
        document = self.refuse_with(
            self.script("echo the cat sat on me >&2; exit 3"),
            "session_crashed")
        self.assertIn("the cat sat on me", document["error"]["message"])

    def test_a_session_that_talks_nonsense_is_ended(self):
        for text in ("good morning", r"\377\377\377\377\001",
                     r"\000\000\000\001\377", r"\000\000\000\000"):
            with self.subTest(text=text):
                # One process, which doesn't end by itself.
                self.refuse_with(
                    self.script(f"printf '{text}' >&3\nexec sleep 1000"),
                    ("protocol_mismatch", "session_crashed"))


class ClosedOutput(TroupeTest):

    def test_standard_output_that_is_closed_is_no_crash(self):
        source = clip(seconds=1)
        with subprocess.Popen(
                [common.TROUPE, "encode", source, "-o", "out.mp4", "--json"],
                cwd=self.dir, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as job:
            job.stdout.close()
            job.wait(common.DEADLINE_S)
            self.assertGreaterEqual(job.returncode, 0, job.stderr.read())
        self.assertTrue((self.dir / "out.mp4").exists())


if __name__ == "__main__":
    common.main()
