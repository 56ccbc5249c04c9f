#include "nodes/preset_text.hpp"

#include <spdlog/fmt/fmt.h>

#include "nodes/table.hpp"

namespace troupe {

namespace {

std::string size_text(const preset& x) {
  if (x.box_width == 0 || x.box_height == 0)
    return "as the source";
  return fmt::format("{}{}x{}", x.fixed_frame ? "" : "up to ", x.box_width,
                     x.box_height);
}

std::string audio_text(const preset& x) {
  if (x.audio_codec.empty())
    return "kept";
  if (x.audio_bit_rate == 0)
    return std::string{x.audio_codec};
  return fmt::format("{} {}k", x.audio_codec, x.audio_bit_rate / 1000);
}

} // namespace

std::string preset_text(const std::vector<preset>& presets) {
  table rows{false};
  rows.add({"preset", "codec", "container", "size", "audio", "priority",
            "what for"});
  for (const auto& x : presets)
    rows.add({std::string{x.name}, std::string{x.codec},
              std::string{x.container}, size_text(x), audio_text(x),
              std::to_string(x.priority), std::string{x.summary}});
  return rows.text();
}

} // namespace troupe
