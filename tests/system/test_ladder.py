"""One decode, several renditions."""

import common
from common import Probe, TroupeTest, clip

SIZES = {1080: (1920, 1080), 720: (1280, 720), 480: (854, 480)}
LADDER = tuple(x for height in SIZES for x in ("--rendition", f"{height}p"))


class Ladder(TroupeTest):

    def source(self):
        # What unlabelled pictures are taken for depends on their size.
        return clip("ladder.mkv", seconds=1, size="1920x1080", extra=(
            "-colorspace", "bt709", "-color_primaries", "bt709",
            "-color_trc", "bt709"))

    def test_every_rendition_is_a_whole_file(self):
        document = self.encode(self.source(), "film_{height}.mp4", *LADDER,
                               "--speed", "ultrafast")
        self.assert_files([f"film_{height}.mp4" for height in SIZES])
        for height, size in SIZES.items():
            result = Probe(self.dir / f"film_{height}.mp4")
            self.assertEqual((result.video["width"], result.video["height"]),
                             size)
            self.assertEqual(result.codecs, ["h264", "opus"])
            self.assertEqual(len(common.frame_times(result.path)), 25)
        self.assertEqual(document["result"]["frames"], 25)

    def test_the_renditions_come_from_one_session(self):
        job = self.start("encode", self.source(), "-o", "film_{height}.mp4",
                         *LADDER, "--speed", "ultrafast")
        seen = {}
        while job.poll() is None:
            seen.update((x.pid, x.cpu_s) for x in common.sessions_of(job.pid))
        self.assertEqual(job.wait().status, 0)
        # One more at most, which proves the encoder.
        self.assertLessEqual(len(seen), 2, seen)

    def test_pictures_of_all_renditions_are_the_same(self):
        self.encode(self.source(), "film_{height}.mp4", *LADDER, "--speed",
                    "ultrafast")
        shown = [common.raw_video(self.dir / f"film_{height}.mp4", 64, 36, 25)
                 for height in SIZES]
        for other in shown[1:]:
            self.assertEqual(len(other), len(shown[0]))
            error = sum(abs(a - b) for a, b in zip(shown[0], other))
            self.assertLess(error / len(other), 2)

    def test_a_tall_picture_is_fitted_by_its_short_side(self):
        source = clip("tall.mkv", seconds=0.4, size="1080x1920")
        self.encode(source, "film_{height}.mp4", "--rendition", "480p",
                    "--speed", "ultrafast")
        video = Probe(self.dir / "film_480.mp4").video
        self.assertEqual((video["width"], video["height"]), (480, 854))

    def test_names_must_tell_renditions_apart(self):
        done = self.troupe("encode", self.source(), "-o", "film.mp4", *LADDER)
        self.assertIn(done.status, (64, 65), str(done))
        self.assertIn("{height}", done.stderr)
        self.assert_files([])

    def test_one_existing_output_refuses_the_whole_ladder(self):
        (self.dir / "film_720.mp4").write_text("precious")
        self.refuse("output_exists", self.source(), "-o", "film_{height}.mp4",
                    *LADDER, status=73, left=["film_720.mp4"])

    def test_the_same_job_gives_the_same_bytes(self):
        digests = []
        for folder in ("one", "two"):
            (self.dir / folder).mkdir()
            self.encode(self.source(), f"{folder}/film_{{height}}.mp4",
                        *LADDER, "--speed", "ultrafast")
            digests.append([common.sha256(self.dir / folder /
                                          f"film_{height}.mp4")
                            for height in SIZES])
        self.assertEqual(digests[0], digests[1])


if __name__ == "__main__":
    common.main()
