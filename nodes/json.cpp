#include "nodes/json.hpp"

#include <cmath>

namespace troupe {

double json_number(double value) {
  if (!std::isfinite(value))
    return 0;
  // Beyond this doubles have no millionths.
  constexpr double exact = 1e9;
  return std::fabs(value) < exact ? std::round(value * 1e6) / 1e6 : value;
}

json to_json(const failure& error) {
  return {{"error",
           {{"code", to_string(error.code)}, {"message", to_string(error)}}}};
}

json to_json(const std::vector<tag>& tags) {
  auto result = json::object();
  for (const auto& x : tags)
    result.emplace(x.key, x.value);
  return result;
}

json to_json(const std::vector<preset>& presets) {
  auto result = json::array();
  for (const auto& x : presets) {
    json entry = {
        {"name", x.name},
        {"summary", x.summary},
        {"codec", x.codec},
        {"container", x.container},
        {"audio_bit_rate", x.audio_bit_rate},
        {"priority", x.priority},
        {"width", x.box_width},
        {"height", x.box_height},
        {"fixed_frame", x.fixed_frame},
        {"universal", x.universal},
    };
    if (!x.audio_codec.empty())
      entry["audio_codec"] = x.audio_codec;
    if (x.crf >= 0)
      entry["crf"] = json_number(x.crf);
    if (!x.speed.empty())
      entry["speed"] = x.speed;
    result.push_back(std::move(entry));
  }
  return result;
}

std::string to_line(const json& document) {
  return document.dump(-1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string to_text(const json& document) {
  return document.dump(2, ' ', false, json::error_handler_t::replace) + '\n';
}

} // namespace troupe
