#include <algorithm>

#include "encode/encoders.hpp"

namespace troupe {

namespace {

using words = std::vector<std::string_view>;

// The layouts of the AAC standard's own channel configurations first; the
// others need a program config element, which libav's encoder writes.
const words aac_layouts{"mono", "stereo", "2.1", "3.0", "4.0",
                        "quad", "5.0",    "5.1", "7.1"};

// Vorbis channel mapping, family 1; Opus took it over.
const words vorbis_layouts{"mono", "stereo", "3.0", "quad",
                           "5.0",  "5.1",    "6.1", "7.1"};

const words flac_layouts{"mono",       "stereo", "3.0",       "quad",
                         "quad(side)", "5.0",    "5.0(side)", "5.1",
                         "5.1(side)",  "6.1",    "7.1"};

const words mp3_layouts{"mono", "stereo"};

} // namespace

const std::vector<audio_encoder>& audio_encoders() {
  static const std::vector<audio_encoder> all{
      {.name = "aac",
       .codec = "aac",
       .sample_format = "fltp",
       .sample_rates = {7350, 8000, 11025, 12000, 16000, 22050, 24000, 32000,
                        44100, 48000, 64000, 88200, 96000},
       .channel_layouts = aac_layouts,
       .bit_rate_per_channel = 64'000,
       .max_bits_per_sample = 6},
      // It codes at 48 kHz whatever it is given.
      {.name = "libopus",
       .codec = "opus",
       .sample_format = "flt",
       .sample_rates = {48000},
       .channel_layouts = vorbis_layouts,
       .bit_rate_per_channel = 64'000,
       .max_bits_per_sample = 5.3},
      {.name = "libmp3lame",
       .codec = "mp3",
       .sample_format = "fltp",
       .sample_rates = {8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100,
                        48000},
       .max_channels = 2,
       .channel_layouts = mp3_layouts,
       .bit_rate_per_channel = 96'000},
      {.name = "flac",
       .codec = "flac",
       .sample_format = "s16",
       .lossless = true,
       .channel_layouts = flac_layouts},
      {.name = "pcm_s24le",
       .codec = "pcm",
       .sample_format = "s32",
       .lossless = true,
       .max_channels = 64},
      {.name = "pcm_s16le",
       .codec = "pcm",
       .sample_format = "s16",
       .lossless = true,
       .max_channels = 64},
      // Above 48 kHz it knows qualities only, no bit rates.
      {.name = "libvorbis",
       .codec = "vorbis",
       .sample_format = "fltp",
       .sample_rates = {8000, 11025, 16000, 22050, 32000, 44100, 48000},
       .channel_layouts = vorbis_layouts,
       .bit_rate_per_channel = 80'000,
       .min_bits_per_sample = 1.1,
       .max_bits_per_sample = 3.6},
  };
  return all;
}

const audio_encoder* find_audio_encoder(std::string_view codec) {
  const auto& all = audio_encoders();
  auto found = std::ranges::find(all, codec, &audio_encoder::codec);
  return found == all.end() ? nullptr : &*found;
}

} // namespace troupe
