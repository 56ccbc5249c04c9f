#include "nodes/profile_file.hpp"

#include <cstdio>
#include <fstream>

#include "nodes/json.hpp"

namespace troupe {

namespace {

/// Of the file. A file of another one is as good as none.
constexpr int format = 1;

/// Reads what `to_json` of a capability writes; throws what json throws.
encoder_capability capability_from(const json& x) {
  encoder_capability result;
  x.at("name").get_to(result.name);
  x.at("codec").get_to(result.codec);
  x.at("kind").get_to(result.kind);
  x.at("works").get_to(result.works);
  if (!x.at("reason").is_null())
    x.at("reason").get_to(result.reason);
  x.at("max_width").get_to(result.max_width);
  x.at("max_height").get_to(result.max_height);
  x.at("pixel_formats").get_to(result.pixel_formats);
  if (!x.at("fps_1080p").is_null())
    x.at("fps_1080p").get_to(result.fps_1080p);
  return result;
}

profile profile_from(const json& x) {
  profile result;
  x.at("hostname").get_to(result.hostname);
  x.at("os").get_to(result.os);
  x.at("cpu").at("model").get_to(result.cpu.model);
  x.at("cpu").at("cores").get_to(result.cpu.cores);
  x.at("cpu").at("threads").get_to(result.cpu.threads);
  x.at("memory_bytes").get_to(result.memory_bytes);
  x.at("disk_free_bytes").get_to(result.disk_free_bytes);
  x.at("gpus").get_to(result.gpus);
  for (const auto& [name, version] : x.at("libraries").items())
    result.libraries.push_back({name, version.get<std::string>()});
  for (const auto& encoder : x.at("encoders"))
    result.encoders.push_back(capability_from(encoder));
  x.at("decoders").get_to(result.decoders);
  x.at("formats").get_to(result.formats);
  return result;
}

} // namespace

std::string profile_key(const std::string& troupe, const std::string& extent,
                        const std::vector<library_version>& libraries,
                        const cpu_info& cpu,
                        const std::vector<std::string>& gpus) {
  auto result = "troupe " + troupe + ", " + extent;
  for (const auto& x : libraries)
    result += ", " + x.name + ' ' + x.version;
  result += ", " + std::to_string(cpu.threads) + " x " + cpu.model;
  for (const auto& x : gpus)
    result += ", " + x;
  return result;
}

std::optional<profile> read_profile(const std::string& file,
                                    const std::string& key) {
  std::ifstream in{file};
  if (!in)
    return std::nullopt;
  try {
    auto kept = json::parse(in);
    if (kept.at("format") != format || kept.at("key") != key)
      return std::nullopt;
    return profile_from(kept.at("profile"));
  } catch (const json::exception&) {
    return std::nullopt; // cut short, or not ours
  }
}

outcome<void> write_profile(const std::string& file, const std::string& key,
                            const profile& what) {
  auto partial = file + ".part";
  std::ofstream out{partial, std::ios::trunc};
  out << to_text(
      json{{"format", format}, {"key", key}, {"profile", to_json(what)}});
  out.close();
  if (!out || std::rename(partial.c_str(), file.c_str()) != 0)
    return failure{ec::io_error, file, "can't be written",
                   "check the disk and rights of [node] data-dir"};
  return {};
}

} // namespace troupe
