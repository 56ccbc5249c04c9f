"""The same input and job give the same bytes, whatever the codec."""

import common
from common import TroupeTest, clip, lavfi, media


class SameBytes(TroupeTest):

    def encode_twice(self, source, extension, *options):
        first, second = f"a.{extension}", f"b.{extension}"
        one = self.encode(source, first, *options, deadline_s=240)
        two = self.encode(source, second, *options, deadline_s=240)
        self.assertEqual(common.sha256(self.dir / first),
                         common.sha256(self.dir / second))
        self.assertEqual(one["result"]["sha256"], two["result"]["sha256"])

    def picture(self, codec, extension, *options):
        # Large enough for every encoder to use its threads.
        source = clip("picture.mkv", seconds=1, size="960x540")
        self.encode_twice(source, extension, "--codec", codec, *options)

    def sound(self, codec, extension):
        source = media("sound.wav", *lavfi(
            "anoisesrc=duration=3:sample_rate=44100:seed=1,"
            "aformat=channel_layouts=stereo"))
        self.encode_twice(source, extension, "--audio-codec", codec)

    def test_h264(self):
        self.picture("h264", "mp4")

    def test_h264_with_a_bitrate(self):
        self.picture("h264", "mkv", "--bitrate", "1M")

    def test_h264_with_another_number_of_threads(self):
        self.picture("h264", "mp4", "--threads", "3")

    def test_hevc(self):
        self.picture("hevc", "mp4")

    def test_vp9(self):
        self.picture("vp9", "webm")

    def test_av1(self):
        self.picture("av1", "mp4")

    def test_prores(self):
        self.picture("prores", "mov")

    def test_gif(self):
        self.picture("gif", "gif", "--width", "240")

    def test_transport_stream(self):
        self.picture("h264", "ts")

    def test_aac(self):
        self.sound("aac", "m4a")

    def test_opus(self):
        self.sound("opus", "webm")

    def test_mp3(self):
        self.sound("mp3", "mp3")

    def test_flac(self):
        self.sound("flac", "flac")

    def test_pcm(self):
        self.sound("pcm", "wav")

    def test_vorbis(self):
        self.sound("vorbis", "ogg")


if __name__ == "__main__":
    common.main()
