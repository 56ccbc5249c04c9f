"""What a file is, and what this machine can do with it."""

import common
from common import TroupeTest, clip, ffmpeg, lavfi, media


class Inspect(TroupeTest):

    def inspect(self, path):
        done = self.troupe("inspect", path, "--json")
        self.assertEqual(done.status, 0, str(done))
        return done.json()

    def test_streams_are_described(self):
        source = clip("described.mkv", audio=("-c:a", "aac"), extra=(
            "-metadata:s:a:0", "language=fin", "-metadata", "title=A film",
            "-colorspace", "bt709", "-color_primaries", "bt709",
            "-color_trc", "bt709"))
        said = self.inspect(source)
        self.assertEqual(said["tags"]["title"], "A film")
        self.assertEqual(said["size_bytes"], source.stat().st_size)
        self.assertAlmostEqual(said["duration_s"], 2, delta=0.1)
        video, audio = said["streams"]
        self.assertEqual((video["kind"], video["codec"]), ("video", "h264"))
        self.assertEqual((video["width"], video["height"]), (320, 180))
        self.assertAlmostEqual(video["fps"], 25, delta=0.01)
        self.assertEqual(video["color"]["matrix"], "bt709")
        self.assertEqual((audio["kind"], audio["codec"]), ("audio", "aac"))
        self.assertEqual(audio["sample_rate"], 48000)
        self.assertEqual(audio["channels"], 1)
        self.assertEqual(audio["language"], "fin")

    def test_hdr_is_described(self):
        source = media(
            "hdr.mkv", *lavfi("testsrc2=size=320x180:rate=25:duration=0.4"),
            "-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020",
            "-color_trc", "smpte2084", "-colorspace", "bt2020nc", "-c:v",
            "libx265", "-preset", "ultrafast", "-x265-params",
            "log-level=none:max-cll=1000,400:master-display=G(13250,34500)"
            "B(7500,3000)R(34000,16000)WP(15635,16450)L(10000000,50)")
        video = self.inspect(source)["streams"][0]
        self.assertEqual(video["bit_depth"], 10)
        self.assertEqual(video["color"]["transfer"], "smpte2084")
        self.assertEqual(video["hdr"]["content_light_level"],
                         {"max_cll": 1000, "max_fall": 400})
        self.assertAlmostEqual(
            video["hdr"]["mastering_display"]["max_luminance"], 1000, delta=1)

    def test_rotation_and_aspect_are_described(self):
        flat = clip("flat.mp4", audio=None, extra=("-vf", "setsar=4/3"))
        source = media("turned.mp4", "-i", flat, "-c", "copy",
                       "-metadata:s:v:0", "rotate=90")
        video = self.inspect(source)["streams"][0]
        self.assertIn(abs(video["rotation"]), (90, 270))
        self.assertEqual(video["sample_aspect"], "4:3")

    def test_chapters_are_listed(self):
        table = self.scratch / "chapters.txt"
        table.write_text(";FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\n"
                         "END=700\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\n"
                         "START=700\nEND=2000\ntitle=Two\n")
        source = self.scratch / "chapters.mkv"
        ffmpeg("-i", clip(), "-i", table, "-map_metadata", "1", "-c", "copy",
               source)
        chapters = self.inspect(source)["chapters"]
        self.assertEqual([x["title"] for x in chapters], ["One", "Two"])
        self.assertAlmostEqual(chapters[1]["start_s"], 0.7, delta=0.002)

    def test_people_get_words(self):
        source = clip("described.mkv", audio=("-c:a", "aac"), extra=(
            "-metadata:s:a:0", "language=fin"))
        done = self.troupe("inspect", source)
        self.assertEqual(done.status, 0, str(done))
        for word in ("h264", "320x180", "25", "aac", "fin"):
            self.assertIn(word, done.stdout)

    def test_tags_cannot_speak_to_the_terminal(self):
        source = self.scratch / "shouting.mkv"
        ffmpeg("-i", clip(), "-c", "copy", "-metadata",
               "title=\x1b]0;owned\x07\x1b[31mred", source)
        done = self.troupe("inspect", source)
        self.assertEqual(done.status, 0, str(done))
        self.assertNotIn("\x1b", done.stdout)
        self.assertNotIn("\x07", done.stdout)

    def test_errors_have_their_status(self):
        text = self.scratch / "text.mp4"
        text.write_text("no film")
        for path, status in ((text, 65), (self.scratch / "absent.mp4", 66),
                             (self.scratch, 66)):
            for options in ((), ("--json",)):
                done = self.troupe("inspect", path, *options)
                self.assertEqual(done.status, status, str(done))
                self.assertTrue(done.stderr.strip())
        self.assertEqual(self.troupe("inspect").status, 64)


class Probe(TroupeTest):

    def test_the_machine_is_described(self):
        done = self.troupe("probe", "--json", deadline_s=240)
        self.assertEqual(done.status, 0, str(done))
        said = done.json()
        self.assertLessEqual(
            {"hostname", "os", "cpu", "memory_bytes", "disk_free_bytes",
             "gpus", "libraries", "encoders", "decoders", "formats"},
            said.keys())
        self.assertGreater(said["memory_bytes"], 1 << 28)
        by_name = {x["name"]: x for x in said["encoders"]}
        for name in ("libx264", "libx265", "libvpx-vp9", "libsvtav1",
                     "prores_ks"):
            encoder = by_name[name]
            self.assertLessEqual(
                {"name", "codec", "kind", "works", "reason", "max_width",
                 "max_height", "pixel_formats", "fps_1080p"}, encoder.keys())
            self.assertTrue(encoder["works"], encoder)
            self.assertEqual(encoder["kind"], "software")
        for encoder in said["encoders"]:
            self.assertNotEqual(encoder["works"], bool(encoder["reason"]),
                                "what doesn't work has a reason")
        self.assertIn("mp4", said["formats"])


if __name__ == "__main__":
    common.main()
