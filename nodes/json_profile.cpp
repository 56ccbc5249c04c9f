#include "nodes/json.hpp"

namespace troupe {

namespace {

json to_json(const encoder_capability& x) {
  return {
      {"name", x.name},
      {"codec", x.codec},
      {"kind", x.kind},
      {"works", x.works},
      {"reason", x.works ? json() : json(x.reason)},
      {"max_width", x.max_width},
      {"max_height", x.max_height},
      {"pixel_formats", x.pixel_formats},
      {"fps_1080p", json_number(x.fps_1080p)},
  };
}

} // namespace

json to_json(const profile& machine) {
  auto libraries = json::object();
  for (const auto& x : machine.libraries)
    libraries[x.name] = x.version;
  auto encoders = json::array();
  for (const auto& x : machine.encoders)
    encoders.push_back(to_json(x));
  return {
      {"hostname", machine.hostname},
      {"os", machine.os},
      {"cpu",
       {{"model", machine.cpu.model},
        {"cores", machine.cpu.cores},
        {"threads", machine.cpu.threads}}},
      {"memory_bytes", machine.memory_bytes},
      {"disk_free_bytes", machine.disk_free_bytes},
      {"gpus", machine.gpus},
      {"libraries", std::move(libraries)},
      {"encoders", std::move(encoders)},
      {"decoders", machine.decoders},
      {"formats", machine.formats},
  };
}

} // namespace troupe
