#include "nodes/job_options.hpp"

#include <utility>

#include "config/quantities.hpp"

namespace troupe {

namespace {

void add_output_options(CLI::App& verb, job_options& to) {
  auto group = "Output";
  verb.add_option("-o,--output", to.output,
                  "File to make; {height} stands for a rendition's height")
      ->group(group)
      ->type_name("FILE");
  verb.add_flag("--replace", to.replace,
                "An existing output may be replaced, once the new one is "
                "verified")
      ->group(group);
  verb.add_option("--preset", to.preset,
                  "Set of defaults, see `troupe encode --list-presets`; every "
                  "other option overrides it")
      ->group(group)
      ->type_name("NAME");
  verb.add_option("--container", to.container,
                  "mp4, mov, mkv, webm, ts, ...; else the output's extension "
                  "says")
      ->group(group)
      ->type_name("NAME");
  verb.add_option("--rendition", to.renditions,
                  "Makes one output of this height (1080p); may be repeated, "
                  "all come from one decode")
      ->group(group)
      ->type_name("HEIGHT")
      ->allow_extra_args(false);
}

void add_video_options(CLI::App& verb, job_options& to) {
  auto group = "Picture";
  verb.add_option("--codec", to.codec,
                  "h264, hevc, vp9, av1, prores, gif, copy or none")
      ->group(group)
      ->type_name("CODEC");
  verb.add_option("--encoder", to.encoder,
                  "An exact encoder, such as libx264; see `troupe probe`")
      ->group(group)
      ->type_name("NAME");
  verb.add_option("--crf", to.crf,
                  "Constant quality, on the encoder's own scale")
      ->group(group)
      ->type_name("NUMBER");
  verb.add_option("--bitrate", to.bit_rate, "Bits per second: 5M, 800k")
      ->group(group)
      ->type_name("RATE");
  verb.add_option("--speed", to.speed,
                  "The encoder's own preset: veryfast, 8, ...")
      ->group(group)
      ->type_name("WORD");
  verb.add_option("--width", to.width, "Pixels")->group(group)->type_name("N");
  verb.add_option("--height", to.height, "Pixels")
      ->group(group)
      ->type_name("N");
  verb.add_option("--fps", to.fps,
                  "Constant frame rate: 25, 23.976, 24000/1001; else the "
                  "source's own times")
      ->group(group)
      ->type_name("RATE");
}

void add_audio_options(CLI::App& verb, job_options& to) {
  auto group = "Sound";
  verb.add_option(
          "--audio-codec", to.audio_codec,
          "aac, opus, mp3, flac, pcm, vorbis, copy or none; else a copy "
          "where the container takes it")
      ->group(group)
      ->type_name("CODEC");
  verb.add_option("--audio-bitrate", to.audio_bit_rate,
                  "Bits per second of each stream: 192k")
      ->group(group)
      ->type_name("RATE");
}

void add_running_options(CLI::App& verb, job_options& to) {
  auto group = "Job";
  verb.add_option("--name", to.name, "For people; else the input's file name")
      ->group(group)
      ->type_name("TEXT");
  verb.add_option("--priority", to.priority,
                  "1 (first) to 10; else the preset says, or 5")
      ->group(group)
      ->type_name("N");
  verb.add_option("--segment", to.segment,
                  "auto, off or seconds: pieces that nodes work on")
      ->group(group)
      ->type_name("LENGTH");
  verb.add_option("--threads", to.threads,
                  "The encoder's threads; else the processors at hand")
      ->group(group)
      ->type_name("N");
  verb.add_option("--stall-timeout", to.stall_timeout,
                  "Give up when nothing moved for so long (60s)")
      ->group(group)
      ->type_name("TIME");
  verb.add_option("--timeout", to.timeout,
                  "Give up after so long; 0 is never, and the default")
      ->group(group)
      ->type_name("TIME");
}

/// Reads options until one is refused; then keeps the reason and reads no more.
class option_reader {
public:
  /// Puts what `parse` makes of the text, if there is one, into `to`.
  template <class T, class Parse>
  void read(std::string_view option, const std::optional<std::string>& text,
            T& to, Parse parse) {
    if (!text || !refused)
      return;
    if (auto value = parse(option, *text))
      to = static_cast<T>(*value);
    else
      refused = value.error();
  }

  outcome<void> refused;
};

/// Numbers from `low` to `high`.
auto count(uint64_t low, uint64_t high) {
  return [=](std::string_view option, std::string_view text) {
    return parse_count(option, text, low, high);
  };
}

constexpr uint64_t max_threads = 1024;
constexpr uint64_t max_pixels = 16384; // per side
constexpr size_t max_renditions = 16;

outcome<void> read_operation(const job_options& typed, operation& to) {
  option_reader reader;
  reader.read("--crf", typed.crf, to.crf, parse_number);
  to.has_crf = typed.crf.has_value();
  reader.read("--bitrate", typed.bit_rate, to.bit_rate, parse_bit_rate);
  reader.read("--width", typed.width, to.width, count(1, max_pixels));
  reader.read("--height", typed.height, to.height, count(1, max_pixels));
  reader.read("--fps", typed.fps, to.fps, parse_frame_rate);
  reader.read("--audio-bitrate", typed.audio_bit_rate, to.audio_bit_rate,
              parse_bit_rate);
  reader.read("--threads", typed.threads, to.threads, count(1, max_threads));
  if (reader.refused && typed.renditions.size() > max_renditions)
    return failure{ec::usage, "--rendition",
                   "was given " + std::to_string(typed.renditions.size())
                       + " times",
                   "allowed are " + std::to_string(max_renditions)};
  for (const auto& text : typed.renditions)
    reader.read("--rendition", text, to.renditions.emplace_back().height,
                parse_rendition);
  return reader.refused;
}

} // namespace

void add_job_options(CLI::App& verb, job_options& to) {
  add_output_options(verb, to);
  add_video_options(verb, to);
  add_audio_options(verb, to);
  add_running_options(verb, to);
}

job_spec sketch_job(const job_options& typed, std::string input) {
  job_spec spec;
  spec.name = typed.name;
  spec.input = std::move(input);
  spec.output = typed.output;
  spec.replace = typed.replace;
  spec.what.preset = typed.preset;
  spec.what.container = typed.container;
  spec.what.segment = typed.segment.value_or("");
  spec.what.codec = typed.codec;
  spec.what.encoder = typed.encoder;
  spec.what.speed = typed.speed;
  spec.what.audio_codec = typed.audio_codec;
  return spec;
}

outcome<job_spec> read_job(const job_options& typed, std::string input) {
  auto spec = sketch_job(typed, std::move(input));
  if (spec.output.empty())
    return failure{ec::usage, "--output", "is missing",
                   "say -o FILE, the file to make"};
  option_reader reader;
  reader.read("--priority", typed.priority, spec.priority, count(1, 10));
  reader.read("--stall-timeout", typed.stall_timeout, spec.stall_timeout_s,
              parse_patience);
  reader.read("--timeout", typed.timeout, spec.timeout_s, parse_duration);
  if (!reader.refused)
    return reader.refused.error();
  if (auto ok = read_operation(typed, spec.what); !ok)
    return ok.error();
  return spec;
}

} // namespace troupe
