#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace troupe {

/// What one encoder of this machine proved to do.
struct encoder_capability {
  std::string name;  ///< libav's name
  std::string codec; ///< our name: "h264"
  std::string kind;  ///< "software" or "hardware"
  bool works = false;
  std::string reason;      ///< why it doesn't work; "" when it does
  uint32_t max_width = 0;  ///< largest that was opened
  uint32_t max_height = 0; ///< largest that was opened
  std::vector<std::string> pixel_formats; ///< libav's names, as it lists them
  double fps_1080p =
      0; ///< frames per second at its default speed; 0: unmeasured
};

struct cpu_info {
  std::string model;
  uint32_t cores = 0;   ///< physical
  uint32_t threads = 0; ///< that this process may run on
};

struct library_version {
  std::string name;
  std::string version;
};

/// What a machine is and can do.
struct profile {
  std::string hostname;
  std::string os;
  cpu_info cpu;
  uint64_t memory_bytes = 0;
  uint64_t disk_free_bytes = 0;  ///< where the command runs or data lies
  std::vector<std::string> gpus; ///< names of the render devices found
  std::vector<library_version> libraries;
  std::vector<encoder_capability> encoders;
  std::vector<std::string> decoders; ///< libav's names
  std::vector<std::string> formats;  ///< our container names
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, encoder_capability& x) {
  return f(x.name, x.codec, x.kind, x.works, x.reason, x.max_width,
           x.max_height, x.pixel_formats, x.fps_1080p);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cpu_info& x) {
  return f(x.model, x.cores, x.threads);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, library_version& x) {
  return f(x.name, x.version);
}

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, profile& x) {
  return f(x.hostname, x.os, x.cpu, x.memory_bytes, x.disk_free_bytes, x.gpus,
           x.libraries, x.encoders, x.decoders, x.formats);
}

} // namespace troupe
