#include "encode/sound_format.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "encode/containers.hpp"
#include "encode/encoders.hpp"

namespace troupe {

namespace {

using words = std::vector<std::string_view>;

/// What so many channels without a layout usually are; libav guesses the same.
constexpr std::array<std::string_view, 9> usual_layouts{
    "", "mono", "stereo", "2.1", "4.0", "5.0", "5.1", "6.1", "7.1"};

struct layout_entry {
  std::string_view name;
  uint32_t channels;
  /// Layouts that have a place for every channel of this one, nearest first.
  words wider;
};

const std::vector<layout_entry>& layouts() {
  static const std::vector<layout_entry> all{
      {"mono", 1, {"stereo"}},
      {"stereo", 2, {}},
      {"downmix", 2, {"stereo"}},
      {"2.1", 3, {"5.1"}},
      {"3.0", 3, {"5.0", "5.1"}},
      {"3.0(back)", 3, {"4.0", "5.0", "quad"}},
      {"4.0", 4, {"5.0", "6.1"}},
      {"quad", 4, {"5.0", "5.1"}},
      {"quad(side)", 4, {"quad", "5.0", "5.1"}},
      {"3.1", 4, {"5.1"}},
      {"4.1", 5, {"5.1", "6.1"}},
      {"5.0", 5, {"5.1"}},
      {"5.0(side)", 5, {"5.0", "5.1"}},
      {"5.1", 6, {"7.1"}},
      {"5.1(side)", 6, {"5.1", "7.1"}},
      {"6.0", 6, {"6.1", "7.1"}},
      {"6.0(front)", 6, {"7.1"}},
      {"hexagonal", 6, {"6.1", "7.1"}},
      {"6.1", 7, {"7.1"}},
      {"6.1(back)", 7, {"6.1", "7.1"}},
      {"6.1(front)", 7, {"7.1"}},
      {"7.0", 7, {"7.1"}},
      {"7.0(front)", 7, {"7.1"}},
      {"7.1", 8, {}},
      {"7.1(wide)", 8, {"7.1"}},
      {"7.1(wide-side)", 8, {"7.1"}},
      {"octagonal", 8, {"7.1"}},
  };
  return all;
}

const layout_entry* find_layout(std::string_view name) {
  auto found = std::ranges::find(layouts(), name, &layout_entry::name);
  return found == layouts().end() ? nullptr : &*found;
}

uint32_t channels_of(std::string_view layout, uint32_t otherwise) {
  auto entry = find_layout(layout);
  return entry ? entry->channels : otherwise;
}

/// The stream's layout by name; "" when nobody knows where its channels belong.
std::string layout_of(const stream_info& stream) {
  const auto& name = stream.channel_layout;
  if (!name.empty() && !name.ends_with(" channels"))
    return name;
  return stream.channels < usual_layouts.size()
             ? std::string{usual_layouts[stream.channels]}
             : "";
}

/// The encoder's layout with the most channels that aren't more than these.
std::string widest_layout(const audio_encoder& encoder, uint32_t channels) {
  std::string_view best = "stereo";
  for (auto name : encoder.channel_layouts)
    if (auto count = channels_of(name, 0);
        count <= channels && count >= channels_of(best, 0))
      best = name;
  return std::string{best};
}

std::string nearest_layout(const audio_encoder& encoder,
                           const std::string& layout, uint32_t channels) {
  if (encoder.channel_layouts.empty() || holds(encoder.channel_layouts, layout))
    return layout;
  if (auto entry = find_layout(layout))
    for (auto name : entry->wider)
      if (holds(encoder.channel_layouts, name))
        return std::string{name};
  return widest_layout(encoder, channels);
}

uint32_t nearest_rate(const audio_encoder& encoder, uint32_t rate) {
  const auto& rates = encoder.sample_rates; // rising
  if (rates.empty())
    return rate;
  auto above = std::ranges::lower_bound(rates, rate);
  return above == rates.end() ? rates.back() : *above;
}

/// What speech needs at 8 kHz is less than music at 48.
double share_of_rate(uint32_t sample_rate) {
  return std::clamp(sample_rate / 44100.0, 0.25, 1.0);
}

int64_t bit_rate_of(const audio_encoder& encoder, uint32_t sample_rate,
                    uint32_t channels, int64_t asked, int64_t preset_rate) {
  if (encoder.lossless)
    return 0;
  auto per_channel = preset_rate > 0
                         ? static_cast<double>(preset_rate) / 2
                         : static_cast<double>(encoder.bit_rate_per_channel);
  auto wanted = asked > 0 ? static_cast<double>(asked)
                          : per_channel * channels * share_of_rate(sample_rate);
  auto samples = static_cast<double>(sample_rate) * channels;
  if (encoder.max_bits_per_sample > 0)
    wanted = std::min(wanted, encoder.max_bits_per_sample * samples);
  wanted = std::max(wanted, encoder.min_bits_per_sample * samples);
  return std::llround(wanted);
}

/// PCM and FLAC keep 16 bits as 16 bits; what came out of a lossy codec (0)
/// has no depth of its own.
void fit_depth(audio_encode& result, const stream_info& stream) {
  auto bits = stream.bits_per_sample;
  if (result.encoder == "pcm_s24le" && bits > 0 && bits <= 16) {
    result.encoder = "pcm_s16le";
    result.sample_format = "s16";
  } else if (result.encoder == "flac" && bits > 16) {
    result.sample_format = "s32";
  }
}

} // namespace

outcome<audio_encode> sound_format(const stream_info& stream,
                                   std::string_view codec,
                                   int64_t asked_bit_rate,
                                   int64_t preset_bit_rate, notes& told) {
  auto encoder = find_audio_encoder(codec);
  if (!encoder)
    return failure{ec::internal, std::string{codec}, "has no encoder of ours",
                   "report this"};
  auto layout = layout_of(stream);
  if (layout.empty())
    return failure{ec::impossible_job, describe(stream),
                   "its " + std::to_string(stream.channels)
                       + " channels don't say where they belong",
                   "copy it into mkv or mov"};
  audio_encode result;
  result.encoder = encoder->name;
  result.sample_format = encoder->sample_format;
  result.sample_rate = nearest_rate(*encoder, stream.sample_rate);
  result.channel_layout = nearest_layout(*encoder, layout, stream.channels);
  auto channels = channels_of(result.channel_layout, stream.channels);
  if (channels < stream.channels)
    told.warn(describe(stream) + ": " + layout + " is mixed down to "
              + result.channel_layout + ", the most that "
              + std::string{encoder->name} + " codes");
  result.bit_rate = bit_rate_of(*encoder, result.sample_rate, channels,
                                asked_bit_rate, preset_bit_rate);
  if (asked_bit_rate > 0 && result.bit_rate != asked_bit_rate)
    told.warn(describe(stream) + ": --audio-bitrate "
              + std::to_string(asked_bit_rate) + " made "
              + std::to_string(result.bit_rate) + ", the nearest that "
              + std::string{encoder->name} + " keeps at "
              + std::to_string(result.sample_rate) + " Hz");
  fit_depth(result, stream);
  return result;
}

} // namespace troupe
