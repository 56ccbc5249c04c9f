#include "nodes/probe_text.hpp"

#include <spdlog/fmt/fmt.h>

#include "nodes/readable.hpp"
#include "nodes/table.hpp"

namespace troupe {

namespace {

std::string cpu_text(const cpu_info& cpu) {
  return fmt::format("{}, {} core{}, {} thread{} to use", cpu.model, cpu.cores,
                     cpu.cores == 1 ? "" : "s", cpu.threads,
                     cpu.threads == 1 ? "" : "s");
}

std::string libraries_text(const profile& machine) {
  std::string result;
  for (const auto& x : machine.libraries)
    result += (result.empty() ? "" : ", ") + x.name + ' ' + x.version;
  return result;
}

std::vector<std::string> row_of(const encoder_capability& x) {
  if (!x.works)
    return {x.name, x.codec, x.kind, "no", "", "", x.reason};
  auto size = x.max_width == 0
                  ? std::string{}
                  : fmt::format("{}x{}", x.max_width, x.max_height);
  auto fps =
      x.fps_1080p > 0 ? fmt::format("{:.1f}", x.fps_1080p) : std::string{};
  return {x.name, x.codec, x.kind, "yes", size, fps, ""};
}

} // namespace

std::string probe_text(const profile& machine, bool utf8) {
  table about{utf8};
  about.add({"machine", machine.hostname + ", " + machine.os});
  about.add({"processor", cpu_text(machine.cpu)});
  about.add({"memory", readable_size(machine.memory_bytes)});
  about.add({"disk", readable_size(machine.disk_free_bytes) + " free here"});
  for (const auto& gpu : machine.gpus)
    about.add({"gpu", gpu});
  about.add({"libraries", libraries_text(machine)});
  table encoders{utf8};
  encoders.add({"encoder", "codec", "kind", "works", "up to", "fps at 1080p",
                "why not"});
  for (const auto& x : machine.encoders)
    encoders.add(row_of(x));
  return about.text() + '\n' + encoders.text();
}

} // namespace troupe
