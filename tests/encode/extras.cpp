#define CAF_SUITE extras

#include "encode/extras.hpp"

#include <caf/test/unit_test.hpp>

#include "tests/encode/media_builder.hpp"

using namespace troupe;
using namespace troupe::test;

namespace {

/// "copy", "attach", "dropped" or the encoder, for the stream beside a picture.
std::string fate(const std::string& output, const stream_info& stream,
                 encode_plan* whole = nullptr) {
  auto made = plan(job_to(output), {video_stream(), stream});
  if (!made)
    return to_string(made.error());
  if (whole)
    *whole = *made;
  auto found = planned(made->outputs.front(), 1);
  if (!found)
    return "dropped";
  return found->action == stream_action::copy     ? "copy"
         : found->action == stream_action::attach ? "attach"
                                                  : found->subtitle_encoder;
}

stream_info timecode_stream() {
  stream_info result;
  result.kind = stream_kind::data;
  result.codec = "none";
  result.tags = {{"timecode", "01:00:00:00"}};
  return result;
}

} // namespace

CAF_TEST(subtitles are copied where the container holds them) {
  CAF_CHECK_EQUAL(fate("a.mp4", subtitle_stream("mov_text")), "copy");
  CAF_CHECK_EQUAL(fate("a.mkv", subtitle_stream("ass")), "copy");
  CAF_CHECK_EQUAL(fate("a.mkv", subtitle_stream("subrip")), "copy");
  CAF_CHECK_EQUAL(fate("a.mkv", subtitle_stream("hdmv_pgs_subtitle", true)),
                  "copy");
  CAF_CHECK_EQUAL(fate("a.webm", subtitle_stream("webvtt")), "copy");
  CAF_CHECK_EQUAL(fate("a.ts", subtitle_stream("dvb_subtitle", true)), "copy");
}

CAF_TEST(text becomes what the container holds) {
  CAF_CHECK_EQUAL(fate("a.mp4", subtitle_stream("subrip")), "mov_text");
  CAF_CHECK_EQUAL(fate("a.mov", subtitle_stream("webvtt")), "mov_text");
  CAF_CHECK_EQUAL(fate("a.mkv", subtitle_stream("mov_text")), "subrip");
  CAF_CHECK_EQUAL(fate("a.webm", subtitle_stream("subrip")), "webvtt");
}

CAF_TEST(styles that are lost are listed) {
  encode_plan whole;
  CAF_CHECK_EQUAL(fate("a.mp4", subtitle_stream("ass"), &whole), "mov_text");
  CAF_CHECK(has_line(whole.dropped, "styles of subtitle stream 1 (ass)"));
  fate("a.mkv", subtitle_stream("ass"), &whole);
  CAF_CHECK(whole.dropped.empty());
}

CAF_TEST(subtitles that go nowhere are listed with the reason) {
  auto stream = subtitle_stream("hdmv_pgs_subtitle", true);
  stream.tags = {{"language", "deu"}};
  encode_plan whole;
  CAF_CHECK_EQUAL(fate("a.mp4", stream, &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped,
                     "subtitle stream 1 (hdmv_pgs_subtitle, deu): mp4 holds no "
                     "image-based subtitles"));
  CAF_CHECK_EQUAL(fate("a.ts", subtitle_stream("subrip"), &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "ts holds no text subtitles"));
  CAF_CHECK_EQUAL(fate("a.gif", stream, &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "gif holds no subtitles"));
  CAF_CHECK_EQUAL(fate("a.mp4", subtitle_stream("dvb_teletext"), &whole),
                  "dropped");
  CAF_CHECK(has_line(whole.dropped, "teletext"));
  auto odd = subtitle_stream("hdmv_text_subtitle");
  odd.decodable = false;
  CAF_CHECK_EQUAL(fate("a.mp4", odd, &whole), "dropped");
}

CAF_TEST(cover art goes where there is a place for it) {
  CAF_CHECK_EQUAL(fate("a.mp4", cover_stream()), "copy");
  CAF_CHECK_EQUAL(fate("a.mkv", cover_stream("png")), "attach");
  encode_plan whole;
  CAF_CHECK_EQUAL(fate("a.webm", cover_stream(), &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "cover art 1 (mjpeg): webm holds no"));
  CAF_CHECK_EQUAL(fate("a.mov", cover_stream(), &whole), "dropped");
  CAF_CHECK_EQUAL(fate("a.mp4", cover_stream("webp"), &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "JPEG and PNG"));
}

CAF_TEST(attachments go into matroska only) {
  CAF_CHECK_EQUAL(fate("a.mkv", attachment_stream()), "copy");
  encode_plan whole;
  CAF_CHECK_EQUAL(fate("a.mp4", attachment_stream(), &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "attachment 1 (font.ttf)"));
}

CAF_TEST(attachments that matroska would refuse are listed) {
  auto nameless = attachment_stream();
  nameless.file_name = "";
  CAF_CHECK_EQUAL(fate("a.mkv", nameless), "dropped");
  auto typeless = attachment_stream();
  typeless.mime_type = "";
  CAF_CHECK_EQUAL(fate("a.mkv", typeless), "copy");
  typeless.codec = "none";
  CAF_CHECK_EQUAL(fate("a.mkv", typeless), "dropped");
}

CAF_TEST(data goes nowhere but timecode is written again by mov and mp4) {
  encode_plan whole;
  CAF_CHECK_EQUAL(fate("a.mkv", timecode_stream(), &whole), "dropped");
  CAF_CHECK(has_line(whole.dropped, "timecode"));
  CAF_CHECK_EQUAL(fate("a.mov", timecode_stream(), &whole), "dropped");
  CAF_CHECK(whole.dropped.empty());
  auto data = timecode_stream();
  data.tags.clear();
  data.codec = "scte_35";
  fate("a.mov", data, &whole);
  CAF_CHECK(has_line(whole.dropped, "data stream 1 (scte_35)"));
}

CAF_TEST(covers and attachments come last) {
  auto made = plan(job_to("a.mkv"),
                   {attachment_stream(), cover_stream(),
                    subtitle_stream("subrip"), audio_stream(), video_stream()});
  CAF_REQUIRE(static_cast<bool>(made));
  std::vector<uint32_t> order;
  for (auto& stream : made->outputs.front().streams)
    order.push_back(stream.source);
  CAF_CHECK((order == std::vector<uint32_t>{4, 3, 2, 1, 0}));
}
