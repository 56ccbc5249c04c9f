"""The main path: one command, one file in, one file out."""

import contextlib
import os
import shutil

import common
from common import Probe, TroupeTest, clip, media, lavfi


class ThinPath(TroupeTest):

    def test_a_file_is_encoded_and_reported_on(self):
        source = clip()
        document = self.encode(source, "out.mp4")
        result = Probe(self.dir / "out.mp4")
        self.assertEqual(result.codecs, ["h264", "opus"])
        self.assertEqual(document["result"]["frames"], 50)
        self.assertEqual(document["result"]["sha256"],
                         common.sha256(self.dir / "out.mp4"))
        self.assertEqual(document["result"]["size_bytes"],
                         (self.dir / "out.mp4").stat().st_size)
        self.assertAlmostEqual(document["result"]["duration_s"], 2, delta=0.1)
        self.assert_files(["out.mp4"])

    def test_the_document_has_every_field_that_is_promised(self):
        document = self.encode(clip(), "out.mp4", "--preset", "standard")
        self.assertLessEqual(
            {"id", "name", "state", "progress", "priority", "input", "output",
             "operation", "created", "started", "finished", "error", "result",
             "tasks"}, document.keys())
        self.assertLessEqual(
            {"size_bytes", "sha256", "frames", "duration_s", "wall_s", "speed",
             "fps", "dropped", "warnings"}, document["result"].keys())
        self.assertIsNone(document["error"])
        self.assertEqual(document["progress"], 1)
        self.assertGreater(document["result"]["wall_s"], 0)
        self.assertRegex(document["id"], "^[0-9a-f]{8}(-[0-9a-f]{4}){3}"
                                         "-[0-9a-f]{12}$")
        for task in document["tasks"]:
            self.assertLessEqual({"index", "kind", "state", "node", "attempt",
                                  "progress", "fps"}, task.keys())
            self.assertEqual(task["state"], "done")

    def test_data_goes_to_stdout_and_words_to_stderr(self):
        done = self.troupe("encode", clip(), "-o", "out.mp4")
        self.assertEqual(done.status, 0, str(done))
        self.assertNotIn("{", done.stdout)
        done = self.troupe("encode", clip(), "-o", "two.mp4", "--json")
        done.json()

    def test_the_source_stays_as_it_was(self):
        source = self.dir / "source.mkv"
        shutil.copyfile(clip(), source)
        os.chmod(source, 0o444)
        before = (common.sha256(source), source.stat().st_mtime_ns,
                  source.stat().st_mode)
        self.encode(source, "out.mp4")
        self.assertEqual(before, (common.sha256(source),
                                  source.stat().st_mtime_ns,
                                  source.stat().st_mode))

    def test_it_runs_from_any_directory(self):
        away = self.dir / "away"
        away.mkdir()
        shutil.copyfile(clip(), self.dir / "in.mkv")
        self.encode("../in.mkv", "out.mp4", cwd=away)
        self.encode(self.dir / "in.mkv", self.dir / "absolute.mp4", cwd="/")
        self.assertTrue((away / "out.mp4").exists())
        self.assertTrue((self.dir / "absolute.mp4").exists())

    def test_the_environment_needs_hold_nothing(self):
        done = self.troupe("encode", clip(), "-o", "out.mp4", env={})
        self.assertEqual(done.status, 0, str(done))

    def test_names_may_be_anything(self):
        for name in ("with space", "two\nlines", "größe-映画", "%d%s{}",
                     "quote'\"`$HOME", "[0:v]drawtext=textfile=a", "http:",
                     "concat:a|b", "*"):
            with self.subTest(name=name):
                shutil.copyfile(clip(), self.dir / f"{name}.mkv")
                document = self.encode(f"{name}.mkv", f"{name}.mp4")
                self.assertTrue(document["output"].endswith(f"{name}.mp4"))
                self.assertEqual(Probe(self.dir / f"{name}.mp4").codecs[0],
                                 "h264")

    def test_names_may_begin_with_a_dash(self):
        shutil.copyfile(clip(), self.dir / "-in.mkv")
        self.encode("./-in.mkv", "./-out.mp4")
        done = self.troupe("encode", "-o", "two.mp4", "--", "-in.mkv")
        self.assertEqual(done.status, 0, str(done))
        self.assert_files(["-in.mkv", "-out.mp4", "two.mp4"])

    def test_a_name_that_is_no_utf8_works_as_well(self):
        name = b"latin-\xe4\xf6.mkv"
        shutil.copyfile(clip(), os.fsencode(self.dir) + b"/" + name)
        done = self.troupe("encode", os.fsdecode(name), "-o", "out.mp4",
                           "--json")
        self.assertEqual(done.status, 0, str(done))
        done.json()

    def test_several_jobs_at_once_do_not_meet(self):
        jobs = [self.start("encode", clip(), "-o", f"{i}.mp4", "--json")
                for i in range(3)]
        for job in jobs:
            done = job.wait()
            self.assertEqual(done.status, 0, str(done))
        self.assert_files(["0.mp4", "1.mp4", "2.mp4"])


class Presets(TroupeTest):

    def encoded(self, preset, output, source=None, *options):
        document = self.encode(source or clip(seconds=1, size="640x360"),
                               output, "--preset", preset, *options,
                               deadline_s=240)
        return document, Probe(self.dir / output)

    def test_standard_is_h264_that_every_player_takes(self):
        document, result = self.encoded("standard", "out.mp4")
        self.assertEqual(result.video["codec_name"], "h264")
        self.assertEqual(result.video["pix_fmt"], "yuv420p")
        self.assertEqual(result.audio["codec_name"], "aac")
        self.assertEqual(document["priority"], 5)
        self.assertEqual((result.video["width"], result.video["height"]),
                         (640, 360), "a preset never enlarges the picture")

    def test_standard_fits_large_pictures_into_1080_lines(self):
        source = clip("large.mkv", seconds=0.4, size="2560x1440")
        _, result = self.encoded("standard", "out.mp4", source,
                                 "--speed", "ultrafast")
        self.assertEqual((result.video["width"], result.video["height"]),
                         (1920, 1080))

    def test_high_quality_is_prores(self):
        document, result = self.encoded("high_quality", "out.mov")
        self.assertEqual(result.video["codec_name"], "prores")
        self.assertIn("10", result.video["pix_fmt"])
        self.assertEqual(document["priority"], 1)

    def test_web_is_vp9_at_720_lines(self):
        source = clip("large.mkv", seconds=0.4, size="1920x1080")
        document, result = self.encoded("web", "out.webm", source)
        self.assertEqual(result.codecs, ["vp9", "opus"])
        self.assertEqual((result.video["width"], result.video["height"]),
                         (1280, 720))
        self.assertEqual(document["priority"], 7)

    def test_archive_is_hevc_and_keeps_10_bits(self):
        source = clip("ten.mkv", seconds=1,
                      video=("-c:v", "libx264", "-preset", "ultrafast",
                             "-pix_fmt", "yuv420p10le"))
        document, result = self.encoded("archive", "out.mp4", source)
        self.assertEqual(result.video["codec_name"], "hevc")
        self.assertEqual(result.video["pix_fmt"], "yuv420p10le")
        self.assertEqual(document["priority"], 9)

    def test_social_fills_an_upright_frame(self):
        document, result = self.encoded("social", "out.mp4")
        self.assertEqual((result.video["width"], result.video["height"]),
                         (1080, 1920))
        self.assertIn(result.video.get("sample_aspect_ratio", "1:1"),
                      ("1:1", "0:1"))
        self.assertEqual(document["priority"], 3)
        # The picture stands in the middle; above it lies its blurred copy,
        # which is no black bar.
        shown = common.raw_video(self.dir / "out.mp4", 9, 16, 1)
        top_row = shown[:9 * 3]
        self.assertGreater(sum(top_row) / len(top_row), 24)

    def test_web_av1_is_av1(self):
        _, result = self.encoded("web_av1", "out.webm")
        self.assertEqual(result.video["codec_name"], "av1")

    def test_presets_are_listed(self):
        done = self.troupe("encode", "--list-presets")
        self.assertEqual(done.status, 0, str(done))
        for name in ("standard", "high_quality", "web", "archive", "social",
                     "web_av1"):
            self.assertIn(name, done.stdout)

    def test_every_field_can_be_overridden(self):
        source = clip(seconds=1, size="640x360")
        document, result = self.encoded(
            "standard", "out.mkv", source, "--codec", "hevc", "--speed",
            "ultrafast", "--crf", "35", "--width", "320", "--fps", "10",
            "--audio-codec", "flac", "--container", "mkv", "--priority", "2")
        self.assertEqual(result.codecs, ["hevc", "flac"])
        self.assertEqual((result.video["width"], result.video["height"]),
                         (320, 180), "one side given: the other follows")
        self.assertEqual(result.video["r_frame_rate"], "10/1")
        self.assertEqual(document["result"]["frames"], 10)
        self.assertEqual(document["priority"], 2)


class Options(TroupeTest):

    def test_copy_keeps_the_packets(self):
        source = clip()
        self.encode(source, "out.mkv", "--codec", "copy",
                    "--audio-codec", "copy")

        def packets(path):
            return common.must(
                ["ffmpeg", "-v", "error", "-i", path, "-map", "0", "-c",
                 "copy", "-f", "streamhash", "-"]).stdout
        self.assertEqual(packets(self.dir / "out.mkv"), packets(source))

    def test_none_leaves_a_kind_of_stream_out(self):
        self.encode(clip(), "silent.mp4", "--audio-codec", "none")
        self.assertEqual(Probe(self.dir / "silent.mp4").codecs, ["h264"])
        self.encode(clip(), "sound.m4a", "--codec", "none")
        self.assertEqual(len(Probe(self.dir / "sound.m4a").of("video")), 0)

    def test_sound_only_containers_take_the_sound(self):
        for name, codec in (("a.mp3", "mp3"), ("a.flac", "flac"),
                            ("a.wav", "pcm"), ("a.m4a", "aac"),
                            ("a.ogg", "vorbis"), ("a.opus", "opus")):
            with self.subTest(name=name):
                self.encode(clip(), name, "--audio-codec", codec)
                found = Probe(self.dir / name).codecs
                self.assertEqual([x.partition("_")[0] for x in found], [codec])

    def test_a_gif_is_made_from_a_film(self):
        self.encode(clip(seconds=1), "out.gif")
        self.assertEqual(Probe(self.dir / "out.gif").codecs, ["gif"])

    def test_an_exact_encoder_can_be_named(self):
        document = self.encode(clip(seconds=0.4), "out.mkv", "--encoder",
                               "libaom-av1", "--speed", "8")
        self.assertEqual(document["state"], "completed")
        self.assertEqual(Probe(self.dir / "out.mkv").codecs[0], "av1")

    def test_a_bitrate_is_kept_to(self):
        source = clip("long-clip.mkv", seconds=8, size="640x360")
        self.encode(source, "out.mp4", "--bitrate", "300k", "--audio-codec",
                    "none", "--speed", "veryfast")
        bits = (self.dir / "out.mp4").stat().st_size * 8 / 8
        self.assertAlmostEqual(bits / 300_000, 1, delta=0.35)

    def test_sound_is_copied_where_the_container_takes_it(self):
        source = clip("aac.mkv", audio=("-c:a", "aac"))
        self.encode(source, "out.mp4")
        self.assertEqual(Probe(self.dir / "out.mp4").audio["codec_name"], "aac")
        self.encode(source, "out.webm", "--speed", "8")
        self.assertEqual(Probe(self.dir / "out.webm").audio["codec_name"],
                         "opus")

    def test_input_without_pictures_makes_a_sound_file(self):
        source = media("tone.wav", *lavfi("sine=440:duration=2"))
        self.encode(source, "out.mp3")
        self.assertEqual(Probe(self.dir / "out.mp3").codecs, ["mp3"])


class Refusals(TroupeTest):

    def test_usage_errors_exit_with_64(self):
        for args in ((), ("encode",), ("encode", clip()),
                     ("encode", clip(), "-o", "a.mp4", "--no-such-option"),
                     ("encode", clip(), "-o", "a.mp4", "--crf", "good"),
                     ("encode", clip(), "-o", "a.mp4", "--codec", "h266"),
                     ("encode", clip(), "-o", "a.mp4", "--preset", "best"),
                     ("encode", clip(), "-o", "a.mp4", "--width", "-2"),
                     ("encode", clip(), "-o", "a.mp4", "--stall-timeout", "0"),
                     ("no-such-verb",)):
            with self.subTest(args=args):
                done = self.troupe(*args)
                self.assertEqual(done.status, 64, str(done))
                self.assertTrue(done.stderr.strip())
                self.assert_files([])

    def test_help_is_no_error(self):
        for args in (("--help",), ("encode", "--help"), ("--version",)):
            done = self.troupe(*args)
            self.assertEqual(done.status, 0, str(done))
            self.assertTrue(done.stdout.strip())

    def test_impossible_pairs_are_refused_with_what_would_work(self):
        for output, *options in (
                ("a.mov", "--codec", "vp9"), ("a.mp4", "--codec", "prores"),
                ("a.webm", "--codec", "h264"),
                ("a.mp4", "--audio-codec", "vorbis"),
                ("a.webm", "--audio-codec", "aac"),
                ("a.mp3", "--codec", "h264")):
            with self.subTest(output=output, options=options):
                document = self.refuse("impossible_job", clip(), "-o", output,
                                       *options, status=65)
                self.assertRegex(document["error"]["message"],
                                 "mkv|webm|mov|mp4|h264|hevc|opus|aac|mp3")

    def test_an_absent_input_exits_with_66(self):
        self.refuse("no_input", "absent.mkv", "-o", "out.mp4", status=66)
        (self.dir / "folder").mkdir()
        self.refuse("no_input", "folder", "-o", "out.mp4", status=66,
                    left=["folder"])

    def test_an_output_that_cannot_be_created_exits_with_73(self):
        self.refuse("cannot_create", clip(), "-o", "no/such/out.mp4",
                    status=73)

    def test_an_existing_output_is_kept_unless_it_may_be_replaced(self):
        output = self.dir / "out.mp4"
        output.write_text("precious")
        self.refuse("output_exists", clip(), "-o", "out.mp4", status=73,
                    left=["out.mp4"])
        self.assertEqual(output.read_text(), "precious")
        self.encode(clip(), "out.mp4", "--replace")
        self.assertEqual(Probe(output).codecs[0], "h264")
        self.assert_files(["out.mp4"])

    def test_a_failed_replacement_leaves_the_old_file(self):
        output = self.dir / "out.mp4"
        output.write_text("precious")
        broken = self.dir / "broken.mkv"
        broken.write_bytes(b"\x1a\x45\xdf\xa3 and nothing of use")
        self.refuse("bad_input", broken, "-o", "out.mp4", "--replace",
                    status=65, left=["broken.mkv", "out.mp4"])
        self.assertEqual(output.read_text(), "precious")

    def test_a_dangling_link_counts_as_existing(self):
        os.symlink("nowhere", self.dir / "out.mp4")
        self.refuse("output_exists", clip(), "-o", "out.mp4", status=73,
                    left=["out.mp4"])

    def test_an_output_that_is_the_input_is_refused_always(self):
        source = self.dir / "in.mkv"
        shutil.copyfile(clip(), source)
        before = common.sha256(source)
        os.link(source, self.dir / "hard.mkv")
        os.symlink("in.mkv", self.dir / "soft.mkv")
        os.symlink(".", self.dir / "round")
        for output in ("in.mkv", "./in.mkv", "hard.mkv", "soft.mkv",
                       "round/in.mkv"):
            for options in ((), ("--replace",)):
                with self.subTest(output=output, options=options):
                    done = self.troupe("encode", "in.mkv", "-o", output,
                                       *options)
                    self.assertIn(done.status, (64, 65, 73), str(done))
                    self.assertEqual(common.sha256(source), before)
        self.assert_files(["hard.mkv", "in.mkv", "round", "soft.mkv"])

    def test_a_read_only_folder_is_named(self):
        folder = self.dir / "closed"
        folder.mkdir()
        if os.geteuid() == 0:
            # No rights stop root; a file system can.
            mounted = common.mounted_tmpfs(folder, "ro", "size=1m")
        else:
            folder.chmod(0o555)
            mounted = contextlib.nullcontext()
        with mounted:
            document = self.refuse("cannot_create", clip(), "-o",
                                   "closed/out.mp4", status=73,
                                   left=["closed"])
            self.assertIn("closed", document["error"]["message"])


if __name__ == "__main__":
    common.main()
