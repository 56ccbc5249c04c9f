"""Whatever the source says and the target can hold arrives."""

import math
import re
import shutil

import common
import pgs
import sync
from common import Probe, TroupeTest, clip, ffmpeg, lavfi, media

FAST = ("-c:v", "libx264", "-preset", "ultrafast")

HDR10_X265 = (
    "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:"
    "master-display=G(13250,34500)B(7500,3000)R(34000,16000)WP(15635,16450)"
    "L(10000000,50):max-cll=1000,400")


def bt2020(transfer):
    return ("-pix_fmt", "yuv420p10le", "-color_primaries", "bt2020",
            "-color_trc", transfer, "-colorspace", "bt2020nc",
            "-color_range", "tv")


def psnr(one, two):
    """Between two byte strings of equal length; infinite when equal."""
    error = sum((a - b) * (a - b) for a, b in zip(one, two)) / len(one)
    return math.inf if error == 0 else 10 * math.log10(255 * 255 / error)


class FidelityTest(TroupeTest):

    def assert_looks_alike(self, one, two, width=64, height=36, least=25):
        """Both files show the same pictures, turned as players turn them."""
        a, b = (common.raw_video(x, width, height, 20) for x in (one, two))
        self.assertEqual(len(a), len(b))
        self.assertGreater(psnr(a, b), least)

    def assert_same_pace(self, one, two, tolerance_s=0.0015):
        a, b = common.frame_times(one), common.frame_times(two)
        self.assertEqual(len(a), len(b))
        for n, (x, y) in enumerate(zip(a, b)):
            self.assertAlmostEqual(x - a[0], y - b[0], delta=tolerance_s,
                                   msg=f"frame {n}")


class Timing(FidelityTest):

    def assert_in_sync(self, source, result):
        before, after = sync.offsets(source), sync.offsets(result)
        self.assertEqual(len(before), len(after))
        for x, y in zip(before, after):
            self.assertAlmostEqual(x, y, delta=0.020)

    def test_variable_frame_rate_stays_variable(self):
        source = clip("vfr.mkv", seconds=3, audio=None, extra=(
            "-vf", "select='if(lt(t,1),1,not(mod(n,3+gt(t,2)*4)))'",
            "-fps_mode", "vfr"))
        gaps = {round(b - a, 2) for a, b in
                zip(common.frame_times(source), common.frame_times(source)[1:])}
        self.assertGreater(len(gaps), 2, "the source is not as meant")
        for output in ("out.mp4", "out.mkv", "out.mov", "out.webm"):
            with self.subTest(output=output):
                options = ("--speed", "8") if "webm" in output else ()
                self.encode(source, output, *options)
                self.assert_same_pace(source, self.dir / output)

    def test_picture_and_sound_stay_together(self):
        source = sync.clip("sync.mp4")
        for output, *options in (
                ("a.mp4",), ("b.mkv",), ("c.ts",), ("d.mov",),
                ("e.mp4", "--preset", "standard"),
                ("f.webm", "--preset", "web"),
                ("g.mkv", "--audio-codec", "mp3"),
                ("h.mov", "--audio-codec", "pcm"),
                ("i.mkv", "--audio-codec", "vorbis"),
                ("j.mkv", "--audio-codec", "flac")):
            with self.subTest(output=output):
                self.encode(source, output, *options)
                self.assert_in_sync(source, self.dir / output)

    def test_sound_that_begins_late_or_early_stays_so(self):
        for name, delay in (("late", 0.3), ("early", -0.3)):
            source = sync.clip(f"{name}.mkv", delay_s=delay)
            for output in (f"{name}.mp4", f"{name}.mkv", f"{name}.ts"):
                with self.subTest(output=output):
                    self.encode(source, output, "--audio-codec", "aac")
                    self.assert_in_sync(source, self.dir / output)

    def test_a_start_far_from_zero_is_no_gap(self):
        for name in ("offset.mkv", "offset.ts"):
            source = sync.clip(name, "-output_ts_offset", "5")
            output = f"{name}.mp4"
            document = self.encode(source, output)
            self.assert_in_sync(source, self.dir / output)
            self.assertEqual(document["result"]["frames"], 100)
            self.assertLess(abs(Probe(self.dir / output).duration - 4), 0.2)

    def test_an_edit_list_cuts_what_it_hides(self):
        whole = sync.clip("whole.mp4")
        source = media("cut.mp4", "-ss", "0.9", "-i", whole, "-c", "copy")
        self.assertLess(Probe(source).duration, 3.3)
        self.encode(source, "out.mp4", "--audio-codec", "aac")
        self.assert_in_sync(source, self.dir / "out.mp4")
        self.assertEqual(len(common.frame_times(source)),
                         len(common.frame_times(self.dir / "out.mp4")))

    def test_the_wrap_of_a_transport_stream_is_no_gap(self):
        # 33 bits of a 90 kHz clock end at 95443.7 s, inside this clip.
        source = sync.clip("wrap.ts", "-output_ts_offset", "95442")
        document = self.encode(source, "out.mp4")
        self.assertEqual(document["result"]["frames"], 100)
        self.assertLess(abs(Probe(self.dir / "out.mp4").duration - 4), 0.2)
        self.assert_in_sync(source, self.dir / "out.mp4")

    def test_a_jump_of_the_clock_is_no_gap(self):
        one = sync.clip("one.ts", "-output_ts_offset", "100")
        two = sync.clip("two.ts", "-output_ts_offset", "7")
        source = self.scratch / "jump.ts"
        source.write_bytes(one.read_bytes() + two.read_bytes())
        document = self.encode(source, "out.mp4", "--audio-codec", "aac")
        self.assertEqual(document["result"]["frames"], 200)
        self.assertLess(abs(Probe(self.dir / "out.mp4").duration - 8), 0.3)
        # The parts are known to be in sync but for what each carries.
        known = sync.offsets(one) + sync.offsets(two)
        for x, y in zip(known, sync.offsets(self.dir / "out.mp4"), strict=True):
            self.assertAlmostEqual(x, y, delta=0.020)


class Pictures(FidelityTest):

    def test_rotation_is_neither_lost_nor_doubled(self):
        upright = clip("turn.mp4", size="320x180", audio=None)
        for angle in (90, 180, 270):
            source = media(f"turn{angle}.mp4", "-i", upright, "-c", "copy",
                           "-metadata:s:v:0", f"rotate={angle}")
            self.assertIsNotNone(common.side_data(
                Probe(source).video, "Display Matrix"))
            for output, *options in (
                    (f"{angle}.mp4",), (f"{angle}.mkv",), (f"{angle}.mov",),
                    (f"{angle}-standard.mp4", "--preset", "standard"),
                    (f"{angle}-copied.mp4", "--codec", "copy")):
                with self.subTest(output=output):
                    self.encode(source, output, *options)
                    self.assert_looks_alike(source, self.dir / output)

    def test_the_display_aspect_is_kept(self):
        for sample in ("16/11", "4/3", "8/9"):
            source = clip(f"sar{sample.replace('/', '-')}.mkv", audio=None,
                          size="352x288", extra=("-vf", f"setsar={sample}"))
            top, _, bottom = sample.partition("/")
            shown = 352 / 288 * int(top) / int(bottom)
            for output, *options in (
                    ("out.mp4",), ("out.mkv",),
                    ("standard.mp4", "--preset", "standard"),
                    ("small.mkv", "--width", "176")):
                with self.subTest(sample=sample, output=output):
                    self.encode(source, output, "--replace", *options)
                    video = Probe(self.dir / output).video
                    top, _, bottom = video.get("sample_aspect_ratio",
                                               "1:1").partition(":")
                    found = (video["width"] / video["height"]
                             * int(top) / int(bottom))
                    self.assertAlmostEqual(found / shown, 1, delta=0.01)

    def test_colours_are_described_as_they_are(self):
        # Half the saturation: BT.601's purest colours lie outside of BT.709.
        source = clip("bt601.mkv", audio=None, extra=(
            "-vf", "hue=s=0.5", "-color_primaries", "smpte170m",
            "-color_trc", "smpte170m", "-colorspace", "smpte170m"))
        self.encode(source, "kept.mp4")
        video = Probe(self.dir / "kept.mp4").video
        self.assertEqual(video["color_space"], "smpte170m")
        self.encode(source, "standard.mp4", "--preset", "standard")
        video = Probe(self.dir / "standard.mp4").video
        self.assertEqual(video["color_space"], "bt709")
        self.assertEqual(video["color_primaries"], "bt709")
        self.assert_looks_alike(source, self.dir / "kept.mp4", least=35)
        one = common.raw_video(source, 64, 36, 20, filters=(
            "zscale=p=bt709:t=bt709:m=bt709:r=tv,format=yuv444p"))
        two = common.raw_video(self.dir / "standard.mp4", 64, 36, 20)
        self.assertGreater(psnr(one, two), 32)

    def test_full_range_does_not_wash_out(self):
        source = clip("full.mkv", audio=None, extra=(
            "-vf", "scale=out_range=full", "-pix_fmt", "yuvj420p"))
        for output, *options in (("out.mp4",), ("standard.mp4", "--preset",
                                                "standard")):
            self.encode(source, output, *options)
            self.assert_looks_alike(source, self.dir / output, least=28)

    def test_hdr10_and_its_metadata_arrive(self):
        source = media(
            "hdr10.mkv", *lavfi("testsrc2=size=320x180:rate=25:duration=1"),
            *bt2020("smpte2084"), "-c:v", "libx265", "-preset", "ultrafast",
            "-x265-params", HDR10_X265)
        for output, preset in (("a.mp4", "archive"), ("b.mkv", "web_av1")):
            with self.subTest(preset=preset):
                self.encode(source, output, "--preset", preset, "--container",
                            output[-3:])
                video = Probe(self.dir / output).video
                self.assertEqual(video["pix_fmt"], "yuv420p10le")
                self.assertEqual(video["color_transfer"], "smpte2084")
                self.assertEqual(video["color_primaries"], "bt2020")
                self.assertEqual(video["color_space"], "bt2020nc")
                frame = common.first_frame(self.dir / output)
                found = {**video, "side_data_list":
                         video.get("side_data_list", [])
                         + frame.get("side_data_list", [])}
                display = common.side_data(found, "Mastering display metadata")
                self.assertIsNotNone(display, str(found))

                def number(text):
                    top, _, bottom = str(text).partition("/")
                    return int(top) / int(bottom or 1)
                self.assertAlmostEqual(number(display["max_luminance"]), 1000,
                                       delta=1)
                self.assertAlmostEqual(number(display["red_x"]), 0.68,
                                       delta=0.001)
                light = common.side_data(found, "Content light level metadata")
                self.assertEqual(light["max_content"], 1000)
                self.assertEqual(light["max_average"], 400)

    def test_hlg_arrives(self):
        source = media(
            "hlg.mkv", *lavfi("testsrc2=size=320x180:rate=25:duration=1"),
            *bt2020("arib-std-b67"), "-c:v", "libx265", "-preset", "ultrafast",
            "-x265-params", "log-level=none:transfer=arib-std-b67")
        self.encode(source, "out.mp4", "--preset", "archive")
        video = Probe(self.dir / "out.mp4").video
        self.assertEqual(video["color_transfer"], "arib-std-b67")
        self.assertEqual(video["pix_fmt"], "yuv420p10le")

    def test_hdr_is_mapped_to_what_every_player_shows(self):
        for transfer in ("smpte2084", "arib-std-b67"):
            source = media(
                f"{transfer}.mkv",
                *lavfi("testsrc2=size=320x180:rate=25:duration=0.4"),
                *bt2020(transfer), "-c:v", "libx265", "-preset", "ultrafast",
                "-x265-params", f"log-level=none:transfer={transfer}")
            self.encode(source, "out.mp4", "--preset", "standard", "--replace")
            video = Probe(self.dir / "out.mp4").video
            self.assertEqual(video["pix_fmt"], "yuv420p")
            self.assertEqual(video["color_transfer"], "bt709")
            self.assertEqual(video["color_primaries"], "bt709")
            self.assertIsNone(common.side_data(
                common.first_frame(self.dir / "out.mp4"), "Mastering"))
            shown = common.raw_video(self.dir / "out.mp4", 32, 18, 1)
            mean = sum(shown) / len(shown)
            self.assertTrue(40 < mean < 220, f"mean brightness {mean}")

    def test_depth_and_sampling_are_kept(self):
        for pixels in ("yuv420p10le", "yuv422p", "yuv444p", "yuv422p10le"):
            source = clip(f"{pixels}.mkv", seconds=0.4, audio=None,
                          extra=("-pix_fmt", pixels))
            with self.subTest(pixels=pixels):
                self.encode(source, "out.mkv", "--codec", "h264", "--replace")
                self.assertEqual(Probe(self.dir / "out.mkv").video["pix_fmt"],
                                 pixels)

    def test_interlaced_pictures_stay_so_or_become_progressive(self):
        source = media(
            "interlaced.ts",
            *lavfi("testsrc2=size=720x576:rate=50:duration=2,"
                   "interlace=scan=tff,setfield=tff"),
            "-c:v", "mpeg2video", "-b:v", "8M", "-flags", "+ildct+ilme",
            "-top", "1")
        self.assertEqual(common.first_frame(source)["interlaced_frame"], 1)
        count = len(common.frame_times(source))
        self.encode(source, "kept.mp4", "--codec", "h264")
        frame = common.first_frame(self.dir / "kept.mp4")
        self.assertEqual((frame["interlaced_frame"], frame["top_field_first"]),
                         (1, 1))
        self.encode(source, "standard.mp4", "--preset", "standard")
        frame = common.first_frame(self.dir / "standard.mp4")
        self.assertEqual(frame["interlaced_frame"], 0)
        for name in ("kept.mp4", "standard.mp4"):
            self.assertEqual(len(common.frame_times(self.dir / name)), count)

    def test_odd_sizes_lose_at_most_a_line(self):
        source = clip("odd.mkv", audio=None, size="321x181", video=(
            "-c:v", "ffv1", "-pix_fmt", "yuv444p"))
        self.encode(source, "out.mp4", "--preset", "standard")
        video = Probe(self.dir / "out.mp4").video
        self.assertIn(video["width"], (320, 322))
        self.assertIn(video["height"], (180, 182))
        self.assert_looks_alike(source, self.dir / "out.mp4")


class Sound(FidelityTest):

    def test_six_channels_stay_in_their_places(self):
        source = media(
            "surround.mkv", *lavfi(
                "aevalsrc='sin(300*2*PI*t)|0|0|0|0|sin(900*2*PI*t)':"
                "channel_layout=5.1:sample_rate=48000:duration=2"),
            "-c:a", "flac")

        def loud(path):
            said = common.must(
                ["ffmpeg", "-nostdin", "-i", path, "-af",
                 "aformat=channel_layouts=5.1,astats=measure_overall=none:"
                 "measure_perchannel=RMS_level", "-f", "null", "-"]).stderr
            levels = [line.rpartition(":")[2].strip()
                      for line in said.splitlines() if "RMS level" in line]
            return [level not in ("-inf", "nan") and float(level) > -40
                    for level in levels]
        expected = [True, False, False, False, False, True]
        self.assertEqual(loud(source), expected)
        for output, codec in (("a.m4a", "aac"), ("b.webm", "opus"),
                              ("c.flac", "flac"), ("d.ogg", "vorbis"),
                              ("e.wav", "pcm")):
            with self.subTest(codec=codec):
                self.encode(source, output, "--audio-codec", codec)
                self.assertEqual(Probe(self.dir / output).audio["channels"], 6)
                self.assertEqual(loud(self.dir / output), expected)

    def test_all_sound_tracks_arrive_with_language_and_disposition(self):
        source = media(
            "tracks.mkv", *lavfi("testsrc2=size=160x120:rate=25:duration=2"),
            *lavfi("sine=300:duration=2"), *lavfi("sine=600:duration=2"),
            *lavfi("sine=900:duration=2"), "-map", "0", "-map", "1", "-map",
            "2", "-map", "3", *FAST, "-c:a", "aac",
            "-metadata:s:a:0", "language=eng",
            "-metadata:s:a:1", "language=ger",
            "-metadata:s:a:2", "language=fra",
            "-metadata:s:a:2", "title=Commentary",
            "-disposition:a:0", "0", "-disposition:a:1", "default",
            "-disposition:a:2", "comment")
        for output in ("out.mp4", "out.mkv", "out.mov", "out.webm"):
            with self.subTest(output=output):
                options = ("--speed", "8") if "webm" in output else ()
                self.encode(source, output, *options)
                tracks = Probe(self.dir / output).of("audio")
                self.assertEqual([x["tags"].get("language") for x in tracks],
                                 ["eng", "ger", "fra"])
                self.assertEqual([x["disposition"]["default"]
                                  for x in tracks], [0, 1, 0])
                if output == "out.mkv":
                    self.assertEqual(tracks[2]["disposition"]["comment"], 1)
                    self.assertEqual(tracks[2]["tags"]["title"], "Commentary")

    def test_languages_survive_the_spellings_of_containers(self):
        # ISO 639-2 has two words for some; QuickTime knows one of them.
        for word, same in (("deu", "ger"), ("fra", "fre"), ("nld", "dut")):
            source = media(f"{word}.mkv", *lavfi("sine=duration=1"), "-c:a",
                           "aac", "-metadata:s:a:0", f"language={word}")
            for output in ("out.mp4", "out.mov", "out.mkv"):
                with self.subTest(word=word, output=output):
                    document = self.encode(source, output, "--replace")
                    tags = Probe(self.dir / output).audio["tags"]
                    if tags.get("language") not in (word, same):
                        self.assertIn(word,
                                      str(document["result"]["dropped"]))

    def test_lossless_sound_stays_lossless(self):
        source = media("noise.wav", *lavfi("anoisesrc=duration=1:seed=3"),
                       "-c:a", "pcm_s24le")

        def samples(path):
            return common.must(["ffmpeg", "-v", "error", "-i", path, "-map",
                                "0:a", "-c:a", "pcm_s24le", "-f", "md5",
                                "-"]).stdout
        for output, codec in (("a.flac", "flac"), ("b.wav", "pcm"),
                              ("c.mkv", "flac")):
            with self.subTest(output=output):
                self.encode(source, output, "--audio-codec", codec)
                self.assertEqual(samples(self.dir / output), samples(source))


# A clip that begins at 0 exactly: Opus would begin before, by its priming.
ON_TIME = ("-c:a", "flac")


class Extras(FidelityTest):

    def test_chapters_arrive_with_their_titles(self):
        table = self.scratch / "chapters.txt"
        table.write_text(
            ";FFMETADATA1\ntitle=Film\n"
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=700\ntitle=One\n"
            "[CHAPTER]\nTIMEBASE=1/1000\nSTART=700\nEND=2000\ntitle=Zwölf\n")
        source = self.scratch / "chapters.mkv"
        ffmpeg("-i", clip(audio=ON_TIME), "-i", table, "-map_metadata", "1",
               "-c", "copy", source)
        for output in ("out.mp4", "out.mkv", "out.mov", "out.webm"):
            with self.subTest(output=output):
                options = ("--speed", "8") if "webm" in output else ()
                self.encode(source, output, *options)
                chapters = Probe(self.dir / output).chapters
                self.assertEqual([x["tags"]["title"] for x in chapters],
                                 ["One", "Zwölf"])
                self.assertAlmostEqual(float(chapters[1]["start_time"]), 0.7,
                                       delta=0.002)

    def test_metadata_of_the_file_and_its_streams_arrives(self):
        source = media("tags.mkv", "-i", clip(), "-c", "copy",
                       "-metadata", "title=A title; with 'signs' %{pts}",
                       "-metadata", "artist=Ärtist", "-metadata",
                       "comment=two\nlines", "-metadata:s:v:0",
                       "language=jpn")
        for output in ("out.mp4", "out.mkv"):
            with self.subTest(output=output):
                self.encode(source, output)
                result = Probe(self.dir / output)
                tags = {k.lower(): v for k, v in result.format["tags"].items()}
                self.assertEqual(tags["title"],
                                 "A title; with 'signs' %{pts}")
                self.assertEqual(tags["artist"], "Ärtist")
                self.assertEqual(tags["comment"], "two\nlines")
                self.assertEqual(result.video["tags"]["language"], "jpn")

    def test_cover_art_arrives(self):
        source = media(
            "cover.mp4", *lavfi("sine=duration=2"),
            *lavfi("testsrc2=size=128x128:rate=1:duration=1"), "-map", "0",
            "-map", "1", "-c:a", "aac", "-c:v", "mjpeg", "-frames:v", "1",
            "-pix_fmt", "yuvj420p", "-disposition:v", "attached_pic")
        for output in ("out.m4a", "out.mp3", "out.flac", "out.mp4"):
            with self.subTest(output=output):
                self.encode(source, output)
                pictures = Probe(self.dir / output).of("video")
                self.assertEqual(len(pictures), 1)
                self.assertEqual(pictures[0]["disposition"]["attached_pic"], 1)
                self.assertEqual(pictures[0]["width"], 128)

    def test_attachments_arrive_or_are_listed(self):
        font = self.scratch / "font.ttf"
        font.write_bytes(bytes(range(256)) * 40)
        source = self.scratch / "attached.mkv"
        ffmpeg("-i", clip(), "-c", "copy", "-attach", font, "-metadata:s:t",
               "mimetype=application/x-truetype-font", source)
        self.encode(source, "out.mkv")
        kept = Probe(self.dir / "out.mkv").of("attachment")
        self.assertEqual([x["tags"]["filename"] for x in kept], ["font.ttf"])
        out = self.scratch / "dumped"
        common.run(["ffmpeg", "-nostdin", "-v", "quiet",
                    "-dump_attachment:t:0", out, "-i", self.dir / "out.mkv"])
        self.assertEqual(out.read_bytes(), font.read_bytes())
        document = self.encode(source, "out.mp4")
        self.assertTrue(any("attachment" in x
                            for x in document["result"]["dropped"]),
                        document["result"]["dropped"])

    def subtitled(self):
        text = self.scratch / "text.srt"
        text.write_text("1\n00:00:00,200 --> 00:00:00,900\nGrüße\n\n"
                        "2\n00:00:01,000 --> 00:00:01,700\n<i>two</i>\n")
        styled = self.scratch / "styled.ass"
        ffmpeg("-i", text, styled)
        source = self.scratch / "subtitled.mkv"
        ffmpeg("-i", clip(audio=ON_TIME), "-i", text, "-i", styled, "-map",
               "0", "-map", "1", "-map", "2", "-c", "copy", "-metadata:s:s:0",
               "language=ger", "-metadata:s:s:1", "language=eng",
               "-disposition:s:0", "default", "-disposition:s:1", "forced",
               source)
        return source

    def test_subtitles_are_turned_into_what_the_container_takes(self):
        source = self.subtitled()
        for output, codecs in (("out.mp4", ["mov_text"] * 2),
                               ("out.mov", ["mov_text"] * 2),
                               ("out.mkv", ["subrip", "ass"]),
                               ("out.webm", ["webvtt"] * 2)):
            with self.subTest(output=output):
                options = ("--speed", "8") if "webm" in output else ()
                self.encode(source, output, *options)
                result = Probe(self.dir / output)
                tracks = result.of("subtitle")
                self.assertEqual([x["codec_name"] for x in tracks], codecs)
                self.assertEqual([x["tags"]["language"] for x in tracks],
                                 ["ger", "eng"])
                lines = common.must(
                    ["ffmpeg", "-v", "error", "-i", self.dir / output, "-map",
                     "0:s:0", "-f", "srt", "-"]).stdout
                self.assertIn("Grüße", lines)
                # Opus' priming may make the file begin before the picture.
                for at, then in zip(re.findall(r"00:00:(\d\d,\d+)", lines),
                                    (0.2, 0.9, 1.0, 1.7), strict=True):
                    self.assertAlmostEqual(float(at.replace(",", ".")), then,
                                           delta=0.015)
                if output == "out.mkv":
                    self.assertEqual(tracks[1]["disposition"]["forced"], 1)

    def test_pictures_as_subtitles_arrive_or_are_listed(self):
        pictures = self.scratch / "pictures.sup"
        pictures.write_bytes(pgs.stream([(0.2, 0.9), (1.1, 1.8)]))
        source = self.scratch / "pictures.mkv"
        ffmpeg("-i", clip(), "-i", pictures, "-map", "0", "-map", "1", "-c",
               "copy", "-metadata:s:s:0", "language=swe", source)
        self.encode(source, "out.mkv")
        self.assertIn("hdmv_pgs_subtitle", Probe(self.dir / "out.mkv").codecs)
        document = self.encode(source, "out.mp4")
        self.assertEqual(Probe(self.dir / "out.mp4").of("subtitle"), [])
        dropped = document["result"]["dropped"]
        self.assertTrue(any("subtitle" in x and "swe" in x for x in dropped),
                        dropped)

    def test_the_best_picture_is_taken_of_several(self):
        source = self.scratch / "two.mkv"
        ffmpeg(*lavfi("testsrc2=size=160x90:rate=25:duration=1"),
               *lavfi("testsrc2=size=640x360:rate=25:duration=1"), "-map", "0",
               "-map", "1", *FAST, "-disposition:v", "0", source)
        document = self.encode(source, "out.mp4")
        pictures = Probe(self.dir / "out.mp4").of("video")
        self.assertEqual([x["width"] for x in pictures], [640])
        self.assertTrue(document["result"]["dropped"])

    def test_a_copy_of_the_result_is_as_good(self):
        # What troupe writes, troupe reads: twice through the same door.
        shutil.copyfile(self.subtitled(), self.dir / "in.mkv")
        self.encode("in.mkv", "one.mkv")
        self.encode("one.mkv", "two.mkv")
        one, two = Probe(self.dir / "one.mkv"), Probe(self.dir / "two.mkv")
        self.assertEqual(one.codecs, two.codecs)
        self.assert_same_pace(self.dir / "one.mkv", self.dir / "two.mkv")


if __name__ == "__main__":
    common.main()
