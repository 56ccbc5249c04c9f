#include "encode/quality.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "encode/containers.hpp"

namespace troupe {

namespace {

/// cd/m2; what PQ can code.
constexpr double most_luminance = 10000;

/// 21 for 21.0 and 21.5 for 21.5, whatever the locale says; 1e+29 for what no
/// scale has and no integer could hold.
std::string decimal(double x) {
  constexpr double most_digits = 1e12;
  if (std::abs(x) > most_digits) {
    std::array<char, 32> text{};
    auto end = std::to_chars(text.data(), text.data() + text.size(), x).ptr;
    return {text.data(), end};
  }
  if (x == std::floor(x))
    return std::to_string(static_cast<int64_t>(x));
  auto thousandths = std::llround(x * 1000);
  auto digits = std::to_string(std::abs(thousandths) % 1000);
  auto result = std::string{x < 0 ? "-" : ""}
                + std::to_string(std::abs(thousandths) / 1000) + "."
                + std::string(3 - digits.size(), '0') + digits;
  while (result.back() == '0')
    result.pop_back();
  return result;
}

bool takes_quality(const video_encoder& encoder, double quality) {
  return std::isfinite(quality) && !encoder.quality_option.empty()
         && quality >= encoder.min_quality && quality <= encoder.max_quality
         && (!encoder.whole_quality || quality == std::floor(quality));
}

failure usage(const char* flag, std::string cause, std::string advice) {
  return {ec::usage, flag, std::move(cause), std::move(advice)};
}

failure refused_quality(const video_encoder& encoder, double quality) {
  std::string name{encoder.name};
  if (encoder.quality_option.empty())
    return usage("--crf", name + " has no such scale",
                 "leave it out, its quality is fixed");
  auto range =
      decimal(encoder.min_quality) + " to " + decimal(encoder.max_quality);
  auto whole = encoder.whole_quality ? ", whole numbers only" : "";
  auto found = std::isfinite(quality) ? decimal(quality) : "no number";
  return usage("--crf", found + " isn't on the scale of " + name,
               "it takes " + range + whole);
}

/// Frames that x265 codes at once by default on so many processors. Said in
/// numbers, because its own choice changes the bytes from machine to machine.
uint32_t x265_frame_threads(uint32_t threads) {
  return threads >= 32   ? 6
         : threads >= 16 ? 5
         : threads >= 8  ? 3
         : threads >= 4  ? 2
                         : 1;
}

std::string scaled(double x, double unit) {
  return std::to_string(std::llround(x * unit));
}

/// "G(x,y)B(x,y)R(x,y)WP(x,y)L(max,min)", each number printed by `print`.
template <class Chromaticity, class Luminance>
std::string mastering_display(const hdr_metadata& hdr, Chromaticity xy,
                              Luminance light) {
  const auto& p = hdr.primaries;
  auto point = [&](const char* name, size_t i) {
    return name + std::string{"("} + xy(p[i]) + "," + xy(p[i + 1]) + ")";
  };
  return point("G", 2) + point("B", 4) + point("R", 0) + point("WP", 6) + "L("
         + light(hdr.max_luminance) + "," + light(hdr.min_luminance) + ")";
}

/// Numbers of a file are believed as far as a display could have them.
bool has_mastering(const hdr_metadata* hdr) {
  if (!hdr || !hdr->has_mastering || hdr->primaries.size() != 8)
    return false;
  auto possible = std::ranges::all_of(
      hdr->primaries, [](double x) { return x >= 0 && x <= 1; });
  return possible && hdr->min_luminance >= 0 && hdr->max_luminance > 0
         && hdr->min_luminance < hdr->max_luminance
         && hdr->max_luminance <= most_luminance;
}

std::string light_level(const hdr_metadata& hdr) {
  return std::to_string(hdr.max_cll) + "," + std::to_string(hdr.max_fall);
}

/// Units of ST 2086 as HEVC codes them: 0.00002 and 0.0001 cd/m2.
std::string x265_params(const encoding_conditions& given) {
  // Its info SEI would put options and version into the stream.
  auto result = "pools=" + std::to_string(given.threads) + ":frame-threads="
                + std::to_string(x265_frame_threads(given.threads))
                + ":log-level=error:info=0";
  if (has_mastering(given.hdr))
    result += ":master-display="
              + mastering_display(
                  *given.hdr, [](double x) { return scaled(x, 50000); },
                  [](double x) { return scaled(x, 10000); });
  if (given.hdr && given.hdr->has_light_level)
    result += ":max-cll=" + light_level(*given.hdr);
  if (has_mastering(given.hdr) || (given.hdr && given.hdr->has_light_level))
    result += ":hdr10=1";
  return result;
}

std::string fixed(double x) {
  auto millionths = std::to_string(std::llround(x * 1e6) % 1000000);
  return std::to_string(static_cast<int64_t>(x + 5e-7)) + "."
         + std::string(6 - millionths.size(), '0') + millionths;
}

std::string svt_params(const operation& what,
                       const encoding_conditions& given) {
  // With a bit rate its output depends on the order its threads run in.
  auto result = "lp=" + std::to_string(what.bit_rate > 0 ? 1 : given.threads);
  if (has_mastering(given.hdr))
    result +=
        ":mastering-display=" + mastering_display(*given.hdr, fixed, fixed);
  if (given.hdr && given.hdr->has_light_level)
    result += ":content-light=" + light_level(*given.hdr);
  return result;
}

/// HQ for 4:2:2, 4444 where there is more chroma (and room for alpha).
std::string prores_profile(const std::string& pixel_format) {
  return pixel_format.find("444") == std::string::npos ? "3" : "4";
}

void add_quality(std::vector<option>& options, const video_encoder& encoder,
                 const operation& what) {
  if (encoder.quality_option.empty() || what.bit_rate > 0)
    return;
  auto quality = what.has_crf && takes_quality(encoder, what.crf)
                     ? what.crf
                     : encoder.default_quality;
  options.push_back({std::string{encoder.quality_option},
                     decimal(quality * encoder.quality_factor)});
  options.insert(options.end(), encoder.quality_options.begin(),
                 encoder.quality_options.end());
}

} // namespace

std::optional<failure> refuses(const video_encoder& encoder,
                               const operation& asked) {
  if (asked.has_crf && !takes_quality(encoder, asked.crf))
    return refused_quality(encoder, asked.crf);
  if (asked.bit_rate > 0 && !encoder.takes_bit_rate)
    return usage("--bitrate", std::string{encoder.name} + " keeps no bit rate",
                 "leave it out");
  if (asked.speed.empty() || holds(encoder.speeds, asked.speed))
    return std::nullopt;
  if (encoder.speeds.empty())
    return usage("--speed", std::string{encoder.name} + " has only one",
                 "leave it out");
  return usage("--speed",
               "\"" + asked.speed + "\" is no speed of "
                   + std::string{encoder.name},
               "it takes " + listed(encoder.speeds, "or"));
}

std::vector<option> encoder_options(const video_encoder& encoder,
                                    const operation& what,
                                    const encoding_conditions& given) {
  auto result = encoder.options;
  add_quality(result, encoder, what);
  if (!encoder.speed_option.empty())
    result.push_back({std::string{encoder.speed_option},
                      holds(encoder.speeds, what.speed)
                          ? what.speed
                          : std::string{encoder.default_speed}});
  if (encoder.name == "libx265")
    result.push_back({"x265-params", x265_params(given)});
  else if (encoder.name == "libsvtav1")
    result.push_back({"svtav1-params", svt_params(what, given)});
  else if (encoder.name == "prores_ks")
    result.push_back({"profile", prores_profile(given.pixel_format)});
  return result;
}

} // namespace troupe
