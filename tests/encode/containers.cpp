#define CAF_SUITE containers

#include "encode/containers.hpp"

#include <set>

#include <caf/test/unit_test.hpp>

#include "encode/encoders.hpp"

using namespace troupe;

namespace {

std::string name_for(std::string_view path) {
  auto rules = container_of_path(path);
  return rules ? std::string{rules->name} : "";
}

} // namespace

CAF_TEST(a path names its container by its extension in any case) {
  CAF_CHECK_EQUAL(name_for("a.mp4"), "mp4");
  CAF_CHECK_EQUAL(name_for("/films/A.B.MKV"), "mkv");
  CAF_CHECK_EQUAL(name_for("a.M4V"), "mp4");
  CAF_CHECK_EQUAL(name_for("a.m2ts"), "ts");
  CAF_CHECK_EQUAL(name_for("a.oga"), "ogg");
  CAF_CHECK_EQUAL(name_for("a_{height}.webm"), "webm");
}

CAF_TEST(a path without an extension of ours names none) {
  for (auto path :
       {"", "film", "a.avi", ".mp4", "/x/.mp4", "a.mp4/film", "a.mp4.", "mp4"})
    CAF_CHECK_EQUAL(name_for(path), "");
}

CAF_TEST(no two containers share a name or an extension) {
  std::set<std::string_view> seen;
  for (const auto& rules : containers()) {
    CAF_CHECK(seen.insert(rules.name).second
              || rules.extensions.front() == rules.name);
    CAF_CHECK(!rules.muxer.empty());
    CAF_CHECK(!rules.video.empty() || !rules.audio.empty());
  }
  seen.clear();
  for (const auto& rules : containers())
    for (auto extension : rules.extensions)
      CAF_CHECK(seen.insert(extension).second);
}

CAF_TEST(what a container calls for first can be encoded) {
  for (const auto& rules : containers()) {
    if (!rules.video.empty())
      CAF_CHECK(!encoders_of(rules.video.front()).empty());
    if (rules.audio.empty())
      continue;
    auto first = rules.audio.front();
    auto codec = first.starts_with("pcm_") ? "pcm" : first;
    CAF_CHECK(find_audio_encoder(codec) != nullptr);
  }
}

CAF_TEST(text subtitles are converted to what the container holds) {
  for (const auto& rules : containers())
    CAF_CHECK(rules.text_subtitles.empty()
              || holds(rules.subtitles, rules.text_subtitles));
}

CAF_TEST(pcm stands for the kinds that we encode) {
  CAF_CHECK(holds(find_container("mov")->audio, "pcm"));
  CAF_CHECK(holds(find_container("wav")->audio, "pcm"));
  CAF_CHECK(!holds(find_container("mp4")->audio, "pcm"));
}

CAF_TEST(people read where a codec goes) {
  CAF_CHECK_EQUAL(containers_with("vp9"), "mp4, mkv or webm");
  CAF_CHECK_EQUAL(containers_with("prores"), "mov or mkv");
  CAF_CHECK_EQUAL(containers_with("nonsense"), "");
  CAF_CHECK_EQUAL(listed({}, "or"), "");
  CAF_CHECK_EQUAL(listed({"a"}, "or"), "a");
  CAF_CHECK_EQUAL(listed({"a", "b"}, "and"), "a and b");
}

CAF_TEST(known traps stand in the table) {
  CAF_CHECK(!holds(find_container("mov")->video, "vp9"));
  CAF_CHECK(!holds(find_container("mov")->video, "av1"));
  CAF_CHECK(!holds(find_container("mov")->audio, "opus"));
  CAF_CHECK(!holds(find_container("mp4")->video, "prores"));
  CAF_CHECK(!holds(find_container("webm")->video, "h264"));
  CAF_CHECK(!holds(find_container("ts")->video, "mpeg4"));
  CAF_CHECK(!find_container("mov")->cover_art);
  CAF_CHECK(!find_container("mkv")->display_matrix);
}
