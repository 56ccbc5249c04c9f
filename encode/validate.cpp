#include "encode/validate.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <tuple>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"
#include "encode/pairs.hpp"
#include "encode/presets.hpp"

namespace troupe {

namespace {

using words = std::vector<std::string_view>;

/// PATH_MAX; no other text of a job is longer either.
constexpr size_t most_bytes = 4096;

constexpr uint32_t largest_side = 16384;
constexpr uint32_t smallest_rendition = 16;
constexpr size_t most_renditions = 16;
constexpr uint32_t most_threads = 256;
constexpr double highest_fps = 1000;
constexpr double lowest_fps = 0.01;
constexpr int64_t least_bit_rate = 1'000;
constexpr int64_t most_bit_rate = 10'000'000'000;
constexpr int64_t least_audio_bit_rate = 4'000;
constexpr int64_t most_audio_bit_rate = 10'000'000;
constexpr double longest_wait_s = 30.0 * 24 * 3600;
constexpr double longest_segment_s = 24.0 * 3600;

failure usage(std::string subject, std::string cause, std::string advice) {
  return {ec::usage, std::move(subject), std::move(cause), std::move(advice)};
}

outcome<void> check_text(const char* subject, const std::string& text) {
  if (text.size() > most_bytes)
    return usage(subject, "it is longer than 4096 bytes", "shorten it");
  if (text.find('\0') != std::string::npos)
    return usage(subject, "it has a NUL byte in it", "take that out");
  return {};
}

outcome<void> check_texts(const job_spec& spec) {
  const auto& what = spec.what;
  const std::pair<const char*, const std::string*> texts[] = {
      {"name", &spec.name},
      {"input", &spec.input},
      {"output", &spec.output},
      {"--preset", &what.preset},
      {"--codec", &what.codec},
      {"--encoder", &what.encoder},
      {"--speed", &what.speed},
      {"--audio-codec", &what.audio_codec},
      {"--container", &what.container},
      {"--segment", &what.segment},
  };
  for (auto [subject, text] : texts)
    if (auto fine = check_text(subject, *text); !fine)
      return fine;
  if (spec.input.empty())
    return usage("input", "none is named", "name the file to encode");
  if (spec.output.empty())
    return usage("output", "none is named", "name the file to write with -o");
  if (spec.output.ends_with('/'))
    return usage("output", "it names a folder", "name a file in it");
  return {};
}

/// @param known every word that is allowed; `word` may also be empty
outcome<void> check_word(const char* flag, const std::string& word,
                         const words& known) {
  if (word.empty() || std::ranges::find(known, word) != known.end())
    return {};
  return usage(flag, "\"" + word + "\" is unknown",
               "it takes " + listed(known, "or"));
}

template <class Range, class Name>
words unique_names(const Range& range, Name name) {
  words result;
  for (const auto& entry : range)
    if (std::ranges::find(result, entry.*name) == result.end())
      result.push_back(entry.*name);
  return result;
}

outcome<void> check_words(const job_spec& spec) {
  const auto& what = spec.what;
  auto codecs = unique_names(video_encoders(), &video_encoder::codec);
  auto audio_codecs = unique_names(audio_encoders(), &audio_encoder::codec);
  for (auto list : {&codecs, &audio_codecs})
    list->insert(list->end(), {"copy", "none"});
  const std::tuple<const char*, const std::string*, words> checks[] = {
      {"--preset", &what.preset, unique_names(presets(), &preset::name)},
      {"--codec", &what.codec, codecs},
      {"--encoder", &what.encoder,
       unique_names(video_encoders(), &video_encoder::name)},
      {"--audio-codec", &what.audio_codec, audio_codecs},
      {"--container", &what.container,
       unique_names(containers(), &container_rules::name)},
  };
  for (const auto& [flag, word, known] : checks)
    if (auto fine = check_word(flag, *word, known); !fine)
      return fine;
  return {};
}

/// True for numbers in the range, false for NaN.
bool within(double x, double low, double high) {
  return x >= low && x <= high;
}

/// Zero means "not said" and is left alone.
template <class T>
outcome<void> check_range(const char* flag, T found, T low, T high) {
  if (found == 0 || (found >= low && found <= high))
    return {};
  return usage(flag, std::to_string(found) + " is out of range",
               "it takes " + std::to_string(low) + " to "
                   + std::to_string(high));
}

outcome<void> check_numbers(const job_spec& spec) {
  const auto& what = spec.what;
  const outcome<void> checks[] = {
      check_range("--width", what.width, 1u, largest_side),
      check_range("--height", what.height, 1u, largest_side),
      check_range("--threads", what.threads, 1u, most_threads),
      check_range("--priority", spec.priority, 1u, 10u),
      check_range("--bitrate", what.bit_rate, least_bit_rate, most_bit_rate),
      check_range("--audio-bitrate", what.audio_bit_rate, least_audio_bit_rate,
                  most_audio_bit_rate),
  };
  for (const auto& fine : checks)
    if (!fine)
      return fine;
  if (what.has_crf && !std::isfinite(what.crf))
    return usage("--crf", "it is no number", "give a number");
  if (what.fps != rational{}
      && (what.fps.den <= 0
          || !within(to_double(what.fps), lowest_fps, highest_fps)))
    return usage("--fps",
                 std::to_string(what.fps.num) + "/"
                     + std::to_string(what.fps.den) + " is out of range",
                 "it takes 0.01 to 1000 frames per second");
  return {};
}

outcome<void> check_times(const job_spec& spec) {
  if (!within(spec.stall_timeout_s, 0, longest_wait_s))
    return usage("--stall-timeout", "it can't be less than 0 seconds",
                 "it takes up to 30 days");
  if (!within(spec.timeout_s, 0, longest_wait_s))
    return usage("--timeout", "it can't be less than 0 seconds",
                 "0 means none; it takes up to 30 days");
  return {};
}

outcome<void> check_segment(const job_spec& spec) {
  const auto& text = spec.what.segment;
  if (text.empty() || text == "auto" || text == "off")
    return {};
  double seconds = 0;
  auto end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, seconds);
  if (read.ec == std::errc{} && read.ptr == end && seconds > 0
      && within(seconds, 0, longest_segment_s))
    return {};
  return usage("--segment", "\"" + text + "\" is no length",
               "it takes auto, off or seconds, up to a day");
}

outcome<void> check_rendition_heights(const job_spec& spec) {
  const auto& renditions = spec.what.renditions;
  if (renditions.size() > most_renditions)
    return usage("--rendition", "there are too many", "it takes up to 16");
  for (size_t i = 0; i < renditions.size(); ++i) {
    auto height = renditions[i].height;
    if (height < smallest_rendition || height > largest_side)
      return usage("--rendition", std::to_string(height) + " is out of range",
                   "it takes 16 to 16384 lines");
    for (size_t j = 0; j < i; ++j)
      if (renditions[j] == renditions[i])
        return usage("--rendition", std::to_string(height) + " is there twice",
                     "name each once");
  }
  return {};
}

} // namespace

outcome<void> validate(const job_spec& spec) {
  for (auto check : {check_texts, check_words, check_numbers, check_times,
                     check_segment, check_rendition_heights, check_pairs})
    if (auto fine = check(spec); !fine)
      return fine;
  return {};
}

} // namespace troupe
